/** Lots over a real PostgreSQL: planned once, stated in batches, resumed after a crash, published on chain. */
import { unitLink } from '@zhenmei/gs1';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../../../../platform/db/testing.ts';
import { itemsOf } from '../../adapters/items.ts';
import { BATCH, commissioning, containersFor, type LotPlan, remaining } from '../../core/commission.ts';
import { guessable, isSerial, SERIAL_BYTES, serialFrom } from '../../core/serials.ts';
import { captureEvent } from '../capture-event.ts';
import { readLot } from '../register.ts';
import * as s from '../stories.property.ts';
import { backfillGoods, scheduleBackfill } from './backfill.ts';
import { applyLotRoots, resetLotRoots } from './lot-roots.ts';
import { type LotOrder, listLots, lotIdOf, planLot, readLotStatus } from './lots.ts';
import { codeOf, idOf, newSetting, openDatabase, type Setting } from './setting.property.ts';
import { stockOf } from './stock.ts';

let database: TestDatabase;
let setting: Setting;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  setting = await newSetting(database);
});

const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
const serials = (count: number) => Array.from({ length: count }, () => serialFrom(random(SERIAL_BYTES)));
const order = (count: number, more: Partial<LotOrder> = {}): LotOrder => ({
  gtin: s.GTIN,
  lot: 'L7',
  expiry: '2028-01-31',
  madeAt: s.day(0),
  offset: '+08:00',
  units: serials(count).map((serial) => unitLink(s.GTIN, serial)),
  packing: null,
  ...more,
});
const LINK = `https://id.gs1.org/01/${s.GTIN}/10/L7`;
const PREFIX = s.MAKER.slice(0, 7);
const plan = (given: LotOrder, gln = s.MAKER) => planLot(setting.ctx, idOf(gln), given);

async function state(
  made: LotPlan,
  units: readonly string[],
  upTo = Number.POSITIVE_INFINITY,
): Promise<void> {
  const { made: done, packed } = await readLotStatus(setting.ctx, LINK);
  for (const [i, batch] of remaining(commissioning(made, LINK, units), { made: done, packed }).entries()) {
    if (i >= upTo) return;
    for (const event of batch.events) await captureEvent(setting.ctx, idOf(s.MAKER), event);
  }
}

describe('serial numbers', () => {
  it('have 65 random bits in characters of GS1 that cannot be confused', () => {
    const many = serials(2_000);
    expect(new Set(many).size).toBe(many.length);
    for (const one of many) expect(one).toMatch(/^[2-9A-HJ-NP-Z]{13}$/);
    expect(guessable(many)).toBe(false);
    // every bit of the five is used
    for (let bit = 0; bit < 5; bit++)
      expect(serialFrom(new Uint8Array(13).fill(1 << bit))).not.toBe(serialFrom(new Uint8Array(13)));
    expect(() => serialFrom(random(12))).toThrow(RangeError);
  });

  it.each([
    ['in a row', Array.from({ length: 50 }, (_, i) => `BATCH2026${String(i).padStart(6, '0')}`)],
    [
      'in a row with a gap',
      Array.from({ length: 50 }, (_, i) => `BATCH2026${String(i * 7).padStart(6, '0')}`),
    ],
    ['short', ['A1B2C3', 'K9L8M7']],
    ['one short one among long ones', [...serials(9), 'SHORT']],
  ])('that are %s can be guessed', (_what, given) => {
    expect(guessable(given)).toBe(true);
  });

  it('are of set 82, up to 20 characters', () => {
    expect(isSerial('aB3-_./')).toBe(true);
    for (const wrong of ['', 'x'.repeat(21), 'a b', 'ä', '#', '批']) expect(isSerial(wrong)).toBe(false);
  });
});

