/** Ciphertext on the wire is base64url, in the blob store bytes. Native: an object may have megabytes. */
import { AppError } from '@zhenmei/kernel';

/** Throws BYTES_NOT_BASE64URL for another writing of the same bytes. */
export function fromWire(text: string): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) throw new AppError('BYTES_NOT_BASE64URL');
  return new Uint8Array(bytes);
}

/** The first version kept the text of the wire; ciphertext of such length is never all of one alphabet by chance. */
const TEXT = /^[A-Za-z0-9_-]{64,}$/;

export function toWire(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (TEXT.test(text)) return text;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}
