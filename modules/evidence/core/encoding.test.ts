/** RLP, headers and the slots of mappings. */
import { AppError, concat, fromHex, type Hex, toHex, utf8 } from '@zhenmei/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import fixture from './fixtures/store.json' with { type: 'json' };
import { decodeHeader } from './header.ts';
import { decodeRlp, encodeRlp, type Rlp } from './rlp.ts';
import { mappingSlot } from './state.ts';

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'accepted';
}

test('the examples of the RLP documentation', () => {
  const lorem = utf8('Lorem ipsum dolor sit amet, consectetur adipisicing elit');
  const examples: [Rlp, string][] = [
    [utf8('dog'), '83646f67'],
    [[utf8('cat'), utf8('dog')], 'c88363617483646f67'],
    [new Uint8Array(0), '80'],
    [[], 'c0'],
    [Uint8Array.of(0), '00'],
    [Uint8Array.of(15), '0f'],
    [Uint8Array.of(4, 0), '820400'],
    [[[], [[]], [[], [[]]]], 'c7c0c1c0c3c0c1c0'],
    [lorem, `b838${toHex(lorem)}`],
  ];
  for (const [item, hex] of examples) {
    expect(toHex(encodeRlp(item))).toBe(hex);
    expect(decodeRlp(fromHex(hex))).toEqual(item);
  }
});

test('decoding inverts encoding', () => {
  const { item } = fc.letrec<{ item: Rlp; list: Rlp; bytes: Rlp }>((tie) => ({
    item: fc.oneof({ maxDepth: 4 }, tie('bytes'), tie('list')),
    list: fc.array(tie('item'), { maxLength: 20 }) as fc.Arbitrary<Rlp>,
    bytes: fc.uint8Array({ maxLength: 300 }),
  }));
  fc.assert(
    fc.property(item, (value) => {
      expect(decodeRlp(encodeRlp(value))).toEqual(value);
    }),
  );
});

test('what decodes encodes back to the same bytes, whatever the bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      let item: Rlp;
      try {
        item = decodeRlp(bytes);
      } catch (error) {
        expect((error as AppError).code).toBe('EVIDENCE_RLP');
        return;
      }
      expect(encodeRlp(item)).toEqual(bytes);
    }),
    { numRuns: 2000 },
  );
});

test('RLP that is cut, padded, or written in a longer way than needed', () => {
  const wrong = [
    '',
    '8100',
    '817f',
    '83646f',
    '83646f6700',
    'b80161',
    'b90038',
    `b90038${'61'.repeat(56)}`,
    'c283',
    'c3836162',
    'f80180',
    'b8',
    'bb',
    'bfffffffffffffffff',
    'c1',
    '0000',
  ];
  for (const hex of wrong)
    expect(
      codeOf(() => decodeRlp(fromHex(hex))),
      hex,
    ).toBe('EVIDENCE_RLP');
  let deep: Rlp = [];
  for (let i = 0; i < 17; i++) deep = [deep];
  expect(codeOf(() => decodeRlp(encodeRlp(deep)))).toBe('EVIDENCE_RLP');
});

const header = fromHex(fixture.evidence.header);
const fields = decodeRlp(header) as Uint8Array[];
const rebuilt = (change: (copy: Rlp[]) => void) => {
  const copy: Rlp[] = [...fields];
  change(copy);
  return encodeRlp(copy);
};

test('headers from 15 fields to those of forks yet to come', () => {
  expect(fields).toHaveLength(21);
  const { hash, number, time } = decodeHeader(header);
  expect({ hash, number, time }).toEqual(fixture.expected.block);
  for (const count of [15, 16, 17, 20])
    expect(decodeHeader(encodeRlp(fields.slice(0, count))).number).toBe(number);
  const later = rebuilt((copy) => copy.push(Uint8Array.of(1, 2, 3)));
  expect(decodeHeader(later)).toMatchObject({ number, time });
  expect(decodeHeader(later).hash).not.toBe(hash);
});

test('headers that are no headers', () => {
  const wrong: Uint8Array[] = [
    encodeRlp(utf8('header')),
    encodeRlp(fields.slice(0, 14)),
    rebuilt((copy) => copy.push(...Array(50).fill(Uint8Array.of(1)))),
    rebuilt((copy) => copy.push([])),
    rebuilt((copy) => {
      copy[3] = fields[3]!.subarray(1);
    }),
    rebuilt((copy) => {
      copy[2] = fields[3]!;
    }),
    rebuilt((copy) => {
      copy[8] = Uint8Array.of(0, 7);
    }),
    rebuilt((copy) => {
      copy[8] = new Uint8Array(8).fill(255);
    }),
    rebuilt((copy) => {
      copy[11] = new Uint8Array(33).fill(255);
    }),
    rebuilt((copy) => {
      copy[14] = new Uint8Array(7);
    }),
    rebuilt((copy) => {
      copy[12] = [];
    }),
  ];
  for (const bytes of wrong)
    expect(
      codeOf(() => decodeHeader(bytes)),
      toHex(bytes).slice(0, 60),
    ).toBe('EVIDENCE_HEADER');
  expect(codeOf(() => decodeHeader(concat(header, Uint8Array.of(0))))).toBe('EVIDENCE_RLP');
});

test('the slot of a mapping entry', () => {
  // keccak256 of 64 zero bytes: mapping at slot 0, key 0.
  const first: Hex = '0xad3228b676f7d3cd4284a5443f17f1962b36e491b30a40b2405849e597ba5fb5';
  expect(mappingSlot(Uint8Array.of(0), Uint8Array.of(0))).toBe(first);
  expect(mappingSlot(new Uint8Array(32), new Uint8Array(32), 1n)).toBe(`${first.slice(0, -1)}6`);
  expect(mappingSlot(Uint8Array.of(1), Uint8Array.of(0))).not.toBe(first);
  expect(codeOf(() => mappingSlot(new Uint8Array(33), new Uint8Array(0)))).toBe('EVIDENCE_FORMAT');
});
