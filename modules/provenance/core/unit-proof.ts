/**
 * The proof of a unit, version 1: everything a stranger needs to judge it without us. Events and notices with their
 * places in one signed log, the unit's place in the lot that its maker published, the registry's state on chain in one
 * block, and the regulator's approval. Canonical JSON.
 */
import { canonicalJson, type Hex, sha256, toHex0x, utf8 } from '@zhenmei/kernel';
import { z } from 'zod';
import { SignedNotice } from './notice.ts';

export const UNIT_PROOF_TYPE = 'application/vnd.zhenmei.unit-proof+json';

const Bytes32 = z.string().regex(/^0x[0-9a-f]{64}$/) as z.ZodType<Hex>;
const Path = z.array(z.string().max(100)).max(64);
const Index = z.int().min(0);

export const UnitProof = z.strictObject({
  type: z.literal(UNIT_PROOF_TYPE),
  version: z.literal(1),
  chainId: z.int().min(1),
  /** Canonical addresses. */
  unit: z.string().max(200),
  lot: z.string().max(200),
  log: z.strictObject({
    origin: z.string().max(200),
    /** Signed note whose root the chain holds. */
    checkpoint: z.string().max(20_000),
  }),
  events: z.array(z.strictObject({ event: z.json(), index: Index, path: Path })).max(1_000),
  notices: z.array(z.strictObject({ signed: SignedNotice, index: Index, path: Path })).max(200),
  /** From the unit to the lot's root on chain (sorted pairs, keccak256). */
  lotPath: z.array(Bytes32).max(64),
  /** The regulator's approval (SD-JWT VC) and the status list that it names. */
  authorisation: z.string().max(64_000).nullable(),
  statusList: z.strictObject({ uri: z.string().max(400), token: z.string().max(64_000) }).nullable(),
  /** State of registry, issuers and log anchor in one block. */
  chain: z.json(),
  /** SHA-256 over the canonical form of all of the above: says whether the file is whole, not whether it is true. */
  digest: Bytes32,
});
export type UnitProof = z.infer<typeof UnitProof>;

export function unitProofDigest(proof: Omit<UnitProof, 'digest'> & { readonly digest?: Hex }): Hex {
  return toHex0x(sha256(utf8(canonicalJson({ ...proof, digest: undefined }))));
}

/** Puts the digest in. @returns the text of the file */
export function unitProofText(proof: Omit<UnitProof, 'digest'>): string {
  return canonicalJson({ ...proof, digest: unitProofDigest(proof) });
}
