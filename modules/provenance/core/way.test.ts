import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { twoLines, WAY, wayOf } from './way.ts';

const stop = (step: string, gln: string | null, n = 0) => ({ step, gln, at: `2026-03-0${n + 1}T00:00:00Z` });

describe('the way of a unit', () => {
  it('joins what happened at one site, and says which hand-overs both sides stated', () => {
    const way = wayOf([
      stop('commissioning', 'a'),
      stop('shipping', 'a'),
      stop('receiving', 'b'),
      stop('receiving', 'c'),
      stop('dispensing', 'c'),
    ]);
    expect(way.stations.map(({ stops }) => stops.length)).toEqual([2, 1, 2]);
    expect(way.legs.map(({ both }) => both)).toEqual([true, false]);
  });

  it('keeps stops without a site apart, and is empty for none', () => {
    expect(wayOf([stop('shipping', null), stop('receiving', null)]).stations).toHaveLength(2);
    expect(wayOf([])).toMatchObject({ stations: [], legs: [] });
  });

  it('lies within its frame and never puts two stations on one place', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 30 }), (sites) => {
        const { width, height, stations, legs } = wayOf(sites.map((gln) => stop('receiving', gln)));
        for (const { x, y } of stations) {
          expect(x - WAY.radius).toBeGreaterThanOrEqual(0);
          expect(x + WAY.radius).toBeLessThanOrEqual(width);
          expect(y + WAY.radius).toBeLessThanOrEqual(height);
        }
        expect(new Set(stations.map(({ x, y }) => `${x} ${y}`)).size).toBe(stations.length);
        expect(legs).toHaveLength(Math.max(0, stations.length - 1));
      }),
    );
  });

  it.each([
    ['澄川生物', ['澄川生物']],
    ['真安市医疗美容监督管理局门诊', ['真安市医疗美容监督管理', '局门诊']],
    ['Zhen’an Aesthetic Medicine', ['Zhen’an Aesthetic', 'Medicine']],
    ['一二三四五六七八九十一二三四五六七八九十一二三四', ['一二三四五六七八九十一', '二三四五六七八九十一…']],
  ])('%s takes these lines', (name, lines) => {
    expect(twoLines(name)).toEqual(lines);
  });
});
