/** Promises about outcomes: how a clinic opens and keeps them, a patient claims, and an arbiter decides. */
import type { VisitView } from '@zhenmei/care/api.ts';
import { type CoverJson, coverArgs, coverId, NO_RATE } from '@zhenmei/contracts/deploy/guarantee.ts';
import { agreementId, type TermsJson, termsFromJson } from '@zhenmei/contracts/deploy/typed-data.ts';
import { ClinicBondAbi, GuaranteeBookAbi } from '@zhenmei/contracts/generated/abis.ts';
import { AppError, defineErrors, derive, type Hex, toHex0x, toSeconds } from '@zhenmei/kernel';
import type { PriceLine } from '@zhenmei/money/backing-api.ts';
import { conditionsKnown, draftCover } from '@zhenmei/money/core/guarantee-cover.ts';
import type { Finding } from '@zhenmei/money/core/guarantee-math.ts';
import { type CoverView, type DeskCover, guaranteeApi } from '@zhenmei/money/guarantee-api.ts';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { encodeFunctionData, pad } from 'viem';
import { type Clinic, visitSecretOf } from './clinic.ts';
import { type Desk, operate } from './desk.ts';
import { relayCall } from './patient.ts';
import { type PatientIo, type PatientVisit, visitSecret } from './patient-steps.ts';

defineErrors({
  COVER_NOT_AS_SHOWN: {
    status: 422,
    retryable: false,
    zh: '保障内容与账本上的不一致，没有提交。请联系机构或监管部门。',
    en: 'The promise is not the one on the ledger; nothing was sent. Ask the clinic or the authority.',
  },
});

type BookCall = 'open' | 'claim' | 'concede' | 'lapse';
const argsOf = (terms: unknown, cover: CoverJson) =>
  [termsFromJson(terms as TermsJson), coverArgs(cover)] as const;
const bookData = (functionName: BookCall, args: readonly unknown[]): Hex =>
  encodeFunctionData({ abi: GuaranteeBookAbi, functionName, args: args as never });
const contractOf = async (desk: Desk, name: 'GuaranteeBook' | 'ClinicBond'): Promise<Hex> =>
  (await desk.api.call(houseApi.readConfig)).contracts[name]!;

/** Who is to stand behind a promise; nobody: the clinic's own bond alone. */
export type Behind = Parameters<typeof draftCover>[0]['behind'];

/** The promise that the published conditions make of a visit, kept by the house before it is opened. */
async function draft(clinic: Clinic, view: VisitView, arbiter: Hex, behind?: Behind) {
  const secret = visitSecretOf(clinic, view.id);
  const terms = termsFromJson(view.terms as unknown as TermsJson);
  const cover = draftCover({
    agreement: agreementId(terms),
    price: terms.milestones.reduce((sum, m) => sum + m.amount, 0n),
    arbiter,
    // nothing but the visit names the person here: visits stay apart
    person: toHex0x(derive(secret, 'zhenmei/guarantee/person')),
    salt: toHex0x(derive(secret, 'zhenmei/guarantee/salt')),
    now: toSeconds(clinic.now()),
    startsAt: terms.milestones.at(-1)!.dueBy,
    ...(behind ? { behind } : {}),
  });
  const { id } = await clinic.desk.api.call(guaranteeApi.offerCover, { body: { cover } });
  return { id, terms, cover };
}

/**
 * The clinic promises the outcome of a visit whose money is held. One passkey prompt.
 * Throws COVER_NOT_POSSIBLE, and CHAIN_REVERTED if the bond is too small.
 */
export async function openCover(clinic: Clinic, view: VisitView, arbiter: Hex): Promise<void> {
  const { terms, cover } = await draft(clinic, view, arbiter);
  const data = bookData('open', [terms, coverArgs(cover), NO_RATE, '0x']);
  await operate(clinic.desk, [{ to: await contractOf(clinic.desk, 'GuaranteeBook'), data }]);
}

/**
 * Asks an insurer or the pool to stand behind the promise; nothing is in force yet.
 * @param authority who decides: a backer is never heard by a panel
 * Throws COVER_NOT_POSSIBLE, GUARANTEE_PROFILE_OFF.
 */
