import { packsOf, settlementProfile } from '@zhenmei/policy';
import { describe, expect, it } from 'vitest';
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
