/** Some of the assessors also check clinics: admitted with a bond by the authority, which tags the clinics too. */
import { operate } from '@zhenmei/client/desk.ts';
import { ProviderVerificationAbi } from '@zhenmei/contracts/generated/abis.ts';
import { DAY, toSeconds } from '@zhenmei/kernel';
import { disputeApi } from '@zhenmei/money/dispute-api.ts';
import { verificationApi } from '@zhenmei/money/verification-api.ts';
import { encodeFunctionData } from 'viem';
import { demoApi, houseApi } from '../api/contract.ts';
import type { SeedPanel } from './seed-panel.ts';

/** Two, a third, a jury of three, and some who are near to a clinic. */
const VERIFIERS = 10;
/** Minor units: room for five seats. */
const BOND = 30_000n;

export async function seedChecks({ regulator, now }: Pick<SeedPanel, 'regulator' | 'now'>): Promise<void> {
  const { api } = regulator;
  const { contracts } = await api.call(houseApi.readConfig);
  const { organisations } = await api.call(disputeApi.candidates);
  const verifiers = organisations
    .filter(({ kind, appointed }) => kind === 'assessor' && appointed)
    .slice(0, VERIFIERS);
  const clinics = organisations.filter(({ kind }) => kind === 'clinic');
  const order = await api.call(verificationApi.orderCheckMoney, {
    body: { amount: (BigInt(verifiers.length) * BOND).toString() },
  });
  await api.call(demoApi.payAtBank, {
    body: { reference: order.reference, amount: order.amount, currency: order.currency },
  });
  const until = toSeconds(now() + 1_800 * DAY);
  const call = (functionName: 'admit' | 'bondFor' | 'tag', args: readonly unknown[]) => ({
    to: contracts.ProviderVerification!,
    data: encodeFunctionData({ abi: ProviderVerificationAbi, functionName, args: args as never }),
  });
  const calls = [
    ...verifiers.flatMap(({ account, tags }) => [
      call('admit', [account, tags, until]),
      call('bondFor', [account, BOND]),
    ]),
    ...clinics.map(({ account, tags }) => call('tag', [account, tags])),
  ];
  // an operation has room for some ten calls
  for (let from = 0; from < calls.length; from += 10) await operate(regulator, calls.slice(from, from + 10));
}
