import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inAllUnits } from './units.ts';

const inUnit = (value: number, from: string, to: string) =>
  inAllUnits(value, from).find(({ uom }) => uom === to)?.value;

it.each([
  [0, 'CEL', 'FAH', 32],
  [-40, 'FAH', 'CEL', -40],
  [0, 'CEL', 'KEL', 273.15],
  [1, 'KGM', 'GRM', 1000],
  [2, 'HUR', 'MIN', 120],
  [1, 'BAR', 'PAL', 100_000],
  [50, 'P1', 'C62', 0.5],
  [1, 'INH', 'CMT', 2.54],
])('%d %s is in %s %d', (value, from, to, wanted) => {
  expect(inUnit(value, from, to)).toBeCloseTo(wanted, 9);
});

it.each([
  ['CEL', 'KGM'],
  ['XYZ', 'CEL'],
  ['XYZ', 'GRM'],
])('%s never becomes %s', (from, to) => {
  expect(inUnit(1, from, to)).toBeUndefined();
  expect(inAllUnits(1, from)[0]).toEqual({ uom: from, value: 1, converted: false });
});

it('comes back from every unit it went to', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.constantFrom('CEL', 'FAH', 'KGM', 'MMT', 'LTR', 'MIN', 'MBR', 'KMH', 'DD'),
      (value, uom) => {
        for (const one of inAllUnits(value, uom)) {
          const back = inUnit(one.value, one.uom, uom)!;
          expect(Math.abs(back - value)).toBeLessThanOrEqual(1e-6 + Math.abs(value) * 1e-9);
        }
      },
    ),
  );
});
