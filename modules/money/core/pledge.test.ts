import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PledgeFacts, pledgeDue } from './pledge.ts';

const UNTIL = 1_000_000;
const facts = (change: Partial<PledgeFacts> = {}): PledgeFacts => ({
  state: 'standing',
  agreement: 'active',
  until: null,
  paidOut: false,
  ...change,
});

describe('what is due about a pledge', () => {
  it.each([
    ['a report is seen', { agreement: 'clinic-absent', until: UNTIL }, UNTIL, 'witness'],
    ['an objection is seen', { state: 'reported', agreement: 'disputed' }, UNTIL, 'witness'],
    [
      'what nobody answered is settled',
      { state: 'reported', agreement: 'clinic-absent', until: UNTIL },
      UNTIL + 1_001,
      'settle',
    ],
    ['even unseen', { agreement: 'clinic-absent', until: UNTIL }, UNTIL + 1_001, 'settle'],
    ['it ends with the agreement', { agreement: 'closed' }, 0, 'settle'],
    ['however it ended', { state: 'reported', agreement: 'closed' }, 0, 'settle'],
    ['what is owed is paid out', { state: 'paid', agreement: 'closed' }, 0, 'pay'],
  ] as const)('%s', (_what, change, now, due) => {
    expect(pledgeDue(facts(change), now)).toBe(due);
  });

  it.each([
    ['nothing happened', {}, UNTIL],
    ['a part is claimed', { agreement: 'claimed' }, UNTIL],
    ['the patient was absent', { agreement: 'patient-absent' }, UNTIL],
    ['the report was seen already', { state: 'reported', agreement: 'clinic-absent', until: UNTIL }, UNTIL],
    [
      'the last second is not over',
      { state: 'reported', agreement: 'clinic-absent', until: UNTIL },
      UNTIL + 1_000,
    ],
    ['the objection was seen', { agreement: 'disputed' }, UNTIL],
    ['it is paid out', { state: 'paid', agreement: 'closed', paidOut: true }, UNTIL],
    ['it is freed', { state: 'freed', agreement: 'closed' }, UNTIL],
  ] as const)('nothing where %s', (_what, change, now) => {
    expect(pledgeDue(facts(change), now)).toBe(null);
  });

  it('asks for nothing twice: what it asks for, once done, is not due', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('standing', 'reported' as const),
        fc.constantFrom('active', 'claimed', 'disputed', 'patient-absent', 'clinic-absent', 'closed'),
        fc.integer({ min: 0, max: 2 * UNTIL }),
        (state, agreement, now) => {
          const before = { ...facts({ until: UNTIL }), state, agreement } as PledgeFacts;
          const due = pledgeDue(before, now);
          const seen = agreement === 'clinic-absent' ? ('reported' as const) : ('standing' as const);
          if (due === 'witness') expect(pledgeDue({ ...before, state: seen }, now)).toBe(null);
          if (due === 'settle') expect(pledgeDue({ ...before, state: 'freed' }, now)).toBe(null);
          expect(due).not.toBe('pay');
        },
      ),
    );
  });
});
