import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchCredit, type OrderFacts, paymentReference } from './payment.ts';

const order: OrderFacts = {
  reference: 'ABCD-EFGH-JKLM',
  amount: 398_000n,
  currency: 'CNY',
  state: 'expected',
  bankReference: null,
};
const credit = { bankReference: 'B1', reference: order.reference, amount: 398_000n, currency: 'CNY' };

describe('matchCredit', () => {
  it('accepts exactly what was asked for', () => {
    expect(matchCredit(order, credit)).toEqual({ outcome: 'accept' });
  });
  it('sends back what does not fit, and says why', () => {
    expect(matchCredit(null, credit)).toEqual({ outcome: 'return', reason: 'no-such-order' });
    expect(matchCredit(order, { ...credit, amount: 398_001n })).toEqual({
      outcome: 'return',
      reason: 'wrong-amount',
    });
    expect(matchCredit(order, { ...credit, currency: 'USD' })).toEqual({
      outcome: 'return',
      reason: 'wrong-currency',
    });
    const paid: OrderFacts = { ...order, state: 'held', bankReference: 'B0' };
    expect(matchCredit(paid, credit)).toEqual({ outcome: 'return', reason: 'paid-already' });
  });
  it('ignores the same credit told twice', () => {
    expect(matchCredit({ ...order, state: 'minted', bankReference: 'B1' }, credit)).toEqual({
      outcome: 'repeat',
    });
  });
});

describe('paymentReference', () => {
  it('is typed without look-alikes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 12 }), (bytes) => {
        expect(paymentReference(bytes)).toMatch(/^[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){2}$/);
      }),
    );
  });
});
