/** Keeps the cases in step with what was found: opens what is new, and ends what a later statement has put right. */
import { type Hex, newId, toIso } from '@zhenmei/kernel';
import { sql } from 'kysely';
import type { EntryWhat } from '../../adapters/supply-schema.ts';
import {
  deadlineOf,
  type ExceptionKind,
  type ExceptionState,
  firstState,
  ownerOf,
  type Sides,
} from '../../core/exceptions.ts';
import type { Site } from '../../ports.ts';
import type { ProvenanceContext } from '../context.ts';
import type { SupplyContext } from './context.ts';

type Db = ProvenanceContext['db'];

export interface Found {
  readonly kind: ExceptionKind;
  /** Digest of the event that shows it. */
  readonly event: Hex;
  readonly epcs: readonly string[];
  /** A lot that is concerned as a whole. */
  readonly lot?: string;
  readonly gtin: string | null;
  readonly sides: Sides;
}

/** Kind of the durable work that watches a deadline. */
export const EXCEPTION_DUE = 'exception-due';

/**
 * @param scope what was looked at: open cases of these kinds about these events that were not found again are resolved
 * @param cause digest of the event after which it was looked at
 */
export async function keepExceptions(
  ctx: SupplyContext,
  tx: Db,
  found: readonly Found[],
  scope: { readonly kinds: readonly ExceptionKind[]; readonly events: readonly Hex[] },
  cause: Hex,
): Promise<void> {
  const sites = await ctx.parties.all();
  const idOf = (gln: string | null) => sites.find((site: Site) => site.gln === gln)?.id ?? null;
  const kept = new Set<string>();
  for (const one of found) {
    const { owner, other } = ownerOf(one.kind, one.sides);
    // a party that is not here cannot be asked; then whoever is concerned owns it
    const ownerId = idOf(owner) ?? idOf(other);
    const otherId = ownerId === idOf(other) ? null : idOf(other);
    kept.add(await open(ctx, tx, one, ownerId, otherId, cause));
  }
  if (scope.events.length === 0 || scope.kinds.length === 0) return;
  const rows = await tx
    .selectFrom('provenance.exception')
    .select('id')
    .where('event', '=', sql<Hex>`any(${sql.val([...scope.events])}::text[])`)
    .where('kind', 'in', [...scope.kinds])
    .where('state', '<>', 'resolved')
    .execute();
  for (const { id } of rows) if (!kept.has(id)) await resolve(ctx, tx, id, cause);
}

async function open(
  ctx: SupplyContext,
  tx: Db,
  { kind, event, epcs, lot, gtin }: Found,
  ownerId: string | null,
  otherId: string | null,
  cause: Hex,
): Promise<string> {
  const now = ctx.clock.now();
  const known = await tx
    .selectFrom('provenance.exception')
    .select(['id', 'state'])
    .where('kind', '=', kind)
    .where('event', '=', event)
    .where('owner_id', 'is not distinct from', ownerId)
    .forUpdate()
    .executeTakeFirst();
  const due = deadlineOf(kind, now);
  const state = firstState(kind);
  const id = known?.id ?? newId(now, ctx.random.bytes(10));
  if (!known)
    await tx
      .insertInto('provenance.exception')
      .values({
        id,
        kind,
        event,
        owner_id: ownerId,
        other_id: otherId,
        gtin,
        lot: lot ?? null,
        state,
        opened_at: new Date(now),
        due_at: new Date(due),
        resolved_at: null,
      })
      .execute();
  else if (known.state === 'resolved')
    await tx
      .updateTable('provenance.exception')
      .set({ state, due_at: new Date(due), resolved_at: null })
      .where('id', '=', id)
      .execute();
  const changed = await setItems(tx, id, epcs);
  const what: EntryWhat | null = !known
    ? 'opened'
    : known.state === 'resolved'
      ? 'reopened'
      : changed
        ? 'changed'
        : null;
  if (!what) return id;
  await addEntry(ctx, tx, id, { what, event: cause });
  if (what !== 'changed')
    await ctx.deadlines.schedule(tx, {
      kind: EXCEPTION_DUE,
      key: `exception/${id}/${toIso(due)}`,
      payload: { id },
      dueAt: due,
    });
  return id;
}

async function setItems(tx: Db, id: string, epcs: readonly string[]): Promise<boolean> {
  const { rows } = await sql<{ n: number }>`
    WITH wanted AS (SELECT DISTINCT epc FROM unnest(${sql.val([...epcs])}::text[]) AS t (epc)),
    gone AS (
      DELETE FROM provenance.exception_item i
      WHERE i.exception_id = ${id} AND NOT EXISTS (SELECT FROM wanted w WHERE w.epc = i.epc) RETURNING 1
    ), come AS (
      INSERT INTO provenance.exception_item (exception_id, epc) SELECT ${id}::uuid, epc FROM wanted
      ON CONFLICT DO NOTHING RETURNING 1
    )
    SELECT ((SELECT count(*) FROM gone) + (SELECT count(*) FROM come))::int AS n`.execute(tx);
  return rows[0]!.n > 0;
}

export async function resolve(ctx: SupplyContext, tx: Db, id: string, cause: Hex): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('provenance.exception')
    .set({ state: 'resolved', resolved_at: new Date(ctx.clock.now()) })
    .where('id', '=', id)
    .where('state', '<>', 'resolved')
    .executeTakeFirst();
  if (numUpdatedRows === 1n) await addEntry(ctx, tx, id, { what: 'resolved', event: cause });
}

export async function setState(tx: Db, id: string, state: ExceptionState): Promise<void> {
  await tx.updateTable('provenance.exception').set({ state }).where('id', '=', id).execute();
}

export async function addEntry(
  ctx: SupplyContext,
  tx: Db,
  id: string,
  entry: { what: EntryWhat; organisation?: string; note?: string | undefined; event?: Hex },
): Promise<void> {
  const { last } = await tx
    .selectFrom('provenance.exception_entry')
    .select((eb) => eb.fn.coalesce(eb.fn.max('no'), sql<number>`0`).as('last'))
    .where('exception_id', '=', id)
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('provenance.exception_entry')
    .values({
      exception_id: id,
      no: last + 1,
      at: new Date(ctx.clock.now()),
      what: entry.what,
      organisation_id: entry.organisation ?? null,
      note: entry.note ?? null,
      event: entry.event ?? null,
    })
    .execute();
}
