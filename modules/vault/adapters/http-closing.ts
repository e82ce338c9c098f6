/** Handlers around closing a vault, by the names of their contract. */
import type { Handlers } from '@zhenmei/kernel';
import type { closingRoutes } from '../api-closing.ts';
import {
  agreeToClosing,
  carryOutClosing,
  makeWish,
  readLegacy,
  readLegacyFile,
  reportDeath,
  stopClosing,
} from '../app/closing.ts';
import type { VaultContext } from '../app/context.ts';
import { listClosings, readWish, withdrawWish } from '../app/list-closings.ts';
import { done } from './done.ts';

export function closingHandlers(ctx: VaultContext): Handlers<typeof closingRoutes> {
  return {
    readWish: ({ caller }) => readWish(ctx, caller!.accountId),
    withdrawWish: ({ caller, body }) => done(withdrawWish(ctx, caller!.accountId, body.signature)),
    listClosings: ({ caller }) => listClosings(ctx, caller!.accountId),
    makeWish: ({ caller, body }) => done(makeWish(ctx, caller!.accountId, body)),
    reportDeath: ({ caller, body }) => reportDeath(ctx, caller!.accountId, body),
    agreeToClosing: ({ caller, params }) => done(agreeToClosing(ctx, caller!.accountId, params.id)),
    stopClosing: ({ caller, params }) => done(stopClosing(ctx, caller!.accountId, params.id)),
    carryOutClosing: ({ caller, params }) => done(carryOutClosing(ctx, caller!.accountId, params.id)),
    readLegacy: ({ caller, params }) => readLegacy(ctx, caller!.accountId, params.id),
    readLegacyFile: ({ caller, params }) => readLegacyFile(ctx, caller!.accountId, params.id, params.name),
  };
}
