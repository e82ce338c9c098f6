/** Plans of instalments as the book's contract reads them, and what a lender's account signs. */
import { type Address, encodeAbiParameters, type Hex, keccak256 } from 'viem';
import { InstalmentBookAbi } from '../generated/abis.ts';

/** `IInstalmentBook.Plan`. */
export interface LoanPlan {
  readonly agreement: Hex;
  readonly lender: Address;
  readonly borrower: Address;
  readonly payout: Hex;
  readonly principal: bigint;
  readonly rate: bigint;
  readonly cap: bigint;
  readonly lateBps: bigint;
  readonly coolingOff: bigint;
  readonly start: bigint;
  readonly instalments: readonly { readonly amount: bigint; readonly dueBy: bigint; readonly term: bigint }[];
  readonly salt: Hex;
}

/** The same with the small numbers as numbers, as calls take them. */
export const planArgument = (plan: LoanPlan) => ({
  ...plan,
  rate: Number(plan.rate),
  cap: Number(plan.cap),
  lateBps: Number(plan.lateBps),
  coolingOff: Number(plan.coolingOff),
  start: Number(plan.start),
  instalments: plan.instalments.map(({ amount, dueBy, term }) => ({
    amount,
    dueBy: Number(dueBy),
    term: Number(term),
  })),
});

const PLAN = InstalmentBookAbi.find((f) => f.type === 'function' && f.name === 'planId')!.inputs[0]!;

/** Identity of a loan: keccak256(abi.encode(plan)). */
export const planId = (plan: LoanPlan): Hex =>
  keccak256(encodeAbiParameters([PLAN], [planArgument(plan)] as never));

export function loanOfferTypedData(chainId: number, book: Address, plan: Hex) {
  return {
    domain: { name: 'Zhenmei InstalmentBook', version: '1', chainId, verifyingContract: book },
    types: { LoanOffer: [{ name: 'plan', type: 'bytes32' }] },
    primaryType: 'LoanOffer',
    message: { plan },
  } as const;
}
