/**
 * What a clinic states about its stock, signed by one of its devices: ES256 over the digest of its canonical JSON.
 * A statement names its kind and its clinic, so that no signature serves for anything else.
 */
import { p256 } from '@noble/curves/nist.js';
import { AppError, canonicalJson, fromHex, type Hex, sha256, utf8 } from '@zhenmei/kernel';
import './stock-errors.ts';

export const STATEMENT_KINDS = [
  'goods-in',
  'undo',
  'request',
  'confirm',
  'count',
  'device',
  'inspection',
] as const;
export type StatementKind = (typeof STATEMENT_KINDS)[number];

export function statementDigest(
  kind: StatementKind,
  organisation: string,
  body: object,
): Uint8Array<ArrayBuffer> {
  return sha256(utf8(canonicalJson({ statement: `zhenmei/stock/${kind}/1`, organisation, body })));
}

/**
 * The device that signed. Throws STATEMENT_SIGNATURE_WRONG if none of them did.
 * @param devices uncompressed P-256 points
 */
export function signedBy(
  devices: readonly Hex[],
  kind: StatementKind,
  organisation: string,
  body: object,
  signature: Hex,
): Hex {
  const digest = statementDigest(kind, organisation, body);
  const bytes = fromHex(signature);
  const found = devices.find((device) => signs(bytes, digest, device));
  if (!found) throw new AppError('STATEMENT_SIGNATURE_WRONG');
  return found;
}

function signs(signature: Uint8Array, digest: Uint8Array, device: Hex): boolean {
  try {
    return (
      signature.length === 64 &&
      p256.verify(signature, digest, fromHex(device), { prehash: true, lowS: false })
    );
  } catch {
    // a point that is none, or a signature that cannot be read, signs nothing
    return false;
  }
}

const AHEAD = 24 * 3_600_000;
const BEHIND = 14 * 24 * 3_600_000;

/** A tablet may have been without network for days, but it cannot speak of tomorrow. Throws STATEMENT_TIME_WRONG. */
export function assertTime(at: string, now: number): void {
  const ms = Date.parse(at);
  if (Number.isNaN(ms) || ms > now + AHEAD || ms < now - BEHIND)
    throw new AppError('STATEMENT_TIME_WRONG', { at });
}
