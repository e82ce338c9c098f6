/** Handlers around devices, guardians and recoveries, by the names of their contracts. */
import { type Handlers, toIso } from '@zhenmei/kernel';
import type { deviceRoutes } from '../api-devices.ts';
import type { recoveryRoutes } from '../api-recovery.ts';
import { addDevice } from '../app/add-device.ts';
import type { VaultContext } from '../app/context.ts';
import {
  becomeGuardian,
  chooseGuardians,
  entrusted,
  readGuardian,
  readGuardianship,
} from '../app/guardians.ts';
import { findKeyset, readKeyset, writeKeyset } from '../app/keep-keyset.ts';
import { readNotices } from '../app/notices.ts';
import { answerPairing, completePairing, readPairing, revealPairing, startPairing } from '../app/pairing.ts';
import {
  approveRecovery,
  cancelRecovery,
  openRecovery,
  readRecovery,
  startRecovery,
} from '../app/recovery.ts';
import { removeDevices } from '../app/remove-devices.ts';
import '../core/device-errors.ts';
import { done } from './done.ts';

export function deviceHandlers(ctx: VaultContext): Handlers<typeof deviceRoutes> {
  return {
    readKeyset: ({ caller }) => readKeyset(ctx, caller!.accountId),
    writeKeyset: ({ caller, body }) => done(writeKeyset(ctx, caller!.accountId, body)),
    findKeyset: ({ params }) => findKeyset(ctx, params.locator),
    addDevice: ({ body }) => addDevice(ctx, body),
    listDevices: async ({ caller }) => ({
      devices: (await ctx.passkeys.list(caller!.accountId)).map(({ credential, addedAt }) => ({
        credential,
        addedAt: toIso(addedAt.getTime()),
      })),
    }),
    removeDevices: ({ caller, body }) => done(removeDevices(ctx, caller!.accountId, body)),
    readNotices: ({ caller, query }) => readNotices(ctx, caller!.accountId, query.after),
    startPairing: ({ body }) => startPairing(ctx, body.commitment),
    readPairing: ({ params }) => readPairing(ctx, params.code),
    answerPairing: ({ caller, params, body }) =>
      done(answerPairing(ctx, caller!.accountId, params.code, body.nonce)),
    revealPairing: ({ bearer, params, body }) => done(revealPairing(ctx, bearer, params.code, body)),
    completePairing: ({ caller, params, body }) =>
      done(completePairing(ctx, caller!.accountId, params.code, body.sealed)),
  };
}

export function recoveryHandlers(ctx: VaultContext): Handlers<typeof recoveryRoutes> {
  return {
    becomeGuardian: ({ caller, body }) => becomeGuardian(ctx, caller!.accountId, body.publicKey),
    readGuardian: ({ params }) => readGuardian(ctx, params.code),
    chooseGuardians: ({ caller, body }) => done(chooseGuardians(ctx, caller!.accountId, body)),
    readGuardianship: ({ caller }) => readGuardianship(ctx, caller!.accountId),
    entrusted: ({ caller }) => entrusted(ctx, caller!.accountId),
    startRecovery: ({ body }) => startRecovery(ctx, body.recovery, body.publicKey),
    readRecovery: ({ params, bearer }) => readRecovery(ctx, params.id, bearer),
    approveRecovery: ({ caller, params, body }) =>
      done(approveRecovery(ctx, caller!.accountId, params.id, body.sealed)),
    cancelRecovery: ({ caller, params }) => done(cancelRecovery(ctx, caller!.accountId, params.id)),
    openRecovery: ({ params, bearer }) => openRecovery(ctx, params.id, bearer),
  };
}
