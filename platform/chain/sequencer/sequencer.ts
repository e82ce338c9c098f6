/**
 * The embedded chain's sequencer: journal → fsync → mine → acknowledge. After any crash the chain is rebuilt from the
 * newest snapshot and the journal, and every replayed hash must equal the journalled one.
 */
import fs from 'node:fs';
import path from 'node:path';
import { AppError, type Hex } from '@zhenmei/kernel';
import { keccak256, parseTransaction, recoverTransactionAddress, type TransactionSerialized } from 'viem';
import { type Engine, RpcError, startEngine } from './engine.ts';
import { Journal } from './journal.ts';
import { lockFolder } from './lock.ts';
import { readSnapshots, writeSnapshot } from './snapshot.ts';

export interface SequencerOptions {
  readonly folder: string;
  readonly chainId: number;
  /** Seconds by which the chain's clock is ahead of the machine's (the demo can move time). */
  readonly clockOffset?: number;
  /** Blocks between two snapshots. */
  readonly snapshotEvery?: number;
}

interface Waiting {
  readonly raw: Hex;
  readonly hash: Hex;
  readonly from: Hex;
  readonly nonce: number;
  readonly gas: bigint;
  resolve(hash: Hex): void;
  reject(error: unknown): void;
}

const BLOCK_GAS = 90_000_000n;
const MAX_RAW = 400_000;

export class Sequencer {
  private engine!: Engine;
  private readonly journal: Journal;
  private readonly unlock: () => void;
  private readonly options: SequencerOptions;
  private waiting: Waiting[] = [];
  private head = { number: 0, time: 0 };
  private lastSnapshot = 0;
  private offset: number;
  private running: Promise<void> | null = null;
  private rebuilding: Promise<void> | null = null;
  private failure: unknown = null;
  private closed = false;
  private watchers = new Set<(block: number) => void>();

  private constructor(options: SequencerOptions, unlock: () => void) {
    this.options = options;
    this.unlock = unlock;
    this.offset = options.clockOffset ?? 0;
    this.journal = new Journal(options.folder);
  }

  /** Throws CHAIN_FOLDER_IN_USE, CHAIN_JOURNAL_DAMAGED, CHAIN_REPLAY_MISMATCH, CHAIN_ENGINE_FAILED. */
  static async open(options: SequencerOptions): Promise<Sequencer> {
    const unlock = lockFolder(options.folder);
    try {
      const sequencer = new Sequencer(options, unlock);
      await sequencer.boot();
      sequencer.journal.open();
      return sequencer;
    } catch (error) {
      unlock();
      throw error;
    }
  }

  get block(): number {
    return this.head.number;
  }

  get enginePid(): number | undefined {
    return this.engine.process.pid;
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

  /** Mines an empty block, so that time passes on chain too. */
  async tick(): Promise<void> {
    await this.running;
    this.running = this.mine([]).finally(() => {
      this.running = null;
    });
    await this.running;
  }

  /** Resolves once the transaction is in the journal and on chain. */
  async submit(raw: Hex): Promise<Hex> {
    if (this.closed || this.failure) throw new AppError('CHAIN_UNAVAILABLE', {}, { cause: this.failure });
    if (raw.length > MAX_RAW) throw new RpcError(-32000, 'transaction too large');
    const hash = keccak256(raw);
    if (await this.alive(() => this.known(hash))) return hash;
    const parsed = parseTransaction(raw as TransactionSerialized);
    if (parsed.chainId !== undefined && parsed.chainId !== this.options.chainId)
      throw new RpcError(-32000, 'invalid chain id for signer');
    const from = (
      await recoverTransactionAddress({ serializedTransaction: raw as TransactionSerialized })
    ).toLowerCase() as Hex;
    const done = new Promise<Hex>((resolve, reject) => {
      this.waiting.push({
        raw,
        hash,
        from,
        nonce: Number(parsed.nonce ?? 0),
        gas: parsed.gas ?? 0n,
        resolve,
        reject,
      });
    });
    this.wake();
    return done;
  }

  /** A read-only request is passed on as it is. */
  pass(body: string): Promise<string> {
    return this.alive(() => this.engine.pass(body));
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.running;
    if (!this.failure && this.head.number > this.lastSnapshot) await this.snapshot();
    await this.kill();
  }

  /** Stops at once, as a crash would; for tests and for the shutdown of a failed sequencer. */
  async kill(): Promise<void> {
    this.closed = true;
    await this.engine.stop();
    this.journal.close();
    this.unlock();
  }

  private wake(): void {
    if (this.running || this.closed) return;
    this.running = this.drain()
      .catch((error: unknown) => {
        this.failure = error;
        for (const one of this.waiting.splice(0)) one.reject(error);
      })
      .finally(() => {
        this.running = null;
        if (this.waiting.length > 0) this.wake();
      });
  }

  private async drain(): Promise<void> {
    // a moment, so that what comes together shares one block
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0 && !this.failure) {
      const batch = await this.nextBatch();
      if (batch.length > 0) await this.mine(batch);
    }
    if (this.failure) for (const one of this.waiting.splice(0)) one.reject(this.failure);
  }

