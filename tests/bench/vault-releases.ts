/**
 * A thousand files asked for at once by clinics' tablets: of each the reading is committed to the person's log before
 * half of the key leaves. Over PostgreSQL as it is shipped, with every commit on disk. The floor is as many commits of
 * one row, at the same time, over the same connections.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createDatabase, migrate, startEmbeddedPostgres } from '@zhenmei/db';
import type { TestDatabase } from '@zhenmei/db/testing.ts';
import { createLog, ed25519Signer } from '@zhenmei/tlog';
import { sql } from 'kysely';
import {
  asking,
  give,
  keep,
  makeGrant,
  newPerson,
  registerClinic,
} from '../../modules/vault/adapters/giving.property.ts';
import { codeOf, logPort, MIGRATIONS, openRig } from '../../modules/vault/adapters/rig.property.ts';
import type { BenchRow } from './log.ts';

const SILENT = { info: () => undefined, warn: () => undefined };
const PEOPLE = 50;
const FILES = 20;
/** As the house has them. */
const CONNECTIONS = 20;
const round = (value: number) => Number(value.toPrecision(3));

interface Burst {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Waited for a connection longer than the house lets anybody wait; asked again they come through. */
  readonly late: number;
}

/** All at once; how long each waited, and how many a second came through. */
async function burst(works: readonly (() => Promise<unknown>)[]): Promise<Burst> {
  const began = performance.now();
  const all = await Promise.all(
    works.map(async (work) => {
      try {
        await work();
        return performance.now() - began;
      } catch (error) {
        if (/timeout exceeded when trying to connect/.test(String(error))) return null;
        throw error;
      }
    }),
  );
  const waits = all.filter((wait) => wait !== null).sort((a, b) => a - b);
  const at = (share: number) => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))]!;
  const perSecond = (waits.length / at(1)) * 1_000;
  return { perSecond, p50: at(0.5), p99: at(0.99), late: works.length - waits.length };
}

export async function releaseRows(): Promise<BenchRow[]> {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-bench-vault-'));
  fs.chmodSync(dataDir, 0o711);
  const server = await startEmbeddedPostgres({ dataDir, log: SILENT });
  try {
    const database = await createDatabase(server.url, { max: CONNECTIONS, statementTimeoutMs: 0 });
    await migrate(database.db, MIGRATIONS);
    return await measure({ ...database, [Symbol.asyncDispose]: () => database.close() });
  } finally {
    await server.stop();
    fs.rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

async function measure(database: TestDatabase): Promise<BenchRow[]> {
  const { db } = database;
  const log = createLog({
    db,
    origin: 'bench.example/log',
    signer: ed25519Signer('bench.example/log', new Uint8Array(32).fill(7)),
    anchor: { anchor: async () => undefined },
    clock: { now: () => Date.now() },
    checkpoint: { entries: 1_000, ms: 1_000, when: 'either' },
  });
  const rig = await openRig({ log: logPort(log) }, database);
  try {
    await registerClinic(rig);
    const asked: { id: string; object: string }[] = [];
    for (let p = 0; p < PEOPLE; p++) {
      const person = await newPerson(rig, `p${p}`);
      const kept = [];
      for (let f = 0; f < FILES; f++) kept.push(await keep(rig, person, `p${p}-f${f}`));
      const id = await give(rig, person, await makeGrant(rig, person, kept));
      asked.push(...kept.map(({ object }) => ({ id, object })));
    }
    // one clinic's list of the day: file by file, the people mixed
    const mixed = asked.map((_, i) => asked[(i % PEOPLE) * FILES + Math.floor(i / PEOPLE)]!);
    await sql`CREATE TABLE bench_floor (n int)`.execute(db);
    const floor = await burst(
      mixed.map((_, n) => () => sql`INSERT INTO bench_floor VALUES (${n})`.execute(db)),
    );
    const many = await burst(
      mixed.map(
        ({ id, object }) =>
          () =>
            rig.as('release', 'desk:clinic', { params: { id }, body: asking(object) }),
      ),
    );
    const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM vault.access`.execute(db);
    const came = mixed.length - many.late;
    if (rows[0]!.n < came) throw new Error(`only ${rows[0]!.n} entries for ${came} releases`);
    const revoking: number[] = [];
    for (let p = 0; p < PEOPLE; p++) {
      const { id, object } = asked[p * FILES]!;
      const started = performance.now();
      await rig.as('revokeGrant', `p${p}`, { params: { id } });
      const code = await codeOf(rig.as('release', 'desk:clinic', { params: { id }, body: asking(object) }));
      if (code !== 'GRANT_REVOKED') throw new Error(`after a revoke: ${code}`);
      revoking.push(performance.now() - started);
    }
    const named = (value: number) => ({ name: 'as many bare commits', value: round(value) });
    const what = `server: ${mixed.length} releases at once, each logged first`;
    return [
      { name: what, value: round(many.perSecond), unit: '/s', floor: named(floor.perSecond) },
      { name: `${what}, half within`, value: round(many.p50), unit: 'ms', floor: named(floor.p50) },
      { name: `${what}, 99 % within`, value: round(many.p99), unit: 'ms', floor: named(floor.p99) },
      {
        name: `${what}, turned away after ten seconds`,
        value: many.late,
        unit: '',
        floor: named(floor.late),
      },
      {
        name: `server: from taking back to the next read refused, slowest of ${PEOPLE}`,
        value: round(Math.max(...revoking)),
        unit: 'ms',
        floor: { name: 'at most', value: 1_000 },
      },
    ];
  } finally {
    await rig.close();
  }
}
