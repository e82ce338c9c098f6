/** Faces that nobody has: drawn from a number, as PNG files with the metadata that a phone would write. */
import { crc32, deflateSync } from 'node:zlib';

const WIDTH = 120;
const HEIGHT = 150;

export interface DrawnFace {
  /** RGB, row by row, each with its filter byte before it. */
  readonly rows: Buffer;
  /** As the camera wrote it: with a place and a time in it. */
  readonly file: Uint8Array<ArrayBuffer>;
}

function chunk(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([head, body, check]);
}

/** @param place words for the metadata, e.g. where it was taken */
export function drawFace(n: number, place: string): DrawnFace {
  const rows = Buffer.alloc((WIDTH * 3 + 1) * HEIGHT);
  const part = (of: number) => ((n * 2_654_435_761 + of * 40_503) >>> 7) % 23;
  const [skin, wide, eyes, mouth] = [1, 2, 3, 4].map(part) as [number, number, number, number];
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      const [dx, dy] = [(x - 60) / (34 + wide), (y - 75) / 62];
      const inside = dx * dx + dy * dy < 1;
      const eye = [40 - (eyes % 7), 80 + (eyes % 7)].some((cx) => (x - cx) ** 2 + ((y - 62) * 1.8) ** 2 < 60);
      const lips =
        Math.abs(y - 108 + (x - 60) ** 2 / (60 + mouth * 4)) < 4 && Math.abs(x - 60) < 18 + mouth / 2;
      const base = eye
        ? [52, 40, 36]
        : lips
          ? [176, 70, 84]
          : inside
            ? [236 - skin, 200 - skin, 178]
            : [244, 240, 236];
      const grain = ((x * 73 + y * 151 + n * 911) ^ (x * y)) & 7;
      const at = y * (WIDTH * 3 + 1) + 1 + x * 3;
      for (let c = 0; c < 3; c++) rows[at + c] = base[c]! - grain;
    }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(WIDTH, 0);
  head.writeUInt32BE(HEIGHT, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const file = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('tEXt', Buffer.from(`Comment\0${place}`, 'latin1')),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return { rows, file: new Uint8Array(file) };
}
