/** Capture, trace and judgement over a real PostgreSQL. */
import { fileURLToPath } from 'node:url';
import type { AppError, Hex, RouteContract, RouteInput } from '@zhenmei/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../platform/db/testing.ts';
import { captureEvent } from '../app/capture-event.ts';
import type { ProvenanceContext } from '../app/context.ts';
import { judgeUnit } from '../app/judge-unit.ts';
import * as s from '../app/stories.property.ts';
import { EpcisEvent, eventLeafText } from '../core/events.ts';
import type { ProductBody } from '../core/product.ts';
import type { Site } from '../ports.ts';
import { provenanceHandlers } from './http.ts';
import type { ProvenanceDatabase } from './schema.ts';

const name = (text: string) => ({ zh: text, en: text });
const sites: Site[] = s.PARTIES.map(({ gln, role, licensedForToxin }, i) => ({
  id: `00000000-0000-7000-8000-00000000000${i}`,
  gln,
  kind: role,
  name: name(role),
  city: name('city'),
  licensedForToxin,
}));
const idOf = (gln: string) => sites.find((site) => site.gln === gln)!.id;

const PRODUCT: ProductBody = {
  gtin: s.GTIN,
  name: name('filler'),
  class: 'III',
  registration: 'R1',
  approvedRoutes: ['intradermal'],
  approvedRegions: ['CN'],
  storage: { minC: 2, maxC: 25, maxMinutesOut: 60 },
  singleUse: true,
  isToxin: false,
  maxAmountPerUnit: 1000,
  amountUnit: 'uL',
  ingredients: ['hyaluronic-acid'],
};

let database: TestDatabase;
let ctx: ProvenanceContext;
let leaves: { type: number; text: string; key: string }[] = [];
let openings = 0;

beforeAll(async () => {
  database = await testDatabase([
    { module: 'provenance', dir: fileURLToPath(new URL('./migrations', import.meta.url)) },
  ]);
});
afterAll(() => database.close());
beforeEach(async () => {
  leaves = [];
  openings = 0;
  const db = database.as<ProvenanceDatabase>();
  for (const table of [
    'provenance.event_epc',
    'provenance.event',
    'provenance.lot',
    'provenance.product',
  ] as const)
    await db.deleteFrom(table).execute();
  ctx = {
    db,
    clock: { now: () => Date.parse(s.day(10)) },
    log: { append: async (_tx, type, text, key) => void leaves.push({ type, text, key }) },
    parties: { byId: async (id) => sites.find((site) => site.id === id) ?? null, all: async () => sites },
    unitUse: { openings: async () => ({ openings, used: 0 }) },
  };
  await handlers().registerProduct(input(s.MAKER, { product: PRODUCT }));
});

const handlers = () => provenanceHandlers(ctx);
const input = (gln: string | null, body?: unknown, query: unknown = {}, params: unknown = {}) =>
  ({
    body,
    query,
    params,
    caller: gln === null ? null : { seat: 'desk', accountId: '', organisationId: idOf(gln), sessionId: '' },
    bearer: null,
    lang: 'en',
    idempotencyKey: null,
  }) as unknown as RouteInput<RouteContract> as never;
const where = (event: Record<string, unknown>) =>
  /(\d{13})$/.exec((event.readPoint as { id: string }).id)![1]!;
const tell = async (events: Record<string, unknown>[]) => {
  const told = [];
  for (const event of events) told.push(await captureEvent(ctx, idOf(where(event)), event));
  return told;
};
const code = async (run: () => Promise<unknown>) =>
  run().then(
    () => 'none',
    (error: AppError) => error.code,
  );
const before = { purpose: 'before-use', place: s.CLINIC, region: 'CN', route: 'intradermal' } as const;

