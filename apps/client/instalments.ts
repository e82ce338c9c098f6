/** A patient's device around instalments: asks, checks the plan itself, agrees, steps back, pays. */
import type { VisitView } from '@zhenmei/care/api.ts';
import { planArgument } from '@zhenmei/contracts/deploy/loans.ts';
import { agreementTypedData, forwardTypedData } from '@zhenmei/contracts/deploy/typed-data.ts';
import { InstalmentBookAbi } from '@zhenmei/contracts/generated/abis.ts';
import { AppError, derive, type Hex, toHex0x } from '@zhenmei/kernel';
import { moneyApi } from '@zhenmei/money/api.ts';
import { applicationWords } from '@zhenmei/money/core/instalment-application.ts';
import '@zhenmei/money/core/instalment-errors.ts';
import { planFault, planFromJson, withinCap } from '@zhenmei/money/core/instalment-plan.ts';
import { instalmentApi } from '@zhenmei/money/instalment-api.ts';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { payoutReference } from '@zhenmei/vault/core/derive.ts';
import { encodeFunctionData } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { checkOffer, type PatientIo, type PatientVisit } from './patient.ts';
import { keyOf } from './patient-steps.ts';

/** The same for every loan of this vault, so that one open loan can be told; it says nothing else. */
export const loanPerson = (root: Uint8Array): Hex => toHex0x(derive(root, 'zhenmei/loan-person'));

const paramsOf = (view: VisitView) => ({ id: view.agreementId! });
const accountOf = (visit: PatientVisit) => privateKeyToAccount(toHex0x(keyOf(visit).privateKey));

export const readLoan = (io: PatientIo, view: VisitView) =>
  io.api.call(instalmentApi.readLoan, { params: paramsOf(view) });

export async function applyForLoan(
  io: PatientIo,
  visit: PatientVisit,
  view: VisitView,
  asked: { months: number; age20: boolean; student: boolean },
) {
  await checkOffer(io, visit, view);
  const body = {
    ...asked,
    person: loanPerson(visit.root),
    payout: payoutReference(visit.root, visit.index),
  };
  const words = applicationWords({ agreement: view.agreementId!, ...body });
  const signature = await accountOf(visit).signMessage({ message: words });
  return io.api.call(instalmentApi.applyForLoan, { params: paramsOf(view), body: { ...body, signature } });
}

/**
 * Agrees to the plan that was offered, after this device has computed for itself that it is for this agreement, ends at
 * nothing, stays within its cap, and returns the rest of a refund to this patient. Throws LOAN_WRONG.
 */
export async function acceptLoan(io: PatientIo, visit: PatientVisit, view: VisitView): Promise<void> {
  await checkOffer(io, visit, view);
  const found = await readLoan(io, view);
  if (!found.plan || !found.offer) throw new AppError('LOAN_NOT_NOW');
  const plan = planFromJson(found.plan);
  const wrong =
    planFault(plan) ??
    (withinCap(plan) ? null : 'cap') ??
    (plan.agreement === view.agreementId ? null : 'agreement') ??
    (plan.borrower === keyOf(visit).address ? null : 'borrower') ??
    (plan.payout === payoutReference(visit.root, visit.index) ? null : 'payout') ??
    (plan.principal === BigInt(view.total) ? null : 'principal');
  if (wrong) throw new AppError('LOAN_WRONG', { field: wrong });
  const config = await io.api.call(houseApi.readConfig);
  const typed = agreementTypedData(config.chainId, config.contracts.CareEscrow!, plan.agreement);
  const signature = await accountOf(visit).signTypedData(typed);
  await io.api.call(instalmentApi.agreeToLoan, { params: paramsOf(view), body: { signature } });
  await relayBook(io, visit, 'accept', [planArgument(plan), found.offer]);
}

/** Steps back before anything was lent. */
export async function revokeLoan(io: PatientIo, visit: PatientVisit, view: VisitView): Promise<void> {
  const { plan } = await readLoan(io, view);
  if (!plan) throw new AppError('LOAN_NOT_NOW');
  await relayBook(io, visit, 'revoke', [planArgument(planFromJson(plan))]);
}

/** How to pay the next instalment, or everything. */
export const orderInstalment = (io: PatientIo, view: VisitView, what: 'next' | 'all') =>
  io.api.call(instalmentApi.orderInstalment, { params: paramsOf(view), body: { what } });

/** Gives what has arrived at this visit's key to the loan. */
export async function payLoan(io: PatientIo, visit: PatientVisit, view: VisitView, amount: bigint) {
  const { plan } = await readLoan(io, view);
  if (!plan) throw new AppError('LOAN_NOT_NOW');
  await relayBook(io, visit, 'pay', [planArgument(planFromJson(plan)), amount]);
}

/** Relays a step of the book, signed with the visit's own key. */
async function relayBook(
  io: PatientIo,
  visit: PatientVisit,
  functionName: 'accept' | 'revoke' | 'pay',
  args: readonly unknown[],
) {
  const config = await io.api.call(houseApi.readConfig);
  const { address } = keyOf(visit);
  const data = encodeFunctionData({ abi: InstalmentBookAbi, functionName, args: args as never });
  const { nonce } = await io.api.call(moneyApi.forwardNonce, { params: { address } });
  const message = {
    from: address,
    to: config.contracts.InstalmentBook!,
    value: 0n,
    gas: 1_800_000n,
    nonce: BigInt(nonce),
    deadline: Math.floor(io.now() / 1000) + 600,
    data,
  };
  const signature = await accountOf(visit).signTypedData(
    forwardTypedData(config.chainId, config.contracts.ERC2771Forwarder!, message),
  );
  return io.api.call(moneyApi.relay, {
    body: { request: { ...message, value: '0', gas: message.gas.toString(), nonce }, signature },
  });
}
