/** What a file is, by what is in it and never by its name. */

export type FileKind = 'fhir' | 'table' | 'pdf' | 'photo' | 'heic' | 'export';

const begins = (bytes: Uint8Array, text: string, at = 0) =>
  [...text].every((c, i) => bytes[at + i] === c.charCodeAt(0));

/** @param bytes the beginning is enough, a few kilobytes; null if it is nothing that can be imported */
export function fileKind(bytes: Uint8Array): FileKind | null {
  if (begins(bytes, '%PDF-')) return 'pdf';
  if (begins(bytes, 'age-encryption.org/v1\n') || begins(bytes, '-----BEGIN AGE ENCRYPTED FILE-----'))
    return 'export';
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'photo';
  if (bytes[0] === 0x89 && begins(bytes, 'PNG\r\n\x1a\n', 1)) return 'photo';
  if (begins(bytes, 'RIFF') && begins(bytes, 'WEBP', 8)) return 'photo';
  if (
    begins(bytes, 'ftyp', 4) &&
    ['heic', 'heix', 'hevc', 'mif1', 'msf1', 'avif'].some((b) => begins(bytes, b, 8))
  )
    return 'heic';
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const text = bytes.subarray(start, start + 4096);
  // anything else that is no text is not ours to guess
  if (text.some((byte) => byte < 9 || (byte > 13 && byte < 32))) return null;
  const first = text.find((byte) => byte > 32);
  if (first === undefined) return null;
  if (first === 0x7b) return 'fhir';
  return text.some((byte) => byte === 0x2c || byte === 0x3b || byte === 0x09) ? 'table' : null;
}
