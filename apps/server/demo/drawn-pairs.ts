/** Known pairs for the demo world: skin that nobody has, drawn from numbers, with more or fewer lines on it. */
import { crc32, deflateSync } from 'node:zlib';

const SIDE = 160;

function chunk(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([head, body, check]);
}

/** A patch of skin as PNG. @param depth 0 (no lines) to 4 (deep lines) @param n chooses tone and place of the lines */
function drawSkin(n: number, depth: number): Uint8Array<ArrayBuffer> {
  const row = SIDE * 3 + 1;
  const rows = Buffer.alloc(row * SIDE);
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      const grain = ((x * 73 + y * 151 + n * 911) ^ (x * y)) & 7;
      let dark = 0;
      for (let line = 0; line < 4; line++) {
        const middle = 30 + line * 32 + ((n * 13 + line * 7) % 9) + Math.sin((x + n * 5) / 17) * 6;
        dark = Math.max(dark, (1 - Math.abs(y - middle) / (2 + depth)) * depth * 22);
      }
      const tone = [228 - (n % 5) * 6, 192 - (n % 5) * 5, 168 - (n % 5) * 4];
      const at = y * row + 1 + x * 3;
      for (let c = 0; c < 3; c++) rows[at + c] = Math.max(0, tone[c]! - dark - grain);
    }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(SIDE, 0);
  head.writeUInt32BE(SIDE, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return new Uint8Array(
    Buffer.concat([
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      chunk('IHDR', head),
      chunk('IDAT', deflateSync(rows)),
      chunk('IEND', Buffer.alloc(0)),
    ]),
  );
}

export interface DrawnPair {
  readonly kind: 'better' | 'same';
  readonly first: Uint8Array<ArrayBuffer>;
  readonly second: Uint8Array<ArrayBuffer>;
}

/** Three pairs with a clear improvement, and three without any. */
export const drawnPairs = (): DrawnPair[] =>
  [1, 2, 3].flatMap((n): DrawnPair[] => [
    { kind: 'better', first: drawSkin(n, 4), second: drawSkin(n, 1) },
    { kind: 'same', first: drawSkin(n + 10, n), second: drawSkin(n + 20, n) },
  ]);
