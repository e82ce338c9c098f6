/** What a person has or knows, turned into the key that wraps one unlock method. */
import { argon2idAsync } from '@noble/hashes/argon2.js';
import { AppError, derive, fromBase64Url, fromUtf8, toBase64Url, utf8 } from '@zhenmei/kernel';
import { z } from 'zod';
import './errors.ts';

export const UnlockKind = z.enum(['passkey', 'passphrase', 'recovery', 'guardians']);
export type UnlockKind = z.infer<typeof UnlockKind>;

/** Argon2id (RFC 9106). The floor is OWASP's; the ceiling keeps a stored value from freezing the device. */
export const Argon = z.strictObject({
  salt: z.string().length(22),
  memoryKiB: z.int().min(19_456).max(262_144),
  passes: z.int().min(2).max(10),
  lanes: z.literal(1),
});
export type Argon = z.infer<typeof Argon>;

export interface Unlock {
  readonly kind: UnlockKind;
  /** Credential id, or a name chosen for the method. */
  readonly id: string;
  /** PRF output or the guardians’ secret (32 bytes), passphrase as UTF-8, or what `readRecoveryCode` gave. */
  readonly secret: Uint8Array<ArrayBuffer>;
}

export const LEAST_PASSPHRASE = 12;
const RECOVERY_LENGTH = 28;
const COMMON = [
  'password',
  'qwerty',
  'letmein',
  'iloveyou',
  'woaini',
  'admin',
  'welcome',
  'zhenmei',
  'abc123',
  '5201314',
  '123456',
];

const normal = (secret: Uint8Array) => fromUtf8(secret).normalize('NFKC').trim().replace(/\s+/gu, ' ');

/** Throws PASSPHRASE_SHORT or PASSPHRASE_PREDICTABLE. Length is counted in characters, not in bytes. */
export function assertPassphrase(secret: Uint8Array): void {
  const text = normal(secret);
  const symbols = [...text];
  if (symbols.length < LEAST_PASSPHRASE) throw new AppError('PASSPHRASE_SHORT', { least: LEAST_PASSPHRASE });
  const rest = COMMON.reduce(
    (left, word) => left.replaceAll(word, ''),
    text.toLowerCase().replaceAll(' ', ''),
  );
  const steps = [...rest]
    .map((c) => c.codePointAt(0)!)
    .filter((c, i, all) => i === 0 || Math.abs(c - all[i - 1]!) > 1);
  const unlike = new Set(rest).size;
  const digitsOnly = /^\d+$/.test(rest) && symbols.length < 20;
  if (unlike < 6 || steps.length < 8 || digitsOnly) throw new AppError('PASSPHRASE_PREDICTABLE');
}

/** 46 MiB and two passes: twice what OWASP asks for. @param random 16 fresh random bytes */
export function newArgon(random: Uint8Array): Argon {
  return { salt: toBase64Url(random.subarray(0, 16)), memoryKiB: 47_104, passes: 2, lanes: 1 };
}

/** The key that wraps a method. Throws VAULT_LOCKED if the secret cannot be one of its kind. */
export async function wrapKey(unlock: Unlock, params: Argon | null): Promise<Uint8Array<ArrayBuffer>> {
  const info = `zhenmei/unlock/${unlock.kind}/v1`;
  if (unlock.kind === 'passphrase') {
    if (!params) throw new AppError('VAULT_LOCKED');
    const cost = { t: params.passes, m: params.memoryKiB, p: params.lanes, dkLen: 32 };
    return derive(await argon2idAsync(utf8(normal(unlock.secret)), fromBase64Url(params.salt), cost), info);
  }
  const length = unlock.kind === 'recovery' ? RECOVERY_LENGTH : 32;
  if (params || unlock.secret.length !== length) throw new AppError('VAULT_LOCKED');
  return derive(unlock.secret, info);
}
