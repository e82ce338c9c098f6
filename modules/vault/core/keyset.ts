/**
 * The keyset: the vault's root (32 random bytes, the root of all keys of a patient), sealed to every unlock method.
 *
 * A method holds an unlock seed, wrapped by what the person has or knows. From the seed follow a key pair, to which the
 * root is sealed, and a confirmation secret, of which the root keeps a wrapped copy. So somebody who is in with one
 * method can renew the root for all the others without their help, and nobody who does not know the root can put
 * another in its place: the seal needs the confirmation secret, and the whole keyset carries a MAC under the root.
 *
 * After a renewal the earlier roots stay readable under the current one: keys of past agreements still follow from them.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import {
  AppError,
  canonicalJson,
  derive,
  equalBytes,
  fromBase64Url,
  toBase64Url,
  utf8,
} from '@zhenmei/kernel';
import { z } from 'zod';
import './device-errors.ts';
import './errors.ts';
import { openSealed, SEAL_RANDOM, sealKeys, sealTo } from './seal.ts';
import { openBox, sealBox } from './secret-box.ts';
import { Argon, assertPassphrase, newArgon, type Unlock, UnlockKind, wrapKey } from './unlock.ts';

export type { Unlock } from './unlock.ts';

/** A boxed 32-byte secret: nonce, ciphertext and tag are 60 bytes. */
const Box = z.string().length(80);

const Method = z.strictObject({
  kind: UnlockKind,
  /** Credential id, or a name chosen for the method. */
  id: z.string().min(1).max(200),
  /** How a passphrase is stretched; null for the other kinds. */
  params: Argon.nullable(),
  publicKey: z.string().length(1_622),
  /** The unlock seed, wrapped by the method's own key. */
  wrapped: Box,
  /** The confirmation secret, boxed under the root. */
  confirm: Box,
  /** The root, sealed to the method. */
  root: z.string().length(1_559),
});
export type Method = z.infer<typeof Method>;
export type MethodName = Pick<Method, 'kind' | 'id'>;

export const Keyset = z.strictObject({
  version: z.literal(1),
  /** Counts every change; the server takes only the next one. */
  revision: z.int().min(1),
  /** Counts the roots. */
  generation: z.int().min(1),
  methods: z.array(Method).min(1).max(20),
  /** Roots of generations 1, 2, …, boxed under the current one. */
  earlier: z.array(Box).max(1_000),
  mac: z.string().length(43),
});
export type Keyset = z.infer<typeof Keyset>;

export type RandomBytes = (length: number) => Uint8Array<ArrayBuffer>;
type Secret = Uint8Array<ArrayBuffer>;

export interface OpenedKeyset {
  readonly root: Secret;
  /** All roots, oldest first; the last one is `root`. What was derived in generation g follows from `roots[g - 1]`. */
  readonly roots: readonly Secret[];
}

const purpose = (use: string, about: object) => canonicalJson({ version: 1, use, ...about });
const wrapPurpose = ({ kind, id, params }: Pick<Method, 'kind' | 'id' | 'params'>) =>
  purpose('unlock-seed', { kind, id, params });
const rootPurpose = ({ kind, id }: MethodName, generation: number) =>
  purpose('root', { kind, id, generation });
const confirmPurpose = (
  { kind, id, publicKey }: Pick<Method, 'kind' | 'id' | 'publicKey'>,
  generation: number,
) => purpose('confirm', { kind, id, publicKey, generation });
const earlierPurpose = (of: number, generation: number) => purpose('earlier-root', { of, generation });

const sealKeysOf = (seed: Secret) => sealKeys(derive(seed, 'zhenmei/unlock/seal/v1'));
const confirmSecretOf = (seed: Secret) => derive(seed, 'zhenmei/unlock/confirm/v1');
const boxKeyOf = (root: Secret) => derive(root, 'zhenmei/keyset/box/v1');
const same = (a: MethodName, b: MethodName) => a.kind === b.kind && a.id === b.id;

