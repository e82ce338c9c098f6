import type { Hex } from '@zhenmei/kernel';
import { describe, expect, it } from 'vitest';
import { type Coin, pricedTerms, scaleOfTerms } from './coin-frame.ts';

const UNIT: Hex = `0x${'a1'.repeat(20)}`;
const COIN: Coin = {
  token: `0x${'b2'.repeat(20)}`,
  symbol: 'STC',
  digits: 6,
  currency: 'CNY',
  regions: ['XC'],
  by: 'permit',
  domain: { name: 'Stable Coin', version: '1' },
};
const contracts = { SettlementUnit: UNIT };
const terms = (token: string, amount = '3980000000') => ({ token, milestones: [{ amount }] }) as never;

describe('what a device takes the amounts of terms to be in', () => {
  it('is the coin that the house names, or the closed loop’s unit, however they are written', () => {
    expect(scaleOfTerms({ coins: [COIN], contracts }, terms(COIN.token.toUpperCase()))).toBe(10_000n);
    expect(scaleOfTerms({ coins: [COIN], contracts }, terms(UNIT.toUpperCase()))).toBe(1n);
    expect(pricedTerms({ coins: [COIN], contracts }, terms(COIN.token))).toMatchObject({
      milestones: [{ amount: '398000' }],
    });
    expect(pricedTerms({ coins: [COIN], contracts }, terms(COIN.token, '3980000001'))).toBe(null);
  });

  it.each([
    ['the house names no coin', { coins: [], contracts }],
    ['the house names another coin', { coins: [{ ...COIN, token: UNIT }], contracts }],
    ['the house names nothing', { coins: [], contracts: {} }],
  ])('is not guessed where %s', (_, house) => {
    expect(() => scaleOfTerms(house, terms(COIN.token))).toThrow('COIN_SCALE_UNKNOWN');
    expect(() => pricedTerms(house, terms(COIN.token))).toThrow('COIN_SCALE_UNKNOWN');
  });
});
