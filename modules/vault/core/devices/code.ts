/** Short codes that people read out and type: Crockford base32, forgiving case, spaces and look-alikes. */

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** @param bytes five for each eight symbols @returns groups of four, e.g. `7K3M-91QZ` */
export function shortCode(bytes: Uint8Array, symbols: number): string {
  let held = 0n;
  for (const byte of bytes) held = (held << 8n) | BigInt(byte);
  const bits = BigInt(bytes.length * 8);
  let text = '';
  for (let i = 1n; i <= BigInt(symbols); i++) text += ALPHABET[Number((held >> (bits - 5n * i)) & 31n)];
  return text.match(/.{1,4}/g)!.join('-');
}

/** The code as we write it, whatever a person typed; an impossible symbol stays, so that nothing is found. */
export function readShortCode(typed: string): string {
  const clean = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  return (clean.match(/.{1,4}/g) ?? []).join('-');
}
