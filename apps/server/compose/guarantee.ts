/** What the guarantee needs from outside: an agreement's terms, who decides, and names of accounts. */
import { type CoverJson, coverBytes, coverId } from '@zhenmei/contracts/deploy/guarantee.ts';
import type { TermsJson } from '@zhenmei/contracts/deploy/typed-data.ts';
import { AssessorPoolAbi } from '@zhenmei/contracts/generated/abis.ts';
import { type IdentityContext, organisations } from '@zhenmei/identity';
import type { Hex } from '@zhenmei/kernel';
import type { GuaranteePort, MoneyDatabase } from '@zhenmei/money';
import type { ModuleDeps } from './deps.ts';

interface VisitTerms {
  'care.visit': { agreement_id: Hex | null; terms: TermsJson | null };
}

/** The panel for claims, where the register of assessors on this ledger keeps what the panel asks it to. */
async function panelFor({ engines, protocol }: ModuleDeps): Promise<Hex | null> {
  const knows = await engines.chain.viem
    .readContract({
      address: protocol.contracts.AssessorPool,
      abi: AssessorPoolAbi,
      functionName: 'calibrationOf',
      args: [protocol.contracts.GuaranteePanel],
    })
    .then(
      () => true,
      () => false,
    );
  return knows ? protocol.contracts.GuaranteePanel : null;
}

export function guaranteePort(deps: ModuleDeps, identity: IdentityContext): GuaranteePort {
  const { engines, protocol } = deps;
  return {
    async agreement(id) {
      const row = await engines.database
        .as<VisitTerms>()
        .selectFrom('care.visit')
        .select('terms')
        .where('agreement_id', '=', id)
        .executeTakeFirst();
      const last = row?.terms?.milestones.at(-1);
      return row?.terms && last ? { terms: row.terms, dueBy: last.dueBy } : null;
    },
    panel: protocol.contracts.GuaranteePanel,
    // on a ledger whose register is older than this panel, the authority that settles consumers' complaints
    arbiter: async () =>
      (await panelFor(deps)) ??
      (await organisations(identity, { kind: 'regulator' })).find(({ account }) => account)?.account ??
      null,
    coverId,
    async nameOf(account) {
      const found = (await organisations(identity, {})).find((o) => o.account === account);
      return found?.name ?? { zh: '未登记的机构', en: 'An organisation that is not registered' };
    },
  };
}

/** A cover as its hash takes it; null if it was not made here. */
export async function encodedCover({ engines }: ModuleDeps, id: Hex): Promise<Hex | null> {
  const row = await engines.database
    .as<MoneyDatabase>()
    .selectFrom('money.cover_offer')
    .select('cover')
    .where('id', '=', id)
    .executeTakeFirst();
  return row ? coverBytes(row.cover as CoverJson) : null;
}
