/** Handlers around programs, by the names of their contract. */
import { fromBase64Url, type Handlers } from '@zhenmei/kernel';
import type { computeRoutes } from '../api-compute.ts';
import { agreeToRun, offerRun, ownRuns, withdrawRun } from '../app/compute/agree.ts';
import { runOnce } from '../app/compute/run-once.ts';
import type { VaultContext } from '../app/context.ts';
import '../core/compute/errors.ts';
import { done } from './done.ts';

export function computeHandlers(ctx: VaultContext): Handlers<typeof computeRoutes> {
  return {
    offerRun: ({ caller, body }) => offerRun(ctx, caller!.accountId, body.program),
    agreeToRun: ({ caller, params, body }) =>
      done(agreeToRun(ctx, caller!.accountId, params.id, { ...body, share: fromBase64Url(body.share) })),
    withdrawRun: ({ caller, params }) => done(withdrawRun(ctx, caller!.accountId, params.id)),
    runOnce: ({ caller, params }) => runOnce(ctx, caller!.accountId, params.id),
    ownRuns: ({ caller }) => ownRuns(ctx, caller!.accountId),
  };
}
