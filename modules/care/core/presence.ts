/**
 * Proof that both people are in one room: one screen shows six digits, the other side types or scans them
 * within 60 seconds. The proposal carries only the digits' salted hash.
 */
import { AppError, defineErrors, type Hex, sha256, toHex0x, utf8 } from '@zhenmei/kernel';

export const PRESENCE_SECONDS = 60;

defineErrors({
  PRESENCE_EXPIRED: {
    status: 409,
    retryable: false,
    zh: '代码已超过 60 秒，请让对方重新显示。',
    en: 'The code is older than 60 seconds. Ask the other side to show a new one.',
  },
  PRESENCE_WRONG: {
    status: 403,
    retryable: false,
    zh: '代码不对，请再看一眼对方屏幕上的六位数字。',
    en: 'The code does not match. Look again at the six digits on the other screen.',
  },
});

/** Hash that goes into the proposing side's step. `visit` keeps equal digits of two visits apart. */
export function presenceHash(visit: string, code: string): Hex {
  return toHex0x(sha256(utf8(`zhenmei/presence\n${visit}\n${code}`)));
}

/** @param now @param shownAt milliseconds since the epoch. Throws PRESENCE_EXPIRED or PRESENCE_WRONG. */
export function assertPresence(
  visit: string,
  hash: string,
  code: string,
  shownAt: number,
  now: number,
): void {
  if (now - shownAt > PRESENCE_SECONDS * 1000) throw new AppError('PRESENCE_EXPIRED');
  if (!/^\d{6}$/.test(code) || presenceHash(visit, code) !== hash) throw new AppError('PRESENCE_WRONG');
}

/** Six digits from at least four random bytes. */
export function presenceCode(random: Uint8Array): string {
  const n = new DataView(random.buffer, random.byteOffset).getUint32(0) % 1_000_000;
  return String(n).padStart(6, '0');
}
