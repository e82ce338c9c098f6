/** The follow-up visit: nothing is opened; the patient signs that she came, and the share held back for it may be claimed. */
import type { z } from 'zod';
import type { FollowUpData } from '../../core/step-data.ts';
import { type Effect, offerKey, required } from './effect.ts';
import { assertAttended } from './perform.ts';
import { assertLawful } from './ready.ts';

export const followUp: Effect<z.infer<typeof FollowUpData>> = {
  deviceKey: offerKey,

  check: (input) => assertLawful(input),

  confirm: (input) => assertAttended(input),

  async patch({ visit, data, attachments }) {
    const attendance = required(attachments.attendanceSignature, 'attendanceSignature');
    return {
      treatment: JSON.stringify({
        ...visit.treatment,
        followUp: { part: visit.part, evidence: data.evidence, attendance },
      }),
    };
  },
};
