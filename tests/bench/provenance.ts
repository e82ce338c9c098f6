/**
 * How fast events are captured, traced and recalled as the repository grows, beside the bare work on the same machine.
 * `node tests/bench/provenance.ts [--large]` prints the rows; `--large` goes on to a million events.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createDatabase, migrate, startEmbeddedPostgres } from '@zhenmei/db';
import { lotLink } from '@zhenmei/gs1';
import {
  captureDocument,
  hashEvents,
  normalisedEvents,
  type ProvenanceContext,
  recallSites,
  traceUnit,
} from '@zhenmei/provenance';
import { createLog, ed25519Signer } from '@zhenmei/tlog';
import { type Kysely, sql } from 'kysely';
import type { BenchRow } from './chain.ts';
import { documentOf, EVENTS_A_LOT, GTIN, lotNumber, SITES, statementsOf, unitOf } from './provenance-lot.ts';

const SILENT = { info: () => undefined, warn: () => undefined };
const SIZES = [10_000, 100_000];
const LARGE = 1_000_000;
/** Two years: the repository has as many months as a real one. */
const SPAN = 730 * 86_400_000;
const START = Date.UTC(2024, 0, 1);
const PICKS = 300;
/** Companies that send at the same time. */
const SENDERS = 4;

const folder = (name: string) => new URL(`../../modules/${name}/adapters/migrations/`, import.meta.url);
const round = (value: number) => Number(value.toPrecision(3));
const seconds = (began: number) => (performance.now() - began) / 1000;

