/** Handlers of claims before the panel, by the names of their contract. */
import type { Caller, Handlers, Hex } from '@zhenmei/kernel';
import type { MoneyContext } from '../app/context.ts';
import { caseOfClaim, loadClaim, readClaim } from '../app/dispute/read-claim.ts';
import { sideOf } from '../app/dispute/read-dispute.ts';
import { leavePictures, offerPictures } from '../app/dispute/show-pictures.ts';
import { leavePapers, openSecret } from '../app/dispute/take-part.ts';
import type { ClaimApi } from '../claim-api.ts';

interface Asked {
  readonly params: { readonly id: Hex };
  readonly caller: Caller | null;
  readonly bearer: string | null;
}

export function claimHandlers(ctx: MoneyContext): Handlers<ClaimApi> {
  const side = async ({ params, bearer, caller }: Asked) => {
    const { agreement } = await loadClaim(ctx, params.id);
    return sideOf(ctx, agreement, { token: bearer, organisationId: caller?.organisationId ?? null });
  };
  return {
    readClaim: async (input) => readClaim(ctx, input.params.id, await side(input)),
    async openClaimSecret(input) {
      const by = await side(input);
      await openSecret(ctx, await caseOfClaim(ctx, input.params.id), by, input.body.secret);
      return readClaim(ctx, input.params.id, by);
    },
    async leaveClaimPapers(input) {
      const by = await side(input);
      await leavePapers(ctx, await caseOfClaim(ctx, input.params.id), by, input.body);
      return readClaim(ctx, input.params.id, by);
    },
    async offerPictures(input) {
      const by = await side(input);
      await offerPictures(ctx, input.params.id, by, input.body.digest);
      return readClaim(ctx, input.params.id, by);
    },
    async leavePictures(input) {
      const by = await side(input);
      await leavePictures(ctx, input.params.id, by, input.body);
      return readClaim(ctx, input.params.id, by);
    },
  };
}
