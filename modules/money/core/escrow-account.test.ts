import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterEvent, type EscrowAccount, openedAccount, partyOf } from './escrow-account.ts';

const CLINIC = `0x${'c1'.repeat(20)}`;
const FEE = `0x${'fe'.repeat(20)}`;
const PAYOUT = `0x${'9a'.repeat(32)}`;
const word = (address: string) => `0x${'0'.repeat(24)}${address.slice(2)}`;
type Told = readonly [name: string, args: Record<string, string | number>];

const opened = (total: bigint) => openedAccount({ clinic: CLINIC, total: total.toString() });
const follow = (total: bigint, told: readonly Told[]): EscrowAccount =>
  told.reduce((account, [name, args]) => afterEvent(account, name, args), opened(total));
const credited = (who: string, amount: bigint): Told => ['Credited', { who, amount: amount.toString() }];

/** What CareEscrow emits when it pays the clinic. */
const pay = (amount: bigint, bps: bigint): { told: Told[]; toClinic: bigint; fee: bigint } => {
  const fee = (amount * bps) / 10_000n;
  return {
    told: [credited(word(CLINIC), amount - fee), ...(fee > 0n ? [credited(word(FEE), fee)] : [])],
    toClinic: amount - fee,
    fee,
  };
};
const closed = (refunded: bigint): Told[] => [
  ...(refunded > 0n ? [credited(PAYOUT, refunded)] : []),
  ['AgreementClosed', { reason: 1, refunded: refunded.toString() }],
];
const released = (amount: bigint, bps: bigint): Told[] => {
  const { told, toClinic, fee } = pay(amount, bps);
  return [...told, ['MilestoneReleased', { toClinic: toClinic.toString(), fee: fee.toString() }]];
};
const adds = (a: EscrowAccount) => a.held + a.paid + a.fee + a.refunded;

describe('an account', () => {
  it('holds everything in the beginning', () => {
    expect(opened(100n)).toMatchObject({ held: 100n, paid: 0n, fee: 0n, refunded: 0n, state: 'active' });
  });

  it('knows what a released milestone gave to whom', () => {
    const account = follow(1_000n, released(600n, 250n));
    expect(account).toMatchObject({ held: 400n, paid: 585n, fee: 15n, milestone: 1, state: 'active' });
  });

  it('counts what the clinic keeps when the patient cancels late, and its fee', () => {
    const account = follow(1_000n, [...pay(300n, 200n).told, ...closed(700n)]);
    expect(account).toMatchObject({ held: 0n, paid: 294n, fee: 6n, refunded: 700n, state: 'closed' });
  });

  it('counts an agreed split that settles no milestone', () => {
    const account = follow(1_000n, [...pay(450n, 100n).told, ...closed(550n)]);
    expect(account).toMatchObject({ paid: 446n, fee: 4n, refunded: 550n, milestone: 0 });
  });

  it('counts a ruling: part to the clinic, part back', () => {
    const { told, toClinic, fee } = pay(500n, 100n);
    const ruled: Told = [
      'MilestoneRuled',
      { refunded: '500', toClinic: toClinic.toString(), fee: fee.toString() },
    ];
    const account = follow(1_000n, [...told, credited(PAYOUT, 500n), ruled, ...closed(0n)]);
    expect(account).toMatchObject({ held: 0n, paid: 495n, fee: 5n, refunded: 500n });
  });

  it('gives everything back when nothing was done', () => {
    expect(follow(1_000n, closed(1_000n))).toMatchObject({ paid: 0n, fee: 0n, refunded: 1_000n });
  });

  it('does not take a fee or a refund for the clinic’s money, nor an unknown event for any', () => {
    expect(afterEvent(opened(100n), ...credited(word(FEE), 10n))).toEqual(opened(100n));
    expect(afterEvent(opened(100n), ...credited(PAYOUT, 10n))).toEqual(opened(100n));
    expect(afterEvent(opened(100n), 'Withdrawn', { who: word(CLINIC), amount: '10' })).toEqual(opened(100n));
  });

  it('says until when something is to be answered', () => {
    expect(follow(1n, [['MilestoneClaimed', { deadline: 60 }]])).toMatchObject({
      state: 'claimed',
      deadline: 60_000,
    });
    expect(follow(1n, [['MilestoneDisputed', { deadline: 90 }]])).toMatchObject({
      state: 'disputed',
      deadline: 90_000,
    });
  });

  it('adds up after every transaction, whatever happens', () => {
    const milestone = fc.record({ amount: fc.bigInt({ min: 1n, max: 10n ** 9n }) });
    fc.assert(
      fc.property(
        fc.array(milestone, { minLength: 1, maxLength: 6 }),
        fc.bigInt({ min: 0n, max: 1_000n }),
        fc.nat(6),
        fc.bigInt({ min: 0n, max: 10_000n }),
        (milestones, bps, done, keptBps) => {
          const total = milestones.reduce((sum, m) => sum + m.amount, 0n);
          let account = opened(total);
          for (const { amount } of milestones.slice(0, done)) {
            account = released(amount, bps).reduce((a, [name, args]) => afterEvent(a, name, args), account);
            expect(adds(account)).toBe(total);
            expect(account.held >= 0n).toBe(true);
          }
          const kept = (account.held * keptBps) / 10_000n;
          const rest = account.held - kept;
          const told = [...(kept > 0n ? pay(kept, bps).told : []), ...closed(rest)];
          account = told.reduce((a, [name, args]) => afterEvent(a, name, args), account);
          expect(adds(account)).toBe(total);
          expect(account).toMatchObject({ held: 0n, state: 'closed' });
        },
      ),
    );
  });
});

describe('partyOf', () => {
  it('reads an address out of its word and leaves a payout reference alone', () => {
    expect(partyOf(word(CLINIC))).toBe(CLINIC);
    expect(partyOf(PAYOUT)).toBe(PAYOUT);
  });
});
