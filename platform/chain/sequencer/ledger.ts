/**
 * A chain that survives: the engine's memory, and on disk the journal and the snapshots it is rebuilt from. After any
 * crash every replayed hash must equal the journalled one.
 */
import { AppError, fromHex, type Hex, keccak256, toHex0x } from '@zhenmei/kernel';
import { type Engine, RpcError, startEngine } from './engine.ts';
import { type Genesis, openGenesis } from './genesis.ts';
import { type BlockRecord, Journal } from './journal.ts';
import { lockFolder } from './lock.ts';
import { isSnapshotDue, readSnapshots, type Snapshot, writeSnapshot } from './snapshot.ts';

export interface LedgerOptions {
  readonly folder: string;
  readonly genesis: Genesis;
  /** Blocks between two snapshots; 150 by default. */
  readonly snapshotEvery?: number;
  /** Told of what went wrong and was dealt with. */
  readonly report?: (what: LedgerEvent) => void;
}

export type LedgerEvent =
  | { readonly event: 'engine'; readonly pid: number | undefined }
  | {
      readonly event: 'journal-failed' | 'snapshot-failed' | 'engine-lost' | 'fatal';
      readonly reason: string;
    };

/** By transaction hash: null if it is in the block, else why not. */
export type Outcome = ReadonlyMap<Hex, RpcError | null>;

interface Head {
  readonly number: number;
  /** Seconds since the epoch. */
  readonly time: number;
  readonly hash: Hex;
}

interface EngineBlock {
  readonly number: Hex;
  readonly hash: Hex;
  readonly timestamp: Hex;
  readonly transactions: readonly Hex[];
}

export class Ledger {
  private engine!: Engine;
  private readonly journal: Journal;
  private readonly unlock: () => void;
  private readonly options: LedgerOptions;
  private readonly genesis: Genesis;
  private at: Head = { number: 0, time: 0, hash: '0x' };
  private snapshotAt = 0;
  /** Milliseconds that a start would cost now: loading the last snapshot, and replaying the blocks since. */
  private loadCost = 0;
  private replayCost = 0;
  private rebuilding: Promise<void> | null = null;
  private dead: Error | null = null;
  private closed = false;

  private constructor(options: LedgerOptions, unlock: () => void) {
    this.options = options;
    this.unlock = unlock;
    this.genesis = openGenesis(options.folder, options.genesis);
    this.journal = new Journal(options.folder);
  }

  /**
   * Throws CHAIN_FOLDER_IN_USE, CHAIN_ID_WRONG, CHAIN_JOURNAL_DAMAGED, CHAIN_REPLAY_MISMATCH, CHAIN_ENGINE_MISSING,
   * CHAIN_ENGINE_FAILED.
   */
  static async open(options: LedgerOptions): Promise<Ledger> {
    const unlock = lockFolder(options.folder);
    try {
      const ledger = new Ledger(options, unlock);
      await ledger.boot();
      return ledger;
    } catch (error) {
      unlock();
      throw error;
    }
  }

  get head(): Head {
    return this.at;
  }

  get chainId(): number {
    return this.genesis.chainId;
  }

  get enginePid(): number | undefined {
    return this.engine.process.pid;
  }

  /** Why nothing is accepted now: an error's code; null if all is well. */
  get failing(): string | null {
    if (this.journal.failing !== null) return 'CHAIN_JOURNAL_WRITE';
    return this.dead && ((this.dead as { code?: string }).code ?? 'CHAIN_ENGINE_FAILED');
  }

