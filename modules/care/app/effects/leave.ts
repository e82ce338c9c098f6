/** Leaving before any money is held: the patient cancels or the clinic declines; the time is free again. */
import { AppError } from '@zhenmei/kernel';
import type { z } from 'zod';
import type { ReasonData } from '../../core/step-data.ts';
import type { Effect } from './effect.ts';

export const leave: Effect<z.infer<typeof ReasonData>> = {
  async deviceKey({ visit, ctx }) {
    if (visit.offer) return visit.offer.publicKey;
    const clinic = await ctx.identity.clinic(visit.clinic_id);
    if (!clinic?.deviceKeys[0]) throw new AppError('STEP_NOT_ALLOWED');
    return clinic.deviceKeys[0];
  },
  async check() {},
  async patch() {
    return {};
  },
};
