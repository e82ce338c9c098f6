import { DAY } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CLAIM_DAYS,
  type Credit,
  decideCredit,
  decideEntry,
  homeward,
  paymentReference,
  type RailOrder,
  readReference,
  type StatementEntry,
} from './rail.ts';

const REF = 'ABCD-EFGH-JKLM';
const order: RailOrder = { reference: REF, amount: 398_000n, currency: 'CNY', paid: false, payBy: 1_000 };
const entry: StatementEntry = {
  entry: 'B1',
  direction: 'credit',
  reverses: null,
  reference: REF,
  amount: 398_000n,
  currency: 'CNY',
  bookedAt: 500,
};
const book = (credits: Credit[] = [], change: Partial<RailOrder> = {}) => ({
  order: { ...order, ...change },
  credits,
});
const credit = (change: Partial<Credit> = {}): Credit => ({
  entry: 'B0',
  state: 'part',
  reason: null,
  order: REF,
  amount: 100_000n,
  currency: 'CNY',
  bookedAt: 400,
  ...change,
});
const outcome = (b: ReturnType<typeof book>, change: Partial<StatementEntry> = {}) => {
  const { credits, mint } = decideEntry(b, { ...entry, ...change });
  return { mint, now: credits.map(({ entry: n, state, reason }) => [n, state, reason]) };
};

describe('an entry of the statement', () => {
  it('that is exactly what was asked for is minted', () => {
    expect(outcome(book())).toEqual({ mint: true, now: [['B1', 'matched', null]] });
  });
  it('told twice changes nothing', () => {
    expect(outcome(book([credit({ entry: 'B1', state: 'matched' })], { paid: true }))).toEqual({
      mint: false,
      now: [],
    });
  });
  it('waits for the rest, and counts when the rest is there', () => {
    expect(outcome(book(), { amount: 100_000n })).toEqual({ mint: false, now: [['B1', 'part', null]] });
    expect(outcome(book([credit()]), { amount: 298_000n })).toEqual({
      mint: true,
      now: [
        ['B0', 'matched', null],
        ['B1', 'matched', null],
      ],
    });
  });
  it.each([
    ['paid-already', book([], { paid: true }), {}],
    ['late', book(), { bookedAt: 1_001 }],
    ['too-much', book(), { amount: 398_001n }],
    ['too-much', book([credit()]), {}],
    ['wrong-currency', book(), { currency: 'USD' }],
  ] as const)('goes home: %s', (reason, b, change) => {
    expect(outcome(b, change)).toEqual({ mint: false, now: [['B1', 'return-due', reason]] });
  });
  it('in the last millisecond is in time', () => {
    expect(outcome(book(), { bookedAt: 1_000 }).mint).toBe(true);
  });
  it('without an order waits for its payer, who may claim it', () => {
    const { credits } = decideEntry({ order: null, credits: [] }, entry);
    expect(credits[0]).toMatchObject({ state: 'unassigned', reason: 'no-such-order', order: null });
    expect(decideCredit(book(), credits[0]!)).toMatchObject({
      mint: true,
      credits: [{ entry: 'B1', state: 'matched', order: REF }],
    });
    expect(decideCredit(book([], { paid: true }), credits[0]!).credits[0]).toMatchObject({
      state: 'return-due',
      reason: 'paid-already',
    });
  });
});

