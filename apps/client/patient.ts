/** A patient's device: the vault's keys, one fresh key a visit, and every step it signs. */
import { careApi, type VisitView } from '@zhenmei/care/api.ts';
import { type ConsentTemplate, consentTextHash, teachBack } from '@zhenmei/care/core/consent.ts';
import { sessionSecret } from '@zhenmei/care/core/course.ts';
import { passes } from '@zhenmei/care/core/gate.ts';
import { quoteHash } from '@zhenmei/care/core/quote.ts';
import { claimEvidence, sealCommitment, sealDigests, sealSalt } from '@zhenmei/care/core/receipt.ts';
import { type Acknowledgement, acknowledge } from '@zhenmei/care/core/sealed-record.ts';
import { ServiceStandard } from '@zhenmei/care/core/standard.ts';
import { differsFrom, draftTerms } from '@zhenmei/care/core/terms.ts';
import type { NewVersion } from '@zhenmei/care/record-api.ts';
import {
  agreementId,
  attendanceTypedData,
  forwardTypedData,
  type TermsJson,
  termsFromJson,
} from '@zhenmei/contracts/deploy/typed-data.ts';
import { CareEscrowAbi } from '@zhenmei/contracts/generated/abis.ts';
import { AppError, commit, defineErrors, fromHex, type Hex, toHex0x } from '@zhenmei/kernel';
import { moneyApi } from '@zhenmei/money/api.ts';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import {
  agreementKey,
  agreementSealKeys,
  payoutReference,
  readSecret,
  reviewCommitment,
  visitValue,
} from '@zhenmei/vault/core/derive.ts';
import type { HealthAnswer, KnownHealth } from '@zhenmei/vault/core/health/gate.ts';
import { encodeFunctionData, pad } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { AgeAsked } from './age.ts';
import { allClaims } from './claims.ts';
import { frameOf } from './coin-frame.ts';
import { assertGate } from './gate.ts';
import type { GuardianAsked } from './guardian.ts';
import { partEvidence } from './part-evidence.ts';
import { keyOf, nextStep, type PatientIo, type PatientVisit, send, visitSecret } from './patient-steps.ts';
import { proposedRecord } from './records/read-record.ts';

export { type PatientIo, type PatientVisit, readVisit, visitSecret } from './patient-steps.ts';

defineErrors({
  OFFER_NOT_AS_QUOTED: {
    status: 422,
    retryable: false,
    zh: '合同与报价不一致（{field}），没有签署。',
    en: 'The agreement differs from the quote ({field}); nothing was signed.',
  },
  SEAL_NOT_AS_AGREED: {
    status: 422,
    retryable: false,
    zh: '机构提交的封存与这次就诊不符，没有签署。',
    en: 'The seal proposed by the clinic does not fit this visit; nothing was signed.',
  },
});

/** Somebody under age; without a guardian the rules of the region say what happens. */
export interface BookedByGuardian {
  readonly guardian: GuardianAsked | null;
}

/** @param showAge where the region asks for a certificate of age; who is under age shows none */
export async function bookVisit(
  io: PatientIo,
  root: Uint8Array<ArrayBuffer>,
  index: number,
  choice: {
    serviceId: string;
    slotId: string;
    gate: HealthAnswer['outcome'];
    changeOrder?: string;
    byInstalments?: boolean;
  },
  minor: BookedByGuardian | null = null,
  showAge: AgeAsked | null = null,
): Promise<{ visit: PatientVisit; view: VisitView }> {
  const { token, hash } = readSecret(root, index);
  const id = io.newId();
  const { address: patientAddress } = agreementKey(root, index);
  const guardian = minor?.guardian
    ? await minor.guardian({ visit: id, service: choice.serviceId, slot: choice.slotId }, patientAddress)
    : null;
  const about = { visit: id, service: choice.serviceId, slot: choice.slotId, address: patientAddress };
  const age = minor === null && showAge ? { age: await showAge(about) } : {};
  const { byInstalments, ...slot } = choice;
  const { contracts } = await io.api.call(houseApi.readConfig);
  const body = {
    id,
    ...slot,
    adult: minor === null,
    ...age,
    ...(guardian ? { guardian } : {}),
    patientAddress,
    patientSealKey: agreementSealKeys(root, index).publicKey,
    reviewCommitment: reviewCommitment(root, index),
    payout: byInstalments ? bookPayout(contracts) : payoutReference(root, index),
    readTokenHash: hash,
  };
  const view = await io.api.call(careApi.bookVisit, { body, bearer: token });
  return { visit: { id: view.id, index, root }, view };
}

