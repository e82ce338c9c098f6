/** The last gates before the day: cooling-off over, lawful here and now, no conflict with an allergy. */
import { AppError, HOUR, toIso } from '@zhenmei/kernel';
import type { z } from 'zod';
import { assertPasses } from '../../core/gate.ts';
import { ageFacts } from '../../core/guardian.ts';
import type { CheckInData, ReadyData } from '../../core/step-data.ts';
import { assertPartReady, partOf } from '../course.ts';
import { assertSomeDeviceFit } from '../devices/device-gate.ts';
import { assertScope, loadParties } from '../gates.ts';
import { loadService } from '../load-service.ts';
import { type Effect, type EffectInput, offerKey, required, same } from './effect.ts';

/** Hours before the appointment from which both sides may check in. */
export const CHECK_IN_HOURS = 2;

export async function assertLawful(input: EffectInput<unknown>): Promise<void> {
  const { ctx, visit, lang } = input;
  const service = await loadService(ctx, visit.service_id);
  const parties = await loadParties(ctx, visit.clinic_id, visit.doctor_id, service.body);
  assertScope(
    ctx,
    {
      action: 'visit.treat',
      body: service.body,
      ...parties,
      ...ageFacts(visit.minor, ctx.clock.now(), visit.age_proven),
    },
    lang,
  );
}

export const makeReady: Effect<z.infer<typeof ReadyData>> = {
  deviceKey: offerKey,

  async check(input) {
    const { ctx, visit, data } = input;
    assertPartReady(visit);
    const account = await ctx.chain.account(required(visit.agreement_id, 'agreement'));
    const until = account?.coolingEndsAt ?? null;
    if (until === null) throw new AppError('STEP_NOT_ALLOWED');
    if (ctx.clock.now() < until) throw new AppError('COOLING_OFF_RUNNING', { until: toIso(until) });
    same(data.adult, ageFacts(visit.minor, ctx.clock.now(), visit.age_proven).adult, 'adult');
    const { allergyGate: stated } = data;
    if (stated !== 'clear' && stated !== 'overridden') throw new AppError('ALLERGY_NOT_CLEAR');
    assertPasses(visit.gate_version, visit.gate, stated);
    await assertLawful(input);
  },

  async patch() {
    return {};
  },
};

export const checkIn: Effect<z.infer<typeof CheckInData>> = {
  deviceKey: offerKey,

  async check(input) {
    const { ctx, visit, data } = input;
    assertPasses(visit.gate_version, visit.gate, data.gate);
    const slot = await ctx.db
      .selectFrom('care.slot')
      .select('starts_at')
      .where('id', '=', visit.slot_id)
      .executeTakeFirstOrThrow();
    const from = slot.starts_at.getTime() - CHECK_IN_HOURS * HOUR;
    if (ctx.clock.now() < from) throw new AppError('APPOINTMENT_NOT_YET', { from: toIso(from) });
    await assertLawful(input);
    const { deviceClass } = (await loadService(ctx, visit.service_id)).body.procedure;
    if (deviceClass && partOf(visit).kind === 'session')
      await assertSomeDeviceFit(ctx, input.tx, visit.clinic_id, deviceClass, input.lang);
  },

  async patch() {
    return {};
  },
};
