/**
 * A grant: who may do what with which part of a vault, for which purpose, from when until when, how often. The patient
 * signs it with a key of her own for each organisation; its canonical bytes are the HPKE `info` of everything sealed
 * under it, so a grant of which one byte was changed opens nothing.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import {
  AppError,
  canonicalJson,
  concat,
  derive,
  fromBase64Url,
  fromIso,
  sha256,
  toBase64Url,
  toIso,
  utf8,
} from '@zhenmei/kernel';
import { z } from 'zod';
import { issueText } from '../record-issue.ts';
import './errors.ts';

/** Purposes as HL7 v3 ActReason names them. */
export const PURPOSES = {
  TREAT: { zh: '治疗', en: 'Treatment' },
  ETREAT: { zh: '急救', en: 'Emergency treatment' },
  HRESCH: { zh: '医学研究', en: 'Medical research' },
  HMARKT: { zh: '推广', en: 'Marketing' },
  HPAYMT: { zh: '付款与保险', en: 'Payment and insurance' },
  HOPERAT: { zh: '机构运营与质控', en: 'Operations and quality' },
  PATRQT: { zh: '应本人要求', en: 'At the patient’s request' },
} as const;
export type Purpose = keyof typeof PURPOSES;
const purposes = Object.keys(PURPOSES) as [Purpose, ...Purpose[]];
export const PurposeCode = z.enum(purposes);

export const ACTIONS = ['view', 'write', 'compute', 'export'] as const;
export const Action = z.enum(ACTIONS);
export type Action = (typeof ACTIONS)[number];

const Hash = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const ObjectName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const unique = <T>(list: readonly T[]) => new Set(list).size === list.length;

export const Grant = z
  .strictObject({
    version: z.literal(1),
    id: z.uuid(),
    /** The patient as this organisation knows her: an Ed25519 key that no other place sees. */
    subject: Hash,
    grantee: z.strictObject({
      organisation: z.uuid(),
      /** One doctor of it, or anybody who works there. */
      person: z.uuid().nullable(),
      /** SHA-256 of each registered key it is sealed to. */
      keys: z.array(Hash).min(1).max(20).refine(unique),
    }),
    purpose: PurposeCode,
    actions: z.array(Action).min(1).refine(unique),
    /** Labels of whole compartments, what is added later included; opaque to the server. */
    compartments: z.array(ObjectName).max(10).refine(unique),
    /** Single objects. */
    objects: z.array(ObjectName).max(500).refine(unique),
    notBefore: z.iso.datetime(),
    notAfter: z.iso.datetime(),
    /** How often a file may be opened; null: as often as needed. */
    reads: z.int().min(1).max(10_000).nullable(),
    /** Where the data may be processed. */
    region: z.string().min(2).max(10),
    notice: z.strictObject({ id: z.string().max(60), version: z.string().max(20), hash: Hash }),
    /** SHA-256 of the consent receipt that it rests on. */
    receipt: Hash,
    /** Commitment of what only the grantee reads beside it. */
    details: Hash,
  })
  .refine((g) => g.compartments.length + g.objects.length > 0, {
    path: ['objects'],
    message: 'nothing given',
  })
  .refine((g) => !(Date.parse(g.notBefore) >= Date.parse(g.notAfter)), {
    path: ['notAfter'],
    message: 'before the start',
  });
export type Grant = z.infer<typeof Grant>;

/** Throws GRANT_INVALID with the field. */
export function readGrant(value: unknown): Grant {
  const parsed = Grant.safeParse(value);
  if (!parsed.success) throw new AppError('GRANT_INVALID', { field: issueText(parsed.error).path });
  return parsed.data;
}

/** HPKE info, and what the patient signs. */
export const grantBytes = (grant: Grant): Uint8Array<ArrayBuffer> =>
  utf8(`zhenmei/grant/v1\n${canonicalJson(grant)}`);
export const grantHash = (grant: Grant): Uint8Array<ArrayBuffer> => sha256(grantBytes(grant));

/** SHA-256 of a public key, as a grant names it. */
export const keyThumb = (publicKey: string): string => toBase64Url(sha256(fromBase64Url(publicKey)));

/** Secret of the person's name towards one organisation; she signs grants and consents with it. */
export const subjectSecret = (root: Uint8Array, organisation: string) =>
  derive(root, `zhenmei/grant/subject/v1/${organisation}`);

/** The patient's name towards one organisation: the same in every grant to it, and nowhere else. */
export function subjectOf(root: Uint8Array, organisation: string): string {
  return toBase64Url(ed25519.getPublicKey(subjectSecret(root, organisation)));
}

export function signGrant(root: Uint8Array, grant: Grant): string {
  return toBase64Url(ed25519.sign(grantBytes(grant), subjectSecret(root, grant.grantee.organisation)));
}

/** Throws GRANT_SIGNATURE_WRONG. */
export function assertGrantSigned(grant: Grant, signature: string): void {
  let valid = false;
  try {
    const options = { zip215: false };
    valid = ed25519.verify(
      fromBase64Url(signature),
      grantBytes(grant),
      fromBase64Url(grant.subject),
      options,
    );
  } catch (cause) {
    throw new AppError('GRANT_SIGNATURE_WRONG', {}, { cause });
  }
  if (!valid) throw new AppError('GRANT_SIGNATURE_WRONG');
}

/** What somebody wants to do under a grant. */
export interface Use {
  readonly organisation: string;
  readonly person: string | null;
  readonly purpose: Purpose;
  readonly action: Action;
  /** Times it was opened so far. */
  readonly used: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * Whether a use is within the grant; anything that is not said is refused.
 * Throws GRANT_UNKNOWN (somebody else's), GRANT_NOT_YET, GRANT_EXPIRED, GRANT_PURPOSE, GRANT_ACTION, GRANT_PERSON, GRANT_USED_UP.
 */
export function assertWithin(grant: Grant, use: Use): void {
  const [from, until] = [fromIso(grant.notBefore), fromIso(grant.notAfter)];
  if (use.organisation !== grant.grantee.organisation) throw new AppError('GRANT_UNKNOWN');
  if (use.at < from) throw new AppError('GRANT_NOT_YET', { from: toIso(from) });
  if (use.at >= until) throw new AppError('GRANT_EXPIRED', { until: toIso(until) });
  if (use.purpose !== grant.purpose) throw new AppError('GRANT_PURPOSE');
  if (!grant.actions.includes(use.action)) throw new AppError('GRANT_ACTION');
  if (grant.grantee.person !== null && use.person !== grant.grantee.person)
    throw new AppError('GRANT_PERSON');
  if (grant.reads !== null && use.used >= grant.reads)
    throw new AppError('GRANT_USED_UP', { most: grant.reads });
}

/** Whether an object may be given under it: named itself, or in a compartment that is. */
export function covers(grant: Grant, object: string, compartment: string): boolean {
  return grant.objects.includes(object) || grant.compartments.includes(compartment);
}

/** What the grantee's device signs when it first opens a grant: it knows the consent on which it reads. */
export const acknowledgement = (grant: Grant): Uint8Array<ArrayBuffer> =>
  acknowledged(toBase64Url(grantHash(grant)), grant.receipt);

/** @param grant its hash @param receipt hash of the consent; both base64url */
export const acknowledged = (grant: string, receipt: string): Uint8Array<ArrayBuffer> =>
  utf8(`zhenmei/receipt/acknowledged/v1\n${grant}\n${receipt}`);

/** For whoever keeps the grant beside its hash. */
export const detailsCommitment = (salt: Uint8Array, details: object): string =>
  toBase64Url(sha256(concat(salt, utf8(canonicalJson(details)))));