  /** Reads from the engine; if it is gone, waits until it is rebuilt and reads again. */
  async read<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      await this.alive();
      const engine = this.engine;
      try {
        return await work(engine);
      } catch (error) {
        if (error instanceof RpcError || attempt >= 3) throw error;
        await this.lost(engine, error);
      }
    }
  }

  /**
   * One block: journal, fsync, mine. Not for two callers at once.
   * @param time seconds since the epoch; never before the head's
   * Throws CHAIN_JOURNAL_WRITE (nothing happened), or what made the ledger stop.
   */
  async mine(time: number, txs: readonly Hex[]): Promise<Outcome> {
    await this.alive();
    const engine = this.engine;
    const record = { n: this.at.number + 1, t: Math.max(this.at.time, time), txs };
    try {
      this.journal.append(record);
    } catch (error) {
      this.options.report?.({ event: 'journal-failed', reason: this.journal.failing ?? '' });
      throw error;
    }
    let refused = new Map<Hex, RpcError>();
    try {
      refused = await this.apply(engine, record);
    } catch (error) {
      // what is journalled is durable: the rebuilt chain has the block
      await this.lost(engine, error);
    }
    const block = await this.read((now) => blockAt(now, record.n));
    const included = new Set(block.transactions);
    return new Map(
      txs.map((raw) => {
        const hash = hashOf(raw);
        return [
          hash,
          included.has(hash) ? null : (refused.get(hash) ?? new RpcError(-32000, 'not executable')),
        ];
      }),
    );
  }

  /** Writes a snapshot if the tail has grown long. A failure costs only time at the next start. */
  async snapshotIfDue(): Promise<void> {
    const blocks = this.at.number - this.snapshotAt;
    if (blocks >= (this.options.snapshotEvery ?? 150) || isSnapshotDue(this.loadCost, this.replayCost))
      await this.snapshot();
  }

  /** Clean stop, with a snapshot. Mining must have ended. */
  async close(): Promise<void> {
    await this.rebuilding?.catch(() => undefined);
    if (!this.dead && this.at.number > this.snapshotAt) await this.snapshot();
    await this.kill();
  }

  /** Stops at once, as a crash would. */
  async kill(): Promise<void> {
    this.closed = true;
    await this.engine.stop();
    this.journal.close();
    this.unlock();
  }

  private async alive(): Promise<void> {
    while (this.rebuilding) await this.rebuilding;
    if (this.dead) throw this.dead;
    if (this.closed) throw new AppError('CHAIN_UNAVAILABLE');
  }

  /** Rebuilds the chain in a new engine; whoever comes meanwhile waits for the same rebuilding. */
  private async lost(engine: Engine, cause: unknown): Promise<void> {
    if (this.closed) throw new AppError('CHAIN_UNAVAILABLE', {}, { cause });
    if (engine === this.engine && !this.rebuilding) {
      this.options.report?.({ event: 'engine-lost', reason: String((cause as Error)?.message ?? cause) });
      this.rebuilding = engine
        .stop()
        .then(() => this.rebuild())
        .finally(() => {
          this.rebuilding = null;
        });
    }
    await this.alive();
  }

  /** The engine may die again meanwhile: that is tried again. What the journal refuses is not. */
  private async rebuild(): Promise<void> {
    for (let attempt = 1; !this.closed; attempt++) {
      try {
        return await this.boot();
      } catch (error) {
        if (attempt < 5 && !(error instanceof AppError)) continue;
        this.dead = error instanceof Error ? error : new Error(String(error));
        this.options.report?.({ event: 'fatal', reason: String((error as Error)?.message ?? error) });
        return;
      }
    }
  }

  private async boot(): Promise<void> {
    for (const snapshot of (function* (folder) {
      yield* readSnapshots(folder);
      yield null;
    })(this.options.folder)) {
      const engine = await startEngine(this.genesis);
      this.engine = engine;
      try {
        if (!(await this.restore(engine, snapshot))) {
          await engine.stop();
          continue;
        }
        await this.replay(engine);
      } catch (error) {
        await engine.stop();
        throw error;
      }
      this.options.report?.({ event: 'engine', pid: engine.process.pid });
      void engine.exited.then(() => {
        if (!this.closed) return this.lost(engine, new Error('the engine stopped')).catch(() => undefined);
      });
      return;
    }
  }

  /** @returns false if the engine does not make the same block of it */
  private async restore(engine: Engine, snapshot: Snapshot | null): Promise<boolean> {
    const began = performance.now();
    if (snapshot) {
      try {
        await engine.rpc('anvil_loadState', [snapshot.state]);
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        return false;
      }
    } else
      for (const [address, wei] of Object.entries(this.genesis.funded ?? {}))
        await engine.rpc('anvil_setBalance', [address, `0x${BigInt(wei).toString(16)}`]);
    const block = await blockAt(engine, 'latest');
    if (snapshot && block.hash !== snapshot.hash) return false;
    this.at = headOf(block);
    this.snapshotAt = this.at.number;
    this.loadCost = performance.now() - began;
    this.replayCost = 0;
    return true;
  }

  private async replay(engine: Engine): Promise<void> {
    const records = this.journal.read(this.at.number);
    this.journal.open();
    for (const record of records) {
      if (record.n !== this.at.number + 1)
        throw new AppError('CHAIN_JOURNAL_DAMAGED', { file: this.options.folder, line: record.n });
      await this.apply(engine, record);
    }
  }

  private async apply(engine: Engine, record: BlockRecord): Promise<Map<Hex, RpcError>> {
    const began = performance.now();
    const refused = new Map<Hex, RpcError>();
    // one after the other: their order in the pool decides their order in the block
    for (const raw of record.txs) {
      try {
        await engine.rpc('eth_sendRawTransaction', [raw]);
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        refused.set(hashOf(raw), error);
      }
    }
    await engine.rpc('evm_setNextBlockTimestamp', [record.t]);
    await engine.rpc('evm_mine');
    const block = await blockAt(engine, 'latest');
    const wrong = Number(block.number) !== record.n || Number(block.timestamp) !== record.t;
    if (wrong || (record.hash && block.hash !== record.hash))
      throw new AppError('CHAIN_REPLAY_MISMATCH', { block: record.n });
    // what could not be executed must not wait in the pool: it was refused, and no journal would know of it
    if (block.transactions.length < record.txs.length) await engine.rpc('anvil_dropAllTransactions');
    this.at = headOf(block);
    this.replayCost += performance.now() - began;
    if (!record.hash) this.remember(record.n, block.hash);
    return refused;
  }

  /** The block is durable without its hash; whether the journal still works is for the next block to find out. */
  private remember(n: number, hash: Hex): void {
    try {
      this.journal.mined(n, hash);
    } catch {
      this.options.report?.({ event: 'journal-failed', reason: this.journal.failing ?? '' });
    }
  }

  private async snapshot(): Promise<void> {
    const before = this.at;
    this.snapshotAt = before.number;
    this.replayCost = 0;
    try {
      if (this.journal.failing !== null) return;
      const began = performance.now();
      const state = await this.engine.rpc<Hex>('anvil_dumpState');
      // loading takes the engine as long as dumping, up to twice as long
      this.loadCost = 2 * (performance.now() - began);
      writeSnapshot(this.options.folder, { block: before.number, hash: before.hash, state });
      this.journal.rotate(before.number + 1);
    } catch (error) {
      this.options.report?.({ event: 'snapshot-failed', reason: String((error as Error)?.message ?? error) });
    }
  }
}

const hashOf = (raw: Hex): Hex => toHex0x(keccak256(fromHex(raw)));

async function blockAt(engine: Engine, number: number | 'latest'): Promise<EngineBlock> {
  const tag = number === 'latest' ? number : `0x${number.toString(16)}`;
  const block = await engine.rpc<EngineBlock | null>('eth_getBlockByNumber', [tag, false]);
  if (!block) throw new AppError('CHAIN_REPLAY_MISMATCH', { block: Number(number) });
  return block;
}

function headOf(block: EngineBlock): Head {
  return { number: Number(block.number), time: Number(block.timestamp), hash: block.hash };
}
