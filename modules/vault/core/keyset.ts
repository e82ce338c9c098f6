/**
 * The keyset: the vault's root (32 random bytes), sealed to every unlock method. A method holds an unlock key pair whose
 * secret half is wrapped by what the person has or knows; so the root can be renewed with one method at hand and the
 * others still open it afterwards.
 */
import { argon2idAsync } from '@noble/hashes/argon2.js';
import { AppError, derive, fromBase64Url, toBase64Url, utf8 } from '@zhenmei/kernel';
import { z } from 'zod';
import './errors.ts';
import { openSealed, sealKeys, sealTo } from './seal.ts';
import { openBox, sealBox } from './secret-box.ts';

const Method = z.strictObject({
  kind: z.enum(['passkey', 'passphrase', 'recovery']),
  id: z.string().min(1).max(200),
  /** Salt of the passphrase's Argon2id, base64url; empty otherwise. */
  salt: z.string().max(100),
  publicKey: z.string().max(4_000),
  /** Seed of the unlock key pair, wrapped. */
  wrapped: z.string().max(500),
  /** The root, sealed to the unlock key pair. */
  root: z.string().max(4_000),
});
export type Method = z.infer<typeof Method>;

export const Keyset = z.strictObject({
  version: z.literal(1),
  revision: z.int().min(1),
  methods: z.array(Method).min(1).max(20),
});
export type Keyset = z.infer<typeof Keyset>;

export interface Unlock {
  readonly kind: Method['kind'];
  /** Credential id, or a name chosen for the method. */
  readonly id: string;
  /** PRF output, passphrase or recovery code as bytes. */
  readonly secret: Uint8Array<ArrayBuffer>;
}

export type RandomBytes = (length: number) => Uint8Array<ArrayBuffer>;

/** OWASP's floor for Argon2id: 19 MiB, two passes. */
const ARGON = { t: 2, m: 19_456, p: 1 };

async function wrapKey(unlock: Unlock, salt: string): Promise<Uint8Array<ArrayBuffer>> {
  if (unlock.kind !== 'passphrase') return derive(unlock.secret, `zhenmei/unlock/${unlock.kind}/v1`);
  const stretched = await argon2idAsync(unlock.secret, fromBase64Url(salt), { ...ARGON, dkLen: 32 });
  return derive(stretched, 'zhenmei/unlock/passphrase/v1');
}

const wrapPurpose = (unlock: Pick<Unlock, 'kind' | 'id'>) => `zhenmei/keyset/v1/${unlock.kind}/${unlock.id}`;

async function newMethod(
  unlock: Unlock,
  root: Uint8Array<ArrayBuffer>,
  random: RandomBytes,
): Promise<Method> {
  if (unlock.kind === 'passphrase' && new TextDecoder().decode(unlock.secret).length < 12)
    throw new AppError('PASSPHRASE_WEAK');
  if (unlock.kind === 'passkey' && unlock.secret.length !== 32) throw new AppError('VAULT_LOCKED');
  const salt = unlock.kind === 'passphrase' ? toBase64Url(random(16)) : '';
  const seed = random(32);
  const { publicKey } = sealKeys(seed);
  const wrapped = await sealBox(await wrapKey(unlock, salt), random(12), seed, wrapPurpose(unlock));
  return {
    kind: unlock.kind,
    id: unlock.id,
    salt,
    publicKey,
    wrapped: toBase64Url(wrapped),
    root: await sealTo(publicKey, root, wrapPurpose(unlock), random(76)),
  };
}

/** A new vault. @returns its keyset (which the server may keep) and its root (which never leaves the device) */
export async function createKeyset(
  unlock: Unlock,
  random: RandomBytes,
): Promise<{ keyset: Keyset; root: Uint8Array<ArrayBuffer> }> {
  const root = random(32);
  return { keyset: { version: 1, revision: 1, methods: [await newMethod(unlock, root, random)] }, root };
}

/** Throws VAULT_LOCKED if no method fits, VAULT_DAMAGED if the keyset was altered. */
export async function unlockKeyset(keyset: Keyset, unlock: Unlock): Promise<Uint8Array<ArrayBuffer>> {
  const method = keyset.methods.find((m) => m.kind === unlock.kind && m.id === unlock.id);
  if (!method) throw new AppError('VAULT_LOCKED');
  let seed: Uint8Array<ArrayBuffer>;
  try {
    seed = await openBox(
      await wrapKey(unlock, method.salt),
      fromBase64Url(method.wrapped),
      wrapPurpose(unlock),
    );
  } catch (cause) {
    throw new AppError('VAULT_LOCKED', {}, { cause });
  }
  return openSealed(sealKeys(seed).secretKey, method.root, wrapPurpose(unlock));
}

/** Adds another way in. Needs the root, so somebody who is in already. */
export async function addMethod(
  keyset: Keyset,
  root: Uint8Array<ArrayBuffer>,
  unlock: Unlock,
  random: RandomBytes,
): Promise<Keyset> {
  const others = keyset.methods.filter((m) => m.kind !== unlock.kind || m.id !== unlock.id);
  return {
    version: 1,
    revision: keyset.revision + 1,
    methods: [...others, await newMethod(unlock, root, random)],
  };
}

/** Takes a way in out of use: a new root, sealed to all the others without their help. */
export async function rotateRoot(
  keyset: Keyset,
  without: { kind: Method['kind']; id: string } | null,
  random: RandomBytes,
): Promise<{ keyset: Keyset; root: Uint8Array<ArrayBuffer> }> {
  const root = random(32);
  const kept = keyset.methods.filter((m) => m.kind !== without?.kind || m.id !== without.id);
  if (kept.length === 0) throw new AppError('VAULT_LOCKED');
  const methods = await Promise.all(
    kept.map(async (m) => ({ ...m, root: await sealTo(m.publicKey, root, wrapPurpose(m), random(76)) })),
  );
  return { keyset: { version: 1, revision: keyset.revision + 1, methods }, root };
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 28 symbols in 7 groups of 4; the last symbol of each group checks the other three. 105 random bits. */
export function recoveryCode(random: Uint8Array): string {
  return Array.from({ length: 7 }, (_, g) => {
    const body = Array.from({ length: 3 }, (_, i) => random[g * 3 + i]! % 32);
    return [...body, groupCheck(body, g)].map((n) => ALPHABET[n]).join('');
  }).join('-');
}

const groupCheck = (body: number[], group: number) =>
  (body.reduce((sum, n, i) => sum + n * (i * 2 + 3), group * 7) * 5) % 31;

/** Reads a typed code, forgiving case, spaces and look-alikes. Throws RECOVERY_CODE_WRONG with the first wrong group. */
export function readRecoveryCode(text: string): Uint8Array<ArrayBuffer> {
  const clean = text.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  for (let g = 0; g < 7; g++) {
    const symbols = Array.from(clean.slice(g * 4, g * 4 + 4), (c) => ALPHABET.indexOf(c));
    if (symbols.length !== 4 || symbols.includes(-1) || groupCheck(symbols.slice(0, 3), g) !== symbols[3])
      throw new AppError('RECOVERY_CODE_WRONG', { group: g + 1 });
  }
  if (clean.length !== 28) throw new AppError('RECOVERY_CODE_WRONG', { group: 8 });
  return utf8(clean);
}
