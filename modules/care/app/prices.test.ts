/** Price lists, quotes and change orders over a real PostgreSQL. */
import path from 'node:path';
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import { DAY, type Hex, newId, sha256, toHex0x, toIso, utf8 } from '@zhenmei/kernel';
import { packsOf } from '@zhenmei/policy';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CareDatabase } from '../adapters/schema.ts';
import { differingItems, unsaidDifference } from '../core/price-list.ts';
import type { ServiceBody } from '../core/service.ts';
import type { VisitState } from '../core/visit.ts';
import { acceptChange, declineChange, proposeChange, quoteOfChange, readChanges } from './change-orders.ts';
import type { CareContext } from './context.ts';
import { pricesOf, publishPriceList, quoteOf, readPriceLists, reviseQuote } from './price-lists.ts';
import { readSignedAgreement } from './read-signed-agreement.ts';

const NOW = 1_800_000_000_000;
const name = (text: string) => ({ zh: text, en: text });
const item = (text: string, price: number, quantity = 1) => ({
  name: name(text),
  quantity,
  unitPrice: String(price),
});
const [CLINIC, OTHER, DOCTOR] = [1, 2, 3].map((n) => `00000000-0000-7000-8000-00000000000${n}`) as [
  string,
  string,
  string,
];
const LISTED = [item('gel', 298_000), item('injection', 80_000)];
const body = {
  procedure: { code: 'filler' },
  currency: 'CNY',
  items: LISTED,
  excluded: [],
  doctors: [DOCTOR],
  standard: { id: 'care', version: '1.0' },
} as unknown as ServiceBody;
const TOKEN = 'read secret';

let database: TestDatabase;
let ctx: CareContext;
let now = NOW;
let calls = 0;
const bytes = (length: number) => sha256(utf8(`p${++calls}`)).slice(0, length) as Uint8Array<ArrayBuffer>;
const id = () => newId(NOW, bytes(10));
let service: string;

beforeAll(async () => {
  database = await testDatabase([
    { module: 'care', dir: path.join(import.meta.dirname, '../adapters/migrations') },
  ]);
  ctx = {
    db: database.as<CareDatabase>(),
    clock: { now: () => now },
    random: { bytes },
    identity: { clinic: async (clinicId: string) => (clinicId === CLINIC ? { region: 'CN-SH' } : null) },
    packs: packsOf,
  } as unknown as CareContext;
});
afterAll(() => database.close());
beforeEach(async () => {
  now = NOW;
  await database.pool.query(
    'truncate care.service, care.slot, care.visit, care.price_list, care.change_order cascade',
  );
  service = id();
  await ctx.db
    .insertInto('care.service')
    .values({
      id: service,
      clinic_id: CLINIC,
      code: 'filler',
      body: JSON.stringify(body),
      published_at: new Date(NOW),
      withdrawn_at: null,
    })
    .execute();
});

async function visit(state: VisitState, of = body): Promise<string> {
  const [visitId, slot] = [id(), id()];
  await ctx.db
    .insertInto('care.slot')
    .values({
      id: slot,
      clinic_id: CLINIC,
      doctor_id: DOCTOR,
      starts_at: new Date(NOW + ++calls * DAY),
      minutes: 30,
    })
    .execute();
  const zero: Hex = `0x${'0'.repeat(64)}`;
  await ctx.db
    .insertInto('care.visit')
    .values({
      id: visitId,
      clinic_id: CLINIC,
      doctor_id: DOCTOR,
      service_id: service,
      slot_id: slot,
      state,
      patient_address: toHex0x(bytes(20)),
      patient_seal_key: '',
      minor: null,
      review_commitment: '0',
      payout: zero,
      read_token_hash: toHex0x(sha256(utf8(TOKEN))),
      quote: JSON.stringify(await quoteOf(ctx, CLINIC, of, toIso(NOW + 5 * DAY))),
      agreement_id: null,
      terms: null,
      offer: null,
      consent: null,
      treatment: null,
      gate: null,
      last_sequence: 0,
      last_hash: zero,
      lapses_at: null,
      created_at: new Date(now),
      updated_at: new Date(now),
    })
    .execute();
  return visitId;
}
const list = (items = LISTED, validFrom = now, code = 'filler') => ({
  validFrom: toIso(validFrom),
  services: [{ code, items, included: [name('follow-up')], excluded: [name('more gel')] }],
});
const reader = { token: TOKEN, organisationId: null };

