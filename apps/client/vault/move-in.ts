/** What another installation gave to take along is checked, proof by proof, and put into this vault byte for byte. */
import { parseTrustFile, type TrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { AppError, fromUtf8, sha256, strictJson, toBase64Url, toHex, utf8 } from '@zhenmei/kernel';
import { AllergyList } from '@zhenmei/vault/core/allergy-list.ts';
import { readReceipt, receiptHash } from '@zhenmei/vault/core/consent/receipt.ts';
import { type ExportContent, type ExportItem, readExport } from '@zhenmei/vault/core/export/index-file.ts';
import { readZip } from '@zhenmei/vault/core/export/zip.ts';
import { assertGrantSigned } from '@zhenmei/vault/core/grants/grant.ts';
import { batchSource, sameContent } from '@zhenmei/vault/core/import/batch.ts';
import { verifyReceipt } from '@zhenmei/verifier/verify-receipt.ts';
import { verifyRecord } from '@zhenmei/verifier/verify-record.ts';
import { readAge } from './age-file.ts';
import { mergeAllergies } from './allergies.ts';
import type { Going } from './export-all.ts';
import type { Bytes } from './io.ts';
import type { Keep } from './proofs.ts';
import type { Vault } from './vault.ts';

export interface Moved extends ExportContent {
  /** SHA-256 of the encrypted file: the name of this import. */
  readonly id: string;
}

/** Throws AGE_NOT_OPENED, EXPORT_DAMAGED, MOVED_WRONG. */
export async function openExport(
  file: Bytes,
  key: { readonly passphrase: string } | { readonly identity: string },
): Promise<Moved> {
  const content = readExport(readZip(await readAge(file, key)));
  return { ...content, id: toBase64Url(sha256(file)).slice(0, 24) };
}

export interface Judged {
  readonly kind: 'visit-receipt' | 'sealed-record' | 'grant';
  readonly title: string;
  readonly verdict: 'proven' | 'false' | 'cannot-judge';
}

const trustOf = (text: string): TrustFile => {
  try {
    return parseTrustFile(text);
  } catch (cause) {
    throw new AppError('MOVED_WRONG', { file: 'trust.json' }, { cause });
  }
};

/** One of the things that prove something, against the trust file that came with it. */
export async function judgeProof(
  item: Pick<ExportItem, 'kind' | 'title'>,
  bytes: Bytes,
  trust: TrustFile | null,
  now: number,
): Promise<Judged | null> {
  const { kind, title } = item;
  if (kind === 'visit-receipt') {
    if (!trust) return { kind, title, verdict: 'cannot-judge' };
    const { exit } = await verifyReceipt({ bytes, trust, now });
    return { kind, title, verdict: exit === 0 ? 'proven' : exit === 1 ? 'false' : 'cannot-judge' };
  }
  if (kind === 'sealed-record') {
    if (!trust) return { kind, title, verdict: 'cannot-judge' };
    return { kind, title, verdict: recordVerdict(bytes, trust) };
  }
  return null;
}

function recordVerdict(bytes: Bytes, trust: TrustFile): Judged['verdict'] {
  try {
    return verifyRecord(bytes, trust).waiting.length === 0 ? 'proven' : 'cannot-judge';
  } catch (error) {
    if (error instanceof AppError) return 'false';
    throw error;
  }
}

/** Receipts, sealed records and permissions with the consents they rest on, each judged. Throws MOVED_WRONG for a trust file that is none. */
export async function judgeMoved(moved: Moved, now: number): Promise<readonly Judged[]> {
  const trust = moved.trust === null ? null : trustOf(moved.trust);
  const judged: Judged[] = [];
  const consents = new Map<string, string>();
  for (const item of moved.index.items) {
    const bytes = moved.bytesOf(item);
    const one = await judgeProof(item, bytes, trust, now);
    if (one) judged.push(one);
    if (item.kind === 'receipt')
      consents.set(receiptHash(readReceipt(strictJson(fromUtf8(bytes)))), item.title);
  }
  for (const { grant, signature } of moved.index.grants) {
    const title = consents.get(grant.receipt) ?? '';
    judged.push({ kind: 'grant', title, verdict: grantVerdict(grant, signature, title !== '') });
  }
  return judged;
}

function grantVerdict(
  grant: Moved['index']['grants'][number]['grant'],
  signature: string | undefined,
  consented: boolean,
): Judged['verdict'] {
  if (signature === undefined || !consented) return 'cannot-judge';
  try {
    assertGrantSigned(grant, signature);
    return 'proven';
  } catch (error) {
    if (error instanceof AppError) return 'false';
    throw error;
  }
}

export interface MovedIn {
  readonly source: string;
  readonly kept: number;
  /** Was here already, byte for byte. */
  readonly known: number;
  readonly stopped: boolean;
}

/**
 * Keeps everything, with the trust file and the list of permissions and visits. What was interrupted goes on if it is
 * called again: nothing is kept twice. An allergy list joins the one that is there.
 */
export async function moveIn(
  vault: Vault,
  moved: Moved,
  names: { readonly trust: string; readonly history: string },
  keep: Keep,
  going: Going = () => true,
): Promise<MovedIn> {
  const source = batchSource('moved', moved.id);
  const { items } = moved.index;
  let [kept, known] = [0, 0];
  const add = async (facts: Parameters<Keep>[0], bytes: Bytes): Promise<void> => {
    if (sameContent(vault.contents, toHex(sha256(bytes)))) known++;
    else {
      await keep({ ...facts, source }, bytes);
      kept++;
    }
  };
  for (const [i, item] of items.entries()) {
    if (!going(i, items.length)) return { source, kept, known, stopped: true };
    const { compartment, kind, title, at, zones, mime } = item;
    const bytes = moved.bytesOf(item);
    const listed = kind === 'allergies' && vault.contents.items.some((one) => one.kind === 'allergies');
    // one list decides what is checked before a treatment; the one that came is kept beside it as it was
    if (listed && !sameContent(vault.contents, item.digest))
      await mergeAllergies(vault, AllergyList.parse(strictJson(fromUtf8(bytes))), keep);
    await add({ compartment, kind: listed ? 'document' : kind, title, at, zones, mime }, bytes);
  }
  const at = moved.index.at;
  const text = { compartment: 'identity', mime: 'application/json', at } as const;
  if (moved.trust !== null) await add({ ...text, kind: 'trust', title: names.trust }, utf8(moved.trust));
  const { grants, visits } = moved.index;
  if (grants.length + visits.length > 0)
    await add({ ...text, kind: 'document', title: names.history }, utf8(JSON.stringify({ grants, visits })));
  going(items.length, items.length);
  return { source, kept, known, stopped: false };
}
