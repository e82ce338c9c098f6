/** Copies are found by what cannot be, not by how often a code is looked at. A quality figure, from a fixed seed. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Outcome, simulate, TRADE } from '../bench/provenance-clones.ts';

describe('copies of single units', () => {
  let found: Outcome;
  beforeAll(() => {
    found = simulate(TRADE);
  });

  it('are found at 60 of 100 and more by being opened where the unit is not held, without one false alarm', () => {
    expect(found.outside.found).toBeGreaterThanOrEqual(0.6);
    expect(found.outside.falseAlarms).toBe(0);
  });

  it('are hardly ever found by counting scans or cities', () => {
    expect(found.scanCount).toBeLessThan(0.1);
    expect(found.cityCount).toBeLessThan(0.1);
  });

  it('are found more often the more openings are reported, and the more copies there are', () => {
    const small = { ...TRADE, honest: 500, cloned: 800 };
    const [few, many] = [0.3, 0.9].map((reported) => simulate({ ...small, reported }).outside.found);
    expect(many).toBeGreaterThan(few! + 0.3);
    expect(simulate({ ...small, copies: 4 }).outside.found).toBeGreaterThan(0.9);
  });
});
