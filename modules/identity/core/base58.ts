/** Base58 as Bitcoin's alphabet writes it, for multibase `z`. */
const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** Longer texts are refused: the work grows with the square of the length. */
const MAX = 256;

export function toBase58(bytes: Uint8Array): string {
  let zeros = 0;
  while (zeros < bytes.length && bytes[zeros] === 0) zeros++;
  let n = 0n;
  for (const byte of bytes) n = n * 256n + BigInt(byte);
  let out = '';
  for (; n > 0n; n /= 58n) out = ALPHABET[Number(n % 58n)]! + out;
  return '1'.repeat(zeros) + out;
}

/** null for what is no base58. */
export function fromBase58(text: string): Uint8Array | null {
  if (text.length > MAX) return null;
  let n = 0n;
  for (const letter of text) {
    const digit = ALPHABET.indexOf(letter);
    if (digit < 0) return null;
    n = n * 58n + BigInt(digit);
  }
  const out: number[] = [];
  for (; n > 0n; n /= 256n) out.unshift(Number(n % 256n));
  const zeros = /^1*/.exec(text)![0].length;
  return Uint8Array.from([...Array.from({ length: zeros }, () => 0), ...out]);
}
