import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  assertPersonBudget,
  mayCost,
  type PartTaken,
  PERSON_EPSILON,
  personBudget,
} from './person-budget.ts';
import { MOST_EPSILON, MOST_ONCE, openRelease, spend } from './study.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-26T00:00:00Z');
const dates = (n: number) => Array.from({ length: n }, (_, i) => new Date(NOW + (i + 1) * DAY).toISOString());
const part = (epsilon: number, epsilonTotal: number, releases: number, change: Partial<PartTaken> = {}) => ({
  plan: { epsilon, epsilonTotal, releases: dates(releases) },
  spent: 0,
  joined: true,
  ...change,
});
const fits = (others: PartTaken[], next: PartTaken): boolean => {
  try {
    assertPersonBudget(others, next, NOW);
    return true;
  } catch (error) {
    expect((error as { code: string }).code).toBe('POOL_PERSON_BUDGET');
    return false;
  }
};

describe('what a study may still cost', () => {
  it('is its releases to come, and never more than it says', () => {
    expect(mayCost(part(1_000, 8_000, 3), NOW)).toBe(3_000);
    expect(mayCost(part(1_000, 2_000, 3), NOW)).toBe(2_000);
    expect(mayCost(part(1_000, 8_000, 3, { spent: 1_000 }), NOW + DAY)).toBe(3_000);
  });

  it('is what was spent once it is over or left', () => {
    expect(mayCost(part(1_000, 8_000, 3, { spent: 2_000 }), NOW + 3 * DAY)).toBe(2_000);
    expect(mayCost(part(1_000, 8_000, 3, { spent: 1_000, joined: false }), NOW)).toBe(1_000);
  });
});

describe('the budget of a person', () => {
  it('holds over all studies: what fits is taken, one more is refused', () => {
    const eight = part(4_000, 8_000, 2);
    expect(fits([], eight)).toBe(true);
    expect(fits([eight], eight)).toBe(true);
    expect(fits([eight, eight], part(100, 100, 1))).toBe(false);
    // what left or over studies did not ask is free, what they asked is not
    expect(fits([eight, { ...eight, joined: false }], eight)).toBe(true);
    expect(fits([eight, { ...eight, joined: false, spent: 4_000 }], eight)).toBe(false);
  });

  it('is never exceeded, whatever is joined, answered and left in whatever order', () => {
    const study = fc.record({
      epsilon: fc.integer({ min: 100, max: MOST_ONCE }),
      extra: fc.integer({ min: 0, max: MOST_EPSILON - MOST_ONCE }),
      releases: fc.integer({ min: 1, max: 4 }),
    });
    const step = fc.record({
      act: fc.constantFrom('join', 'answer', 'leave', 'wait'),
      which: fc.nat({ max: 9 }),
    });
    fc.assert(
      fc.property(
        fc.array(study, { minLength: 10, maxLength: 10 }),
        fc.array(step, { maxLength: 80 }),
        (studies, steps) => {
          let now = NOW;
          const mine = new Map<number, PartTaken & { answered: ReadonlySet<number> }>();
          for (const { act, which } of steps) {
            const { epsilon, extra, releases } = studies[which]!;
            const held = mine.get(which);
            if (act === 'wait') now += DAY / 2;
            if (act === 'join' && !held) {
              const next = part(epsilon, epsilon + extra, releases);
              try {
                assertPersonBudget([...mine.values()], next, now);
                mine.set(which, { ...next, answered: new Set() });
              } catch {
                // refused: nothing is taken
              }
            }
            if (act === 'leave' && held) mine.set(which, { ...held, joined: false });
            const open = held && openRelease(held.plan, now);
            if (act === 'answer' && held?.joined && typeof open === 'number' && !held.answered.has(open))
              try {
                const spent = spend(held.plan, held.spent);
                mine.set(which, { ...held, spent, answered: new Set([...held.answered, open]) });
              } catch {
                // the study's own budget
              }
            const { spent, taken, of } = personBudget([...mine.values()], now);
            expect(spent).toBeLessThanOrEqual(taken);
            expect(taken).toBeLessThanOrEqual(of);
          }
          expect(PERSON_EPSILON).toBeGreaterThanOrEqual(MOST_EPSILON);
        },
      ),
    );
  });
});
