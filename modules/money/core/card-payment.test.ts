import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CARD_STATES,
  type CardState,
  decideAuthorised,
  laterState,
  lossOf,
  spreadHome,
} from './card-payment.ts';
import type { StatementEntry } from './rail.ts';
import { decideMove, readMove } from './rail-move.ts';

const state = fc.constantFrom(...CARD_STATES);
const amount = fc.bigInt({ min: 0n, max: 10_000n });

describe('a payment by card', () => {
  it('goes forward only, in whatever order its messages come', () => {
    fc.assert(
      fc.property(fc.array(state), (told) => {
        const ends: CardState[] = ['captured', 'declined', 'voided'];
        let known: CardState = 'open';
        for (const one of told) {
          const next = laterState(known, one);
          if (ends.includes(known)) expect(next).toBe(known);
          expect(laterState(next, one)).toBe(next);
          known = next;
        }
        const end = told.find((one) => ends.includes(one));
        expect(known).toBe(end ?? told.reduce(laterState, 'open'));
      }),
    );
  });

  it('is captured only while its order wants exactly that', () => {
    const order = { paid: false, payBy: 10, missing: 5n };
    expect(decideAuthorised(order, 5n, 10)).toBe('capture');
    expect(decideAuthorised(order, 5n, 11)).toBe('void');
    expect(decideAuthorised(order, 4n, 10)).toBe('void');
    expect(decideAuthorised(order, 6n, 10)).toBe('void');
    expect(decideAuthorised({ ...order, paid: true }, 5n, 10)).toBe('void');
    expect(decideAuthorised({ ...order, missing: 0n }, 5n, 10)).toBe('void');
  });
});

describe('money home', () => {
  it('is spread over captures without a unit more than each has, and to the unit in all', () => {
    fc.assert(
      fc.property(amount, fc.array(amount, { maxLength: 6 }), (whole, lefts) => {
        const captures = lefts.map((left, i) => ({ entry: String(i), left }));
        const { parts, rest } = spreadHome(whole, captures);
        expect(parts.reduce((sum, part) => sum + part.amount, rest)).toBe(whole);
        for (const part of parts) {
          expect(part.amount > 0n).toBe(true);
          expect(part.amount <= lefts[Number(part.entry)]!).toBe(true);
        }
        expect(rest > 0n).toBe(lefts.reduce((a, b) => a + b, 0n) < whole);
      }),
    );
  });

  it('takes nothing from a capture that was overdrawn', () => {
    expect(spreadHome(3n, [{ entry: 'a', left: -2n }])).toEqual({ parts: [], rest: 3n });
  });
});

describe('a chargeback', () => {
  it('costs the house what is held no more, and never less than nothing', () => {
    fc.assert(
      fc.property(amount, amount, (back, held) => {
        const loss = lossOf(back, held);
        expect(loss >= 0n && loss <= back).toBe(true);
        expect(loss === 0n).toBe(back <= held);
      }),
    );
    expect(lossOf(1_000n, 400n)).toBe(600n);
  });
});

describe('our own money between rails', () => {
  const NUMBER = 'ACQ-0123456789AB';
  const entry: StatementEntry = {
    entry: 'E1',
    direction: 'credit',
    reverses: null,
    reference: `settlement ${NUMBER.toLowerCase()} of the day`,
    amount: 5n,
    currency: 'CNY',
    bookedAt: 1,
  };
  const sent = { amount: 5n, currency: 'CNY' };

  it('is known by the acquirer’s number', () => {
    expect(readMove(entry.reference)).toBe(NUMBER);
    for (const text of ['', 'ACQ-0123', `x${NUMBER}`, `${NUMBER}9`, `${NUMBER} ACQ-AAAAAAAAAAAA`])
      expect(readMove(text)).toBeNull();
  });

  it('leaves the acquirer and reaches the bank', () => {
    expect(decideMove('card', { ...entry, direction: 'debit' }, null)).toMatchObject({ state: 'moved' });
    expect(decideMove('custodian', entry, sent)).toMatchObject({ state: 'moved', order: null });
  });

  it.each([
    ['was never sent, or has arrived', entry, null],
    ['is of another amount', { ...entry, amount: 4n }, sent],
    ['is of another currency', { ...entry, currency: 'USD' }, sent],
  ] as const)('is asked about where it %s', (_, one, before) => {
    expect(decideMove('custodian', one, before)).toMatchObject({ state: 'ask', reason: 'other-amount' });
  });

  it.each([
    ['that the bank pays out', 'custodian', { ...entry, direction: 'debit' }, sent],
    ['that comes in at the acquirer', 'card', entry, sent],
    ['that undoes another', 'card', { ...entry, direction: 'debit', reverses: 'E0' }, null],
    ['without a number', 'card', { ...entry, direction: 'debit', reference: 'fee' }, null],
  ] as const)('is no entry %s', (_, rail, one, before) => {
    expect(decideMove(rail, one, before)).toBeNull();
  });
});
