/**
 * Split release. What a grant opens is wrapped under keys of two halves: one sealed to the grantee, one at the gatekeeper,
 * who gives it file by file, only after the reading stands in the log. The server alone has nothing; the grantee, after
 * the gatekeeper's half is gone, has nothing new.
 */
import {
  AppError,
  canonicalJson,
  concat,
  derive,
  equalBytes,
  fromBase64Url,
  fromUtf8,
  strictJson,
  toBase64Url,
  toHex,
  utf8,
} from '@zhenmei/kernel';
import { z } from 'zod';
import { assertReceiptCovers, ConsentReceipt } from '../consent/receipt.ts';
import { assertPrincipalSigned } from '../consent/signatures.ts';
import { COMPARTMENTS } from '../content-keys.ts';
import { ITEM_KINDS } from '../contents.ts';
import type { RandomBytes } from '../keyset.ts';
import { openSealed, SEAL_RANDOM, type SealKeys, sealTo } from '../seal.ts';
import { openBox, sealBox } from '../secret-box.ts';
import { detailsCommitment, type Grant, grantBytes, grantHash, keyThumb } from './grant.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** What only the grantee reads beside the grant. */
export const GrantDetails = z
  .strictObject({
    /** Compartments in words, in the order of the grant's labels. */
    compartments: z.array(z.enum(COMPARTMENTS)),
    /** How the patient wants to be called here. */
    name: z.string().max(60),
    /** The visit for which it is meant, if any: the server does not learn of it. */
    visit: z.uuid().nullable(),
    /** Key to which the grantee seals what it writes. */
    inbox: z.string().length(1_622),
    /** On which the grant rests. Nothing opens without it; only those from before it was sent along have none. */
    receipt: ConsentReceipt.optional(),
  })
  .meta({ phi: true });
export type GrantDetails = z.infer<typeof GrantDetails>;

const Half = z.strictObject({
  share: z.string().length(43),
  salt: z.string().length(22),
  details: GrantDetails,
});

export interface GranteeHalf {
  readonly share: Bytes;
  readonly details: GrantDetails;
}

/** The details' commitment, before the grant is made. @param salt 16 random bytes */
export const commitDetails = (salt: Bytes, details: GrantDetails): string => detailsCommitment(salt, details);

/** The grantee's half and the details, sealed to one registered key. */
export async function sealHalf(
  grant: Grant,
  publicKey: string,
  { share, salt, details }: { share: Bytes; salt: Bytes; details: GrantDetails },
  random: RandomBytes,
): Promise<string> {
  const text = canonicalJson({ share: toBase64Url(share), salt: toBase64Url(salt), details });
  return sealTo(publicKey, utf8(text), fromUtf8(grantBytes(grant)), random(SEAL_RANDOM));
}

/**
 * Throws VAULT_DAMAGED if a byte of the grant, of its details or of the seal is another; RECEIPT_MISSING, RECEIPT_OTHER,
 * RECEIPT_SIGNATURE_WRONG if it does not rest on a receipt that covers it.
 */
export async function openHalf(grant: Grant, keys: SealKeys, sealed: string): Promise<GranteeHalf> {
  if (!grant.grantee.keys.includes(keyThumb(keys.publicKey))) throw new AppError('VAULT_DAMAGED');
  const text = await openSealed(keys.secretKey, sealed, fromUtf8(grantBytes(grant)));
  const parsed = Half.safeParse(strictJson(fromUtf8(text)));
  if (!parsed.success) throw new AppError('VAULT_DAMAGED', {}, { cause: parsed.error });
  const { share, salt, details } = parsed.data;
  const committed = utf8(commitDetails(fromBase64Url(salt), details));
  if (!equalBytes(committed, utf8(grant.details))) throw new AppError('VAULT_DAMAGED');
  assertRests(grant, details);
  return { share: fromBase64Url(share), details };
}

function assertRests(grant: Grant, { receipt, compartments }: GrantDetails): void {
  if (!receipt) throw new AppError('RECEIPT_MISSING');
  assertReceiptCovers(receipt, grant, compartments);
  assertPrincipalSigned(receipt);
}

/** Object name under which the list of everything given is released. */
export const LIST = 'list';

/** The gatekeeper's part for one file: from it nothing follows about another. */
export function gatekeeperPart(share: Uint8Array, object: string, version: number): Bytes {
  return derive(share, `zhenmei/grant/part/v1/${object}/${version}`);
}

function keyOf(grant: Grant, granteeShare: Bytes, part: Bytes): Bytes {
  return derive(concat(granteeShare, part), `zhenmei/grant/key/v1/${toHex(grantHash(grant))}`);
}

const purposeOf = (grant: Grant, use: string, object: string, version: number) =>
  canonicalJson({ version: 1, use, grant: toHex(grantHash(grant)), object, of: version });

/** What the grantee sees of a file before opening it; released with the list. */
export const Listing = z
  .strictObject({
    compartment: z.enum(COMPARTMENTS),
    kind: z.enum(ITEM_KINDS),
    title: z.string().max(300),
    at: z.string().max(40),
    zones: z.array(z.string()).max(30),
    mime: z.string().max(100),
    size: z.int().min(0),
    /** Bytes of the container. */
    stored: z.int().min(0),
  })
  .meta({ phi: true });
export type Listing = z.infer<typeof Listing>;

export interface GivenFile {
  readonly object: string;
  readonly version: number;
  /** Content key, wrapped; base64url. */
  readonly wrapped: string;
  /** Listing, boxed; base64url. */
  readonly listed: string;
}

/** On the patient's device: puts one object under a grant. */
export async function giveFile(
  grant: Grant,
  shares: { readonly grantee: Bytes; readonly gatekeeper: Bytes },
  file: { readonly object: string; readonly version: number; readonly contentKey: Bytes },
  listing: Listing,
  random: RandomBytes,
): Promise<GivenFile> {
  const { object, version, contentKey } = file;
  const part = (name: string, of: number) => gatekeeperPart(shares.gatekeeper, name, of);
  const key = keyOf(grant, shares.grantee, part(object, version));
  const listKey = keyOf(grant, shares.grantee, part(LIST, 1));
  const wrapped = await sealBox(key, random(12), contentKey, purposeOf(grant, 'file', object, version));
  const listed = await sealBox(
    listKey,
    random(12),
    utf8(canonicalJson(listing)),
    purposeOf(grant, 'listing', object, version),
  );
  return { object, version, wrapped: toBase64Url(wrapped), listed: toBase64Url(listed) };
}

/** On the grantee's device, with the part that was released for this file. Throws VAULT_DAMAGED. */
export async function openFileKey(
  grant: Grant,
  share: Bytes,
  part: Bytes,
  { object, version, wrapped }: Omit<GivenFile, 'listed'>,
): Promise<Bytes> {
  const purpose = purposeOf(grant, 'file', object, version);
  return openBox(keyOf(grant, share, part), fromBase64Url(wrapped), purpose);
}

/** With the part that was released for the list. Throws VAULT_DAMAGED. */
export async function openListing(
  grant: Grant,
  share: Bytes,
  part: Bytes,
  { object, version, listed }: Omit<GivenFile, 'wrapped'>,
): Promise<Listing> {
  const purpose = purposeOf(grant, 'listing', object, version);
  const text = await openBox(keyOf(grant, share, part), fromBase64Url(listed), purpose);
  const parsed = Listing.safeParse(strictJson(fromUtf8(text)));
  if (!parsed.success) throw new AppError('VAULT_DAMAGED', {}, { cause: parsed.error });
  return parsed.data;
}
