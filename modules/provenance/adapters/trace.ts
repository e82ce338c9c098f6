/** Reads what a trace needs, over intervals of containment instead of container by container. */
import type { Hex } from '@zhenmei/kernel';
import { type RawBuilder, sql } from 'kysely';
import type { EpcisEvent } from '../core/events.ts';
import { ROLE } from '../core/names.ts';
import type { Executor } from './event-store.ts';

/** How many containers may lie within each other: unit, box, case, pallet, container, with room to spare. */
const DEPTH = 8;
/** Readings of the sites a unit lay at; more say nothing new. */
const READINGS = 1_000;

interface Key {
  readonly event_time: Date;
  readonly event: bigint;
}

/** What was stated of an identifier, and of the containers it was in while it was in them. */
export async function ownEvents(db: Executor, uri: string): Promise<EpcisEvent[]> {
  const { rows } = await sql<Key>`
    with recursive ${held(sql`select id from provenance.identifier where uri = ${uri}`)}
    select distinct x.event_time, x.event from held h
    join provenance.event_epc x on x.epc = h.holder and x.event_time between h.since and h.until`.execute(db);
  return bodiesOf(db, rows);
}

/**
 * `held`: what each of `items` was itself or was in (holder), and when.
 * @param items a query of identifier numbers, in column `id`
 */
export const held = (items: RawBuilder<unknown>): RawBuilder<unknown> => sql`
    held (item, holder, since, until, depth) as (
      select i.id, i.id, '-infinity'::timestamptz, 'infinity'::timestamptz, 0 from (${items}) i
      union
      select h.item, c.parent, greatest(h.since, c.since), least(h.until, c.until), h.depth + 1
      from held h join provenance.containment c on c.child = h.holder and c.since <= h.until and c.until >= h.since
      where h.depth < ${DEPTH - 1})`;

/** Statements about classes (lots, products), and readings of sites since a time. */
export async function eventsAround(
  db: Executor,
  classes: readonly string[],
  sites: readonly string[],
  since: number,
): Promise<EpcisEvent[]> {
  const { rows } = await sql<Key>`
    (select x.event_time, x.event from provenance.identifier i join provenance.event_epc x on x.epc = i.id
     where i.uri = any(${[...classes]}::text[]) and x.role <> ${ROLE.readings})
    union
    (select x.event_time, x.event from provenance.identifier i join provenance.event_epc x on x.epc = i.id
     where i.uri = any(${[...sites]}::text[]) and x.role = ${ROLE.readings} and x.event_time >= ${new Date(since)}
     order by x.event_time limit ${READINGS})`.execute(db);
  return bodiesOf(db, rows);
}

/** What was stated of any of these, in whatever part; nothing of their containers. */
export async function namedEvents(db: Executor, uris: readonly string[]): Promise<EpcisEvent[]> {
  const { rows } = await sql<Key>`
    select distinct x.event_time, x.event from provenance.identifier i join provenance.event_epc x on x.epc = i.id
    where i.uri = any(${[...uris]}::text[]) and x.role <> ${ROLE.readings}`.execute(db);
  return bodiesOf(db, rows);
}

/** The next events in order of capture. @param after number of the last one that was read; 0 from the first */
export async function capturedAfter(
  db: Executor,
  after: bigint,
  limit: number,
): Promise<{ no: bigint; digest: Hex; body: EpcisEvent }[]> {
  const { rows } = await sql<{ no: bigint; digest: Hex; body: EpcisEvent }>`
    select no, digest, body from provenance.event where no > ${after} order by no limit ${limit}`.execute(db);
  return rows;
}

/** The times are given as constants, so that only their months are looked at. */
async function bodiesOf(db: Executor, keys: readonly Key[]): Promise<EpcisEvent[]> {
  if (keys.length === 0) return [];
  const times = [...new Set(keys.map(({ event_time }) => event_time.toISOString()))];
  const { rows } = await sql<{ body: EpcisEvent }>`
    select body from provenance.event
    where event_time = any(${times}::timestamptz[]) and no = any(${keys.map(({ event }) => event)}::bigint[])`.execute(
    db,
  );
  return rows.map(({ body }) => body);
}