describe('a debit', () => {
  const undo = { direction: 'debit', entry: 'B2', reverses: 'B0', amount: 100_000n } as const;
  it.each([
    ['part', 'reversed'],
    ['unassigned', 'reversed'],
    ['return-due', 'reversed'],
    ['matched', 'owed'],
    ['returning', 'owed'],
    ['returned', 'owed'],
  ] as const)('takes back what is %s: it is %s', (state, then) => {
    expect(outcome(book([credit({ state })]), undo)).toEqual({
      mint: false,
      now: [
        ['B0', then, null],
        ['B2', 'reversed', null],
      ],
    });
  });
  it.each([
    ['unknown-debit', { reverses: null }],
    ['unknown-reversal', { reverses: 'B9' }],
    ['other-amount', { amount: 100_001n }],
  ] as const)('that fits nothing is asked about: %s', (reason, change) => {
    expect(outcome(book([credit({ state: 'matched' })]), { ...undo, ...change })).toEqual({
      mint: false,
      now: [['B2', 'ask', reason]],
    });
  });
  it.each([
    ['matched', 'owed'],
    ['part', 'reversed'],
    ['unassigned', 'reversed'],
    ['return-due', 'reversed'],
  ] as const)('takes back a part of what is %s: that part is %s', (state, then) => {
    const { credits } = decideEntry(book([credit({ state })]), { ...entry, ...undo, amount: 1n });
    expect(credits).toMatchObject([
      { entry: 'B0', state, amount: 99_999n },
      { entry: 'B0/B2', partOf: 'B0', state: then, amount: 1n, takenBy: 'B2' },
      { entry: 'B2', state: 'reversed', amount: 1n },
    ]);
  });
  it.each(['returning', 'returned'] as const)('of a part of what is %s is asked about', (state) => {
    expect(outcome(book([credit({ state })]), { ...undo, amount: 1n }).now).toEqual([
      ['B2', 'ask', 'other-amount'],
    ]);
  });
  it('cannot take one credit back twice', () => {
    expect(outcome(book([credit({ state: 'reversed' })]), undo).now).toEqual([
      ['B2', 'ask', 'unknown-reversal'],
    ]);
  });
  it('leaves a debt, which the same amount settles without a second minting', () => {
    const owed = credit({ state: 'owed', amount: 398_000n });
    expect(outcome(book([owed], { paid: true }))).toEqual({
      mint: false,
      now: [
        ['B0', 'settled', null],
        ['B1', 'matched', null],
      ],
    });
    expect(outcome(book([owed], { paid: true }), { amount: 1n }).now).toEqual([
      ['B1', 'return-due', 'paid-already'],
    ]);
  });
});

describe('what was taken and is given back', () => {
  const taken = (change: Partial<Credit> = {}): Credit[] => [
    credit({ entry: 'D1', state: 'reversed', debit: true }),
    credit({ state: 'owed', takenBy: 'D1', ...change }),
  ];
  const given = { reverses: 'D1', reference: 'whatever', amount: 100_000n };
  const now = (credits: Credit[], change: Partial<StatementEntry> = {}) =>
    outcome(book(credits, { paid: true }), { ...given, ...change }).now.filter(([name]) => name !== 'D1');
  it('settles what was owed, sends home what was set off, and gives back what somebody had paid in', () => {
    expect(now(taken())).toEqual([
      ['B0', 'settled', null],
      ['B1', 'matched', null],
    ]);
    expect(now(taken({ state: 'matched' }))).toEqual([['B1', 'return-due', 'paid-already']]);
    const cover = credit({ entry: 'K', state: 'matched' });
    expect(now([...taken({ state: 'settled', settledBy: 'K' }), cover])).toEqual([
      ['B0', 'settled', null],
      ['K', 'return-due', 'paid-already'],
      ['B1', 'matched', null],
    ]);
  });
  it('is a part again where the order still waits for the rest', () => {
    expect(outcome(book(taken({ state: 'reversed' })), given).now.at(-1)).toEqual(['B1', 'part', null]);
  });
  it.each([
    ['twice', [{ ...taken()[0]!, settledBy: 'B9' }, taken()[1]!], {}, 'unknown-reversal'],
    ['of a debit that nobody knows', [], {}, 'unknown-reversal'],
    ['of a credit', [credit({ entry: 'D1' })], {}, 'unknown-reversal'],
    ['of another amount', taken(), { amount: 99_999n }, 'other-amount'],
    [
      'after some of what was paid in went back',
      [...taken({ state: 'settled', settledBy: 'K' }), credit({ entry: 'K', state: 'matched', spent: true })],
      {},
      'unknown-reversal',
    ],
  ] as const)('is asked about: %s', (_, credits, change, reason) => {
    expect(now([...credits], change)).toEqual([['B1', 'ask', reason]]);
  });
});

describe('what waits', () => {
  it('goes home when the offer has ended, or when nobody claimed it for a week', () => {
    expect(homeward(order, [credit()], 1_000)).toEqual([]);
    expect(homeward(order, [credit()], 1_001)[0]).toMatchObject({
      state: 'return-due',
      reason: 'not-completed',
    });
    const lost = credit({ state: 'unassigned', order: null });
    expect(homeward(null, [lost], 400 + CLAIM_DAYS * DAY)).toEqual([]);
    expect(homeward(null, [lost], 401 + CLAIM_DAYS * DAY)[0]).toMatchObject({ reason: 'not-claimed' });
    expect(homeward({ ...order, paid: true }, [credit({ state: 'matched' })], 9_999)).toEqual([]);
  });
});

