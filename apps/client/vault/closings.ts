/** After a death: what a person chooses in life, what guardians do, and what the heir receives. */
import { CREDENTIAL_TYPES } from '@zhenmei/identity/core/catalogue.ts';
import { presentSdJwt } from '@zhenmei/identity/core/sd-jwt.ts';
import { AppError, fromBase64Url, toBase64Url, toSeconds } from '@zhenmei/kernel';
import { vaultApi } from '@zhenmei/vault/api.ts';
import {
  DEATH_AUDIENCE,
  deathNonce,
  type Legacy,
  openLegacy,
  sealLegacy,
} from '@zhenmei/vault/core/closing/wish.ts';
import { openContainer } from '@zhenmei/vault/core/container.ts';
import type { Item } from '@zhenmei/vault/core/contents.ts';
import { ownerStatement, signAsOwner } from '@zhenmei/vault/core/owner.ts';
import { assertGuardian, guardianKeys } from '@zhenmei/vault/core/recovery/guardians.ts';
import type { WalletCredential } from '../wallet.ts';
import type { Bytes } from './io.ts';
import type { Vault } from './vault.ts';

interface Chosen {
  readonly kind: 'erase' | 'hand-over';
  readonly heir: string | null;
  readonly sealed: string | null;
  readonly objects: string[];
}

async function choose(vault: Vault, region: string, chosen: Chosen): Promise<void> {
  const wish = { region, ...chosen };
  const signature = signAsOwner(vault.root, ownerStatement.wish(wish));
  await vault.io.api.call(vaultApi.makeWish, { body: { ...wish, signature } });
}

/** After death everything is erased. */
export const wishErased = (vault: Vault, region: string): Promise<void> =>
  choose(vault, region, { kind: 'erase', heir: null, sealed: null, objects: [] });

/** After death these files go to one guardian, as they are now; then everything is erased. Throws GUARDIAN_UNKNOWN. */
export async function wishHandedOver(
  vault: Vault,
  region: string,
  { heir, items, note }: { readonly heir: string; readonly items: readonly Item[]; readonly note: string },
): Promise<void> {
  const { api, random } = vault.io;
  const { publicKey } = await api.call(vaultApi.readGuardian, { params: { code: heir } });
  assertGuardian(heir, publicKey);
  const files = await Promise.all(
    items.map(async (item) => ({
      object: item.object,
      version: item.version,
      key: toBase64Url(await vault.contentKey(item)),
      title: item.title,
      mime: item.mime,
    })),
  );
  const sealed = await sealLegacy({ note, files }, heir, publicKey, random);
  const objects = items.map(({ object }) => object);
  await choose(vault, region, { kind: 'hand-over', heir, sealed, objects });
}

/** Back to how it is without a choice: nobody opens anything. */
export async function withdrawWish(vault: Vault): Promise<void> {
  const signature = signAsOwner(vault.root, ownerStatement.wish({ kind: 'nothing' }));
  await vault.io.api.call(vaultApi.withdrawWish, { body: { signature } });
}

/** The certificate of this ward's death among those of the wallet. */
export const deathOf = (
  recovery: string,
  credentials: readonly WalletCredential[],
): WalletCredential | null =>
  credentials.find(
    ({ vct, claims }) => vct === CREDENTIAL_TYPES.deathCertificate && claims.ward === recovery,
  ) ?? null;

/** @param code of this guardian. Throws DEATH_NOT_PROVEN, CLOSING_NO_WISH, CLOSING_RUNNING. */
export async function reportDeath(
  vault: Vault,
  { recovery, code }: { readonly recovery: string; readonly code: string },
  { token, key }: WalletCredential,
): Promise<void> {
  const nonce = deathNonce(recovery, code);
  const binding = { audience: DEATH_AUDIENCE, nonce, at: toSeconds(vault.io.now()) };
  const presentation = await presentSdJwt(token, ['ward'], binding, key.sign);
  await vault.io.api.call(vaultApi.reportDeath, { body: { recovery, presentation } });
}

/** On the heir's device. Throws CLOSING_UNKNOWN, CLOSING_WAITING, VAULT_DAMAGED. */
export async function receiveLegacy(vault: Vault, id: string, code: string): Promise<Legacy> {
  const { sealed } = await vault.io.api.call(vaultApi.readLegacy, { params: { id } });
  for (const root of vault.roots) {
    const legacy = await openLegacy(guardianKeys(root), code, sealed).catch(() => null);
    if (legacy) return legacy;
  }
  throw new AppError('VAULT_DAMAGED');
}

/** Throws OBJECT_UNKNOWN, VAULT_DAMAGED. */
export async function receiveFile(vault: Vault, id: string, file: Legacy['files'][number]): Promise<Bytes> {
  const { object, version, key } = file;
  const { bytes } = await vault.io.api.call(vaultApi.readLegacyFile, { params: { id, name: object } });
  return openContainer(fromBase64Url(key), { object, version }, bytes);
}
