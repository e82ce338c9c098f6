/** Takes a unit out of quarantine: only if what it was held for has been put right, and nothing red speaks against it. */

import { AppError, type Hex } from '@zhenmei/kernel';
import { declaredWrong, receiving, stocking } from '../../core/custody-statements.ts';
import { decideArrival } from '../../core/goods-in.ts';
import type { Site } from '../../ports.ts';
import type { CareContext, CareTx, StockRow } from '../context.ts';
import { scanned } from './scanned.ts';
import { stated } from './undo-scan.ts';

/** Throws RELEASE_NO_SHIPMENT, RELEASE_STILL_DIFFERS, RELEASE_REFUSED. @returns digests of what it stated */
export async function releaseUnit(
  ctx: CareContext,
  tx: CareTx,
  clinic: Site,
  unit: StockRow,
  reason: string,
  at: string,
): Promise<Hex[]> {
  const capture = (event: object) => ctx.custody.capture(tx, event, clinic.id);
  const where = { site: clinic.gln, at };
  const events: Hex[] = [];
  if (unit.received_at === null) {
    if (unit.shipment === null) throw new AppError('RELEASE_NO_SHIPMENT');
    events.push(await capture(receiving(where, [unit.unit], unit.supplier, null)));
  }
  if (unit.hold === 'data-mismatch')
    // what we said of the difference is withdrawn; whether it is gone is judged below
    for (const event of (await ctx.custody.story(tx, unit.unit)).own)
      if (event.bizStep === 'holding' && event.disposition === 'mismatch_instance')
        events.push(await capture(declaredWrong(stated(event), at, 'incorrect_data')));
  const scan = await tx
    .selectFrom('care.goods_in')
    .select('code')
    .where('clinic_id', '=', clinic.id)
    .where('unit', '=', unit.unit)
    .orderBy('recorded_at', 'desc')
    .executeTakeFirst();
  const year = new Date(ctx.clock.now()).getUTCFullYear();
  const { codes } = await ctx.custody.judge(tx, {
    // the label on the unit itself, if that was scanned
    code: scan && scanned(scan.code, year).found.kind === 'unit' ? scan.code : unit.unit,
    unit: unit.unit,
    region: clinic.region,
    place: clinic.gln,
    event: null,
  });
  if (codes.includes('DATA_MISMATCH')) throw new AppError('RELEASE_STILL_DIFFERS');
  const decision = decideArrival({
    known: true,
    state: null,
    policy: { outcome: 'allow', reasons: [] },
    codes,
    announced: true,
    expiry: unit.expiry,
  });
  if (decision.outcome === 'refused') throw new AppError('RELEASE_REFUSED', { codes: codes.join(', ') });
  events.push(await capture(stocking(where, unit.unit, reason)));
  return events;
}
