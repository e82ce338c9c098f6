/** The embedded chain's sequencer: takes transactions in, puts them into blocks, acknowledges what is in a block. */
import { AppError, type Hex } from '@zhenmei/kernel';
import { BLOCK_GAS, RpcError } from './engine.ts';
import { Ledger, type LedgerEvent } from './ledger.ts';
import type { ReadTransaction, readTransaction } from './transaction.ts';

export interface SequencerOptions {
  readonly folder: string;
  readonly chainId: number;
  /** Wei that addresses have from the beginning; only the first start of a folder looks at it. */
  readonly funded?: Readonly<Record<Hex, bigint | string>>;
  /** Seconds by which the chain's clock is ahead of the machine's (the demo can move time). */
  readonly clockOffset?: number;
  /** Blocks between two snapshots. */
  readonly snapshotEvery?: number;
  readonly report?: (what: LedgerEvent) => void;
}

interface Waiting extends ReadTransaction {
  /** Until when (ms, monotonic) it may wait for the nonces before it. */
  readonly until: number;
  readonly done: Promise<Hex>;
  resolve(hash: Hex): void;
  reject(error: unknown): void;
}

/** What comes within this time shares a block. */
const GATHER_MS = 3;
const GAP_MS = 2_000;
const MAX_WAITING = 10_000;
const MAX_BLOCK_TXS = 500;

export class Sequencer {
  private readonly ledger: Ledger;
  private readonly readTransaction: typeof readTransaction;
  private readonly waiting = new Map<Hex, Waiting>();
  private readonly watchers = new Set<(block: number) => void>();
  private ticks: { resolve(): void; reject(error: unknown): void }[] = [];
  private offset: number;
  private working: Promise<void> | null = null;
  private more = false;
  private gapTimer: NodeJS.Timeout | undefined;
  private closed = false;

  private constructor(ledger: Ledger, read: typeof readTransaction, clockOffset: number) {
    this.ledger = ledger;
    this.readTransaction = read;
    this.offset = clockOffset;
  }

  /** Throws the codes of `Ledger.open`. */
  static async open(options: SequencerOptions): Promise<Sequencer> {
    const genesis = {
      chainId: options.chainId,
      genesisTime: Math.floor(Date.now() / 1000) + (options.clockOffset ?? 0),
      funded: Object.fromEntries(
        Object.entries(options.funded ?? {}).map(([address, wei]) => [address.toLowerCase(), String(wei)]),
      ),
    };
    const { folder, snapshotEvery, report } = options;
    const opening = Ledger.open({
      folder,
      genesis,
      ...(snapshotEvery ? { snapshotEvery } : {}),
      ...(report ? { report } : {}),
    });
    // what reads transactions is large: it comes while the engine loads
    const [ledger, { readTransaction }] = await Promise.all([opening, import('./transaction.ts')]);
    return new Sequencer(ledger, readTransaction, options.clockOffset ?? 0);
  }

  get block(): number {
    return this.ledger.head.number;
  }

  get enginePid(): number | undefined {
    return this.ledger.enginePid;
  }

  /** Time of the next block if it were mined now, in seconds since the epoch. */
  now(): number {
    return Math.max(this.ledger.head.time, Math.floor(Date.now() / 1000) + this.offset);
  }

  /** Number and time of the head, and why nothing is accepted (an error's code), if so. */
  health(): {
    chainId: number;
    block: number;
    time: number;
    hash: Hex;
    waiting: number;
    failing: string | null;
  } {
    const { number, time, hash } = this.ledger.head;
    const { chainId, failing } = this.ledger;
    return { chainId, block: number, time, hash, waiting: this.waiting.size, failing };
  }

  /** Calls back after each block. @returns the unsubscribe function */
  watch(listener: (block: number) => void): () => void {
    this.watchers.add(listener);
    return () => this.watchers.delete(listener);
  }

  /** Moves the chain's clock forward; it never goes back. @param offset seconds ahead of the machine */
  setClockOffset(offset: number): void {
    this.offset = Math.max(this.offset, offset);
  }

  /** Mines a block even if nothing waits, so that time passes on chain too. Throws like `submit`. */
  async tick(): Promise<void> {
    if (this.closed) throw new AppError('CHAIN_UNAVAILABLE');
    const done = new Promise<void>((resolve, reject) => this.ticks.push({ resolve, reject }));
    this.wake();
    await done;
  }

