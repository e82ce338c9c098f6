import type { TermsJson as DraftedTerms } from '@zhenmei/care/core/terms.ts';
import type { TermsJson } from '@zhenmei/contracts/deploy/typed-data.ts';
import type { PlainTerms } from '@zhenmei/money';
import { packsOf, settlementProfile } from '@zhenmei/policy';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { settlementToken } from './agreements.ts';
import type { Coin } from './coins.ts';

const COIN: Coin = {
  profile: 'partner',
  token: `0x${'22'.repeat(20)}`,
  symbol: 'STC',
  digits: 6,
  currency: 'CNY',
  regions: ['CN'],
  by: 'permit',
  domain: { name: 'Stable Coin', version: '1' },
};
const UNIT = `0x${'11'.repeat(20)}` as const;

describe('the token of an agreement', () => {
  it('is the closed loop in China, and where no rules are known', () => {
    for (const region of ['CN', 'CN-31', 'XX'])
      expect(settlementToken(settlementProfile(packsOf(region)), UNIT, [COIN])).toEqual({ token: UNIT });
  });

  it.each(['public', 'partner'] as const)(
    'is not guessed where the region asks for one that is %s',
    (profile) => {
      expect(() => settlementToken(profile, UNIT, [])).toThrow('SETTLEMENT_NOT_CONNECTED');
      const other = { ...COIN, profile: profile === 'public' ? 'partner' : 'public' } as const;
      expect(() => settlementToken(profile, UNIT, [other])).toThrow('SETTLEMENT_NOT_CONNECTED');
    },
  );

  it('is the coin of the region’s profile, to its own smallest unit', () => {
    expect(settlementToken('partner', UNIT, [COIN])).toEqual({ token: COIN.token, coin: { scale: 10_000n } });
  });
});

describe('the terms of an agreement as JSON', () => {
  // a core knows neither the contracts nor another module; this is where all of them meet (the types are checked)
  it('have one shape where they are drafted, put into words and hashed', () => {
    expectTypeOf<DraftedTerms>().branded.toEqualTypeOf<TermsJson>();
    expectTypeOf<PlainTerms>().branded.toEqualTypeOf<TermsJson>();
  });
});