  /** Takes what can be mined now, in nonce order; tells the rest why not. */
  private async nextBatch(): Promise<Waiting[]> {
    const queue = this.waiting.splice(0).sort((a, b) => a.nonce - b.nonce);
    const nonces = new Map<Hex, number>();
    const batch: Waiting[] = [];
    let gas = 0n;
    for (const one of queue) {
      try {
        const next = nonces.get(one.from) ?? (await this.alive(() => this.nonce(one.from)));
        if (batch.some(({ hash }) => hash === one.hash)) this.waiting.push(one);
        else if (one.nonce < next) one.reject(new RpcError(-32003, 'nonce too low'));
        else if (one.nonce > next) one.reject(new RpcError(-32000, 'nonce gap'));
        else if (one.gas > BLOCK_GAS) one.reject(new RpcError(-32000, 'exceeds block gas limit'));
        else if (gas + one.gas > BLOCK_GAS) this.waiting.push(one);
        else {
          batch.push(one);
          gas += one.gas;
          nonces.set(one.from, next + 1);
        }
      } catch (error) {
        one.reject(error);
      }
    }
    return batch;
  }

  private async mine(batch: Waiting[]): Promise<void> {
    const record = {
      n: this.head.number + 1,
      t: Math.max(this.head.time, Math.floor(Date.now() / 1000) + this.offset),
      txs: batch.map(({ raw }) => raw),
    };
    try {
      this.journal.append(record);
    } catch (error) {
      this.failure = error;
      for (const one of batch) one.reject(error);
      return;
    }
    try {
      const refused = await this.apply(record);
      for (const one of batch) {
        const reason = refused.get(one.raw);
        if (reason) one.reject(reason);
        else one.resolve(one.hash);
      }
    } catch (error) {
      // the engine died: what is journalled is durable, so rebuild, then acknowledge
      try {
        await this.recover();
        for (const one of batch) {
          if (await this.known(one.hash)) one.resolve(one.hash);
          else one.reject(error);
        }
      } catch (second) {
        this.failure = second;
        for (const one of batch) one.reject(second);
        return;
      }
    }
    for (const listener of this.watchers) listener(this.head.number);
    if (this.head.number - this.lastSnapshot >= (this.options.snapshotEvery ?? 150))
      await this.snapshot().catch(() => undefined);
  }

  private async apply(
    record: { n: number; t: number; txs: readonly Hex[] },
    expected?: Hex,
  ): Promise<Map<Hex, unknown>> {
    const refused = new Map<Hex, unknown>();
    for (const raw of record.txs) {
      try {
        await this.engine.rpc('eth_sendRawTransaction', [raw]);
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        refused.set(raw, error);
      }
    }
    await this.engine.rpc('evm_setNextBlockTimestamp', [record.t]);
    await this.engine.rpc('evm_mine');
    const block = await this.engine.rpc<{ number: Hex; hash: Hex; timestamp: Hex }>('eth_getBlockByNumber', [
      'latest',
      false,
    ]);
    if (Number(block.number) !== record.n || (expected && block.hash !== expected))
      throw new AppError('CHAIN_REPLAY_MISMATCH', { block: record.n });
    this.head = { number: record.n, time: record.t };
    if (!expected) this.journal.mined(record.n, block.hash);
    return refused;
  }

