/** Assessors are appointed, admitted on chain with a bond, and the fund and the clinics' deposits are paid in. */
import { type Desk, operate } from '@zhenmei/client/desk.ts';
import { AssessorPoolAbi } from '@zhenmei/contracts/generated/abis.ts';
import { registerApi } from '@zhenmei/identity/register-api.ts';
import { DAY, type Hex, toBase64, toSeconds } from '@zhenmei/kernel';
import { BOND } from '@zhenmei/money/core/panel-math.ts';
import { disputeApi } from '@zhenmei/money/dispute-api.ts';
import { encodeFunctionData, pad } from 'viem';
import { demoApi, houseApi } from '../api/contract.ts';
import { drawnPairs } from './drawn-pairs.ts';
import type { DemoOrganisation } from './world-types.ts';

const FUND: Hex = `0x${'0'.repeat(64)}`;
/** Minor units. */
const FUND_MONEY = 10_000_000n;
const CLINIC_MONEY = 1_000_000n;

export interface SeedPanel {
  readonly regulator: Desk;
  /** Assessors and their desks. */
  readonly assessors: readonly { readonly world: DemoOrganisation; readonly desk: Desk }[];
  now(): number;
}

export async function seedPanel({ regulator, assessors, now }: SeedPanel): Promise<void> {
  const { api } = regulator;
  for (const { world, desk } of assessors) {
    await api.call(registerApi.enter, {
      body: {
        kind: 'assessorAppointment',
        claims: { subject: desk.organisationId, name: { ...world.name }, region: 'CN' } as never,
      },
    });
    await desk.api.call(registerApi.collectCertificates);
  }
  const { contracts } = await api.call(houseApi.readConfig);
  const { organisations } = await api.call(disputeApi.candidates);
  const until = toSeconds(now() + 1_800 * DAY);
  const pool = (functionName: 'admit' | 'tag' | 'fundFor', args: readonly unknown[]) => ({
    to: contracts.AssessorPool!,
    data: encodeFunctionData({ abi: AssessorPoolAbi, functionName, args: args as never }),
  });
  const appointed = organisations.filter(({ kind, appointed }) => kind === 'assessor' && appointed);
  const clinics = organisations.filter(({ kind }) => kind === 'clinic');
  const total = BigInt(appointed.length) * BOND + BigInt(clinics.length) * CLINIC_MONEY + FUND_MONEY;
  const order = await api.call(disputeApi.orderDeposit, { body: { amount: total.toString() } });
  await api.call(demoApi.payAtBank, {
    body: { reference: order.reference, amount: order.amount, currency: order.currency },
  });
  const purse = (account: Hex) => pad(account, { size: 32 });
  const calls = [
    ...appointed.flatMap(({ account, tags }) => [
      pool('admit', [account, tags, until]),
      pool('fundFor', [purse(account), BOND]),
    ]),
    ...clinics.flatMap(({ account, tags }) => [
      pool('tag', [account, tags]),
      pool('fundFor', [purse(account), CLINIC_MONEY]),
    ]),
    pool('fundFor', [FUND, FUND_MONEY]),
  ];
  for (const { kind, first, second } of drawnPairs())
    await api.call(disputeApi.addKnownPair, {
      body: { kind, first: toBase64(first), second: toBase64(second) },
    });
  // an operation has room for some ten calls
  for (let from = 0; from < calls.length; from += 10) await operate(regulator, calls.slice(from, from + 10));
}