function signed(rest: Omit<Keyset, 'mac'>, root: Secret): Keyset {
  return { ...rest, mac: macOf(rest, root) };
}

function macOf(
  { version, revision, generation, methods, earlier }: Omit<Keyset, 'mac'>,
  root: Secret,
): string {
  const text = canonicalJson({ version, revision, generation, methods, earlier });
  return toBase64Url(hmac(sha256, derive(root, 'zhenmei/keyset/mac/v1'), utf8(text)));
}

/** Throws VAULT_DAMAGED unless this very keyset was made by somebody who knew the root. */
function assertWhole(keyset: Keyset, root: Secret): void {
  if (!equalBytes(utf8(macOf(keyset, root)), utf8(keyset.mac))) throw new AppError('VAULT_DAMAGED');
}

/** Fields of a method that follow from the root: to be made anew for every new root. */
async function rooted(
  method: Omit<Method, 'confirm' | 'root'>,
  confirm: Secret,
  root: Secret,
  generation: number,
  random: RandomBytes,
): Promise<Method> {
  const { kind, id, params, publicKey, wrapped } = method;
  const boxed = await sealBox(boxKeyOf(root), random(12), confirm, confirmPurpose(method, generation));
  const sealed = await sealTo(publicKey, root, rootPurpose(method, generation), random(SEAL_RANDOM), {
    psk: confirm,
  });
  return { kind, id, params, publicKey, wrapped, confirm: toBase64Url(boxed), root: sealed };
}

async function newMethod(
  unlock: Unlock,
  root: Secret,
  generation: number,
  random: RandomBytes,
): Promise<Method> {
  if (unlock.kind === 'passphrase') assertPassphrase(unlock.secret);
  const name = {
    kind: unlock.kind,
    id: unlock.id,
    params: unlock.kind === 'passphrase' ? newArgon(random(16)) : null,
  };
  const seed = random(32);
  const wrapped = await sealBox(await wrapKey(unlock, name.params), random(12), seed, wrapPurpose(name));
  const method = { ...name, publicKey: sealKeysOf(seed).publicKey, wrapped: toBase64Url(wrapped) };
  return rooted(method, confirmSecretOf(seed), root, generation, random);
}

/**
 * A new vault.
 * @returns its keyset, which the server may keep, and its root, which never leaves the device.
 * Throws PASSPHRASE_SHORT, PASSPHRASE_PREDICTABLE, VAULT_LOCKED (a secret of the wrong length).
 */
export async function createKeyset(
  unlock: Unlock,
  random: RandomBytes,
): Promise<{ keyset: Keyset; root: Secret }> {
  const root = random(32);
  const methods = [await newMethod(unlock, root, 1, random)];
  return { keyset: signed({ version: 1, revision: 1, generation: 1, methods, earlier: [] }, root), root };
}

/** Throws VAULT_LOCKED if no method fits, VAULT_DAMAGED if anything in the keyset was altered. */
export async function openKeyset(keyset: Keyset, unlock: Unlock): Promise<OpenedKeyset> {
  const method = keyset.methods.find((m) => same(m, unlock));
  if (!method) throw new AppError('VAULT_LOCKED');
  const seed = await openSeed(method, unlock);
  const bound = { psk: confirmSecretOf(seed) };
  const root = await openSealed(
    sealKeysOf(seed).secretKey,
    method.root,
    rootPurpose(method, keyset.generation),
    bound,
  );
  assertWhole(keyset, root);
  return { root, roots: [...(await earlierRoots(keyset, root)), root] };
}

/** For a device that was given the root by another one. Throws VAULT_DAMAGED if it is not this keyset's root. */
export async function openWithRoot(keyset: Keyset, root: Secret): Promise<OpenedKeyset> {
  assertWhole(keyset, root);
  return { root, roots: [...(await earlierRoots(keyset, root)), root] };
}

