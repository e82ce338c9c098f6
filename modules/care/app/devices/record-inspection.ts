/** A calibration, service or repair with its result, signed by a device of the clinic or of the maker. */
import { AppError, type Hex, newId } from '@zhenmei/kernel';
import { inspecting } from '../../core/custody-statements.ts';
import type { InspectionKind } from '../../core/device.ts';
import '../../core/device-errors.ts';
import type { CareContext } from '../context.ts';
import { deviceThatSigned } from '../stock/clinic.ts';
import { lockUnits } from '../stock/project.ts';
import { deviceRow } from './device-gate.ts';

export interface Inspected {
  readonly clinicId: string;
  readonly unit: string;
  readonly kind: InspectionKind;
  /** RFC 3339. */
  readonly performedAt: string;
  readonly validUntil: string | null;
  readonly passed: boolean;
  readonly certificate: string;
  /** Who did it, as they name themselves. */
  readonly inspector: string;
  readonly signature: Hex;
}

/** @param organisationId who records it. Throws DEVICE_UNKNOWN, INSPECTION_NOT_YOURS, INSPECTION_DATES. */
export async function recordInspection(
  ctx: CareContext,
  organisationId: string,
  asked: Inspected,
): Promise<void> {
  const sites = await ctx.custody.sites();
  const by = sites.find(({ id }) => id === organisationId);
  const clinic = sites.find(({ id, kind }) => id === asked.clinicId && kind === 'clinic');
  if (!by || !clinic) throw new AppError('DEVICE_UNKNOWN');
  const { signature, ...said } = asked;
  const key = deviceThatSigned(by, 'inspection', said, signature);
  const now = ctx.clock.now();
  const from = Date.parse(asked.performedAt);
  const until = asked.validUntil === null ? null : Date.parse(asked.validUntil);
  if (from > now || (until !== null && until <= from) || (asked.kind === 'calibration' && until === null))
    throw new AppError('INSPECTION_DATES');
  await ctx.db.transaction().execute(async (tx) => {
    await lockUnits(tx, [{ clinic, unit: asked.unit }]);
    const device = await deviceRow(tx, clinic.id, asked.unit);
    const product = await ctx.custody.product(device.gtin);
    if (by.id !== clinic.id && by.id !== product?.makerId) throw new AppError('INSPECTION_NOT_YOURS');
    const known = await tx
      .selectFrom('care.device_inspection')
      .select('id')
      .where('clinic_id', '=', clinic.id)
      .where('signature', '=', signature)
      .executeTakeFirst();
    if (known) return;
    const event = await ctx.custody.capture(
      tx,
      inspecting({ site: clinic.gln, at: asked.performedAt }, device.unit, {
        kind: asked.kind,
        passed: asked.passed,
        validUntil: asked.validUntil,
        certificate: asked.certificate,
        inspector: by.gln,
        signature,
      }),
      clinic.id,
    );
    await tx
      .insertInto('care.device_inspection')
      .values({
        id: newId(now, ctx.random.bytes(10)),
        clinic_id: clinic.id,
        unit: device.unit,
        kind: asked.kind,
        performed_at: new Date(from),
        valid_until: until === null ? null : new Date(until),
        passed: asked.passed,
        certificate: asked.certificate,
        inspector: asked.inspector,
        signed_by: by.id,
        signer_key: key,
        signature,
        event,
        recorded_at: new Date(now),
      })
      .execute();
  });
}
