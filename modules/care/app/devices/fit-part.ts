/** Fits a handpiece or tip to a console, or takes it off: an AssociationEvent, and where it is now. */
import { AppError, type Hex } from '@zhenmei/kernel';
import { fitting } from '../../core/custody-statements.ts';
import '../../core/device-errors.ts';
import { assertTime } from '../../core/statement.ts';
import type { CareContext } from '../context.ts';
import { clinicSite, deviceThatSigned } from '../stock/clinic.ts';
import { lockUnits } from '../stock/project.ts';
import { deviceRow } from './device-gate.ts';

export interface Fitting {
  readonly console: string;
  readonly part: string;
  readonly on: boolean;
  readonly person: string;
  readonly at: string;
  readonly signature: Hex;
}

/** Idempotent. Throws DEVICE_UNKNOWN, PART_FITTED, PART_NOT_FITTED. */
export async function fitPart(ctx: CareContext, clinicId: string, asked: Fitting): Promise<void> {
  const clinic = await clinicSite(ctx, clinicId);
  const { signature, ...said } = asked;
  deviceThatSigned(clinic, 'device', { act: 'fit', ...said }, signature);
  assertTime(asked.at, ctx.clock.now());
  await ctx.db.transaction().execute(async (tx) => {
    await lockUnits(tx, [
      { clinic, unit: asked.console },
      { clinic, unit: asked.part },
    ]);
    const console = await deviceRow(tx, clinicId, asked.console);
    const part = await deviceRow(tx, clinicId, asked.part);
    if (console.device_class === null || part.device_class !== null) throw new AppError('DEVICE_UNKNOWN');
    if (asked.on && part.fitted_to === console.unit) return;
    if (asked.on && part.fitted_to !== null) throw new AppError('PART_FITTED');
    if (!asked.on && part.fitted_to !== console.unit) throw new AppError('PART_NOT_FITTED');
    const event = fitting({ site: clinic.gln, at: asked.at }, console.unit, part.unit, asked.on);
    await ctx.custody.capture(tx, event, clinicId);
    await tx
      .updateTable('care.device')
      .set({ fitted_to: asked.on ? console.unit : null })
      .where('clinic_id', '=', clinicId)
      .where('unit', '=', part.unit)
      .execute();
  });
}
