/** The loan's arithmetic in TypeScript against the contracts' bytecode: every number of every act, bit for bit. */

import { loanOfferTypedData, planArgument, planId } from '@zhenmei/contracts/deploy/loans.ts';
import { deploy, deploymentPlan } from '@zhenmei/contracts/deploy/plan.ts';
import {
  agreementId,
  agreementTypedData,
  offerTypedData,
  type Terms,
} from '@zhenmei/contracts/deploy/typed-data.ts';
import { grantRole } from '@zhenmei/contracts/deploy/wiring.ts';
import {
  CareEscrowAbi,
  InstalmentBookAbi,
  InstalmentPoolAbi,
  SettlementUnitAbi,
} from '@zhenmei/contracts/generated/abis.ts';
import { startAnvil, type TestChain } from '@zhenmei/contracts/tools/anvil.ts';
import { connect } from '@zhenmei/contracts/tools/rig.ts';
import { REGULATION_Z } from '@zhenmei/money/core/instalment-examples.ts';
import { type Loan, paidOut, pay, payoff, settle, standing } from '@zhenmei/money/core/instalment-loan.ts';
import { MONTH, yearlyCost } from '@zhenmei/money/core/instalment-math.ts';
import { drawUp, type Plan, withinCap } from '@zhenmei/money/core/instalment-plan.ts';
import fc from 'fast-check';
import { encodeFunctionData, type Hex, keccak256, numberToHex, pad } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const CHAIN_ID = 722_009;
const DAY = 86_400n;
// one key plays every part but the chain's: whoever signs and sends is not what is compared
const me = privateKeyToAccount(generatePrivateKey());
const { contracts, ...deployment } = deploymentPlan({
  admin: me.address,
  custodian: me.address,
  logOperator: me.address,
  paymasterSigner: me.address,
  examiner: me.address,
});
const book = contracts.InstalmentBook;
const TOTAL = 400_000n;

let anvil: TestChain;
let rig: ReturnType<typeof connect>;
let time = 2_000_000_000n;
let payments = 0;

async function at(next: bigint): Promise<void> {
  time = next;
  await rig.reader.request({
    method: 'evm_setNextBlockTimestamp' as never,
    params: [numberToHex(next)] as never,
  });
}
const call = (to: Hex, abi: unknown, functionName: string, args: readonly unknown[]) =>
  rig.send(to, encodeFunctionData({ abi, functionName, args } as never));
async function bring(amount: bigint): Promise<void> {
  const reference = keccak256(numberToHex(++payments));
  await call(contracts.SettlementUnit, SettlementUnitAbi, 'mint', [me.address, amount, reference]);
}
const act = (functionName: string, plan: Plan, ...more: unknown[]) =>
  call(book, InstalmentBookAbi, functionName, [planArgument(plan), ...more]);
const kept = (plan: Plan) =>
  rig.reader.readContract({
    address: book,
    abi: InstalmentBookAbi,
    functionName: 'loan',
    args: [planId(plan)],
  });

beforeAll(async () => {
  anvil = await startAnvil(CHAIN_ID);
  rig = connect(anvil.url, CHAIN_ID, me);
  await deploy({ contracts, ...deployment }, rig.io);
  const lender = grantRole(contracts, 'LENDER', me.address);
  await rig.send(lender.to, lender.data);
  await bring(10n ** 12n);
  await call(contracts.InstalmentPool, InstalmentPoolAbi, 'deposit', [10n ** 12n, me.address]);
});
afterAll(() => anvil.stop());

function termsOf(salt: Hex): Terms {
  return {
    patient: me.address,
    clinic: me.address,
    token: contracts.SettlementUnit,
    arbiter: me.address,
    feeTo: me.address,
    payout: pad(book, { size: 32 }),
    standard: pad('0x1', { size: 32 }),
    quote: pad('0x2', { size: 32 }),
    review: 5n,
    openBy: Number(time + 10n * DAY),
    coolingOff: 0,
    arbiterWindow: 86_400,
    feeBps: 0,
    defaultSplitBps: 5_000,
    schedule: [],
    milestones: [0, 1, 2].map((i) => ({
      amount: i === 2 ? TOTAL - 200_000n : 100_000n,
      dueBy: Number(time + BigInt(300 + 300 * i) * DAY),
      window: 86_400,
      performed: false,
    })),
    salt,
  };
}

async function lend(
  rate: bigint,
  months: number,
  salt: Hex,
): Promise<{ plan: Plan; terms: Terms; loan: Loan }> {
  await at(time + 5n);
  const terms = termsOf(salt);
  const start = time + 2n * DAY;
  const plan: Plan = {
    agreement: agreementId(terms),
    lender: me.address.toLowerCase() as Hex,
    borrower: me.address.toLowerCase() as Hex,
    payout: pad('0x99', { size: 32 }),
    principal: TOTAL - 50_000n,
    rate,
    cap: 240_000n,
    lateBps: 300n,
    coolingOff: DAY,
    start,
    instalments: drawUp(TOTAL - 50_000n, rate, start, months),
    salt,
  };
  const offer = await me.signTypedData(loanOfferTypedData(CHAIN_ID, book, planId(plan)));
  await act('accept', plan, offer);
  await bring(50_000n);
  await at(start);
  const clinic = await me.signTypedData(offerTypedData(CHAIN_ID, contracts.CareEscrow, plan.agreement));
  const patient = await me.signTypedData(agreementTypedData(CHAIN_ID, contracts.CareEscrow, plan.agreement));
  await act('payOut', plan, terms, clinic, patient);
  return { plan, terms, loan: paidOut(plan, TOTAL) };
}

