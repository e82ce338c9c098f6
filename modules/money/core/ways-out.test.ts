import fs from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ESCROW_ACTS, ESCROW_MOVES, escrowMovesTable, inTime } from './escrow-moves.ts';
import { explore, longestWayOut, type TermsInTime } from './ways-out.ts';

const OPENED = 1_000;
/** Seconds to object to a report of absence; two days would be too many places. */
const REBUTTAL_SHORT = [1, 3, 6];

/** Terms of a few seconds that the contract would accept. */
const terms: fc.Arbitrary<TermsInTime> = fc
  .record({
    coolingOff: fc.nat(4),
    arbiterWindow: fc.integer({ min: 1, max: 5 }),
    parts: fc.array(
      fc.record({ gap: fc.integer({ min: 1, max: 4 }), window: fc.integer({ min: 1, max: 4 }) }),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
  })
  .map(({ coolingOff, arbiterWindow, parts }) => {
    let earliest = OPENED + coolingOff;
    const milestones = parts.map(({ gap, window }) => {
      const dueBy = earliest + gap;
      earliest = dueBy + window;
      return { dueBy, window };
    });
    return { coolingOff, arbiterWindow, milestones };
  });

describe('ways out of an agreement', () => {
  it('never stick, use every move, and take at most what is said', () => {
    fc.assert(
      fc.property(terms, fc.constantFrom(...REBUTTAL_SHORT), (t, rebuttal) => {
        const { stuck, longest, places } = explore(t, OPENED, ESCROW_MOVES, rebuttal);
        expect(stuck).toEqual([]);
        expect(places).toBeGreaterThan(4);
        expect(longest).toBe(longestWayOut(t, OPENED, rebuttal));
      }),
      { numRuns: 150 },
    );
  });

  it('use every move of the table', () => {
    const t = {
      coolingOff: 2,
      arbiterWindow: 2,
      milestones: [
        { dueBy: OPENED + 4, window: 2 },
        { dueBy: OPENED + 9, window: 2 },
      ],
    };
    expect(explore(t, OPENED, ESCROW_MOVES, 2).used).toEqual(new Set(ESCROW_MOVES));
  });

  it('are lost without the moves that anybody may make', () => {
    for (const gone of ESCROW_MOVES.filter((m) => m.by.includes('anybody'))) {
      const t = { coolingOff: 1, arbiterWindow: 1, milestones: [{ dueBy: OPENED + 3, window: 1 }] };
      const { stuck } = explore(
        t,
        OPENED,
        ESCROW_MOVES.filter((m) => m !== gone),
        2,
      );
      expect(stuck.every((place) => place.state === gone.from) && stuck.length > 0).toBe(true);
    }
  });

  it('need a milestone', () => {
    expect(() => longestWayOut({ coolingOff: 0, arbiterWindow: 1, milestones: [] }, 0)).toThrow(RangeError);
  });
});

describe('the table of moves', () => {
  it('leaves no second without one, and no second with two of one act', () => {
    for (let time = 0; time <= 8; time++)
      for (const from of ['active', 'claimed', 'disputed', 'patient-absent', 'clinic-absent'] as const)
        for (const act of ESCROW_ACTS) {
          const fitting = ESCROW_MOVES.filter(
            (m) => m.from === from && m.act === act && inTime(m.when, time, 3, 5),
          );
          expect(fitting.length).toBeLessThanOrEqual(1);
        }
  });

  it('stands in the documentation', () => {
    const text = fs.readFileSync(new URL('../../../docs/contracts.md', import.meta.url), 'utf8');
    expect(text).toContain(escrowMovesTable());
  });
});