describe('a price list', () => {
  it('counts from its day on, and every version stays', async () => {
    await publishPriceList(ctx, CLINIC, list());
    await publishPriceList(ctx, CLINIC, list([item('gel', 310_000)], NOW + DAY));
    const total = async () => (await pricesOf(ctx, CLINIC, body, now)).items[0]!.unitPrice;
    expect(await total()).toBe('298000');
    now = NOW + DAY;
    expect(await total()).toBe('310000');
    const lists = await readPriceLists(ctx, CLINIC);
    expect(lists.map(({ list: l }) => l.version)).toEqual([2, 1]);
    const quote = await quoteOf(ctx, CLINIC, body, toIso(now + DAY));
    expect(quote).toMatchObject({ list: { version: 2, hash: lists[0]!.hash }, excluded: [name('more gel')] });
  });
  it('is not needed: a service keeps the price it was listed with', async () => {
    expect(await quoteOf(ctx, OTHER, body, toIso(NOW))).toEqual({
      currency: 'CNY',
      items: LISTED,
      excluded: [],
      validUntil: toIso(NOW),
    });
  });
  it('cannot begin in the past or before the one before it', async () => {
    await expect(publishPriceList(ctx, CLINIC, list(LISTED, NOW - 1))).rejects.toMatchObject({
      code: 'PRICE_LIST_TOO_EARLY',
    });
    await publishPriceList(ctx, CLINIC, list(LISTED, NOW + DAY));
    await expect(publishPriceList(ctx, CLINIC, list())).rejects.toMatchObject({
      code: 'PRICE_LIST_TOO_EARLY',
    });
  });
  it('holds exactly what the clinic lists', async () => {
    const { services } = list();
    for (const wrong of [list(LISTED, now, 'laser'), { ...list(), services: [...services, ...services] }])
      await expect(publishPriceList(ctx, CLINIC, wrong)).rejects.toMatchObject({ code: 'PRICE_LIST_WRONG' });
    await expect(publishPriceList(ctx, OTHER, list())).rejects.toMatchObject({ code: 'PRICE_LIST_WRONG' });
  });

  const keeping = (bps: number, hours = 48, more: object = {}) => {
    const { services, ...rest } = list();
    return { ...rest, services: services.map((s) => ({ ...s, cancellation: [{ hours, bps }], ...more })) };
  };
  it('says what is kept of a visit that is cancelled; the next one without it gives everything back', async () => {
    await publishPriceList(ctx, CLINIC, keeping(1_000));
    const quote = () => quoteOf(ctx, CLINIC, body, toIso(NOW + DAY));
    expect((await quote()).cancellation).toEqual([{ hours: 48, bps: 1_000 }]);
    // what a visit was quoted with stays when the clinic changes its prices
    const visitId = await visit('quoted');
    await publishPriceList(ctx, CLINIC, list());
    expect(await quote()).not.toHaveProperty('cancellation');
    await reviseQuote(ctx, CLINIC, visitId, { items: LISTED, excluded: [], differs: [] });
    const row = await ctx.db
      .selectFrom('care.visit')
      .select('quote')
      .where('id', '=', visitId)
      .executeTakeFirstOrThrow();
    expect(row.quote.cancellation).toEqual([{ hours: 48, bps: 1_000 }]);
  });
  it.each([
    ['SCOPE_REFUSED', 'cancellation-share', () => keeping(2_001)],
    ['SCOPE_REFUSED', 'cancellation-hours', () => keeping(1_000, 169)],
    ['CANCELLATION_WITH_PLAN', undefined, () => keeping(1_000, 48, { plan: { sessions: 2, everyDays: 7 } })],
  ])('is refused as %s %s', async (code, rule, given) => {
    await ctx.db
      .insertInto('care.standard')
      .values({
        hash: 'h',
        id: 'care',
        version: '1.0',
        body: JSON.stringify({ dueAfter: 30 * 86_400, acceptanceWindow: 86_400 }) as never,
        published_at: new Date(NOW),
      })
      .onConflict((c) => c.doNothing())
      .execute();
    const refused = publishPriceList(ctx, CLINIC, given(), 'en');
    await expect(refused).rejects.toMatchObject({ code, ...(rule ? { params: { rule } } : {}) });
    expect(await readPriceLists(ctx, CLINIC)).toEqual([]);
  });
  it('may keep nothing where no rule speaks of it', async () => {
    const lawless = { ...ctx, packs: () => [] };
    await expect(publishPriceList(lawless, CLINIC, keeping(100))).rejects.toMatchObject({
      code: 'SCOPE_REFUSED',
    });
  });
});

