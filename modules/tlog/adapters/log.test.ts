/** The log over a real PostgreSQL: order, idempotence, proofs, and crashes between any two statements. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import { AppError, equalBytes, fromBase64, sha256, toHex, utf8 } from '@zhenmei/kernel';
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { tlogApi } from '../api.ts';
import { createLog, type TransparencyLog } from '../app/log.ts';
import { decodeBundle } from '../core/bundle.ts';
import { parseCheckpoint } from '../core/checkpoint.ts';
import { leafHash } from '../core/hash.ts';
import { formatVerifierKey } from '../core/keys.ts';
import { decodeLeaf } from '../core/leaf.ts';
import { verifyLogProof } from '../core/log-proof.ts';
import { ed25519Signer, openNote } from '../core/note.ts';
import { tilesOf } from '../core/tile-path.ts';
import { tileReader } from '../core/tiles.ts';
import { inclusionProof, MerkleTree } from '../core/tree.ts';
import { verifyConsistency } from '../core/verify.ts';
import type { Anchor, LogDeps } from '../ports.ts';
import { crashSafety, type RecordingAnchor } from './crash.property.ts';
import { logHandlers } from './http.ts';

const ORIGIN = 'zhenmei.test/log';
const signer = ed25519Signer(ORIGIN, sha256(utf8('log')));
const trust = { origin: ORIGIN, keys: [formatVerifierKey(signer.key)] };
let database: TestDatabase;
let db: Kysely<unknown>;
let now = 1_800_000_000_000;

beforeAll(async () => {
  database = await testDatabase();
  db = database.db;
});
afterAll(() => database.close());

beforeEach(async () => {
  await database.pool.query('DROP SCHEMA IF EXISTS tlog CASCADE');
  await database.pool.query(readFileSync(join(import.meta.dirname, 'migrations', '0001_init.sql'), 'utf8'));
});

/** Keeps the rule of the chain: sizes only grow, and one size has one root. */
function chain(): RecordingAnchor {
  const anchored: RecordingAnchor['anchored'] = [];
  return {
    anchored,
    async anchor(originHash, size, root) {
      expect(originHash).toHaveLength(32);
      const last = anchored.at(-1);
      if (last && size === last.size && equalBytes(root, last.root)) return;
      if (last && size <= last.size) throw new Error('not larger');
      anchored.push({ size, root });
    },
  };
}

function deps(changes: Partial<LogDeps> = {}): LogDeps {
  return {
    db,
    origin: ORIGIN,
    signer,
    anchor: chain(),
    clock: { now: () => now },
    checkpoint: { entries: 1, ms: 0, when: 'either' },
    ...changes,
  };
}

const leaf = (n: number) => ({ type: 'custody-event' as const, text: `{"n":${n}}`, key: `event-${n}` });
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => leaf(from + i));

