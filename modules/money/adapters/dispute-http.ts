/** Handlers of disputes, by the names of their contract. */
import { AppError, type Caller, type Handlers, type Hex } from '@zhenmei/kernel';
import type { MoneyContext } from '../app/context.ts';
import { announceKey, assessorDesk, readCase } from '../app/dispute/assessor-desk.ts';
import { candidates } from '../app/dispute/candidates.ts';
import { orderDeposit } from '../app/dispute/deposit.ts';
import { endStage } from '../app/dispute/end-stage.ts';
import { addKnownPair, countKnownPairs } from '../app/dispute/known-pairs.ts';
import { readDispute, sideOf, standing } from '../app/dispute/read-dispute.ts';
import { proposeSplit, signSplit } from '../app/dispute/sign-split.ts';
import { leavePapers, openSecret } from '../app/dispute/take-part.ts';
import type { DisputeApi } from '../dispute-api.ts';

interface Asked {
  readonly params: { readonly id: Hex };
  readonly caller: Caller | null;
  readonly bearer: string | null;
}

export function disputeHandlers(ctx: MoneyContext): Handlers<DisputeApi> {
  const side = ({ params, bearer, caller }: Asked) =>
    sideOf(ctx, params.id, { token: bearer, organisationId: caller?.organisationId ?? null });
  /** Account of the caller's organisation. Throws DISPUTE_ROLE_WRONG unless it is of one of these kinds. */
  const accountOf = async (caller: Caller | null, ...kinds: string[]): Promise<Hex> => {
    const own = caller?.organisationId ? await ctx.disputes.organisation(caller.organisationId) : null;
    if (!own || !kinds.includes(own.kind)) throw new AppError('DISPUTE_ROLE_WRONG');
    return own.account;
  };
  return {
    readDispute: async (input) => readDispute(ctx, input.params.id, await side(input)),
    async endStage(input) {
      const by = await side(input);
      await endStage(ctx, input.params.id, by, input.body.stage);
      return readDispute(ctx, input.params.id, by);
    },
    async signSplit(input) {
      const by = await side(input);
      await signSplit(ctx, input.params.id, by, BigInt(input.body.refund), input.body.signature);
      return readDispute(ctx, input.params.id, by);
    },
    async openSecret(input) {
      const by = await side(input);
      await openSecret(ctx, (await standing(ctx, input.params.id)).row, by, input.body.secret);
      return readDispute(ctx, input.params.id, by);
    },
    async leavePapers(input) {
      const by = await side(input);
      await leavePapers(ctx, (await standing(ctx, input.params.id)).row, by, input.body);
      return readDispute(ctx, input.params.id, by);
    },
    async mediations({ caller }) {
      await accountOf(caller, 'regulator');
      const rows = await ctx.db
        .selectFrom('money.dispute')
        .select('agreement_id')
        .where('open', '=', true)
        .where('panel_id', 'is', null)
        .orderBy('disputed_at')
        .limit(100)
        .execute();
      const waiting = [];
      for (const { agreement_id: id } of rows) {
        const { standing: now } = await standing(ctx, id);
        if (now.stage === 'mediation') waiting.push(await readDispute(ctx, id, 'mediator'));
      }
      return { disputes: waiting };
    },
    async propose({ caller, params, body }) {
      await accountOf(caller, 'regulator');
      await proposeSplit(ctx, params.id, BigInt(body.refund));
      return readDispute(ctx, params.id, 'mediator');
    },
    assessorDesk: async ({ caller }) => assessorDesk(ctx, await accountOf(caller, 'assessor')),
    async announceKey({ caller, body }) {
      await announceKey(ctx, await accountOf(caller, 'assessor'), body.sealKey);
      return { done: true };
    },
    readCase: async ({ caller, params }) => readCase(ctx, await accountOf(caller, 'assessor'), params.panel),
    async candidates({ caller }) {
      await accountOf(caller, 'regulator');
      return { organisations: await candidates(ctx) };
    },
    async knownPairs({ caller }) {
      await accountOf(caller, 'regulator');
      return countKnownPairs(ctx);
    },
    async addKnownPair({ caller, body }) {
      await addKnownPair(ctx, await accountOf(caller, 'regulator'), body);
      return countKnownPairs(ctx);
    },
    orderDeposit: async ({ caller, body }) =>
      orderDeposit(ctx, await accountOf(caller, 'assessor', 'clinic', 'regulator'), BigInt(body.amount)),
  };
}
