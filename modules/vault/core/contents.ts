/**
 * The table of contents of a vault: what is in it, to whom it was opened, which devices there are. One encrypted object,
 * read and written by the owner's devices only; the server sees that it changes.
 */
import { AppError, fromUtf8, strictJson } from '@zhenmei/kernel';
import { z } from 'zod';
import { COMPARTMENTS, type Compartment } from './content-keys.ts';
import './errors.ts';
import { ZONES, type Zone } from './zones.ts';

const zoneCodes = Object.keys(ZONES) as [Zone, ...Zone[]];

export const ITEM_KINDS = [
  'allergies',
  'record',
  'photo',
  'document',
  'fhir',
  'measures',
  'receipt',
  // every version of a procedure record, with signatures and proofs
  'sealed-record',
  // the five proofs of a visit
  'visit-receipt',
  // whom another installation asked to believe; its proofs are checked by it
  'trust',
  'health-facts',
  'decision',
  'result',
] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

export const Item = z.object({
  /** Name of the object at the server. */
  object: z.string().min(1).max(64),
  /** Counted from 1. */
  version: z.int().min(1),
  compartment: z.enum(COMPARTMENTS),
  kind: z.enum(ITEM_KINDS),
  title: z.string().max(300),
  /** When it happened: RFC 3339, or a date. */
  at: z.string().max(40),
  zones: z.array(z.enum(zoneCodes)).default([]),
  mime: z.string().max(100),
  /** Bytes of the content, and of its container. */
  size: z.int().min(0),
  stored: z.int().min(0),
  /** SHA-256 of the content, in hex. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  /** Its content key, wrapped; the server has the same. */
  wrapped: z.string().max(100),
  /** Where it came from: `clinic:…` for a sealed record, `import:…` for a file. */
  source: z.string().max(200).default('self'),
  /** What it was called, and when it was said to have happened, before the person put that right. */
  corrected: z
    .array(z.object({ at: z.iso.datetime(), title: z.string().max(300), was: z.string().max(40) }))
    .max(50)
    .optional(),
});
export type Item = z.infer<typeof Item>;

const Secret32 = z.string().length(43);

/** What a device must remember of a grant to add to it. */
export const GrantNote = z.object({
  organisation: z.uuid(),
  name: z.object({ zh: z.string(), en: z.string() }),
  /** Both halves; the server has one, the grantee the other. */
  shares: z.object({ grantee: Secret32, gatekeeper: Secret32 }),
  compartments: z.array(z.enum(COMPARTMENTS)),
  objects: z.array(z.string()),
  /** Item that holds the consent receipt. */
  receipt: z.string(),
});
export type GrantNote = z.infer<typeof GrantNote>;

export const DeviceSeen = z.object({
  form: z.enum(['phone', 'tablet', 'computer']),
  /** iPhone, Android, Windows, … */
  system: z.string().max(30),
  /** Day. */
  on: z.iso.date(),
});
export type DeviceSeen = z.infer<typeof DeviceSeen>;

/** The emergency card that is on: its code, so that it can be shown again, and the half the server has. */
export const EmergencyNote = z.object({
  code: z.string().max(40),
  share: Secret32,
});
export type EmergencyNote = z.infer<typeof EmergencyNote>;

/** How far this person's devices have checked the access log, and the transparency log under it. */
export const LogMark = z.object({
  seq: z.int().min(0),
  head: z.string(),
  size: z.int().min(0),
  root: z.string(),
});
export type LogMark = z.infer<typeof LogMark>;

/** What this person's devices sent to one study of the data pool. */
export const PoolNote = z.object({
  /** With it an answer is taken without the account. */
  token: Secret32,
  sent: z
    .array(
      z.object({
        release: z.int().min(0),
        answers: z.record(z.string(), z.int().min(0)),
        at: z.iso.datetime(),
      }),
    )
    .max(100),
});
export type PoolNote = z.infer<typeof PoolNote>;

export const Contents = z
  .object({
    version: z.literal(1),
    /** Epoch in which new keys of a compartment are wrapped; 1 unless named. */
    epochs: z.partialRecord(z.enum(COMPARTMENTS), z.int().min(1)).default({}),
    /** What the person calls each device, by credential id. */
    devices: z.record(z.string(), z.string().max(60)).default({}),
    /** What each device is and when it last opened the vault, by credential id; the place is nobody's business. */
    seen: z.record(z.string(), DeviceSeen).default({}),
    items: z.array(Item).max(50_000).default([]),
    /** What the person calls each guardian, by code. */
    guardians: z.record(z.string(), z.string().max(60)).default({}),
    /** Grants by id, whether they still hold or not. */
    grants: z.record(z.string(), GrantNote).default({}),
    emergency: EmergencyNote.nullable().default(null),
    log: LogMark.nullable().default(null),
    /** SHA-256 of the issuers and logs that these devices believe; the first they saw, or confirmed since. */
    trust: z.string().nullable().default(null),
    /** Studies of the data pool by id. */
    pool: z.record(z.string(), PoolNote).default({}),
    /** What was once said with noise is said so again: by question, loss and truth. */
    said: z.record(z.string(), z.int().min(0)).default({}),
    /** Number of the last notice that was read. */
    noticed: z.int().min(0).default(0),
  })
  .meta({ phi: true });
export type Contents = z.infer<typeof Contents>;

export const EMPTY: Contents = Contents.parse({ version: 1 });

/** Throws VAULT_DAMAGED. */
export function readContents(bytes: Uint8Array): Contents {
  const parsed = Contents.safeParse(strictJson(fromUtf8(bytes)));
  if (!parsed.success) throw new AppError('VAULT_DAMAGED', {}, { cause: parsed.error });
  return parsed.data;
}

export const epochOf = (contents: Contents, compartment: Compartment): number =>
  contents.epochs[compartment] ?? 1;

export function withItem(contents: Contents, item: Item): Contents {
  return { ...contents, items: [...contents.items.filter((i) => i.object !== item.object), item] };
}

export function withoutItem(contents: Contents, object: string): Contents {
  return { ...contents, items: contents.items.filter((i) => i.object !== object) };
}