  /**
   * Resolves once the transaction is in the journal and in a block; the same bytes may be given any number of times.
   * Throws RpcError if it is refused, CHAIN_JOURNAL_WRITE or CHAIN_UNAVAILABLE if nothing can be accepted now.
   */
  async submit(raw: Hex): Promise<Hex> {
    if (this.closed) throw new AppError('CHAIN_UNAVAILABLE');
    const read = await this.readTransaction(raw, this.ledger.chainId);
    if (read.gas > BLOCK_GAS) throw new RpcError(-32000, 'exceeds block gas limit');
    const known = this.waiting.get(read.hash);
    if (known) return known.done;
    if (this.waiting.size >= MAX_WAITING) throw new AppError('CHAIN_UNAVAILABLE');
    let settle!: Pick<Waiting, 'resolve' | 'reject'>;
    const done = new Promise<Hex>((resolve, reject) => {
      settle = { resolve, reject };
    });
    this.waiting.set(read.hash, { ...read, ...settle, done, until: performance.now() + GAP_MS });
    this.wake();
    return done;
  }

  /** A read-only request is passed on as it is. */
  pass(body: string): Promise<string> {
    return this.ledger.read((engine) => engine.pass(body));
  }

  /** Finishes the block at hand, refuses what waits, writes a snapshot. */
  async close(): Promise<void> {
    await this.leave();
    await this.ledger.close();
  }

  /** Stops at once, as a crash would; for tests and for the shutdown of a failed sequencer. */
  async kill(): Promise<void> {
    this.closed = true;
    await this.ledger.kill();
    await this.leave();
  }

  private async leave(): Promise<void> {
    this.closed = true;
    clearTimeout(this.gapTimer);
    await this.working;
    this.refuseAll(new AppError('CHAIN_UNAVAILABLE'));
  }

  private wake(): void {
    this.more = true;
    this.working ??= this.work().finally(() => {
      this.working = null;
      if (this.more && !this.closed) this.wake();
    });
  }

  private async work(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
    while (this.more && !this.closed) {
      this.more = false;
      const ticks = this.ticks;
      this.ticks = [];
      try {
        const batch = await this.nextBatch();
        if (batch.length > 0 || ticks.length > 0) await this.mine(batch);
        for (const { resolve } of ticks) resolve();
      } catch (error) {
        for (const { reject } of ticks) reject(error);
        this.refuseAll(error);
      }
    }
  }

  private refuseAll(error: unknown): void {
    for (const one of this.waiting.values()) this.settle(one, error);
    for (const { reject } of this.ticks.splice(0)) reject(error);
  }

  private settle(one: Waiting, refusal: unknown): void {
    this.waiting.delete(one.hash);
    // a refusal that nobody waits for any more is no error
    one.done.catch(() => undefined);
    if (refusal === null) one.resolve(one.hash);
    else one.reject(refusal);
  }

  /** What can be mined now, in nonce order. Those whose nonce is too high wait a moment for the ones before. */
  private async nextBatch(): Promise<Waiting[]> {
    const queue = [...this.waiting.values()].sort((a, b) => a.nonce - b.nonce);
    const nonces = new Map<Hex, number>();
    const batch: Waiting[] = [];
    let gas = 0n;
    for (const one of queue) {
      const next = nonces.get(one.from) ?? (await this.nonceOf(one.from));
      nonces.set(one.from, next);
      if (one.nonce < next) {
        this.settle(one, (await this.isMined(one.hash)) ? null : new RpcError(-32003, 'nonce too low'));
      } else if (one.nonce > next) {
        if (performance.now() >= one.until) this.settle(one, new RpcError(-32000, 'nonce gap'));
        else this.lookAgain(one.until);
      } else if (gas + one.gas > BLOCK_GAS || batch.length === MAX_BLOCK_TXS) {
        this.more = true;
      } else {
        batch.push(one);
        gas += one.gas;
        nonces.set(one.from, next + 1);
      }
    }
    return batch;
  }

  private lookAgain(at: number): void {
    clearTimeout(this.gapTimer);
    this.gapTimer = setTimeout(() => this.wake(), Math.max(1, at - performance.now()));
  }

  private async mine(batch: readonly Waiting[]): Promise<void> {
    const outcome = await this.ledger.mine(
      this.now(),
      batch.map(({ raw }) => raw),
    );
    for (const one of batch) this.settle(one, outcome.get(one.hash) ?? null);
    for (const listener of this.watchers) listener(this.block);
    await this.ledger.snapshotIfDue();
  }

  private async nonceOf(from: Hex): Promise<number> {
    return Number(
      await this.ledger.read((engine) => engine.rpc<Hex>('eth_getTransactionCount', [from, 'latest'])),
    );
  }

  private async isMined(hash: Hex): Promise<boolean> {
    return (await this.ledger.read((engine) => engine.rpc('eth_getTransactionReceipt', [hash]))) !== null;
  }
}
