/** Consent: this text, in this version and language, was signed before anything was opened. */

import type { Receipt } from '@zhenmei/care/core/receipt.ts';
import { AgreeData, OfferData } from '@zhenmei/care/core/step-data.ts';
import { VisitStep, verifyDevice, verifyPatient } from '@zhenmei/care/core/steps.ts';
import { anchorRootSlot, anchorSizeSlot, readAnchor, useSlot } from '@zhenmei/contracts/deploy/slots.ts';
import {
  AppError,
  canonicalJson,
  commit,
  fromHex,
  fromUtf8,
  type Hex,
  keccak256,
  sha256,
  textHash,
  toHex0x,
  utf8,
} from '@zhenmei/kernel';
import { verifyLogProof } from '@zhenmei/tlog/core/log-proof.ts';
import { provenState } from '../chain.ts';
import type { PartContext } from '../context.ts';
import { type ProofResult, result } from '../result.ts';
import { holderKeyOf } from './licence.ts';

type ConsentPart = NonNullable<Receipt['parts']['consent']>;

export async function proveConsent(part: ConsentPart, context: PartContext): Promise<ProofResult> {
  const { claims, evidence } = part;
  if (toHex0x(textHash(evidence.text)) !== claims.textHash) throw new AppError('CONSENT_TEXT_DIFFERS');
  checkSignatures(part, context);

  const log = context.trust.logs.find(({ origin }) => origin === evidence.proof.origin);
  if (!log) throw new AppError('CONSENT_AFTER_OPENING');
  const leaf = verifyLogProof(evidence.proof, log);
  const commitment = toHex0x(commit(fromHex(evidence.salt), claims));
  if (leaf.leaf[0] !== 0x03 || fromUtf8(leaf.leaf.subarray(1)) !== canonicalJson({ commitment }))
    throw new AppError('CONSENT_TEXT_DIFFERS');

  const state = provenState(evidence.before, context);
  const origin = toHex0x(keccak256(utf8(evidence.proof.origin)));
  const anchored = readAnchor(state.word('LogAnchor', anchorSizeSlot(origin)));
  if (
    anchored.size !== leaf.size ||
    state.word('LogAnchor', anchorRootSlot(origin)) !== BigInt(toHex0x(leaf.root))
  )
    throw new AppError('CONSENT_AFTER_OPENING');
  const product = context.receipt.parts.product?.claims;
  if (
    product &&
    state.word('UnitRegistry', useSlot(toHex0x(keccak256(utf8(product.unit))), product.use)) !== 0n
  )
    throw new AppError('CONSENT_AFTER_OPENING');
  if (leaf.index >= context.sealIndex) throw new AppError('CONSENT_AFTER_OPENING');
  return result('proven', 'CONSENT_PROVEN', {
    grade: state.grade,
    facts: {
      template: claims.template,
      version: claims.version,
      language: claims.language,
      before: state.block.time,
      block: state.block.number,
    },
  });
}

/** The patient signed the agreement step, the clinic's licensed device the offer before it; both name this text. */
function checkSignatures({ claims, evidence }: ConsentPart, { receipt }: PartContext): void {
  const agree = VisitStep.safeParse(evidence.patient.step);
  const offer = VisitStep.safeParse(evidence.clinic.step);
  if (!agree.success || !offer.success) throw new AppError('CONSENT_NOT_SIGNED', { side: 'form' });
  const said = AgreeData.safeParse(agree.data.data);
  const offered = OfferData.safeParse(offer.data.data);
  if (!said.success || !offered.success || agree.data.visit !== offer.data.visit)
    throw new AppError('CONSENT_NOT_SIGNED', { side: 'form' });
  const { commitment, ...record } = said.data;
  if (
    canonicalJson(record) !== canonicalJson(claims) ||
    commitment !== toHex0x(commit(fromHex(evidence.salt), claims))
  )
    throw new AppError('CONSENT_NOT_SIGNED', { side: 'patient' });
  const shown = claims.language === 'en' ? offered.data.textHashEn : offered.data.textHashZh;
  if (shown !== claims.textHash || offered.data.agreement !== claims.agreement)
    throw new AppError('CONSENT_NOT_SIGNED', { side: 'clinic' });

  const guard = (side: string, check: () => void) => {
    try {
      check();
    } catch (cause) {
      throw new AppError('CONSENT_NOT_SIGNED', { side }, { cause });
    }
  };
  guard('patient', () =>
    verifyPatient(agree.data, evidence.patient.signature as Hex, evidence.patient.address as Hex),
  );
  guard('clinic', () =>
    verifyDevice(offer.data, evidence.clinic.signature as Hex, fromHex(evidence.clinic.publicKey)),
  );
  const terms = receipt.parts.money?.evidence.terms as { patient?: unknown } | undefined;
  if (terms && terms.patient !== evidence.patient.address)
    throw new AppError('CONSENT_NOT_SIGNED', { side: 'patient' });
  const licence = receipt.parts.licence?.evidence.clinic;
  if (licence) {
    if (holderKeyOf(licence) !== evidence.clinic.publicKey)
      throw new AppError('CONSENT_NOT_SIGNED', { side: 'clinic' });
    if (toHex0x(sha256(utf8(licence))) !== offered.data.clinicPresentation)
      throw new AppError('CONSENT_NOT_SIGNED', { side: 'clinic' });
  }
}
