/** The promise of the log: a process may die between any two statements, and nothing is lost, doubled or forked. */
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { expect, test } from 'vitest';
import type { NewLeaf } from '../app/append.ts';
import type { TransparencyLog } from '../app/log.ts';
import { MerkleTree } from '../core/tree.ts';
import { verifyConsistency } from '../core/verify.ts';
import type { Anchor, LogDeps } from '../ports.ts';

export interface RecordingAnchor extends Anchor {
  readonly anchored: { size: number; root: Uint8Array }[];
}

/** An empty log over a real database. */
export interface Scene {
  readonly db: Kysely<unknown>;
  readonly connection: pg.PoolConfig;
  readonly anchor: RecordingAnchor;
  leaves(from: number, to: number): NewLeaf[];
  open(changes: Partial<LogDeps>): TransparencyLog;
}

/** A pool whose connections die for good at statement number `fatal`: before it runs, or after. */
function dyingPool(
  connection: pg.PoolConfig,
  fatal: number,
  after: boolean,
): { pool: pg.Pool; count: () => number } {
  const real = new pg.Pool({ ...connection, max: 4 });
  let count = 0;
  let dead = false;
  const connect = async () => {
    const client = await real.connect();
    const wrapped = {
      query: async (...args: Parameters<typeof client.query>) => {
        if (dead) throw new Error('crashed');
        const last = ++count === fatal;
        if (last && !after) dead = true;
        if (dead) throw new Error('crashed');
        const result = await (client.query as (...a: unknown[]) => Promise<unknown>)(...args);
        if (last) {
          dead = true;
          throw new Error('crashed');
        }
        return result;
      },
      release: () => client.release(dead),
    };
    return wrapped as unknown as pg.PoolClient;
  };
  return { pool: { connect, end: () => real.end() } as unknown as pg.Pool, count: () => count };
}

export function crashSafety(scene: () => Scene): void {
  test('between any two statements: no entry lost, none twice, one history, one anchor a size', async () => {
    const { db, connection, leaves, open, anchor } = scene();
    const tree = new MerkleTree();
    const heads: { size: number; root: Uint8Array }[] = [];
    const steady = open({ anchor, batchSize: 130 });
    let given = 0;
    let crashes = 0;
    for (const after of [false, true])
      for (let fatal = 1; ; fatal++) {
        const hashes = await steady.appendMany(db, leaves(given, given + 150));
        for (const hash of hashes) tree.append(hash);
        given += 150;
        const dying = dyingPool(connection, fatal, after);
        const fragile = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: dying.pool }) });
        let crashed = false;
        try {
          await open({ db: fragile, anchor, batchSize: 130 }).tick();
        } catch (error) {
          expect((error as Error).message).toBe('crashed');
          crashed = true;
        }
        await fragile.destroy();
        crashes += Number(crashed);
        // The server may still be letting go of the dead connection's locks; the next tick after that finishes the work.
        const settled = async () => {
          await steady.tick();
          const { size, anchored } = await steady.checkpoint();
          return { size, anchored };
        };
        await expect.poll(settled, { interval: 5 }).toEqual({ size: given, anchored: true });
        const head = await steady.checkpoint();
        expect(head.root).toEqual(tree.root());
        heads.push(head);
        if (!crashed) break;
      }
    expect(crashes).toBeGreaterThan(30);
    for (let i = 1; i < heads.length; i++) {
      const [old, young] = [heads[i - 1]!, heads[i]!];
      verifyConsistency(
        old.size,
        young.size,
        old.root,
        young.root,
        await steady.consistency(old.size, young.size),
      );
    }
    const { rows } = await sql<{ entries: number; positions: number; waiting: number }>`
      SELECT (SELECT count(*)::int FROM tlog.entry) AS entries, (SELECT count(*)::int FROM tlog.position) AS positions,
        (SELECT count(*)::int FROM tlog.queue) AS waiting`.execute(db);
    expect(rows[0]).toEqual({ entries: given, positions: given, waiting: 0 });
    expect(new Set(anchor.anchored.map(({ size }) => size)).size).toBe(anchor.anchored.length);
  });
}
