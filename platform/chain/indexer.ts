/**
 * Thin indexer: logs → decoded events → projections, one database transaction a chunk. Blocks are chained by hash;
 * after a reorganisation the events above the fork are dropped and the projections are built again from what stays.
 */
import { AppError, type Hex } from '@zhenmei/kernel';
import { type Kysely, sql } from 'kysely';
import type { Abi } from 'viem';
import type { ChainReader, NodeLog } from './client.ts';
import { Decoder, type IndexedEvent } from './decoder.ts';
import type { ChainDatabase } from './schema.ts';

export type { IndexedEvent } from './decoder.ts';

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
  /** Told after a reorganisation was undone, e.g. for `Relayer.recheck`. @param fork first block that is another now */
  readonly onReorganised?: (fork: number) => Promise<void>;
}

type Tx = Kysely<ChainDatabase>;
interface Header {
  readonly number: number;
  readonly hash: Hex;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

const MAX_RANGE = 2_000;
/** Events that one chunk should have; the range grows and shrinks towards it. */
const CHUNK = 5_000;
/** Times in a row that the chain may change while it is read. */
const PATIENCE = 20;
/** Rows of one statement; PostgreSQL takes 65,535 parameters. */
const ROWS = 2_000;

export class Indexer {
  private readonly db: Kysely<ChainDatabase>;
  private readonly options: IndexerOptions;
  private readonly decoder: Decoder;
  private readonly addresses: readonly Hex[];
  private range = MAX_RANGE;
  private running: Promise<number> | null = null;
  private complete = false;

  constructor(options: IndexerOptions) {
    this.options = options;
    this.db = options.db as Kysely<ChainDatabase>;
    this.decoder = new Decoder(options.contracts);
    this.addresses = Object.values(options.contracts).map(({ address }) => address);
  }