async function codeOf(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('append', () => {
  test('is idempotent by key, within a batch and across transactions', async () => {
    const log = createLog(deps());
    const [a, b] = await log.appendMany(db, [leaf(1), leaf(2)]);
    expect(await log.appendMany(db, [leaf(2), leaf(2), leaf(1)])).toEqual([b, b, a]);
    expect(await log.appendMany(db, [])).toEqual([]);
    expect(await log.tick()).toMatchObject({ integrated: 2, published: 2 });
    expect(await log.appendMany(db, [leaf(1)])).toEqual([a]);
    expect(await log.tick()).toEqual({ integrated: 0, published: null, anchored: null });
  });

  test('lives and dies with the transaction of the caller', async () => {
    const log = createLog(deps());
    const failing = db.transaction().execute(async (tx) => {
      await log.appendMany(tx, range(0, 5));
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await db.transaction().execute((tx) => log.appendMany(tx, [leaf(9)]));
    expect(await log.tick()).toMatchObject({ integrated: 1, published: 1 });
    expect(decodeLeaf(verifyLogProof(await log.proof(0), trust).leaf).value).toEqual({ n: 9 });
  });

  test('refuses another leaf under a known key, and leaves that are none', async () => {
    const log = createLog(deps());
    await log.appendMany(db, [leaf(1)]);
    expect(await codeOf(() => log.appendMany(db, [{ ...leaf(2), key: 'event-1' }]))).toBe('TLOG_KEY_REUSED');
    expect(await codeOf(() => log.appendMany(db, [leaf(5), { ...leaf(6), key: 'event-5' }]))).toBe(
      'TLOG_KEY_REUSED',
    );
    expect(await codeOf(() => log.appendMany(db, [{ ...leaf(1), text: '{ }' }]))).toBe('TLOG_LEAF_FORMAT');
  });

  test('two transactions with the same key: one entry', async () => {
    const log = createLog(deps());
    await Promise.all(
      Array.from({ length: 6 }, () => db.transaction().execute((tx) => log.appendMany(tx, range(0, 3)))),
    );
    await log.tick();
    expect((await log.checkpoint()).size).toBe(3);
  });
});

test('order, tiles, bundles and proofs of 700 entries agree with an independent tree', async () => {
  const anchor = chain();
  const log = createLog(deps({ anchor, batchSize: 100 }));
  const tree = new MerkleTree();
  const roots = new Map<number, Uint8Array>();
  for (const [from, to] of [
    [0, 1],
    [1, 255],
    [255, 300],
    [300, 512],
    [512, 700],
  ] as const) {
    for (const hash of await log.appendMany(db, range(from, to))) tree.append(hash);
    expect(await log.tick()).toEqual({ integrated: to - from, published: to, anchored: to });
    roots.set(to, tree.root());
  }
  const { note, size, root, anchored } = await log.checkpoint();
  expect(parseCheckpoint(openNote(note, [signer.key]).text)).toEqual({
    origin: ORIGIN,
    size: 700,
    root: tree.root(),
  });
  expect({ size, root, anchored }).toEqual({ size: 700, root: tree.root(), anchored: true });
  expect(anchor.anchored.map((one) => one.size)).toEqual([1, 255, 300, 512, 700]);
  const tiles = new Map<string, Uint8Array>();
  for (const tile of tilesOf(700)) tiles.set(`${tile.level}/${tile.n}`, await log.tile(tile));
  const read = tileReader((level, n) => tiles.get(`${level}/${n}`));
  for (let index = 0; index < 700; index += 37) {
    const proof = await log.proof(index);
    expect(verifyLogProof(proof, trust)).toMatchObject({ index, size: 700, root: tree.root() });
    expect(inclusionProof(index, 700, read)).toEqual(inclusionProof(index, 700, tree.node));
    expect(await log.proof(tree.node(0, index))).toEqual(proof);
    expect(decodeLeaf(verifyLogProof(proof, trust).leaf).value).toEqual({ n: index });
  }
  expect(verifyLogProof(await log.proof(200, 255), trust).size).toBe(255);
  await overHttp(log, tree);
  for (const [from, oldRoot] of roots)
    verifyConsistency(from, 700, oldRoot, tree.root(), await log.consistency(from, 700));
  const bundle = decodeBundle(await log.bundle(2, 188), 188);
  for (const [i, entry] of bundle.entries()) expect(leafHash(entry)).toEqual(tree.node(0, 512 + i));
  expect((await log.tile({ level: 0, n: 0, width: 44 })).length).toBe(44 * 32);
  for (const width of [189, 256]) expect(await codeOf(() => log.bundle(2, width))).toBe('TLOG_NOT_FOUND');
  expect(await codeOf(() => log.tile({ level: 0, n: 2, width: 189 }))).toBe('TLOG_NOT_FOUND');
  expect(await codeOf(() => log.tile({ level: 1, n: 0, width: 3 }))).toBe('TLOG_NOT_FOUND');
  expect(await codeOf(() => log.tile({ level: 7, n: 0, width: 1 }))).toBe('TLOG_NOT_FOUND');
});

/** The same through the handlers, as a mirror or a stranger asks. */
async function overHttp(log: TransparencyLog, tree: MerkleTree): Promise<void> {
  const handlers = logHandlers(log);
  const nobody = {
    caller: null,
    bearer: null,
    idempotencyKey: null,
    again: false,
    network: '',
    region: null,
  } as const;
  const ask = { ...nobody, lang: 'en', body: undefined, params: undefined, query: undefined } as const;
  const parse = tlogApi.proof.query!;
  expect(tlogApi.checkpoint.response[200].parse(await handlers.checkpoint(ask))).toBe(
    (await log.checkpoint()).note,
  );
  const tile = await handlers.tile({ ...ask, params: { level: '0', '*': '002.p/188' } });
  expect(tile).toEqual(await log.tile({ level: 0, n: 2, width: 188 }));
  expect(await handlers.entries({ ...ask, params: { '*': '001' } })).toEqual(await log.bundle(1, 256));
  expect(await codeOf(() => handlers.entries({ ...ask, params: { '*': '1' } }))).toBe('TLOG_TILE_PATH');
  expect(await codeOf(() => handlers.tile({ ...ask, params: { level: 'entries', '*': '000' } }))).toBe(
    'TLOG_TILE_PATH',
  );
  const byHash = await handlers.proof({ ...ask, query: parse.parse({ leafHash: toHex(tree.node(0, 7)) }) });
  const byIndex = await handlers.proof({ ...ask, query: parse.parse({ index: '7' }) });
  expect(tlogApi.proof.response[200].parse(byHash)).toEqual(byIndex);
  expect(verifyLogProof(byIndex, trust).index).toBe(7);
  for (const bad of [
    {},
    { index: '1', leafHash: '0'.repeat(64) },
    { index: '-1' },
    { index: '01' },
    { leafHash: 'x' },
    { index: '1', size: '0' },
  ])
    expect(parse.safeParse(bad).success, JSON.stringify(bad)).toBe(false);
  const { path } = await handlers.consistency({ ...ask, query: { from: 300, to: 700 } });
  verifyConsistency(300, 700, tree.root(300), tree.root(), path.map(fromBase64));
  expect(await codeOf(() => handlers.consistency({ ...ask, query: { from: 5, to: 3 } }))).toBe(
    'TLOG_INDEX_OUT_OF_RANGE',
  );
}

test('nothing is shown before a checkpoint covers it', async () => {
  const log = createLog(deps({ checkpoint: { entries: 3, ms: 60_000, when: 'either' } }));
  expect(await codeOf(() => log.checkpoint())).toBe('TLOG_NOT_PUBLISHED');
  const first = await log.append(db, 0x01, '{"n":0}', { key: 'event-0' });
  expect([await log.indexOf('event-0'), await log.anchoredSize()]).toEqual([null, 0]);
  expect(await codeOf(() => log.indexOf('event-9'))).toBe('TLOG_NOT_FOUND');
  expect(await codeOf(() => log.proof(first))).toBe('TLOG_NOT_PUBLISHED');
  expect(await log.tick()).toEqual({ integrated: 1, published: null, anchored: null });
  expect(await codeOf(() => log.proof(first))).toBe('TLOG_NOT_PUBLISHED');
  expect(await codeOf(() => log.tile({ level: 0, n: 0, width: 1 }))).toBe('TLOG_NOT_PUBLISHED');
  now += 59_999;
  expect((await log.tick()).published).toBeNull();
  now += 1;
  expect((await log.tick()).published).toBe(1);
  const [second] = await log.appendMany(db, [leaf(1)]);
  expect((await log.tick()).published).toBeNull();
  expect(await codeOf(() => log.proof(second!))).toBe('TLOG_NOT_PUBLISHED');
  expect(await codeOf(() => log.proof(1))).toBe('TLOG_NOT_FOUND');
  expect(await codeOf(() => log.tile({ level: 0, n: 0, width: 2 }))).toBe('TLOG_NOT_FOUND');
  expect(await codeOf(() => log.consistency(1, 2))).toBe('TLOG_NOT_FOUND');
  await log.appendMany(db, range(2, 4));
  expect((await log.tick()).published).toBe(4);
  expect([await log.indexOf('event-3'), await log.anchoredSize()]).toEqual([3, 4]);
  expect(await log.proof({ key: 'event-3' })).toEqual(await log.proof(3));
  await log.appendMany(db, [leaf(4)]);
  expect((await log.tick({ force: true })).published).toBe(5);
  expect(await codeOf(() => log.proof(sha256(utf8('unknown'))))).toBe('TLOG_NOT_FOUND');
  expect(await codeOf(() => log.proof(0, 3))).toBe('TLOG_NOT_FOUND');
  expect(await codeOf(() => log.proof(4, 4))).toBe('TLOG_NOT_FOUND');
  expect(await codeOf(() => log.consistency(0, 2))).toBe('TLOG_SIZE_INVALID');
});

describe('a log that must not go on', () => {
  test('another origin over the same data', async () => {
    await createLog(deps()).tick();
    expect(await codeOf(() => createLog(deps({ origin: 'zhenmei.test/two' })).tick())).toBe(
      'TLOG_ORIGIN_CHANGED',
    );
  });

  test('written rows refuse to change; if they change all the same, nothing more is signed', async () => {
    const log = createLog(deps());
    await log.appendMany(db, range(0, 300));
    await log.tick();
    for (const statement of [
      "UPDATE tlog.entry SET leaf = '\\x00' WHERE seq = 1",
      'DELETE FROM tlog.position WHERE idx = 299',
      'DELETE FROM tlog.tile',
      'TRUNCATE tlog.checkpoint',
      "UPDATE tlog.tile SET root = '\\x00'",
      'DELETE FROM tlog.checkpoint',
    ])
      await expect(database.pool.query(statement)).rejects.toThrow('append-only');
    await database.pool.query('ALTER TABLE tlog.tile DISABLE TRIGGER append_only');
    await database.pool.query(
      'UPDATE tlog.tile SET root = sha256(root), hashes = overlay(hashes placing sha256(root) from 1)',
    );
    await log.appendMany(db, [leaf(300)]);
    expect(await codeOf(() => log.tick())).toBe('TLOG_FORKED');
    await database.pool.query('ALTER TABLE tlog.position DISABLE TRIGGER append_only');
    await database.pool.query('DELETE FROM tlog.position WHERE idx > 250');
    expect(await codeOf(() => log.tick())).toBe('TLOG_FORKED');
    expect((await log.checkpoint()).size).toBe(300);
  });
});

test('an anchor that fails is tried again, and an anchored checkpoint is left alone', async () => {
  const anchor = chain();
  let down = true;
  let calls = 0;
  const flaky: Anchor = {
    anchor: async (...values) => {
      calls++;
      if (down) throw new Error('chain down');
      return anchor.anchor(...values);
    },
  };
  const log = createLog(deps({ anchor: flaky }));
  await log.appendMany(db, [leaf(0)]);
  await expect(log.tick()).rejects.toThrow('chain down');
  expect((await log.checkpoint()).anchored).toBe(false);
  await log.appendMany(db, [leaf(1)]);
  down = false;
  expect(await log.tick()).toEqual({ integrated: 1, published: 2, anchored: 2 });
  expect(anchor.anchored).toHaveLength(1);
  expect(await log.tick()).toEqual({ integrated: 0, published: null, anchored: null });
  expect(calls).toBe(2);
});

test('several processes over one database keep one order', async () => {
  const anchor = chain();
  const logs = Array.from({ length: 3 }, () => createLog(deps({ anchor, batchSize: 7 })));
  await Promise.all(
    logs.map(async (log, i) => {
      for (let at = 0; at < 60; at += 10) {
        await log.appendMany(db, range(i * 100 + at, i * 100 + at + 10));
        await log.tick();
      }
    }),
  );
  await logs[0]!.tick();
  const { size } = await logs[0]!.checkpoint();
  expect(size).toBe(180);
  const seen = new Set<string>();
  for (let index = 0; index < size; index++)
    seen.add(toHex(verifyLogProof(await logs[1]!.proof(index), trust).leaf));
  expect(seen.size).toBe(180);
  expect(anchor.anchored.at(-1)!.size).toBe(180);
});

test('ten thousand leaves pass in batches', async () => {
  const log = createLog(deps());
  for (let at = 0; at < 10_000; at += 1000) await log.appendMany(db, range(at, at + 1000));
  expect((await log.tick()).integrated).toBe(10_000);
  expect((await log.checkpoint()).size).toBe(10_000);
});

crashSafety(() => ({
  db,
  connection: { connectionString: database.url },
  leaves: range,
  open: (changes) => createLog(deps(changes)),
  anchor: chain(),
}));
