/** The arithmetic of the data pool: exact bounds, no bias, nothing about few, no difference of few, no averaging. */
import { DAY } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimate, numbersOf, repeats, shown } from './estimate.ts';
import { chances, DRAWS, type Memory, randomise, remembered } from './noise.ts';
import { type PoolFacts, QUESTION_IDS, questionOf } from './questions.ts';
import {
  assertAnswerSigned,
  assertAnswers,
  epsilonOf,
  openRelease,
  pseudonymIn,
  readPlan,
  signAnswer,
  spend,
} from './study.ts';

const epsilon = fc.integer({ min: 1, max: 8_000 });
const choices = fc.integer({ min: 2, max: 20 });
const bytes = (n: number) => {
  const draw = new Uint8Array(4);
  new DataView(draw.buffer).setUint32(0, n);
  return draw;
};
const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'none';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

/** e^x as a fraction from below: x and every term rounded down. x in thousandths. */
function expBelow(x: number): { n: bigint; d: bigint } {
  const d = 10n ** 60n;
  let term = d;
  let sum = d;
  for (let i = 1n; term > 0n; i++) {
    term = (term * BigInt(x)) / (1_000n * i);
    sum += term;
  }
  return { n: sum, d };
}

describe('noise', () => {
  it('never tells two truths apart by more than e^ε, exactly', () => {
    fc.assert(
      fc.property(epsilon, choices, (e, k) => {
        const { truth, other } = chances(e, k);
        const { n, d } = expBelow(e);
        expect(truth + (k - 1) * other).toBe(DRAWS);
        expect(BigInt(truth) * d <= BigInt(other) * n).toBe(true);
        expect(truth).toBeGreaterThanOrEqual(other);
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives away nearly all that ε allows, so that the numbers are of use', () => {
    for (const [e, k] of [
      [1_000, 2],
      [2_000, 12],
      [500, 5],
    ] as const) {
      const { truth, other } = chances(e, k);
      expect(truth / other).toBeCloseTo(Math.exp(e / 1_000), 5);
    }
  });

  it('says each choice for exactly as many draws as stated', () => {
    fc.assert(
      fc.property(epsilon, choices, fc.nat(), (e, k, t) => {
        const truth = t % k;
        const { truth: keep, other } = chances(e, k);
        const edges = [
          0,
          keep - 1,
          ...Array.from({ length: k - 1 }, (_, i) => [keep + i * other, keep + (i + 1) * other - 1]).flat(),
        ];
        const said = edges.map((draw) => randomise(truth, e, k, bytes(draw)));
        expect(said.slice(0, 2)).toEqual([truth, truth]);
        const others = said.slice(2);
        for (let i = 0; i < others.length; i += 2) expect(others[i]).toBe(others[i + 1]);
        expect([...new Set([truth, ...others])].sort((a, b) => a - b)).toEqual([...Array(k).keys()]);
      }),
    );
  });

  it.each([
    ['no loss', () => chances(0, 2)],
    ['a fraction of a thousandth', () => chances(0.5, 2)],
    ['one choice', () => chances(100, 1)],
    ['no such choice', () => randomise(2, 100, 2, bytes(0))],
    ['too little randomness', () => randomise(0, 100, 2, new Uint8Array(3))],
  ])('refuses %s', (_, work) => {
    expect(work).toThrow(RangeError);
  });

  it('is remembered: asked again, in another study too, the same truth is said alike; nothing is drawn', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: DRAWS - 1 }), fc.integer({ min: 2, max: 50 }), (draw, times) => {
        let memory: Memory = {};
        let drawn = 0;
        const asked = { question: 'area-year', truth: 3, epsilon: 500, choices: 12 };
        const said = Array.from({ length: times }, () => {
          const told = remembered(memory, asked, () => {
            drawn++;
            return bytes((draw + drawn * 1_000_003) % DRAWS);
          });
          memory = told.memory;
          return told.said;
        });
        expect(new Set(said).size).toBe(1);
        expect(drawn).toBe(1);
      }),
    );
    const first = remembered({}, { question: 'a', truth: 0, epsilon: 500, choices: 2 }, () => bytes(0));
    for (const change of [{ truth: 1 }, { question: 'b' }, { epsilon: 600 }, { choices: 3 }]) {
      const asked = { question: 'a', truth: 0, epsilon: 500, choices: 2, ...change };
      expect(Object.keys(remembered(first.memory, asked, () => bytes(0)).memory)).toHaveLength(2);
    }
  });
});

