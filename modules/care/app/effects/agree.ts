/** The patient agrees: this consent text, in this version and language, after answering the questions. */
import { AppError, canonicalJson } from '@zhenmei/kernel';
import type { z } from 'zod';
import { consentTextHash, teachBack } from '../../core/consent.ts';
import type { AgreeData } from '../../core/step-data.ts';
import { assertGuardian } from '../minor.ts';
import { readConsent } from '../publish.ts';
import { type Effect, offerKey, required, same } from './effect.ts';

/** Key of the consent's leaf in the log. */
export function consentLeafKey(visitId: string): string {
  return `consent/${visitId}`;
}

export const agree: Effect<z.infer<typeof AgreeData>> = {
  deviceKey: offerKey,

  async check({ ctx, visit, data, attachments }) {
    same(data.agreement, visit.agreement_id, 'agreement');
    if (data.template !== visit.offer?.template || data.version !== visit.offer.version)
      throw new AppError('CONSENT_VERSION_CHANGED');
    const template = await readConsent(ctx, data.template, data.version);
    same(data.textHash, consentTextHash(template, data.language), 'textHash');
    same(data.teachBack, teachBack(template, required(attachments.answers, 'answers')), 'teachBack');
    const about = { visit: visit.id, agreement: data.agreement };
    const consent = { ...about, text: data.textHash };
    await assertGuardian(ctx, visit.minor, attachments.guardianConsent, 'consent', consent);
    await assertGuardian(ctx, visit.minor, attachments.guardianMoney, 'money', about);
    if (ctx.clock.now() > Date.parse(visit.quote.validUntil)) throw new AppError('STEP_NOT_ALLOWED');
  },

  async patch({ ctx, tx, visit, data }) {
    await ctx.log.append(tx, 0x03, canonicalJson({ commitment: data.commitment }), consentLeafKey(visit.id));
    const { template, version, language, textHash, teachBack: answers, commitment } = data;
    return {
      consent: JSON.stringify({ template, version, language, textHash, teachBack: answers, commitment }),
    };
  },
};