/** The book's address as the place to which the money of an agreement paid by instalments returns. */
export const bookPayout = (contracts: Readonly<Record<string, Hex>>): Hex =>
  pad(contracts.InstalmentBook!, { size: 32 });

/** Whether the agreement is to be paid by instalments: what comes back of it goes through the book. */
export const isFinanced = (view: VisitView, contracts: Readonly<Record<string, Hex>>): boolean =>
  (view.terms as { payout?: Hex } | null)?.payout === bookPayout(contracts);

/** Computes the terms again from quote and standard; signs nothing that differs. Throws OFFER_NOT_AS_QUOTED. */
export async function checkOffer(io: PatientIo, visit: PatientVisit, view: VisitView): Promise<TermsJson> {
  const config = await io.api.call(houseApi.readConfig);
  const { standard, hash } = await io.api.call(careApi.readStandard, { params: view.service.standard });
  const secret = await visitSecret(visit, view);
  const expected = draftTerms({
    patient: keyOf(visit).address,
    clinic: view.clinic.account,
    payout: isFinanced(view, config.contracts)
      ? bookPayout(config.contracts)
      : payoutReference(visit.root, visit.index),
    reviewCommitment: reviewCommitment(visit.root, visit.index),
    quote: view.quote,
    quoteHash: quoteHash(view.quote, visitValue.quoteSalt(secret)),
    salt: visitValue.licenceTag(secret),
    standard: ServiceStandard.parse(standard),
    standardHash: hash,
    startsAt: Date.parse(view.slot.startsAt),
    coolingOffSeconds: config.coolingOffSeconds,
    frame: frameOf(config, view),
  });
  const field = differsFrom(view.terms, expected);
  if (field) throw new AppError('OFFER_NOT_AS_QUOTED', { field });
  return expected as TermsJson;
}

/** @param guardian signs for somebody under age, once for the consent and once for the money */
export async function agree(
  io: PatientIo,
  visit: PatientVisit,
  view: VisitView,
  template: ConsentTemplate,
  language: 'zh-CN' | 'en',
  answers: readonly number[],
  guardian:
    | ((use: 'consent' | 'money', about: Readonly<Record<string, string>>) => Promise<string>)
    | null = null,
): Promise<VisitView> {
  const terms = await checkOffer(io, visit, view);
  const secret = await visitSecret(visit, view);
  const record = {
    agreement: agreementId(termsFromJson(terms)),
    template: template.id,
    version: template.version,
    language,
    textHash: consentTextHash(template, language),
    teachBack: teachBack(template, answers),
  };
  const commitment = toHex0x(commit(fromHex(visitValue.consentSalt(secret)), record));
  const about = { visit: visit.id, agreement: record.agreement };
  const signedFor = guardian && {
    guardianConsent: await guardian('consent', { ...about, text: record.textHash }),
    guardianMoney: await guardian('money', about),
  };
  return send(io, visit, nextStep(io, view, 'agree', { ...record, commitment }), {
    attachments: { answers, ...signedFor },
  });
}

/**
 * Relays a step of the escrow, signed with the visit's own key.
 * @param until the last second, since the epoch, in which it may still happen; null for a step that costs the same later
 */
export async function relayEscrow(
  io: PatientIo,
  visit: PatientVisit,
  functionName: 'open' | 'accept' | 'cancel' | 'dispute',
  view: VisitView,
  until: number | null = null,
): Promise<{ transaction: Hex; block: number }> {
  // paid by the patient herself, it must return to herself
  if (functionName === 'open') {
    const { contracts } = await io.api.call(houseApi.readConfig);
    if (isFinanced(view, contracts)) throw new AppError('OFFER_NOT_AS_QUOTED', { field: 'payout' });
  }
  const terms = termsFromJson(view.terms as never);
  const args = functionName === 'open' ? [terms, view.offerSignature] : [terms];
  const data = encodeFunctionData({ abi: CareEscrowAbi, functionName, args: args as never });
  return relayCall(io, visit, 'CareEscrow', data, until);
}

/** Relays a call, signed with the visit's own key; it stands for ten minutes, or until that second. */
export async function relayCall(
  io: PatientIo,
  visit: PatientVisit,
  contract: 'CareEscrow' | 'GuaranteeBook',
  data: Hex,
  until: number | null = null,
): Promise<{ transaction: Hex; block: number }> {
  const config = await io.api.call(houseApi.readConfig);
  const { address, privateKey } = keyOf(visit);
  const { nonce } = await io.api.call(moneyApi.forwardNonce, { params: { address } });
  const message = {
    from: address,
    to: config.contracts[contract]!,
    value: 0n,
    gas: 1_500_000n,
    nonce: BigInt(nonce),
    deadline: Math.min(Math.floor(io.now() / 1000) + 600, until ?? Number.POSITIVE_INFINITY),
    data,
  };
  const signature = await privateKeyToAccount(toHex0x(privateKey)).signTypedData(
    forwardTypedData(config.chainId, config.contracts.ERC2771Forwarder!, message),
  );
  return io.api.call(moneyApi.relay, {
    body: { request: { ...message, value: '0', gas: message.gas.toString(), nonce }, signature },
  });
}

