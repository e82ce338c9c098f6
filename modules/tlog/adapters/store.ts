/** SQL of the log. Every function takes an executor, so that it runs inside the caller's transaction. */
import { AppError, concat } from '@zhenmei/kernel';
import { type Kysely, sql } from 'kysely';
import { TILE_WIDTH, tileWidth } from '../core/tile-path.ts';
import type { FullTile } from '../core/tiles.ts';

/** A Kysely instance or transaction over whatever tables the caller knows. */
export type Executor = Parameters<ReturnType<typeof sql>['execute']>[0];

/** Advisory locks of this module: `tlog` in ASCII, then the task. */
const WRITER_LOCK = 0x746c_6f67_01;
const ANCHOR_LOCK = 0x746c_6f67_02;

export interface StoredCheckpoint {
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
  readonly anchored: boolean;
}

const bytes = (value: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(value);

/** Writes entries and queues the new ones. @returns how many were new */
export async function insertEntries(
  tx: Executor,
  entries: readonly { key: string; leaf: Uint8Array; hash: Uint8Array }[],
  now: number,
): Promise<number> {
  const keys = entries.map((e) => e.key);
  // in one piece: arrays of bytes travel as hexadecimal digits
  const leaves = bytes(concat(...entries.map((e) => e.leaf)));
  const hashes = bytes(concat(...entries.map((e) => e.hash)));
  const starts: number[] = [];
  let end = 1;
  for (const { leaf } of entries) {
    starts.push(end);
    end += leaf.length;
  }
  const { rows } = await sql<{ added: string }>`
    WITH added AS (
      INSERT INTO tlog.entry (key, leaf, leaf_hash, queued_at)
      SELECT g.key, substring(${leaves}::bytea FROM g.start FOR g.length),
        substring(${hashes}::bytea FROM (g.nth * 32 - 31)::int FOR 32), ${now}::bigint
      FROM unnest(${keys}::text[], ${starts}::int[], ${entries.map((e) => e.leaf.length)}::int[])
        WITH ORDINALITY AS g (key, start, length, nth)
      ORDER BY g.nth
      ON CONFLICT (key) DO NOTHING
      RETURNING seq
    ), queued AS (
      INSERT INTO tlog.queue (seq) SELECT seq FROM added RETURNING seq
    )
    SELECT count(*) AS added FROM queued`.execute(tx);
  return Number(rows[0]!.added);
}

/** The first of these keys that already stands for another leaf, if any. */
export async function conflictingKey(
  tx: Executor,
  entries: readonly { key: string; hash: Uint8Array }[],
): Promise<string | undefined> {
  const { rows } = await sql<{ key: string }>`
    SELECT g.key FROM unnest(${entries.map((e) => e.key)}::text[], ${entries.map((e) => e.hash)}::bytea[]) AS g (key, hash)
    JOIN tlog.entry e ON e.key = g.key AND e.leaf_hash <> g.hash LIMIT 1`.execute(tx);
  return rows[0]?.key;
}

/** True if this transaction is now the only writer of the log. */
export async function becomeWriter(tx: Executor): Promise<boolean> {
  const { rows } = await sql<{
    won: boolean;
  }>`SELECT pg_try_advisory_xact_lock(${WRITER_LOCK}) AS won`.execute(tx);
  return rows[0]!.won;
}

/** Runs `work` while no other process anchors; null if one does. */
export async function whileAnchoring<T>(
  db: Kysely<unknown>,
  work: (db: Executor) => Promise<T>,
): Promise<T | null> {
  return db.connection().execute(async (connection) => {
    const { rows } = await sql<{ won: boolean }>`SELECT pg_try_advisory_lock(${ANCHOR_LOCK}) AS won`.execute(
      connection,
    );
    if (!rows[0]!.won) return null;
    try {
      return await work(connection);
    } finally {
      await sql`SELECT pg_advisory_unlock(${ANCHOR_LOCK})`.execute(connection);
    }
  });
}

/** Binds the schema to one origin. Throws TLOG_ORIGIN_CHANGED. */
export async function requireOrigin(tx: Executor, origin: string): Promise<void> {
  await sql`INSERT INTO tlog.identity (origin) VALUES (${origin}) ON CONFLICT DO NOTHING`.execute(tx);
  const { rows } = await sql<{ origin: string }>`SELECT origin FROM tlog.identity`.execute(tx);
  const stored = rows[0]!.origin;
  if (stored !== origin) throw new AppError('TLOG_ORIGIN_CHANGED', { stored, origin });
}

/** The origin that this schema was bound to at its first entry, or null before that. */
export async function storedOrigin(db: Executor): Promise<string | null> {
  const { rows } = await sql<{ origin: string }>`SELECT origin FROM tlog.identity`.execute(db);
  return rows[0]?.origin ?? null;
}

/** Number of entries that have an index. */
export async function treeSize(tx: Executor): Promise<number> {
  const { rows } = await sql<{
    size: string;
  }>`SELECT coalesce(max(idx) + 1, 0) AS size FROM tlog.position`.execute(tx);
  return Number(rows[0]!.size);
}

/** The oldest queued entries, in the order they were given. */
export async function queued(tx: Executor, limit: number): Promise<{ seq: string; hash: Uint8Array }[]> {
  const { rows } = await sql<{ seq: string; hash: Uint8Array }>`
    SELECT q.seq, e.leaf_hash AS hash FROM tlog.queue q JOIN tlog.entry e USING (seq) ORDER BY q.seq LIMIT ${limit}`.execute(
    tx,
  );
  return rows;
}

/** Gives the queued entries the indices from `size` on. */
export async function place(
  tx: Executor,
  size: number,
  batch: readonly { seq: string; hash: Uint8Array }[],
): Promise<void> {
  const seqs = batch.map(({ seq }) => seq);
  await sql`
    INSERT INTO tlog.position (idx, seq, leaf_hash)
    SELECT ${size}::bigint + nth - 1, seq, hash
    FROM unnest(${seqs}::bigint[], ${batch.map(({ hash }) => hash)}::bytea[]) WITH ORDINALITY AS g (seq, hash, nth)`.execute(
    tx,
  );
  await sql`DELETE FROM tlog.queue WHERE seq = ANY (${seqs}::bigint[])`.execute(tx);
}

export async function insertTiles(tx: Executor, tiles: readonly FullTile[]): Promise<void> {
  if (tiles.length === 0) return;
  await sql`
    INSERT INTO tlog.tile (level, n, hashes, root)
    SELECT * FROM unnest(${tiles.map((t) => t.level)}::smallint[], ${tiles.map((t) => t.n)}::bigint[],
      ${tiles.map((t) => t.hashes)}::bytea[], ${tiles.map((t) => t.root)}::bytea[])`.execute(tx);
}

/** The first `width` hashes of a tile, from the level below: leaf hashes, or the roots of full tiles. */
async function hashesBelow(tx: Executor, level: number, n: number, width: number): Promise<Uint8Array> {
  const first = n * TILE_WIDTH;
  const last = first + width - 1;
  const { rows } = await (level === 0
    ? sql<{ hash: Uint8Array }>`
        SELECT leaf_hash AS hash FROM tlog.position WHERE idx BETWEEN ${first} AND ${last} ORDER BY idx`
    : sql<{ hash: Uint8Array }>`
        SELECT root AS hash FROM tlog.tile WHERE level = ${level - 1} AND n BETWEEN ${first} AND ${last} ORDER BY n`
  ).execute(tx);
  return concat(...rows.map(({ hash }) => hash));
}

/** Hashes of the partial tile at every level of a tree of `size`. */
export async function edges(tx: Executor, size: number): Promise<Uint8Array[]> {
  const found: Uint8Array[] = [];
  for (let level = 0; TILE_WIDTH ** level <= size; level++) {
    const n = Math.floor(size / TILE_WIDTH ** (level + 1));
    found.push(await hashesBelow(tx, level, n, tileWidth(level, n, size)));
  }
  return found;
}

/** Tiles by number, as wide as a tree of `size` makes them. */
export async function readTiles(
  tx: Executor,
  wanted: readonly { level: number; n: number }[],
  size: number,
): Promise<Map<string, Uint8Array>> {
  const tiles = new Map<string, Uint8Array>();
  const full = wanted.filter(({ level, n }) => tileWidth(level, n, size) === TILE_WIDTH);
  if (full.length > 0) {
    const { rows } = await sql<{ level: number; n: string; hashes: Uint8Array }>`
      SELECT t.level, t.n, t.hashes FROM tlog.tile t
      JOIN unnest(${full.map((t) => t.level)}::smallint[], ${full.map((t) => t.n)}::bigint[]) AS w (level, n)
        ON t.level = w.level AND t.n = w.n`.execute(tx);
    for (const { level, n, hashes } of rows) tiles.set(`${level}/${n}`, bytes(hashes));
  }
  for (const { level, n } of wanted) {
    const width = tileWidth(level, n, size);
    if (width > 0 && width < TILE_WIDTH) tiles.set(`${level}/${n}`, await hashesBelow(tx, level, n, width));
  }
  return tiles;
}

export async function lastCheckpoint(tx: Executor, size?: number): Promise<StoredCheckpoint | undefined> {
  const { rows } = await sql<{ size: string; root: Uint8Array; note: string; anchored_at: string | null }>`
    SELECT size, root, note, anchored_at FROM tlog.checkpoint
    WHERE ${size ?? null}::bigint IS NULL OR size = ${size ?? null}::bigint ORDER BY size DESC LIMIT 1`.execute(
    tx,
  );
  const row = rows[0];
  return (
    row && {
      size: Number(row.size),
      root: bytes(row.root),
      note: row.note,
      anchored: row.anchored_at !== null,
    }
  );
}

export async function insertCheckpoint(
  tx: Executor,
  size: number,
  root: Uint8Array,
  note: string,
  now: number,
): Promise<void> {
  await sql`INSERT INTO tlog.checkpoint (size, root, note, signed_at) VALUES (${size}, ${root}, ${note}, ${now})`.execute(
    tx,
  );
}

export async function markAnchored(tx: Executor, size: number, now: number): Promise<void> {
  await sql`UPDATE tlog.checkpoint SET anchored_at = ${now} WHERE size = ${size} AND anchored_at IS NULL`.execute(
    tx,
  );
}

/** When the entry at `index` was given, in milliseconds since the epoch. */
export async function queuedAt(tx: Executor, index: number): Promise<number> {
  const { rows } = await sql<{ at: string }>`
    SELECT e.queued_at AS at FROM tlog.position p JOIN tlog.entry e USING (seq) WHERE p.idx = ${index}`.execute(
    tx,
  );
  return Number(rows[0]!.at);
}

/** Leaves of `count` consecutive indices, in order. */
export async function readLeaves(
  tx: Executor,
  first: number,
  count: number,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const { rows } = await sql<{ leaf: Uint8Array }>`
    SELECT e.leaf FROM tlog.position p JOIN tlog.entry e USING (seq)
    WHERE p.idx BETWEEN ${first} AND ${first + count - 1} ORDER BY p.idx`.execute(tx);
  return rows.map(({ leaf }) => bytes(leaf));
}

/** Entries covered by the newest anchor; 0 before the first. */
export async function anchoredSize(tx: Executor): Promise<number> {
  const { rows } = await sql<{ size: string }>`
    SELECT coalesce(max(size), 0) AS size FROM tlog.checkpoint WHERE anchored_at IS NOT NULL`.execute(tx);
  return Number(rows[0]!.size);
}

/** Index of the entry given under a key; `queued` when it has none yet, undefined when the key is unknown. */
export async function findKey(tx: Executor, key: string): Promise<number | 'queued' | undefined> {
  const { rows } = await sql<{ idx: string | null }>`
    SELECT p.idx FROM tlog.entry e LEFT JOIN tlog.position p USING (seq) WHERE e.key = ${key}`.execute(tx);
  const row = rows[0];
  return row && (row.idx === null ? 'queued' : Number(row.idx));
}

/** Lowest index of a leaf hash; `queued` when it has none yet, undefined when it is unknown. */
export async function findLeaf(tx: Executor, hash: Uint8Array): Promise<number | 'queued' | undefined> {
  const { rows } = await sql<{ idx: string | null }>`
    SELECT (SELECT min(idx) FROM tlog.position WHERE leaf_hash = ${hash}) AS idx
    WHERE EXISTS (SELECT 1 FROM tlog.entry WHERE leaf_hash = ${hash})`.execute(tx);
  const row = rows[0];
  return row && (row.idx === null ? 'queued' : Number(row.idx));
}
