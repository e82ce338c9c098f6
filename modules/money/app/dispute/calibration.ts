/** How well an assessor sees what is known, as the ledger counts it. */
import type { Hex } from '@zhenmei/kernel';
import { calibrated, ENOUGH_BPS, MIN_LOOKS } from '../../core/panel-math.ts';
import type { MoneyContext } from '../context.ts';

export const calibrationOf = (looks: number, right: number) => ({
  looks,
  right,
  enough: calibrated(looks, right),
  minLooks: MIN_LOOKS,
  boundPercent: ENOUGH_BPS / 100,
});

export const registered = (ctx: MoneyContext, assessor: Hex) =>
  ctx.db.selectFrom('money.assessor').selectAll().where('assessor', '=', assessor).executeTakeFirst();
