import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Arrival, decideArrival, decideCode } from './goods-in.ts';
import { GOODS_IN, type GoodsInReason, goodsInWords } from './goods-in-reasons.ts';
import { STOCK_STATES } from './stock.ts';

const GOOD: Arrival = {
  known: true,
  state: 'announced',
  policy: { outcome: 'allow', reasons: [] },
  codes: ['CONSISTENT'],
  announced: true,
  expiry: '2028-01-01',
};
const RULE = {
  rule: 'toxin-licensed-site',
  reason: { zh: '没有资格', en: 'not licensed' },
  next: { zh: '退回', en: 'send it back' },
};
const decide = (change: Partial<Arrival>) => {
  const { outcome, reason } = decideArrival({ ...GOOD, ...change });
  return [outcome, reason];
};

describe('an arrival', () => {
  it('is accepted when it was sent here and nothing speaks against it', () => {
    expect(decide({})).toEqual(['accepted', 'accepted']);
    expect(decide({ state: null })).toEqual(['accepted', 'accepted']);
    expect(decide({ state: 'returned' })).toEqual(['accepted', 'accepted']);
    expect(decide({ codes: ['STALE_CHECKPOINT'] })).toEqual(['accepted', 'accepted']);
  });

  it.each([
    [{ known: false }, 'product-unknown'],
    [{ state: 'in-stock' }, 'already-received'],
    [{ state: 'open' }, 'already-received'],
    [{ state: 'quarantined' }, 'already-received'],
    [{ state: 'recalled' }, 'already-received'],
    [{ state: 'used' }, 'already-gone'],
    [{ state: 'wasted' }, 'already-gone'],
    [{ state: 'lost' }, 'already-gone'],
    [{ policy: { outcome: 'refuse', reasons: [RULE] } }, 'rule'],
    [{ policy: { outcome: 'ask', reasons: [RULE] } }, 'not-checkable'],
    [{ policy: { outcome: 'refuse', reasons: [] } }, 'not-checkable'],
    [{ codes: ['UNKNOWN_SERIAL'] }, 'serial-unknown'],
    [{ codes: ['RECALLED_LOT'] }, 'recalled'],
    [{ codes: ['NOT_APPROVED_FOR_USE'] }, 'not-approved'],
    [{ codes: ['EXPIRED'] }, 'expired'],
    [{ codes: ['ALREADY_USED'] }, 'already-used'],
    [{ codes: ['SITE_NOT_LICENSED'] }, 'site-not-licensed'],
    [{ codes: ['STOLEN_OR_DESTROYED'] }, 'stolen-or-destroyed'],
    [{ codes: ['PROOF_INVALID'] }, 'records-invalid'],
    [{ codes: ['A_CODE_OF_TOMORROW'] }, 'not-checkable'],
    [{ codes: ['NOT_ONBOARDED'] }, 'not-checkable'],
    [{ codes: [] }, 'not-checkable'],
  ] as [Partial<Arrival>, GoodsInReason][])('is refused: %j is %s', (change, reason) => {
    expect(decide(change)).toEqual(['refused', reason]);
  });

  it.each([
    [{ announced: false }, 'not-sent-here'],
    [{ codes: ['OPENED_OUTSIDE_CUSTODY'] }, 'not-sent-here'],
    [{ codes: ['DATA_MISMATCH'] }, 'data-mismatch'],
    [{ codes: ['COLD_CHAIN_EXCURSION'] }, 'cold-chain'],
    [{ codes: ['SEEN_ELSEWHERE'] }, 'seen-elsewhere'],
    [{ codes: ['CUSTODY_GAP'] }, 'custody-gap'],
    [{ codes: ['COLD_CHAIN_EXCURSION', 'DATA_MISMATCH'] }, 'data-mismatch'],
  ] as [Partial<Arrival>, GoodsInReason][])('is held: %j is %s', (change, reason) => {
    expect(decide(change)).toEqual(['quarantined', reason]);
  });

  it('names the rule that decided, and the date that has passed', () => {
    expect(decideArrival({ ...GOOD, policy: { outcome: 'refuse', reasons: [RULE] } })).toMatchObject({
      rule: 'toxin-licensed-site',
      detail: RULE.reason,
      next: RULE.next,
    });
    const { reason, ...detail } = decideArrival({ ...GOOD, codes: ['EXPIRED'], expiry: '2026-01-02' });
    expect(goodsInWords(reason, detail).text.en).toBe('It is past its expiry date (2026-01-02)');
  });

  it('is never accepted against a red reason, a rule, or a unit that is here', () => {
    const red = ['UNKNOWN_SERIAL', 'RECALLED_LOT', 'EXPIRED', 'ALREADY_USED', 'STOLEN_OR_DESTROYED'];
    const any = fc.record({
      known: fc.boolean(),
      state: fc.constantFrom(null, ...STOCK_STATES),
      policy: fc.constantFrom<Arrival['policy']>(
        { outcome: 'allow', reasons: [] },
        { outcome: 'ask', reasons: [RULE] },
        { outcome: 'refuse', reasons: [RULE] },
      ),
      codes: fc.subarray([...red, 'DATA_MISMATCH', 'CUSTODY_GAP', 'CONSISTENT', 'STRANGE']),
      announced: fc.boolean(),
      expiry: fc.constant('2026-01-01'),
    });
    fc.assert(
      fc.property(any, (arrival) => {
        const { outcome } = decideArrival(arrival);
        const clean =
          arrival.known &&
          (arrival.state === null || ['announced', 'returned'].includes(arrival.state)) &&
          arrival.policy.outcome === 'allow' &&
          arrival.codes.length > 0 &&
          arrival.codes.every((code) => code === 'CONSISTENT') &&
          arrival.announced;
        expect(outcome === 'accepted').toBe(clean);
        if (arrival.codes.some((code) => red.includes(code))) expect(outcome).toBe('refused');
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a code', () => {
  it('that cannot be read, names no unit or is of another system is refused for that', () => {
    const detail = { zh: '校验码不对', en: 'the check digit is wrong' };
    expect(decideCode({ kind: 'malformed', detail })).toMatchObject({ outcome: 'refused', detail });
    expect(decideCode({ kind: 'no-serial' })?.reason).toBe('no-serial');
    expect(decideCode({ kind: 'other-code' })?.reason).toBe('other-code');
    expect(decideCode({ kind: 'container', container: 'x' })).toBeNull();
  });
});

describe('the words', () => {
  it('exist in both languages for every reason, each its own, and never say fake', () => {
    const reasons = Object.keys(GOODS_IN) as GoodsInReason[];
    const words = reasons.map((reason) =>
      goodsInWords(reason, { detail: { zh: '甲', en: 'a' }, next: { zh: '乙', en: 'b' }, expiry: 'c' }),
    );
    expect(new Set(words.map(({ text }) => text.zh)).size).toBe(reasons.length);
    expect(new Set(words.map(({ text }) => text.en)).size).toBe(reasons.length);
    for (const { text, doNow } of words) {
      expect(JSON.stringify([text, doNow])).not.toMatch(/fake|假货|伪造|counterfeit/i);
      expect(doNow.zh && doNow.en).toBeTruthy();
    }
  });
});
