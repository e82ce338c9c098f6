/** The clinic's offer: exact terms, signed by its account, with both licences presented for this visit. */

import { AppError, fromHex, sha256, toBase64Url, toHex0x, utf8 } from '@zhenmei/kernel';
import { packHash } from '@zhenmei/policy';
import type { z } from 'zod';
import { consentTextHash } from '../../core/consent.ts';
import { ageFacts } from '../../core/guardian.ts';
import type { OfferData } from '../../core/step-data.ts';
import { differsFrom, draftTerms } from '../../core/terms.ts';
import { assertCancellation, assertScope, loadParties } from '../gates.ts';
import { loadService } from '../load-service.ts';
import { readConsent, readStandard } from '../publish.ts';
import { type Effect, type EffectInput, required, same } from './effect.ts';

type Input = EffectInput<z.infer<typeof OfferData>>;

export const LICENCE_AUDIENCE = 'zhenmei:visit';

/** Nonce of a licence presentation: the visit's tag. */
export function licenceNonce(tag: string): string {
  return toBase64Url(fromHex(tag));
}

const digest = (text: string) => toHex0x(sha256(utf8(text)));

async function holders(input: Input) {
  const clinicToken = required(input.attachments.clinicPresentation, 'clinicPresentation');
  const doctorToken = required(input.attachments.doctorPresentation, 'doctorPresentation');
  const binding = { audience: LICENCE_AUDIENCE, nonce: licenceNonce(input.data.tag) };
  return {
    clinicToken,
    doctorToken,
    clinic: await input.ctx.identity.verifyPresentation(clinicToken, binding),
    doctor: await input.ctx.identity.verifyPresentation(doctorToken, binding),
  };
}

export const offer: Effect<z.infer<typeof OfferData>> = {
  async deviceKey(input) {
    const { clinic } = await holders(input);
    if (clinic.verdict !== 'proven' || !clinic.holderKey)
      throw new AppError('LICENCE_NOT_PROVEN', { who: 'clinic', code: clinic.code });
    return clinic.holderKey;
  },

  async check(input) {
    const { ctx, visit, data, attachments } = input;
    const service = await loadService(ctx, visit.service_id);
    const parties = await loadParties(ctx, visit.clinic_id, visit.doctor_id, service.body);
    assertScope(
      ctx,
      {
        action: 'visit.book',
        body: service.body,
        ...parties,
        ...ageFacts(visit.minor, ctx.clock.now(), visit.age_proven),
      },
      input.lang,
    );

    // a list that was published under earlier rules
    await assertCancellation(ctx, visit.clinic_id, visit.quote, input.lang);

    const shown = await holders(input);
    for (const [who, presentation, subject] of [
      ['clinic', shown.clinic, visit.clinic_id],
      ['doctor', shown.doctor, visit.doctor_id],
    ] as const)
      if (presentation.verdict !== 'proven' || presentation.subject !== subject)
        throw new AppError('LICENCE_NOT_PROVEN', {
          who,
          code: presentation.verdict === 'proven' ? 'OTHER_SUBJECT' : presentation.code,
        });
    same(data.clinicPresentation, digest(shown.clinicToken), 'clinicPresentation');
    same(data.doctorPresentation, digest(shown.doctorToken), 'doctorPresentation');
    same(data.sealedSecret, digest(required(attachments.sealedSecret, 'sealedSecret')), 'sealedSecret');

    const template = await readConsent(ctx, data.template, data.version);
    if (template.id !== service.body.consent.id || template.version !== service.body.consent.version)
      throw new AppError('CONSENT_VERSION_CHANGED');
    same(data.textHashZh, consentTextHash(template, 'zh-CN'), 'textHashZh');
    same(data.textHashEn, consentTextHash(template, 'en'), 'textHashEn');

    const standard = await readStandard(ctx, service.body.standard.id, service.body.standard.version);
    const slot = await ctx.db
      .selectFrom('care.slot')
      .selectAll()
      .where('id', '=', visit.slot_id)
      .executeTakeFirstOrThrow();
    const pack = ctx.packs(parties.clinic.region)[0];
    const terms = required(attachments.terms, 'terms');
    const expected = draftTerms({
      patient: visit.patient_address,
      clinic: parties.clinic.account,
      payout: visit.payout,
      reviewCommitment: visit.review_commitment,
      quote: visit.quote,
      quoteHash: data.quote,
      salt: data.tag,
      standard: standard.standard,
      standardHash: standard.hash,
      startsAt: slot.starts_at.getTime(),
      coolingOffSeconds: Number(pack?.parameters.coolingOffSeconds),
      frame: ctx.chain.termsFrame(parties.clinic.region),
    });
    const field = differsFrom(terms, expected);
    if (field) throw new AppError('OFFER_WRONG', { field });
    same(data.agreement, ctx.chain.agreementId(terms), 'agreement');
    if (!(await ctx.chain.offerSigned(terms, required(attachments.offerSignature, 'offerSignature'))))
      throw new AppError('OFFER_WRONG', { field: 'signature' });
  },

  async patch(input) {
    const { data, attachments, visit, ctx } = input;
    const pack = ctx.packs(
      (
        await loadParties(
          ctx,
          visit.clinic_id,
          visit.doctor_id,
          (
            await loadService(ctx, visit.service_id)
          ).body,
        )
      ).clinic.region,
    )[0]!;
    return {
      agreement_id: data.agreement,
      terms: JSON.stringify(attachments.terms),
      offer: JSON.stringify({
        signature: required(attachments.offerSignature, 'offerSignature'),
        doctorPresentation: required(attachments.doctorPresentation, 'doctorPresentation'),
        clinicPresentation: required(attachments.clinicPresentation, 'clinicPresentation'),
        sealedSecret: required(attachments.sealedSecret, 'sealedSecret'),
        publicKey: await this.deviceKey(input),
        template: data.template,
        version: data.version,
        tag: data.tag,
        policy: `0x${packHash(pack)}`,
        pack,
      }),
      lapses_at: new Date(visit.quote.validUntil),
    };
  },
};
