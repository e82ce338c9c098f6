/** What a coin's way home may cost the operator. */
import { AppError } from '@zhenmei/kernel';
import fc from 'fast-check';
import { parseEther } from 'viem';
import { describe, expect, it } from 'vitest';
import { feeToBring, type ReturnFee, readCeiling, SMALL_COST } from './return-fee.ts';

const GWEI = 1_000_000_000n;
/** As a device signs for a network that it does not know, on one where a unit of gas costs 1 gwei. */
const FAR: ReturnFee = {
  gas: 180_000n,
  fee: 100n * GWEI,
  has: 0n,
  price: GWEI,
  giftGas: 21_000n,
  most: SMALL_COST,
};
/** On a dear one: offered at twice its price of 100 gwei. */
const DEAR: ReturnFee = { ...FAR, fee: 200n * GWEI, price: 100n * GWEI };
const refusal = (asked: ReturnFee): AppError | null => {
  try {
    feeToBring(asked);
    return null;
  } catch (error) {
    return error as AppError;
  }
};

describe('what the operator pays for a return', () => {
  it('is what her address lacks, where that is little', () => {
    expect(feeToBring(FAR)).toBe(parseEther('0.018'));
    expect(feeToBring({ ...FAR, has: parseEther('0.01') })).toBe(parseEther('0.008'));
    expect(feeToBring({ ...FAR, has: parseEther('0.018'), most: 0n })).toBe(0n);
  });

  it('is refused above the ceiling, with what it costs and how to allow it', () => {
    const found = refusal(DEAR);
    expect(found).toMatchObject({ code: 'TOKEN_RETURN_DEAR', params: { cost: '0.039', most: '0.02' } });
    for (const lang of ['zh-CN', 'en'] as const) expect(found!.text(lang)).toContain('--most 0.039');
    expect(feeToBring({ ...DEAR, most: readCeiling('0.039')! })).toBe(parseEther('0.036'));
  });

  it('is held to a ceiling below the usual one', () => {
    expect(refusal({ ...FAR, most: parseEther('0.001') })).toMatchObject({
      code: 'TOKEN_RETURN_DEAR',
      params: { cost: '0.019', most: '0.001' },
    });
  });

  it('counts what it costs to bring the fee', () => {
    const most = parseEther('0.018');
    expect(refusal({ ...FAR, most })).toMatchObject({ code: 'TOKEN_RETURN_DEAR' });
    expect(feeToBring({ ...FAR, most: most + FAR.giftGas * FAR.price })).toBe(most);
    expect(refusal({ ...FAR, giftGas: 2_100_000n })).toMatchObject({ code: 'TOKEN_RETURN_DEAR' });
  });

  it('is not whatever the payer wrote into it, whatever the ceiling', () => {
    const most = parseEther('1000');
    expect(refusal({ ...FAR, gas: 200_001n, most })).toMatchObject({ code: 'TOKEN_RETURN_WRONG' });
    expect(refusal({ ...FAR, fee: 1_000n * GWEI, most })).toMatchObject({ code: 'TOKEN_RETURN_WRONG' });
  });

  it('is never more than the ceiling, and never less than the transfer needs', () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 19n });
    const asked = fc.record({
      gas: fc.bigInt({ min: 0n, max: 250_000n }),
      fee: fc.bigInt({ min: 0n, max: 10n ** 14n }),
      has: amount,
      price: fc.bigInt({ min: 0n, max: 10n ** 13n }),
      giftGas: fc.bigInt({ min: 21_000n, max: 500_000n }),
      most: amount,
    });
    fc.assert(
      fc.property(asked, (one) => {
        const found = refusal(one);
        if (!found) {
          const gift = feeToBring(one);
          expect(one.has + gift).toBeGreaterThanOrEqual(one.gas * one.fee);
          if (gift > 0n) expect(gift + one.giftGas * one.price).toBeLessThanOrEqual(one.most);
          return;
        }
        expect(found).toBeInstanceOf(AppError);
        if (found.code !== 'TOKEN_RETURN_DEAR') return;
        // what the refusal says is enough, and no more than a tenth too much
        const named = readCeiling(String(found.params.cost))!;
        const whole = one.gas * one.fee - one.has + one.giftGas * one.price;
        expect(refusal({ ...one, most: named })).toBe(null);
        expect(named * 10n).toBeLessThanOrEqual(whole * 11n);
      }),
    );
  });

  it('is read as the operator types it', () => {
    expect([readCeiling('0.05'), readCeiling('0'), readCeiling('2')]).toEqual([
      50_000_000_000_000_000n,
      0n,
      2n * 10n ** 18n,
    ]);
    for (const wrong of ['', 'x', '-1', '1e3', '0,05', '.5', '0.0000000000000000001', '99999999999'])
      expect(readCeiling(wrong)).toBe(null);
  });
});
