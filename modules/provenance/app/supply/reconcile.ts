/** After an event: what does not agree now, and what agrees again. Idempotent; run as durable work. */
import { AppError, type Hex } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { itemsOf, withContents } from '../../adapters/items.ts';
import type { EpcisEvent } from '../../core/events.ts';
import type { ExceptionKind } from '../../core/exceptions.ts';
import { findFaults, type Move } from '../../core/moves.ts';
import { releasesOf } from '../../core/releases.ts';
import type { PartyPort } from '../../ports.ts';
import type { ProvenanceContext } from '../context.ts';
import type { SupplyContext } from './context.ts';
import { findExcursions } from './excursions.ts';
import { declaredWrong } from './follow-goods.ts';
import { byMaker, foundIn, readEvents } from './found.ts';
import { type Found, keepExceptions } from './keep-exceptions.ts';
import { type Makers, makersOf } from './makers.ts';
import { settleRecalls } from './recalls.ts';

type Db = ProvenanceContext['db'];

const OF_MOVES: readonly ExceptionKind[] = [
  'not-shipped',
  'not-received',
  'quantity',
  'not-held',
  'received-twice',
  'unknown-serial',
];

export async function reconcileGoods(around: SupplyContext, digest: Hex): Promise<void> {
  const ctx = { ...around, parties: readOnce(around.parties) };
  await ctx.db.transaction().execute(async (tx) => {
    // one after the other: two that look at the same goods would each miss what the other finds
    await sql`select pg_advisory_xact_lock(hashtextextended('provenance.reconcile', 0))`.execute(tx);
    const event = (await readEvents(tx, [digest])).get(digest);
    if (!event) throw new AppError('EVENT_UNKNOWN', { digest });
    const wrong = declaredWrong(event);
    const epcs = await concerned(tx, event, wrong);
    const makers = await makersOf({ ...ctx, db: tx }, epcs);
    await moves(ctx, tx, digest, wrong, epcs);
    await labels(ctx, tx, event, digest, wrong, makers);
    if (event.sensorElementList || releasesOf(event).length > 0 || wrong || ends(event))
      await findExcursions(ctx, tx, event, digest, epcs, makers);
    await settleRecalls(ctx, tx, event, digest, wrong);
  });
}

/** Who everybody is does not change while one event is looked at. */
function readOnce(parties: PartyPort): PartyPort {
  let known: ReturnType<PartyPort['all']> | undefined;
  return {
    byId: (id) => parties.byId(id),
    all() {
      known ??= parties.all();
      return known;
    },
  };
}

const ends = ({ bizStep = '', disposition = '' }: EpcisEvent): boolean =>
  ['destroying', 'decommissioning'].includes(bizStep) ||
  ['destroyed', 'stolen', 'disposed'].includes(disposition);

/** Every unit that the event speaks of, and those of cases about the event that it takes back. */
async function concerned(tx: Db, event: EpcisEvent, wrong: Hex | null): Promise<string[]> {
  const named = [...(event.epcList ?? []), ...(event.childEPCs ?? [])];
  const ofCases = wrong
    ? await tx
        .selectFrom('provenance.exception_item as i')
        .innerJoin('provenance.exception as e', 'e.id', 'i.exception_id')
        .select('i.epc')
        .distinct()
        .where('e.event', '=', wrong)
        .execute()
    : [];
  return withContents(tx, [...new Set([...named, ...ofCases.map(({ epc }) => epc)])]);
}

async function moves(
  ctx: SupplyContext,
  tx: Db,
  digest: Hex,
  wrong: Hex | null,
  epcs: readonly string[],
): Promise<void> {
  if (epcs.length === 0) return;
  const { rows } = await sql<{ digest: Hex }>`
    SELECT digest FROM provenance.movement WHERE epc = any(${sql.val([...epcs])}::text[])
    UNION
    SELECT e.event FROM provenance.exception e JOIN provenance.exception_item i ON i.exception_id = e.id
    WHERE i.epc = any(${sql.val([...epcs])}::text[]) AND e.state <> 'resolved'`.execute(tx);
  const events = [...new Set([...rows.map((row) => row.digest), ...(wrong ? [wrong] : [])])];
  const { rows: all } = await sql<Omit<Move, 'event' | 'at'> & { digest: Hex; at: Date }>`
    SELECT m.* FROM provenance.movement m WHERE m.epc IN (
      SELECT epc FROM provenance.movement WHERE digest = any(${sql.val(events)}::text[]))`.execute(tx);
  const units = [...new Set(all.map(({ epc }) => epc))];
  const items = await itemsOf(tx, units);
  const known = await makersOf({ ...ctx, db: tx }, units);
  const originOf = (epc: string) => {
    const maker = known.of(epc);
    return { madeAt: items.get(epc)?.made ? (maker ?? 'unknown maker') : null, onboard: maker !== null };
  };
  const told = all.map(({ digest: event, at, ...move }) => ({ ...move, event, at: at.getTime() }));
  const faults = findFaults(told, originOf, ctx.clock.now()).filter(({ event }) => events.includes(event));
  const bodies = await readEvents(tx, [...new Set(faults.map(({ event }) => event))]);
  const found = faults.flatMap(({ fault, event, epcs: units }) =>
    byMaker(units, known).map(([maker, some]) => foundIn(fault, event, bodies.get(event), some, maker)),
  );
  await keepExceptions(ctx, tx, joined(found), { kinds: OF_MOVES, events }, digest);
}

/** Where the maker does not own it, one case holds all makers' units. */
function joined(found: readonly Found[]): Found[] {
  const all = new Map<string, Found>();
  for (const one of found) {
    const key =
      one.kind === 'unknown-serial'
        ? `${one.kind}/${one.event}/${one.sides.maker}`
        : `${one.kind}/${one.event}`;
    const known = all.get(key);
    all.set(
      key,
      known ? { ...known, epcs: [...known.epcs, ...one.epcs], gtin: same(known.gtin, one.gtin) } : one,
    );
  }
  return [...all.values()];
}

const same = (a: string | null, b: string | null): string | null => (a === b ? a : null);

/** Somebody stated that package and record differ. */
async function labels(
  ctx: SupplyContext,
  tx: Db,
  event: EpcisEvent,
  digest: Hex,
  wrong: Hex | null,
  makers: Makers,
): Promise<void> {
  const about = wrong ?? digest;
  const differs = wrong === null && (event.disposition?.startsWith('mismatch_') ?? false);
  const found = differs
    ? byMaker(event.epcList ?? [], makers).map(([maker, epcs]) =>
        foundIn('label', digest, event, epcs, maker),
      )
    : [];
  await keepExceptions(ctx, tx, found, { kinds: ['label'], events: [about] }, digest);
}
