/**
 * Durable sending: nonce, signed bytes and the caller's own rows are saved in one database transaction, so a crash
 * at any point neither loses a transaction nor sends it twice. Several processes may share a signer.
 */
import { AppError, type Hex } from '@zhenmei/kernel';
import { type Kysely, sql } from 'kysely';
import type { LocalAccount } from 'viem';
import { type ChainReader, revertReason, unreachable } from './client.ts';
import { NonceLine, type Outgoing } from './nonce-line.ts';
import type { ChainDatabase } from './schema.ts';
import { Sender } from './sender.ts';

export interface Settled {
  readonly hash: Hex;
  readonly block: number;
}

/** Longest wait for a block, in milliseconds. */
const BLOCK_WAIT_MS = 30_000;

export class Relayer {
  private readonly db: Kysely<ChainDatabase>;
  private readonly line: NonceLine;
  private readonly sender: Sender;
  private flushing: Promise<void> | null = null;
  private again = false;

  constructor(db: Kysely<unknown>, chain: ChainReader, account: LocalAccount) {
    this.db = db as Kysely<ChainDatabase>;
    this.line = new NonceLine(chain, account);
    this.sender = new Sender(this.db, this.line);
  }

  get address(): Hex {
    return this.line.address;
  }

  /** Saves the transaction inside the caller's database transaction; `flush` sends it after the commit. */
  async enqueue(transaction: unknown, outgoing: Outgoing): Promise<void> {
    const tx = transaction as Kysely<ChainDatabase>;
    if (await this.knows(outgoing.key, tx)) return;
    const nonce = await this.line.take(tx);
    const signed = await this.line.sign(nonce, outgoing);
    const inserted = await tx
      .insertInto('chain.outgoing')
      .values({
        key: outgoing.key,
        signer: this.address,
        nonce: BigInt(nonce),
        ...signed,
        state: 'pending',
        block: null,
        reason: null,
        created_at: new Date(),
      })
      .onConflict((c) => c.column('key').doNothing())
      .returning('key')
      .executeTakeFirst();
    if (inserted) await this.line.advance(tx, nonce + 1);
  }

  /**
   * Saves, sends, and waits for its block; a chain of one's own is at once, others take their seconds.
   * Throws CHAIN_REVERTED with the contract's reason, or CHAIN_UNAVAILABLE (it stays queued): at once if the node is
   * away, otherwise after `BLOCK_WAIT_MS`.
   */
  async send(outgoing: Outgoing): Promise<Settled> {
    await this.db.transaction().execute((tx) => this.enqueue(tx, outgoing));
    const end = performance.now() + BLOCK_WAIT_MS;
    for (let wait = 20; ; wait = Math.min(wait * 2, 500)) {
      const settled = (await this.ended(outgoing.key)) ?? (await this.flushed(outgoing.key));
      if (settled) return settled;
      if (performance.now() + wait > end) throw new AppError('CHAIN_UNAVAILABLE');
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  /**
   * The same after a trial on the newest block, so that what would fail is not even saved. What is on its way or done
   * would fail if it were tried now: it is found again instead, also if it was sent while the trial went on.
   * @param trial throws if it may not be sent
   */
  async attempt(outgoing: Outgoing, trial = (): Promise<void> => this.simulate(outgoing)): Promise<Settled> {
    if (!(await this.knows(outgoing.key)))
      await trial().catch(async (error) => {
        if (!(await this.knows(outgoing.key))) throw error;
      });
    return this.send(outgoing);
  }

  /** Whether it was sent under this key and changed nothing. */
  async failed(key: string): Promise<boolean> {
    const row = await this.db
      .selectFrom('chain.outgoing')
      .select('state')
      .where('key', '=', key)
      .executeTakeFirst();
    return row?.state === 'reverted';
  }

  /** Whether something was saved under this key, sent or not. */
  async knows(key: string, db: Kysely<ChainDatabase> = this.db): Promise<boolean> {
    const row = await db.selectFrom('chain.outgoing').select('key').where('key', '=', key).executeTakeFirst();
    return row !== undefined;
  }

  /** Throws CHAIN_REVERTED before anything is queued if the call would fail now, CHAIN_UNAVAILABLE if nobody can say. */
  async simulate(call: { to: Hex | null; data: Hex; from?: Hex }): Promise<void> {
    try {
      await this.line.chain.viem.call({ account: call.from ?? this.address, to: call.to, data: call.data });
    } catch (error) {
      if (unreachable(error)) throw new AppError('CHAIN_UNAVAILABLE', {}, { cause: error });
      throw new AppError('CHAIN_REVERTED', { reason: revertReason(error) }, { cause: error });
    }
  }

  /** Where a queued transaction ended, after one try to send it. Throws CHAIN_REVERTED or CHAIN_UNAVAILABLE. */
  async settled(key: string): Promise<Settled> {
    const settled = (await this.ended(key)) ?? (await this.flushed(key));
    if (!settled) throw new AppError('CHAIN_UNAVAILABLE');
    return settled;
  }

  private async flushed(key: string): Promise<Settled | null> {
    await this.flush();
    return this.ended(key);
  }

  /** Tries until it ended. @param ms longest wait. Throws CHAIN_REVERTED or CHAIN_UNAVAILABLE (it stays queued). */
  async waitFor(key: string, ms = 30_000): Promise<Settled> {
    const end = performance.now() + ms;
    for (let wait = 20; ; wait = Math.min(wait * 2, 1_000)) {
      try {
        return await this.settled(key);
      } catch (error) {
        const passing = error instanceof AppError && error.code === 'CHAIN_UNAVAILABLE';
        if (!passing || performance.now() + wait > end) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  /** Sends what is pending, in nonce order; callers share one run. Throws CHAIN_UNAVAILABLE if the node is away. */
  flush(): Promise<void> {
    if (this.flushing) {
      this.again = true;
      return this.flushing.then(() => (this.again ? this.flush() : undefined));
    }
    this.again = false;
    this.flushing = this.sender.sendPending().finally(() => {
      this.flushing = null;
    });
    return this.flushing;
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

  /** After a reorganisation: whatever ended in block `fork` or later must find its end again. */
  async recheck(fork: number): Promise<void> {
    await this.db
      .updateTable('chain.outgoing')
      .set({ state: 'pending', block: null, reason: null })
      .where('signer', '=', this.address)
      .where('block', '>=', BigInt(fork))
      .execute();
  }

  private async ended(key: string): Promise<Settled | null> {
    const row = await this.db
      .selectFrom('chain.outgoing')
      .selectAll()
      .where('key', '=', key)
      .executeTakeFirst();
    if (!row || row.state === 'pending') return null;
    if (row.state === 'reverted') throw new AppError('CHAIN_REVERTED', { reason: row.reason ?? '' });
    return { hash: row.hash, block: Number(row.block) };
  }
}
