/** AES-256-GCM with a fresh key or a fresh nonce, bound to what it is for. WebCrypto, the same in browser and Node. */
import { AppError, concat, utf8 } from '@zhenmei/kernel';
import './errors.ts';

async function importKey(key: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

/** @param nonce 12 random bytes, never used twice with one key. @returns nonce ‖ ciphertext ‖ tag */
export async function sealBox(
  key: Uint8Array<ArrayBuffer>,
  nonce: Uint8Array<ArrayBuffer>,
  text: Uint8Array<ArrayBuffer>,
  purpose: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const cipher = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonce, additionalData: utf8(purpose) },
    await importKey(key),
    text,
  );
  return concat(nonce, new Uint8Array(cipher));
}

/** Throws VAULT_DAMAGED if the box, the key or the purpose is another. */
export async function openBox(
  key: Uint8Array<ArrayBuffer>,
  box: Uint8Array<ArrayBuffer>,
  purpose: string,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const text = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: box.subarray(0, 12), additionalData: utf8(purpose) },
      await importKey(key),
      box.subarray(12),
    );
    return new Uint8Array(text);
  } catch (cause) {
    throw new AppError('VAULT_DAMAGED', {}, { cause });
  }
}
