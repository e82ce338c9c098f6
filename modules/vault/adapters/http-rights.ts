/** Handlers around a person's rights, by the names of their contract. */
import type { Handlers } from '@zhenmei/kernel';
import type { rightsRoutes } from '../api-rights.ts';
import { listConsents } from '../app/consents.ts';
import type { VaultContext } from '../app/context.ts';
import {
  eraseEverything,
  eraseObjects,
  keptIn,
  listErasures,
  readErasure,
  undoErasure,
} from '../app/erase.ts';
import { listRestricted, restrictObject } from '../app/restrict.ts';
import { withdrawConsent } from '../app/withdraw-consent.ts';
import { done } from './done.ts';

export function rightsHandlers(ctx: VaultContext): Handlers<typeof rightsRoutes> {
  return {
    listConsents: ({ caller }) => listConsents(ctx, caller!.accountId),
    withdrawConsent: ({ caller, params }) => done(withdrawConsent(ctx, caller!.accountId, params.receipt)),
    restrictObject: ({ caller, params, body }) =>
      done(restrictObject(ctx, caller!.accountId, params.name, body.restricted)),
    listRestricted: ({ caller }) => listRestricted(ctx, caller!.accountId),
    readKept: async ({ query }) => ({
      objects: keptIn(ctx, query.region, 'objects'),
      everything: keptIn(ctx, query.region, 'everything'),
      waitDays: ctx.rules.days(query.region, 'erasureWaitDays'),
    }),
    eraseObjects: ({ caller, body }) => eraseObjects(ctx, caller!.accountId, body),
    eraseEverything: ({ caller, body }) => eraseEverything(ctx, caller!.accountId, body),
    undoErasure: ({ caller, params }) => done(undoErasure(ctx, caller!.accountId, params.id)),
    listErasures: ({ caller }) => listErasures(ctx, caller!.accountId),
    readErasure: ({ params, bearer }) => readErasure(ctx, params.id, bearer),
  };
}
