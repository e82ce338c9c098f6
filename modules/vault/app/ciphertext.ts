/** Ciphertext on the wire is base64url, in the blob store bytes. Native: an object may have megabytes. */
import { AppError } from '@zhenmei/kernel';

/** Throws BYTES_NOT_BASE64URL for another writing of the same bytes. */
export function fromWire(text: string): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) throw new AppError('BYTES_NOT_BASE64URL');
  return new Uint8Array(bytes);
}

export function toWire(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}
