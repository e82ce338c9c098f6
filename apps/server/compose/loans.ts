/** Instalments: the book's contract, lenders, and signatures over plans. */
import { loanOfferTypedData, planArgument, planId } from '@zhenmei/contracts/deploy/loans.ts';
import { agreementTypedData, type TermsJson, termsFromJson } from '@zhenmei/contracts/deploy/typed-data.ts';
import { InstalmentBookAbi, InstalmentPoolAbi } from '@zhenmei/contracts/generated/abis.ts';
import { type IdentityContext, organisations } from '@zhenmei/identity';
import { AppError, type Hex } from '@zhenmei/kernel';
import type { LoanPort } from '@zhenmei/money';
import { planFromJson } from '@zhenmei/money/core/instalment-plan.ts';
import { packsOf } from '@zhenmei/policy';
import {
  encodeFunctionData,
  hashTypedData,
  pad,
  recoverMessageAddress,
  recoverTypedDataAddress,
  toFunctionSelector,
} from 'viem';
import { accountSigned } from './account-signature.ts';
import type { ModuleDeps } from './deps.ts';

const REGION = 'CN';

/** A visit's row as loans read it; care owns the table. */
interface VisitRead {
  'care.visit': { agreement_id: Hex | null; terms: TermsJson | null; offer: { signature: Hex } | null };
}

/** Null where the settlement unit is of an earlier version, which cannot lend. */
export async function loanPort(deps: ModuleDeps, identity: IdentityContext): Promise<LoanPort | null> {
  const { engines, protocol } = deps;
  const { contracts, chainId, relayer } = protocol;
  const { viem } = engines.chain;
  const code = (await viem.getCode({ address: contracts.SettlementUnit })) ?? '0x';
  if (!code.includes(toFunctionSelector('hand(address,uint256)').slice(2))) return null;
  const terms = async (agreement: Hex) => {
    const row = await engines.database
      .as<VisitRead>()
      .selectFrom('care.visit')
      .select(['terms', 'offer'])
      .where('agreement_id', '=', agreement)
      .executeTakeFirst();
    if (!row?.terms || !row.offer) throw new AppError('LOAN_UNKNOWN');
    return { terms: termsFromJson(row.terms), offer: row.offer.signature };
  };
  return {
    book: pad(contracts.InstalmentBook, { size: 32 }),
    packs: packsOf(REGION),
    async lender(id) {
      const [found] = await organisations(identity, { id });
      return found?.account
        ? { account: found.account, name: found.name, licensed: found.kind === 'lender' }
        : null;
    },
    planId: (json) => planId(planFromJson(json)),
    async offerSigned(json, signature) {
      const hash = hashTypedData(
        loanOfferTypedData(chainId, contracts.InstalmentBook, planId(planFromJson(json))),
      );
      return accountSigned(engines.chain, json.lender, hash, signature);
    },
    async agreementSigned(agreement, borrower, signature) {
      const typed = agreementTypedData(chainId, contracts.CareEscrow, agreement);
      const signer = await recoverTypedDataAddress({ ...typed, signature }).catch(() => null);
      return signer?.toLowerCase() === borrower;
    },
    async wordsSigned(message, by, signature) {
      const signer = await recoverMessageAddress({ message, signature }).catch(() => null);
      return signer?.toLowerCase() === by;
    },
    async act(key, act) {
      const plan = planArgument(planFromJson(act.plan));
      const call =
        act.name === 'payOut'
          ? await terms(act.plan.agreement).then(({ terms: of, offer }) => ({
              functionName: 'payOut' as const,
              args: [plan, of, offer, act.signature],
            }))
          : { functionName: act.name, args: [plan] };
      const data = encodeFunctionData({ abi: InstalmentBookAbi, ...call } as never);
      await relayer.attempt({ key, to: contracts.InstalmentBook, data, gas: 3_000_000n });
    },
    async pool(account) {
      const pool = { address: contracts.InstalmentPool, abi: InstalmentPoolAbi } as const;
      const [cash, outstanding, impaired, shares] = await Promise.all([
        viem.readContract({ ...pool, functionName: 'cash' }),
        viem.readContract({ ...pool, functionName: 'outstanding' }),
        viem.readContract({ ...pool, functionName: 'impaired' }),
        viem.readContract({ ...pool, functionName: 'balanceOf', args: [account] }),
      ]);
      const ours = await viem.readContract({ ...pool, functionName: 'convertToAssets', args: [shares] });
      return { cash, outstanding, impaired, ours };
    },
  };
}