describe('a quote', () => {
  const dearer = [item('gel', 320_000), LISTED[1]!];
  it('that differs says so, item by item, or is refused', async () => {
    await publishPriceList(ctx, CLINIC, list());
    const visitId = await visit('quoted');
    const give = (
      items: typeof LISTED,
      differs: { item: string; reason: { zh: string; en: string } }[] = [],
    ) => reviseQuote(ctx, CLINIC, visitId, { items, excluded: [], differs });
    await give(LISTED);
    await expect(give(dearer)).rejects.toMatchObject({
      code: 'QUOTE_DIFFERS_UNSAID',
      params: { item: 'gel' },
    });
    await expect(give([LISTED[0]!])).rejects.toMatchObject({ params: { item: 'injection' } });
    await give(dearer, [{ item: 'gel', reason: name('a larger syringe') }]);
    const { quote } = await ctx.db
      .selectFrom('care.visit')
      .select('quote')
      .where('id', '=', visitId)
      .executeTakeFirstOrThrow();
    expect(quote).toMatchObject({ list: { version: 1 }, items: dearer, differs: [{ item: 'gel' }] });
  });
  it('is the clinic’s own, and fixed once it was offered', async () => {
    const give = (clinic: string, visitId: string) =>
      reviseQuote(ctx, clinic, visitId, { items: LISTED, excluded: [], differs: [] });
    await expect(give(OTHER, await visit('quoted'))).rejects.toMatchObject({ code: 'VISIT_UNKNOWN' });
    await expect(give(CLINIC, await visit('offered'))).rejects.toMatchObject({ code: 'STEP_NOT_ALLOWED' });
  });
  it('differs exactly where an item is not the same', () => {
    const any = fc.array(
      fc
        .tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 }))
        .map(([text, price, n]) => item(text, price, n)),
      { maxLength: 5 },
    );
    const key = (items: typeof LISTED) =>
      items
        .map((i) => JSON.stringify(i))
        .toSorted()
        .join();
    fc.assert(
      fc.property(any, any, (a, b) => {
        const found = differingItems(a, b);
        expect(found.length === 0).toBe(key(a) === key(b));
        expect(
          unsaidDifference(
            a,
            b,
            found.map(({ zh }) => ({ item: zh })),
          ),
        ).toBeNull();
        if (found.length > 0) expect(unsaidDifference(a, b, [])).toEqual(found[0]);
      }),
    );
  });
});

