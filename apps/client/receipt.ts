/** Puts the receipt together on the patient's device: the server's evidence and the secrets that only the visit knows. */
import { careApi, type VisitView } from '@zhenmei/care/api.ts';
import { sessionSecret } from '@zhenmei/care/core/course.ts';
import {
  claimEvidence,
  PARTS,
  type PartName,
  partSalt,
  RECEIPT_TYPE,
  Receipt,
  receiptText,
  sealCommitment,
  sealDigests,
  sealSalt,
} from '@zhenmei/care/core/receipt.ts';
import { type Hex, toHex0x } from '@zhenmei/kernel';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { readSecret, visitValue } from '@zhenmei/vault/core/derive.ts';
import { allClaims } from './claims.ts';
import { type PatientIo, type PatientVisit, treatedIn, visitSecret } from './patient.ts';

interface Evidence {
  readonly 'before-unsealing': { evidence: unknown; anchoredSize: number };
  readonly settled: Record<string, unknown> & {
    review: { chain: unknown; root: string; index: number; siblings: string[] };
  };
  readonly steps: Record<'offer' | 'agree', { step: unknown; signatures: { patient?: Hex; clinic?: Hex } }>;
  readonly offer: { doctorPresentation: string; clinicPresentation: string; publicKey: Hex };
  readonly treatment: { evidence: Hex; attendance: Hex };
  readonly terms: unknown;
}

/** @returns the receipt and its canonical text. Throws EVIDENCE_NOT_READY until the visit is settled. */
export async function buildReceipt(
  io: PatientIo,
  visit: PatientVisit,
  view: VisitView,
): Promise<{ receipt: Receipt; text: string }> {
  const given = (await io.api.call(careApi.readEvidence, {
    params: { id: visit.id },
    bearer: readSecret(visit.root, visit.index).token,
  })) as unknown as Evidence;
  const config = await io.api.call(houseApi.readConfig);
  const { standard } = await io.api.call(careApi.readStandard, { params: view.service.standard });
  const template = await io.api.call(careApi.readConsent, {
    params: { id: view.consent!.template, version: view.consent!.version },
  });
  const secret = await visitSecret(visit, view);
  const claims = allClaims(secret, view);
  const { session, part } = treatedIn(view);
  const own = sessionSecret(secret, session);
  const digests = sealDigests(own, claims);
  const { settled, steps, offer } = given;
  const claim = claimEvidence(secret, part, sealCommitment(digests, sealSalt(own)));
  const evidence: Record<PartName, unknown> = {
    licence: {
      doctor: offer.doctorPresentation,
      clinic: offer.clinicPresentation,
      statusLists: settled.statusLists,
      policy: settled.policy,
      chain: settled.licence,
    },
    product: {
      events: settled.events,
      authorisation: settled.authorisation,
      statusLists: settled.productStatusLists,
      chain: settled.product,
    },
    consent: {
      text: view.consent!.language === 'en' ? template.text.en : template.text.zh,
      salt: visitValue.consentSalt(secret),
      proof: settled.consentProof,
      patient: {
        step: steps.agree.step,
        signature: steps.agree.signatures.patient,
        address: view.patientAddress,
      },
      clinic: {
        step: steps.offer.step,
        signature: steps.offer.signatures.clinic,
        publicKey: offer.publicKey,
      },
      before: given['before-unsealing'].evidence,
    },
    money: {
      terms: given.terms,
      standard,
      attendance: {
        milestone: part,
        evidence: claim.evidence,
        salt: claim.salt,
        signature: given.treatment.attendance,
      },
      chain: settled.money,
    },
    review: settled.review,
  };
  const receipt = Receipt.parse({
    type: RECEIPT_TYPE,
    version: 1,
    chainId: config.chainId,
    seal: { digests, salt: toHex0x(sealSalt(own)), proof: settled.sealProof },
    parts: Object.fromEntries(
      PARTS.map((name) => [
        name,
        { claims: claims[name], salt: toHex0x(partSalt(own, name)), evidence: evidence[name] },
      ]),
    ),
  });
  return { receipt, text: receiptText(receipt) };
}
