/** Courses over a real PostgreSQL: prices with a plan, times of sessions, and what the ledger's events do to the parts. */
import path from 'node:path';
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import { DAY, type Hex, newId, sha256, toHex0x, toIso, utf8 } from '@zhenmei/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CareDatabase } from '../adapters/schema.ts';
import type { Plan } from '../core/plan.ts';
import { planParts } from '../core/plan.ts';
import type { ServiceBody } from '../core/service.ts';
import type { ServiceStandard } from '../core/standard.ts';
import type { VisitState } from '../core/visit.ts';
import type { CareContext } from './context.ts';
import { assertPartReady, partOf, partsView } from './course.ts';
import { pickTime } from './effects/pick-time.ts';
import { type ChainEvent, onChainEvent } from './on-chain-event.ts';
import { publishPriceList, quoteOf, reviseQuote } from './price-lists.ts';
import { lockVisit } from './take-step.ts';

import '../index.ts';

const NOW = 1_800_000_000_000;
const name = (text: string) => ({ zh: text, en: text });
const id = () => newId(NOW, bytes(10));
let calls = 0;
const bytes = (length: number) => sha256(utf8(`c${++calls}`)).slice(0, length) as Uint8Array<ArrayBuffer>;
const [CLINIC, DOCTOR, OTHER] = [1, 2, 3].map((n) => `00000000-0000-7000-8000-00000000000${n}`) as [
  string,
  string,
  string,
];
const plan: Plan = {
  sessions: 2,
  everyDays: 21,
  deposit: { bps: 1_000, windowDays: 3 },
  followUp: { bps: 500, afterDays: 30 },
};
const ITEMS = [{ name: name('session'), quantity: 2, unitPrice: '100000' }];
const standard = { id: 'care', version: '1.0', acceptanceWindow: 7 * 86_400, dueAfter: 30 * 86_400 };
const body = {
  procedure: { code: 'booster' },
  currency: 'CNY',
  items: ITEMS,
  excluded: [],
  doctors: [DOCTOR],
  standard: { id: 'care', version: '1.0' },
  plan,
} as unknown as ServiceBody;

let database: TestDatabase;
let ctx: CareContext;
let service: string;
const AGREEMENT: Hex = `0x${'a1'.repeat(32)}`;

beforeAll(async () => {
  database = await testDatabase([
    { module: 'care', dir: path.join(import.meta.dirname, '../adapters/migrations') },
  ]);
  ctx = {
    db: database.as<CareDatabase>(),
    clock: { now: () => NOW },
    random: { bytes },
    notices: { visitChanged: async () => undefined },
  } as unknown as CareContext;
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.pool.query(
    'truncate care.service, care.slot, care.visit, care.price_list, care.standard cascade',
  );
  service = id();
  await ctx.db
    .insertInto('care.standard')
    .values({
      hash: 'h',
      id: 'care',
      version: '1.0',
      body: JSON.stringify(standard as never as ServiceStandard),
      published_at: new Date(NOW),
    })
    .execute();
  await ctx.db
    .insertInto('care.service')
    .values({
      id: service,
      clinic_id: CLINIC,
      code: 'booster',
      body: JSON.stringify(body),
      published_at: new Date(NOW),
      withdrawn_at: null,
    })
    .execute();
});

async function slotAt(startsAt: number, doctor = DOCTOR): Promise<string> {
  const slot = id();
  await ctx.db
    .insertInto('care.slot')
    .values({ id: slot, clinic_id: CLINIC, doctor_id: doctor, starts_at: new Date(startsAt), minutes: 30 })
    .execute();
  return slot;
}

async function visitIn(state: VisitState, more: { part?: number; slot?: string; agreement?: Hex } = {}) {
  const visitId = id();
  const startsAt = NOW + 20 * DAY;
  const slot = more.slot ?? (await slotAt(startsAt + calls * 60_000));
  const parts = planParts({ total: 200_000n, plan, startsAt: startsAt / 1000, standard });
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
      guardian_seen_at: null,
      review_commitment: '0',
      payout: zero,
      read_token_hash: zero,
      quote: JSON.stringify(await quoteOf(ctx, CLINIC, body, toIso(NOW + 5 * DAY))),
      agreement_id: more.agreement ?? AGREEMENT,
      terms: JSON.stringify({
        milestones: parts.map(({ amount, dueBy }) => ({ amount: amount.toString(), dueBy })),
      }),
      offer: null,
      consent: null,
      treatment: null,
      gate: null,
      part: more.part ?? 0,
      last_sequence: 0,
      last_hash: zero,
      lapses_at: null,
      created_at: new Date(NOW),
      updated_at: new Date(NOW),
    })
    .execute();
  return visitId;
}

