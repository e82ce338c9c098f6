/** The treatment as both sides record it: sealed to the patient, committed to in the log, attended with a signature. */
import { AppError, type Hex } from '@zhenmei/kernel';
import type { z } from 'zod';
import { sealLeafText } from '../../core/receipt.ts';
import { assertAcknowledged, statementHash } from '../../core/sealed-record.ts';
import type { PerformData } from '../../core/step-data.ts';
import { partOf } from '../course.ts';
import { assertDeviceFit, type DeviceRow, deviceRow, partsOf } from '../devices/device-gate.ts';
import { keepReading } from '../devices/record-reading.ts';
import { loadService } from '../load-service.ts';
import { assertVersion, keepVersion } from '../records/keep-version.ts';
import { clinicSite } from '../stock/clinic.ts';
import { lockUnits } from '../stock/project.ts';
import { type Effect, type EffectInput, offerKey, required, same } from './effect.ts';

/** Key of the seal's leaf in the log. @param session number of the session, from 1 */
export function sealLeafKey(visitId: string, session = 1): string {
  return session <= 1 ? `seal/${visitId}` : `seal/${visitId}/${session}`;
}

type Input = EffectInput<z.infer<typeof PerformData>>;

/** The device of the treatment, fit now; null where the procedure needs none. Throws the codes of `assertDeviceFit`, DEVICE_SHOTS. */
async function chosenDevice({ ctx, tx, visit, data, lang }: Input): Promise<DeviceRow | null> {
  const { deviceClass } = (await loadService(ctx, visit.service_id)).body.procedure;
  if (!deviceClass) {
    same(data.device ?? data.shots, undefined, 'device');
    return null;
  }
  const shots = required(data.shots, 'shots');
  const { device, treatment } = { device: data.device, treatment: visit.treatment };
  if (treatment?.amountUnit === 'pulse' && shots > (treatment.amount ?? 0))
    throw new AppError('DEVICE_SHOTS', { limit: treatment.amount ?? 0, shots });
  return assertDeviceFit(ctx, tx, visit.clinic_id, { deviceClass, device, shots }, lang);
}

/** The shots of this treatment on the console and on everything that is fitted to it. */
async function countShots(input: Input): Promise<void> {
  const { ctx, tx, visit, step, data } = input;
  const console = await chosenDevice(input);
  if (!console) return;
  const clinic = await clinicSite(ctx, visit.clinic_id);
  const parts = await partsOf(tx, console);
  await lockUnits(
    tx,
    [console, ...parts].map(({ unit }) => ({ clinic, unit })),
  );
  const doctor = await ctx.identity.doctor(visit.doctor_id);
  const by = { person: doctor?.name.zh ?? '', at: step.at, visitId: visit.id };
  for (const { unit } of [console, ...parts]) {
    const row = await deviceRow(tx, visit.clinic_id, unit);
    await keepReading(tx, row, row.shots + (data.shots ?? 0), by);
  }
}

/** The patient signed that she attended the present part. Throws ATTENDANCE_WRONG. */
export async function assertAttended({
  ctx,
  visit,
  data,
  attachments,
}: Pick<EffectInput<{ evidence: Hex }>, 'ctx' | 'visit' | 'data' | 'attachments'>): Promise<void> {
  const signature = required(attachments.attendanceSignature, 'attendanceSignature');
  const { terms, part, patient_address: patient } = visit;
  if (!(await ctx.chain.attendanceSigned(terms, part, data.evidence, signature, patient)))
    throw new AppError('ATTENDANCE_WRONG');
}

export const perform: Effect<z.infer<typeof PerformData>> = {
  deviceKey: offerKey,

  async check(input) {
    const { data, attachments } = input;
    if (!data.recordObject) throw new AppError('RECORD_MISSING');
    same(data.recordObject, required(attachments.recordObject, 'recordObject'), 'recordObject');
    await chosenDevice(input);
    const { record } = attachments;
    same(data.record, record && statementHash(record.statement), 'record');
    if (record) await assertVersion(input.tx, input.visit, record);
  },

  async confirm({ ctx, visit, data, attachments }) {
    if (attachments.record)
      assertAcknowledged(
        attachments.record.statement,
        required(attachments.acknowledgement, 'acknowledgement'),
        visit.patient_address,
      );
    await assertAttended({ ctx, visit, data, attachments });
  },

  async patch(input) {
    const { ctx, tx, visit, data, attachments } = input;
    await countShots(input);
    await ctx.log.append(tx, 0x02, sealLeafText(data.commitment), sealLeafKey(visit.id, partOf(visit).n));
    const { record, acknowledgement } = attachments;
    if (record) await keepVersion(ctx, tx, visit, record, acknowledgement ?? null);
    return {
      treatment: JSON.stringify({
        ...visit.treatment,
        recordObject: data.recordObject,
        commitment: data.commitment,
        evidence: data.evidence,
        attendance: required(attachments.attendanceSignature, 'attendanceSignature'),
        ...(data.device === undefined ? {} : { device: data.device, shots: data.shots }),
      }),
    };
  },
};
