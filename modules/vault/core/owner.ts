/**
 * The owner key: Ed25519, from the root. Whoever can open the vault signs with it what a session alone may not do:
 * replace the keyset, let another device in, take one out. The server knows only the public key.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { AppError, canonicalJson, derive, fromBase64Url, sha256, toBase64Url, utf8 } from '@zhenmei/kernel';
import { z } from 'zod';
import './device-errors.ts';
import { Keyset } from './keyset.ts';

/** base64url of 32 bytes. */
export const OwnerKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const Signature = z.string().regex(/^[A-Za-z0-9_-]{86}$/);

/** A keyset with leave to put it in place of the one before. */
export const SignedKeyset = z.strictObject({
  keyset: Keyset,
  /** Owner key of the keyset's root. */
  next: OwnerKey,
  /** By the owner key of the keyset that this one follows; by `next` for the first. */
  signature: Signature,
});
export type SignedKeyset = z.infer<typeof SignedKeyset>;

const secretOf = (root: Uint8Array) => derive(root, 'zhenmei/vault/owner/v1');
const textOf = (statement: object) => utf8(`zhenmei/owner/v1\n${canonicalJson(statement)}`);

export function ownerKey(root: Uint8Array): string {
  return toBase64Url(ed25519.getPublicKey(secretOf(root)));
}

/** @param statement what is asked for; its `use` says what kind of thing it is */
export function signAsOwner(root: Uint8Array, statement: { readonly use: string }): string {
  return toBase64Url(ed25519.sign(textOf(statement), secretOf(root)));
}

/** Throws OWNER_SIGNATURE_WRONG. */
export function assertOwner(key: string, statement: { readonly use: string }, signature: string): void {
  let valid = false;
  try {
    valid = ed25519.verify(fromBase64Url(signature), textOf(statement), fromBase64Url(key), {
      zip215: false,
    });
  } catch (cause) {
    throw new AppError('OWNER_SIGNATURE_WRONG', {}, { cause });
  }
  if (!valid) throw new AppError('OWNER_SIGNATURE_WRONG');
}

const statementOf = ({ mac, revision }: Keyset, next: string) => ({ use: 'keyset', mac, revision, next });

/** @param previous root of the keyset that this one follows; the same root for the first */
export function signKeyset(keyset: Keyset, root: Uint8Array, previous: Uint8Array = root): SignedKeyset {
  const next = ownerKey(root);
  return { keyset, next, signature: signAsOwner(previous, statementOf(keyset, next)) };
}

/** Throws OWNER_SIGNATURE_WRONG. @param known owner key of the stored keyset, or null if there is none yet */
export function assertKeysetSigned({ keyset, next, signature }: SignedKeyset, known: string | null): void {
  assertOwner(known ?? next, statementOf(keyset, next), signature);
}

/** What an owner signs beside keysets. */
export const ownerStatement = {
  /** A new device; its passkey's answer holds a challenge of the server, so it is good once. */
  attach: (registration: {
    readonly id: string;
    readonly response: { readonly clientDataJSON: string };
  }) => ({
    use: 'attach-device',
    credential: registration.id,
    client: toBase64Url(sha256(utf8(registration.response.clientDataJSON))),
  }),
  /** @param keep the device that stays signed in */
  removeDevices: (credentials: readonly string[], keep: string) => ({
    use: 'remove-devices',
    credentials: [...credentials],
    keep,
  }),
  guardians: (setup: object) => ({ use: 'guardians', ...setup }),
  /** @param asked the identifier makes it good once */
  erase: (asked: {
    readonly id: string;
    readonly region: string;
    readonly objects: readonly string[];
    readonly whole: boolean;
  }) => ({ use: 'erase', ...asked, objects: [...asked.objects] }),
  wish: (wish: object) => ({ use: 'wish', ...wish }),
  eraseAll: (asked: { readonly id: string; readonly region: string }) => ({
    use: 'erase-everything',
    ...asked,
  }),
};