describe('an estimate', () => {
  it('has no bias: what is expected to be said estimates what is true', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 300, max: 4_000 }),
        fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 2, maxLength: 12 }),
        (e, truth) => {
          const people = truth.reduce((a, b) => a + b, 0);
          fc.pre(people > 0);
          const { truth: keep, other } = chances(e, truth.length);
          const expected = truth.map((n) => (n * keep + (people - n) * other) / DRAWS);
          for (const [i, { share }] of estimate(expected, e).entries())
            expect(share).toBeCloseTo(truth[i]! / people, 6);
        },
      ),
    );
  });

  it('lies within its standard error of the truth as often as it should', () => {
    let state = 7;
    const next = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state;
    };
    const people = 400;
    let within = 0;
    const runs = 300;
    let sum = 0;
    for (let run = 0; run < runs; run++) {
      const said = [0, 0, 0];
      for (let i = 0; i < people; i++)
        said[randomise(i < 100 ? 0 : i < 300 ? 1 : 2, 1_500, 3, bytes(next()))]!++;
      const [{ share, error }] = estimate(said, 1_500) as [{ share: number; error: number }];
      sum += share;
      if (Math.abs(share - 0.25) <= 2 * error) within++;
    }
    expect(sum / runs).toBeCloseTo(0.25, 1);
    expect(within / runs).toBeGreaterThan(0.9);
  });

  it('says nothing about fewer than k, in all or of one choice, nor what the rest would give away', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 2, maxLength: 12 }),
        fc.integer({ min: 20, max: 40 }),
        (said, k) => {
          const all = said.reduce((a, b) => a + b, 0);
          const numbers = numbersOf(said, 1_000, k);
          if (all < k) expect(numbers).toBeNull();
          if (!numbers) return;
          const hidden = said.filter((_, i) => numbers[i] === null);
          for (const [i, n] of said.entries()) if (n < k) expect(numbers[i]).toBeNull();
          expect(hidden).not.toHaveLength(1);
          if (hidden.length > 0) expect(hidden.reduce((a, b) => a + b, 0)).toBeGreaterThanOrEqual(k);
        },
      ),
      { numRuns: 1_000 },
    );
    expect(shown([30, 30, 5], 20)).toEqual([false, true, false]);
    expect(numbersOf([19], 1_000, 20)).toBeNull();
    expect(numbersOf([20, 0], 1_000, 20)).toBeNull();
  });

  it('is not made of people who differ by fewer than k from an earlier one', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(80)),
        fc.array(fc.uniqueArray(fc.nat(80)), { maxLength: 4 }),
        fc.integer({ min: 20, max: 40 }),
        (now, before, k) => {
          const earlier = before.map((people, release) => ({
            release,
            people: people.length,
            shared: people.filter((one) => now.includes(one)).length,
          }));
          const differ = before.map(
            (people) =>
              people.filter((one) => !now.includes(one)).length +
              now.filter((one) => !people.includes(one)).length,
          );
          const again = repeats(now.length, earlier, k);
          if (again === null) for (const n of differ) expect(n).toBeGreaterThanOrEqual(k);
          else expect(differ[again]).toBeLessThan(k);
        },
      ),
    );
    expect(repeats(100, [{ release: 0, people: 101, shared: 100 }], 20)).toBe(0);
    expect(repeats(120, [{ release: 0, people: 100, shared: 100 }], 20)).toBeNull();
  });
});