describe('capture', () => {
  it('stores the normal form, once, with one leaf whose text is the event', async () => {
    const [first] = await tell([s.made()]);
    const urn = JSON.parse(
      JSON.stringify(s.made()).replaceAll('"commissioning"', '"cbv:BizStep-commissioning"'),
    ) as Record<string, unknown>;
    const [again] = await tell([{ ...urn, eventID: 'urn:uuid:9', recordTime: s.day(3) }]);
    expect(again).toEqual(first);
    expect(leaves).toHaveLength(1);
    expect(leaves[0]).toMatchObject({ type: 1, key: `event/${first!.digest}` });
    const read = EpcisEvent.safeParse(JSON.parse(leaves[0]!.text));
    expect(read.success && eventLeafText(read.data)).toBe(leaves[0]!.text);
    expect(first!.eventID).toMatch(/^ni:\/\/\/sha-256;[0-9a-f]{64}\?ver=CBV2\.0$/);
  });

  it('takes a document as a whole or not at all', async () => {
    const document = (events: unknown[]) => ({
      '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
      type: 'EPCISDocument',
      schemaVersion: '2.0',
      creationDate: s.day(1),
      epcisBody: { eventList: events },
    });
    const capture = (body: unknown) => handlers().capture(input(s.MAKER, body));
    const both = (await capture(document([s.made(), s.ship(s.day(1), s.MAKER, s.DISTRIBUTOR)]))) as {
      digest: Hex;
      events: unknown[];
    };
    expect(both.events).toHaveLength(2);
    expect(await code(() => capture(document([s.recall(s.day(2)), { ...s.made(), action: 'CHANGE' }])))).toBe(
      'EVENT_INVALID',
    );
    expect(leaves).toHaveLength(2);
    expect(await code(() => capture({ type: 'EPCISDocument', epcisBody: {} }))).toBe('EVENT_INVALID');
  });

  it('names the place of a fault', async () => {
    await expect(captureEvent(ctx, idOf(s.MAKER), { ...s.made(), bizStep: 'selling' })).rejects.toMatchObject(
      { code: 'EVENT_INVALID', params: { path: '/bizStep' } },
    );
    await expect(
      captureEvent(ctx, idOf(s.MAKER), {
        ...s.made(),
        epcList: [s.unit(), `urn:epc:id:sgtin:952100000.0000.S1`],
      }),
    ).resolves.toBeDefined();
    await expect(captureEvent(ctx, idOf(s.MAKER), 'x')).rejects.toMatchObject({ code: 'EVENT_INVALID' });
    await expect(
      captureEvent(ctx, idOf(s.MAKER), {
        ...s.made(),
        epcList: [s.unit(), s.unit().replace('id.gs1.org', 'example.com')],
      }),
    ).rejects.toMatchObject({ code: 'EVENT_INVALID' });
  });

  it.each([
    ['somebody else’s site', s.DISTRIBUTOR, s.made(), 'EVENT_NOT_YOURS'],
    [
      'production by a trader',
      s.GREY_TRADER,
      s.event(s.day(1), 'commissioning', s.GREY_TRADER, { action: 'ADD', epcList: [s.unit('X')] }),
      'EVENT_NOT_YOUR_ROLE',
    ],
    ['use by a distributor', s.DISTRIBUTOR, s.use(s.day(1), s.DISTRIBUTOR), 'EVENT_NOT_YOUR_ROLE'],
    ['a recall by a clinic', s.CLINIC, s.recall(s.day(1), s.CLINIC), 'EVENT_NOT_YOUR_ROLE'],
    ['a recall by the regulator', s.REGULATOR, s.recall(s.day(1), s.REGULATOR), 'none'],
  ])('of %s', async (_what, gln, event, wanted) => {
    expect(await code(() => captureEvent(ctx, idOf(gln), event))).toBe(wanted);
  });

  it('needs a signed-in organisation', async () => {
    expect(await code(() => Promise.resolve().then(() => handlers().capture(input(null, s.made()))))).toBe(
      'EVENT_NOT_YOURS',
    );
    expect(await code(() => captureEvent(ctx, 'nobody', s.made()))).toBe('EVENT_NOT_YOURS');
  });

  it('takes part in a transaction that fails, and leaves nothing', async () => {
    await expect(
      ctx.db.transaction().execute(async (tx) => {
        await captureEvent(ctx, idOf(s.MAKER), s.made(), tx);
        throw new Error('later');
      }),
    ).rejects.toThrow('later');
    expect(await ctx.db.selectFrom('provenance.event').selectAll().execute()).toEqual([]);
  });
});