const STATES = ['none', 'accepted', 'live', 'closed', 'written-off'];
async function same(plan: Plan, loan: Loan): Promise<void> {
  const { state, acceptedAt: _, ...numbers } = await kept(plan);
  expect({ ...numbers, state: STATES[state] }).toEqual(loan);
  const later = time + 20n * DAY;
  for (const moment of [time, later]) {
    const found = await rig.reader.readContract({
      address: book,
      abi: InstalmentBookAbi,
      functionName: 'standing',
      args: [planArgument(plan), moment],
    });
    const { next, judged, ...s } = standing(plan, loan, moment);
    expect(found).toEqual({ ...s, next: BigInt(next), judged: BigInt(judged) });
    const debt = await rig.reader.readContract({
      address: book,
      abi: InstalmentBookAbi,
      functionName: 'payoff',
      args: [planArgument(plan), moment],
    });
    expect(debt).toBe(payoff(plan, loan, moment));
  }
}

describe('loans on the real bytecode', () => {
  it('compute every number as the core does, over random lives', async () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ act: fc.constant('pay' as const), amount: fc.bigInt({ min: 1n, max: 150_000n }) }),
        fc.record({ act: fc.constant('rule' as const), bps: fc.integer({ min: 1, max: 10_000 }) }),
        fc.record({ act: fc.constant('all' as const) }),
      ),
      { minLength: 1, maxLength: 5 },
    );
    const waits = fc.array(fc.bigInt({ min: 1n, max: 50n * DAY }), { minLength: 5, maxLength: 5 });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt({ min: 0n, max: 230_000n }),
        fc.constantFrom(1, 3, 6),
        steps,
        waits,
        async (rate, months, all, wait) => {
          const made = await lend(rate, months, keccak256(numberToHex(++run)));
          const { plan, terms } = made;
          let { loan } = made;
          await same(plan, loan);
          let refunded = 0n;
          let milestone = 0;
          for (const [i, step] of all.entries()) {
            const next = time + wait[i]!;
            if (step.act === 'rule') {
              if (milestone === 3 || next > BigInt(terms.milestones[milestone]!.dueBy)) continue;
              await at(next);
              await call(contracts.CareEscrow, CareEscrowAbi, 'dispute', [terms]);
              await at(next + 1n);
              await call(contracts.CareEscrow, CareEscrowAbi, 'rule', [terms, step.bps, false]);
              const { amount } = terms.milestones[milestone]!;
              refunded += amount - (amount * BigInt(10_000 - step.bps)) / 10_000n;
              milestone++;
              await at(next + 2n);
              await act('settle', plan);
              ({ loan } = settle(plan, loan, refunded, time));
            } else {
              if (loan.state !== 'live') continue;
              const amount = step.act === 'all' ? 10n ** 9n : step.amount;
              await bring(600_000n);
              await at(next);
              await act('pay', plan, amount);
              ({ loan } = pay(plan, loan, amount, time));
            }
            await same(plan, loan);
          }
        },
      ),
      { numRuns: 12, endOnFailure: true },
    );
  }, 110_000);

  it.each(REGULATION_Z)('find the same yearly cost of Regulation Z %s', async (_, lent, flows) => {
    const cost = yearlyCost(BigInt(lent), flows)!;
    const judged = (cap: bigint) =>
      rig.reader.readContract({
        address: book,
        abi: InstalmentBookAbi,
        functionName: 'withinCap',
        args: [
          planArgument({
            ...bare,
            principal: BigInt(lent),
            cap,
            instalments: flows.map(({ amount, term }) => ({ amount, term, dueBy: 1n })),
          }),
        ],
      });
    // the lowest rate at which it fits is the yearly cost, to the millionth
    expect(await judged(cost)).toBe(true);
    expect(await judged(cost - 1n)).toBe(false);
  });

  it('judge the yearly cost as the core does', async () => {
    const flows = fc.array(
      fc.record({
        amount: fc.bigInt({ min: 1n, max: 2n ** 60n }),
        term: fc.bigInt({ min: 1n, max: 3n * MONTH }),
      }),
      { minLength: 1, maxLength: 36 },
    );
    await fc.assert(
      fc.asyncProperty(
        flows,
        fc.bigInt({ min: 0n, max: 240_000n }),
        fc.integer({ min: -5, max: 5 }),
        async (list, cap, off) => {
          const instalments = list.map(({ amount, term }) => ({ amount, term, dueBy: 1n }));
          const sum = list.reduce((all, { amount }) => all + amount, 0n);
          const principal = sum > 10n ? sum - (sum * cap) / 2_000_000n + BigInt(off) : sum;
          const plan = { ...bare, instalments, cap, principal };
          const found = await rig.reader.readContract({
            address: book,
            abi: InstalmentBookAbi,
            functionName: 'withinCap',
            args: [planArgument(plan)],
          });
          expect(found).toBe(withinCap(plan));
        },
      ),
      { numRuns: 150 },
    );
  });
});

const ZERO: Hex = `0x${'0'.repeat(64)}`;
const bare: Plan = {
  agreement: ZERO,
  lender: me.address,
  borrower: me.address,
  payout: ZERO,
  principal: 1n,
  rate: 0n,
  cap: 0n,
  lateBps: 0n,
  coolingOff: 0n,
  start: 0n,
  instalments: [],
  salt: ZERO,
};
