import { MINUTE } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GUESS_RULES, GuessWatch } from './guessing.ts';

const T = 1_800_000_000_000;
const { perNetwork, alarm, underAttack, window } = GUESS_RULES;
const ask = (watch: GuessWatch, network: string, gtin: string, times: number, from = T) => {
  for (let i = 0; i < times; i++) watch.unknown(network, gtin, from + i);
};

describe('guessing serial numbers', () => {
  it('a network that asked for too many unknown ones waits, for any product, known or not', () => {
    const watch = new GuessWatch();
    ask(watch, 'a', 'g1', perNetwork - 1);
    expect(watch.wait('a', 'g1', T + 100)).toBe(0);
    ask(watch, 'a', 'g1', 1, T + 100);
    expect(watch.wait('a', 'g1', T + 200)).toBe(10);
    expect(watch.wait('a', 'g2', T + 200)).toBe(10);
    expect(watch.wait('b', 'g1', T + 200)).toBe(0);
  });

  it('may ask again when the window has passed', () => {
    const watch = new GuessWatch();
    ask(watch, 'a', 'g', perNetwork);
    expect(watch.wait('a', 'g', T + window - 2 * MINUTE)).toBe(2);
    expect(watch.wait('a', 'g', T + window + 1)).toBe(0);
  });

  it('a product under attack from many networks gives each very little', () => {
    const watch = new GuessWatch();
    for (let i = 0; i < alarm / underAttack; i++) ask(watch, `n${i}`, 'g', underAttack);
    ask(watch, 'late', 'g', underAttack - 1);
    expect(watch.wait('late', 'g', T + 500)).toBe(0);
    ask(watch, 'late', 'g', 1, T + 500);
    expect(watch.wait('late', 'g', T + 600)).toBeGreaterThan(0);
    expect(watch.wait('late', 'other', T + 600)).toBe(0);
    expect(watch.wait('honest', 'g', T + 600)).toBe(0);
  });

  it('never keeps back who only asks for what exists, whatever others do', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ network: fc.integer({ min: 1, max: 50 }), at: fc.integer({ min: 0, max: window }) }),
          {
            maxLength: 400,
          },
        ),
        (guesses) => {
          const watch = new GuessWatch();
          const sorted = [...guesses].sort((a, b) => a.at - b.at);
          for (const { network, at } of sorted) watch.unknown(`n${network}`, 'g', T + at);
          expect(watch.wait('honest', 'g', T + window)).toBe(0);
        },
      ),
    );
  });

  it('forgets who asked longest ago, so that memory is bounded', () => {
    const watch = new GuessWatch(GUESS_RULES, 10);
    ask(watch, 'first', 'g', perNetwork);
    for (let i = 0; i < 20; i++) ask(watch, `n${i}`, 'g', 1);
    expect(watch.wait('first', 'g', T + 100)).toBe(0);
  });
});