  /** Follows the chain to its head. Throws CHAIN_UNAVAILABLE if it never stands still. @returns the block reached */
  catchUp(): Promise<number> {
    this.running ??= this.follow().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** The last block whose events are in the database; 0 if none. */
  async cursor(): Promise<number> {
    return (await this.tip(this.db))?.number ?? 0;
  }

  /** Builds every projection again from the stored events. */
  async rebuild(): Promise<void> {
    await this.locked((tx) => this.replay(tx));
  }

  private async follow(): Promise<number> {
    if (!this.complete) await this.buildNew();
    this.complete = true;
    for (let moved = 0; moved < PATIENCE; ) {
      const [{ number, hash }, known] = await Promise.all([this.options.chain.head(), this.tip(this.db)]);
      // the usual round: nothing came
      if (known?.hash === hash) return number - (this.options.confirmations ?? 0);
      await this.dropFork();
      const until = number - (this.options.confirmations ?? 0);
      const tip = await this.tip(this.db);
      const from = (tip?.number ?? 0) + 1;
      if (from > until) return until;
      const to = Math.min(until, from + this.range - 1);
      const chunk = await this.read(from, to, tip);
      if (!chunk) {
        moved++;
        continue;
      }
      moved = 0;
      const factor = chunk.logs.length > 0 ? CHUNK / chunk.logs.length : 4;
      this.range = Math.max(1, Math.min(MAX_RANGE, Math.ceil((to - from + 1) * Math.min(4, factor))));
      await this.store(chunk, tip);
    }
    throw new AppError('CHAIN_UNAVAILABLE');
  }

  /**
   * Logs of a range, all of one chain: the last block has the same hash before and after the logs were read, and that
   * hash stands for all blocks below it, so no reorganisation came between.
   * @returns null if one did
   */
  private async read(
    from: number,
    to: number,
    tip: Header | null,
  ): Promise<{ logs: NodeLog[]; headers: Map<number, Header> } | null> {
    const before = await this.header(to);
    const logs = before ? await this.options.chain.logs(from, to, this.addresses) : [];
    const headers = new Map<number, Header>();
    for (const log of logs) {
      const number = Number(log.blockNumber);
      const known = headers.get(number);
      if (known && known.hash !== log.blockHash) return null;
      if (known) continue;
      if (log.blockTimestamp)
        headers.set(number, { number, hash: log.blockHash, time: Number(log.blockTimestamp) * 1000 });
      else {
        const header = await this.header(number);
        if (header?.hash !== log.blockHash) return null;
        headers.set(number, header);
      }
    }
    const [after, below] = await Promise.all([this.header(to), tip ? this.header(tip.number) : null]);
    if (!before || after?.hash !== before.hash || (headers.get(to) ?? before).hash !== before.hash)
      return null;
    if (tip && below?.hash !== tip.hash) return null;
    headers.set(to, before);
    return { logs, headers };
  }

  private async store(
    { logs, headers }: { logs: NodeLog[]; headers: Map<number, Header> },
    tip: Header | null,
  ): Promise<void> {
    const events = logs.flatMap((log) =>
      this.decoder.decode(log, headers.get(Number(log.blockNumber))!.time),
    );
    const blocks = [...headers.values()].map(({ number, hash, time }) => ({
      number: BigInt(number),
      hash,
      time: new Date(time),
    }));
    await this.locked(async (tx) => {
      // another process was quicker, or found a fork
      if ((await this.tip(tx))?.hash !== tip?.hash) return;
      for (const part of parts(blocks)) await tx.insertInto('chain.block').values(part).execute();
      await insertEvents(tx, events);
      for (const event of events) {
        for (const projection of this.options.projections) await projection.apply(tx, event);
        for (const listener of this.options.listeners ?? []) await listener(tx, event);
      }
    });
  }

  /** Drops everything above the newest block that the chain still has. */
  private async dropFork(): Promise<void> {
    const tip = await this.tip(this.db);
    if (!tip || (await this.header(tip.number))?.hash === tip.hash) return;
    const fork = await this.locked(async (tx) => {
      let first: number | null = null;
      for (;;) {
        const now = await this.tip(tx);
        if (!now || (await this.header(now.number))?.hash === now.hash) break;
        first = now.number;
        await tx.deleteFrom('chain.block').where('number', '=', BigInt(now.number)).execute();
      }
      if (first !== null) await this.replay(tx);
      return first;
    });
    if (fork !== null) await this.options.onReorganised?.(fork);
  }

  /** A projection that came with a newer version has yet to see the events stored before it. */
  private async buildNew(): Promise<void> {
    await this.locked(async (tx) => {
      const known = await tx.selectFrom('chain.projection').select('name').execute();
      const fresh = this.options.projections.filter((one) => !known.some(({ name }) => name === one.name));
      if (fresh.length === 0) return;
      await this.replay(tx, fresh);
      await tx
        .insertInto('chain.projection')
        .values(fresh.map(({ name }) => ({ name })))
        .execute();
    });
  }

  private async replay(tx: Tx, projections = this.options.projections): Promise<void> {
    for (const projection of projections) await projection.reset(tx);
    for (let after: { block: bigint; index: number } | null = { block: -1n, index: 0 }; after; ) {
      const rows: {
        block: bigint;
        log_index: number;
        contract: string;
        name: string;
        args: unknown;
        tx_hash: Hex;
        time: Date;
      }[] = await tx
        .selectFrom('chain.event as e')
        .innerJoin('chain.block as b', 'b.number', 'e.block')
        .select(['e.block', 'e.log_index', 'e.contract', 'e.name', 'e.args', 'e.tx_hash', 'b.time'])
        .where(sql<boolean>`(e.block, e.log_index) > (${after.block}, ${after.index})`)
        .orderBy('e.block')
        .orderBy('e.log_index')
        .limit(CHUNK)
        .execute();
      for (const row of rows) {
        const event = {
          contract: row.contract,
          name: row.name,
          args: row.args as IndexedEvent['args'],
          block: Number(row.block),
          logIndex: row.log_index,
          time: row.time.getTime(),
          txHash: row.tx_hash,
        };
        for (const projection of projections) await projection.apply(tx, event);
      }
      const last = rows.at(-1);
      after = last ? { block: last.block, index: last.log_index } : null;
    }
  }

  private async tip(db: Tx): Promise<Header | null> {
    const row = await db
      .selectFrom('chain.block')
      .selectAll()
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row ? { number: Number(row.number), hash: row.hash, time: row.time.getTime() } : null;
  }

  private async header(number: number): Promise<Header | null> {
    const block = await this.options.chain.rpc<{ hash: Hex; timestamp: Hex } | null>('eth_getBlockByNumber', [
      `0x${number.toString(16)}`,
      false,
    ]);
    return block ? { number, hash: block.hash, time: Number(block.timestamp) * 1000 } : null;
  }

  /** One process at a time writes what it read of the chain. */
  private locked<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.db.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(hashtext('chain.indexer'))`.execute(tx);
      return work(tx);
    });
  }
}

/** Arrays of columns: one statement of fixed text for any number of rows. */
async function insertEvents(tx: Tx, events: readonly IndexedEvent[]): Promise<void> {
  await sql`insert into chain.event (block, log_index, contract, name, args, tx_hash) select * from unnest(
    ${events.map(({ block }) => block)}::bigint[], ${events.map(({ logIndex }) => logIndex)}::integer[],
    ${events.map(({ contract }) => contract)}::text[], ${events.map(({ name }) => name)}::text[],
    ${events.map(({ args }) => JSON.stringify(args))}::jsonb[], ${events.map(({ txHash }) => txHash)}::text[])`.execute(
    tx,
  );
}

function* parts<T>(all: readonly T[]): Generator<T[]> {
  for (let at = 0; at < all.length; at += ROWS) yield all.slice(at, at + ROWS);
}
