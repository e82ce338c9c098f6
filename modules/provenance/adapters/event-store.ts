/** Writes events with everything that follows from them: a handful of statements for any number of events. */
import type { Hex } from '@zhenmei/kernel';
import { type Kysely, sql } from 'kysely';
import { OUT, ROLE } from '../core/names.ts';
import type { EventRow } from '../core/record.ts';
import type { ProvenanceDatabase } from './schema.ts';

export type Executor = Kysely<ProvenanceDatabase>;

/** Advisory lock: `prov` in ASCII, then the task. Captures share it; what declares events wrong waits until it is alone. */
const CORRECTIONS = 0x7072_6f76_01;

/** An event that is new here. */
export interface Stored {
  readonly no: bigint;
  readonly row: EventRow;
}

export interface StoreAnswer {
  /** Only those that were not known before. */
  readonly added: readonly Stored[];
  /** One that repeats an eventID of this organisation with other content, if any. */
  readonly conflicting: EventRow | undefined;
}

/** Numbers of identifiers. */
export type Ids = ReadonlyMap<string, bigint>;

/**
 * Needs a transaction in `read committed` or `serializable`.
 * @param known numbers of their identifiers, if those were entered before
 */
export async function insertEvents(
  tx: Executor,
  rows: readonly EventRow[],
  by: { readonly organisationId: string; readonly at: number },
  known: Ids | null,
): Promise<StoreAnswer> {
  const numbers = await insertRows(tx, rows, by);
  const added = [...new Map(rows.map((row) => [row.digest, row])).values()].flatMap((row) => {
    const no = numbers.get(row.digest);
    return no === undefined ? [] : [{ no, row }];
  });
  if (added.length === 0) return { added, conflicting: undefined };
  const conflicting = await claimNames(tx, added, by.organisationId);
  if (conflicting) return { added, conflicting };
  const ids =
    known ??
    (await enterIdentifiers(
      tx,
      added.map(({ row }) => row),
    ));
  if (await insertNames(tx, added, ids)) await markVoid(tx, added, ids);
  await settle(tx, added, ids);
  return { added, conflicting: undefined };
}

async function insertRows(
  tx: Executor,
  rows: readonly EventRow[],
  { organisationId, at }: { readonly organisationId: string; readonly at: number },
): Promise<Map<Hex, bigint>> {
  const column = <T>(pick: (row: EventRow) => T): T[] => rows.map(pick);
  // the transaction has its number before its events have theirs: see `moment` in deliveries.ts
  const lock = sql.ref(
    rows.some((row) => row.corrects) ? 'pg_advisory_xact_lock' : 'pg_advisory_xact_lock_shared',
  );
  const { rows: added } = await sql<{ no: bigint; digest: Hex }>`
    insert into provenance.event (digest, hash, event_id, event_time, type, action, biz_step, disposition, read_point,
      biz_location, site, body, written, captured_by, captured_at)
    select g.digest, g.hash, g.event_id, g.event_time, g.type, g.action, g.biz_step, g.disposition, g.read_point,
      g.biz_location, coalesce(g.biz_location, g.read_point), g.body, g.written::jsonb, ${organisationId}, ${new Date(at)}
    from (select ${lock}(${CORRECTIONS}::bigint), pg_current_xact_id()) as first, rows from (
      unnest(${column((r) => r.digest)}::text[], ${column((r) => r.hash)}::bytea[], ${column((r) => r.eventId)}::text[],
        ${column((r) => r.eventTime)}::timestamptz[], ${column((r) => r.event.type)}::text[],
        ${column((r) => r.event.action ?? null)}::text[], ${column((r) => r.event.bizStep ?? null)}::text[],
        ${column((r) => r.event.disposition ?? null)}::text[], ${column((r) => r.event.readPoint?.id ?? null)}::text[],
        ${column((r) => r.event.bizLocation?.id ?? null)}::text[]),
      -- as one text: an array would escape every quotation mark of every event
      jsonb_array_elements(${`[${column((r) => r.text).join(',')}]`}::jsonb),
      unnest(${column((r) => r.written)}::text[]))
      with ordinality as g (digest, hash, event_id, event_time, type, action, biz_step, disposition, read_point,
        biz_location, body, written, nth)
    order by g.nth
    on conflict (digest, event_time) do nothing
    returning no, digest`.execute(tx);
  return new Map(added.map(({ no, digest }) => [digest, no]));
}

/** @returns a new event whose eventID stands for another one of this organisation already */
async function claimNames(
  tx: Executor,
  added: readonly Stored[],
  organisationId: string,
): Promise<EventRow | undefined> {
  const named = added.filter(({ row }) => row.eventId !== null);
  if (named.length === 0) return undefined;
  const { rows } = await sql<{ event: bigint }>`
    insert into provenance.event_name (event_id, organisation_id, event_time, event, correction)
    select g.event_id, ${organisationId}, g.event_time, g.event, g.correction
    from unnest(${named.map(({ row }) => row.eventId)}::text[], ${named.map(({ row }) => row.eventTime)}::timestamptz[],
      ${named.map(({ no }) => no)}::bigint[], ${named.map(({ row }) => row.corrects)}::boolean[])
      as g (event_id, event_time, event, correction)
    on conflict do nothing returning event`.execute(tx);
  const claimed = new Set(rows.map(({ event }) => event));
  return named.find(({ no }) => !claimed.has(no))?.row;
}

