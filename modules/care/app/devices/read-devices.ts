/** A clinic's devices with their state, and the card of one device that anyone may see. */
import { AppError } from '@zhenmei/kernel';
import '../../core/device-errors.ts';
import type { CareContext, CareTx } from '../context.ts';
import { clinicSite, openDoor } from '../stock/clinic.ts';
import { type DeviceRow, fitness, judgeDevice, partsOf } from './device-gate.ts';

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

export async function readDevices(ctx: CareContext, clinicId: string) {
  await clinicSite(ctx, clinicId);
  const door = await openDoor(ctx, clinicId);
  const rows = await ctx.db
    .selectFrom('care.device')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('retired_at', 'is', null)
    .orderBy('registered_at')
    .execute();
  const names = await namesOf(ctx, rows);
  const consoles = rows.filter((row) => row.device_class !== null);
  return {
    devices: await Promise.all(
      consoles.map(async (row) => {
        const fit = await fitness(ctx, ctx.db, row);
        const decision = judgeDevice(ctx, door, fit, 1);
        return {
          ...card(row, names, fit),
          shots: row.shots,
          fit: decision.outcome === 'allow',
          reasons: decision.reasons.map(({ rule, reason, next }) => ({ rule, reason, next })),
          parts: (await partsOf(ctx.db, row)).map((part) => partView(part, names)),
          inspections: await inspectionsOf(ctx, ctx.db, row),
        };
      }),
    ),
    spareParts: rows
      .filter((row) => row.device_class === null && row.fitted_to === null)
      .map((part) => partView(part, names)),
  };
}

type Names = ReadonlyMap<string, { zh: string; en: string }>;

async function namesOf(ctx: CareContext, rows: readonly DeviceRow[]): Promise<Names> {
  const names = new Map<string, { zh: string; en: string }>();
  for (const { gtin } of rows)
    if (!names.has(gtin)) names.set(gtin, (await ctx.custody.product(gtin))?.name ?? { zh: gtin, en: gtin });
  return names;
}

const partView = (row: DeviceRow, names: Names) => ({
  unit: row.unit,
  serial: row.serial,
  name: names.get(row.gtin)!,
  shots: row.shots,
  shotLimit: row.shot_limit,
});

const card = (row: DeviceRow, names: Names, fit: Awaited<ReturnType<typeof fitness>>) => ({
  unit: row.unit,
  serial: row.serial,
  name: names.get(row.gtin)!,
  deviceClass: row.device_class!,
  lastServiceAt: iso(fit.lastServiceAt),
  calibratedUntil: iso(fit.calibratedUntil),
  calibrationValid: fit.calibrationValid,
});

async function inspectionsOf(ctx: CareContext, tx: CareTx, device: DeviceRow) {
  const sites = await ctx.custody.sites();
  const rows = await tx
    .selectFrom('care.device_inspection')
    .selectAll()
    .where('clinic_id', '=', device.clinic_id)
    .where('unit', '=', device.unit)
    .orderBy('performed_at', 'desc')
    .limit(50)
    .execute();
  return rows.map((row) => ({
    kind: row.kind,
    performedAt: row.performed_at.toISOString(),
    validUntil: row.valid_until?.toISOString() ?? null,
    passed: row.passed,
    certificate: row.certificate,
    inspector: row.inspector,
    signedBy: sites.find(({ id }) => id === row.signed_by)?.name ?? null,
    event: row.event,
  }));
}

/** What a patient may know of the device that is used: its number, when it was last serviced, whether it is calibrated. Throws DEVICE_UNKNOWN. */
export async function readDeviceCard(ctx: CareContext, unit: string) {
  const row = await ctx.db
    .selectFrom('care.device')
    .selectAll()
    .where('unit', '=', unit)
    .where('device_class', 'is not', null)
    .where('retired_at', 'is', null)
    .executeTakeFirst();
  if (!row) throw new AppError('DEVICE_UNKNOWN');
  const site = await clinicSite(ctx, row.clinic_id);
  return { ...card(row, await namesOf(ctx, [row]), await fitness(ctx, ctx.db, row)), clinic: site.name };
}
