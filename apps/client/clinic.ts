/** A clinic's device: offers with both licences, opens the unit, seals the record, claims the money. */
import { careApi, type VisitView } from '@zhenmei/care/api.ts';
import { consentTextHash } from '@zhenmei/care/core/consent.ts';
import { sessionSecret } from '@zhenmei/care/core/course.ts';
import { passes } from '@zhenmei/care/core/gate.ts';
import { presenceHash } from '@zhenmei/care/core/presence.ts';
import { quoteHash } from '@zhenmei/care/core/quote.ts';
import { type RecordStatement, statementHash } from '@zhenmei/care/core/sealed-record.ts';
import { stepAfter, stepDigest, type VisitStep } from '@zhenmei/care/core/steps.ts';
import { draftTerms } from '@zhenmei/care/core/terms.ts';
import { dispensingEvent } from '@zhenmei/care/core/use-gate.ts';
import { recordApi } from '@zhenmei/care/record-api.ts';
import {
  agreementId,
  offerTypedData,
  type TermsJson,
  termsFromJson,
} from '@zhenmei/contracts/deploy/typed-data.ts';
import { CareEscrowAbi, UnitRegistryAbi } from '@zhenmei/contracts/generated/abis.ts';
import { presentSdJwt } from '@zhenmei/identity/core/sd-jwt.ts';
import {
  canonicalJson,
  derive,
  fromHex,
  type Hex,
  keccak256,
  sha256,
  toBase64Url,
  toHex0x,
  utf8,
} from '@zhenmei/kernel';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { visitValue } from '@zhenmei/vault/core/derive.ts';
import type { TreatmentInput } from '@zhenmei/vault/core/record.ts';
import { sealTo } from '@zhenmei/vault/core/seal.ts';
import { encodeFunctionData, erc20Abi, pad } from 'viem';
import { eventCommitment } from './claims.ts';
import { frameOf } from './coin-frame.ts';
import { type Desk, operate, signForAccount } from './desk.ts';
import { partEvidence } from './part-evidence.ts';
import { expectedSeal, treatedIn } from './patient.ts';
import { makeVersion, writtenRecord } from './records/write-record.ts';
import { unitId, unitProof } from './unit-tree.ts';

export interface Clinic {
  readonly desk: Desk;
  /** 32 bytes of this device; every visit's secret follows from it. */
  readonly secret: Uint8Array;
  readonly licence: string;
  readonly doctorLicences: Readonly<Record<string, string>>;
  readonly gln: string;
  now(): number;
  random(length: number): Uint8Array<ArrayBuffer>;
}

export const visitSecretOf = (clinic: Clinic, visitId: string): Uint8Array<ArrayBuffer> =>
  derive(clinic.secret, `zhenmei/clinic/visit/${visitId}`);

/** Label under which a sealed record is left: only the two who know the secret can compute it. */
export const mailboxLabel = (secret: Uint8Array): string =>
  toBase64Url(derive(secret, 'zhenmei/visit/mailbox'));

const digest = (text: string) => toHex0x(sha256(utf8(text)));

export async function send(clinic: Clinic, step: VisitStep, attachments: object): Promise<VisitView> {
  const signature = toHex0x(await clinic.desk.device.sign(stepDigest(step)));
  return clinic.desk.api.call(careApi.takeStep, {
    params: { id: step.visit },
    body: { step, signature, by: 'clinic', attachments } as never,
  });
}

export function nextStep(
  clinic: Clinic,
  view: VisitView,
  type: VisitStep['type'],
  data: VisitStep['data'],
): VisitStep {
  return stepAfter(view, type, data, clinic.now());
}

