/** C2SP signed-note verifier keys: `<name>+<key id as 8 hex digits>+<base64(type ‖ public key)>`. */
import { AppError, concat, fromBase64, sha256, toBase64, toHex, utf8 } from '@zhenmei/kernel';
import './errors.ts';

/** 1: Ed25519 over the note text (a log). 4: timestamped Ed25519 cosignature (a witness). */
export type KeyType = 1 | 4;

export interface VerifierKey {
  readonly name: string;
  readonly type: KeyType;
  /** 8 lower-case hex digits. */
  readonly id: string;
  readonly publicKey: Uint8Array;
}

/** Non-empty, no Unicode space, no plus, no control character. */
export function isKeyName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the format forbids exactly these
  return name !== '' && name.isWellFormed() && !/[\s+\u0000-\u0020\u0085]/.test(name);
}

/** First four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key), as hex. */
export function keyId(name: string, type: KeyType, publicKey: Uint8Array): string {
  return toHex(sha256(concat(utf8(name), Uint8Array.of(10, type), publicKey)).subarray(0, 4));
}

/** Throws TLOG_KEY_FORMAT. */
export function verifierKey(name: string, publicKey: Uint8Array, type: KeyType = 1): VerifierKey {
  if (!isKeyName(name)) throw new AppError('TLOG_KEY_FORMAT', { reason: 'name' });
  if (publicKey.length !== 32) throw new AppError('TLOG_KEY_FORMAT', { reason: 'public key length' });
  return { name, type, id: keyId(name, type, publicKey), publicKey };
}

export function formatVerifierKey(key: VerifierKey): string {
  return `${key.name}+${key.id}+${toBase64(concat(Uint8Array.of(key.type), key.publicKey))}`;
}

/** Throws TLOG_KEY_FORMAT. */
export function parseVerifierKey(text: string): VerifierKey {
  const [name, id, ...rest] = text.split('+');
  let bytes: Uint8Array;
  try {
    bytes = fromBase64(rest.join('+'));
  } catch (cause) {
    throw new AppError('TLOG_KEY_FORMAT', { reason: 'base64' }, { cause });
  }
  const type = bytes[0];
  if (type !== 1 && type !== 4) throw new AppError('TLOG_KEY_FORMAT', { reason: 'key type' });
  const key = verifierKey(name ?? '', bytes.subarray(1), type);
  if (key.id !== id) throw new AppError('TLOG_KEY_FORMAT', { reason: 'key id' });
  return key;
}
