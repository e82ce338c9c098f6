/** Stock-take: what is on the shelf is scanned; what differs from the record becomes a case. */
import { AppError, type Hex, newId } from '@zhenmei/kernel';
import type { Selectable } from 'kysely';
import type { CareDatabase } from '../../adapters/schema.ts';
import { counting } from '../../core/custody-statements.ts';
import { assertTime } from '../../core/statement.ts';
import { ON_SHELF, type StockState } from '../../core/stock.ts';
import { type CountResult, compareCount } from '../../core/stock-count.ts';
import '../../core/stock-errors.ts';
import { unitParts } from '../../core/stock-event.ts';
import type { CareContext, CareTx } from '../context.ts';
import { clinicSite, deviceThatSigned } from './clinic.ts';
import { scanned } from './scanned.ts';

export type CountRow = Selectable<CareDatabase['care.stock_count']>;

/** Throws COUNT_OPEN if another one is not finished. The same number again is the same stock-take. */
export async function startCount(
  ctx: CareContext,
  clinicId: string,
  start: { id: string; gtin: string | null; person: string },
): Promise<CountRow> {
  await clinicSite(ctx, clinicId);
  await ctx.db
    .insertInto('care.stock_count')
    .values({
      ...start,
      clinic_id: clinicId,
      started_at: new Date(ctx.clock.now()),
      closed_at: null,
      result: null,
      events: '[]',
    })
    .onConflict((c) => c.doNothing())
    .execute();
  const row = await find(ctx.db, clinicId, start.id);
  if (!row) throw new AppError('COUNT_OPEN');
  return row;
}

export interface Seen {
  readonly unit: string;
  /** What the record says of it; null if it knows nothing. */
  readonly state: StockState | null;
  readonly expected: boolean;
  readonly again: boolean;
}

/** Throws COUNT_UNKNOWN, COUNT_CLOSED, the GS1 code of a wrong scan, COUNT_NOT_A_UNIT, COUNT_OTHER_PRODUCT. */
export async function scanIntoCount(
  ctx: CareContext,
  clinicId: string,
  id: string,
  scan: { code: string; at: string },
): Promise<Seen> {
  assertTime(scan.at, ctx.clock.now());
  const count = await find(ctx.db, clinicId, id);
  if (!count) throw new AppError('COUNT_UNKNOWN');
  if (count.closed_at) throw new AppError('COUNT_CLOSED');
  const { code, found, error } = scanned(scan.code, new Date(ctx.clock.now()).getUTCFullYear());
  if (error) throw error;
  if (found.kind !== 'unit') throw new AppError('COUNT_NOT_A_UNIT');
  if (count.gtin !== null && count.gtin !== found.gtin) throw new AppError('COUNT_OTHER_PRODUCT');
  const added = await ctx.db
    .insertInto('care.stock_count_scan')
    .values({ count_id: id, unit: found.unit, code, scanned_at: new Date(scan.at) })
    .onConflict((c) => c.doNothing())
    .returning('unit')
    .executeTakeFirst();
  const row = await ctx.db
    .selectFrom('care.stock_unit')
    .select('state')
    .where('clinic_id', '=', clinicId)
    .where('unit', '=', found.unit)
    .executeTakeFirst();
  const state = row?.state ?? null;
  return {
    unit: found.unit,
    state,
    expected: state !== null && ON_SHELF.includes(state),
    again: added === undefined,
  };
}

/** Compares, states what was counted, and opens a case for every difference. Idempotent. Throws COUNT_UNKNOWN. */
export async function closeCount(
  ctx: CareContext,
  clinicId: string,
  close: { id: string; person: string; at: string; signature: Hex },
): Promise<CountRow> {
  const clinic = await clinicSite(ctx, clinicId);
  const { signature, ...said } = close;
  deviceThatSigned(clinic, 'count', said, signature);
  assertTime(close.at, ctx.clock.now());
  return ctx.db.transaction().execute(async (tx) => {
    const count = await find(tx, clinicId, close.id, true);
    if (!count) throw new AppError('COUNT_UNKNOWN');
    if (count.closed_at) return count;
    const result = await compare(tx, count);
    const wrong = new Set(result.unexpected.map(({ unit }) => unit));
    const confirmed = result.counted.filter((unit) => !wrong.has(unit));
    const events =
      confirmed.length === 0
        ? []
        : [await ctx.custody.capture(tx, counting({ site: clinic.gln, at: close.at }, confirmed), clinic.id)];
    const open = async (kind: 'missing' | 'unexpected', unit: string, detail: object) => {
      const now = ctx.clock.now();
      await tx
        .insertInto('care.stock_case')
        .values({
          id: newId(now, ctx.random.bytes(10)),
          clinic_id: clinicId,
          kind,
          unit,
          code: null,
          detail: JSON.stringify(detail),
          opened_at: new Date(now),
          closed_at: null,
          outcome: null,
          note: null,
          person: null,
        })
        .onConflict((c) =>
          c.columns(['clinic_id', 'kind', 'unit']).where('closed_at', 'is', null).doNothing(),
        )
        .execute();
    };
    for (const unit of result.missing) await open('missing', unit, { count: count.id });
    for (const { unit, state } of result.unexpected)
      await open('unexpected', unit, { count: count.id, state });
    return tx
      .updateTable('care.stock_count')
      .set({
        closed_at: new Date(ctx.clock.now()),
        result: JSON.stringify(result),
        events: JSON.stringify(events),
      })
      .where('id', '=', count.id)
      .returningAll()
      .executeTakeFirstOrThrow();
  });
}

/** What was counted so far against the record. */
async function compare(tx: CareTx, count: CountRow): Promise<CountResult> {
  const seen = await tx
    .selectFrom('care.stock_count_scan')
    .select('unit')
    .where('count_id', '=', count.id)
    .execute();
  let rows = tx
    .selectFrom('care.stock_unit')
    .select(['unit', 'state'])
    .where('clinic_id', '=', count.clinic_id);
  if (count.gtin !== null) rows = rows.where('gtin', '=', count.gtin);
  return compareCount(
    await rows.execute(),
    seen.map(({ unit }) => unit),
  );
}

/** The newest stock-takes, with how far the open one is. */
export async function readCounts(ctx: CareContext, clinicId: string) {
  const rows = await ctx.db
    .selectFrom('care.stock_count')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .orderBy('started_at', 'desc')
    .limit(20)
    .execute();
  return Promise.all(
    rows.map(async (row) => {
      const { counted, missing, unexpected } = row.result ?? (await compare(ctx.db, row));
      return {
        id: row.id,
        gtin: row.gtin,
        person: row.person,
        startedAt: row.started_at.toISOString(),
        closedAt: row.closed_at?.toISOString() ?? null,
        counted: counted.length,
        missing: missing.map(named),
        unexpected: unexpected.map(({ unit, state }) => ({ ...named(unit), state })),
      };
    }),
  );
}

const named = (unit: string) => ({ unit, serial: unitParts(unit)?.serial ?? '' });

function find(tx: CareTx, clinicId: string, id: string, lock = false): Promise<CountRow | undefined> {
  const query = tx
    .selectFrom('care.stock_count')
    .selectAll()
    .where('id', '=', id)
    .where('clinic_id', '=', clinicId);
  return (lock ? query.forUpdate() : query).executeTakeFirst();
}
