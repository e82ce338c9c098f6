/** Which values events have: read from the indexes, value by value, without looking at events. */
import { sql } from 'kysely';
import { ROLE } from '../core/names.ts';
import type { Executor } from './event-store.ts';

export type KnownField = 'type' | 'biz_step' | 'disposition' | 'read_point' | 'biz_location';

/** The next values behind one, in the order of code points. */
export async function knownValues(
  db: Executor,
  field: KnownField,
  after: string,
  limit: number,
): Promise<string[]> {
  // every bizLocation is a site, and those have the index
  const column = sql.ref(field === 'biz_location' ? 'e.site' : `e.${field}`);
  const more = field === 'biz_location' ? sql`and e.biz_location is not null` : sql``;
  const { rows } = await sql<{ value: string }>`
    with recursive known (value) as (
      (select ${column} from provenance.event e where ${column} > ${after} ${more} order by 1 limit 1)
      union all
      select (select ${column} from provenance.event e where ${column} > known.value ${more} order by 1 limit 1)
      from known where known.value is not null)
    select value from known where value is not null limit ${limit}`.execute(db);
  return rows.map(({ value }) => value);
}

export async function isKnown(db: Executor, field: KnownField, value: string): Promise<boolean> {
  const place = field === 'biz_location' ? sql`and e.site = ${value}` : sql``;
  const { rows } = await sql<{ known: boolean }>`
    select exists (select 1 from provenance.event e where ${sql.ref(`e.${field}`)} = ${value} ${place}) as known`.execute(
    db,
  );
  return rows[0]!.known;
}

const INSTANCES = [ROLE.epc, ROLE.child, ROLE.parent, ROLE.input, ROLE.output];
const named = sql`exists (select 1 from provenance.event_epc x where x.epc = i.id and x.role = any(${INSTANCES}::smallint[]))`;

/** Identifiers of things (not of classes), in the order they first came. @param after number of the last one seen */
export async function knownEpcs(
  db: Executor,
  after: string,
  limit: number,
): Promise<{ id: bigint; uri: string }[]> {
  const { rows } = await sql<{ id: bigint; uri: string }>`
    select i.id, i.uri from provenance.identifier i where i.id > ${after}::bigint and ${named} order by i.id limit ${limit}`.execute(
    db,
  );
  return rows;
}

export async function isKnownEpc(db: Executor, uri: string): Promise<boolean> {
  const { rows } = await sql<{ known: boolean }>`
    select exists (select 1 from provenance.identifier i where i.uri = ${uri} and ${named}) as known`.execute(
    db,
  );
  return rows[0]!.known;
}
