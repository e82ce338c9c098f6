/** Master data over a real PostgreSQL: stated anew, never lost. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../../../platform/db/testing.ts';
import type { ProductBody } from '../core/product.ts';
import { judgeUnit } from './judge-unit.ts';
import { listProducts, productHistory, readProduct, registerProduct } from './products.ts';
import * as s from './stories.property.ts';
import {
  codeOf,
  idOf,
  nameOf,
  newSetting,
  openDatabase,
  PRODUCT,
  type Setting,
} from './supply/setting.property.ts';

let database: TestDatabase;
let setting: Setting;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  setting = await newSetting(database);
});

const gtin = (n: number) => {
  const body = `095210000010${n}`.padEnd(13, '0').slice(0, 13);
  const sum = [...body].reduce((all, d, i) => all + Number(d) * (i % 2 === 0 ? 3 : 1), 0);
  return body + String((10 - (sum % 10)) % 10);
};
const state = (product: ProductBody, note?: string) =>
  registerProduct(setting.ctx, idOf(s.MAKER), product, undefined, note);

describe('master data', () => {
  it('stated anew is a new version with its date and reason; the same again is none', async () => {
    const own = { ...PRODUCT, gtin: gtin(1) };
    await state(own);
    setting.now += 86_400_000;
    await state({ ...own, storage: { ...own.storage, maxC: 30 } }, 'stability study');
    await state({ ...own, storage: { ...own.storage, maxC: 30 } });
    const history = await productHistory(setting.ctx, own.gtin);
    expect(history.map(({ version, note, body }) => [version, note, body.storage.maxC])).toEqual([
      [2, 'stability study', 30],
      [1, null, 25],
    ]);
    expect(history[0]!.changedAt.getTime() - history[1]!.changedAt.getTime()).toBe(86_400_000);
  });

  it('is read as it was at a time', async () => {
    const own = { ...PRODUCT, gtin: gtin(2) };
    const first = setting.now;
    await state(own);
    setting.now += 1_000;
    await state({ ...own, class: 'II' });
    const classAt = async (at?: number) => (await readProduct(setting.ctx, own.gtin, at)).product.class;
    expect(await classAt()).toBe('II');
    expect(await classAt(first)).toBe('III');
    expect(await classAt(first + 999)).toBe('III');
    expect(await classAt(first + 1_000)).toBe('II');
    // before it was first stated, the first version is all there is
    expect(await classAt(first - 5_000)).toBe('III');
  });

  it('keeps the regulator’s authorisation until a new one comes', async () => {
    const own = { ...PRODUCT, gtin: gtin(3) };
    await registerProduct(setting.ctx, idOf(s.MAKER), own, 'signed');
    await state({ ...own, class: 'II' });
    expect((await readProduct(setting.ctx, own.gtin)).authorisation).toBe('signed');
    await registerProduct(setting.ctx, idOf(s.MAKER), own, 'signed anew');
    expect((await readProduct(setting.ctx, own.gtin)).authorisation).toBe('signed anew');
  });

  it('cannot be changed behind its back', async () => {
    const { db } = setting.ctx;
    for (const statement of [
      sql`update provenance.product_version set note = 'x'`,
      sql`delete from provenance.product_version`,
    ])
      await expect(statement.execute(db)).rejects.toThrow(/only grows/);
  });

  it('takes its lists from the approvals, whatever the lists say', async () => {
    const own = {
      ...PRODUCT,
      gtin: gtin(4),
      approvedRegions: ['US'],
      approvedRoutes: ['intravenous'],
      approvals: [{ region: 'CN', routes: ['intradermal'], number: 'N1', until: '2026-03-20' }],
    };
    await state(own);
    const { product } = await readProduct(setting.ctx, own.gtin);
    expect([product.approvedRegions, product.approvedRoutes]).toEqual([['CN'], ['intradermal']]);
    const codes = async (region: string) =>
      (
        await judgeUnit(setting.ctx, {
          code: s.unit('X', own.gtin),
          purpose: 'public',
          region,
          route: 'intradermal',
        })
      ).verdict.reasons.map(({ code }) => code);
    expect(await codes('CN')).not.toContain('NOT_APPROVED_FOR_USE');
    expect(await codes('US')).toContain('NOT_APPROVED_FOR_USE');
    setting.now = Date.parse('2026-03-21T00:00:00Z');
    expect(await codes('CN')).toContain('NOT_APPROVED_FOR_USE');
  });

  const approved = (approval: object): object => ({ approvals: [{ region: 'CN', ...approval }] });
  it.each([
    ['a wrong check digit', { gtin: '09521000000011' }, 'PRODUCT_GTIN_WRONG'],
    ['a wrong check digit inside', { contains: { gtin: '09521000000011', count: 2 } }, 'PRODUCT_GTIN_WRONG'],
    ['a range that is none', { storage: { minC: 8, maxC: 2, maxMinutesOut: 0 } }, 'PRODUCT_STORAGE_WRONG'],
    ['negative minutes', { storage: { minC: 2, maxC: 8, maxMinutesOut: -1 } }, 'PRODUCT_STORAGE_WRONG'],
    [
      'a kinetic limit above the range',
      { storage: { minC: 2, maxC: 8, maxMinutesOut: 0, maxMeanKineticC: 9 } },
      'PRODUCT_STORAGE_WRONG',
    ],
    ['an approval without a route', approved({ routes: [] }), 'PRODUCT_ROUTE_MISSING'],
    [
      'class II for injection',
      approved({ class: 'II', routes: ['topical', 'intradermal-injection'] }),
      'PRODUCT_ROUTE_WRONG',
    ],
    [
      'class II for injection, in the old writing',
      { class: 'II', ...approved({ route: '皮内注射' }) },
      'PRODUCT_ROUTE_WRONG',
    ],
  ])('is refused with %s', async (_what, more, wanted) => {
    const own = { ...PRODUCT, gtin: gtin(5), ...(more as object) } as ProductBody;
    expect(await codeOf(() => state(own))).toBe(wanted);
    expect(await codeOf(() => readProduct(setting.ctx, own.gtin))).toBe('PRODUCT_UNKNOWN');
  });

  it('comes from makers only, and a number belongs to one of them', async () => {
    const own = { ...PRODUCT, gtin: gtin(6) };
    for (const gln of [s.CLINIC, s.DISTRIBUTOR, s.REGULATOR])
      expect(await codeOf(() => registerProduct(setting.ctx, idOf(gln), own))).toBe('NOT_A_MAKER');
    expect(await codeOf(() => registerProduct(setting.ctx, 'nobody', own))).toBe('NOT_A_MAKER');
    await state(own);
    expect(await codeOf(() => registerProduct(setting.ctx, idOf(s.CLINIC), own))).toBe('PRODUCT_EXISTS');
  });

  it('stated by two devices at once is one version each, none lost', async () => {
    const own = { ...PRODUCT, gtin: gtin(7) };
    await Promise.all([1, 2, 3, 4].map((n) => state({ ...own, maxAmountPerUnit: n })));
    const history = await productHistory(setting.ctx, own.gtin);
    expect(history.map(({ version }) => version)).toEqual([4, 3, 2, 1]);
    expect((await readProduct(setting.ctx, own.gtin)).product).toEqual(history[0]!.body);
  });
});

describe('the list', () => {
  const names = async (query: object) =>
    (await listProducts(setting.ctx, query)).products.map(({ product }) => product.name.en);

  it('finds by name, number and registration, and by maker', async () => {
    await state({ ...PRODUCT, gtin: gtin(8), name: { zh: '澄润', en: 'Clear 100%' }, registration: 'REG-8' });
    expect(await names({})).toEqual(['filler', 'Clear 100%']);
    expect(await names({ query: '澄润' })).toEqual(['Clear 100%']);
    expect(await names({ query: 'clear reg-8' })).toEqual(['Clear 100%']);
    expect(await names({ query: gtin(8).slice(4) })).toEqual(['Clear 100%']);
    expect(await names({ query: '100%' })).toEqual(['Clear 100%']);
    expect(await names({ query: '1_0' })).toEqual([]);
    expect(await names({ query: 'nothing like it' })).toEqual([]);
    expect(await names({ maker: idOf(s.MAKER) })).toHaveLength(2);
    expect(await names({ maker: idOf(s.CLINIC) })).toEqual([]);
  });

  it('says who makes it, which version it is and since when', async () => {
    const { products, more } = await listProducts(setting.ctx, {});
    expect(more).toBe(false);
    expect(products[0]).toMatchObject({
      maker: nameOf('maker 0'),
      changedAt: new Date(setting.now),
    });
  });

  it('has no history for a number that nobody stated', async () => {
    expect(await codeOf(() => productHistory(setting.ctx, gtin(9)))).toBe('PRODUCT_UNKNOWN');
  });
});
