/** Whether a device may be used now: by the rules of the region, by name, with what to do instead. */
import { AppError } from '@zhenmei/kernel';
import { decide, type PolicyDecision } from '@zhenmei/policy';
import type { Selectable } from 'kysely';
import type { CareDatabase } from '../../adapters/schema.ts';
import { type Fitness, fitnessOf } from '../../core/device.ts';
import '../../core/device-errors.ts';
import type { CareContext, CareTx } from '../context.ts';
import { type Door, openDoor } from '../stock/clinic.ts';

export type DeviceRow = Selectable<CareDatabase['care.device']>;

/** Throws DEVICE_UNKNOWN. */
export async function deviceRow(tx: CareTx, clinicId: string, unit: string): Promise<DeviceRow> {
  const row = await tx
    .selectFrom('care.device')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('unit', '=', unit)
    .where('retired_at', 'is', null)
    .executeTakeFirst();
  if (!row) throw new AppError('DEVICE_UNKNOWN');
  return row;
}

/** Handpieces and tips that are fitted to a console now. */
export const partsOf = (tx: CareTx, { clinic_id, unit }: DeviceRow): Promise<DeviceRow[]> =>
  tx
    .selectFrom('care.device')
    .selectAll()
    .where('clinic_id', '=', clinic_id)
    .where('fitted_to', '=', unit)
    .where('retired_at', 'is', null)
    .orderBy('registered_at')
    .execute();

export async function fitness(ctx: CareContext, tx: CareTx, device: DeviceRow): Promise<Fitness> {
  const inspections = await tx
    .selectFrom('care.device_inspection')
    .selectAll()
    .where('clinic_id', '=', device.clinic_id)
    .where('unit', '=', device.unit)
    .execute();
  const counters = [device, ...(await partsOf(tx, device))];
  return fitnessOf(
    inspections.map((row) => ({
      kind: row.kind,
      performedAt: row.performed_at.getTime(),
      validUntil: row.valid_until?.getTime() ?? null,
      passed: row.passed,
    })),
    counters.map(({ unit, shots, shot_limit }) => ({ unit, value: shots, limit: shot_limit })),
    ctx.clock.now(),
  );
}

/** @param shots that are to be given, or were given in the treatment that is to be signed off */
export function judgeDevice(ctx: CareContext, { clinic, licenceValid }: Door, fit: Fitness, shots: number) {
  return decide(
    ctx.packs(clinic.region),
    'device.use',
    {
      region: clinic.region,
      'clinic.licenceValid': licenceValid,
      'device.calibrationValid': fit.calibrationValid,
      'device.passedLastInspection': fit.passedLastInspection,
      'device.shotsLeft': fit.limited ? fit.shotsLeft - shots : 0,
    },
    ctx.clock.now(),
  );
}

const why = (decision: PolicyDecision, lang: 'zh-CN' | 'en'): string => {
  const first = decision.reasons[0];
  if (!first) return '';
  return lang === 'en' ? `${first.reason.en} ${first.next.en}` : `${first.reason.zh}${first.next.zh}`;
};

/** The device that was chosen for a treatment. Throws DEVICE_NEEDED, DEVICE_UNKNOWN, DEVICE_OTHER_CLASS, DEVICE_NOT_FIT. */
export async function assertDeviceFit(
  ctx: CareContext,
  tx: CareTx,
  clinicId: string,
  asked: { readonly deviceClass: string; readonly device: string | undefined; readonly shots: number },
  lang: 'zh-CN' | 'en',
): Promise<DeviceRow> {
  if (asked.device === undefined) throw new AppError('DEVICE_NEEDED');
  const device = await deviceRow(tx, clinicId, asked.device);
  if (device.device_class !== asked.deviceClass)
    throw new AppError('DEVICE_OTHER_CLASS', { device: device.serial });
  const door = await openDoor(ctx, clinicId);
  const decision = judgeDevice(ctx, door, await fitness(ctx, tx, device), asked.shots);
  if (decision.outcome !== 'allow')
    throw new AppError('DEVICE_NOT_FIT', {
      device: device.serial,
      reason: why(decision, lang),
      rule: decision.reasons[0]?.rule ?? 'no-pack',
    });
  return device;
}

/** Before the patient has come far: is there any device at all? Throws DEVICE_NONE_FIT with what is wrong with the best one. */
export async function assertSomeDeviceFit(
  ctx: CareContext,
  tx: CareTx,
  clinicId: string,
  deviceClass: string,
  lang: 'zh-CN' | 'en',
): Promise<void> {
  const devices = await tx
    .selectFrom('care.device')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('device_class', '=', deviceClass as never)
    .where('retired_at', 'is', null)
    .orderBy('registered_at')
    .execute();
  const door = await openDoor(ctx, clinicId);
  let reason = lang === 'en' ? 'No such device is registered.' : '还没有登记这种设备。';
  let rule = 'none-registered';
  for (const device of devices) {
    const decision = judgeDevice(ctx, door, await fitness(ctx, tx, device), 1);
    if (decision.outcome === 'allow') return;
    reason = `${device.serial} · ${why(decision, lang)}`;
    rule = decision.reasons[0]?.rule ?? 'no-pack';
  }
  throw new AppError('DEVICE_NONE_FIT', { reason, rule });
}
