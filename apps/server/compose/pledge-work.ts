/** What clinics put aside in case they do not come: reports carried and seen, pledges ended in time, money paid out. */
import { agreementId, type TermsJson, termsFromJson } from '@zhenmei/contracts/deploy/typed-data.ts';
import { AbsencePledgeAbi, CareEscrowAbi, ClinicBondAbi } from '@zhenmei/contracts/generated/abis.ts';
import type { Hex } from '@zhenmei/kernel';
import { duePledges, type MoneyContext, pledgeMoneyBack } from '@zhenmei/money';
import { decodeFunctionData, encodeFunctionData, pad } from 'viem';
import type { ModuleDeps } from './deps.ts';
import type { DueCall } from './due-work.ts';

interface VisitRead {
  'care.visit': { agreement_id: Hex | null; terms: TermsJson | null };
}
const payOutOf = (who: Hex): Hex =>
  encodeFunctionData({ abi: ClinicBondAbi, functionName: 'payOut', args: [who] });
/** Places of `Standing` and `Reported` among the contract's states. */
const STANDS = [1, 2];

export async function duePledgeCalls(
  { engines, protocol: { contracts } }: ModuleDeps,
  money: MoneyContext,
  skip: number,
): Promise<(DueCall | null)[]> {
  const due = await duePledges(money, skip);
  return Promise.all(
    due.map(async (one) => {
      if (!one) return null;
      const { agreement, act, milestone, payout } = one;
      const key = `pledge/${act}/${agreement}/${milestone}`;
      if (act === 'pay')
        return {
          key,
          to: contracts.ClinicBond,
          data: payOutOf(payout!),
          gas: 500_000n,
        };
      const visit = await engines.database
        .as<VisitRead>()
        .selectFrom('care.visit')
        .select('terms')
        .where('agreement_id', '=', agreement)
        .executeTakeFirst();
      // of an agreement that was not made here the terms are not known
      if (!visit?.terms) return null;
      const args = [termsFromJson(visit.terms) as never] as const;
      return {
        // a report that was objected to is looked at a second time
        key: act === 'witness' ? `${key}/${one.reported ? 'objected' : 'reported'}` : key,
        to: contracts.AbsencePledge,
        data: encodeFunctionData({ abi: AbsencePledgeAbi, functionName: act, args }),
        gas: 1_000_000n,
      };
    }),
  );
}

/** What clinics took back of it leaves for their accounts without a second signature, as anybody may ask. */
export async function duePledgeBack(
  { protocol: { contracts } }: ModuleDeps,
  money: MoneyContext,
  skip: number,
): Promise<DueCall[]> {
  return (await pledgeMoneyBack(money, skip)).map(({ clinic, block }) => ({
    key: `pledge/back/${clinic}/${block}`,
    to: contracts.ClinicBond,
    data: payOutOf(pad(clinic, { size: 32 })),
    gas: 500_000n,
  }));
}

/**
 * How a patient's signed report is brought to the escrow: through the book of pledges where one stands, so that nobody can
 * move between it and its being seen; null where a step goes by itself.
 * @param signed as the forwarder takes it
 */
export async function carriedBy(
  { engines, protocol: { contracts } }: ModuleDeps,
  request: { readonly to: Hex; readonly data: Hex },
  signed: object,
): Promise<{ readonly to: Hex; readonly data: Hex } | null> {
  if (request.to !== contracts.CareEscrow) return null;
  const { functionName, args } = decodeFunctionData({ abi: CareEscrowAbi, data: request.data });
  if (functionName !== 'clinicAbsent') return null;
  const terms = args![0] as never;
  const { state } = await engines.chain.viem.readContract({
    address: contracts.AbsencePledge,
    abi: AbsencePledgeAbi,
    functionName: 'account',
    args: [agreementId(terms)],
  });
  if (!STANDS.includes(state)) return null;
  return {
    to: contracts.AbsencePledge,
    data: encodeFunctionData({
      abi: AbsencePledgeAbi,
      functionName: 'carry',
      args: [signed as never, terms],
    }),
  };
}