/** Whether the patient decides alone: from the day on which the guardian's rights end. */
export const isAdult = (io: PatientIo, { minorUntil }: VisitView): boolean =>
  minorUntil === null || io.now() >= Date.parse(`${minorUntil}T00:00:00Z`);

/** Everything before the visit is done, and nothing known speaks against it. Throws GATE_BLOCKS, GATE_ASKS. */
export async function makeReady(
  io: PatientIo,
  visit: PatientVisit,
  view: VisitView,
  known: KnownHealth,
): Promise<VisitView> {
  const told = await assertGate(io, visit, view, known);
  return send(
    io,
    visit,
    nextStep(io, told, 'make-ready', { adult: isAdult(io, view), allergyGate: passes(told.gate) }),
  );
}

/**
 * Confirms what the clinic proposed, with the six digits from its screen. Check-in and unsealing only if the gate, on
 * what is known now, lets them pass. Throws GATE_BLOCKS, GATE_ASKS.
 */
export async function confirm(
  io: PatientIo,
  visit: PatientVisit,
  view: VisitView,
  code: string,
  known: KnownHealth,
): Promise<VisitView> {
  const { pending } = view;
  if (!pending) throw new AppError('STEP_NOT_ALLOWED');
  if (pending.step.type === 'follow-up') {
    const evidence = partEvidence(await visitSecret(visit, view), view);
    if (evidence !== pending.step.data.evidence) throw new AppError('SEAL_NOT_AS_AGREED');
    const attendanceSignature = await signAttendance(io, visit, view, evidence);
    return send(io, visit, pending.step, { code, attachments: { attendanceSignature } });
  }
  if (pending.step.type !== 'perform') {
    await assertGate(io, visit, view, known);
    return send(io, visit, pending.step, { code });
  }
  const secret = await visitSecret(visit, view);
  const { seal, evidence } = expectedSeal(secret, view);
  if (seal !== pending.step.data.commitment || evidence !== pending.step.data.evidence)
    throw new AppError('SEAL_NOT_AS_AGREED');
  const attendanceSignature = await signAttendance(io, visit, view, evidence);
  const { record } = pending.attachments as { record?: NewVersion };
  const acknowledgement = record && (await readFirst(io, visit, secret, record));
  return send(io, visit, pending.step, { code, attachments: { attendanceSignature, acknowledgement } });
}

/** That she attended the present part, as the contract asks for it. */
async function signAttendance(
  io: PatientIo,
  visit: PatientVisit,
  view: VisitView,
  evidence: Hex,
): Promise<Hex> {
  const config = await io.api.call(houseApi.readConfig);
  const typed = attendanceTypedData(config.chainId, config.contracts.CareEscrow!, {
    agreement: view.agreementId!,
    milestone: view.parts?.present ?? 0,
    evidence,
  });
  return privateKeyToAccount(toHex0x(keyOf(visit).privateKey)).signTypedData(typed);
}

/** Signs for the record only after it was opened and found to be what is committed to. Throws RECORD_CHANGED. */
async function readFirst(
  io: PatientIo,
  visit: PatientVisit,
  secret: Uint8Array,
  record: NewVersion,
): Promise<Acknowledgement> {
  await proposedRecord(visit.id, secret, record);
  return acknowledge(record.statement, new Date(io.now()).toISOString(), keyOf(visit).privateKey);
}

/** Seal and claim evidence as this visit must have them; both sides compute them alike. */
export function expectedSeal(secret: Uint8Array<ArrayBuffer>, view: VisitView): { seal: Hex; evidence: Hex } {
  const { session, part } = treatedIn(view);
  const own = sessionSecret(secret, session);
  const seal = sealCommitment(sealDigests(own, allClaims(secret, view)), sealSalt(own));
  return { seal, evidence: claimEvidence(secret, part, seal).evidence };
}

/** Of which session and milestone a visit's treatment is. */
export function treatedIn({ treatment }: VisitView): { session: number; part: number } {
  const { session = 1, part = 0 } = (treatment ?? {}) as { session?: number; part?: number };
  return { session, part };
}

export async function cancelBooking(io: PatientIo, visit: PatientVisit, view: VisitView): Promise<VisitView> {
  return send(io, visit, nextStep(io, view, 'cancel', { reason: 'changed-mind' }));
}
