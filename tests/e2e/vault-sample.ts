/** One walk through the vault's core with fixed randomness: what it gives must not depend on where it runs. */
import { canonicalJson, fromBase64Url, sha256, toBase64Url, toHex, utf8 } from '@zhenmei/kernel';
import { openContainer, sealContainer } from '@zhenmei/vault/core/container.ts';
import { masterKey, openContentKey, wrapContentKey } from '@zhenmei/vault/core/content-keys.ts';
import { agreementKey, agreementSealKeys, reviewIdentity } from '@zhenmei/vault/core/derive.ts';
import {
  addMethod,
  createKeyset,
  type Keyset,
  rotateRoot,
  type Unlock,
  unlockKeyset,
} from '@zhenmei/vault/core/keyset.ts';
import { readRecoveryCode, recoveryCode } from '@zhenmei/vault/core/recovery-code.ts';
import { openSealed, sealTo } from '@zhenmei/vault/core/seal.ts';

/** Everything that one place hands to another; base64url. */
export interface VaultSample {
  readonly keyset: Keyset;
  readonly address: string;
  readonly sealKey: string;
  readonly review: string;
  readonly sealed: string;
  readonly wrapped: string;
  readonly container: string;
}

const place = { compartment: 'treatments', epoch: 1, object: 'o1', version: 1 } as const;
const photo = Uint8Array.from({ length: 150_000 }, (_, i) => (i * 7) & 255);
const passkey: Unlock = { kind: 'passkey', id: 'cred', secret: new Uint8Array(32).fill(1) };
const phrase: Unlock = { kind: 'passphrase', id: 'phrase', secret: utf8('correct horse battery') };
const paper = (): Unlock => ({
  kind: 'recovery',
  id: 'paper',
  secret: readRecoveryCode(recoveryCode(new Uint8Array(26).fill(9))),
});

/** Numbered hashes instead of randomness. Never outside a test. */
function counted(): (length: number) => Uint8Array<ArrayBuffer> {
  let n = 0;
  return (length) => {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, () => [...sha256(utf8(`sample/${n++}`))]);
    return new Uint8Array(blocks.flat().slice(0, length));
  };
}

export async function makeSample(): Promise<VaultSample> {
  const random = counted();
  const made = await createKeyset(passkey, random);
  let keyset = await addMethod(made.keyset, made.root, phrase, random);
  keyset = await addMethod(keyset, made.root, paper(), random);
  const rotated = await rotateRoot(keyset, made.root, counted());
  const { root } = rotated;
  const key = random(32);
  const { publicKey } = agreementSealKeys(root, 1);
  return {
    keyset: rotated.keyset,
    address: agreementKey(root, 1).address,
    sealKey: publicKey,
    review: reviewIdentity(root, 1).commitment.toString(),
    sealed: await sealTo(publicKey, utf8('一份记录'), 'record/1', random(64)),
    wrapped: toBase64Url(await wrapContentKey(masterKey(root), place, key, random(12))),
    container: toBase64Url(await sealContainer(key, place, photo)),
  };
}

/** Opens what another place made, by every method. @returns a digest of all that was found */
export async function openSample(sample: VaultSample): Promise<string> {
  const roots = await Promise.all(
    [passkey, phrase, paper()].map((unlock) => unlockKeyset(sample.keyset, unlock)),
  );
  const root = roots[0]!;
  const text = await openSealed(agreementSealKeys(root, 1).secretKey, sample.sealed, 'record/1');
  const key = await openContentKey(masterKey(root), place, fromBase64Url(sample.wrapped));
  const content = await openContainer(key, place, fromBase64Url(sample.container));
  const found = {
    roots: roots.map(toHex),
    text: toHex(text),
    content: toHex(sha256(content)),
    same: content.length === photo.length,
  };
  return toHex(sha256(utf8(canonicalJson(found))));
}

/** The code with which a changed sample is refused. */
export async function refuseSample(sample: VaultSample): Promise<string> {
  const changed = { ...sample.keyset, revision: sample.keyset.revision + 1 };
  return unlockKeyset(changed, passkey).then(
    () => 'opened',
    (error: { code?: string }) => error.code ?? 'no code',
  );
}
