/** Puts a unit from stock to work: a console of a class that procedures ask for, or a part that is fitted to one. */
import { AppError, type Hex } from '@zhenmei/kernel';
import { installing } from '../../core/custody-statements.ts';
import type { DeviceClass } from '../../core/device.ts';
import '../../core/device-errors.ts';
import { assertTime } from '../../core/statement.ts';
import { unitParts } from '../../core/stock-event.ts';
import type { CareContext } from '../context.ts';
import { clinicSite, deviceThatSigned } from '../stock/clinic.ts';
import { lockUnits } from '../stock/project.ts';

/** Products that are counted in shots run out at that many. */
const SHOTS = 'pulse';

export interface Registering {
  readonly unit: string;
  /** null for a handpiece or tip. */
  readonly deviceClass: DeviceClass | null;
  readonly person: string;
  readonly at: string;
  readonly signature: Hex;
}

/** Throws DEVICE_EXISTS, DEVICE_NOT_IN_STOCK. */
export async function registerDevice(ctx: CareContext, clinicId: string, asked: Registering): Promise<void> {
  const clinic = await clinicSite(ctx, clinicId);
  const { signature, ...said } = asked;
  deviceThatSigned(clinic, 'device', { act: 'register', ...said }, signature);
  assertTime(asked.at, ctx.clock.now());
  await ctx.db.transaction().execute(async (tx) => {
    await lockUnits(tx, [{ clinic, unit: asked.unit }]);
    const known = await tx
      .selectFrom('care.device')
      .select('unit')
      .where('clinic_id', '=', clinicId)
      .where('unit', '=', asked.unit)
      .executeTakeFirst();
    if (known) throw new AppError('DEVICE_EXISTS');
    const row = await tx
      .selectFrom('care.stock_unit')
      .selectAll()
      .where('clinic_id', '=', clinicId)
      .where('unit', '=', asked.unit)
      .executeTakeFirst();
    if (row?.state !== 'in-stock') throw new AppError('DEVICE_NOT_IN_STOCK');
    await ctx.custody.capture(tx, installing({ site: clinic.gln, at: asked.at }, asked.unit), clinicId);
    await tx
      .insertInto('care.device')
      .values({
        clinic_id: clinicId,
        unit: asked.unit,
        gtin: row.gtin,
        serial: unitParts(asked.unit)!.serial,
        device_class: asked.deviceClass,
        shot_limit: row.amount_unit === SHOTS ? row.amount : null,
        shots: 0,
        fitted_to: null,
        registered_at: new Date(ctx.clock.now()),
        retired_at: null,
      })
      .execute();
  });
}
