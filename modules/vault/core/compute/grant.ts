/**
 * A consent for one run: it names program, model, code, the shape of the result and the files, is signed by a key made
 * for it alone, and its bytes are the HPKE info of what it seals to the worker. One byte changed, and nothing opens.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import {
  AppError,
  canonicalJson,
  concat,
  derive,
  fromBase64Url,
  fromIso,
  fromUtf8,
  sha256,
  strictJson,
  toBase64Url,
  toHex,
  utf8,
} from '@zhenmei/kernel';
import { z } from 'zod';
import { ITEM_KINDS } from '../contents.ts';
import { gatekeeperPart } from '../grants/release.ts';
import type { RandomBytes } from '../keyset.ts';
import { issueText } from '../record-issue.ts';
import { openSealed, SEAL_RANDOM, type SealKeys, sealKeys, sealTo } from '../seal.ts';
import { openBox, sealBox } from '../secret-box.ts';
import './errors.ts';
import { ATTESTATIONS, type ComputeOffer } from './offer.ts';
import { shapeDigest } from './output.ts';

type Bytes = Uint8Array<ArrayBuffer>;
const Hash = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const ObjectName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

export const ComputeGrant = z.strictObject({
  version: z.literal(1),
  id: z.uuid(),
  job: z.uuid(),
  /** Ed25519 key made for this consent. */
  subject: Hash,
  action: z.literal('compute'),
  program: z.strictObject({ id: z.string().max(60), version: z.string().max(20) }),
  model: Hash,
  code: Hash,
  output: Hash,
  attestation: z.enum(ATTESTATIONS),
  /** SHA-256 of the job's key. */
  key: Hash,
  objects: z
    .array(z.strictObject({ object: ObjectName, version: z.int().min(1) }))
    .min(1)
    .max(50),
  /** Salted digest of the contents; the salt goes to the worker, sealed, and stays in the vault. */
  input: Hash,
  /** Key to which the result is sealed. */
  inbox: z.string().length(1_622),
  runs: z.literal(1),
  notBefore: z.iso.datetime(),
  notAfter: z.iso.datetime(),
});
export type ComputeGrant = z.infer<typeof ComputeGrant>;

/** Throws COMPUTE_GRANT_INVALID with the field. */
export function readComputeGrant(value: unknown): ComputeGrant {
  const parsed = ComputeGrant.safeParse(value);
  if (!parsed.success) throw new AppError('COMPUTE_GRANT_INVALID', { field: issueText(parsed.error).path });
  return parsed.data;
}

export const computeGrantBytes = (grant: ComputeGrant): Bytes =>
  utf8(`zhenmei/compute/grant/v1\n${canonicalJson(grant)}`);
const hashOf = (grant: ComputeGrant): string => toHex(sha256(computeGrantBytes(grant)));

const signer = (root: Uint8Array, job: string) => derive(root, `zhenmei/compute/subject/v1/${job}`);
export const computeSubject = (root: Uint8Array, job: string): string =>
  toBase64Url(ed25519.getPublicKey(signer(root, job)));
export const signComputeGrant = (root: Uint8Array, grant: ComputeGrant): string =>
  toBase64Url(ed25519.sign(computeGrantBytes(grant), signer(root, grant.job)));
export const computeInbox = (root: Uint8Array, job: string): SealKeys =>
  sealKeys(derive(root, `zhenmei/compute/inbox/v1/${job}`));

/** Throws COMPUTE_GRANT_INVALID. */
export function assertComputeSigned(grant: ComputeGrant, signature: string): void {
  let valid = false;
  try {
    valid = ed25519.verify(fromBase64Url(signature), computeGrantBytes(grant), fromBase64Url(grant.subject), {
      zip215: false,
    });
  } catch (cause) {
    throw new AppError('COMPUTE_GRANT_INVALID', { field: 'signature' }, { cause });
  }
  if (!valid) throw new AppError('COMPUTE_GRANT_INVALID', { field: 'signature' });
}

const thumb = (publicKey: string) => toBase64Url(sha256(fromBase64Url(publicKey)));

