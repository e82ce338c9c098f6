/** What the guarantee needs from outside: an agreement's terms, who decides, and names of accounts. */
import { coverId } from '@zhenmei/contracts/deploy/guarantee.ts';
import type { TermsJson } from '@zhenmei/contracts/deploy/typed-data.ts';
import { type IdentityContext, organisations } from '@zhenmei/identity';
import type { Hex } from '@zhenmei/kernel';
import type { GuaranteePort } from '@zhenmei/money';
import type { ModuleDeps } from './deps.ts';

interface VisitTerms {
  'care.visit': { agreement_id: Hex | null; terms: TermsJson | null };
}

export function guaranteePort({ engines }: ModuleDeps, identity: IdentityContext): GuaranteePort {
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
    // the authority that settles consumers' complaints, until a panel of assessors does
    arbiter: async () =>
      (await organisations(identity, { kind: 'regulator' })).find(({ account }) => account)?.account ?? null,
    coverId,
    async nameOf(account) {
      const found = (await organisations(identity, {})).find((o) => o.account === account);
      return found?.name ?? { zh: '未登记的机构', en: 'An organisation that is not registered' };
    },
  };
}
