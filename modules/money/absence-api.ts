/** The HTTP contract of appointments that one side did not keep. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { PLEDGE_STATES } from './core/pledge.ts';

const Bytes32 = z.string().regex(/^0x[0-9a-f]{64}$/) as z.ZodType<`0x${string}`>;
const Minor = z.string().regex(/^\d{1,30}$/);
const At = z.iso.datetime();
const Agreement = z.object({ id: Bytes32 });
const SIDE = z.enum(['patient', 'clinic']);
/** Minor units; the clinic's part less the fee. */
const Follows = z.object({ toClinic: Minor, fee: Minor, toPatient: Minor });

export const AbsenceView = z.object({
  agreementId: Bytes32,
  you: SIDE,
  /** Whether the caller may say now that the other side was absent, or the code of the reason why not. */
  mayReport: z.boolean(),
  whyNot: z.enum(['ABSENCE_NOT_KNOWN', 'ABSENCE_NOT_OPEN', 'ABSENCE_TOO_EARLY']).nullable(),
  /** From when on a report is possible; null where time alone does not make it so. */
  from: At.nullable(),
  ifReported: Follows.nullable(),
  /** What follows if a side does not come, reported at once and not objected to; null where no report is open. */
  ifAbsent: z.object({ patient: Follows, clinic: Follows }).nullable(),
  /** What the clinic put aside in its bond: the patient gets it on top if the clinic does not come. */
  pledge: z.object({ sum: Minor, state: z.enum(PLEDGE_STATES) }).nullable(),
  report: z
    .object({
      absent: SIDE,
      at: At,
      /** The last second in which whoever is said to have been absent may object. */
      until: At,
      outcome: z.enum(['objected', 'settled', 'ended']).nullable(),
      mayObject: z.boolean(),
      /** If nobody objects; null once it is over. */
      follows: Follows.nullable(),
    })
    .nullable(),
});

export const absenceApi = {
  readAbsence: defineRoute({
    method: 'GET',
    path: '/api/absences/:id',
    summary: {
      zh: '预约未到：现状与后果',
      en: 'An appointment that was not kept: where it stands, what follows',
    },
    auth: 'public',
    params: Agreement,
    response: { 200: AbsenceView },
    errors: ['ABSENCE_UNKNOWN'],
  }),
  prepareReport: defineRoute({
    method: 'POST',
    path: '/api/absences/:id',
    summary: {
      zh: '登记对方未到之前的检查',
      en: 'Asked before a device signs that the other side was absent',
    },
    auth: 'public',
    params: Agreement,
    body: z.strictObject({}),
    response: { 200: z.object({ act: z.enum(['clinicAbsent', 'patientAbsent']) }) },
    errors: ['ABSENCE_UNKNOWN', 'ABSENCE_NOT_KNOWN', 'ABSENCE_NOT_OPEN', 'ABSENCE_TOO_EARLY'],
  }),
};
export type AbsenceApi = typeof absenceApi;
