/**
 * Thin indexer: logs → decoded events → projections, one database transaction a chunk. Blocks are chained by hash;
 * after a reorganisation the events above the fork are dropped and the projections are built again from what stays.
 */
import type { Hex } from '@zhenmei/kernel';
import { type Kysely, sql } from 'kysely';
import { type Abi, type AbiEvent, decodeEventLog, toEventSelector } from 'viem';
import type { ChainReader } from './client.ts';
import type { ChainDatabase } from './relayer.ts';

export interface IndexedEvent {
  readonly contract: string;
  readonly name: string;
  /** bigint as decimal text, so that a stored event and a fresh one are the same. */
  readonly args: Readonly<Record<string, string | number | boolean>>;
  readonly block: number;
  readonly logIndex: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly txHash: Hex;
}

/** A table set that is a pure function of the events. */
export interface Projection {
  readonly name: string;
  reset(tx: unknown): Promise<void>;
  apply(tx: unknown, event: IndexedEvent): Promise<void>;
}

/** Reacts to an event once, in the same transaction; never undone. */
export type Listener = (tx: unknown, event: IndexedEvent) => Promise<void>;

export interface IndexerOptions {
  readonly db: Kysely<unknown>;
  readonly chain: ChainReader;
  readonly contracts: Readonly<Record<string, { address: Hex; abi: Abi }>>;
  readonly projections: readonly Projection[];
  readonly listeners?: readonly Listener[];
  /** Blocks to wait before listeners hear of an event; 0 on the embedded chain, which never reorganises. */
  readonly confirmations?: number;
}

interface RawLog {
  address: Hex;
  topics: [Hex, ...Hex[]];
  data: Hex;
  blockNumber: Hex;
  blockHash: Hex;
  logIndex: Hex;
  transactionHash: Hex;
}

const MAX_RANGE = 2_000;

export class Indexer {
  private readonly db: Kysely<ChainDatabase>;
  private readonly options: IndexerOptions;
  private readonly byAddress: Map<string, { name: string; abi: Abi; events: Map<string, AbiEvent> }>;
  private range = MAX_RANGE;
  private running: Promise<number> | null = null;

  constructor(options: IndexerOptions) {
    this.options = options;
    this.db = options.db as Kysely<ChainDatabase>;
    this.byAddress = new Map(
      Object.entries(options.contracts).map(([name, { address, abi }]) => {
        const events = new Map(
          (abi.filter((item) => item.type === 'event') as AbiEvent[]).map((event) => [
            toEventSelector(event),
            event,
          ]),
        );
        return [address.toLowerCase(), { name, abi, events }];
      }),
    );
  }

