/** Capture, trace and judgement over a real PostgreSQL. */
import { randomBytes } from 'node:crypto';
import type { RouteContract, RouteInput } from '@zhenmei/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { VerifyContext } from '../app/ask-unit.ts';
import { captureDocument, captureEvent } from '../app/capture-event.ts';
import type { EpcisContext } from '../app/context.ts';
import { judgeUnit } from '../app/judge-unit.ts';
import * as s from '../app/stories.property.ts';
import { EpcisEvent, eventLeafText } from '../core/events.ts';
import { GuessWatch } from '../core/guessing.ts';
import type { ProductBody } from '../core/product.ts';
import type { Leaf } from '../ports.ts';
import { provenanceHandlers } from './http.ts';
import { codeOf, idOf, openRepository, type Repository } from './repository.property.ts';

const name = (text: string) => ({ zh: text, en: text });

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

let repository: Repository;
let ctx: EpcisContext & VerifyContext;
let leaves: readonly Leaf[];
let openings = 0;

beforeAll(async () => {
  repository = await openRepository();
  leaves = repository.leaves;
});
afterAll(() => repository.close());
beforeEach(async () => {
  await repository.clear();
  openings = 0;
  ctx = {
    ...repository.ctx,
    unitUse: { openings: async () => ({ openings, used: 0 }) },
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    home: 'https://zhenmei.example',
    guesses: new GuessWatch(),
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
    again: false,
  }) as unknown as RouteInput<RouteContract> as never;
const tell = (events: Record<string, unknown>[]) => repository.tell(events);
const code = codeOf;
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
    const capture = (body: unknown) => captureDocument(ctx, idOf(s.MAKER), body);
    expect(await capture(document([s.made(), s.ship(s.day(1), s.MAKER, s.DISTRIBUTOR)]))).toHaveLength(2);
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
    expect(
      await code(() => Promise.resolve().then(() => handlers().captureEvent(input(null, s.made())))),
    ).toBe('EVENT_NOT_YOURS');
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
      // stated by both sides, signed by none
      handovers: { signed: 0, total: 2 },
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

  it('is answered for codes of all kinds', async () => {
    await tell(cased);
    const verify = (text: string) =>
      handlers().verify(input(null, undefined, { code: text })) as Promise<{ level: string }>;
    expect((await verify('81234567890123456781')).level).toBe('grey');
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