const NOW = Date.UTC(2026, 10, 24);
const plan = {
  id: '0198f0a0-0000-7000-8000-000000000001',
  title: { zh: '恢复', en: 'Recovery' },
  why: { zh: '了解', en: 'To know' },
  questions: ['treatments-year' as const, 'event-14-days' as const],
  epsilon: 1_000,
  epsilonTotal: 2_500,
  k: 20,
  releases: ['2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  payment: { minor: '500', currency: 'CNY' as const },
};

describe('a study', () => {
  it('is read, and takes answers for the next release until the last', () => {
    expect(readPlan(plan, NOW)).toEqual(plan);
    expect([0, 7 * DAY, 40 * DAY].map((later) => openRelease(plan, NOW + later))).toEqual([0, 1, null]);
  });

  it.each([
    ['a group of nineteen', { k: 19 }],
    ['a question of its own', { questions: ['name'] }],
    ['a question twice', { questions: ['product-kind', 'product-kind'] }],
    ['no question', { questions: [] }],
    ['more loss than anybody may ask', { epsilonTotal: 8_001 }],
    ['less than one release', { epsilonTotal: 900 }],
    ['releases out of order', { releases: [...plan.releases].reverse() }],
    ['a release that is past', { releases: ['2026-11-01T00:00:00.000Z'] }],
    ['a payment below nothing', { payment: { minor: '-1', currency: 'CNY' } }],
    ['a field more', { people: 3 }],
    ['noise that drowns everything', { epsilon: 100, questions: [...QUESTION_IDS] }],
  ])('is refused with %s', (_, change) => {
    expect(codeOf(() => readPlan({ ...plan, ...change }, NOW))).toBe('POOL_STUDY_INVALID');
  });

  it('never costs more than it says, however often it asks', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 4_000 }),
        fc.integer({ min: 100, max: 8_000 }),
        fc.integer({ min: 1, max: 5 }),
        (one, all, n) => {
          const questions = QUESTION_IDS.slice(0, n);
          let spent = 0;
          let times = 0;
          for (let i = 0; i < 100; i++)
            try {
              spent = spend({ epsilon: one, epsilonTotal: all }, spent);
              times++;
            } catch (error) {
              expect((error as { code: string }).code).toBe('POOL_BUDGET_SPENT');
            }
          expect(spent).toBeLessThanOrEqual(all);
          expect(times * n * epsilonOf({ epsilon: one, questions })).toBeLessThanOrEqual(all);
        },
      ),
    );
  });

  it('takes one choice for each question and nothing else', () => {
    expect(codeOf(() => assertAnswers(plan, { 'treatments-year': 3, 'event-14-days': 0 }))).toBe('none');
    for (const wrong of [
      {},
      { 'treatments-year': 3 },
      { 'treatments-year': 4, 'event-14-days': 0 },
      { 'treatments-year': -1, 'event-14-days': 0 },
      { 'treatments-year': 0.5, 'event-14-days': 0 },
      { 'treatments-year': 0, 'event-14-days': 0, 'area-year': 0 },
    ])
      expect(codeOf(() => assertAnswers(plan, wrong))).toBe('POOL_ANSWER_INVALID');
  });

  it('knows a person by a name of its own; an answer that was changed is nobody’s', () => {
    const root = new Uint8Array(32).fill(5);
    const other = '0198f0a0-0000-7000-8000-000000000002';
    const name = pseudonymIn(root, plan.id);
    expect(name).not.toBe(pseudonymIn(root, other));
    const given = { study: plan.id, release: 0, answers: { 'treatments-year': 1, 'event-14-days': 0 } };
    const signature = signAnswer(root, given);
    assertAnswerSigned(given, name, signature);
    for (const [change, by] of [
      [{ release: 1 }, name],
      [{ study: other }, name],
      [{ answers: { ...given.answers, 'treatments-year': 2 } }, name],
      [{}, pseudonymIn(root, other)],
      [{}, 'A'.repeat(43)],
    ] as const)
      expect(codeOf(() => assertAnswerSigned({ ...given, ...change }, by, signature))).toBe('POOL_NOT_YOURS');
  });
});

