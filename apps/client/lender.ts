/** What a lender's desk computes, signs and sends: plans that it offers, and its capital. */
import { loanOfferTypedData, planId } from '@zhenmei/contracts/deploy/loans.ts';
import { InstalmentPoolAbi } from '@zhenmei/contracts/generated/abis.ts';
import { AppError, type Hex } from '@zhenmei/kernel';
import { drawUp, type Plan, planToJson } from '@zhenmei/money/core/instalment-plan.ts';
import { instalmentApi } from '@zhenmei/money/instalment-api.ts';
import { demoApi, houseApi } from '@zhenmei/server/api/contract.ts';
import { encodeFunctionData } from 'viem';
import { type Desk, operate, signForAccount } from './desk.ts';

export interface Asked {
  readonly agreement: Hex;
  readonly borrower: Hex;
  readonly payout: Hex;
  readonly months: number;
  readonly principal: string;
}

/** A little longer than the law's time to step back, so that the offer can be read first. */
const TO_READ = 3_600;

/**
 * The plan that would be offered.
 * @param rate millionths a year @param now milliseconds since the epoch @param salt 32 random bytes
 */
export function planFor(
  asked: Asked,
  lender: Hex,
  terms: { rate: number; cap: number; coolingOff: number; lateBps: number },
  now: number,
  salt: Hex,
): Plan {
  const start = BigInt(Math.floor(now / 1_000) + terms.coolingOff + TO_READ);
  const principal = BigInt(asked.principal);
  return {
    agreement: asked.agreement,
    lender,
    borrower: asked.borrower,
    payout: asked.payout,
    principal,
    rate: BigInt(terms.rate),
    cap: BigInt(terms.cap),
    lateBps: BigInt(terms.lateBps),
    coolingOff: BigInt(terms.coolingOff),
    start,
    instalments: drawUp(principal, BigInt(terms.rate), start, asked.months),
    salt,
  };
}

/** Signed by the lender's account: one passkey prompt. */
export async function offerPlan(desk: Desk, plan: Plan, affordable: boolean): Promise<void> {
  const { contracts, chainId } = await desk.api.call(houseApi.readConfig);
  const signature = await signForAccount(
    desk,
    loanOfferTypedData(chainId, contracts.InstalmentBook!, planId(plan)),
  );
  await desk.api.call(instalmentApi.offerLoan, {
    body: { plan: planToJson(plan) as never, signature, affordable },
  });
}

/** Pays capital in at the demo's bank and puts it into the pool. Throws what the pool refuses. */
export async function payInCapital(desk: Desk, amount: bigint): Promise<void> {
  const { contracts } = await desk.api.call(houseApi.readConfig);
  // the account is made, and let in as a lender, by its first act
  const order = await desk.api.call(instalmentApi.orderCapital, { body: { amount: amount.toString() } });
  await desk.api.call(demoApi.payAtBank, {
    body: { reference: order.reference, amount: order.amount, currency: order.currency },
  });
  for (let i = 0; i < 240; i++) {
    const { state } = await desk.api.call(instalmentApi.readCapital, {
      params: { reference: order.reference },
    });
    if (state === 'minted') {
      const data = encodeFunctionData({
        abi: InstalmentPoolAbi,
        functionName: 'deposit',
        args: [amount, desk.account],
      });
      await operate(desk, [{ to: contracts.InstalmentPool!, data }]);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new AppError('LOAN_NOT_NOW');
}
