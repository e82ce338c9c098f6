/**
 * The receipt of a visit, version 1: five parts that can be given together or one by one, tied together by a seal.
 * The seal holds one salted digest for each part; its own salted commitment is leaf 02 of the log. So a part of
 * another visit never fits, and a part shown alone says nothing about the others.
 */
import { canonicalJson, commit, derive, type Hex, toHex0x } from '@zhenmei/kernel';
import { z } from 'zod';
import { Bytes32 } from './steps.ts';

export const RECEIPT_TYPE = 'application/vnd.zhenmei.receipt+json';
export const PARTS = ['licence', 'product', 'consent', 'money', 'review'] as const;
export type PartName = (typeof PARTS)[number];

const Text = (max: number) => z.string().max(max);
const HexText = z
  .string()
  .regex(/^0x([0-9a-f]{2})*$/)
  .max(200_000);
const AnyJson = z.json();

export const ChainEvidence = z.object({
  header: HexText,
  witnesses: z.array(z.object({ key: HexText, signature: HexText })).max(32),
  accounts: z
    .array(
      z.object({
        address: HexText,
        proof: z.array(HexText).max(64),
        storage: z
          .array(z.object({ slot: HexText, value: HexText, proof: z.array(HexText).max(64) }))
          .max(64),
      }),
    )
    .max(16),
});

export const LogProof = z.object({
  origin: Text(200),
  index: z.int().min(0),
  leaf: Text(200_000),
  path: z.array(Text(100)).max(64),
  checkpoint: Text(20_000),
});

const Seal = z.object({
  digests: z.object({
    licence: Bytes32,
    product: Bytes32,
    consent: Bytes32,
    money: Bytes32,
    review: Bytes32,
  }),
  salt: Bytes32,
  proof: LogProof,
});
export type SealDigests = z.infer<typeof Seal>['digests'];

export const LicenceClaims = z.object({
  region: Text(10),
  procedure: AnyJson,
  /** Nonce of both key bindings: a value of this visit that says nothing else. */
  tag: Bytes32,
  doctor: Bytes32,
  clinic: Bytes32,
  policy: Bytes32,
  /** Where the product of this procedure is approved; the product's proof shows that it is so. */
  product: z.object({ approvedRegions: z.array(Text(10)), approvedRoutes: z.array(Text(60)) }),
});
export const ProductClaims = z.object({
  unit: Text(200),
  lot: Text(200),
  use: z.int().min(0),
  opener: Bytes32,
  /** What the dispensing event carries in place of a person. */
  eventCommitment: Bytes32,
  amount: z.int().min(1),
  amountUnit: Text(20),
  region: Text(10),
  route: Text(60),
});
export const ConsentClaims = z.object({
  agreement: Bytes32,
  template: Text(60),
  version: Text(20),
  language: z.enum(['zh-CN', 'en']),
  textHash: Bytes32,
  teachBack: Bytes32,
});
export const MoneyClaims = z.object({ agreement: Bytes32 });
export const ReviewClaims = z.object({ group: Text(80), commitment: Text(80) });

const part = <C extends z.ZodType, E extends z.ZodType>(claims: C, evidence: E) =>
  z.strictObject({ claims, salt: Bytes32, evidence });

