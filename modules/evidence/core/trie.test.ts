import { AppError, keccak256, toHex0x, utf8 } from '@zhenmei/kernel';
import { describe, expect, test } from 'vitest';
import { encodeRlp } from './rlp.ts';
import { provenAccount, provenSlot } from './state.ts';
import { EMPTY_TRIE, provenValue } from './trie.ts';

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('tries built by hand', () => {
  const key = keccak256(utf8('slot'));
  const nibbles = [...key].flatMap((b) => [b >> 4, b & 15]);
  const path = (from: number, leaf: boolean, to = 64) => {
    const part = nibbles.slice(from, to);
    const flag = (leaf ? 2 : 0) + (part.length % 2);
    const all = part.length % 2 ? [flag, ...part] : [flag, 0, ...part];
    return Uint8Array.from({ length: all.length / 2 }, (_, i) => all[2 * i]! * 16 + all[2 * i + 1]!);
  };
  const value = Uint8Array.of(7);
  const leafNode = encodeRlp([path(0, true), value]);
  const under = (node: Uint8Array, ...rest: Uint8Array[]) =>
    codeOf(() => provenValue(keccak256(node), key, [node, ...rest]));

  test('one leaf; the same leaf shows that other keys are absent; an empty trie holds nothing', () => {
    expect(provenValue(keccak256(leafNode), key, [leafNode])).toEqual(value);
    expect(provenValue(keccak256(leafNode), keccak256(key), [leafNode])).toBeNull();
    expect(provenValue(EMPTY_TRIE, key, [])).toBeNull();
    const elsewhere = Uint8Array.from(path(0, false, 10), (b, i) => (i === 1 ? b ^ 0xff : b));
    const extension = encodeRlp([elsewhere, keccak256(utf8('below'))]);
    expect(provenValue(keccak256(extension), key, [extension])).toBeNull();
  });

  test('nodes no trie has', () => {
    const empty = new Uint8Array(0);
    const branch = (child: Uint8Array, at = empty) =>
      encodeRlp([...Array.from({ length: 16 }, (_, i) => (i === nibbles[0] ? child : empty)), at]);
    const wrong = [
      encodeRlp(utf8('text')),
      encodeRlp([value, value, value]),
      encodeRlp([empty, value]),
      encodeRlp([path(0, true), empty]),
      encodeRlp([path(0, true), [value]]),
      encodeRlp([path(1, true), value]),
      encodeRlp([path(0, false), keccak256(value)]),
      encodeRlp([path(0, false, 0), keccak256(value)]),
      encodeRlp([Uint8Array.of(0x40, ...path(0, true)), value]),
      encodeRlp([Uint8Array.of(0x21, ...path(0, true).subarray(1)), value]),
      encodeRlp([path(0, false, 2), [path(2, true), value]]),
      branch(Uint8Array.of(1, 2, 3)),
      branch(empty, value),
    ];
    for (const node of wrong) expect(under(node), toHex0x(node)).toBe('EVIDENCE_TRIE');
    expect(under(leafNode, leafNode)).toBe('EVIDENCE_TRIE');
    expect(codeOf(() => provenValue(EMPTY_TRIE, key, [leafNode]))).toBe('EVIDENCE_TRIE');
    expect(codeOf(() => provenValue(keccak256(leafNode), key, []))).toBe('EVIDENCE_TRIE');
    expect(codeOf(() => provenValue(keccak256(leafNode), key.subarray(1), [leafNode]))).toBe('EVIDENCE_TRIE');
    const inlined = encodeRlp([
      ...Array.from({ length: 16 }, (_, i) => (i === nibbles[0] ? [path(1, true), value] : empty)),
      empty,
    ]);
    expect(under(inlined)).toBe('EVIDENCE_TRIE');
    const short = encodeRlp([Uint8Array.of(0x35), value]);
    const parent = branch(keccak256(short));
    expect(under(parent, short)).toBe('EVIDENCE_TRIE');
  });

  test('accounts and words that are not written canonically', () => {
    const account = (...fields: (Uint8Array | Uint8Array[])[]) => {
      const node = encodeRlp([path(0, true), encodeRlp(fields)]);
      return codeOf(() => provenAccount(keccak256(node), utf8('slot'), [node]));
    };
    const [nonce, balance, root, code] = [Uint8Array.of(1), new Uint8Array(0), EMPTY_TRIE, keccak256(value)];
    expect(account(nonce, balance, root, code)).toBe('accepted');
    for (const bad of [
      [nonce, balance, root],
      [Uint8Array.of(0), balance, root, code],
      [nonce, new Uint8Array(33).fill(1), root, code],
      [nonce, balance, root.subarray(1), code],
      [nonce, balance, root, []],
    ])
      expect(account(...bad)).toBe('EVIDENCE_ACCOUNT');
    for (const word of [
      Uint8Array.of(0x80),
      encodeRlp(Uint8Array.of(0)),
      encodeRlp(Uint8Array.of(0, 1)),
      encodeRlp([]),
      encodeRlp(new Uint8Array(33).fill(1)),
    ]) {
      const node = encodeRlp([path(0, true), word]);
      expect(
        codeOf(() => provenSlot(keccak256(node), utf8('slot'), [node])),
        toHex0x(word),
      ).toBe('EVIDENCE_TRIE');
    }
  });
});
