/** The guarantee's deadlines: rulings carried out, silence counted, old promises ended, money paid out. */
import { type CoverJson, coverArgs } from '@zhenmei/contracts/deploy/guarantee.ts';
import { type TermsJson, termsFromJson } from '@zhenmei/contracts/deploy/typed-data.ts';
import { ClinicBondAbi, GuaranteeBookAbi } from '@zhenmei/contracts/generated/abis.ts';
import { dueCovers, type MoneyContext } from '@zhenmei/money';
import { encodeFunctionData } from 'viem';
import type { ModuleDeps } from './deps.ts';
import type { DueCall } from './due-work.ts';

export async function dueGuarantees(
  { protocol: { contracts } }: ModuleDeps,
  money: MoneyContext,
  skip: number,
): Promise<DueCall[]> {
  return (await dueCovers(money, skip)).map(({ id, act, terms, cover }) => ({
    key: `guarantee/${act}/${id}`,
    gas: 1_500_000n,
    ...(act === 'pay' || act === 'pay-pool'
      ? {
          to: act === 'pay' ? contracts.ClinicBond : contracts.GuaranteePool,
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
        }),
  }));
}