/** What of an offer a grant binds. */
export const boundOf = (offer: ComputeOffer) => ({
  job: offer.job,
  program: { id: offer.program.id, version: offer.program.version },
  model: offer.model.digest,
  code: offer.code,
  output: shapeDigest(offer.output),
  attestation: offer.attestation,
  key: thumb(offer.publicKey),
});

/** What was agreed to is what is there now. Throws COMPUTE_OTHER_PROGRAM, COMPUTE_EXPIRED. */
export function assertBinds(grant: ComputeGrant, offer: ComputeOffer, now: number): void {
  for (const [field, value] of Object.entries(boundOf(offer)))
    if (canonicalJson(value) !== canonicalJson(grant[field as keyof ReturnType<typeof boundOf>]))
      throw new AppError('COMPUTE_OTHER_PROGRAM', { field });
  if (now >= fromIso(grant.notAfter) || now >= fromIso(offer.validUntil) || now < fromIso(grant.notBefore))
    throw new AppError('COMPUTE_EXPIRED');
}

const Input = z.strictObject({
  object: ObjectName,
  version: z.int().min(1),
  kind: z.enum(ITEM_KINDS),
  /** SHA-256 of the content, in hex. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
});
const Secret = z
  .strictObject({ share: z.string().length(43), salt: z.string().length(22), inputs: z.array(Input).min(1) })
  .meta({ phi: true });
export type ComputeInput = z.infer<typeof Input>;

/** What the log says of contents without saying anything about them. @param salt 16 random bytes */
export const digestOf = (salt: Uint8Array, value: unknown): string =>
  toBase64Url(sha256(concat(salt, utf8(canonicalJson(value)))));

/** The worker's half, with the salt and what each file is, sealed to the job's key. */
export async function sealToWorker(
  grant: ComputeGrant,
  publicKey: string,
  {
    share,
    salt,
    inputs,
  }: { readonly share: Bytes; readonly salt: Bytes; readonly inputs: readonly ComputeInput[] },
  random: RandomBytes,
): Promise<string> {
  const text = canonicalJson({ share: toBase64Url(share), salt: toBase64Url(salt), inputs: [...inputs] });
  return sealTo(publicKey, utf8(text), fromUtf8(computeGrantBytes(grant)), random(SEAL_RANDOM));
}

/** Throws VAULT_DAMAGED. */
export async function openByWorker(grant: ComputeGrant, secretKey: Uint8Array, sealed: string) {
  const text = await openSealed(secretKey, sealed, fromUtf8(computeGrantBytes(grant)));
  const parsed = Secret.safeParse(strictJson(fromUtf8(text)));
  if (!parsed.success) throw new AppError('VAULT_DAMAGED', {}, { cause: parsed.error });
  const { share, salt, inputs } = parsed.data;
  return { share: fromBase64Url(share), salt: fromBase64Url(salt), inputs };
}

const purposeOf = (grant: ComputeGrant, object: string, version: number) =>
  canonicalJson({ use: 'compute', grant: hashOf(grant), object, of: version });
const keyOf = (grant: ComputeGrant, share: Bytes, part: Bytes): Bytes =>
  derive(concat(share, part), `zhenmei/compute/key/v1/${hashOf(grant)}`);

/** On the patient's device: one file's key under the consent, of two halves. */
export async function wrapForRun(
  grant: ComputeGrant,
  shares: { readonly worker: Bytes; readonly gatekeeper: Bytes },
  file: { readonly object: string; readonly version: number; readonly contentKey: Bytes },
  random: RandomBytes,
): Promise<string> {
  const part = gatekeeperPart(shares.gatekeeper, file.object, file.version);
  const purpose = purposeOf(grant, file.object, file.version);
  return toBase64Url(await sealBox(keyOf(grant, shares.worker, part), random(12), file.contentKey, purpose));
}

/** At the worker, with the part that was released for this file. Throws VAULT_DAMAGED. */
export async function unwrapForRun(
  grant: ComputeGrant,
  share: Bytes,
  file: { readonly object: string; readonly version: number; readonly wrapped: string; readonly part: Bytes },
): Promise<Bytes> {
  const purpose = purposeOf(grant, file.object, file.version);
  return openBox(keyOf(grant, share, file.part), fromBase64Url(file.wrapped), purpose);
}
