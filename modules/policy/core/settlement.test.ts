import { describe, expect, it } from 'vitest';
import { cn } from '../packs/cn.ts';
import { REGIONS } from '../packs/regions.ts';
import type { PolicyPack } from './pack.ts';
import { coolingOffRule, paymentRails, settlementProfile } from './settlement.ts';

const pack = (parameters: PolicyPack['parameters']): PolicyPack => ({ ...cn, parameters });
const open = pack({ transferableToken: true });

describe('the money of a region', () => {
  it('goes round in a closed loop in China', () => {
    expect(REGIONS).toContain('CN');
    expect(settlementProfile([cn])).toBe('closed-loop');
  });

  it.each([
    ['public', [open]],
    ['public', [open, open]],
    ['partner', [pack({ transferableToken: false, partnerToken: true })]],
    ['closed-loop', [open, cn]],
    ['closed-loop', [cn, open]],
    ['closed-loop', [open, pack({})]],
    ['closed-loop', [pack({ partnerToken: true }), cn]],
    ['closed-loop', [pack({ transferableToken: 'yes' as never })]],
    ['closed-loop', []],
  ] as const)('is %s for %j', (profile, packs) => {
    expect(settlementProfile(packs)).toBe(profile);
  });
});

describe('ways to pay', () => {
  const card = pack({ cardPayments: true });

  it.each([
    [['custodian'], [cn]],
    [['custodian', 'card'], [card]],
    [
      ['custodian', 'card'],
      [card, card],
    ],
    [['custodian'], [card, cn]],
    [['custodian'], [pack({ cardPayments: 'yes' as never })]],
    [['custodian'], [pack({ cardPayments: false })]],
    [['token'], [open]],
    // held in a token: neither a custodian nor a card brings one
    [['token'], [pack({ partnerToken: true, cardPayments: true })]],
    [['custodian'], [open, cn]],
    [[], []],
  ] as const)('are %j for %j', (rails, packs) => {
    expect(paymentRails(packs)).toEqual(rails);
  });
});

describe('stepping back', () => {
  it('takes seven days from the payment in China, and nobody waives them', () => {
    expect(coolingOffRule([cn])).toEqual({
      least: 7 * 86_400,
      startsWith: 'payment',
      waivable: false,
      sameServiceExempt: false,
    });
  });

  it('is the stricter of several packs', () => {
    const loose = pack({
      coolingOffSeconds: 86_400,
      coolingOffStartsWith: 'consultation',
      coolingOffWaivable: true,
      coolingOffSameServiceExempt: true,
    });
    expect(coolingOffRule([loose])).toEqual({
      least: 86_400,
      startsWith: 'consultation',
      waivable: true,
      sameServiceExempt: true,
    });
    expect(coolingOffRule([loose, cn])).toEqual(coolingOffRule([cn]));
    expect(coolingOffRule([])).toEqual({
      least: 0,
      startsWith: 'payment',
      waivable: false,
      sameServiceExempt: false,
    });
  });
});