export const Receipt = z.strictObject({
  type: z.literal(RECEIPT_TYPE),
  version: z.literal(1),
  chainId: z.int().min(1),
  /** Present when parts were left out on purpose; then it names the parts that are given. */
  excerpt: z.array(z.enum(PARTS)).optional(),
  seal: Seal,
  parts: z.strictObject({
    licence: part(
      LicenceClaims,
      z.strictObject({
        doctor: Text(64_000),
        clinic: Text(64_000),
        statusLists: z.record(Text(400), Text(64_000)),
        policy: AnyJson,
        chain: ChainEvidence,
      }),
    ).optional(),
    product: part(
      ProductClaims,
      z.strictObject({
        events: z.array(z.strictObject({ event: AnyJson, proof: LogProof })).max(100),
        authorisation: Text(64_000),
        statusLists: z.record(Text(400), Text(64_000)),
        chain: ChainEvidence,
      }),
    ).optional(),
    consent: part(
      ConsentClaims,
      z.strictObject({
        text: Text(60_000),
        salt: Bytes32,
        proof: LogProof,
        patient: z.strictObject({ step: AnyJson, signature: HexText, address: HexText }),
        clinic: z.strictObject({ step: AnyJson, signature: HexText, publicKey: HexText }),
        /** Chain state before anything was unsealed: the anchor of `proof`'s checkpoint, and the unit's use still absent. */
        before: ChainEvidence,
      }),
    ).optional(),
    money: part(
      MoneyClaims,
      z.strictObject({
        terms: AnyJson,
        standard: AnyJson,
        attendance: z.strictObject({
          milestone: z.int().min(0),
          evidence: Bytes32,
          salt: Bytes32,
          signature: HexText,
        }),
        chain: ChainEvidence,
      }),
    ).optional(),
    review: part(
      ReviewClaims,
      z.strictObject({
        root: Text(80),
        index: z.int().min(0),
        siblings: z.array(Text(80)).max(64),
        chain: ChainEvidence,
      }),
    ).optional(),
  }),
});
export type Receipt = z.infer<typeof Receipt>;

/** Salt of one part, known to patient and clinic. */
export function partSalt(visitSecret: Uint8Array, name: PartName): Uint8Array<ArrayBuffer> {
  return derive(visitSecret, `zhenmei/visit/part/${name}`);
}

/** Digest of one part: commits to its name and its claims. */
export function partDigest(name: PartName, claims: unknown, salt: Uint8Array): Hex {
  return toHex0x(commit(salt, { part: name, claims }));
}

/** The public value that goes into the log: commits to all five digests. */
export function sealCommitment(digests: SealDigests, salt: Uint8Array): Hex {
  return toHex0x(commit(salt, digests));
}

/** Text of the log leaf (type 02) that carries a seal. */
export function sealLeafText(commitment: Hex): string {
  return canonicalJson({ commitment });
}

/** What the claim on chain points to: the seal again, under a salt of its own, so that log and chain do not match. */
export function claimEvidence(
  visitSecret: Uint8Array,
  milestone: number,
  commitment: Hex,
): { salt: Hex; evidence: Hex } {
  const salt = derive(visitSecret, `zhenmei/visit/claim/${milestone}`);
  return { salt: toHex0x(salt), evidence: claimDigest(salt, commitment) };
}

/** The claim's evidence for a known salt, as the verifier computes it again. */
export function claimDigest(salt: Uint8Array, commitment: Hex): Hex {
  return toHex0x(commit(salt, { seal: commitment }));
}

/** The digests of all five claims under the visit's salts. */
export function sealDigests(visitSecret: Uint8Array, claims: Record<PartName, unknown>): SealDigests {
  const digest = (name: PartName) => partDigest(name, claims[name], partSalt(visitSecret, name));
  return {
    licence: digest('licence'),
    product: digest('product'),
    consent: digest('consent'),
    money: digest('money'),
    review: digest('review'),
  };
}

export function sealSalt(visitSecret: Uint8Array): Uint8Array<ArrayBuffer> {
  return derive(visitSecret, 'zhenmei/visit/record');
}

/** Gives some parts only. The others cannot be judged, and nothing about them is shown. */
export function excerptOf(receipt: Receipt, names: readonly PartName[]): Receipt {
  const parts = Object.fromEntries(
    Object.entries(receipt.parts).filter(([name]) => names.includes(name as PartName)),
  );
  return {
    ...receipt,
    excerpt: PARTS.filter((name) => names.includes(name)),
    parts: parts as Receipt['parts'],
  };
}

/** Canonical bytes of the file. */
export function receiptText(receipt: Receipt): string {
  return canonicalJson(receipt);
}
