/** A counter as it stands on the device: it never goes down, and past its limit it refuses. */
import { AppError, type Hex } from '@zhenmei/kernel';
import { refuseReading } from '../../core/device.ts';
import '../../core/device-errors.ts';
import { assertTime } from '../../core/statement.ts';
import type { CareContext, CareTx } from '../context.ts';
import { clinicSite, deviceThatSigned } from '../stock/clinic.ts';
import { lockUnits } from '../stock/project.ts';
import { type DeviceRow, deviceRow } from './device-gate.ts';

export interface Reading {
  readonly unit: string;
  readonly value: number;
  readonly person: string;
  readonly at: string;
  readonly signature: Hex;
}

/** Throws DEVICE_UNKNOWN, COUNTER_BACKWARDS, COUNTER_OVER_LIMIT. */
export async function recordReading(ctx: CareContext, clinicId: string, asked: Reading): Promise<void> {
  const clinic = await clinicSite(ctx, clinicId);
  const { signature, ...said } = asked;
  deviceThatSigned(clinic, 'device', { act: 'reading', ...said }, signature);
  assertTime(asked.at, ctx.clock.now());
  await ctx.db.transaction().execute(async (tx) => {
    await lockUnits(tx, [{ clinic, unit: asked.unit }]);
    const row = await deviceRow(tx, clinicId, asked.unit);
    await keepReading(tx, row, asked.value, { person: asked.person, at: asked.at, visitId: null });
  });
}

/** The unit must be locked. Throws COUNTER_BACKWARDS, COUNTER_OVER_LIMIT. */
export async function keepReading(
  tx: CareTx,
  row: DeviceRow,
  value: number,
  by: { readonly person: string; readonly at: string; readonly visitId: string | null },
): Promise<void> {
  const refusal = refuseReading({ unit: row.unit, value: row.shots, limit: row.shot_limit }, value);
  if (refusal) throw new AppError(refusal.code, refusal.params);
  await tx
    .insertInto('care.device_reading')
    .values({
      clinic_id: row.clinic_id,
      unit: row.unit,
      value,
      visit_id: by.visitId,
      person: by.person,
      read_at: new Date(by.at),
    })
    .onConflict((c) => c.doNothing())
    .execute();
  await tx
    .updateTable('care.device')
    .set({ shots: value })
    .where('clinic_id', '=', row.clinic_id)
    .where('unit', '=', row.unit)
    .execute();
}
