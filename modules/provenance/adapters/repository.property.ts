/** A repository over a real PostgreSQL with the parties of the stories, for the tests of storage, queries and binding. */
import { fileURLToPath } from 'node:url';
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import type { AppError, Clock, Hex } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { captureEvent } from '../app/capture-event.ts';
import type { EpcisContext } from '../app/context.ts';
import * as s from '../app/stories.property.ts';
import type { Leaf, Site } from '../ports.ts';
import type { ProvenanceDatabase } from './schema.ts';

const name = (text: string) => ({ zh: text, en: text });

export const sites: readonly Site[] = s.PARTIES.map(({ gln, role, licensedForToxin }, i) => ({
  id: `00000000-0000-7000-8000-00000000000${i}`,
  gln,
  kind: role,
  name: name(role),
  city: name('city'),
  licensedForToxin,
}));
export const idOf = (gln: string): string => sites.find((site) => site.gln === gln)!.id;

export const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));

export interface Repository {
  readonly database: TestDatabase;
  readonly ctx: EpcisContext;
  /** Capture jobs that were put in. */
  readonly queued: string[];
  /** Messages to subscribers; `answer` is what those say. */
  readonly sent: { address: string; body: string; headers: Readonly<Record<string, string>> }[];
  answer(address: string): number | Promise<number>;
  readonly leaves: Leaf[];
  readonly clock: Clock & { at: number };
  /** Captures events one by one, each by the party of its site. */
  tell(events: readonly Record<string, unknown>[]): Promise<{ digest: Hex; eventID: string }[]>;
  /** Rows of a query. */
  rows<T = Record<string, unknown>>(text: string): Promise<T[]>;
  /** Forgets everything. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export async function openRepository(dir = MIGRATIONS): Promise<Repository> {
  const database = await testDatabase([{ module: 'provenance', dir }]);
  const leaves: Leaf[] = [];
  const clock = { at: Date.parse(s.day(10)), now: () => clock.at };
  const queued: string[] = [];
  const sent: Repository['sent'] = [];
  let seed = 0;
  const ctx: EpcisContext = {
    random: {
      bytes: (length) => Uint8Array.from({ length }, (_, i) => (seed++ * 31 + i * 7) % 256),
    },
    jobs: { captureLater: async (_tx, id) => void queued.push(id) },
    webhooks: {
      objection: (address) => (address.startsWith('https://') ? null : 'https'),
      post: async (address, body, headers) => {
        sent.push({ address, body: new TextDecoder().decode(body), headers });
        return repository.answer(address);
      },
    },
    seal: { seal: (text) => `sealed:${text}`, open: (text) => text.replace(/^sealed:/, '') },
    db: database.as<ProvenanceDatabase>(),
    clock,
    log: {
      append: async (_tx, type, text, key) => void leaves.push({ type, text, key }),
      appendMany: async (_tx, all) => void leaves.push(...all),
    },
    parties: { byId: async (id) => sites.find((site) => site.id === id) ?? null, all: async () => sites },
  };
  const rows = async <T>(text: string) => (await sql.raw<T>(text).execute(database.db)).rows;
  const repository: Repository = {
    database,
    ctx,
    leaves,
    clock,
    queued,
    sent,
    rows,
    answer: () => 200,
    async tell(events) {
      const told = [];
      for (const event of events) told.push(await captureEvent(ctx, idOf(partyOf(event)), event));
      return told;
    },
    async clear() {
      leaves.length = 0;
      queued.length = 0;
      sent.length = 0;
      const tables = await rows<{ name: string }>(`
        select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'provenance' and tablename <> 'era'`);
      await sql.raw(`truncate ${tables.map((table) => table.name).join(', ')}`).execute(database.db);
    },
    close: () => database.close(),
  };
  return repository;
}

/** GLN of the site an event is stated at. */
export function partyOf(event: Record<string, unknown>): string {
  const place = (event.bizLocation ?? event.readPoint) as { id: string };
  return /(\d{13})/.exec(place.id.slice(-13))![1]!;
}

/** The code of the error, or `none`. */
export const codeOf = (run: () => Promise<unknown>): Promise<string> =>
  run().then(
    () => 'none',
    (error: AppError) => error.code,
  );

/** Everything that capture derives, by identifiers instead of numbers. */
export const derived = (from: Repository): Promise<Record<string, unknown>[]> =>
  from.rows(`
    select 'name' as what, i.uri, e.digest as a, x.role, x.change, x.rank, x.void, step.uri as b, site.uri as c,
      parent.uri as d, lot.uri as e, x.event_time as at, null as until
    from provenance.event_epc x join provenance.identifier i on i.id = x.epc
    join provenance.event e on e.event_time = x.event_time and e.no = x.event
    left join provenance.identifier step on step.id = x.step left join provenance.identifier site on site.id = x.site
    left join provenance.identifier parent on parent.id = x.parent left join provenance.identifier lot on lot.id = x.lot
    union all select 'in', child.uri, parent.uri, null, null, null, null, null, null, null, null, c.since, c.until::text
    from provenance.containment c join provenance.identifier child on child.id = c.child
    join provenance.identifier parent on parent.id = c.parent
    union all select 'event', e.digest, encode(e.hash, 'hex'), null, null, null, e.void, e.type, e.site, e.read_point,
      e.biz_location, e.event_time, e.body::text from provenance.event e
    order by 1, 2, 3, 4, 12`);
