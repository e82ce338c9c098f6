import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanKinetic } from './mean-kinetic.ts';

/**
 * Computed another way: integer decimals of 60 digits, the exponential by its series, the logarithm by Newton's method.
 * It shares neither formula order nor floating point with what is tested.
 */
const ONE = 10n ** 60n;
const times = (a: bigint, b: bigint) => (a * b) / ONE;
const over = (a: bigint, b: bigint) => (a * ONE) / b;
const decimal = (n: number) => BigInt(Math.round(n * 1e9)) * 10n ** 51n;

function exp(x: bigint): bigint {
  const small = x / 256n;
  let term = ONE;
  let sum = ONE;
  for (let n = 1n; term !== 0n; n++) {
    term = times(term, small) / n;
    sum += term;
  }
  for (let i = 0; i < 8; i++) sum = times(sum, sum);
  return sum;
}

function ln(x: bigint): bigint {
  let y = decimal(Math.log(Number(x / 10n ** 30n) / 1e30));
  for (let i = 0; i < 6; i++) y += 2n * over(x - exp(y), x + exp(y));
  return y;
}

function slowly(readings: readonly { celsius: number; weight: number }[]): number {
  const ratio = over(decimal(83.144), decimal(0.0083144));
  const kelvin = (c: number) => decimal(c) + decimal(273.15);
  // relative to the first reading, so that the exponentials stay near one
  const base = over(ratio, kelvin(readings[0]!.celsius));
  const total = readings.reduce((sum, r) => sum + decimal(r.weight), 0n);
  const sum = readings.reduce(
    (all, r) => all + times(decimal(r.weight), exp(base - over(ratio, kelvin(r.celsius)))),
    0n,
  );
  const mean = over(ratio, base - ln(over(sum, total)));
  return Number((mean - decimal(273.15)) / 10n ** 48n) / 1e12;
}

const celsius = fc.integer({ min: -30_000, max: 60_000 }).map((n) => n / 1000);
const weight = fc.integer({ min: 1, max: 10_000 });
const series = fc.array(fc.record({ celsius, weight }), { minLength: 1, maxLength: 20 });

describe('mean kinetic temperature', () => {
  it('agrees with an independent computation', () => {
    fc.assert(
      fc.property(series, (readings) => {
        expect(meanKinetic(readings)).toBeCloseTo(slowly(readings), 8);
      }),
      { numRuns: 100 },
    );
  });

  it('of one constant temperature is that temperature', () => {
    fc.assert(
      fc.property(celsius, fc.array(weight, { minLength: 1, maxLength: 9 }), (c, weights) => {
        expect(meanKinetic(weights.map((w) => ({ celsius: c, weight: w })))).toBeCloseTo(c, 9);
      }),
    );
  });

  it('lies between the mean and the highest, and never falls when a reading rises', () => {
    fc.assert(
      fc.property(series, fc.nat(), (readings, at) => {
        const mkt = meanKinetic(readings)!;
        const all = readings.reduce((sum, r) => sum + r.weight, 0);
        const mean = readings.reduce((sum, r) => sum + r.celsius * r.weight, 0) / all;
        expect(mkt).toBeGreaterThanOrEqual(mean - 1e-9);
        expect(mkt).toBeLessThanOrEqual(Math.max(...readings.map((r) => r.celsius)) + 1e-9);
        const warmer = readings.map((r, i) =>
          i === at % readings.length ? { ...r, celsius: r.celsius + 1 } : r,
        );
        expect(meanKinetic(warmer)!).toBeGreaterThan(mkt - 1e-9);
      }),
    );
  });

  it('weighs what is warm more: half at 5 °C, half at 25 °C is 19.7 °C', () => {
    const half = [
      { celsius: 5, weight: 1 },
      { celsius: 25, weight: 1 },
    ];
    expect(meanKinetic(half)).toBeCloseTo(slowly(half), 9);
    expect(meanKinetic(half)).toBeCloseTo(19.698, 3);
  });

  it('of nothing, or of no time, is nothing', () => {
    expect(meanKinetic([])).toBeNull();
    expect(meanKinetic([{ celsius: 5, weight: 0 }])).toBeNull();
  });
});
