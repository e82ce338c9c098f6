/** The guarantee's deadlines: each is enforceable by anybody; the house sees to it in time. */
import { type CoverJson, coverArgs } from '@zhenmei/contracts/deploy/guarantee.ts';
import { type TermsJson, termsFromJson } from '@zhenmei/contracts/deploy/typed-data.ts';
import { ClinicBondAbi, GuaranteeBookAbi } from '@zhenmei/contracts/generated/abis.ts';
import { dueCovers } from '@zhenmei/money';
import { encodeFunctionData } from 'viem';
import type { ModuleDeps } from './deps.ts';
import type { Modules } from './modules.ts';

/** What anybody may do on chain, done in time: rulings carried out, silence counted, old promises ended, money paid out. */
export async function carryOutGuarantees(
  { protocol }: ModuleDeps,
  { money, indexer }: Modules,
): Promise<void> {
  const { relayer, contracts } = protocol;
  for (const { id, act, terms, cover } of await dueCovers(money)) {
    const key = `guarantee/${act}/${id}`;
    if (await relayer.knows(key)) continue;
    const call =
      act === 'pay'
        ? {
            to: contracts.ClinicBond,
            data: encodeFunctionData({
              abi: ClinicBondAbi,
              functionName: 'payOut',
              args: [(terms as TermsJson).payout],
            }),
          }
        : {
            to: contracts.GuaranteeBook,
            data: encodeFunctionData({
              abi: GuaranteeBookAbi,
              functionName: act,
              args: [termsFromJson(terms as TermsJson) as never, coverArgs(cover as CoverJson)],
            }),
          };
    await relayer.simulate(call);
    await relayer.send({ key, ...call, gas: 1_500_000n });
    await indexer.catchUp();
  }
}
