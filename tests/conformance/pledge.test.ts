/**
 * What the server does about a pledge against the contract's bytecode: from every state of both, at every border of
 * time, what it would send is not refused and changes something, and what it leaves alone would be refused or for nothing.
 */

import { deploy, deploymentPlan } from '@zhenmei/contracts/deploy/plan.ts';
import { accountSlot, ESCROW_STATES } from '@zhenmei/contracts/deploy/slots.ts';
import { agreementId, type Terms } from '@zhenmei/contracts/deploy/typed-data.ts';
import { AbsencePledgeAbi } from '@zhenmei/contracts/generated/abis.ts';
import layout from '@zhenmei/contracts/generated/layout.json' with { type: 'json' };
import { startAnvil, type TestChain } from '@zhenmei/contracts/tools/anvil.ts';
import { connect } from '@zhenmei/contracts/tools/rig.ts';
import { type PledgeState, pledgeDue } from '@zhenmei/money/core/pledge.ts';
import { concat, encodeFunctionData, type Hex, keccak256, numberToHex, pad } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, it } from 'vitest';

const CHAIN_ID = 722_019;
const DEADLINE = 2_000_000_100;
const TIMES = [DEADLINE - 1, DEADLINE, DEADLINE + 1, DEADLINE + 2];
const AMOUNT = 1_001n;
const SUM = 400n;
/** As `IAbsencePledge.State` counts them; `none` is no pledge. */
const PLEDGE_STATES: readonly PledgeState[] = ['standing', 'reported', 'paid', 'freed'];

const admin = privateKeyToAccount(generatePrivateKey());
const clinic = privateKeyToAccount(generatePrivateKey()).address;
const { address } = admin;
const parties = {
  admin: address,
  custodian: address,
  logOperator: address,
  paymasterSigner: address,
  examiner: address,
};
const { contracts, ...plan } = deploymentPlan(parties);
const terms: Terms = {
  patient: privateKeyToAccount(generatePrivateKey()).address,
  clinic,
  token: contracts.SettlementUnit,
  arbiter: address,
  feeTo: address,
  payout: keccak256('0x77'),
  standard: pad('0x1', { size: 32 }),
  quote: pad('0x2', { size: 32 }),
  review: 5n,
  openBy: DEADLINE,
  coolingOff: 100,
  arbiterWindow: 50,
  feeBps: 300,
  defaultSplitBps: 5_000,
  schedule: [],
  milestones: [{ amount: AMOUNT, dueBy: DEADLINE, window: 30, performed: true }],
  salt: pad('0x3', { size: 32 }),
};
const id = agreementId(terms);
const at = (key: Hex, slot: Hex | number): Hex =>
  keccak256(
    concat([pad(key, { size: 32 }), typeof slot === 'number' ? numberToHex(slot, { size: 32 }) : slot]),
  );
const pledgeSlot = at(id, layout.AbsencePledge._accounts);
const bondSlot = at(clinic, at(contracts.AbsencePledge, layout.ClinicBond._bonds));

interface Case {
  readonly pledge: PledgeState;
  readonly agreement: (typeof ESCROW_STATES)[number];
  readonly time: number;
}
const CASES: readonly Case[] = PLEDGE_STATES.flatMap((pledge) =>
  ESCROW_STATES.filter((state) => state !== 'none').flatMap((agreement) =>
    TIMES.map((time) => ({ pledge, agreement, time })),
  ),
);

let chain: TestChain;
let rig: ReturnType<typeof connect>;
beforeAll(async () => {
  chain = await startAnvil(CHAIN_ID);
  rig = connect(chain.url, CHAIN_ID, admin);
  await deploy({ contracts, ...plan }, rig.io);
}, 120_000);
afterAll(async () => chain.stop());

const ask = (method: string, ...params: unknown[]): Promise<unknown> =>
  rig.reader.request({ method, params } as never);
const put = (contract: Hex, slot: Hex, value: bigint) =>
  ask('anvil_setStorageAt', contract, slot, numberToHex(value, { size: 32 }));

/** A note is about all of the price; a closed agreement gave all of it back. */
async function place({ pledge, agreement }: Case): Promise<void> {
  const closed = agreement === 'closed';
  const noted = pledge === 'reported' ? AMOUNT : 0n;
  const money = closed ? AMOUNT << 168n : (AMOUNT << 80n) | (BigInt(DEADLINE) << 40n);
  await put(contracts.CareEscrow, accountSlot(id), BigInt(ESCROW_STATES.indexOf(agreement)) | money);
  const state = BigInt(PLEDGE_STATES.indexOf(pledge) + 1);
  await put(contracts.AbsencePledge, pledgeSlot, state | (noted << 16n) | (SUM << 104n));
  await put(contracts.ClinicBond, bondSlot, SUM | (SUM << 96n));
}

/** The word of the pledge after the act, or null if it is refused. */
async function after(one: Case, functionName: 'witness' | 'settle'): Promise<bigint | null> {
  const before = await ask('evm_snapshot');
  await place(one);
  await ask('evm_setNextBlockTimestamp', numberToHex(one.time));
  const data = encodeFunctionData({ abi: AbsencePledgeAbi, functionName, args: [terms as never] });
  const request = { from: address, to: contracts.AbsencePledge, data, gas: '0x989680', gasPrice: '0x0' };
  await ask('anvil_impersonateAccount', address);
  const hash = (await ask('eth_sendTransaction', request)) as Hex;
  const { status } = await rig.reader.waitForTransactionReceipt({ hash });
  const word = await rig.slot(contracts.AbsencePledge, pledgeSlot);
  await ask('evm_revert', before);
  return status === 'success' ? word : null;
}

it('what the server sends about a pledge is what the contract takes, and no more', async () => {
  const wrong: string[] = [];
  for (const one of CASES) {
    const facts = {
      state: one.pledge,
      agreement: one.agreement as never,
      until: one.agreement === 'closed' ? null : DEADLINE * 1000,
      paidOut: false,
    };
    const due = pledgeDue(facts, one.time * 1000);
    const settled = await after(one, 'settle');
    const witnessed = await after(one, 'witness');
    const state = (word: bigint | null) => (word === null ? null : PLEDGE_STATES[Number(word & 0xffn) - 1]);
    // the server waits a second longer than the contract, whose clock is the block's
    const lastSecond = one.agreement === 'clinic-absent' && one.time === DEADLINE + 1;
    const over = one.pledge === 'paid' || one.pledge === 'freed';
    const right = over
      ? settled === null && witnessed === null
      : due === 'settle'
        ? settled !== null
        : (settled === null || lastSecond) && (due === 'witness') === (state(witnessed) !== one.pledge);
    if (!right)
      wrong.push(JSON.stringify({ ...one, due, settled: state(settled), witnessed: state(witnessed) }));
    if (settled === null) continue;
    const paid = one.agreement === 'clinic-absent' || one.pledge === 'reported';
    expect(state(settled), JSON.stringify(one)).toBe(paid ? 'paid' : 'freed');
  }
  expect(wrong).toEqual([]);
}, 120_000);
