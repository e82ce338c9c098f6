/**
 * The independent verifier: five proofs, from one file, with one trust file, without network.
 * The app's page, the static page and `zhenmei verify` all call this function.
 */

import {
  PARTS,
  type PartName,
  partDigest,
  type Receipt,
  Receipt as ReceiptSchema,
  sealCommitment,
  sealLeafText,
} from '@zhenmei/care/core/receipt.ts';
import type { TrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { AppError, canonicalJson, fromHex, fromUtf8, type Hex, type Json, strictJson } from '@zhenmei/kernel';
import { verifyLogProof } from '@zhenmei/tlog/core/log-proof.ts';
import type { PartContext } from './context.ts';
import { proveConsent } from './parts/consent.ts';
import { proveLicence } from './parts/licence.ts';
import { proveMoney } from './parts/money.ts';
import { proveProduct } from './parts/product.ts';
import { proveReview } from './parts/review.ts';
import { type ProofResult, prove, result } from './result.ts';

export interface Verification {
  readonly proofs: Readonly<Record<PartName, ProofResult>>;
  /** 0 all proven, 1 something is false, 2 something cannot be judged. */
  readonly exit: 0 | 1 | 2;
  readonly agreement: string | null;
}

export interface VerifyInput {
  /** The receipt file's bytes. */
  readonly bytes: Uint8Array;
  readonly trust: TrustFile;
  /** Milliseconds since the epoch: tells whether something is still valid now. */
  readonly now: number;
  /** Hashes of the blocks that `blocksOf` names, as a node of one's own choice tells them: counts before witnesses. */
  readonly blocks?: ReadonlyMap<number, Hex>;
}

const LIMIT = 2_000_000;

/** Never throws for a bad receipt: every problem is a named answer. */
export async function verifyReceipt(input: VerifyInput): Promise<Verification> {
  let json: Json;
  try {
    if (input.bytes.length > LIMIT) throw new AppError('RECEIPT_UNREADABLE');
    const text = fromUtf8(input.bytes).replace(/\n$/, '');
    json = strictJson(text);
    if (canonicalJson(json) !== text) throw new AppError('RECEIPT_NOT_CANONICAL');
  } catch (error) {
    return all(
      error instanceof AppError && error.code === 'RECEIPT_NOT_CANONICAL' ? error.code : 'RECEIPT_UNREADABLE',
    );
  }
  const parsed = ReceiptSchema.safeParse(json);
  if (!parsed.success) return malformed(json, parsed.error.issues);
  const receipt = parsed.data;
  if (receipt.chainId !== input.trust.chain.id) return all('RECEIPT_OTHER_CHAIN');

  let sealIndex: number;
  try {
    sealIndex = checkSeal(receipt, input.trust);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return all('SEAL_CHANGED');
  }
  const context: PartContext = {
    receipt,
    trust: input.trust,
    now: input.now,
    blocks: input.blocks ?? null,
    sealIndex,
  };
  const proofs = Object.fromEntries(
    await Promise.all(PARTS.map(async (name) => [name, await provePart(name, context)] as const)),
  ) as Record<PartName, ProofResult>;
  return { proofs, exit: exitOf(proofs), agreement: receipt.parts.money?.claims.agreement ?? null };
}

/** Throws unless the seal's commitment is a leaf of a log that the trust file names. */
function checkSeal(receipt: Receipt, trust: TrustFile): number {
  const { seal } = receipt;
  const log = trust.logs.find(({ origin }) => origin === seal.proof.origin);
  if (!log) throw new AppError('SEAL_CHANGED');
  const { leaf, index } = verifyLogProof(seal.proof, log);
  const expected = sealLeafText(sealCommitment(seal.digests, fromHex(seal.salt)));
  if (leaf[0] !== 0x02 || fromUtf8(leaf.subarray(1)) !== expected) throw new AppError('SEAL_CHANGED');
  return index;
}

async function provePart(name: PartName, context: PartContext): Promise<ProofResult> {
  const { receipt } = context;
  const part = receipt.parts[name];
  if (!part) {
    const meant = receipt.excerpt !== undefined && !receipt.excerpt.includes(name);
    return meant ? result('cannot-judge', 'PART_NOT_GIVEN') : result('false', 'PART_MISSING');
  }
  if (receipt.excerpt && !receipt.excerpt.includes(name)) return result('false', 'PART_NOT_OF_THIS_VISIT');
  if (partDigest(name, part.claims, fromHex(part.salt)) !== receipt.seal.digests[name])
    return result('false', 'PART_NOT_OF_THIS_VISIT');
  switch (name) {
    case 'licence':
      return prove(() => proveLicence(receipt.parts.licence!, context));
    case 'product':
      return prove(() => proveProduct(receipt.parts.product!, context));
    case 'consent':
      return prove(() => proveConsent(receipt.parts.consent!, context));
    case 'money':
      return prove(() => proveMoney(receipt.parts.money!, context));
    case 'review':
      return prove(() => proveReview(receipt.parts.review!, context));
  }
}

/** Names the part in which the form is wrong; the others are judged as unreadable together with it. */
function malformed(json: Json, issues: readonly { path: readonly PropertyKey[] }[]): Verification {
  const parts = typeof json === 'object' && json !== null && !Array.isArray(json) ? json.parts : null;
  const proofs = Object.fromEntries(
    PARTS.map((name) => {
      const issue = issues.find(({ path }) => path[0] === 'parts' && path[1] === name);
      if (issue)
        return [name, result('false', 'PART_MALFORMED', {}, { path: issue.path.map(String).join('.') })];
      const given = typeof parts === 'object' && parts !== null && name in parts;
      return [name, given ? result('cannot-judge', 'RECEIPT_UNREADABLE') : result('false', 'PART_MISSING')];
    }),
  ) as Record<PartName, ProofResult>;
  return { proofs, exit: 1, agreement: null };
}

function all(code: string): Verification {
  const proofs = Object.fromEntries(PARTS.map((name) => [name, result('false', code)])) as Record<
    PartName,
    ProofResult
  >;
  return { proofs, exit: 1, agreement: null };
}

function exitOf(proofs: Record<PartName, ProofResult>): 0 | 1 | 2 {
  const verdicts = Object.values(proofs).map(({ verdict }) => verdict);
  if (verdicts.includes('false')) return 1;
  return verdicts.includes('cannot-judge') ? 2 : 0;
}
