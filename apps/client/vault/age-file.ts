/** Files that leave the system, in age v1 (age-encryption.org/v1): any age tool opens them with the passphrase or key. */
import { AppError, defineErrors } from '@zhenmei/kernel';
import { assertPassphrase } from '@zhenmei/vault/core/unlock.ts';
import { Decrypter, Encrypter } from 'age-encryption';
import type { Bytes } from './io.ts';

defineErrors({
  AGE_NOT_OPENED: {
    status: 422,
    retryable: false,
    zh: '打不开这个文件：口令或钥匙不对，或者文件被改动过。',
    en: 'This file does not open: the passphrase or key is another, or the file was changed.',
  },
  AGE_RECIPIENT_WRONG: {
    status: 422,
    retryable: false,
    zh: '这不是有效的 age 公钥（以 age1 开头）。',
    en: 'This is not a valid age recipient (it begins with age1).',
  },
});

/** A passphrase, an age recipient (`age1…`) to write, or an age identity (`AGE-SECRET-KEY-…`) to read. */
export type AgeKey = { readonly passphrase: string } | { readonly recipient: string };

/** Throws PASSPHRASE_SHORT, PASSPHRASE_PREDICTABLE, AGE_RECIPIENT_WRONG. */
export async function writeAge(content: Bytes, key: AgeKey): Promise<Bytes> {
  const encrypter = new Encrypter();
  if ('passphrase' in key) {
    assertPassphrase(new TextEncoder().encode(key.passphrase));
    encrypter.setPassphrase(key.passphrase);
  } else
    try {
      encrypter.addRecipient(key.recipient.trim());
    } catch (cause) {
      throw new AppError('AGE_RECIPIENT_WRONG', {}, { cause });
    }
  return (await encrypter.encrypt(content)) as Bytes;
}

/** Throws AGE_NOT_OPENED. */
export async function readAge(
  file: Bytes,
  key: { readonly passphrase: string } | { readonly identity: string },
): Promise<Bytes> {
  const decrypter = new Decrypter();
  try {
    if ('passphrase' in key) decrypter.addPassphrase(key.passphrase);
    else decrypter.addIdentity(key.identity.trim());
    return (await decrypter.decrypt(file)) as Bytes;
  } catch (cause) {
    throw new AppError('AGE_NOT_OPENED', {}, { cause });
  }
}