describe('a plan', () => {
  it('publishes the numbers, which anyone can read, and gives the same events for ever', async () => {
    const given = order(1_200);
    const { link, plan: made } = await plan(given);
    expect(link).toBe(LINK);
    expect((await readLot(setting.ctx, LINK)).units).toEqual(given.units);
    const batches = commissioning(made, LINK, given.units);
    expect(batches.map(({ size }) => size)).toEqual([BATCH, BATCH, 200]);
    expect(await plan(given)).toEqual({ link, plan: made });
    expect(commissioning((await plan(given)).plan, LINK, given.units)).toEqual(batches);
  });

  it('packs boxes and cases with container numbers that nobody else has', async () => {
    const packing = { companyPrefix: PREFIX, perBox: 20, boxesPerCase: 3 };
    const { plan: first } = await plan(order(100, { packing }));
    expect(first.packing).toMatchObject({ perBox: 20, boxesPerCase: 3 });
    expect([first.packing!.boxes.length, first.packing!.cases.length]).toEqual([5, 2]);
    const { plan: second } = await plan(order(100, { lot: 'L8', packing }));
    const all = [first, second].flatMap(({ packing: p }) => [...p!.boxes, ...p!.cases]);
    expect(new Set(all).size).toBe(14);
    for (const sscc of all) expect(sscc).toMatch(new RegExp(`^https://id\\.gs1\\.org/00/0${PREFIX}\\d{10}$`));
    expect(containersFor(101, 20, 3)).toEqual({ boxes: 6, cases: 2 });
    expect(containersFor(100, 20, 0)).toEqual({ boxes: 5, cases: 0 });
  });

  it('made by two devices at once is one', async () => {
    const given = order(50, { packing: { companyPrefix: PREFIX, perBox: 10, boxesPerCase: 0 } });
    const both = await Promise.all([plan(given), plan(given)]);
    expect(both[0]).toEqual(both[1]);
  });

  it.each<[string, () => LotOrder, string]>([
    ['another maker’s product', () => order(3), 'PRODUCT_UNKNOWN'],
    [
      'units of another product',
      () => order(3, { units: [unitLink(s.VIAL, serials(1)[0]!)] }),
      'LOT_UNITS_WRONG',
    ],
    ['a unit twice', () => ({ ...order(1), units: Array(2).fill(order(1).units[0]) }), 'LOT_UNITS_WRONG'],
    ['something that is no unit', () => order(1, { units: ['https://example.com/x'] }), 'LOT_UNITS_WRONG'],
    [
      'numbers in a row',
      () => order(1, { units: [1, 2, 3, 4].map((n) => unitLink(s.GTIN, `AAAAAAAAAAAA${n}`)) }),
      'LOT_SERIALS_GUESSABLE',
    ],
    ['a day of use before it was made', () => order(1, { expiry: '2026-03-01' }), 'LOT_DATES_WRONG'],
    [
      'somebody else’s company prefix',
      () => order(1, { packing: { companyPrefix: '6901234', perBox: 10, boxesPerCase: 0 } }),
      'LOT_PREFIX_WRONG',
    ],
  ])('is refused for %s', async (_what, given, wanted) => {
    const run = () => plan(given(), wanted === 'PRODUCT_UNKNOWN' ? s.DISTRIBUTOR : s.MAKER);
    expect(await codeOf(run)).toBe(wanted);
    expect(await codeOf(() => readLotStatus(setting.ctx, LINK))).toBe('LOT_UNKNOWN');
  });

  it('with other content under the same number, or with numbers in use, is refused', async () => {
    const given = order(3);
    await plan(given);
    expect(await codeOf(() => plan(order(3)))).toBe('LOT_EXISTS');
    expect(await codeOf(() => plan({ ...given, expiry: '2029-01-31' }))).toBe('LOT_EXISTS');
    await state((await plan(given)).plan, given.units);
    expect(await codeOf(() => plan({ ...given, lot: 'L9' }))).toBe('LOT_SERIALS_TAKEN');
  });
});