/** The offer: exact terms signed by the clinic's account, both licences shown for this visit. One passkey prompt. */
export async function makeOffer(clinic: Clinic, view: VisitView): Promise<VisitView> {
  const { api } = clinic.desk;
  const config = await api.call(houseApi.readConfig);
  const secret = visitSecretOf(clinic, view.id);
  const tag = visitValue.licenceTag(secret);
  const template = await api.call(careApi.readConsent, { params: view.service.consent });
  const { standard, hash: standardHash } = await api.call(careApi.readStandard, {
    params: view.service.standard,
  });
  const terms = draftTerms({
    patient: view.patientAddress,
    clinic: clinic.desk.account,
    payout: view.payout,
    reviewCommitment: view.reviewCommitment,
    quote: view.quote,
    quoteHash: quoteHash(view.quote, visitValue.quoteSalt(secret)),
    salt: tag,
    standard,
    standardHash,
    startsAt: Date.parse(view.slot.startsAt),
    coolingOffSeconds: config.coolingOffSeconds,
    frame: frameOf(config, view),
  });
  const agreement = agreementId(termsFromJson(terms as TermsJson));
  const binding = {
    audience: 'zhenmei:visit',
    nonce: toBase64Url(fromHex(tag)),
    at: Math.floor(clinic.now() / 1000),
  };
  const doctorLicence = clinic.doctorLicences[view.doctor.id] ?? '';
  const doctorPresentation = await presentSdJwt(
    doctorLicence,
    ['leadSpecialties', 'practisesAt'],
    binding,
    clinic.desk.device.sign,
  );
  const clinicPresentation = await presentSdJwt(
    clinic.licence,
    ['name', 'departments'],
    binding,
    clinic.desk.device.sign,
  );
  const sealedSecret = await sealTo(view.patientSealKey, secret, `visit/${view.id}`, clinic.random(76));
  const offerSignature = await signForAccount(
    clinic.desk,
    offerTypedData(config.chainId, config.contracts.CareEscrow!, agreement) as never,
  );
  const data = {
    agreement,
    quote: terms.quote,
    template: template.id,
    version: template.version,
    textHashZh: consentTextHash(template, 'zh-CN'),
    textHashEn: consentTextHash(template, 'en'),
    tag,
    doctorPresentation: digest(doctorPresentation),
    clinicPresentation: digest(clinicPresentation),
    sealedSecret: digest(sealedSecret),
  };
  return send(clinic, nextStep(clinic, view, 'offer', data), {
    terms,
    offerSignature,
    doctorPresentation,
    clinicPresentation,
    sealedSecret,
  });
}

/** Shows six digits; the patient's device confirms with them. Throws GATE_BLOCKS, GATE_ASKS. */
export async function proposeCheckIn(clinic: Clinic, view: VisitView, code: string): Promise<VisitView> {
  return send(
    clinic,
    nextStep(clinic, view, 'check-in', { presence: presenceHash(view.id, code), gate: passes(view.gate) }),
    {},
  );
}

export interface UnitChoice {
  /** Digital Links. */
  readonly unit: string;
  readonly lot: string;
  readonly use: number;
  readonly amount: number;
  readonly amountUnit: string;
  /** What the unit holds before this use. */
  readonly remaining: number;
}

export async function proposeUnseal(
  clinic: Clinic,
  view: VisitView,
  choice: UnitChoice,
  code: string,
): Promise<VisitView> {
  const secret = sessionSecret(visitSecretOf(clinic, view.id), view.parts?.n ?? 1);
  const site = `https://id.gs1.org/414/${clinic.gln}`;
  const event = {
    ...dispensingEvent(choice.unit, choice.remaining, choice),
    eventTime: new Date(clinic.now()).toISOString(),
    eventTimeZoneOffset: '+08:00',
    readPoint: { id: site },
    bizLocation: { id: site },
    'zm:procedureCommitment': eventCommitment(secret),
  };
  const data = {
    presence: presenceHash(view.id, code),
    gate: passes(view.gate),
    unit: choice.unit,
    lot: choice.lot,
    use: choice.use,
    amount: choice.amount,
    amountUnit: choice.amountUnit,
    commitment: toHex0x(keccak256(fromHex(visitValue.opener(secret, choice.use)))),
  };
  return send(clinic, nextStep(clinic, view, 'unseal', data), { event });
}

/** Once both have signed: spends the unit on chain. One passkey prompt. */
export async function openUnit(clinic: Clinic, view: VisitView): Promise<VisitView> {
  const { api } = clinic.desk;
  const step = view.pending?.step;
  const config = await api.call(houseApi.readConfig);
  const lot = String(step?.data.lot);
  const unit = String(step?.data.unit);
  const { units } = await api.call(provenanceApi.readLot, { query: { link: lot } });
  const args = [
    unitId(lot),
    unitId(unit),
    unitProof(units, unit),
    BigInt(Number(step?.data.amount)),
    step?.data.commitment as Hex,
  ] as const;
  await operate(clinic.desk, [
    {
      to: config.contracts.UnitRegistry!,
      data: encodeFunctionData({ abi: UnitRegistryAbi, functionName: 'open', args }),
    },
  ]);
  return readVisitAtDesk(clinic, view.id);
}

export const readVisitAtDesk = (clinic: Clinic, id: string): Promise<VisitView> =>
  clinic.desk.api.call(careApi.readVisit, { params: { id } });

