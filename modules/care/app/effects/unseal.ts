/** Opening the unit together: genuine, approved for this use, consented to before, and spent once on chain. */
import { AppError } from '@zhenmei/kernel';
import type { z } from 'zod';
import { assertPasses } from '../../core/gate.ts';
import type { UnsealData } from '../../core/step-data.ts';
import { partOf } from '../course.ts';
import { beforeUnsealing } from '../evidence-kinds.ts';
import { loadParties } from '../gates.ts';
import { loadService } from '../load-service.ts';
import { assertNotReserved, assertUsable } from '../stock/use-unit.ts';
import { consentLeafKey } from './agree.ts';
import { type Effect, offerKey, required } from './effect.ts';
import { assertLawful } from './ready.ts';

export const unseal: Effect<z.infer<typeof UnsealData>> = {
  deviceKey: offerKey,

  async check(input) {
    const { ctx, visit, data, attachments } = input;
    assertPasses(visit.gate_version, visit.gate, data.gate);
    await assertLawful(input);
    const index = await ctx.log.indexOf(consentLeafKey(visit.id));
    if (index === null || index >= (await ctx.log.anchoredSize())) throw new AppError('CONSENT_NOT_ANCHORED');
    const service = await loadService(ctx, visit.service_id);
    const { unit, lot, use, amount, amountUnit } = data;
    const asked = { gtin: required(service.body.gtin, 'gtin'), unit, lot, use, amount, amountUnit };
    const event = required(attachments.event, 'event');
    await assertUsable(ctx, input.tx, visit.clinic_id, asked, event, input.lang);
    const { clinic } = await loadParties(ctx, visit.clinic_id, visit.doctor_id, service.body);
    const verdict = await ctx.products.judge(data.unit, {
      region: clinic.region,
      route: required(service.body.procedure.route, 'route'),
      clinicId: clinic.id,
    });
    if (verdict.level !== 'green' && verdict.level !== 'amber')
      throw new AppError('UNIT_NOT_CONSISTENT', { codes: verdict.codes.join(', ') });
  },

  async confirm({ ctx, tx, visit, data }) {
    await assertNotReserved(tx, visit.id, data.unit);
    const { evidence, anchoredSize } = await ctx.evidence.beforeUnsealing(data.unit, data.use);
    const index = required(await ctx.log.indexOf(consentLeafKey(visit.id)), 'consent');
    if (index >= anchoredSize) throw new AppError('CONSENT_NOT_ANCHORED');
    const row = { body: JSON.stringify({ evidence, anchoredSize }), taken_at: new Date(ctx.clock.now()) };
    await tx
      .insertInto('care.evidence')
      .values({ visit_id: visit.id, kind: beforeUnsealing(partOf(visit).n), ...row })
      .onConflict((c) => c.columns(['visit_id', 'kind']).doUpdateSet(row))
      .execute();
  },

  async patch({ ctx, tx, visit, data, attachments }) {
    const event = await ctx.custody.capture(tx, attachments.event, visit.clinic_id);
    const { unit, lot, use, amount, amountUnit, commitment } = data;
    const opened = { unit, lot, use, amount, amountUnit, unitCommitment: commitment, event };
    const { several, n } = partOf(visit);
    return {
      treatment: JSON.stringify({ ...opened, ...(several ? { part: visit.part, session: n } : {}) }),
    };
  },
};