describe('commissioning', () => {
  it('goes on after a crash where it stopped, and states nothing twice', async () => {
    const given = order(1_300, { packing: { companyPrefix: PREFIX, perBox: 100, boxesPerCase: 5 } });
    const { plan: made } = await plan(given);
    await state(made, given.units, 2);
    expect(await readLotStatus(setting.ctx, LINK)).toMatchObject({ units: 1_300, made: 1_000, packed: 0 });
    const leaves = setting.leaves.length;
    await state(made, given.units, 1);
    expect(setting.leaves.length).toBe(leaves + 1);
    await state(made, given.units);
    expect(await readLotStatus(setting.ctx, LINK)).toMatchObject({ made: 1_300, packed: 16 });
    const all = setting.leaves.length;
    for (const { events } of commissioning(made, LINK, given.units))
      for (const event of events) await captureEvent(setting.ctx, idOf(s.MAKER), event);
    expect(setting.leaves.length).toBe(all);
    const [line] = await stockOf(setting.ctx, s.MAKER);
    expect(line).toMatchObject({ units: 1_300, packed: 1_300, expiry: '2028-01-31', lot: LINK });
  });

  it('leaves what is left, however much was done', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3_000 }),
        fc.constantFrom(0, 30),
        fc.constantFrom(0, 4),
        fc.nat(),
        (count, perBox, boxesPerCase, steps) => {
          const need = containersFor(count, perBox, boxesPerCase);
          const made: LotPlan = {
            ...order(0),
            gln: s.MAKER,
            packing: perBox
              ? {
                  perBox,
                  boxesPerCase,
                  boxes: Array.from({ length: need.boxes }, (_, i) => `b${i}`),
                  cases: Array.from({ length: need.cases }, (_, i) => `c${i}`),
                }
              : null,
          };
          const units = Array.from({ length: count }, (_, i) => `u${i}`);
          const batches = commissioning(made, LINK, units);
          const sum = (kinds: string[], list = batches) =>
            list.filter(({ kind }) => kinds.includes(kind)).reduce((n, { size }) => n + size, 0);
          expect(sum(['make'])).toBe(count);
          expect(sum(['box', 'case'])).toBe(need.boxes + need.cases);
          const done = batches.slice(0, steps % (batches.length + 1));
          const left = remaining(batches, { made: sum(['make'], done), packed: sum(['box', 'case'], done) });
          expect(left).toEqual(batches.slice(done.length));
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('the root of a lot', () => {
  const args = {
    lot: lotIdOf(LINK),
    maker: `0x${'1'.repeat(40)}`,
    root: `0x${'2'.repeat(64)}`,
    amountPerUnit: '1000',
    singleUse: true,
  };
  const event = (name: string) => ({ contract: 'UnitRegistry', name, args, block: 7, time: setting.now });

  it('is read as the chain tells it, and blocked with a recall', async () => {
    await plan(order(3));
    expect((await readLotStatus(setting.ctx, LINK)).root).toBeNull();
    await applyLotRoots(setting.ctx.db, event('LotRegistered'));
    expect((await readLotStatus(setting.ctx, LINK)).root).toMatchObject({
      root: args.root,
      block: 7,
      blocked: false,
    });
    await applyLotRoots(setting.ctx.db, event('LotBlocked'));
    expect((await listLots(setting.ctx, { maker: idOf(s.MAKER) })).lots[0]!.root!.blocked).toBe(true);
    await applyLotRoots(setting.ctx.db, { ...event('UnitOpened'), contract: 'Other' });
    await resetLotRoots(setting.ctx.db);
    expect((await readLotStatus(setting.ctx, LINK)).root).toBeNull();
  });
});

describe('events from before goods were followed', () => {
  it('are followed once, and from then on', async () => {
    const silent = { ...setting.ctx, listeners: [] };
    for (const event of [s.made(), ...s.way()])
      await captureEvent(silent, idOf(/(\d{13})$/.exec((event.readPoint as { id: string }).id)![1]!), event);
    await scheduleBackfill(setting.ctx);
    await scheduleBackfill(setting.ctx);
    expect(setting.work.map(({ kind }) => kind)).toEqual(['backfill-goods']);
    await backfillGoods(setting.ctx);
    const holder = async () => (await itemsOf(setting.ctx.db, [s.unit()])).get(s.unit())?.holder;
    expect(await holder()).toBe(s.CLINIC);
    await backfillGoods(setting.ctx);
    expect(await holder()).toBe(s.CLINIC);
    setting.work.length = 0;
    await scheduleBackfill(setting.ctx);
    expect(setting.work).toEqual([]);
  });
});
