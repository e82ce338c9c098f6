import type { TermsJson as DraftedTerms } from '@zhenmei/care/core/terms.ts';
import type { TermsJson } from '@zhenmei/contracts/deploy/typed-data.ts';
import type { PlainTerms } from '@zhenmei/money';
import { packsOf, settlementProfile } from '@zhenmei/policy';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { settlementToken } from './agreements.ts';

const UNIT = `0x${'11'.repeat(20)}` as const;

describe('the token of an agreement', () => {
  it('is the closed loop in China, and where no rules are known', () => {
    for (const region of ['CN', 'CN-31', 'XX'])
      expect(settlementToken(settlementProfile(packsOf(region)), UNIT)).toBe(UNIT);
  });

  it.each(['public', 'partner'] as const)(
    'is not guessed where the region asks for one that is %s',
    (profile) => {
      expect(() => settlementToken(profile, UNIT)).toThrow('SETTLEMENT_NOT_CONNECTED');
    },
  );
});

describe('the terms of an agreement as JSON', () => {
  // a core knows neither the contracts nor another module; this is where all of them meet (the types are checked)
  it('have one shape where they are drafted, put into words and hashed', () => {
    expectTypeOf<DraftedTerms>().branded.toEqualTypeOf<TermsJson>();
    expectTypeOf<PlainTerms>().branded.toEqualTypeOf<TermsJson>();
  });
});
