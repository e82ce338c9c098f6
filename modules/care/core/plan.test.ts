import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { presentPart, sessionSecret } from './course.ts';
import { leadSeconds, Plan, partAmounts, partKinds, planParts } from './plan.ts';
import { draftTerms } from './terms.ts';

const DAY = 86_400;
const bps = (max: number) => fc.integer({ min: 100, max });
const plan: fc.Arbitrary<Plan> = fc
  .record({
    sessions: fc.integer({ min: 1, max: 10 }),
    everyDays: fc.integer({ min: 1, max: 30 }),
    deposit: fc.option(fc.record({ bps: bps(2_000), windowDays: fc.integer({ min: 1, max: 14 }) }), {
      nil: undefined,
    }),
    followUp: fc.option(fc.record({ bps: bps(3_000), afterDays: fc.integer({ min: 1, max: 180 }) }), {
      nil: undefined,
    }),
  })
  .filter(({ sessions, deposit, followUp }) => sessions > 1 || Boolean(deposit ?? followUp))
  .map(({ deposit, followUp, ...rest }) => ({
    ...rest,
    ...(deposit ? { deposit } : {}),
    ...(followUp ? { followUp } : {}),
  }));
const total = fc.bigInt({ min: 100_000n, max: 10n ** 12n });
const standard = fc.record({
  dueAfter: fc.integer({ min: DAY, max: 60 * DAY }),
  acceptanceWindow: fc.integer({ min: 3_600, max: 14 * DAY }),
});
const startsAt = fc.integer({ min: 1_700_000_000, max: 2_000_000_000 });

/** Exact rationals, for the oracle: a share of an amount is `amount * bps / 10_000`. */
const floorShare = (amount: bigint, share: number) =>
  (amount * BigInt(share) - ((amount * BigInt(share)) % 10_000n)) / 10_000n;

