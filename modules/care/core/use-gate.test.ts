import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLINIC, GTIN, hours, received, sent, UNIT, usedUp } from './stock.property.ts';
import { foldStock, type StockUnit, type UnitRules } from './stock.ts';
import { dispensingEvent, isExpired, type Kept, refuseUse, type UseAsked } from './use-gate.ts';

const VIAL: UnitRules = { amount: 100, amountUnit: 'U', singleUse: false, useWithinHours: 24 };
const SYRINGE: UnitRules = { amount: 1_000, amountUnit: 'uL', singleUse: true };
const LOT = `https://id.gs1.org/01/${GTIN}/10/L1`;
const NOW = hours(10);
const kept = (change: Partial<StockUnit> = {}, rules = VIAL, more: Partial<Kept> = {}): Kept => ({
  unit: { ...foldStock(UNIT, CLINIC, { own: [sent(1), received(5)], ofLot: [] }, rules)!, ...change },
  gtin: GTIN,
  lot: LOT,
  expiry: '2027-01-01',
  ...more,
});
const ASKED: UseAsked = { gtin: GTIN, lot: LOT, use: 0, amount: 40, amountUnit: 'U' };
const code = (unit: Kept | null, asked: Partial<UseAsked> = {}, now = NOW) =>
  refuseUse(unit, { ...ASKED, ...asked }, now)?.code ?? 'none';

describe('a unit for a visit', () => {
  it('may be opened, and a vial may be used again within hours and amount', () => {
    expect(code(kept())).toBe('none');
    expect(code(kept({ uses: 1, used: 60, remaining: 40, state: 'open', useBy: NOW }), { use: 1 })).toBe(
      'none',
    );
    expect(code(kept({}, SYRINGE), { amount: 1_000, amountUnit: 'uL' })).toBe('none');
  });

  it.each([
    ['that was never here', null, {}, 'UNIT_NOT_IN_STOCK'],
    ['of another product', kept({}, VIAL, { gtin: '09521234100027' }), {}, 'UNIT_OTHER_PRODUCT'],
    ['that is still on its way', kept({ state: 'announced' }), {}, 'UNIT_NOT_RECEIVED'],
    ['that is held', kept({ state: 'quarantined' }), {}, 'UNIT_QUARANTINED'],
    ['that is recalled', kept({ state: 'recalled' }), {}, 'UNIT_RECALLED'],
    ['that is used', kept({ state: 'used' }), {}, 'UNIT_ALREADY_USED'],
    ['that was thrown away', kept({ state: 'wasted' }), {}, 'UNIT_GONE'],
    ['that went back', kept({ state: 'returned' }), {}, 'UNIT_GONE'],
    ['that is lost', kept({ state: 'lost' }), {}, 'UNIT_GONE'],
    ['that belongs to a device', kept({ state: 'installed' }), {}, 'UNIT_INSTALLED'],
    ['that is expired', kept({}, VIAL, { expiry: '2026-10-31' }), {}, 'UNIT_EXPIRED'],
    ['of another lot', kept({}, VIAL, { lot: null }), {}, 'STEP_DATA_WRONG'],
    ['in another measure', kept(), { amountUnit: 'mL' }, 'STEP_DATA_WRONG'],
    ['from which somebody took meanwhile', kept({ uses: 1, state: 'open' }), {}, 'UNIT_CHANGED'],
    ['with too little left', kept({ remaining: 39 }), {}, 'UNIT_AMOUNT'],
    ['open for too long', kept({ uses: 1, state: 'open', useBy: NOW - 1 }), { use: 1 }, 'UNIT_OPEN_TOO_LONG'],
    [
      'for one patient only, opened for another',
      kept({ uses: 1, state: 'open', remaining: 500 }, SYRINGE),
      { use: 1, amountUnit: 'uL' },
      'UNIT_ALREADY_USED',
    ],
  ] as [string, Kept | null, Partial<UseAsked>, string][])(
    'is refused: one %s',
    (_, unit, asked, expected) => {
      expect(code(unit, asked)).toBe(expected);
    },
  );

  it('expires at the end of its day', () => {
    expect(isExpired('2026-11-01', Date.parse('2026-11-01T23:59:59Z'))).toBe(false);
    expect(isExpired('2026-11-01', Date.parse('2026-11-02T00:00:00Z'))).toBe(true);
    expect(isExpired(null, NOW)).toBe(false);
  });

  it('never gives more than the vial holds, however it is split', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 120 }), { maxLength: 8 }), (amounts) => {
        const events = [sent(1), received(2)];
        let given = 0;
        amounts.forEach((amount, i) => {
          const unit = foldStock(UNIT, CLINIC, { own: events, ofLot: [] }, VIAL)!;
          const asked = { ...ASKED, use: unit.uses, amount };
          if (refuseUse({ ...kept(), unit }, asked, hours(3 + i))) return;
          expect(dispensingEvent(UNIT, unit.remaining, asked).action).toBe(
            amount === unit.remaining ? 'DELETE' : 'OBSERVE',
          );
          given += amount;
          events.push(usedUp(3 + i, amount));
        });
        const unit = foldStock(UNIT, CLINIC, { own: events, ofLot: [] }, VIAL)!;
        expect(given).toBe(unit.used);
        expect(given).toBeLessThanOrEqual(VIAL.amount);
      }),
    );
  });
});