function idsOf(
  added: readonly Stored[],
  ids: Ids,
  which: (name: EventRow['names'][number]) => boolean,
): bigint[] {
  const found = added.flatMap(({ row }) => row.names.filter(which).map(({ uri }) => ids.get(uri)!));
  return [...new Set(found)];
}

/**
 * The numbers of all identifiers these events speak of; new ones are entered in one order, so that captures meet in it.
 * Whoever enters one lets others that need it wait until the transaction ends.
 */
export async function enterIdentifiers(tx: Executor, rows: readonly EventRow[]): Promise<Ids> {
  const uris = new Set<string>();
  for (const row of rows) {
    for (const { uri, parent, lot } of row.names)
      for (const one of [uri, parent, lot]) if (one) uris.add(one);
    for (const one of [row.event.bizStep, row.site]) if (one) uris.add(one);
  }
  const sorted = [...uris].sort();
  const found = await sql<{ id: bigint; uri: string }>`
    with given as (select uri from unnest(${sorted}::text[]) with ordinality as g (uri, nth) order by nth),
    known as (select i.id, i.uri from provenance.identifier i join given g on i.uri = g.uri),
    added as (
      insert into provenance.identifier (uri)
      select g.uri from given g where not exists (select 1 from known k where k.uri = g.uri)
      on conflict (uri) do nothing returning id, uri)
    select id, uri from known union all select id, uri from added`.execute(tx);
  const ids = new Map(found.rows.map(({ id, uri }) => [uri, id]));
  const missing = sorted.filter((uri) => !ids.has(uri));
  // entered by somebody else since this statement began
  if (missing.length > 0) {
    const late = await sql<{ id: bigint; uri: string }>`
      select id, uri from provenance.identifier where uri = any(${missing}::text[])`.execute(tx);
    for (const { id, uri } of late.rows) ids.set(uri, id);
  }
  return ids;
}

/** @returns whether something was declared wrong, now or before, at the times of these events */
async function insertNames(tx: Executor, added: readonly Stored[], ids: Ids): Promise<boolean> {
  const all = added.flatMap(({ no, row }) => row.names.map((name) => ({ no, row, name })));
  const id = (uri: string | null | undefined): bigint | null => (uri ? (ids.get(uri) ?? null) : null);
  const { rows } = await sql<{ corrected: boolean }>`
    with named as (
      insert into provenance.event_epc (epc, event_time, event, role, change, rank, step, site, parent, lot)
      select g.epc, g.event_time, g.event, g.role, g.change, provenance.step_rank(g.biz_step), g.step, g.site, g.parent, g.lot
      from unnest(${all.map(({ name }) => id(name.uri))}::bigint[], ${all.map(({ row }) => row.eventTime)}::timestamptz[],
        ${all.map(({ no }) => no)}::bigint[], ${all.map(({ name }) => name.role)}::smallint[],
        ${all.map(({ name }) => name.change)}::smallint[], ${all.map(({ row }) => row.event.bizStep ?? null)}::text[],
        ${all.map(({ row }) => id(row.event.bizStep))}::bigint[], ${all.map(({ row }) => id(row.site))}::bigint[],
        ${all.map(({ name }) => id(name.parent))}::bigint[], ${all.map(({ name }) => id(name.lot))}::bigint[])
        as g (epc, event_time, event, role, change, biz_step, step, site, parent, lot))
    select exists (select 1 from provenance.correction where event_time = any(${timesOf(added)}::timestamptz[])) as corrected`.execute(
    tx,
  );
  return rows[0]!.corrected || added.some(({ row }) => row.corrects);
}

const timesOf = (added: readonly Stored[]): string[] => [...new Set(added.map(({ row }) => row.eventTime))];

/** A declaration takes out the event of the same content, whichever of the two came first. */
async function markVoid(tx: Executor, added: readonly Stored[], ids: Ids): Promise<void> {
  const corrections = added.filter(({ row }) => row.corrects);
  await sql`
    insert into provenance.correction (event_time, event)
    select event_time, event from unnest(${corrections.map(({ row }) => row.eventTime)}::timestamptz[],
      ${corrections.map(({ no }) => no)}::bigint[]) as g (event_time, event)`.execute(tx);
  const { rows } = await sql<{ no: bigint; event_time: Date }>`
    update provenance.event e set void = true
    from provenance.correction k join provenance.event c on c.event_time = k.event_time and c.no = k.event
    where k.event_time = any(${timesOf(added)}::timestamptz[]) and e.event_time = k.event_time and not e.void
      and e.body - 'errorDeclaration' = c.body - 'errorDeclaration'
    returning e.no, e.event_time`.execute(tx);
  // what was declared wrong speaks of the same identifiers as the declaration
  await sql`
    update provenance.event_epc set void = true
    where epc = any(${[...ids.values()]}::bigint[]) and event_time = any(${rows.map((r) => r.event_time)}::timestamptz[])
      and event = any(${rows.map(({ no }) => no)}::bigint[])`.execute(tx);
}

async function settle(tx: Executor, added: readonly Stored[], ids: Ids): Promise<void> {
  const children = idsOf(added, ids, ({ role, change }) => role === ROLE.child && change !== null);
  const emptied = idsOf(added, ids, ({ role, change }) => role === ROLE.parent && change === OUT);
  if (children.length === 0 && emptied.length === 0) return;
  const parents = idsOf(added, ids, ({ role }) => role === ROLE.parent);
  await sql`
    select provenance.settle_containment(${children}::bigint[], ${parents}::bigint[], ${emptied}::bigint[])`.execute(
    tx,
  );
}