  private async known(hash: Hex): Promise<boolean> {
    return (await this.engine.rpc('eth_getTransactionReceipt', [hash])) !== null;
  }

  private async snapshot(): Promise<void> {
    const block = await this.engine.rpc<{ hash: Hex }>('eth_getBlockByNumber', ['latest', false]);
    const state = await this.engine.rpc<Hex>('anvil_dumpState');
    writeSnapshot(this.options.folder, { block: this.head.number, hash: block.hash, state });
    this.lastSnapshot = this.head.number;
    this.journal.rotate(this.head.number + 1);
  }

  private async nonce(from: Hex): Promise<number> {
    return Number(await this.engine.rpc<Hex>('eth_getTransactionCount', [from, 'latest']));
  }

  /** Does `work`; if the engine is gone, rebuilds it and tries once more. */
  private async alive<T>(work: () => Promise<T>): Promise<T> {
    try {
      await this.rebuilding;
      return await work();
    } catch (error) {
      if (error instanceof RpcError || error instanceof AppError || this.closed) throw error;
      await this.recover();
      return work();
    }
  }

  /** Rebuilds the chain in a new engine; those who come meanwhile wait for the same rebuilding. */
  private recover(): Promise<void> {
    this.rebuilding ??= (async () => {
      await this.engine.stop();
      this.journal.close();
      await this.boot();
      this.journal.open();
    })().finally(() => {
      this.rebuilding = null;
    });
    return this.rebuilding;
  }

  private async boot(): Promise<void> {
    const genesis = this.genesis();
    for (const snapshot of [...readSnapshots(this.options.folder), null]) {
      this.engine = await startEngine(genesis);
      this.head = { number: 0, time: genesis.genesisTime };
      this.lastSnapshot = 0;
      try {
        if (snapshot) await this.load(snapshot);
      } catch (error) {
        await this.engine.stop();
        if (snapshot) continue;
        throw error;
      }
      await this.replay();
      return;
    }
  }

  private async load(snapshot: { block: number; hash: Hex; state: Hex }): Promise<void> {
    await this.engine.rpc('anvil_loadState', [snapshot.state]);
    const block = await this.engine.rpc<{ number: Hex; hash: Hex; timestamp: Hex }>('eth_getBlockByNumber', [
      'latest',
      false,
    ]);
    if (Number(block.number) !== snapshot.block || block.hash !== snapshot.hash)
      throw new AppError('CHAIN_REPLAY_MISMATCH', { block: snapshot.block });
    this.head = { number: snapshot.block, time: Number(block.timestamp) };
    this.lastSnapshot = snapshot.block;
  }

  private async replay(): Promise<void> {
    try {
      for (const record of this.journal.read(this.head.number)) {
        if (record.n !== this.head.number + 1)
          throw new AppError('CHAIN_JOURNAL_DAMAGED', { file: this.options.folder, line: record.n });
        const hash = record.hash;
        if (!hash) this.journal.open();
        await this.apply(record, hash);
        if (!hash) this.journal.close();
      }
    } catch (error) {
      await this.engine.stop();
      throw error;
    }
  }

  private genesis(): { chainId: number; genesisTime: number } {
    const file = path.join(this.options.folder, 'genesis.json');
    if (!fs.existsSync(file)) {
      const made = {
        chainId: this.options.chainId,
        genesisTime: Math.floor(Date.now() / 1000) + this.offset,
      };
      fs.writeFileSync(`${file}.tmp`, JSON.stringify(made), { mode: 0o600 });
      fs.renameSync(`${file}.tmp`, file);
    }
    const known = JSON.parse(fs.readFileSync(file, 'utf8')) as { chainId: number; genesisTime: number };
    if (known.chainId !== this.options.chainId)
      throw new AppError('CHAIN_ID_WRONG', { expected: this.options.chainId, actual: known.chainId });
    return known;
  }
}
