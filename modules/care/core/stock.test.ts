import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BOX, CLINIC, hours, OTHER, received, sent, TRADER, told, UNIT, usedUp } from './stock.property.ts';
import { foldStock, STOCK_STATES, type UnitRules } from './stock.ts';
import { type StockEvent, WASTING } from './stock-event.ts';

const SYRINGE: UnitRules = { amount: 1_000, amountUnit: 'uL', singleUse: true };
const VIAL: UnitRules = { amount: 100, amountUnit: 'U', singleUse: false, useWithinHours: 24 };
const fold = (own: StockEvent[], rules = VIAL, ofLot: StockEvent[] = []) =>
  foldStock(UNIT, CLINIC, { own, ofLot }, rules);
const state = (own: StockEvent[], rules = VIAL, ofLot: StockEvent[] = []) =>
  fold(own, rules, ofLot)?.state ?? 'none';

const held = (hour: number, reason = 'data-mismatch') =>
  told(hour, CLINIC, 'holding', { disposition: 'mismatch_instance', 'zm:reason': reason });
const recall = (hour: number) =>
  told(hour, TRADER, 'inspecting', { epcList: undefined, disposition: 'recalled' });

describe('a unit', () => {
  it.each([
    ['is not here before anybody sends it', [], 'none'],
    ['is announced by its shipment', [sent(1)], 'announced'],
    ['is in stock once received', [sent(1), received(5)], 'in-stock'],
    ['is in stock when the receipt carries the earlier time', [received(4), sent(5)], 'in-stock'],
    ['is open after a first use', [sent(1), received(5), usedUp(6, 40)], 'open'],
    ['is used when nothing is left', [sent(1), received(5), usedUp(6, 40), usedUp(7, 60)], 'used'],
    [
      'is used when its rest is thrown away',
      [sent(1), received(5), usedUp(6, 40), told(7, CLINIC, 'destroying')],
      'used',
    ],
    ['is wasted when thrown away unopened', [sent(1), received(5), told(7, CLINIC, 'destroying')], 'wasted'],
    ['is held', [sent(1), received(5), held(5)], 'quarantined'],
    ['is held without a shipment', [held(5)], 'quarantined'],
    ['is released', [sent(1), received(5), held(5), told(9, CLINIC, 'stocking')], 'in-stock'],
    ['goes back', [sent(1), received(5), told(9, CLINIC, 'shipping')], 'returned'],
    ['goes back although it never belonged here', [held(5), told(9, CLINIC, 'shipping')], 'returned'],
    ['comes again', [sent(1), received(5), told(9, CLINIC, 'shipping'), sent(12)], 'announced'],
    [
      'is in stock again',
      [sent(1), received(5), told(9, CLINIC, 'shipping'), sent(12), received(15)],
      'in-stock',
    ],
    ['is lost', [sent(1), received(5), told(9, CLINIC, 'stock_taking', { disposition: 'stolen' })], 'lost'],
    [
      'is found again',
      [
        sent(1),
        received(5),
        told(9, CLINIC, 'stock_taking', { disposition: 'stolen' }),
        told(10, CLINIC, 'stocking'),
      ],
      'in-stock',
    ],
    ['stays where it is when counted', [sent(1), received(5), told(9, CLINIC, 'stock_taking')], 'in-stock'],
    ['belongs to a device', [sent(1), received(5), told(9, CLINIC, 'installing')], 'installed'],
    ['is of no use to us when another clinic received it', [sent(1), received(5, OTHER)], 'none'],
    ['is not expected when the shipment was void', [sent(1), told(2, TRADER, 'void_shipping')], 'none'],
    ['is not ours when sent to another', [sent(1, OTHER)], 'none'],
    ['is not taken in by what is stated elsewhere', [sent(1), usedUp(6, 40, OTHER)], 'announced'],
    [
      'is not thrown away by what is stated elsewhere',
      [sent(1), received(5), told(7, OTHER, 'destroying')],
      'in-stock',
    ],
  ] as const)('%s', (_, own, expected) => {
    expect(state([...own])).toBe(expected);
  });

  it('is locked by a recall of its lot, and open again when the recall is lifted', () => {
    const own = [sent(1), received(5)];
    expect(state(own, VIAL, [recall(8)])).toBe('recalled');
    const lift = told(9, TRADER, 'inspecting', {
      epcList: undefined,
      persistentDisposition: { unset: ['recalled'] },
    });
    expect(state(own, VIAL, [recall(8), lift])).toBe('in-stock');
    expect(state([...own, usedUp(6, 100)], VIAL, [recall(8)])).toBe('used');
    expect(state([sent(1)], VIAL, [recall(8)])).toBe('announced');
    expect(state([], VIAL, [recall(8)])).toBe('none');
  });

  it('comes in a box', () => {
    const unit = fold([sent(1, CLINIC, { epcList: [BOX] }), received(5)]);
    expect(unit).toMatchObject({ state: 'in-stock', container: BOX, supplier: TRADER });
  });

  it('tells until when an opened vial may be used', () => {
    expect(fold([sent(1), received(5), usedUp(6, 40), usedUp(7, 10)])).toMatchObject({
      openedAt: hours(6),
      useBy: hours(30),
      uses: 2,
      used: 50,
      remaining: 50,
    });
    expect(fold([sent(1), received(5), usedUp(6, 400)], SYRINGE)).toMatchObject({
      useBy: null,
      state: 'open',
    });
  });

  it('keeps what remains after a part was spilled', () => {
    const spilled = told(7, CLINIC, WASTING, { 'zm:amountWasted': 5, 'zm:reason': 'spilled' });
    expect(fold([sent(1), received(5), usedUp(6, 40), spilled])).toMatchObject({
      state: 'open',
      wasted: 5,
      remaining: 55,
    });
  });
});

