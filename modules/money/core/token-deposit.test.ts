import type { Hex } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  balanceBy,
  depositOf,
  type Holding,
  homeOf,
  inToken,
  paymentRequest,
  type TokenTransfer,
  type TokenWanted,
} from './token-deposit.ts';

const address = (n: number): Hex => `0x${n.toString(16).padStart(40, '0')}`;
const [TOKEN, OTHER, HERE, PAYER, ESCROW] = [1, 2, 3, 4, 5].map(address) as [Hex, Hex, Hex, Hex, Hex];
const wanted: TokenWanted = {
  chainId: 10,
  token: TOKEN,
  address: HERE,
  amount: 100n,
  escrow: `0x${'e5'.repeat(20)}`,
  payBy: 1_000,
  payable: true,
};
let count = 0;
const came = (amount: bigint, more: Partial<TokenTransfer> = {}): TokenTransfer => ({
  block: ++count,
  logIndex: 0,
  token: TOKEN,
  from: PAYER,
  to: HERE,
  amount,
  at: 500,
  ...more,
});
const at = (transfers: readonly TokenTransfer[], more: Partial<Holding> = {}, now = 600, order = wanted) =>
  depositOf(
    order,
    transfers,
    { balance: balanceBy(TOKEN, HERE, transfers), moves: true, held: false, ...more },
    now,
  );
const told = (
  transfers: readonly TokenTransfer[],
  more?: Partial<Holding>,
  now?: number,
  order?: TokenWanted,
) => {
  const found = at(transfers, more, now, order);
  return [found.state, found.missing, found.arrivals.map((a) => [a.counted, a.home, a.reason])];
};

describe('what reaches an agreement’s own address', () => {
  it.each([
    ['nothing', [], ['waiting', 100n, []]],
    ['exactly', [came(100n)], ['complete', 0n, [[100n, 0n, null]]]],
    ['a part', [came(40n)], ['part', 60n, [[40n, 0n, null]]]],
    [
      'in parts',
      [came(40n), came(60n)],
      [
        'complete',
        0n,
        [
          [40n, 0n, null],
          [60n, 0n, null],
        ],
      ],
    ],
    ['too much', [came(130n)], ['complete', 0n, [[100n, 30n, 'too-much']]]],
    [
      'the rest and more',
      [came(40n), came(70n)],
      [
        'complete',
        0n,
        [
          [40n, 0n, null],
          [60n, 10n, 'too-much'],
        ],
      ],
    ],
    [
      'twice',
      [came(100n), came(100n)],
      [
        'complete',
        0n,
        [
          [100n, 0n, null],
          [0n, 100n, 'paid-already'],
        ],
      ],
    ],
    ['late', [came(100n, { at: 1_001 })], ['waiting', 100n, [[0n, 100n, 'late']]]],
    ['another token', [came(100n, { token: OTHER })], ['waiting', 100n, [[0n, 100n, 'wrong-token']]]],
  ] as const)('%s', (_, transfers, expected) => {
    expect(told(transfers)).toEqual(expected);
  });

  it('goes home when the time is over, when it was called off, and not once it is held', () => {
    expect(told([came(40n)], {}, 1_001)).toEqual(['over', 0n, [[0n, 40n, 'not-completed']]]);
    expect(told([came(100n)], {}, 1_001)).toEqual(['complete', 0n, [[100n, 0n, null]]]);
    const off = { ...wanted, payable: false };
    expect(told([came(100n)], {}, 600, off)).toEqual(['over', 0n, [[0n, 100n, 'called-off']]]);
    const taken = [came(100n), came(100n, { from: HERE, to: ESCROW })];
    expect(told(taken, { held: true }, 600, off)).toEqual(['held', 0n, [[100n, 0n, null]]]);
  });

  it('is not used where the token keeps something of it, and waits where its issuer stops it', () => {
    expect(told([came(100n)], { balance: 99n })[0]).toBe('fee-taken');
    expect(told([came(100n)], { moves: false })[0]).toBe('stopped');
    // somebody's gift without a log is no fee
    expect(told([came(100n)], { balance: 101n })[0]).toBe('complete');
  });

  it('adds up for every sequence: what came is counted or goes home, and never more than the price is counted', () => {
    const transfer = fc.record({
      block: fc.integer({ min: 1, max: 5 }),
      logIndex: fc.integer({ min: 0, max: 3 }),
      token: fc.constantFrom(TOKEN, OTHER),
      from: fc.constant(PAYER),
      to: fc.constantFrom(HERE, PAYER),
      amount: fc.bigInt({ min: 1n, max: 150n }),
      at: fc.integer({ min: 1, max: 2_000 }),
    });
    fc.assert(
      fc.property(
        fc.array(transfer, { maxLength: 8 }),
        fc.integer({ min: 1, max: 2_000 }),
        fc.boolean(),
        (all, now, payable) => {
          const { arrivals, missing, state } = at(all, {}, now, { ...wanted, payable });
          const incoming = all.filter(({ to }) => to === HERE);
          expect(arrivals.length).toBe(incoming.length);
          let counted = 0n;
          for (const one of arrivals) {
            expect(one.counted + one.home).toBe(one.amount);
            expect(one.home > 0n).toBe(one.reason !== null);
            counted += one.counted;
          }
          expect(counted <= wanted.amount).toBe(true);
          expect(state === 'complete').toBe(counted === wanted.amount);
          if (state !== 'over') expect(missing).toBe(wanted.amount - counted);
          else expect(counted).toBe(0n);
        },
      ),
    );
  });
});

describe('what goes home', () => {
  it('is what is not counted, less what went already', () => {
    const all = [came(130n), came(5n, { token: OTHER })];
    expect([homeOf(TOKEN, wanted, at(all), all), homeOf(OTHER, wanted, at(all), all)]).toEqual([30n, 5n]);
    const sent = [...all, came(30n, { from: HERE, to: PAYER })];
    expect(homeOf(TOKEN, wanted, at(sent), sent)).toBe(0n);
  });

  it('is not what the escrow took', () => {
    const all = [came(130n), came(100n, { from: HERE, to: ESCROW })];
    expect(homeOf(TOKEN, wanted, at(all, { held: true }), all)).toBe(30n);
    const sent = [...all, came(30n, { from: HERE, to: PAYER })];
    expect(homeOf(TOKEN, wanted, at(sent, { held: true }), sent)).toBe(0n);
  });
});

describe('the request', () => {
  it('says token, network, address and amount, exactly', () => {
    expect(paymentRequest({ ...wanted, amount: inToken(398_000n, 2, 6) })).toBe(
      `ethereum:${TOKEN}@10/transfer?address=${HERE}&uint256=3980000000`,
    );
  });

  it('is never rounded', () => {
    expect(inToken(1n, 2, 2)).toBe(1n);
    for (const digits of [0, 1, 19]) expect(() => inToken(1n, 2, digits)).toThrow(/TOKEN_DECIMALS/);
  });
});
