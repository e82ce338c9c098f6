/** Where goods are, over a real PostgreSQL: in whatever order it is told, the same as told from the beginning. */
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../../../../platform/db/testing.ts';
import { itemsOf } from '../../adapters/items.ts';
import { captureEvent } from '../capture-event.ts';
import * as s from '../stories.property.ts';
import { listHandovers, readHandover } from './read-handovers.ts';
import {
  codeOf,
  digestOf,
  idOf,
  newSetting,
  openDatabase,
  type Setting,
  siteOfEvent,
} from './setting.property.ts';
import { containersOf, freeUnits, stockOf } from './stock.ts';

let database: TestDatabase;
let setting: Setting;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  setting = await newSetting(database);
});

type Event = Record<string, unknown>;
const tell = async (...events: Event[]) => {
  for (const event of events) await captureEvent(setting.ctx, idOf(siteOfEvent(event)), event);
};
const itemOf = async (epc: string) => (await itemsOf(setting.ctx.db, [epc])).get(epc);
const at = async (epc: string) => {
  const item = await itemOf(epc);
  return item && [item.standing, item.holder, item.bound];
};
const [A, B] = [s.unit('A'), s.unit('B')];
const made = s.made(s.day(0), [A, B]);
const packed = s.pack(s.day(0, 1), s.box(), [A, B]);
const wrong = (event: Event, more: object = {}) => ({
  ...event,
  errorDeclaration: { declarationTime: s.day(9), reason: 'incorrect_data', ...more },
});

describe('a unit', () => {
  it('is with its maker, on its way, with its receiver, and gone', async () => {
    await tell(made);
    expect(await at(A)).toEqual(['held', s.MAKER, null]);
    expect(await itemOf(A)).toMatchObject({
      lot: `https://id.gs1.org/01/${s.GTIN}/10/L1`,
      expiry: '2027-12-31',
      made: digestOf(made),
    });
    const [out, arrived] = s.move(1, s.MAKER, s.CLINIC, [A]) as [Event, Event];
    await tell(out);
    expect(await at(A)).toEqual(['moving', s.MAKER, s.CLINIC]);
    expect((await itemOf(A))!.shipment).toBe(digestOf(out));
    expect(await at(B)).toEqual(['held', s.MAKER, null]);
    await tell(arrived);
    expect(await at(A)).toEqual(['held', s.CLINIC, null]);
    await tell({ ...s.use(s.day(5)), epcList: [A] });
    expect(await at(A)).toEqual(['gone', s.CLINIC, null]);
  });

  it('of which a dose was taken is still there, until it is empty', async () => {
    await tell(made, ...s.move(1, s.MAKER, s.CLINIC, [A]));
    await tell({ ...s.dose(s.day(5), 10, 'C1'), epcList: [A] });
    expect(await at(A)).toEqual(['held', s.CLINIC, null]);
    await tell({ ...s.use(s.day(6)), epcList: [A], action: 'OBSERVE', disposition: 'dispensed' });
    expect(await at(A)).toEqual(['gone', s.CLINIC, null]);
  });

  it('travels in its box, and leaves it', async () => {
    await tell(made, packed, ...s.move(1, s.MAKER, s.DISTRIBUTOR, [s.box()]));
    expect(await at(A)).toEqual(['held', s.DISTRIBUTOR, null]);
    expect((await itemOf(A))!.parent).toBe(s.box());
    await tell(s.pack(s.day(3), s.box(), [A], 'DELETE', s.DISTRIBUTOR));
    expect((await itemOf(A))!.parent).toBeNull();
    expect((await itemOf(B))!.parent).toBe(s.box());
    await tell(s.ship(s.day(4), s.DISTRIBUTOR, s.CLINIC, [s.box()]));
    expect(await at(A)).toEqual(['held', s.DISTRIBUTOR, null]);
    expect(await at(B)).toEqual(['moving', s.DISTRIBUTOR, s.CLINIC]);
  });

  it('leaves a box that is emptied without naming what was in it', async () => {
    const { childEPCs: _, ...emptied } = s.pack(s.day(3), s.box(), [], 'DELETE');
    await tell(made, packed, emptied);
    expect((await itemOf(A))!.parent).toBeNull();
  });

  it('is back where it was when a shipment is void or was a mistake', async () => {
    const out = s.ship(s.day(1), s.MAKER, s.CLINIC, [A, B]);
    await tell(made, out);
    await tell(s.event(s.day(2), 'void_shipping', s.MAKER, { epcList: [A] }));
    expect(await at(A)).toEqual(['held', s.MAKER, null]);
    await tell(wrong(out));
    expect(await at(B)).toEqual(['held', s.MAKER, null]);
    expect((await listHandovers(setting.ctx, s.MAKER, 'out')).lines).toEqual([]);
  });

  const story = [
    made,
    packed,
    ...s.move(1, s.MAKER, s.DISTRIBUTOR, [s.box()]),
    s.pack(s.day(3), s.box(), [A, B], 'DELETE', s.DISTRIBUTOR),
    ...s.move(5, s.DISTRIBUTOR, s.CLINIC, [A]),
    { ...s.use(s.day(8)), epcList: [A] },
  ] as Event[];

  it('stands the same in whatever order it is told', async () => {
    await tell(...story);
    const whole = [await at(A), await at(B)];
    expect(whole).toEqual([
      ['gone', s.CLINIC, null],
      ['held', s.DISTRIBUTOR, null],
    ]);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(story, { minLength: story.length }), async (told) => {
        setting = await newSetting(database);
        await tell(...told);
        expect([await at(A), await at(B)]).toEqual(whole);
      }),
      { numRuns: 12 },
    );
  });

  it('has one story with its neighbours, so that a late word is told once for all', async () => {
    const many = Array.from({ length: 300 }, (_, i) => s.unit(`U${i}`));
    await tell(s.made(s.day(0), many), s.receive(s.day(2), s.MAKER, s.DISTRIBUTOR, many));
    await tell(s.ship(s.day(1), s.MAKER, s.DISTRIBUTOR, many));
    const items = [...(await itemsOf(setting.ctx.db, many)).values()];
    expect(new Set(items.map(({ story: told }) => told)).size).toBe(1);
    expect(items.every(({ holder, standing }) => holder === s.DISTRIBUTOR && standing === 'held')).toBe(true);
  });
});