describe('the parts of a price', () => {
  it('add up to it exactly, whatever is rounded', () => {
    fc.assert(
      fc.property(total, plan, (sum, p) => {
        const amounts = partAmounts(sum, p);
        expect(amounts.reduce((a, b) => a + b, 0n)).toBe(sum);
        expect(amounts).toHaveLength(partKinds(p).length);
        for (const amount of amounts) expect(amount).toBeGreaterThan(0n);
      }),
    );
  });

  it('round down what comes first and leave the rest to the last part, less than one unit for each', () => {
    fc.assert(
      fc.property(total, plan, (sum, p) => {
        const amounts = partAmounts(sum, p);
        const kinds = partKinds(p);
        if (p.deposit) expect(amounts[0]).toBe(floorShare(sum, p.deposit.bps));
        const sessions = amounts.filter((_, i) => kinds[i]!.kind === 'session');
        expect(new Set(sessions.slice(0, -1)).size).toBeLessThanOrEqual(1);
        const exact = p.followUp ? floorShare(sum, p.followUp.bps) : sessions[0]!;
        const rest = amounts.at(-1)! - exact;
        if (kinds.length > 1 && (p.followUp || p.sessions > 1)) {
          expect(rest).toBeGreaterThanOrEqual(0n);
          expect(rest).toBeLessThan(BigInt(p.sessions));
        }
      }),
    );
  });

  it('are dated as the escrow asks: each later than the one before could be paid by silence', () => {
    fc.assert(
      fc.property(total, plan, startsAt, standard, (sum, p, at, s) => {
        const parts = planParts({ total: sum, plan: p, startsAt: at, standard: s });
        // an agreement is opened and cooled off before its first part may fall due
        let earliest = at - leadSeconds(p) - (p.deposit ? 0 : 1);
        for (const part of parts) {
          expect(part.dueBy).toBeGreaterThan(earliest);
          expect(part.window).toBeGreaterThan(0);
          expect(part.window).toBeLessThanOrEqual(90 * DAY);
          earliest = part.dueBy + part.window;
        }
        expect(parts.length).toBeLessThanOrEqual(16);
        expect(parts.at(-1)!.dueBy - at).toBeLessThanOrEqual(730 * DAY);
      }),
    );
  });

  it('leave a deposit a day to be claimed in and its whole window before the appointment', () => {
    fc.assert(
      fc.property(plan, (p) => {
        expect(leadSeconds(p)).toBe(p.deposit ? (p.deposit.windowDays + 1) * DAY : 0);
      }),
    );
  });

  it('are one, as it always was, without a plan', () => {
    const s = { dueAfter: 30 * DAY, acceptanceWindow: 7 * DAY };
    expect(planParts({ total: 398_000n, plan: undefined, startsAt: 1_000, standard: s })).toEqual([
      { kind: 'session', n: 1, amount: 398_000n, dueBy: 1_000 + 30 * DAY, window: 7 * DAY },
    ]);
    expect(leadSeconds(undefined)).toBe(0);
  });

  it('refuse a price too small to be divided and a course that never ends', () => {
    const s = { dueAfter: 30 * DAY, acceptanceWindow: 7 * DAY };
    const ten: Plan = { sessions: 10, everyDays: 7 };
    const code = (work: () => unknown) => {
      try {
        work();
        return 'done';
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(code(() => partAmounts(9n, ten))).toBe('PLAN_WRONG');
    expect(code(() => partAmounts(10n, ten))).toBe('done');
    expect(code(() => partAmounts(99n, { ...ten, sessions: 2, deposit: { bps: 100, windowDays: 1 } }))).toBe(
      'PLAN_WRONG',
    );
    expect(
      code(() =>
        planParts({
          total: 10n,
          plan: { ...ten, everyDays: 60 },
          startsAt: 0,
          standard: { ...s, acceptanceWindow: 90 * DAY },
        }),
      ),
    ).toBe('PLAN_WRONG');
  });

  it('are not taken from a plan out of bounds', () => {
    const good = { sessions: 10, everyDays: 21, deposit: { bps: 1_000, windowDays: 3 } };
    expect(Plan.safeParse(good).success).toBe(true);
    for (const bad of [
      { ...good, sessions: 11 },
      { ...good, sessions: 0 },
      { ...good, everyDays: 0 },
      { ...good, deposit: { bps: 2_001, windowDays: 3 } },
      { ...good, deposit: { bps: 1_000, windowDays: 0 } },
      { ...good, deposit: { bps: 1_000, windowDays: 15 } },
      { ...good, followUp: { bps: 3_001, afterDays: 30 } },
      { sessions: 1, everyDays: 7 },
      { ...good, note: 'more' },
    ])
      expect(Plan.safeParse(bad).success, JSON.stringify(bad)).toBe(false);
  });
});

describe('the terms of a course', () => {
  const item = { name: { zh: '次', en: 'session' }, quantity: 10, unitPrice: '128000' };
  const terms = (p?: Plan) =>
    draftTerms({
      patient: '0x01',
      clinic: '0x02',
      payout: '0x03',
      reviewCommitment: '1',
      quote: {
        currency: 'CNY',
        items: [item],
        excluded: [],
        validUntil: '2026-12-01T00:00:00.000Z',
        ...(p ? { plan: p } : {}),
      },
      quoteHash: '0x04',
      salt: '0x05',
      standard: {
        acceptanceWindow: 7 * DAY,
        dueAfter: 30 * DAY,
        arbiterWindow: DAY,
        defaultSplitBps: 5_000,
        feeBps: 100,
      } as never,
      standardHash: '0x06',
      startsAt: Date.parse('2026-12-20T02:00:00.000Z'),
      coolingOffSeconds: 7 * DAY,
      frame: { token: '0x07', feeTo: '0x08', arbiter: '0x09' },
    });

  it('have a milestone for each part; only the deposit needs no attendance', () => {
    const { milestones } = terms({
      sessions: 3,
      everyDays: 21,
      deposit: { bps: 1_000, windowDays: 3 },
      followUp: { bps: 500, afterDays: 30 },
    });
    expect(milestones.map(({ amount, performed }) => [amount, performed])).toEqual([
      ['128000', false],
      ['362666', true],
      ['362666', true],
      ['362666', true],
      ['64002', true],
    ]);
  });

  it('are those of one treatment without a plan', () => {
    expect(terms().milestones).toEqual([
      {
        amount: '1280000',
        dueBy: Date.parse('2026-12-20T02:00:00.000Z') / 1000 + 30 * DAY,
        window: 7 * DAY,
        performed: true,
      },
    ]);
  });
});

describe('where a course stands', () => {
  const course: Plan = {
    sessions: 2,
    everyDays: 7,
    deposit: { bps: 1_000, windowDays: 1 },
    followUp: { bps: 500, afterDays: 9 },
  };

  it('follows the milestones', () => {
    const at = (i: number) => presentPart(course, i, 0);
    expect([0, 1, 2, 3].map((i) => [at(i).kind, at(i).n, at(i).last])).toEqual([
      ['deposit', 0, false],
      ['session', 1, false],
      ['session', 2, false],
      ['follow-up', 0, true],
    ]);
    expect(presentPart(undefined, 0, 0)).toEqual({
      kind: 'session',
      n: 1,
      last: true,
      several: false,
      paid: false,
    });
  });

  it('gives every session a secret of its own, and the first that of the visit', () => {
    const secret = new Uint8Array(32).fill(7);
    const all = Array.from({ length: 10 }, (_, i) => sessionSecret(secret, i + 1).join());
    expect(new Set(all).size).toBe(10);
    expect(all[0]).toBe(secret.join());
  });
});