const NAMES = ['AAAA-AAAA-AAAA', 'BBBB-BBBB-BBBB'];
const step = fc.record({
  entry: fc.integer({ min: 0, max: 30 }),
  direction: fc.constantFrom('credit' as const, 'credit' as const, 'debit' as const),
  reverses: fc.option(fc.integer({ min: 0, max: 30 }), { nil: null, freq: 2 }),
  reference: fc.constantFrom(...NAMES, 'nothing'),
  amount: fc.constantFrom(1n, 2n, 3n, 4n, 5n),
  currency: fc.constantFrom('CNY', 'CNY', 'CNY', 'USD'),
  late: fc.boolean(),
});

describe('any statement', () => {
  it('leaves no cent without a place, mints each order once, and is the same when told again', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), (steps, again) => {
        const credits = new Map<string, Credit>();
        const direction = new Map<string, bigint>();
        const minted = new Map<string, number>();
        const orders = new Map(
          NAMES.map((reference) => [reference, { ...order, reference, amount: 5n }] as const),
        );
        const told = new Set<string>();
        const tell = (e: StatementEntry) => {
          const undone = credits.get(e.reverses ?? '');
          const of = orders.get((undone ? undone.order : e.reference) ?? '') ?? null;
          const known = [...credits.values()].filter(
            (c) =>
              (of && c.order === of.reference) ||
              [c.entry, c.takenBy].includes(e.reverses ?? '') ||
              c.entry === e.entry,
          );
          const { credits: changed, mint } = decideEntry({ order: of, credits: known }, e);
          for (const c of changed) {
            credits.set(c.entry, c);
            if (c.entry === e.entry) direction.set(e.entry, e.direction === 'credit' ? 1n : -1n);
            // a part goes the way of the whole
            else if (c.partOf) direction.set(c.entry, direction.get(c.partOf) ?? 1n);
          }
          if (mint && of) {
            minted.set(of.reference, (minted.get(of.reference) ?? 0) + 1);
            orders.set(of.reference, { ...of, paid: true });
          }
          return changed.length;
        };
        for (const s of steps) {
          const e: StatementEntry = {
            ...s,
            entry: `E${s.entry}`,
            reverses: s.reverses === null ? null : `E${s.reverses}`,
            reference: s.direction === 'credit' ? s.reference : '',
            bookedAt: s.late ? 2_000 : 500,
          };
          if (told.has(e.entry)) continue;
          told.add(e.entry);
          expect(tell(e)).toBeGreaterThan(0);
          if (again) expect(tell(e)).toBe(0);
        }
        for (const currency of ['CNY', 'USD']) {
          const all = [...credits.values()].filter((c) => c.currency === currency);
          const bank = all.reduce((sum, c) => sum + direction.get(c.entry)! * c.amount, 0n);
          const placed = all
            .filter((c) => ['matched', 'part', 'unassigned', 'return-due'].includes(c.state))
            .reduce((sum, c) => sum + c.amount, 0n);
          const asked = all
            .filter((c) => c.state === 'ask')
            .reduce((sum, c) => sum + direction.get(c.entry)! * c.amount, 0n);
          expect(bank).toBe(placed + asked);
        }
        for (const [reference, of] of orders) {
          expect(minted.get(reference) ?? 0).toBe(of.paid ? 1 : 0);
          const mine = [...credits.values()].filter(
            (c) => c.order === reference && direction.get(c.entry) === 1n,
          );
          const sum = (state: string) => mine.reduce((a, c) => (c.state === state ? a + c.amount : a), 0n);
          expect(sum('matched') + sum('owed')).toBe(of.paid ? 5n : 0n);
          expect(sum('part')).toBeLessThan(5n);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('references', () => {
  const random = fc.uint8Array({ minLength: 12, maxLength: 12 });
  it('are typed without look-alikes, and read however they are written', () => {
    fc.assert(
      fc.property(random, fc.constantFrom('-', ' ', ''), fc.boolean(), (bytes, dash, small) => {
        const reference = paymentReference(bytes);
        expect(reference).toMatch(/^[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){2}$/);
        const typed = reference.replaceAll('-', dash);
        expect(readReference(`付款 ${small ? typed.toLowerCase() : typed}，谢谢`)).toBe(reference);
      }),
    );
  });
  it.each(['', '付款', 'ABCD-EFGH-JKL', 'ABCD-EFGH-JKLMN', 'ABCD-EFGO-JKLM', `${REF} ${REF.toLowerCase()}`])(
    'are not guessed at: %s',
    (text) => expect(readReference(text)).toBeNull(),
  );
});
