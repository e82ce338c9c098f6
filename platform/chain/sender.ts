/** Brings what is pending to the chain and writes down where it ended. */
import { AppError, type Hex } from '@zhenmei/kernel';
import type { Kysely, Selectable } from 'kysely';
import { BaseError, parseTransaction } from 'viem';
import { revertReason } from './client.ts';
import { DEFAULT_GAS, type NonceLine, reach } from './nonce-line.ts';
import type { ChainDatabase } from './schema.ts';

type Row = Selectable<ChainDatabase['chain.outgoing']>;
interface Receipt {
  readonly status: Hex;
  readonly blockNumber: Hex;
}

/** Sent at once; a node or the sequencer sorts them by nonce. */
const TOGETHER = 50;
/** Refusals that no later try can change. */
const NEVER = /intrinsic gas|exceeds block gas limit|transaction too large|init ?code|gas limit (is )?too/i;

/** How far behind one of several nodes may be that answer at one address. */
const LAG_MS = 2_000;

export class Sender {
  private readonly db: Kysely<ChainDatabase>;
  private readonly line: NonceLine;
  /** Hashes that look as if they could never be mined, and since when (ms); not believed at once, for nodes may lag. */
  private readonly suspects = new Map<Hex, number>();

  constructor(db: Kysely<ChainDatabase>, line: NonceLine) {
    this.db = db;
    this.line = line;
  }

  /** All that is pending, in nonce order. Throws CHAIN_UNAVAILABLE if the node is away, CHAIN_JOURNAL_WRITE if it has no room. */
  async sendPending(): Promise<void> {
    let nonce = await this.line.onChain();
    // the chain may stand behind what it told us before: a restored backup, a reorganisation. The same bytes go again.
    await this.db
      .updateTable('chain.outgoing')
      .set({ state: 'pending', block: null, reason: null })
      .where('signer', '=', this.line.address)
      .where('nonce', '>=', BigInt(nonce))
      .where('state', '!=', 'pending')
      .execute();
    for (;;) {
      const rows = await this.db
        .selectFrom('chain.outgoing')
        .selectAll()
        .where('signer', '=', this.line.address)
        .where('state', '=', 'pending')
        .orderBy('nonce')
        .limit(TOGETHER)
        .execute();
      if (rows.length === 0) return;
      const answers = await Promise.all(rows.map((row) => this.offer(row)));
      const receipts = await Promise.all(rows.map((row) => this.receipt(row.hash)));
      nonce = await this.line.onChain();
      let settled = 0;
      for (const [i, row] of rows.entries())
        if (await this.conclude(row, receipts[i]!, answers[i]!, nonce)) settled++;
      if (settled === 0) return;
    }
  }

  /** @returns what the node said against it, or null. Throws CHAIN_JOURNAL_WRITE. */
  private async offer(row: Row): Promise<string | null> {
    try {
      await this.line.chain.rpc('eth_sendRawTransaction', [row.raw]);
      return null;
    } catch (error) {
      const { details, message } = error as { details?: string; message?: string };
      // the embedded ledger has no room: it stays queued, and whoever waits is told why
      if (details === 'CHAIN_JOURNAL_WRITE')
        throw new AppError(details, { reason: dataOf(error)?.reason ?? '' }, { cause: error });
      return details ?? message ?? 'refused';
    }
  }

  /** @returns true if the row is no longer what it was */
  private async conclude(
    row: Row,
    receipt: Receipt | null,
    answer: string | null,
    nonce: number,
  ): Promise<boolean> {
    if (receipt) {
      const mined = receipt.status === '0x1' && row.refusal === null;
      const reason = mined ? null : (row.refusal ?? (await this.reasonOf(row.raw)));
      await this.change(row, {
        state: mined ? 'mined' : 'reverted',
        block: BigInt(receipt.blockNumber),
        reason,
      });
      return true;
    }
    if (nonce > Number(row.nonce)) {
      const since = this.suspects.get(row.hash) ?? performance.now();
      this.suspects.set(row.hash, since);
      if (performance.now() - since < LAG_MS) return false;
      this.suspects.delete(row.hash);
      return this.renumber(row);
    }
    if (answer === null || nonce < Number(row.nonce) || !NEVER.test(answer)) return false;
    // the nonce must be used up, or nothing after it could ever be sent
    const empty = await this.line.sign(Number(row.nonce), {
      to: this.line.address,
      data: '0x',
      gas: 21_000n,
    });
    await this.change(row, { ...empty, refusal: answer.slice(0, 200) });
    return true;
  }

  /** Another transaction has used the nonce, so this one can never be mined: it is signed again with the next one. */
  private renumber(row: Row): Promise<boolean> {
    return this.db.transaction().execute(async (tx) => {
      const next = await this.line.take(tx);
      // its receipt may have come between the two questions
      if (await this.receipt(row.hash)) return true;
      const { to, data, gas } = parseTransaction(row.raw as never) as { to?: Hex; data?: Hex; gas?: bigint };
      const nonce = Math.max(next, await this.line.onChain());
      const signed = await this.line.sign(nonce, {
        to: to ?? null,
        data: data ?? '0x',
        gas: gas ?? DEFAULT_GAS,
      });
      const { numUpdatedRows } = await tx
        .updateTable('chain.outgoing')
        .set({ ...signed, nonce: BigInt(nonce) })
        .where('key', '=', row.key)
        .where('hash', '=', row.hash)
        .where('state', '=', 'pending')
        .executeTakeFirst();
      if (numUpdatedRows > 0n) await this.line.advance(tx, nonce + 1);
      return true;
    });
  }

  private async change(row: Row, to: Partial<Row>): Promise<void> {
    await this.db
      .updateTable('chain.outgoing')
      .set(to)
      .where('key', '=', row.key)
      .where('hash', '=', row.hash)
      .where('state', '=', 'pending')
      .execute();
  }

  private receipt(hash: Hex): Promise<Receipt | null> {
    return reach(() => this.line.chain.rpc('eth_getTransactionReceipt', [hash]));
  }

  /** Why it reverted, by doing it again; `reverted` if it would succeed now. */
  private async reasonOf(raw: Hex): Promise<string> {
    const { to, data, gas } = parseTransaction(raw as never) as { to?: Hex; data?: Hex; gas?: bigint };
    try {
      await this.line.chain.viem.call({
        account: this.line.address,
        ...(to ? { to } : {}),
        ...(data ? { data } : {}),
        ...(gas ? { gas } : {}),
      });
      return 'reverted';
    } catch (error) {
      return revertReason(error);
    }
  }
}

/** What the embedded ledger adds to a refusal, wherever viem has put it. */
function dataOf(error: unknown): { reason?: string } | null {
  const found = error instanceof BaseError ? error.walk((e) => typeof dataIn(e) === 'object') : error;
  return (dataIn(found) as { reason?: string } | null) ?? null;
}

const dataIn = (error: unknown): unknown => (error as { data?: unknown } | null)?.data;
