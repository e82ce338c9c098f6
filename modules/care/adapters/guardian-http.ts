/** The handler of a guardian's look, by the name of its contract. */
import type { Handlers } from '@zhenmei/kernel';
import type { CareContext } from '../app/context.ts';
import { showWardVisits } from '../app/show-ward-visits.ts';
import type { GuardianApi } from '../guardian-api.ts';

export function guardianHandlers(ctx: CareContext): Handlers<GuardianApi> {
  return {
    wardVisits: async ({ body }) => ({ visits: await showWardVisits(ctx, body.child, body.presentation) }),
  };
}
