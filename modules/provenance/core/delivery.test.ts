import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDelivery, type Expected, type Scanned } from './delivery.ts';

const unit = (epc: string, container: string | null = null): Expected => ({
  epc,
  container,
  lot: 'L1',
  expiry: '2027-12-31',
});
const LOOSE = ['a', 'b', 'c'].map((epc) => unit(epc));
const BOXED = ['a', 'b', 'c'].map((epc) => unit(epc, 'box'));
const scan = (...epcs: string[]): Scanned[] => epcs.map((epc) => ({ epc }));

describe('a delivery', () => {
  it.each<[string, Expected[], Scanned[], object]>([
    ['as announced', LOOSE, scan('a', 'b', 'c'), { received: ['a', 'b', 'c'], missing: [], extra: [] }],
    ['scanned twice', LOOSE, scan('a', 'a', 'b', 'c', 'b'), { received: ['a', 'b', 'c'], missing: [] }],
    ['short', LOOSE, scan('a', 'c'), { received: ['a', 'c'], missing: ['b'], extra: [] }],
    ['with one too many', LOOSE, scan('a', 'b', 'c', 'x'), { received: ['a', 'b', 'c', 'x'], extra: ['x'] }],
    ['by its closed box', BOXED, scan('box'), { received: ['box'], arrived: ['a', 'b', 'c'], missing: [] }],
    ['by its box and what is in it', BOXED, scan('a', 'box', 'b'), { received: ['box'], missing: [] }],
    ['unit by unit out of an open box', BOXED, scan('a', 'b'), { received: ['a', 'b'], missing: ['c'] }],
    [
      'by a box that nobody announced',
      LOOSE,
      scan('other'),
      { received: ['other'], extra: ['other'], missing: ['a', 'b', 'c'] },
    ],
    [
      'by a pallet whose content is known',
      BOXED,
      [{ epc: 'pallet', contents: ['a', 'b', 'c'] }],
      { received: ['pallet'], arrived: ['a', 'b', 'c'], missing: [], extra: [] },
    ],
    ['of which nothing came', LOOSE, [], { received: [], missing: ['a', 'b', 'c'] }],
    ['that nobody announced', [], scan('a'), { received: ['a'], extra: ['a'], missing: [] }],
  ])('%s', (_name, expected, scanned, wanted) => {
    expect(compareDelivery(expected, scanned)).toMatchObject(wanted);
  });

  it('sets apart what its label says of itself differently, and does not call it missing', () => {
    const label = { lot: 'L2', expiry: '2027-12-31' };
    const found = compareDelivery(LOOSE, [
      { epc: 'a', label },
      { epc: 'b', label: { lot: 'L1', expiry: null } },
    ]);
    expect(found).toMatchObject({
      received: ['b'],
      missing: ['c'],
      labels: [{ epc: 'a', field: 'lot', label: 'L2', record: 'L1' }],
    });
    const nothingKnown = { ...unit('a'), lot: null };
    expect(compareDelivery([nothingKnown], [{ epc: 'a', label }]).labels).toEqual([]);
  });

  it('accounts for every unit once', () => {
    const epc = fc.constantFrom(...'abcdefghij');
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(epc, fc.constantFrom(null, 'B1', 'B2')), { selector: ([e]) => e }),
        fc.array(fc.oneof(epc, fc.constantFrom('B1', 'B2', 'x'))),
        (board, codes) => {
          const expected = board.map(([e, box]) => unit(e, box));
          const { arrived, missing, extra, labels, received } = compareDelivery(expected, scan(...codes));
          expect([...arrived, ...missing].sort()).toEqual(expected.map((e) => e.epc).sort());
          expect(labels).toEqual([]);
          expect(extra.every((e) => codes.includes(e) && !expected.some((x) => x.epc === e))).toBe(true);
          expect(new Set(received).size).toBe(received.length);
        },
      ),
    );
  });
});