describe('stock', () => {
  it('is by product, lot and day, with what is packed; free units are loose ones first', async () => {
    const units = ['C', 'D', 'E'].map((serial) => s.unit(serial));
    await tell(s.made(s.day(0), units), s.pack(s.day(0, 1), s.box(), [units[0]!]));
    expect(await stockOf(setting.ctx, s.MAKER)).toEqual([
      {
        gtin: s.GTIN,
        lot: `https://id.gs1.org/01/${s.GTIN}/10/L1`,
        expiry: '2027-12-31',
        units: 3,
        locked: 0,
        packed: 1,
      },
    ]);
    const pick = (limit: number, lot?: string) =>
      freeUnits(setting.ctx, s.MAKER, { gtin: s.GTIN, limit, ...(lot ? { lot } : {}) });
    expect(await pick(2)).toEqual([units[1], units[2]]);
    expect(await pick(9)).toHaveLength(3);
    expect(await pick(9, `https://id.gs1.org/01/${s.GTIN}/10/L2`)).toEqual([]);
    expect(await containersOf(setting.ctx, s.MAKER)).toEqual([
      { epc: s.box(), units: 1, locked: 0, gtin: s.GTIN, lot: `https://id.gs1.org/01/${s.GTIN}/10/L1` },
    ]);
  });

  it('on its way is with neither, and coming to one', async () => {
    await tell(made, s.ship(s.day(1), s.MAKER, s.DISTRIBUTOR, [A]));
    const units = async (gln: string, bound = false) =>
      (await stockOf(setting.ctx, gln, bound)).map((line) => line.units);
    expect(await units(s.MAKER)).toEqual([1]);
    expect(await units(s.DISTRIBUTOR)).toEqual([]);
    expect(await units(s.DISTRIBUTOR, true)).toEqual([1]);
    expect(await units(s.CLINIC, true)).toEqual([]);
  });
});

describe('a hand-over', () => {
  const out = s.ship(s.day(1), s.MAKER, s.DISTRIBUTOR, [s.box()], {
    'zm:carrier': 'Cold Ltd',
    bizTransactionList: [{ type: 'desadv', bizTransaction: `urn:epcglobal:cbv:bt:${s.MAKER}:DN%2F7` }],
  });
  const read = (gln: string) => readHandover(setting.ctx, idOf(gln), digestOf(out));

  it('is listed at both sides with what is on board and what has arrived', async () => {
    await tell(made, packed, out);
    const { lines } = await listHandovers(setting.ctx, s.MAKER, 'out');
    expect(lines[0]).toMatchObject({
      row: { units: 2, carrier: 'Cold Ltd', reference: 'DN/7' },
      to: { gln: s.DISTRIBUTOR },
      arrived: 0,
      signed: false,
    });
    expect((await listHandovers(setting.ctx, s.DISTRIBUTOR, 'in')).lines).toHaveLength(1);
    expect((await listHandovers(setting.ctx, s.DISTRIBUTOR, 'received')).lines).toHaveLength(0);
    await tell(s.receive(s.day(2), s.MAKER, s.DISTRIBUTOR, [A]));
    const detail = await read(s.DISTRIBUTOR);
    expect(detail.units.map(({ epc, container, arrived }) => [epc, container, arrived])).toEqual([
      [A, s.box(), true],
      [B, s.box(), false],
    ]);
    expect(detail.arrived).toBe(1);
    expect(detail.receipts).toHaveLength(1);
    expect((await listHandovers(setting.ctx, s.DISTRIBUTOR, 'received')).lines).toHaveLength(1);
  });

  it('knows the contents of a box that were told only after it left', async () => {
    await tell(made, out, packed);
    expect((await read(s.MAKER)).units.map(({ epc }) => epc)).toEqual([A, B]);
    expect((await read(s.MAKER)).row.units).toBe(2);
  });

  it('is for its two sides and the regulator', async () => {
    await tell(made, packed, out);
    for (const gln of [s.MAKER, s.DISTRIBUTOR, s.REGULATOR]) expect((await read(gln)).row.units).toBe(2);
    expect(await codeOf(() => read(s.CLINIC))).toBe('HANDOVER_UNKNOWN');
    expect(await codeOf(() => readHandover(setting.ctx, 'nobody', digestOf(out)))).toBe('HANDOVER_UNKNOWN');
    expect(await codeOf(() => readHandover(setting.ctx, idOf(s.MAKER), digestOf(made)))).toBe(
      'HANDOVER_UNKNOWN',
    );
  });
});
