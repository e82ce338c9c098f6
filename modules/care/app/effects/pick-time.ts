/** The patient chooses a free time of her doctor for the present session; the time before is free again. */
import { AppError } from '@zhenmei/kernel';
import type { z } from 'zod';
import type { PickTimeData } from '../../core/step-data.ts';
import type { TermsJson } from '../../core/terms.ts';
import { partOf } from '../course.ts';
import { type Effect, offerKey, same } from './effect.ts';

export const pickTime: Effect<z.infer<typeof PickTimeData>> = {
  deviceKey: offerKey,

  async check({ ctx, tx, visit, data }) {
    const slot = await tx
      .selectFrom('care.slot')
      .selectAll()
      .where('id', '=', data.slot)
      .where('clinic_id', '=', visit.clinic_id)
      // the offer shows this doctor's licence
      .where('doctor_id', '=', visit.doctor_id)
      .executeTakeFirst();
    const starts = slot?.starts_at.getTime() ?? 0;
    if (!slot || starts <= ctx.clock.now()) throw new AppError('SLOT_TAKEN');
    same(starts, Date.parse(data.startsAt), 'startsAt');
    const part = partOf(visit).kind === 'deposit' ? visit.part + 1 : visit.part;
    const due = (visit.terms as unknown as TermsJson).milestones[part]?.dueBy ?? 0;
    if (starts > due * 1000) throw new AppError('SESSION_TIME_LATE');
    const taken = await tx
      .selectFrom('care.visit')
      .select('id')
      .where('slot_id', '=', slot.id)
      .where('id', '<>', visit.id)
      .where('state', 'not in', ['cancelled', 'refused', 'expired'])
      .executeTakeFirst();
    if (taken) throw new AppError('SLOT_TAKEN');
  },

  async patch({ data }) {
    return { slot_id: data.slot, needs_time: false };
  },
};
