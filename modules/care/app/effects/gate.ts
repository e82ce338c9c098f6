/** What the patient's device reports about the gate, and what a doctor decides about it. */
import { AppError, sha256, toHex0x, toIso, utf8 } from '@zhenmei/kernel';
import type { z } from 'zod';
import type { GateRow } from '../../adapters/schema.ts';
import { assertMayDecide, licenceIn, OVERRIDE_AUDIENCE, overrideNonce } from '../../core/gate.ts';
import type { OverrideData, ReportGateData } from '../../core/step-data.ts';
import { stepHash } from '../../core/steps.ts';
import { type Effect, offerKey, required, same } from './effect.ts';

export const reportGate: Effect<z.infer<typeof ReportGateData>> = {
  deviceKey: offerKey,

  async check({ tx, visit, data, attachments }) {
    // what stops the treatment has to say why to the two who treat and are treated
    if (data.outcome !== 'clear') required(attachments.sealedGate, 'sealedGate');
    const pending = await tx
      .selectFrom('care.pending_step')
      .select('signatures')
      .where('visit_id', '=', visit.id)
      .executeTakeFirst();
    if (pending?.signatures.patient && pending.signatures.clinic) throw new AppError('GATE_TOO_LATE');
  },

  async patch({ ctx, step, data, attachments }) {
    const gate: GateRow = {
      outcome: data.outcome,
      report: stepHash(step),
      reasons: data.reasons,
      sealed: attachments.sealedGate ?? null,
      at: toIso(ctx.clock.now()),
      override: null,
    };
    return { gate: JSON.stringify(gate) };
  },
};

export const override: Effect<z.infer<typeof OverrideData>> = {
  deviceKey: offerKey,

  async check({ ctx, visit, data, attachments }) {
    const { gate, offer } = visit;
    if (!gate || gate.outcome === 'clear' || gate.override) throw new AppError('STEP_NOT_ALLOWED');
    if (gate.report !== data.report) throw new AppError('OVERRIDE_OTHER_REPORT');
    same(data.level, gate.outcome === 'blocked' ? 'second' : 'asked', 'level');
    required(attachments.sealedGate, 'sealedGate');
    const presentation = required(attachments.doctorPresentation, 'doctorPresentation');
    same(data.presentation, toHex0x(sha256(utf8(presentation))), 'presentation');
    const shown = await ctx.identity.verifyPresentation(presentation, {
      audience: OVERRIDE_AUDIENCE,
      nonce: overrideNonce(visit.id, data),
    });
    if (shown.verdict !== 'proven')
      throw new AppError('LICENCE_NOT_PROVEN', { who: 'doctor', code: shown.code });
    if (shown.subject !== data.doctor || !(await ctx.identity.doctor(data.doctor)))
      throw new AppError('LICENCE_NOT_PROVEN', { who: 'doctor', code: 'OTHER_SUBJECT' });
    assertMayDecide(
      gate.outcome,
      { doctor: data.doctor, licence: licenceIn(presentation) },
      { doctor: visit.doctor_id, licence: licenceIn(offer?.doctorPresentation ?? '') },
    );
  },

  async patch({ ctx, visit, data, attachments }) {
    const { level, doctor, decision } = data;
    const gate: GateRow = {
      ...visit.gate!,
      override: {
        level,
        doctor,
        decision,
        presentation: attachments.doctorPresentation!,
        sealed: attachments.sealedGate!,
        at: toIso(ctx.clock.now()),
      },
    };
    return { gate: JSON.stringify(gate) };
  },
};
