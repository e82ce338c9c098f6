/**
 * A new device asks an old one in. The server carries the messages and must not be able to put itself between them:
 * the new device first commits to its key, then the old one gives a nonce, then the new one opens the commitment.
 * Six digits over all three are the same on both screens only if both saw the same key; who guesses has one try.
 */
import {
  AppError,
  canonicalJson,
  concat,
  equalBytes,
  fromBase64Url,
  sha256,
  strictJson,
  toBase64Url,
  utf8,
} from '@zhenmei/kernel';
import { z } from 'zod';
import '../device-errors.ts';
import type { RandomBytes } from '../keyset.ts';
import { openSealed, SEAL_RANDOM, type SealKeys, sealKeys, sealTo } from '../seal.ts';

export interface NewDevice {
  readonly keys: SealKeys;
  /** 32 random bytes that open the commitment. */
  readonly opening: string;
  readonly commitment: string;
}

export interface Revealed {
  readonly publicKey: string;
  readonly opening: string;
}

const commitmentOf = ({ publicKey, opening }: Revealed) =>
  sha256(concat(utf8('zhenmei/pairing/commitment/v1\n'), fromBase64Url(publicKey), fromBase64Url(opening)));

export function startPairing(random: RandomBytes): NewDevice {
  const keys = sealKeys(random(32));
  const opening = toBase64Url(random(32));
  return { keys, opening, commitment: toBase64Url(commitmentOf({ publicKey: keys.publicKey, opening })) };
}

/** On the old device. Throws PAIRING_NOT_SAME if the key is not the one committed to before our nonce was known. */
export function assertRevealed(commitment: string, revealed: Revealed): void {
  let same = false;
  try {
    same = equalBytes(fromBase64Url(commitment), commitmentOf(revealed));
  } catch (cause) {
    throw new AppError('PAIRING_NOT_SAME', {}, { cause });
  }
  if (!same) throw new AppError('PAIRING_NOT_SAME');
}

/** Six digits for a person to carry from one screen to the other. @param nonce 32 bytes of the old device, base64url */
export function pairingDigits(revealed: Revealed, nonce: string): string {
  const bytes = sha256(
    concat(
      utf8('zhenmei/pairing/digits/v1\n'),
      fromBase64Url(revealed.publicKey),
      fromBase64Url(revealed.opening),
      fromBase64Url(nonce),
    ),
  );
  // 2^48 is large enough that six digits of it are even
  const number = bytes.subarray(0, 6).reduce((n, byte) => n * 256 + byte, 0);
  return String(number % 1_000_000).padStart(6, '0');
}

/** What the new device gets: every root, so that keys of earlier agreements come along. */
const Handover = z.strictObject({
  version: z.literal(1),
  roots: z.array(z.string().length(43)).min(1).max(1_001),
});

const purposeOf = (code: string) => canonicalJson({ version: 1, use: 'pairing', code });

/** @param roots oldest first */
export async function handOver(
  code: string,
  revealed: Revealed,
  roots: readonly Uint8Array[],
  random: RandomBytes,
): Promise<string> {
  const text = canonicalJson({ version: 1, roots: roots.map(toBase64Url) });
  return sealTo(revealed.publicKey, utf8(text), purposeOf(code), random(SEAL_RANDOM));
}

/** Throws VAULT_DAMAGED. @returns the roots, oldest first */
export async function takeOver(
  code: string,
  keys: SealKeys,
  sealed: string,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const text = await openSealed(keys.secretKey, sealed, purposeOf(code));
  const parsed = Handover.safeParse(strictJson(new TextDecoder().decode(text)));
  if (!parsed.success) throw new AppError('VAULT_DAMAGED');
  return parsed.data.roots.map(fromBase64Url);
}