const read = (visitId: string) => ctx.db.transaction().execute((tx) => lockVisit(tx, visitId));
const happened = (name: string, more: Partial<ChainEvent> = {}) =>
  ctx.db
    .transaction()
    .execute((tx) =>
      onChainEvent(ctx, tx, { name, agreement: AGREEMENT, block: 1, logIndex: ++calls, ...more }),
    );
const codeOf = async (work: () => unknown): Promise<string> => {
  try {
    await work();
    return 'done';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};

describe('a price list', () => {
  const priced = (more: { plan?: Plan; items?: typeof ITEMS }) => ({
    validFrom: toIso(NOW),
    services: [{ code: 'booster', items: ITEMS, included: [], excluded: [], ...more }],
  });
  const quote = () => quoteOf(ctx, CLINIC, body, toIso(NOW + DAY));

  it('says anew how a price is divided, or that it is not', async () => {
    expect((await quote()).plan).toEqual(plan);
    const two: Plan = { sessions: 2, everyDays: 7 };
    await publishPriceList(ctx, CLINIC, priced({ plan: two }));
    expect((await quote()).plan).toEqual(two);
    await publishPriceList(ctx, CLINIC, priced({}));
    expect((await quote()).plan).toBeUndefined();
  });

  it('is refused where a part would be nothing, and so is a quote', async () => {
    const cheap = [{ ...ITEMS[0]!, quantity: 1, unitPrice: '5' }];
    expect(await codeOf(() => publishPriceList(ctx, CLINIC, priced({ plan, items: cheap })))).toBe(
      'PLAN_WRONG',
    );
    const visitId = await visitIn('quoted');
    const differs = [{ item: 'session', reason: name('cheaper') }];
    expect(
      await codeOf(() => reviseQuote(ctx, CLINIC, visitId, { items: cheap, excluded: [], differs })),
    ).toBe('PLAN_WRONG');
    const half = [{ ...ITEMS[0]!, unitPrice: '50000' }];
    expect(
      await codeOf(() => reviseQuote(ctx, CLINIC, visitId, { items: half, excluded: [], differs })),
    ).toBe('done');
    expect((await read(visitId)).quote.plan).toEqual(plan);
  });
});

describe('the time of a session', () => {
  const pick = async (visitId: string, slot: string, startsAt: number) => {
    const visit = await read(visitId);
    const input = { ctx, tx: ctx.db, visit, data: { slot, startsAt: toIso(startsAt) } } as never;
    return codeOf(() => pickTime.check(input));
  };

  it('is a free one of the same doctor, before the part falls due', async () => {
    const visitId = await visitIn('held', { part: 1 });
    const free = NOW + 25 * DAY;
    const good = await slotAt(free);
    expect(await pick(visitId, good, free)).toBe('done');
    expect(await pick(visitId, good, free + 60_000)).toBe('STEP_DATA_WRONG');
    const [other, past, late, taken] = [
      await slotAt(free, OTHER),
      await slotAt(NOW - DAY),
      await slotAt(NOW + 51 * DAY),
      await slotAt(free + DAY),
    ];
    await visitIn('agreed', { slot: taken, agreement: `0x${'b2'.repeat(32)}` });
    expect(await pick(visitId, other, free)).toBe('SLOT_TAKEN');
    expect(await pick(visitId, past, NOW - DAY)).toBe('SLOT_TAKEN');
    expect(await pick(visitId, late, NOW + 51 * DAY)).toBe('SESSION_TIME_LATE');
    expect(await pick(visitId, taken, free + DAY)).toBe('SLOT_TAKEN');
    expect(await pick(visitId, id(), free)).toBe('SLOT_TAKEN');
  });

  it('is needed before a session is prepared, and a deposit is settled before that', async () => {
    const visit = await read(await visitIn('held'));
    expect(await codeOf(() => assertPartReady(visit))).toBe('DEPOSIT_NOT_SETTLED');
    expect(await codeOf(() => assertPartReady({ ...visit, part: 1, needs_time: true }))).toBe(
      'SESSION_TIME_MISSING',
    );
    expect(await codeOf(() => assertPartReady({ ...visit, part: 1 }))).toBe('done');
  });
});

describe('the ledger’s events', () => {
  const stateOf = async (visitId: string) => {
    const visit = await read(visitId);
    return [visit.state, visit.part, visit.parts_paid, visit.needs_time];
  };
  const to = (visitId: string, state: VisitState) =>
    ctx.db.updateTable('care.visit').set({ state }).where('id', '=', visitId).execute();

  it('lead from part to part, each once', async () => {
    const visitId = await visitIn('held');
    expect(await happened('MilestoneClaimed', { milestone: 0 })).toBe(false);
    expect(await happened('MilestoneReleased', { milestone: 0, paid: true })).toBe(false);
    expect(await stateOf(visitId)).toEqual(['held', 1, 0, false]);
    // told again, nothing happens
    expect(await happened('MilestoneClaimed', { milestone: 0 })).toBe(false);
    expect(await happened('MilestoneReleased', { milestone: 0, paid: true })).toBe(false);
    expect(await stateOf(visitId)).toEqual(['held', 1, 0, false]);
    // a session is not claimed before it was done
    await happened('MilestoneClaimed', { milestone: 1 });
    expect(await stateOf(visitId)).toEqual(['held', 1, 0, false]);
    await to(visitId, 'performed');
    await happened('MilestoneClaimed', { milestone: 1 });
    await happened('MilestoneReleased', { milestone: 1, paid: true });
    expect(await stateOf(visitId)).toEqual(['held', 2, 1, true]);
    await to(visitId, 'performed');
    await happened('MilestoneClaimed', { milestone: 2 });
    await happened('MilestoneReleased', { milestone: 2, paid: true });
    expect(partOf(await read(visitId))).toMatchObject({ kind: 'follow-up', last: true, paid: true });
    await to(visitId, 'claimed');
    expect(await happened('MilestoneReleased', { milestone: 3, paid: true })).toBe(true);
    expect((await stateOf(visitId))[0]).toBe('released');
    const rows = await ctx.db.selectFrom('care.visit_part').select('part').orderBy('part').execute();
    expect(rows.map(({ part }) => part)).toEqual([0, 1, 2, 3]);
  });

  it('go on after a ruling about one part, which counts as paid only if something was', async () => {
    const visitId = await visitIn('performed', { part: 1 });
    await happened('MilestoneDisputed', { milestone: 1 });
    expect(await happened('MilestoneRuled', { milestone: 1, paid: false })).toBe(false);
    expect(await stateOf(visitId)).toEqual(['held', 2, 0, true]);
    // nothing that was done was paid: no receipt
    expect(await happened('AgreementClosed')).toBe(false);
    expect((await stateOf(visitId))[0]).toBe('cancelled');
  });

  it('end with what was paid last where the clinic closes in the middle', async () => {
    const visitId = await visitIn('claimed', { part: 1 });
    const done = JSON.stringify({ unit: 'u1', part: 1, session: 1 });
    await ctx.db.updateTable('care.visit').set({ treatment: done }).where('id', '=', visitId).execute();
    await happened('MilestoneReleased', { milestone: 1, paid: true });
    expect((await read(visitId)).treatment).toBeNull();
    const first = (await read(visitId)).slot_id;
    const next = await slotAt(NOW + 40 * DAY);
    const opened = JSON.stringify({ unit: 'u2', part: 2, session: 2 });
    await ctx.db
      .updateTable('care.visit')
      .set({ state: 'unsealed', treatment: opened, slot_id: next })
      .where('id', '=', visitId)
      .execute();
    expect(await happened('AgreementClosed')).toBe(true);
    const visit = await read(visitId);
    expect([visit.state, visit.treatment?.unit]).toEqual(['released', 'u1']);
    // the time of the session that will not be is free again
    expect([visit.slot_id, visit.needs_time]).toEqual([first, false]);
  });

  it('are shown part by part to both sides', async () => {
    const visitId = await visitIn('claimed', { part: 1 });
    await happened('MilestoneReleased', { milestone: 1, paid: true });
    const account = {
      state: 'active',
      held: 1n,
      paid: 1n,
      refunded: 0n,
      coolingEndsAt: null,
      dueBy: null,
      releasesAt: null,
    };
    const view = await partsView(ctx, await read(visitId), account);
    expect(view).toMatchObject({ present: 2, kind: 'session', n: 2, of: 2, needsTime: true, done: 1 });
    expect(view!.list.map(({ kind, amount, state }) => [kind, amount, state])).toEqual([
      ['deposit', '20000', 'held'],
      ['session', '85000', 'paid'],
      ['session', '85000', 'now'],
      ['follow-up', '10000', 'held'],
    ]);
    const before = await partsView(ctx, await read(visitId), null);
    expect(before!.list.at(-1)).toMatchObject({ state: 'planned' });
  });
});
