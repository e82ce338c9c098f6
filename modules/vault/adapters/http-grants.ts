/** Handlers around grants, by the names of their contract. */
import { AppError, type Caller, fromBase64Url, type Handlers, type RouteInput } from '@zhenmei/kernel';
import type { grantEvents, grantRoutes } from '../api-grants.ts';
import { findLeaf, openAccessLog, readAccess } from '../app/access-log.ts';
import type { VaultContext } from '../app/context.ts';
import { addToGrant, giveGrant, listGrants, revokeGrant } from '../app/give-grant.ts';
import { granteeCards, registerGranteeKey } from '../app/grantee-keys.ts';
import {
  collectLeft,
  type Desk,
  deskGrants,
  leaveUnder,
  readReleased,
  release,
  watchGrant,
} from '../app/read-grant.ts';
import { done } from './done.ts';

/** Throws GRANT_UNKNOWN for a desk that belongs to no organisation. */
export function deskOf(caller: Caller | null): Desk {
  if (!caller?.organisationId) throw new AppError('GRANT_UNKNOWN');
  return { device: caller.accountId, organisation: caller.organisationId };
}

export function grantHandlers(ctx: VaultContext): Handlers<typeof grantRoutes> {
  return {
    openAccessLog: ({ caller, body }) => done(openAccessLog(ctx, caller!.accountId, fromBase64Url(body.key))),
    readAccess: async ({ caller, query }) => (await readAccess(ctx, caller!.accountId, query.after)) as never,
    findAccessLeaf: async ({ params }) => (await findLeaf(ctx, params.tag)) as never,
    giveGrant: ({ caller, body }) => done(giveGrant(ctx, caller!.accountId, body)),
    addToGrant: ({ caller, params, body }) => done(addToGrant(ctx, caller!.accountId, params.id, body.files)),
    revokeGrant: ({ caller, params }) => done(revokeGrant(ctx, caller!.accountId, params.id)),
    listGrants: ({ caller }) => listGrants(ctx, caller!.accountId),
    collectLeft: ({ caller, params }) => collectLeft(ctx, caller!.accountId, params.id),
    granteeCards: ({ params }) => granteeCards(ctx, params.id),
    registerGranteeKey: ({ caller, body }) => {
      const { device: id, organisation } = deskOf(caller);
      return registerGranteeKey(ctx, { id, organisation }, body.publicKey, body.presentation);
    },
    deskGrants: ({ caller }) => deskGrants(ctx, deskOf(caller)),
    release: ({ caller, params, body }) => release(ctx, deskOf(caller), params.id, body),
    readReleased: ({ caller, params, range }) => readReleased(ctx, deskOf(caller), params.id, range ?? null),
    leaveUnder: ({ caller, params, body }) => done(leaveUnder(ctx, deskOf(caller), params.id, body)),
  };
}

/** For the server's streams. */
export async function* grantStream(
  ctx: VaultContext,
  input: RouteInput<typeof grantEvents>,
  { signal }: { readonly signal: AbortSignal },
) {
  for await (const data of watchGrant(ctx, deskOf(input.caller), input.params.id, signal)) yield { data };
}