/** A device that has seen a newer keyset takes no older one. Throws KEYSET_OLDER. */
export function assertNotOlder(keyset: Keyset, seen: number): void {
  if (keyset.revision < seen) throw new AppError('KEYSET_OLDER', { given: keyset.revision, seen });
}

/** The current root alone. Throws as `openKeyset`. */
export async function unlockKeyset(keyset: Keyset, unlock: Unlock): Promise<Secret> {
  return (await openKeyset(keyset, unlock)).root;
}

async function openSeed(method: Method, unlock: Unlock): Promise<Secret> {
  try {
    return await openBox(
      await wrapKey(unlock, method.params),
      fromBase64Url(method.wrapped),
      wrapPurpose(method),
    );
  } catch (cause) {
    throw new AppError('VAULT_LOCKED', {}, { cause });
  }
}

function earlierRoots(keyset: Keyset, root: Secret): Promise<Secret[]> {
  const open = (box: string, i: number) =>
    openBox(boxKeyOf(root), fromBase64Url(box), earlierPurpose(i + 1, keyset.generation));
  return Promise.all(keyset.earlier.map(open));
}

/** Adds another way in. Throws KEYSET_METHOD_KNOWN, VAULT_DAMAGED and what `createKeyset` throws. */
export async function addMethod(
  keyset: Keyset,
  root: Secret,
  unlock: Unlock,
  random: RandomBytes,
): Promise<Keyset> {
  assertWhole(keyset, root);
  if (keyset.methods.some((m) => same(m, unlock))) throw new AppError('KEYSET_METHOD_KNOWN');
  const methods = [...keyset.methods, await newMethod(unlock, root, keyset.generation, random)];
  return signed({ ...keyset, revision: keyset.revision + 1, methods }, root);
}

/**
 * Takes a way in out of use. Who held it may know the root, so the others get a new one.
 * Throws KEYSET_METHOD_UNKNOWN, KEYSET_LAST_METHOD, VAULT_DAMAGED.
 */
export async function removeMethod(
  keyset: Keyset,
  root: Secret,
  name: MethodName,
  random: RandomBytes,
): Promise<{ keyset: Keyset; root: Secret }> {
  const methods = keyset.methods.filter((m) => !same(m, name));
  if (methods.length === keyset.methods.length) throw new AppError('KEYSET_METHOD_UNKNOWN');
  if (methods.length === 0) throw new AppError('KEYSET_LAST_METHOD');
  assertWhole(keyset, root);
  return renew(keyset, methods, root, random);
}

/** A new root for all methods, of which only one needs to be at hand. Throws VAULT_DAMAGED. */
export async function rotateRoot(
  keyset: Keyset,
  root: Secret,
  random: RandomBytes,
): Promise<{ keyset: Keyset; root: Secret }> {
  assertWhole(keyset, root);
  return renew(keyset, keyset.methods, root, random);
}

async function renew(
  keyset: Keyset,
  kept: readonly Method[],
  root: Secret,
  random: RandomBytes,
): Promise<{ keyset: Keyset; root: Secret }> {
  const fresh = random(32);
  const generation = keyset.generation + 1;
  const methods: Method[] = [];
  for (const method of kept) {
    const box = fromBase64Url(method.confirm);
    const confirm = await openBox(boxKeyOf(root), box, confirmPurpose(method, keyset.generation));
    methods.push(await rooted(method, confirm, fresh, generation, random));
  }
  const roots = [...(await earlierRoots(keyset, root)), root];
  const earlier = await Promise.all(
    roots.map(async (old, i) =>
      toBase64Url(await sealBox(boxKeyOf(fresh), random(12), old, earlierPurpose(i + 1, generation))),
    ),
  );
  return {
    keyset: signed({ version: 1, revision: keyset.revision + 1, generation, methods, earlier }, fresh),
    root: fresh,
  };
}
