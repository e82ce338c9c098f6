/**
 * Durable sending: nonce, signed bytes and the caller's own rows are saved in one database transaction, so a crash
 * at any point neither loses a transaction nor sends it twice.
 */
import { AppError, type Hex } from '@zhenmei/kernel';
import { type Kysely, sql } from 'kysely';
import { keccak256, type LocalAccount, parseTransaction } from 'viem';
import { type ChainReader, revertReason } from './client.ts';

export interface ChainDatabase {
  'chain.signer': { address: Hex; next_nonce: bigint };
  'chain.outgoing': {
    key: string;
    signer: Hex;
    nonce: bigint;
    raw: Hex;
    hash: Hex;
    state: 'pending' | 'mined' | 'reverted';
    block: bigint | null;
    reason: string | null;
    created_at: Date;
  };
  'chain.block': { number: bigint; hash: Hex; time: Date };
  'chain.event': {
    block: bigint;
    log_index: number;
    contract: string;
    name: string;
    args: string | Record<string, unknown>;
    tx_hash: Hex;
  };
}

export interface Outgoing {
  /** The same key is sent once, whatever happens. */
  readonly key: string;
  readonly to: Hex | null;
  readonly data: Hex;
  readonly gas?: bigint;
}

export interface Settled {
  readonly hash: Hex;
  readonly block: number;
}

const DEFAULT_GAS = 3_000_000n;

export class Relayer {
  private readonly db: Kysely<ChainDatabase>;
  private readonly chain: ChainReader;
  private readonly account: LocalAccount;
  private flushing: Promise<void> | null = null;
  private again = false;

  constructor(db: Kysely<unknown>, chain: ChainReader, account: LocalAccount) {
    this.db = db as Kysely<ChainDatabase>;
    this.chain = chain;
    this.account = account;
  }

  get address(): Hex {
    return this.account.address.toLowerCase() as Hex;
  }

  /** Saves the transaction inside the caller's database transaction; `flush` sends it after the commit. */
  async enqueue(transaction: unknown, outgoing: Outgoing): Promise<void> {
    const tx = transaction as Kysely<ChainDatabase>;
    const known = await tx
      .selectFrom('chain.outgoing')
      .select('key')
      .where('key', '=', outgoing.key)
      .executeTakeFirst();
    if (known) return;
    const start = await this.chain.viem.getTransactionCount({ address: this.address });
    await tx
      .insertInto('chain.signer')
      .values({ address: this.address, next_nonce: BigInt(start) })
      .onConflict((c) => c.doNothing())
      .execute();
    const { next_nonce } = await tx
      .selectFrom('chain.signer')
      .select('next_nonce')
      .where('address', '=', this.address)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const nonce = Number(next_nonce);
    const raw = await this.account.signTransaction({
      type: 'eip1559',
      chainId: this.chain.chainId,
      nonce,
      to: outgoing.to,
      data: outgoing.data,
      gas: outgoing.gas ?? DEFAULT_GAS,
      maxFeePerGas: 0n,
      maxPriorityFeePerGas: 0n,
    });
    const inserted = await tx
      .insertInto('chain.outgoing')
      .values({
        key: outgoing.key,
        signer: this.address,
        nonce: BigInt(nonce),
        raw,
        hash: keccak256(raw),
        state: 'pending',
        block: null,
        reason: null,
        created_at: new Date(),
      })
      .onConflict((c) => c.column('key').doNothing())
      .returning('key')
      .executeTakeFirst();
    if (inserted)
      await tx
        .updateTable('chain.signer')
        .set({ next_nonce: BigInt(nonce + 1) })
        .where('address', '=', this.address)
        .execute();
  }

  /** Saves and sends. Throws CHAIN_REVERTED with the contract's reason, or CHAIN_UNAVAILABLE (it stays queued). */
  async send(outgoing: Outgoing): Promise<Settled> {
    await this.db.transaction().execute((tx) => this.enqueue(tx, outgoing));
    return this.settled(outgoing.key);
  }

  /** Throws CHAIN_REVERTED before anything is queued if the call would fail now. */
  async simulate(call: { to: Hex; data: Hex; from?: Hex }): Promise<void> {
    try {
      await this.chain.viem.call({ account: call.from ?? this.address, to: call.to, data: call.data });
    } catch (error) {
      throw new AppError('CHAIN_REVERTED', { reason: revertReason(error) }, { cause: error });
    }
  }

  /** Where a queued transaction ended. Throws CHAIN_REVERTED or CHAIN_UNAVAILABLE. */
  async settled(key: string): Promise<Settled> {
    await this.flush();
    const row = await this.db
      .selectFrom('chain.outgoing')
      .selectAll()
      .where('key', '=', key)
      .executeTakeFirst();
    if (!row || row.state === 'pending') throw new AppError('CHAIN_UNAVAILABLE');
    if (row.state === 'reverted') throw new AppError('CHAIN_REVERTED', { reason: row.reason ?? '' });
    return { hash: row.hash, block: Number(row.block) };
  }

  /** Sends what is pending, in nonce order. Several callers share one run. */
  flush(): Promise<void> {
    if (this.flushing) {
      this.again = true;
      return this.flushing.then(() => (this.again ? this.flush() : undefined));
    }
    this.again = false;
    this.flushing = this.sendPending().finally(() => {
      this.flushing = null;
    });
    return this.flushing;
  }

  private async sendPending(): Promise<void> {
    const rows = await this.db
      .selectFrom('chain.outgoing')
      .selectAll()
      .where('signer', '=', this.address)
      .where('state', '=', 'pending')
      .orderBy('nonce')
      .limit(200)
      .execute();
    for (const row of rows) {
      try {
        await this.chain.rpc('eth_sendRawTransaction', [row.raw]);
      } catch (error) {
        // known already, or really refused: the receipt tells
        if (!(await this.receipt(row.hash))) {
          if (/nonce gap|nonce too|fetch|connect|HTTP|timed? ?out/i.test(String((error as Error).message)))
            return;
          throw new AppError('CHAIN_UNAVAILABLE', {}, { cause: error });
        }
      }
      const receipt = await this.receipt(row.hash);
      if (!receipt) return;
      const reverted = receipt.status !== '0x1';
      await this.db
        .updateTable('chain.outgoing')
        .set({
          state: reverted ? 'reverted' : 'mined',
          block: BigInt(receipt.blockNumber),
          reason: reverted ? await this.reasonOf(row.raw) : null,
        })
        .where('key', '=', row.key)
        .where('state', '=', 'pending')
        .execute();
    }
  }

  private receipt(hash: Hex): Promise<{ status: Hex; blockNumber: Hex } | null> {
    return this.chain.rpc('eth_getTransactionReceipt', [hash]);
  }

  private async reasonOf(raw: Hex): Promise<string> {
    const { to, data } = parseTransaction(raw as never) as { to?: Hex; data?: Hex };
    try {
      await this.chain.viem.call({ account: this.address, ...(to ? { to } : {}), ...(data ? { data } : {}) });
      return 'reverted';
    } catch (error) {
      return revertReason(error);
    }
  }

  /** How many are still on their way. */
  async pending(): Promise<number> {
    const { n } = await this.db
      .selectFrom('chain.outgoing')
      .select(sql<bigint>`count(*)`.as('n'))
      .where('signer', '=', this.address)
      .where('state', '=', 'pending')
      .executeTakeFirstOrThrow();
    return Number(n);
  }
}
