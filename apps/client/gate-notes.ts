/** What patient and clinic tell each other about the gate under the visit's secret: the only place with words in it. */
import { z } from 'zod';

const Source = z
  .strictObject({
    by: z.enum(['self', 'doctor', 'record', 'import']),
    name: z.string().nullable(),
    on: z.string(),
  })
  .nullable();

/** The reasons as `healthGate` names them. */
export const GateNote = z
  .strictObject({
    outcome: z.enum(['clear', 'unknown', 'blocked']),
    reasons: z.array(
      z.discriminatedUnion('about', [
        z.strictObject({
          about: z.literal('allergy'),
          reason: z.looseObject({ code: z.string() }),
          source: Source,
        }),
        z.strictObject({
          about: z.literal('condition'),
          code: z.enum(['CONTRAINDICATED', 'ASK_DOCTOR', 'PLACE_UNTOLD', 'NOT_ASKED', 'STALE']),
          condition: z.string(),
          rule: z.string(),
          source: Source,
        }),
        z.strictObject({ about: z.literal('treatment'), code: z.literal('KIND_UNKNOWN') }),
      ]),
    ),
  })
  .meta({ phi: true });
export type GateNote = z.infer<typeof GateNote>;

/** Why a doctor decides that it may go on. */
export const DECISION_REASONS = {
  'benefit-outweighs': {
    zh: '获益大于风险，已与患者谈清',
    en: 'The benefit outweighs the risk; discussed with the patient',
  },
  'fact-refuted': { zh: '检查后确认这一情况不成立', en: 'Examined: what was stated does not hold' },
  'precaution-taken': {
    zh: '已采取措施（如停药、换麻醉方式）',
    en: 'A precaution was taken, such as another anaesthetic',
  },
  'place-not-affected': { zh: '不在治疗部位，不受影响', en: 'Not where the treatment is; not affected' },
} as const;
export type DecisionReason = keyof typeof DECISION_REASONS;

export const Decision = z
  .strictObject({
    reason: z.enum(Object.keys(DECISION_REASONS) as [DecisionReason, ...DecisionReason[]]),
    /** In the doctor's own words. */
    note: z.string().min(1).max(1_000),
    doctor: z.string().max(200),
    at: z.iso.datetime(),
  })
  .meta({ phi: true });
export type Decision = z.infer<typeof Decision>;