export async function run({ large = false } = {}): Promise<BenchRow[]> {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-bench-provenance-'));
  fs.chmodSync(dataDir, 0o711);
  const server = await startEmbeddedPostgres({ dataDir, log: SILENT });
  try {
    const database = await createDatabase(server.url, { max: 4, statementTimeoutMs: 0 });
    try {
      await migrate(database.db, [
        { module: 'tlog', dir: folder('tlog') },
        { module: 'provenance', dir: folder('provenance') },
      ]);
      return await measure(database.db, large ? [...SIZES, LARGE] : SIZES);
    } finally {
      await database.close();
    }
  } finally {
    await server.stop();
    fs.rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

function contextOf(db: Kysely<unknown>): ProvenanceContext {
  const clock = { now: () => Date.now() };
  const name = { zh: '', en: '' };
  const sites = SITES.map((site) => ({ ...site, name, city: name, licensedForToxin: true }));
  const log = createLog({
    db,
    origin: 'bench.example/log',
    signer: ed25519Signer('bench.example/log', new Uint8Array(32).fill(7)),
    anchor: { anchor: async () => undefined },
    clock,
    checkpoint: { entries: 1_000, ms: 1_000, when: 'either' },
  });
  return {
    db: db as ProvenanceContext['db'],
    clock,
    log: {
      append: async (tx, type, text, key) =>
        void (await log.append(tx as never, type as never, text, { key })),
      appendMany: async (tx, leaves) => void (await log.appendMany(tx as never, leaves)),
    },
    parties: { byId: async (id) => sites.find((site) => site.id === id) ?? null, all: async () => sites },
  };
}

async function measure(db: Kysely<unknown>, sizes: readonly number[]): Promise<BenchRow[]> {
  const ctx = contextOf(db);
  const total = Math.ceil(sizes.at(-1)! / EVENTS_A_LOT);
  const startOf = (lot: number) => START + Math.floor((lot * 7919) % total) * Math.floor(SPAN / total);
  const rows: BenchRow[] = [...hashing(startOf(0))];
  let lot = 0;
  let known = 0;
  for (const size of sizes) {
    const began = performance.now();
    const before = known;
    const from = lot;
    const send = async (): Promise<void> => {
      while (known < size) {
        const own = lot++;
        for (const statement of statementsOf(own, startOf(own))) {
          const events = await captureDocument(ctx, statement.by.id, documentOf(statement, startOf(own)));
          known += events.length;
        }
      }
    };
    await Promise.all(Array.from({ length: SENDERS }, send));
    const captured = round((known - before) / seconds(began));
    const floor = {
      name: 'bare insert',
      value: await bareInsert(db, from, Math.min(lot, from + 20), startOf),
    };
    rows.push({
      name: `capture from ${SENDERS} senders, up to ${known} events`,
      value: captured,
      unit: 'events/s',
      floor,
    });
    await sql`vacuum analyze`.execute(db);
    rows.push(...(await tracing(ctx, lot, known)), ...(await recalling(ctx, lot, known)));
    rows.push({ name: `stored for ${known} events`, value: await bytesAnEvent(db, known), unit: 'B/event' });
  }
  return rows;
}

/** Every event normalised and hashed both ways. The floor is SHA-256 alone over the same canonical texts. */
function hashing(at: number): BenchRow[] {
  const documents = statementsOf(0, at).map((statement) => documentOf(statement, at) as never);
  const began = performance.now();
  for (const document of documents) hashEvents(document);
  const spent = seconds(began);
  const texts = documents.flatMap((document) => normalisedEvents(document).map((one) => JSON.stringify(one)));
  const start = performance.now();
  for (const text of texts) createHash('sha256').update(text).digest();
  const floor = { name: 'bare SHA-256', value: Math.round(texts.length / seconds(start)) };
  return [{ name: 'normalise and hash', value: Math.round(texts.length / spent), unit: 'events/s', floor }];
}

/** The same texts into a table without an index, in the same portions, one transaction each. */
async function bareInsert(
  db: Kysely<unknown>,
  from: number,
  until: number,
  startOf: (lot: number) => number,
): Promise<number> {
  const portions = Array.from({ length: until - from }, (_, i) => from + i).flatMap((lot) =>
    statementsOf(lot, startOf(lot)).map(({ events }) => events.map((event) => JSON.stringify(event))),
  );
  await sql`create table bare (body jsonb)`.execute(db);
  const began = performance.now();
  for (const texts of portions)
    await sql`insert into bare select t::jsonb from unnest(${texts}::text[]) as t`.execute(db);
  const spent = seconds(began);
  await sql`drop table bare`.execute(db);
  return Math.round(portions.flat().length / spent);
}

async function tracing(ctx: ProvenanceContext, lots: number, known: number): Promise<BenchRow[]> {
  const times: number[] = [];
  let events = 0;
  for (let i = 0; i < PICKS; i++) {
    const unit = unitOf((i * 7919) % lots, (i * 104_729) % 1_000);
    const began = performance.now();
    const { own } = await traceUnit(ctx, unit, GTIN);
    times.push(performance.now() - began);
    events += own.length;
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => round(times[Math.min(times.length - 1, Math.floor(times.length * share))]!);
  const name = `trace of a unit (${Math.round(events / PICKS)} events) among ${known}`;
  return [
    { name: `${name}, p50`, value: at(0.5), unit: 'ms' },
    { name: `${name}, p99`, value: at(0.99), unit: 'ms' },
  ];
}

async function recalling(ctx: ProvenanceContext, lots: number, known: number): Promise<BenchRow[]> {
  const times: number[] = [];
  let sites = 0;
  for (let i = 0; i < 9; i++) {
    const lot = lotLink(GTIN, lotNumber((i * 131) % lots));
    const began = performance.now();
    sites = (await recallSites(ctx, lot)).length;
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  return [
    {
      name: `recall of a lot of 1000 to its ${sites} sites among ${known}, median`,
      value: round(times[4]!),
      unit: 'ms',
    },
  ];
}

async function bytesAnEvent(db: Kysely<unknown>, known: number): Promise<number> {
  const { rows } = await sql<{ bytes: bigint }>`
    select sum(pg_total_relation_size(c.oid))::bigint as bytes from pg_class c
    join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'provenance' and c.relkind = 'r'`.execute(
    db,
  );
  return Math.round(Number(rows[0]!.bytes) / known);
}

if (import.meta.main)
  console.table(
    (await run({ large: process.argv.includes('--large') })).map(({ floor, ...row }) => ({
      ...row,
      floor: floor && `${floor.value} (${floor.name})`,
    })),
  );