export async function askBacking(
  clinic: Clinic,
  view: VisitView,
  authority: Hex,
  behind: NonNullable<Behind>,
): Promise<Hex> {
  return (await draft(clinic, view, authority, behind)).id;
}

/** Opens a promise with the policy that its insurer signed. One passkey prompt. Throws CHAIN_REVERTED if a bond is too small. */
export async function openInsured(desk: Desk, { terms, cover, policy }: DeskCover): Promise<void> {
  const data = bookData('open', [...argsOf(terms, cover), NO_RATE, policy]);
  await operate(desk, [{ to: await contractOf(desk, 'GuaranteeBook'), data }]);
}

/** Opens a promise that the pool stands behind, and pays its premium. One passkey prompt. */
export async function openPooled(desk: Desk, { terms, cover }: DeskCover, price: PriceLine): Promise<void> {
  const rate = { ...price.rate, expense: BigInt(price.rate.expense) };
  const data = bookData('open', [...argsOf(terms, cover), rate, price.signature]);
  await operate(desk, [{ to: await contractOf(desk, 'GuaranteeBook'), data }]);
}

/** Puts what was paid in into the bond. One passkey prompt. */
export async function placeBond(desk: Desk, amount: bigint): Promise<void> {
  const [book, bond] = await Promise.all([contractOf(desk, 'GuaranteeBook'), contractOf(desk, 'ClinicBond')]);
  const data = encodeFunctionData({ abi: ClinicBondAbi, functionName: 'deposit', args: [book, amount] });
  await operate(desk, [{ to: bond, data }]);
}

/**
 * Takes back what no promise needs, and has the custodian pay it to the organisation's account: both or neither. One passkey
 * prompt. Throws CHAIN_REVERTED if so much is not free.
 */
export async function reclaimBond(desk: Desk, amount: bigint): Promise<void> {
  const [book, bond] = await Promise.all([contractOf(desk, 'GuaranteeBook'), contractOf(desk, 'ClinicBond')]);
  const call = (functionName: 'reclaim' | 'payOut', args: readonly unknown[]) => ({
    to: bond,
    data: encodeFunctionData({ abi: ClinicBondAbi, functionName, args: args as never }),
  });
  await operate(desk, [call('reclaim', [book, amount]), call('payOut', [pad(desk.account, { size: 32 })])]);
}

/** The clinic agrees to what was asked, or ends a promise whose time is over. What is due is paid out by itself. */
export async function endCover(
  desk: Desk,
  act: 'concede' | 'lapse',
  { terms, cover }: DeskCover,
): Promise<void> {
  const data = bookData(act, argsOf(terms, cover));
  await operate(desk, [{ to: await contractOf(desk, 'GuaranteeBook'), data }]);
}

/** The arbiter decides; the house carries it out, as anybody may. One passkey prompt. */
export async function decideClaim(desk: Desk, { id }: DeskCover, finding: Finding): Promise<void> {
  const data = encodeFunctionData({
    abi: GuaranteeBookAbi,
    functionName: 'rule',
    args: [BigInt(id), BigInt(finding)],
  });
  await operate(desk, [{ to: await contractOf(desk, 'GuaranteeBook'), data }]);
}

/** The patient claims, with a commitment to what she shows. Throws COVER_NOT_AS_SHOWN. */
export async function claimCover(
  io: PatientIo,
  visit: PatientVisit,
  view: VisitView,
  shown: CoverView,
  asked: Finding,
): Promise<void> {
  const { cover } = shown;
  const terms = termsFromJson(view.terms as unknown as TermsJson);
  if (
    coverId(cover) !== shown.id ||
    cover.agreement !== agreementId(terms) ||
    !conditionsKnown(cover.conditions)
  )
    throw new AppError('COVER_NOT_AS_SHOWN');
  const evidence = toHex0x(derive(await visitSecret(visit, view), `zhenmei/guarantee/evidence/${asked}`));
  await relayCall(io, visit, 'GuaranteeBook', bookData('claim', [terms, coverArgs(cover), asked, evidence]));
}
