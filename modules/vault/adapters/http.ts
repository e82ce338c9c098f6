/** The vault's handlers: it stores and returns, it never reads. */
import type { Handlers } from '@zhenmei/kernel';
import type { VaultApi } from '../api.ts';
import type { VaultContext } from '../app/context.ts';
import { collect, leave } from '../app/deliver.ts';
import { listObjects, readObject, writeObject } from '../app/keep-object.ts';
import '../core/errors.ts';
import '../core/device-errors.ts';
import { deviceHandlers, recoveryHandlers } from './http-devices.ts';

const OK = { ok: true } as const;

export function vaultHandlers(ctx: VaultContext): Handlers<VaultApi> {
  return {
    ...deviceHandlers(ctx),
    ...recoveryHandlers(ctx),
    listObjects: ({ caller, query }) => listObjects(ctx, caller!.accountId, query),
    readObject: ({ caller, params }) => readObject(ctx, caller!.accountId, params.name),
    writeObject: async ({ caller, params, body }) => {
      await writeObject(ctx, caller!.accountId, params.name, body);
      return OK;
    },
    leave: async ({ params, body }) => {
      await leave(ctx, params.label, body.sealed);
      return OK;
    },
    collect: ({ params, query }) => collect(ctx, params.label, query.n),
  };
}
