/** Who pays how much of a price, the pool in numbers, and the list that an insurer takes in. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BordereauCover, bordereauCsv } from './bordereau.ts';
import { draftCover, mayConcede, PROFILES, partsOf, profileOf } from './guarantee-cover.ts';
import { due, FINDING, mostCovered, waterfall } from './guarantee-math.ts';
import { concentrationOf, solvencyOf } from './guarantee-pool.ts';

const A = `0x${'a'.repeat(40)}` as const;
const B = `0x${'b'.repeat(40)}` as const;
const WORD = `0x${'1'.repeat(64)}` as const;
const price = fc.bigInt({ min: 5n, max: 10n ** 12n });

const at = {
  agreement: WORD,
  arbiter: A,
  person: WORD,
  salt: WORD,
  price: 650_001n,
  now: 1_800_000_000,
  startsAt: 1_800_500_000,
} as const;

describe('a draft', () => {
  it('says who stands behind it, and nothing else differs', () => {
    const own = draftCover(at);
    const insured = draftCover({ ...at, behind: { profile: 'insurer', backer: B } });
    const pooled = draftCover({ ...at, behind: { profile: 'pool' } });
    expect([own, insured, pooled].map(profileOf)).toEqual([...PROFILES]);
    expect(insured).toEqual({ ...own, profile: 1, backer: B });
    expect(pooled).toEqual({ ...own, profile: 2 });
    expect(BigInt(pooled.backer)).toBe(0n);
  });
});

describe('the parts of a price', () => {
  it('are the price together; nobody stands behind the clinic’s own promise', () => {
    fc.assert(
      fc.property(price, fc.constantFrom(0, 1, 2), (p, profile) => {
        const { firstLoss, backed } = partsOf({ profile, sum: mostCovered(p).toString() }, p);
        expect(firstLoss + backed).toBe(p);
        expect(firstLoss >= 0n && backed >= 0n).toBe(true);
        if (profile === 0) expect(backed).toBe(0n);
        // the co-pay of an objective failure is always the clinic's
        expect(backed <= mostCovered(p)).toBe(true);
      }),
    );
  });

  it('let the clinic agree alone exactly where nothing comes from who stands behind it', () => {
    fc.assert(
      fc.property(price, fc.constantFrom(0, 1, 2), fc.constantFrom(1, 2, 3), (p, profile, asked) => {
        const cover = { profile, sum: mostCovered(p).toString() };
        const amount = due(asked, p, mostCovered(p), 1_000n);
        const { fromBacker } = waterfall(amount, partsOf(cover, p).firstLoss);
        expect(mayConcede(cover, p, amount)).toBe(fromBacker === 0n);
      }),
    );
    expect(mayConcede({ profile: 1, sum: '80' }, 100n, due(FINDING.objective, 100n, 80n, 0n))).toBe(false);
    expect(mayConcede({ profile: 0, sum: '80' }, 100n, 100n)).toBe(true);
  });
});

describe('the pool', () => {
  it('tells what is free, and when it is short', () => {
    expect(solvencyOf({ capital: 1_000n, frozen: 100n, exposure: 2_000n, minimum: 300n })).toEqual({
      capital: '1000',
      frozen: '100',
      exposure: '2000',
      minimum: '300',
      free: '700',
      ratioBps: 33_333,
      enough: true,
    });
    expect(solvencyOf({ capital: 399n, frozen: 100n, exposure: 2_000n, minimum: 300n }).enough).toBe(false);
    expect(solvencyOf({ capital: 0n, frozen: 0n, exposure: 0n, minimum: 0n })).toMatchObject({
      ratioBps: null,
      enough: true,
      free: '0',
    });
  });

  it('adds up by clinic, the largest first, shares rounded up', () => {
    const covers = [
      { clinic: A, amount: 10n },
      { clinic: B, amount: 21n },
      { clinic: A, amount: 5n },
    ];
    expect(concentrationOf(covers, 1_000n)).toEqual([
      { clinic: B, amount: 21n, bps: 210 },
      { clinic: A, amount: 15n, bps: 150 },
    ]);
    expect(concentrationOf([{ clinic: A, amount: 1n }], 30_000n)[0]!.bps).toBe(1);
    expect(concentrationOf(covers, 0n).map(({ bps }) => bps)).toEqual([null, null]);
    expect(concentrationOf([], 1n)).toEqual([]);
  });
});

describe('the bordereau', () => {
  const cover: BordereauCover = {
    id: WORD,
    state: 'settled',
    until: '2027-03-01T00:00:00.000Z',
    cover: { sum: '520000' },
    asked: 2,
    ruling: 2,
    silent: false,
    backing: { backed: '416000', premium: '20005', paid: '286000' },
  };

  it('has one line a cover, in yuan with two decimals', () => {
    const open = { ...cover, state: 'open', asked: null, ruling: null, silent: null };
    const text = bordereauCsv([cover, { ...open, backing: { backed: '416000', premium: '0', paid: null } }]);
    expect(text.split('\r\n')).toEqual([
      'cover,state,until,sum,share,premium,claim,verdict,paid,currency',
      `${WORD},settled,2027-03-01,5200.00,4160.00,200.05,no-improvement,no-improvement,2860.00,CNY`,
      `${WORD},open,2027-03-01,5200.00,4160.00,0.00,,,,CNY`,
      '',
    ]);
  });

  it('tells silence from a refusal, and has a heading even when there is nothing', () => {
    expect(bordereauCsv([{ ...cover, silent: true, ruling: 0 }])).toContain(',silence,');
    expect(bordereauCsv([{ ...cover, ruling: 0 }])).toContain(',no-improvement,refused,');
    expect(bordereauCsv([]).split('\r\n')).toHaveLength(2);
  });
});
