import { type Hex, toHex0x } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counts, FINDINGS, gais, layoutOf, packScores, refundOf } from './panel-math.ts';
import {
  compareGrades,
  GRADES,
  type Grade,
  type PictureFacts,
  pickKnown,
  placesOf,
  type Shown,
  scaleOf,
} from './panel-pictures.ts';

const hex = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((b) => toHex0x(b) as Hex);
const known = { better: ['k1', 'k2'], same: ['s1', 's2', 's3'] };
const facts = fc.record({
  layoutSecret: hex(32),
  assessor: hex(20),
  earlier: fc.constantFrom('a' as const, 'b' as const),
});
const grade = fc.constantFrom<Grade>(...GRADES);

/** What somebody with good eyes answers, if the treatment led from one grade to another. */
function answers(input: PictureFacts, before: Grade, after: Grade): number {
  const see = (one: Shown): Grade => {
    if ('sealed' in one) return one.sealed === input.earlier ? before : after;
    if (known.same.includes(one.known)) return 2;
    return one.which === 'first' ? 4 : 1;
  };
  return packScores(
    placesOf(input).map((one) =>
      'answer' in one ? one.answer : compareGrades(see(one.left), see(one.right)),
    ),
  );
}

describe('four places', () => {
  it('show the own pair in both orders and one known pair of each kind, to everybody differently', () => {
    fc.assert(
      fc.property(facts, (one) => {
        const places = placesOf({ ...one, promisedBy: 'patient', known });
        expect(places).toHaveLength(4);
        const shown = places.flatMap((p) => ('answer' in p ? [] : [[p.left, p.right] as const]));
        const own = shown.filter(([left]) => 'sealed' in left).map(([left]) => JSON.stringify(left));
        expect(new Set(own)).toEqual(new Set(['{"sealed":"a"}', '{"sealed":"b"}']));
        const others = shown.filter(([left]) => 'known' in left);
        expect(others).toHaveLength(2);
        for (const [left, right] of others)
          expect((left as { known: string }).known).toBe((right as { known: string }).known);
      }),
    );
    const orders = new Set(
      Array.from({ length: 60 }, (_, n) =>
        JSON.stringify(
          placesOf({
            layoutSecret: `0x${'1'.repeat(64)}`,
            assessor: `0x${(n + 1).toString(16).padStart(40, '0')}`,
            earlier: 'a',
            promisedBy: 'patient',
            known: { better: ['k1'], same: ['s1'] },
          }),
        ),
      ),
    );
    expect(orders.size).toBeGreaterThan(20);
  });

  it('come out as the panel counts them: improvement, none, or worse, whatever the order', () => {
    fc.assert(
      fc.property(facts, grade, grade, (one, before, after) => {
        const input = { ...one, promisedBy: 'patient' as const, known };
        const scores = answers(input, before, after);
        const layout = layoutOf(one.layoutSecret, one.assessor);
        expect(counts(scores, layout)).toBe(true);
        expect(gais(scores, layout) <= 3).toBe(after < before);
      }),
    );
  });

  it('do not count for who grades at random by side', () => {
    fc.assert(
      fc.property(facts, (one) => {
        const layout = layoutOf(one.layoutSecret, one.assessor);
        // always the right one
        expect(counts(packScores([6, 6, 6, 6]), layout)).toBe(false);
        expect(counts(packScores([0, 0, 0, 0]), layout)).toBe(false);
      }),
    );
  });

  it('turn against who promised pictures and shows none', () => {
    fc.assert(
      fc.property(facts, fc.constantFrom('patient' as const, 'clinic' as const), (one, promisedBy) => {
        const input: PictureFacts = { ...one, earlier: null, promisedBy, known };
        const scores = answers(input, 3, 3);
        const layout = layoutOf(one.layoutSecret, one.assessor);
        expect(counts(scores, layout)).toBe(true);
        expect(refundOf(FINDINGS[0], { scores, layout })).toBe(promisedBy === 'patient' ? 0 : 10_000);
      }),
    );
  });

  it('take a known pair that nobody can tell before, and always one that there is', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(hex(32), hex(20), (secret, assessor) => {
        const one = pickKnown(secret, assessor, 'same', known.same);
        expect(pickKnown(secret, assessor, 'same', [...known.same].reverse())).toBe(one);
        seen.add(one);
      }),
    );
    expect(seen.size).toBe(3);
  });
});

describe('scales', () => {
  it('follow the procedure, and are general where it has none', () => {
    expect(['filler-nasolabial', 'toxin-forehead', 'skin-booster', 'rf-face'].map(scaleOf)).toEqual([
      'folds',
      'lines',
      'skin',
      'skin',
    ]);
    expect(['filler-lips', 'collagen-tear-trough'].map(scaleOf)).toEqual(['volume', 'volume']);
    expect(['', 'fillerx', 'rfx', 'something'].map(scaleOf)).toEqual(Array(4).fill('general'));
  });

  it('compare grades towards the better picture, at most three steps', () => {
    expect(compareGrades(4, 0)).toBe(6);
    expect(compareGrades(0, 4)).toBe(0);
    expect(compareGrades(2, 2)).toBe(3);
    fc.assert(
      fc.property(grade, grade, (a, b) => {
        expect(compareGrades(a, b) + compareGrades(b, a)).toBe(6);
      }),
    );
  });
});
