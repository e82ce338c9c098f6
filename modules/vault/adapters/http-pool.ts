/** Handlers of the data pool, by the names of their contract. */
import type { Handlers } from '@zhenmei/kernel';
import type { poolRoutes } from '../api-pool.ts';
import type { VaultContext } from '../app/context.ts';
import { contribute } from '../app/pool/contribute.ts';
import { fundStudy } from '../app/pool/fund-study.ts';
import { joinStudy } from '../app/pool/join-study.ts';
import { namePayees } from '../app/pool/name-payee.ts';
import { studiesFor, studiesOf } from '../app/pool/read-studies.ts';
import { registerStudy } from '../app/pool/register-study.ts';
import { done } from './done.ts';
import { deskOf } from './http-grants.ts';

export function poolHandlers(ctx: VaultContext): Handlers<typeof poolRoutes> {
  return {
    registerStudy: ({ caller, body }) => done(registerStudy(ctx, deskOf(caller), body)),
    deskStudies: ({ caller }) => studiesOf(ctx, deskOf(caller).organisation),
    fundStudy: ({ caller, params, body }) => fundStudy(ctx, deskOf(caller), params.id, body.answers),
    namePayees: ({ caller, body }) => done(namePayees(ctx, caller!.accountId, body.payees)),
    myStudies: ({ caller }) => studiesFor(ctx, caller!.accountId),
    joinStudy: ({ caller, params, body: { signature, ...consent } }) =>
      joinStudy(ctx, caller!.accountId, { study: params.id, ...consent }, signature),
    contribute: ({ body }) => done(contribute(ctx, body)),
  };
}
