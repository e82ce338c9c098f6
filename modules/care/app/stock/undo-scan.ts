/** Takes a receipt back by declaring its events wrong, as long as nothing else has happened to what was received. */
import { AppError, type Hex } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { declaredWrong } from '../../core/custody-statements.ts';
import { assertTime } from '../../core/statement.ts';
import type { StockEvent } from '../../core/stock-event.ts';
import type { CareContext, CareTx } from '../context.ts';
import { clinicSite, deviceThatSigned } from './clinic.ts';
import { lockUnits } from './project.ts';
import type { GoodsInRow } from './receive-goods.ts';

export interface Undo {
  readonly scan: string;
  readonly at: string;
  readonly person: string;
  readonly signature: Hex;
}

/** Idempotent. Throws SCAN_UNKNOWN, SCAN_SETTLED. */
export async function undoScan(ctx: CareContext, clinicId: string, undo: Undo): Promise<GoodsInRow[]> {
  const clinic = await clinicSite(ctx, clinicId);
  const { signature, ...said } = undo;
  deviceThatSigned(clinic, 'undo', said, signature);
  assertTime(undo.at, ctx.clock.now());
  return ctx.db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`scan/${undo.scan}`}, 0))`.execute(tx);
    const read = () =>
      tx
        .selectFrom('care.goods_in')
        .selectAll()
        .where('scan', '=', undo.scan)
        .where('clinic_id', '=', clinicId)
        .orderBy('position')
        .execute();
    const rows = await read();
    if (rows.length === 0) throw new AppError('SCAN_UNKNOWN');
    if (rows.every(({ undone_at }) => undone_at !== null)) return rows;
    const here = rows.filter((row) => row.outcome !== 'refused');
    await lockUnits(
      tx,
      here.map(({ unit }) => ({ clinic, unit: unit! })),
    );
    for (const row of here) await mustBeUntouched(tx, row);
    for (const event of await eventsOf(ctx, tx, here))
      await ctx.custody.capture(tx, declaredWrong(event, undo.at, 'did_not_occur'), clinicId);
    await tx
      .updateTable('care.goods_in')
      .set({ undone_at: new Date(ctx.clock.now()) })
      .where('scan', '=', undo.scan)
      .execute();
    const units = here.map(({ unit }) => unit!);
    if (units.length > 0)
      await tx
        .updateTable('care.stock_case')
        .set({ closed_at: new Date(ctx.clock.now()), outcome: 'undone', person: undo.person })
        .where('clinic_id', '=', clinicId)
        .where('unit', 'in', units)
        .where('closed_at', 'is', null)
        .execute();
    return read();
  });
}

/** The newest thing that is known of the unit must be what the scan itself stated. */
async function mustBeUntouched(tx: CareTx, { clinic_id, unit, events }: GoodsInRow): Promise<void> {
  const row = await tx
    .selectFrom('care.stock_unit')
    .select('moved_by')
    .where('clinic_id', '=', clinic_id)
    .where('unit', '=', unit!)
    .executeTakeFirst();
  if (!row || !events.includes(row.moved_by as Hex)) throw new AppError('SCAN_SETTLED');
}

/** Each event once, as it was stated. */
async function eventsOf(ctx: CareContext, tx: CareTx, rows: readonly GoodsInRow[]): Promise<object[]> {
  const found = new Map<Hex, object>();
  for (const { unit, events } of rows) {
    if (events.every((digest) => found.has(digest))) continue;
    for (const event of (await ctx.custody.story(tx, unit!)).own)
      if (events.includes(event.digest)) found.set(event.digest, stated(event));
  }
  return [...found.values()];
}

/** The event without the digest that it was read with. */
export function stated(event: StockEvent): object {
  const { digest: _, ...said } = event;
  return said;
}