describe('a change order', () => {
  const more = { items: [item('more gel', 150_000)], excluded: [], reason: name('the fold is deep') };
  it('waits beside the agreement, and is accepted once, for the same service', async () => {
    const visitId = await visit('unsealed');
    const before = await ctx.db
      .selectFrom('care.visit')
      .selectAll()
      .where('id', '=', visitId)
      .executeTakeFirst();
    const { id: order } = await proposeChange(ctx, CLINIC, visitId, more);
    expect(await readChanges(ctx, visitId, reader)).toMatchObject([
      { id: order, state: 'proposed', items: more.items },
    ]);
    expect(await quoteOfChange(ctx, order, service, toIso(NOW))).toMatchObject({ items: more.items });
    await expect(quoteOfChange(ctx, order, id(), toIso(NOW))).rejects.toMatchObject({
      code: 'CHANGE_ORDER_UNKNOWN',
    });
    await acceptChange(ctx, ctx.db, order);
    await expect(acceptChange(ctx, ctx.db, order)).rejects.toMatchObject({ code: 'CHANGE_ORDER_UNKNOWN' });
    expect(
      await ctx.db.selectFrom('care.visit').selectAll().where('id', '=', visitId).executeTakeFirst(),
    ).toEqual(before);
  });
  it('and a price list say the money that their service is priced in', async () => {
    const abroad: ServiceBody = { ...body, currency: 'SGD' };
    await ctx.db
      .updateTable('care.service')
      .set({ body: JSON.stringify(abroad) })
      .execute();
    const visitId = await visit('held', abroad);
    await proposeChange(ctx, CLINIC, visitId, more);
    expect(await readChanges(ctx, visitId, reader)).toMatchObject([{ currency: 'SGD' }]);
    await publishPriceList(ctx, CLINIC, list());
    // earlier versions are shown also when what they price is not listed any more
    await ctx.db
      .updateTable('care.service')
      .set({ withdrawn_at: new Date(now) })
      .execute();
    expect(await readPriceLists(ctx, CLINIC)).toMatchObject([{ currencies: { filler: 'SGD' } }]);
  });
  it('is declined by the patient alone', async () => {
    const visitId = await visit('held');
    const { id: order } = await proposeChange(ctx, CLINIC, visitId, more);
    await expect(declineChange(ctx, order, 'guess')).rejects.toMatchObject({ code: 'VISIT_UNKNOWN' });
    await declineChange(ctx, order, TOKEN);
    await expect(declineChange(ctx, order, TOKEN)).rejects.toMatchObject({ code: 'CHANGE_ORDER_UNKNOWN' });
    await expect(acceptChange(ctx, ctx.db, order)).rejects.toMatchObject({ code: 'CHANGE_ORDER_UNKNOWN' });
    await expect(declineChange(ctx, id(), TOKEN)).rejects.toMatchObject({ code: 'CHANGE_ORDER_UNKNOWN' });
  });
  it('lapses after two weeks, and belongs to a visit that is under way', async () => {
    const visitId = await visit('held');
    const { id: order } = await proposeChange(ctx, CLINIC, visitId, more);
    now += 14 * DAY + 1;
    expect(await readChanges(ctx, visitId, reader)).toMatchObject([{ state: 'lapsed' }]);
    await expect(acceptChange(ctx, ctx.db, order)).rejects.toMatchObject({ code: 'CHANGE_ORDER_UNKNOWN' });
    for (const state of ['quoted', 'agreed', 'closed'] as const)
      await expect(proposeChange(ctx, CLINIC, await visit(state), more)).rejects.toMatchObject({
        code: 'CHANGE_ORDER_NOT_NOW',
      });
    await expect(proposeChange(ctx, OTHER, visitId, more)).rejects.toMatchObject({ code: 'VISIT_UNKNOWN' });
  });
});

describe('the paper of an agreement', () => {
  it('exists once both have signed, for those who may read the visit', async () => {
    const visitId = await visit('quoted');
    await expect(readSignedAgreement(ctx, visitId, reader)).rejects.toMatchObject({
      code: 'AGREEMENT_NOT_SIGNED',
    });
    await expect(readSignedAgreement(ctx, visitId, { ...reader, token: 'guess' })).rejects.toMatchObject({
      code: 'VISIT_UNKNOWN',
    });
  });
});