describe('a unit', () => {
  const cased = [
    s.made(),
    s.pack(s.day(0, 1), s.box(), [s.unit()]),
    ...s.move(1, s.MAKER, s.DISTRIBUTOR, [s.box()]),
    ...s.move(5, s.DISTRIBUTOR, s.CLINIC, [s.box()]),
  ];

  it('is judged with what happened to its case', async () => {
    await tell(cased);
    const { view, events } = await judgeUnit(ctx, { code: s.unit(), ...before });
    expect(view).toMatchObject({
      level: 'green',
      lot: 'L1',
      expiry: '2027-12-31',
      handovers: { signed: 2, total: 2 },
      product: { gtin: s.GTIN },
    });
    expect(view.trail.map(({ step }) => step)).toEqual([
      'commissioning',
      'shipping',
      'receiving',
      'shipping',
      'receiving',
    ]);
    expect(events).toHaveLength(6);
  });

  it('is recalled with its lot, and says by whom', async () => {
    await tell([...cased, s.recall(s.day(8))]);
    const { view } = await judgeUnit(ctx, { code: s.unit(), purpose: 'public' });
    expect(view).toMatchObject({
      level: 'red',
      reasons: [{ code: 'RECALLED_LOT', by: name('maker'), at: s.day(8) }],
    });
  });

  it('was warm in the room it lay in', async () => {
    await tell([
      ...cased,
      s.event(s.day(8), 'sensor_reporting', s.CLINIC, s.warm(s.day(7), s.day(7, 3), 40)),
    ]);
    expect(
      (await judgeUnit(ctx, { code: s.unit(), ...before })).verdict.reasons.map(({ code: one }) => one),
    ).toEqual(['COLD_CHAIN_EXCURSION']);
  });

  it('counts as used once the registry on chain says so', async () => {
    await tell(cased);
    openings = 1;
    expect(
      (await judgeUnit(ctx, { code: s.unit(), ...before })).verdict.reasons.map(({ code: one }) => one),
    ).toEqual(['ALREADY_USED']);
  });

  it('is answered at its Digital Link address, and for codes of all kinds', async () => {
    await tell(cased);
    const at = (params: object) =>
      handlers().resolve(input(null, undefined, {}, params)) as Promise<{
        level: string;
        unit: string | null;
        reasons: { code: string; text: { en: string } }[];
      }>;
    expect(await at({ gtin: s.GTIN, serial: 'S1' })).toMatchObject({ level: 'green', unit: s.unit() });
    expect(await at({ gtin: s.GTIN, serial: 'S2' })).toMatchObject({
      level: 'red',
      reasons: [{ code: 'UNKNOWN_SERIAL' }],
    });
    const wrong = await at({ gtin: '12345678901234', serial: 'S2' });
    expect(wrong.reasons[0]!.code).toBe('MALFORMED_CODE');
    expect(wrong.reasons[0]!.text.en).toMatch(/check digit/);
    const verify = (text: string) =>
      handlers().verify(input(null, undefined, { code: text })) as Promise<{ level: string }>;
    expect((await verify('81234567890123456781')).level).toBe('grey');
  });
});

describe('queries', () => {
  interface Page {
    epcisBody: { queryResults: { resultsBody: { eventList: { bizStep: string; eventID: string }[] } } };
    'zm:nextPageToken': string | null;
  }
  const events = async (query: object) =>
    (await handlers().events(input(null, undefined, query))) as unknown as Page;
  const stepsOf = (page: Page) =>
    page.epcisBody.queryResults.resultsBody.eventList.map(({ bizStep }) => bizStep).sort();

  it('find by identifier in any writing, by step and by time, page by page', async () => {
    await tell([s.made(), ...s.way(), s.recall(s.day(8))]);
    expect(stepsOf(await events({}))).toHaveLength(6);
    expect(
      stepsOf(await events({ MATCH_anyEPC: s.unit().replace('id.gs1.org', 'example.com') })),
    ).toHaveLength(5);
    expect(stepsOf(await events({ EQ_bizStep: 'cbv:BizStep-shipping' }))).toEqual(['shipping', 'shipping']);
    expect(stepsOf(await events({ GE_eventTime: s.day(5), LT_eventTime: s.day(6) }))).toEqual(['shipping']);
    const seen: string[] = [];
    for (let token: string | null | undefined; token !== null; ) {
      const page: Page = await events({ perPage: 2, ...(token ? { nextPageToken: token } : {}) });
      seen.push(...page.epcisBody.queryResults.resultsBody.eventList.map(({ eventID }) => eventID));
      token = page['zm:nextPageToken'];
    }
    expect(new Set(seen).size).toBe(6);
    expect(await code(() => events({ nextPageToken: 'x' }))).toBe('QUERY_INVALID');
  });
});

describe('products and lots', () => {
  it('belong to their maker', async () => {
    const h = handlers();
    expect(await code(() => h.registerProduct(input(s.GREY_TRADER, { product: PRODUCT })))).toBe(
      'PRODUCT_EXISTS',
    );
    expect(await h.registerProduct(input(s.MAKER, { product: { ...PRODUCT, class: 'II' } }))).toEqual({
      gtin: s.GTIN,
    });
    expect(await h.readProduct(input(null, undefined, {}, { gtin: s.GTIN }))).toMatchObject({
      product: { class: 'II' },
      maker: name('maker'),
    });
    expect(await code(() => h.readProduct(input(null, undefined, {}, { gtin: s.VIAL })))).toBe(
      'PRODUCT_UNKNOWN',
    );
    const lot = { link: `https://id.gs1.org/01/${s.GTIN}/10/L1`, gtin: s.GTIN, units: [s.unit()] };
    expect(await h.registerLot(input(s.MAKER, lot))).toEqual({ link: lot.link, units: 1 });
    expect(await h.registerLot(input(s.MAKER, lot))).toEqual({ link: lot.link, units: 1 });
    expect(await code(() => h.registerLot(input(s.MAKER, { ...lot, units: [s.unit('S2')] })))).toBe(
      'LOT_EXISTS',
    );
    expect(await code(() => h.registerLot(input(s.GREY_TRADER, lot)))).toBe('PRODUCT_UNKNOWN');
    expect(await h.readLot(input(null, undefined, { link: lot.link }))).toMatchObject({ units: [s.unit()] });
    expect(await code(() => h.readLot(input(null, undefined, { link: 'x' })))).toBe('PRODUCT_UNKNOWN');
  });
});
