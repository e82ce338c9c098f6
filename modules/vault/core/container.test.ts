import { type AppError, utf8 } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { containerSize, contentSize, openContainer, openRange, sealContainer } from './container.ts';

const codeOf = (p: Promise<unknown>) =>
  p.then(
    () => 'none',
    (e: AppError) => e.code,
  );
const CHUNK = 65_536;
const SLOT = CHUNK + 16;
const HEADER = 26;
const key = new Uint8Array(32).fill(3);
const name = { object: 'o1', version: 1 };
const content = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255);
const sizes = fc.constantFrom(
  0,
  1,
  15,
  16,
  CHUNK - 1,
  CHUNK,
  CHUNK + 1,
  2 * CHUNK,
  2 * CHUNK + 7,
  20 * CHUNK,
);
const three = content(2 * CHUNK + 100);

describe('the container', () => {
  it('gives back what was put in, in the size it said', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, async (length) => {
        const sealed = await sealContainer(key, name, content(length));
        expect(sealed.length).toBe(containerSize(length));
        expect(contentSize(sealed.length)).toBe(length);
        expect(await openContainer(key, name, sealed)).toEqual(content(length));
      }),
      { numRuns: 20 },
    );
  });

  it('has the layout that is written down', async () => {
    const sealed = await sealContainer(key, { object: 'o1', version: 258 }, utf8('abc'));
    expect(sealed.subarray(0, 6)).toEqual(new Uint8Array([0x5a, 0x4d, 0x56, 0x31, 1, 16]));
    expect(sealed.subarray(22, 26)).toEqual(new Uint8Array([0, 0, 1, 2]));
    const nonce = new Uint8Array(12);
    nonce[11] = 1;
    const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
    const algorithm = { name: 'AES-GCM', iv: nonce, additionalData: sealed.slice(0, HEADER) };
    expect(new Uint8Array(await crypto.subtle.decrypt(algorithm, imported, sealed.slice(HEADER)))).toEqual(
      utf8('abc'),
    );
  });

  it('costs 16 bytes for 64 KiB', () => {
    expect(containerSize(5 * 1024 * 1024)).toBe(5 * 1024 * 1024 + 80 * 16 + HEADER);
  });

  it('reads any range without the rest', async () => {
    const sealed = await sealContainer(key, name, three);
    const range = fc
      .tuple(fc.nat(three.length), fc.nat(three.length))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    await fc.assert(
      fc.asyncProperty(range, async ([from, to]) => {
        const read = async (a: number, b: number) => sealed.subarray(a, b);
        expect(await openRange(key, name, sealed.length, read, from, to)).toEqual(three.slice(from, to));
      }),
      { numRuns: 60 },
    );
    const asked: number[] = [];
    const watched = async (from: number, to: number) => {
      asked.push(from);
      return sealed.subarray(from, to);
    };
    await openRange(key, name, sealed.length, watched, 10, 20);
    expect(asked).toEqual([0, HEADER, HEADER + 2 * SLOT]);
  });
});

describe('a container that somebody touched', () => {
  it('is refused for any altered byte', async () => {
    const sealed = await sealContainer(key, name, three);
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const changed = sealed.slice();
        changed[at]! ^= by;
        expect(await codeOf(openContainer(key, name, changed))).toBe('VAULT_DAMAGED');
      }),
      { numRuns: 80 },
    );
    for (let at = 0; at < HEADER; at++) {
      const changed = sealed.slice();
      changed[at]! ^= 1;
      expect(await codeOf(openContainer(key, name, changed))).toBe('VAULT_DAMAGED');
    }
  });

  it('is refused wherever it was cut, also at the edge of a chunk', async () => {
    const sealed = await sealContainer(key, name, three);
    const cuts = [
      0,
      1,
      HEADER,
      HEADER + 15,
      HEADER + 16,
      HEADER + SLOT,
      HEADER + 2 * SLOT,
      sealed.length - 1,
      sealed.length - 100,
    ];
    for (const cut of cuts)
      expect(await codeOf(openContainer(key, name, sealed.slice(0, cut)))).toBe('VAULT_DAMAGED');
    const cut = sealed.slice(0, HEADER + 2 * SLOT);
    const read = async (a: number, b: number) => cut.subarray(a, b);
    expect(await codeOf(openRange(key, name, cut.length, read, 0, 10))).toBe('VAULT_DAMAGED');
  });

  it('is refused when chunks were moved, doubled, left out or added', async () => {
    const sealed = await sealContainer(key, name, three);
    const header = sealed.slice(0, HEADER);
    const [a, b, c] = [0, 1, 2].map((i) => sealed.slice(HEADER + i * SLOT, HEADER + (i + 1) * SLOT));
    const one = await sealContainer(key, name, content(CHUNK));
    const wrong = [
      [b, a, c],
      [a, a, c],
      [a, c],
      [b, c],
      [a, b, c, c],
      [a, b, one.slice(HEADER)],
      [a, b, c, new Uint8Array(16)],
      [a, b, c, new Uint8Array(1)],
    ];
    for (const parts of wrong) {
      const changed = new Uint8Array([...header, ...parts.flatMap((p) => [...p!])]);
      expect(await codeOf(openContainer(key, name, changed))).toBe('VAULT_DAMAGED');
    }
  });

  it('is refused as another object, another version or under another key', async () => {
    const sealed = await sealContainer(key, name, utf8('abc'));
    expect(await codeOf(openContainer(key, { ...name, object: 'o2' }, sealed))).toBe('VAULT_DAMAGED');
    expect(await codeOf(openContainer(key, { ...name, version: 2 }, sealed))).toBe('VAULT_DAMAGED');
    expect(await codeOf(openContainer(new Uint8Array(32), name, sealed))).toBe('VAULT_DAMAGED');
  });

  it('is refused for a range or a version that cannot be', async () => {
    const sealed = await sealContainer(key, name, utf8('abc'));
    const read = async (a: number, b: number) => sealed.subarray(a, b);
    for (const [from, to] of [
      [0, 4],
      [-1, 1],
      [2, 1],
      [0, 1.5],
      [Number.NaN, 1],
    ])
      expect(await codeOf(openRange(key, name, sealed.length, read, from!, to!))).toBe('OBJECT_RANGE');
    for (const version of [0, -1, 1.5, 2 ** 32])
      expect(await codeOf(sealContainer(key, { ...name, version }, utf8('')))).toBe('KEY_INDEX_WRONG');
    for (const size of [0, HEADER, HEADER + 15, HEADER + SLOT + 16, 1.5, Number.NaN])
      expect(() => contentSize(size)).toThrow('VAULT_DAMAGED');
  });
});