  /** Follows the chain to its head. @returns the block reached */
  catchUp(): Promise<number> {
    this.running ??= this.follow().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  async cursor(): Promise<number> {
    const row = await this.db
      .selectFrom('chain.block')
      .select(sql<string | null>`max(number)`.as('n'))
      .executeTakeFirst();
    return Number(row?.n ?? 0);
  }

  /** Builds every projection again from the stored events. */
  async rebuild(): Promise<void> {
    await this.db.transaction().execute(async (tx) => this.replay(tx));
  }

  private async follow(): Promise<number> {
    await this.dropFork();
    const { number: head } = await this.options.chain.head();
    const until = head - (this.options.confirmations ?? 0);
    let from = (await this.cursor()) + 1;
    while (from <= until) {
      const to = Math.min(until, from + this.range - 1);
      const logs = await this.logs(from, to).catch((error: unknown) => {
        if (this.range === 1) throw error;
        this.range = Math.max(1, Math.floor(this.range / 4));
        return null;
      });
      if (!logs) continue;
      this.range = Math.min(MAX_RANGE, this.range * 2);
      await this.store(logs, to);
      from = to + 1;
    }
    return until;
  }

  private logs(from: number, to: number): Promise<RawLog[]> {
    return this.options.chain.rpc('eth_getLogs', [
      {
        fromBlock: `0x${from.toString(16)}`,
        toBlock: `0x${to.toString(16)}`,
        address: [...this.byAddress.keys()],
      },
    ]);
  }

  private async store(logs: RawLog[], to: number): Promise<void> {
    const numbers = new Set([...logs.map(({ blockNumber }) => Number(blockNumber)), to]);
    const blocks = new Map<number, { hash: Hex; time: number }>();
    for (const number of numbers) {
      const block = await this.options.chain.rpc<{ hash: Hex; timestamp: Hex }>('eth_getBlockByNumber', [
        `0x${number.toString(16)}`,
        false,
      ]);
      blocks.set(number, { hash: block.hash, time: Number(block.timestamp) * 1000 });
    }
    const events = logs.flatMap((log) => this.decode(log, blocks.get(Number(log.blockNumber))!.time));
    await this.db.transaction().execute(async (tx) => {
      for (const [number, { hash, time }] of [...blocks].sort((a, b) => a[0] - b[0]))
        await tx
          .insertInto('chain.block')
          .values({ number: BigInt(number), hash, time: new Date(time) })
          .onConflict((c) => c.doNothing())
          .execute();
      for (const event of events) {
        const stored = await tx
          .insertInto('chain.event')
          .values({
            block: BigInt(event.block),
            log_index: event.logIndex,
            contract: event.contract,
            name: event.name,
            args: JSON.stringify(event.args),
            tx_hash: event.txHash,
          })
          .onConflict((c) => c.doNothing())
          .returning('block')
          .executeTakeFirst();
        if (!stored) continue;
        for (const projection of this.options.projections) await projection.apply(tx, event);
        for (const listener of this.options.listeners ?? []) await listener(tx, event);
      }
    });
  }

  private decode(log: RawLog, time: number): IndexedEvent[] {
    const contract = this.byAddress.get(log.address.toLowerCase());
    const abi = contract?.events.get(log.topics[0]);
    if (!contract || !abi) return [];
    const { eventName, args } = decodeEventLog({ abi: [abi], topics: log.topics, data: log.data }) as {
      eventName: string;
      args: Record<string, unknown>;
    };
    const plain = Object.fromEntries(Object.entries(args).map(([key, value]) => [key, plainValue(value)]));
    return [
      {
        contract: contract.name,
        name: eventName,
        args: plain,
        block: Number(log.blockNumber),
        logIndex: Number(log.logIndex),
        time,
        txHash: log.transactionHash,
      },
    ];
  }

  /** Drops everything above the newest block that the chain still has. */
  private async dropFork(): Promise<void> {
    const known = await this.db
      .selectFrom('chain.block')
      .selectAll()
      .orderBy('number', 'desc')
      .limit(200)
      .execute();
    let fork: bigint | null = null;
    for (const { number, hash } of known) {
      const block = await this.options.chain.rpc<{ hash: Hex } | null>('eth_getBlockByNumber', [
        `0x${number.toString(16)}`,
        false,
      ]);
      if (block?.hash === hash) break;
      fork = number;
    }
    if (fork === null) return;
    const above = fork;
    await this.db.transaction().execute(async (tx) => {
      await tx.deleteFrom('chain.block').where('number', '>=', above).execute();
      await this.replay(tx);
    });
  }

  private async replay(tx: Kysely<ChainDatabase>): Promise<void> {
    for (const projection of this.options.projections) await projection.reset(tx);
    const rows = await tx
      .selectFrom('chain.event as e')
      .innerJoin('chain.block as b', 'b.number', 'e.block')
      .select(['e.block', 'e.log_index', 'e.contract', 'e.name', 'e.args', 'e.tx_hash', 'b.time'])
      .orderBy('e.block')
      .orderBy('e.log_index')
      .execute();
    for (const row of rows) {
      const args = (typeof row.args === 'string' ? JSON.parse(row.args) : row.args) as IndexedEvent['args'];
      const event = {
        contract: row.contract,
        name: row.name,
        args,
        block: Number(row.block),
        logIndex: row.log_index,
        time: row.time.getTime(),
        txHash: row.tx_hash,
      };
      for (const projection of this.options.projections) await projection.apply(tx, event);
    }
  }
}

function plainValue(value: unknown): string | number | boolean {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string') return value.startsWith('0x') ? value.toLowerCase() : value;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? v.toString() : v));
}
