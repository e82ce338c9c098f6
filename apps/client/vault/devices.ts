/** Devices that come to a vault and leave it. */

import { identityApi } from '@zhenmei/identity/api.ts';
import { AppError, toBase64Url } from '@zhenmei/kernel';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { readShortCode } from '@zhenmei/vault/core/devices/code.ts';
import {
  assertRevealed,
  handOver,
  type NewDevice,
  pairingDigits,
  type Revealed,
  startPairing,
  takeOver,
} from '@zhenmei/vault/core/devices/pairing.ts';
import {
  addMethod,
  type MethodName,
  openKeyset,
  removeMethod,
  type Unlock,
} from '@zhenmei/vault/core/keyset.ts';
import { ownerKey, ownerStatement, signAsOwner } from '@zhenmei/vault/core/owner.ts';
import { recoveryUnlock } from '@zhenmei/vault/core/recovery-code.ts';
import type { Authenticator } from '../authenticator.ts';
import type { Bytes, VaultIo } from './io.ts';
import { Vault } from './vault.ts';

/** A device that joined an account; `unlock` is null where its passkey cannot open the vault by itself. */
export interface Joined {
  readonly vault: Vault;
  readonly credential: string;
  readonly unlock: Unlock | null;
}

/**
 * Makes a passkey on this device, joins the account that belongs to the root and opens the vault: one prompt.
 * A passkey with PRF becomes a way in at once. Throws OWNER_UNKNOWN, PASSKEY_REFUSED.
 */
export async function joinAccount(io: VaultIo, authenticator: Authenticator, root: Bytes): Promise<Joined> {
  const { challenge, rpId } = await io.api.call(identityApi.challenge, { body: { purpose: 'patient' } });
  const { json, prf } = await authenticator.register({ challenge, rpId, userName: 'Zhenmei' });
  const signature = signAsOwner(root, ownerStatement.attach(json));
  await io.api.call(vaultApi.addDevice, { body: { registration: json, owner: ownerKey(root), signature } });
  const vault = await Vault.openWithRoot(io, await io.api.call(vaultApi.readKeyset), root);
  const unlock: Unlock | null = prf && { kind: 'passkey', id: json.id, secret: prf };
  if (unlock) await addUnlock(vault, unlock);
  return { vault, credential: json.id, unlock };
}

/** Another way in. Throws KEYSET_METHOD_KNOWN, PASSPHRASE_SHORT, PASSPHRASE_PREDICTABLE. */
export async function addUnlock(vault: Vault, unlock: Unlock): Promise<void> {
  const { random } = vault.io;
  await vault.changeKeyset(async (keyset, root) => ({
    keyset: await addMethod(keyset, root, unlock, random),
  }));
}

/**
 * Takes devices and ways in out of use: they no longer sign in, and the root is another afterwards.
 * @param keep credential of this device
 * Throws KEYSET_METHOD_UNKNOWN, KEYSET_LAST_METHOD, VAULT_DEVICE_UNKNOWN, DEVICE_LAST.
 */
export async function dropDevices(
  vault: Vault,
  methods: readonly MethodName[],
  credentials: readonly string[],
  keep: string,
): Promise<void> {
  for (const method of methods)
    await vault.changeKeyset((keyset, root) => removeMethod(keyset, root, method, vault.io.random));
  if (credentials.length === 0) return;
  const signature = signAsOwner(vault.root, ownerStatement.removeDevices(credentials, keep));
  await vault.io.api.call(vaultApi.removeDevices, {
    body: { credentials: [...credentials], keep, signature },
  });
}

/** What the person calls a device, on all of hers. */
export async function renameDevice(vault: Vault, credential: string, name: string): Promise<void> {
  const called = name.trim().slice(0, 60);
  await vault.update((contents) => ({
    ...contents,
    devices: { ...contents.devices, [credential]: called },
  }));
}

/** On the new device: what it shows and waits with. */
export interface Waiting {
  readonly code: string;
  readonly token: string;
  readonly device: NewDevice;
}

export async function beginPairing(io: VaultIo): Promise<Waiting> {
  const device = startPairing(io.random);
  const { code, token } = await io.api.call(vaultApi.startPairing, {
    body: { commitment: device.commitment },
  });
  return { code, token, device };
}

/**
 * On the new device, again and again: opens its commitment once the old one answered.
 * @returns the digits to show, and the roots once they were handed over
 */
export async function continuePairing(
  io: VaultIo,
  { code, token, device }: Waiting,
): Promise<{ digits: string | null; roots: Bytes[] | null }> {
  const params = { code };
  const { nonce, revealed, sealed } = await io.api.call(vaultApi.readPairing, { params });
  if (!nonce) return { digits: null, roots: null };
  const mine: Revealed = { publicKey: device.keys.publicKey, opening: device.opening };
  if (!revealed) await io.api.call(vaultApi.revealPairing, { params, body: mine, bearer: token });
  const roots = sealed ? await takeOver(code, device.keys, sealed) : null;
  return { digits: pairingDigits(mine, nonce), roots };
}

/** On the old device: answers a code. @returns the nonce, to be kept until the digits are compared */
export async function answerPairing(io: VaultIo, code: string): Promise<string> {
  const nonce = toBase64Url(io.random(32));
  await io.api.call(vaultApi.answerPairing, { params: { code: readShortCode(code) }, body: { nonce } });
  return nonce;
}

/**
 * On the old device: hands the roots over if the typed digits are those of the key that was committed to.
 * @returns false while the new device has not shown its key yet. Throws PAIRING_NOT_SAME.
 */
export async function completePairing(
  vault: Vault,
  typedCode: string,
  nonce: string,
  typed: string,
): Promise<boolean> {
  const code = readShortCode(typedCode);
  const params = { code };
  const { commitment, revealed } = await vault.io.api.call(vaultApi.readPairing, { params });
  if (!revealed) return false;
  assertRevealed(commitment, revealed);
  if (pairingDigits(revealed, nonce) !== typed.replace(/\s/gu, '')) throw new AppError('PAIRING_NOT_SAME');
  const sealed = await handOver(code, revealed, vault.roots, vault.io.random);
  await vault.io.api.call(vaultApi.completePairing, { params, body: { sealed } });
  return true;
}

/** Every device is lost, the paper is there. @returns the root. Throws RECOVERY_CODE_*, KEYSET_UNKNOWN, VAULT_LOCKED. */
export async function rootByCode(io: VaultIo, typed: string): Promise<Bytes> {
  const unlock = recoveryUnlock(typed);
  const keyset = await io.api.call(vaultApi.findKeyset, { params: { locator: unlock.id } });
  return (await openKeyset(keyset, unlock)).root;
}
