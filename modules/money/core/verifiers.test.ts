import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ContestFacts, contestDue, contestStage, contestWords } from './contest.ts';
import { challengeDeposit, division, firstHalf, prize, seatLock } from './verification-math.ts';
import { CHECK_PHASES, type CheckPhase } from './verification-moves.ts';
import {
  type AdmissionNote,
  admissionOf,
  assertMayAsk,
  assertMayDecide,
  type Registered,
} from './verifier-admission.ts';
import { lockedIn, waitingIn } from './verifier-purse.ts';

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'done';
  } catch (error) {
    return (error as { code: string }).code;
  }
};
const note = (kind: AdmissionNote['kind'], changes: number): AdmissionNote => ({
  kind,
  text: 'why',
  at: 0,
  changes,
});
const entry = (admitted: boolean, changes: number, until: number | null = 10): Registered => ({
  admitted,
  until: admitted ? until : null,
  changes,
});

describe('an admission', () => {
  it.each([
    ['none', [], null],
    ['asked', [note('asked', 0)], null],
    ['refused', [note('refused', 0), note('asked', 0)], null],
    ['admitted', [note('asked', 0)], entry(true, 1)],
    ['suspended', [note('suspended', 1), note('asked', 0)], entry(false, 2)],
    ['asked', [note('asked', 2), note('suspended', 1)], entry(false, 2)],
    ['admitted', [note('suspended', 1)], entry(true, 3)],
    // nobody said why
    ['ended', [note('asked', 0)], entry(false, 2)],
    ['ended', [], entry(false, 2)],
    ['ended', [note('suspended', 1)], entry(false, 4)],
    ['ended', [note('refused', 0)], entry(false, 2)],
    // it ran out, though the ledger still has it
    ['ended', [note('asked', 0)], entry(true, 1, 4)],
    ['asked', [note('asked', 1)], entry(true, 1, 4)],
    ['ended', [note('suspended', 1)], entry(true, 1, 4)],
    // said, but not carried out
    ['admitted', [note('suspended', 1)], entry(true, 1)],
  ] as const)('is %s after %j with %j', (state, notes, registered) => {
    expect(admissionOf(notes, registered, 5)).toBe(state);
  });

  it('lasts to the last second of its time', () => {
    expect(admissionOf([], entry(true, 1, 5), 5)).toBe('admitted');
    expect(admissionOf([], entry(true, 1, 4), 5)).toBe('ended');
  });

  it('is asked for, refused and suspended only where that makes sense', () => {
    for (const state of ['none', 'refused', 'suspended', 'ended'] as const) {
      expect(codeOf(() => assertMayAsk(state))).toBe('done');
      expect(codeOf(() => assertMayDecide(state, 'refused'))).toBe('CHECK_ADMISSION_STATE');
      expect(codeOf(() => assertMayDecide(state, 'suspended'))).toBe('CHECK_ADMISSION_STATE');
    }
    expect(codeOf(() => assertMayAsk('asked'))).toBe('CHECK_ADMISSION_STATE');
    expect(codeOf(() => assertMayAsk('admitted'))).toBe('CHECK_ADMISSION_STATE');
    expect(codeOf(() => assertMayDecide('asked', 'refused'))).toBe('done');
    expect(codeOf(() => assertMayDecide('asked', 'suspended'))).toBe('CHECK_ADMISSION_STATE');
    expect(codeOf(() => assertMayDecide('admitted', 'suspended'))).toBe('done');
    expect(codeOf(() => assertMayDecide('admitted', 'refused'))).toBe('CHECK_ADMISSION_STATE');
  });
});

const pay = fc.bigInt({ min: 1_000n, max: 20_000n });
const phase = fc.constantFrom(...CHECK_PHASES);

describe('a verifier’s purse', () => {
  it('locks a seat while its result may still be taken apart, and never what is lost or paid for later', () => {
    const over: CheckPhase[] = ['none', 'asked', 'opening', 'drawing', 'ended', 'exposed', 'failed'];
    fc.assert(
      fc.property(pay, phase, fc.constantFrom(0, 1, 2), (p, at, round) => {
        const seat = { phase: at, round, pay: p, slashed: 0n };
        const [locked, waiting] = [lockedIn(seat), waitingIn(seat)];
        expect(locked === 0n || locked === seatLock(p)).toBe(true);
        expect(locked === 0n || waiting === 0n).toBe(true);
        if (over.includes(at)) expect([locked, waiting]).toEqual([0n, 0n]);
        const lost = { ...seat, slashed: seatLock(p) };
        expect([lockedIn(lost), waitingIn(lost)]).toEqual([0n, 0n]);
      }),
    );
  });

  it('waits for exactly what the first half left of the verifiers’ part of the fee', () => {
    fc.assert(
      fc.property(pay, fc.constantFrom(2, 3), (p, answered) => {
        const seats = Array.from({ length: answered }, (_, i) => ({
          phase: 'standing' as const,
          round: i < 2 ? 0 : 1,
          pay: p,
          slashed: 0n,
        }));
        const waiting = seats.reduce((sum, seat) => sum + waitingIn(seat), 0n);
        expect(waiting + BigInt(answered) * firstHalf(p)).toBe(division(p, answered, 0, true).toVerifiers);
      }),
    );
  });

  it('has nothing locked of a jury once it is counted, and nothing waiting for it', () => {
    const juror = { phase: 'unsealing' as const, round: 2, pay: 3_000n, slashed: 0n };
    expect(lockedIn(juror)).toBe(0n);
    expect(lockedIn({ ...juror, round: 0 })).toBe(6_000n);
    expect(lockedIn({ ...juror, phase: 'answering' })).toBe(6_000n);
    expect(waitingIn({ ...juror, phase: 'standing' })).toBe(0n);
  });
});

const facts: ContestFacts = { phase: 'standing', contested: true, late: false, jury: [], overruled: false };

describe('an objection', () => {
  it.each([
    ['open', { phase: 'challengeable', contested: false }],
    ['closed', { phase: 'challengeable', contested: false, late: true }],
    ['closed', { phase: 'standing', contested: false }],
    ['drawing', { phase: 'challenged' }],
    ['comparing', { phase: 'answering' }],
    ['comparing', { phase: 'revealing', jury: [true, true] }],
    ['undecided', { phase: 'failed' }],
    ['undecided', { phase: 'failed', jury: [true, false] }],
    ['won', { phase: 'rejected', jury: [false, false, true], overruled: true }],
    ['lost', { phase: 'standing', jury: [true, true] }],
    // the house was silent at the end: who was right was right
    ['won', { phase: 'failed', jury: [false, false], overruled: true }],
    ['lost', { phase: 'failed', jury: [true, true, false] }],
  ] as const)('is %s with %j', (stage, part) => {
    expect(contestStage({ ...facts, ...part })).toBe(stage);
  });

  it('gives back at least its deposit unless it was wrong', () => {
    fc.assert(
      fc.property(pay, fc.constantFrom(2, 3), (p, jurors) => {
        expect(contestDue('won', p, jurors)).toBe(challengeDeposit(p) + prize(p, jurors));
        expect(contestDue('won', p, jurors)).toBeGreaterThan(challengeDeposit(p));
        expect(contestDue('undecided', p, jurors)).toBe(challengeDeposit(p));
        for (const none of ['lost', 'open', 'closed', 'drawing', 'comparing'] as const)
          expect(contestDue(none, p, jurors)).toBe(0n);
      }),
    );
  });

  it('is signed for one check', () => {
    expect(contestWords('1', 'x')).not.toBe(contestWords('2', 'x'));
  });
});