describe('a question', () => {
  const none: PoolFacts = { treatments: [], events: [], allergies: null };
  const ask = (id: (typeof QUESTION_IDS)[number], facts: Partial<PoolFacts> = {}) =>
    questionOf(id).answer({ ...none, ...facts }, NOW);
  const treated = (
    days: number,
    areas: PoolFacts['treatments'][number]['areas'] = ['nose'],
    units = ['uL'],
  ) => ({
    at: NOW - days * DAY,
    areas,
    units,
  });
  const allergy = (substance: string | null, verification: 'confirmed' | 'refuted' = 'confirmed') => ({
    answered: true,
    facts: [{ substance, text: 'x', verification, criticality: 'low' as const, recordedOn: '2026-01-01' }],
  });

  it('is always answered by one of its choices', () => {
    const facts = fc.record({
      treatments: fc.array(
        fc.record({
          at: fc.integer({ min: NOW - 800 * DAY, max: NOW + 50 * DAY }),
          areas: fc.subarray(['nose', 'jaw', 'eyes'] as const),
          units: fc.subarray(['uL', 'U', 'pulse', 'mmol']),
        }),
      ),
      events: fc.array(fc.integer({ min: NOW - 800 * DAY, max: NOW + 50 * DAY })),
      allergies: fc.constantFrom(null, allergy('lidocaine'), allergy(null), { answered: false, facts: [] }),
    });
    fc.assert(
      fc.property(facts, fc.constantFrom(...QUESTION_IDS), (held, id) => {
        const { choices: all, answer } = questionOf(id);
        expect(all.map(({ code }) => code)).toContain(answer(held, NOW));
        expect(new Set(all.map(({ code }) => code)).size).toBe(all.length);
      }),
    );
  });

  it('counts the last year, and neither what is older nor what is to come', () => {
    expect(ask('treatments-year')).toBe('none');
    expect(ask('treatments-year', { treatments: [treated(400), treated(-3)] })).toBe('none');
    expect(ask('treatments-year', { treatments: [treated(1)] })).toBe('1-2');
    expect(ask('treatments-year', { treatments: Array.from({ length: 6 }, (_, i) => treated(i)) })).toBe(
      '6+',
    );
    const areas = [
      treated(1, ['jaw']),
      treated(2, ['jaw', 'nose']),
      treated(400, ['nose']),
      treated(401, ['nose']),
    ];
    expect(ask('area-year', { treatments: areas })).toBe('jaw');
    expect(ask('area-year', { treatments: [treated(1, [])] })).toBe('none');
    expect(ask('product-kind', { treatments: [treated(1, [], ['U'])] })).toBe('toxin');
    expect(ask('product-kind', { treatments: [treated(1, [], ['U']), treated(2, [], ['pulse'])] })).toBe(
      'several',
    );
    expect(ask('product-kind', { treatments: [treated(1, [], ['mmol'])] })).toBe('none');
  });

  it('tells not asked from none, and what a doctor refuted from what is', () => {
    expect(ask('anaesthetic-allergy')).toBe('unknown');
    expect(ask('anaesthetic-allergy', { allergies: { answered: true, facts: [] } })).toBe('no');
    expect(ask('anaesthetic-allergy', { allergies: allergy('procaine') })).toBe('yes');
    expect(ask('anaesthetic-allergy', { allergies: allergy('amide-anaesthetics') })).toBe('yes');
    expect(ask('anaesthetic-allergy', { allergies: allergy('latex') })).toBe('no');
    expect(ask('anaesthetic-allergy', { allergies: allergy('lidocaine', 'refuted') })).toBe('no');
  });

  it('counts an event within fourteen days after, not before and not later', () => {
    const treatments = [treated(30)];
    const at = (days: number) => ask('event-14-days', { treatments, events: [NOW - days * DAY] });
    expect(ask('event-14-days', { events: [NOW] })).toBe('no-treatment');
    expect([at(29), at(16), at(15), at(31)]).toEqual(['yes', 'yes', 'no', 'no']);
  });
});
