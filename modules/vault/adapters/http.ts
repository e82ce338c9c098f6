/** The vault's handlers: it stores and returns, it never reads. */
import type { Handlers } from '@zhenmei/kernel';
import type { VaultApi } from '../api.ts';
import { reportBreach, reportBreachInRegion } from '../app/breach.ts';
import type { VaultContext } from '../app/context.ts';
import { collect, leave } from '../app/deliver.ts';
import '../core/errors.ts';
import { done } from './done.ts';
import { closingHandlers } from './http-closing.ts';
import { computeHandlers } from './http-compute.ts';
import { deviceHandlers, recoveryHandlers } from './http-devices.ts';
import { emergencyHandlers } from './http-emergency.ts';
import { deskOf, grantHandlers } from './http-grants.ts';
import { objectHandlers } from './http-objects.ts';
import { poolHandlers } from './http-pool.ts';
import { rightsHandlers } from './http-rights.ts';

export function vaultHandlers(ctx: VaultContext): Handlers<VaultApi> {
  return {
    ...deviceHandlers(ctx),
    ...recoveryHandlers(ctx),
    ...objectHandlers(ctx),
    ...grantHandlers(ctx),
    ...emergencyHandlers(ctx),
    ...computeHandlers(ctx),
    ...rightsHandlers(ctx),
    ...closingHandlers(ctx),
    ...poolHandlers(ctx),
    reportBreach: ({ body }) => reportBreach(ctx, body),
    reportBreachAtDesk: ({ caller, body }) => reportBreachInRegion(ctx, deskOf(caller).organisation, body),
    leave: ({ params, body }) => done(leave(ctx, params.label, body.sealed)),
    handOver: ({ params, body }) => done(leave(ctx, params.label, body.sealed)),
    collect: ({ params, query }) => collect(ctx, params.label, query.n),
  };
}
