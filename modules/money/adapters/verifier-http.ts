/** Handlers of who checks clinics and of objections, by the names of their contracts. */
import { AppError, type Caller, type Handlers, type Hex } from '@zhenmei/kernel';
import type { MoneyContext } from '../app/context.ts';
import { askAdmission, decideAdmission, listAdmissions } from '../app/verification/admissions.ts';
import { leaveContest, readContests, readOwnContest } from '../app/verification/contests.ts';
import { readPurse } from '../app/verification/read-purse.ts';
import type { ContestApi } from '../contest-api.ts';
import type { VerifierApi } from '../verifier-api.ts';

const DONE = { done: true } as const;

export function verifierHandlers(ctx: MoneyContext): Handlers<VerifierApi> {
  /** Throws CHECK_ROLE_WRONG. */
  const accountOf = async (caller: Caller | null, kind: string): Promise<Hex> => {
    const own = caller?.organisationId ? await ctx.disputes.organisation(caller.organisationId) : null;
    if (own?.kind !== kind) throw new AppError('CHECK_ROLE_WRONG');
    return own.account;
  };
  return {
    readPurse: async ({ caller }) => readPurse(ctx, await accountOf(caller, 'assessor')),
    async askAdmission({ caller, body }) {
      await askAdmission(ctx, await accountOf(caller, 'assessor'), body.about);
      return DONE;
    },
    async admissions({ caller }) {
      await accountOf(caller, 'regulator');
      return { verifiers: await listAdmissions(ctx) };
    },
    async decideAdmission({ caller, params, body }) {
      await accountOf(caller, 'regulator');
      await decideAdmission(ctx, params.account, body.decision, body.reason);
      return DONE;
    },
  };
}

export function contestHandlers(ctx: MoneyContext): Handlers<ContestApi> {
  return {
    async readContests({ params }) {
      const clinic = await ctx.disputes.organisation(params.id);
      return { contests: clinic?.kind === 'clinic' ? await readContests(ctx, clinic.account) : [] };
    },
    leaveContest: ({ params, bearer, body }) => leaveContest(ctx, params.id, bearer, body),
    readOwnContest: async ({ params, bearer }) => ({ own: await readOwnContest(ctx, params.id, bearer) }),
  };
}
