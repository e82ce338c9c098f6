import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSnapshotDue } from './snapshot.ts';

const ms = (max: number) => fc.double({ min: 0, max, noNaN: true });

describe('when a snapshot is due', () => {
  it('not while a start is quick', () => {
    expect(isSnapshotDue(0, 0)).toBe(false);
    expect(isSnapshotDue(20, 1_000)).toBe(false);
    expect(isSnapshotDue(1_100, 899)).toBe(false);
  });

  it('before loading and replaying together take longer than a start may', () => {
    expect(isSnapshotDue(20, 1_980)).toBe(true);
    expect(isSnapshotDue(1_100, 900)).toBe(true);
    expect(isSnapshotDue(2_200, 370)).toBe(true);
    fc.assert(
      fc.property(ms(1_700), ms(5_000), (load, replay) => {
        if (load + replay > 2_000) expect(isSnapshotDue(load, replay)).toBe(true);
      }),
    );
  });

  it('not after every block, however large the chain is: blocks get a third of what a dump takes', () => {
    expect(isSnapshotDue(2_200, 366)).toBe(false);
    expect(isSnapshotDue(60_000, 9_999)).toBe(false);
    fc.assert(
      fc.property(ms(600_000), ms(100_000), (load, replay) => {
        if (replay < load / 6) expect(isSnapshotDue(load, replay)).toBe(false);
      }),
    );
  });
});
