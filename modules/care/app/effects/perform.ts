/** The treatment as both sides record it: sealed to the patient, committed to in the log, attended with a signature. */
import { AppError } from '@zhenmei/kernel';
import type { z } from 'zod';
import { sealLeafText } from '../../core/receipt.ts';
import type { PerformData } from '../../core/step-data.ts';
import { type Effect, offerKey, required, same } from './effect.ts';

/** Key of the seal's leaf in the log. */
export function sealLeafKey(visitId: string): string {
  return `seal/${visitId}`;
}

export const perform: Effect<z.infer<typeof PerformData>> = {
  deviceKey: offerKey,

  async check({ data, attachments }) {
    if (!data.recordObject) throw new AppError('RECORD_MISSING');
    same(data.recordObject, required(attachments.recordObject, 'recordObject'), 'recordObject');
  },

  async confirm({ ctx, visit, data, attachments }) {
    const signature = required(attachments.attendanceSignature, 'attendanceSignature');
    if (!(await ctx.chain.attendanceSigned(visit.terms, 0, data.evidence, signature, visit.patient_address)))
      throw new AppError('ATTENDANCE_WRONG');
  },

  async patch({ ctx, tx, visit, data, attachments }) {
    await ctx.log.append(tx, 0x02, sealLeafText(data.commitment), sealLeafKey(visit.id));
    return {
      treatment: JSON.stringify({
        ...visit.treatment,
        recordObject: data.recordObject,
        commitment: data.commitment,
        evidence: data.evidence,
        attendance: required(attachments.attendanceSignature, 'attendanceSignature'),
      }),
    };
  },
};
