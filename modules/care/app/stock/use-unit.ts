/** The stock's word on a unit that is to be opened, or used again, for a visit. */
import { siteLink } from '@zhenmei/gs1';
import { AppError, canonicalJson, DAY } from '@zhenmei/kernel';
import '../../core/stock-errors.ts';
import { DispensingEvent, dispensingEvent, refuseUse, type UseAsked } from '../../core/use-gate.ts';
import type { CareContext, CareTx } from '../context.ts';
import { reasonOf } from '../gates.ts';
import { judgeStock, openDoor } from './clinic.ts';
import { lockUnits } from './project.ts';

export interface UseOfUnit extends UseAsked {
  readonly unit: string;
}

/**
 * Throws the code of the first thing that speaks against it, SCOPE_REFUSED with the rule, or STEP_DATA_WRONG if the
 * event does not say what both sides sign.
 */
export async function assertUsable(
  ctx: CareContext,
  tx: CareTx,
  clinicId: string,
  asked: UseOfUnit,
  event: unknown,
  lang: 'zh-CN' | 'en',
): Promise<void> {
  const door = await openDoor(ctx, clinicId);
  await lockUnits(tx, [{ clinic: door.clinic, unit: asked.unit }]);
  const row = await tx
    .selectFrom('care.stock_unit')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('unit', '=', asked.unit)
    .executeTakeFirst();
  const refusal = refuseUse(
    row
      ? {
          gtin: row.gtin,
          lot: row.lot,
          expiry: row.expiry,
          unit: {
            state: row.state,
            uses: row.uses,
            remaining: row.remaining,
            amountUnit: row.amount_unit,
            singleUse: row.single_use,
            useBy: row.use_by?.getTime() ?? null,
          },
        }
      : null,
    asked,
    ctx.clock.now(),
  );
  if (refusal) throw new AppError(refusal.code, refusal.params);
  const product = await ctx.custody.product(asked.gtin);
  if (!product || !row) throw new AppError('UNIT_NOT_IN_STOCK');
  const decision = judgeStock(ctx, 'stock.use', door, product, row.supplier);
  if (decision.outcome !== 'allow') throw reasonOf(decision, lang);
  if (!says(event, asked, row.remaining, siteLink(door.clinic.gln), ctx.clock.now()))
    throw new AppError('STEP_DATA_WRONG', { field: 'event' });
}

/** Does the event state this use, of this unit, at this clinic, about now, and nothing else? */
function says(event: unknown, asked: UseOfUnit, remaining: number, site: string, now: number): boolean {
  const read = DispensingEvent.safeParse(event);
  if (!read.success) return false;
  const { readPoint, bizLocation, eventTime } = read.data;
  const wanted = { ...read.data, ...dispensingEvent(asked.unit, remaining, asked) };
  return (
    readPoint.id === site &&
    bizLocation.id === site &&
    Math.abs(Date.parse(eventTime) - now) < DAY &&
    canonicalJson(wanted) === canonicalJson(read.data)
  );
}

/**
 * A vial that is open for several patients is opened for one at a time: the registry numbers its openings.
 * Throws UNIT_RESERVED while another visit's opening is under way.
 */
export async function assertNotReserved(tx: CareTx, visitId: string, unit: string): Promise<void> {
  const pending = await tx
    .selectFrom('care.pending_step')
    .select(['visit_id', 'step', 'signatures'])
    .where('visit_id', '!=', visitId)
    .where((eb) => eb(eb.ref('step', '->').key('data').key('unit'), '=', JSON.stringify(unit) as never))
    .execute();
  if (
    pending.some(({ step, signatures }) => step.type === 'unseal' && signatures.patient && signatures.clinic)
  )
    throw new AppError('UNIT_RESERVED');
}