describe('whatever is told', () => {
  const event = fc
    .tuple(
      fc.integer({ min: 0, max: 200 }),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 150 }),
    )
    .map(([hour, kind, amount]): StockEvent => {
      const kinds = [
        () => sent(hour),
        () => received(hour),
        () => usedUp(hour, amount),
        () => told(hour, CLINIC, WASTING, { 'zm:amountWasted': amount }),
        () => told(hour, CLINIC, 'destroying'),
        () => held(hour),
        () => told(hour, CLINIC, 'stocking'),
        () => told(hour, CLINIC, 'shipping'),
        () => told(hour, CLINIC, 'stock_taking', { disposition: amount > 75 ? 'stolen' : 'active' }),
        () => told(hour, CLINIC, 'installing'),
        () => received(hour, OTHER),
        () => sent(hour, OTHER),
        () => told(hour, CLINIC, undefined, { type: 'AssociationEvent', childEPCs: [UNIT], action: 'ADD' }),
        () => recall(hour),
      ];
      return kinds[kind]!();
    });

  it('amounts add up, and every state is one of those named', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 25 }), fc.constantFrom(SYRINGE, VIAL), (own, rules) => {
        const unit = fold(own, rules);
        if (!unit) return;
        expect(unit.used + unit.wasted + unit.remaining).toBe(rules.amount);
        expect(Math.min(unit.used, unit.wasted, unit.remaining)).toBeGreaterThanOrEqual(0);
        expect(STOCK_STATES).toContain(unit.state);
        const last = unit.movements.filter(({ amount }) => amount !== null).at(-1);
        if (last) expect(last.remaining).toBe(unit.remaining);
        const sum = (kind: string) =>
          unit.movements.filter((m) => m.kind === kind).reduce((total, m) => total + (m.amount ?? 0), 0);
        expect([sum('used'), sum('wasted')]).toEqual([unit.used, unit.wasted]);
      }),
      { numRuns: 500 },
    );
  });

  it('the order in which it is told changes nothing', () => {
    const spread = fc.uniqueArray(event, { maxLength: 15, selector: ({ eventTime }) => eventTime });
    fc.assert(
      fc.property(spread, (own) => {
        expect(fold([...own].reverse())).toEqual(fold(own));
      }),
    );
  });
});
