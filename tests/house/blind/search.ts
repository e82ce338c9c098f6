/** Looks for many strings in many bytes at once, in every writing in which a server might hold them. */

/** Bytes of which finding any one means that the thing itself was found. */
export interface Planted {
  readonly name: string;
  readonly needles: readonly Buffer[];
}

const LEAST = 8;
const BITS = 20;
const hashAt = (bytes: Uint8Array, at: number) =>
  Math.imul(
    bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24),
    2_654_435_761,
  ) >>>
  (32 - BITS);

/** Base64 of text that stands anywhere in a longer text: what does not depend on its neighbours, at each of three places. */
function base64Within(text: Buffer): string[] {
  return [0, 1, 2].map((shift) => {
    const padded = Buffer.concat([Buffer.alloc(shift), text])
      .toString('base64')
      .replace(/=+$/, '');
    const clean = padded.slice(Math.ceil((shift * 4) / 3), padded.length - 2);
    return clean;
  });
}

const escaped = (text: string) =>
  [...text]
    .map((c) => (c.charCodeAt(0) > 126 ? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}` : c))
    .join('');

/** A text in UTF-8 and UTF-16, hexadecimal, base64 and base64url, JSON escapes and percent signs. */
export function plantedText(text: string): Planted {
  const raw = Buffer.from(text);
  const wide = Buffer.from(text, 'utf16le');
  const base64 = base64Within(raw);
  const written = [
    raw.toString('hex'),
    raw.toString('hex').toUpperCase(),
    ...base64,
    ...base64.map((b) => b.replaceAll('+', '-').replaceAll('/', '_')),
    escaped(text),
    encodeURIComponent(text),
  ];
  const needles = [raw, wide, Buffer.from(wide).swap16(), ...written.map((w) => Buffer.from(w, 'latin1'))];
  return { name: text, needles: needles.filter(({ length }) => length >= LEAST) };
}

/** Pieces of a picture: of its points, and of the file as the camera wrote it; raw, and in text. */
export function plantedPicture(name: string, parts: readonly Buffer[]): Planted {
  const needles = parts.flatMap((part) => [
    part,
    Buffer.from(part.toString('hex'), 'latin1'),
    ...base64Within(part).flatMap((b) => [
      Buffer.from(b, 'latin1'),
      Buffer.from(b.replaceAll('+', '-').replaceAll('/', '_'), 'latin1'),
    ]),
  ]);
  return { name, needles };
}

export interface Found {
  readonly planted: string;
  readonly where: string;
}

export class Search {
  private readonly table = new Uint8Array(1 << BITS);
  private readonly byHash = new Map<number, { needle: Buffer; name: string }[]>();

  constructor(planted: readonly Planted[]) {
    for (const { name, needles } of planted)
      for (const needle of needles) {
        const hash = hashAt(needle, 0);
        this.table[hash] = 1;
        const list = this.byHash.get(hash) ?? [];
        list.push({ needle, name });
        this.byHash.set(hash, list);
      }
  }

  /** What was planted and is in these bytes, each once. */
  in(where: string, bytes: Uint8Array): Found[] {
    const found = new Set<string>();
    const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { table } = this;
    for (let at = 0; at + LEAST <= all.length; at++) {
      const hash = hashAt(all, at);
      if (table[hash] === 0) continue;
      for (const { needle, name } of this.byHash.get(hash)!) {
        const end = at + needle.length;
        if (end <= all.length && all.compare(needle, 0, needle.length, at, end) === 0) found.add(name);
      }
    }
    return [...found].map((planted) => ({ planted, where }));
  }
}
