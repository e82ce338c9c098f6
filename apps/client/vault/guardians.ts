/** Guardians from all three sides: who chooses them, who is one, who comes back with their help. */
import { vaultApi } from '@zhenmei/vault/api.ts';
import { readShortCode } from '@zhenmei/vault/core/devices/code.ts';
import { addMethod, openKeyset, removeMethod } from '@zhenmei/vault/core/keyset.ts';
import { ownerStatement, signAsOwner } from '@zhenmei/vault/core/owner.ts';
import {
  approve,
  assertGuardian,
  chooseGuardians as choose,
  combineApprovals,
  guardianKeys,
  openShare,
  requestCode,
} from '@zhenmei/vault/core/recovery/guardians.ts';
import { type SealKeys, sealKeys } from '@zhenmei/vault/core/seal.ts';
import type { Bytes, VaultIo } from './io.ts';
import type { Vault } from './vault.ts';

/** @returns the code to read to whoever wants this person as guardian */
export async function becomeGuardian(vault: Vault): Promise<string> {
  const { publicKey } = guardianKeys(vault.root);
  return (await vault.io.api.call(vaultApi.becomeGuardian, { body: { publicKey } })).code;
}

export interface ChosenGuardian {
  readonly code: string;
  /** What the person calls the guardian; kept in the vault. */
  readonly name: string;
}

/** Takes the place of an earlier arrangement. Throws GUARDIANS_COUNT, GUARDIAN_TWICE, GUARDIAN_UNKNOWN. */
export async function chooseGuardians(
  vault: Vault,
  chosen: readonly ChosenGuardian[],
  { need, hours, ward }: { need: number; hours: number; ward: string },
): Promise<void> {
  const { api, random } = vault.io;
  const guardians = [];
  for (const { code: typed } of chosen) {
    const code = readShortCode(typed);
    const { publicKey } = await api.call(vaultApi.readGuardian, { params: { code } });
    assertGuardian(code, publicKey);
    guardians.push({ code, publicKey });
  }
  const { setup, unlock } = await choose(guardians, need, hours, ward, random);
  await dropGuardians(vault);
  await vault.changeKeyset(async (keyset, root) => ({
    keyset: await addMethod(keyset, root, unlock, random),
  }));
  const signature = signAsOwner(vault.root, ownerStatement.guardians(setup));
  await api.call(vaultApi.chooseGuardians, { body: { ...setup, shares: [...setup.shares], signature } });
  const names = Object.fromEntries(chosen.map(({ code, name }) => [readShortCode(code), name]));
  await vault.update((contents) => ({ ...contents, guardians: names }));
}

/** No guardian can do anything any more. */
export async function dropGuardians(vault: Vault): Promise<void> {
  for (const method of vault.keyset.methods.filter((m) => m.kind === 'guardians'))
    await vault.changeKeyset((keyset, root) => removeMethod(keyset, root, method, vault.io.random));
}

export interface Ward {
  readonly recovery: string;
  readonly sealed: string;
  readonly name: string;
  readonly keys: SealKeys;
  readonly request: {
    readonly id: string;
    readonly publicKey: string;
    readonly dueAt: string;
    readonly approved: boolean;
  } | null;
}

/** Who entrusted something to this person, and whether they ask now. */
export async function wards(vault: Vault): Promise<Ward[]> {
  const { shares } = await vault.io.api.call(vaultApi.entrusted);
  const found: Ward[] = [];
  for (const { recovery, sealed, request } of shares)
    for (const root of vault.roots) {
      const keys = guardianKeys(root);
      const share = await openShare(keys, recovery, sealed).catch(() => null);
      if (share) found.push({ recovery, sealed, name: share.ward, keys, request });
    }
  return found;
}

/** @param code read out by the person who asks, from the new device. Throws PAIRING_NOT_SAME. */
export async function agreeTo(vault: Vault, ward: Ward, code: string): Promise<void> {
  const { id, publicKey } = ward.request!;
  const sealed = await approve(
    ward.keys,
    ward.recovery,
    ward.sealed,
    { id, publicKey, code },
    vault.io.random,
  );
  await vault.io.api.call(vaultApi.approveRecovery, { params: { id }, body: { sealed } });
}

/** On the new device: kept until the waiting period is over. */
export interface Asking {
  readonly recovery: string;
  readonly id: string;
  readonly token: string;
  readonly dueAt: string;
  readonly seed: Bytes;
  /** To be read to each guardian. */
  readonly code: string;
}

/** @param typed the ward's code, which any guardian's screen shows. Throws RECOVERY_UNKNOWN, RECOVERY_RUNNING, RECOVERY_TOO_OFTEN. */
export async function askGuardians(io: VaultIo, typed: string): Promise<Asking> {
  const recovery = readShortCode(typed);
  const seed = io.random(32);
  const { publicKey } = sealKeys(seed);
  const started = await io.api.call(vaultApi.startRecovery, { body: { recovery, publicKey } });
  return { recovery, seed, ...started, code: requestCode(recovery, publicKey) };
}

/** @returns the root. Throws RECOVERY_WAITING, RECOVERY_NOT_APPROVED, RECOVERY_ENDED. */
export async function rootByGuardians(io: VaultIo, asking: Asking): Promise<Bytes> {
  const { recovery, id, token, seed } = asking;
  const given = await io.api.call(vaultApi.openRecovery, { params: { id }, bearer: token });
  const unlock = await combineApprovals(sealKeys(seed), recovery, id, given.approvals, given.serverShare);
  return (await openKeyset(given.keyset, unlock)).root;
}
