/** Handlers of paid checks, by the names of their contract. */
import { AppError, type Caller, type Handlers, type Hex } from '@zhenmei/kernel';
import type { MoneyContext } from '../app/context.ts';
import { leaveAnswer, readTask, verifierDesk } from '../app/verification/answer-check.ts';
import {
  clinicCheck,
  leaveStatement,
  openCheckSecret,
  orderCheckMoney,
} from '../app/verification/ask-for-check.ts';
import { leaveGrounds } from '../app/verification/contests.ts';
import { operatorChecks, setCheckPay, setFake, standingChecks } from '../app/verification/run-checks.ts';
import { readUnused } from '../app/verification/unused.ts';
import { publicCheck } from '../app/verification/views.ts';
import type { VerificationApi } from '../verification-api.ts';

const DONE = { done: true } as const;

export function verificationHandlers(ctx: MoneyContext): Handlers<VerificationApi> {
  /** Account of the caller's organisation. Throws CHECK_ROLE_WRONG unless it is of one of these kinds. */
  const accountOf = async (caller: Caller | null, ...kinds: string[]): Promise<Hex> => {
    const own = caller?.organisationId ? await ctx.disputes.organisation(caller.organisationId) : null;
    if (!own || !kinds.includes(own.kind)) throw new AppError('CHECK_ROLE_WRONG');
    return own.account;
  };
  return {
    async readCheck({ params }) {
      return publicCheck(ctx, (await ctx.disputes.organisation(params.id))?.account ?? null);
    },
    clinicCheck: async ({ caller }) => clinicCheck(ctx, await accountOf(caller, 'clinic')),
    leaveStatement: async ({ caller, body }) => ({
      subject: await leaveStatement(ctx, await accountOf(caller, 'clinic'), body),
    }),
    async openCheckSecret({ caller, body }) {
      await openCheckSecret(ctx, await accountOf(caller, 'clinic'), body.id, body.secret);
      return DONE;
    },
    verifierDesk: async ({ caller }) => verifierDesk(ctx, await accountOf(caller, 'assessor')),
    readTask: async ({ caller, params }) => readTask(ctx, await accountOf(caller, 'assessor'), params.id),
    leaveAnswer: async ({ caller, params, body }) => ({
      commitment: await leaveAnswer(ctx, await accountOf(caller, 'assessor'), params.id, body),
    }),
    async leaveGrounds({ params, body }) {
      const { digest, deposit } = await leaveGrounds(ctx, params.id, body.text);
      return { digest, deposit };
    },
    orderCheckMoney: async ({ caller, body }) =>
      orderCheckMoney(
        ctx,
        await accountOf(caller, 'clinic', 'assessor', 'regulator'),
        BigInt(body.amount),
        body.contested,
      ),
    readUnused: async ({ caller }) =>
      readUnused(ctx, await accountOf(caller, 'clinic', 'assessor', 'regulator')),
    async standingChecks({ caller }) {
      await accountOf(caller, 'regulator');
      return { checks: await standingChecks(ctx) };
    },
    operatorChecks: () => operatorChecks(ctx),
    async setCheckPay({ body }) {
      await setCheckPay(ctx, BigInt(body.pay));
      return DONE;
    },
    async setFake({ body }) {
      await setFake(ctx, body.organisationId, body.fake);
      return DONE;
    },
  };
}