/** The record: sealed to the patient, and as the first version of what is only added to from then on. */
export async function proposePerform(
  clinic: Clinic,
  view: VisitView,
  record: TreatmentInput,
  code: string,
  /** The energy device and its shots, where the procedure needs one. */
  device?: { readonly device: string; readonly shots: number },
  /** Why a version is added to a record that there is already: which session it is. */
  reason?: string,
): Promise<VisitView> {
  const secret = visitSecretOf(clinic, view.id);
  const own = sessionSecret(secret, treatedIn(view).session);
  const label = mailboxLabel(own);
  const written = writtenRecord(record);
  const sealed = await sealTo(
    view.patientSealKey,
    utf8(canonicalJson(written)),
    `record/${view.id}`,
    clinic.random(76),
    { psk: visitValue.sealSecret(secret) },
  );
  await clinic.desk.api.call(vaultApi.leave, { params: { label }, body: { sealed } });
  const last = view.parts ? await lastStatement(clinic, view.id) : null;
  const first = await makeVersion(clinic, {
    visit: view.id,
    secret,
    previous: last,
    author: {
      name: record.doctor,
      ...(record.doctorLicence ? { licence: record.doctorLicence } : {}),
    },
    reason: last && (reason ?? `${view.parts?.n ?? 1}/${view.parts?.of ?? 1}`),
    record: written,
  });
  const { seal, evidence } = expectedSeal(secret, view);
  const data = {
    presence: presenceHash(view.id, code),
    commitment: seal,
    evidence,
    recordObject: label,
    record: statementHash(first.statement),
    ...device,
  };
  return send(clinic, nextStep(clinic, view, 'perform', data), { recordObject: label, record: first });
}

async function lastStatement({ desk }: Clinic, id: string): Promise<RecordStatement | null> {
  const { versions } = await desk.api.call(recordApi.readRecord, { params: { id } });
  return versions.at(-1)?.statement ?? null;
}

/** Claims the present part: a deposit, or with the patient's attendance signature. One passkey prompt. */
export async function claim(clinic: Clinic, view: VisitView): Promise<VisitView> {
  const config = await clinic.desk.api.call(houseApi.readConfig);
  const { evidence, attendance } = claimOf(clinic, view);
  const data = encodeFunctionData({
    abi: CareEscrowAbi,
    functionName: 'claim',
    args: [termsFromJson(view.terms as never) as never, evidence, attendance],
  });
  await operate(clinic.desk, [{ to: config.contracts.CareEscrow!, data }]);
  return readVisitAtDesk(clinic, view.id);
}

function claimOf(clinic: Clinic, view: VisitView): { evidence: Hex; attendance: Hex } {
  if (view.parts?.kind === 'deposit')
    return { evidence: partEvidence(visitSecretOf(clinic, view.id), view), attendance: '0x' };
  type Signed = { evidence: Hex; attendance: Hex };
  const treatment = view.treatment as unknown as Signed & { followUp?: Signed };
  return view.parts?.kind === 'follow-up' && treatment.followUp ? treatment.followUp : treatment;
}

/**
 * Takes what is credited to the clinic in a coin, and sends it with what lies on its account to the address that was named:
 * all or nothing. One passkey prompt.
 * @param has in the coin's smallest unit, as `coinStatements` says
 */
export async function withdrawCoin(
  clinic: Pick<Clinic, 'desk'>,
  token: Hex,
  receiver: Hex,
  has: { readonly credit: bigint; readonly onAccount: bigint },
): Promise<{ transaction: Hex; block: number }> {
  const config = await clinic.desk.api.call(houseApi.readConfig);
  const who = pad(clinic.desk.account, { size: 32 });
  const amount = has.credit + has.onAccount;
  const credited = {
    to: config.contracts.CareEscrow!,
    data: encodeFunctionData({ abi: CareEscrowAbi, functionName: 'withdraw', args: [token, who] }),
  };
  return operate(clinic.desk, [
    ...(has.credit > 0n ? [credited] : []),
    {
      to: token,
      data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [receiver, amount] }),
    },
  ]);
}

/** Takes what is credited to the clinic; the custodian pays it out. One passkey prompt. */
export async function withdraw(clinic: Clinic): Promise<{ transaction: Hex; block: number }> {
  const config = await clinic.desk.api.call(houseApi.readConfig);
  const data = encodeFunctionData({
    abi: CareEscrowAbi,
    functionName: 'withdraw',
    args: [config.contracts.SettlementUnit!, pad(clinic.desk.account, { size: 32 })],
  });
  return operate(clinic.desk, [{ to: config.contracts.CareEscrow!, data }]);
}
