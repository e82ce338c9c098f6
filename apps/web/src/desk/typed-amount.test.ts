import { describe, expect, it } from 'vitest';
import { asTyped, onlyAmount, typedAmount, typedUnit } from './typed-amount.ts';

describe('an amount that is typed', () => {
  it('is read in millilitres where the product counts in microlitres', () => {
    expect(typedUnit('uL')).toBe('mL');
    for (const [text, amount] of [
      ['1', 1_000],
      ['0.5', 500],
      ['0.05', 50],
      ['0.001', 1],
      ['2.50', 2_500],
    ] as const)
      expect(typedAmount(text, 'uL')).toBe(amount);
  });

  it('comes back as it was typed', () => {
    for (let amount = 1; amount <= 3_000; amount++)
      expect(typedAmount(asTyped(amount, 'uL'), 'uL')).toBe(amount);
    expect(typedAmount(asTyped(20, 'U'), 'U')).toBe(20);
  });

  it('is none if it is finer than the unit, or no number', () => {
    for (const text of ['', '.', '.5', '1.', '0.0005', '1.2.3', '-1', '1e3', '99999'])
      expect(typedAmount(text, 'uL')).toBeNull();
    for (const text of ['', '2.5', '-1', '1e3', '12345678']) expect(typedAmount(text, 'U')).toBeNull();
  });

  it('takes no other characters', () => {
    expect(onlyAmount('0.5 mL', 'uL')).toBe('0.5');
    expect(onlyAmount('20.5 U', 'U')).toBe('205');
  });
});
