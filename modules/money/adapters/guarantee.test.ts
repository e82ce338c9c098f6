/** The guarantee over a real database: what may be promised, who may look, how a bond is paid in, what the chain tells. */
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import { DAY, type Hex } from '@zhenmei/kernel';
import { cn } from '@zhenmei/policy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CoverJson } from '../core/guarantee-cover.ts';
import {
  applyGuarantee,
  demoBank,
  dueCovers,
  guaranteeHandlers,
  type MoneyContext,
  onMinted,
  onPlaced,
  payOutDue,
  readEntries,
  resetGuarantee,
  transferAtDemoBank,
} from '../index.ts';
import {
  AGREEMENT,
  ARBITER,
  BOOK,
  CLINIC,
  callAs,
  codeOf,
  DUE_BY,
  draftFor,
  insertAgreement,
  NOW,
  PAYOUT,
  word,
} from './fixtures/cover-case.ts';

let db: TestDatabase;
let ctx: MoneyContext;
let now = NOW;
const minted: object[] = [];

beforeAll(async () => {
  db = await testDatabase([{ module: 'money', dir: new URL('./migrations/', import.meta.url) }]);
  let drawn = 0;
  ctx = {
    db: db.as(),
    clock: { now: () => now },
    random: { bytes: (n: number) => new Uint8Array(n).fill(++drawn) },
    settlement: { mint: async (_tx: unknown, order: object) => void minted.push(order) },
    rail: demoBank(db.as(), () => now),
    loans: null,
    checks: { units: async () => 0n },
    payee: { zh: '托管', en: 'Custody' },
    backing: {
      packs: [cn],
      authority: async () => ARBITER,
      poolLicensed: async () => false,
    },
    guarantee: {
      agreement: async (id: Hex) => (id === AGREEMENT ? { terms: { payout: PAYOUT }, dueBy: DUE_BY } : null),
      arbiter: async () => ARBITER,
      coverId: (cover: CoverJson) => word(JSON.stringify(cover)),
      nameOf: async () => ({ zh: '梅园', en: 'Plum' }),
    },
  } as unknown as MoneyContext;
  await insertAgreement(ctx.db, '650001');
});
afterAll(() => db?.close());

const SEATS = {
  clinic: { kind: 'clinic', account: CLINIC },
  other: { kind: 'clinic', account: `0x${'d'.repeat(40)}` as Hex },
  maker: { kind: 'maker', account: CLINIC },
  joining: { kind: 'clinic', account: null },
  authority: { kind: 'regulator', account: ARBITER },
} as const;
const as = (who: keyof typeof SEATS | 'nobody', call: string, input: object = {}) => {
  const handlers = guaranteeHandlers(ctx, async (id) => SEATS[id as keyof typeof SEATS] ?? null);
  return callAs(handlers, who, call, input);
};

const draft = (change: Partial<CoverJson> = {}): CoverJson => ({
  ...draftFor(650_001n),
  ...change,
});

const event = (contract: string, name: string, args: object, block = 1) =>
  applyGuarantee(ctx.db, { contract, name, args: args as never, block, logIndex: 0, time: now }, BOOK);

describe('a promise', () => {
  it.each([
    ['nobody', 'GUARANTEE_SEAT_WRONG'],
    ['maker', 'GUARANTEE_SEAT_WRONG'],
    ['joining', 'GUARANTEE_SEAT_WRONG'],
    ['other', 'COVER_NOT_POSSIBLE'],
  ] as const)('is not %s’s to give', async (who, code) => {
    expect(await codeOf(as(who, 'offerCover', { body: { cover: draft() } }))).toBe(code);
  });

  it('is about an agreement that is known and whose money is held', async () => {
    expect(
      await codeOf(as('clinic', 'offerCover', { body: { cover: draft({ agreement: word('x') }) } })),
    ).toBe('COVER_NOT_POSSIBLE');
    await ctx.db.updateTable('money.account').set({ state: 'claimed' }).execute();
    expect(await codeOf(as('clinic', 'offerCover', { body: { cover: draft() } }))).toBe('COVER_NOT_POSSIBLE');
    await ctx.db.updateTable('money.account').set({ state: 'active' }).execute();
  });

  it('is not about an agreement that a loan paid: what is due would reach the lender', async () => {
    const plain = ctx;
    ctx = { ...ctx, loans: { book: PAYOUT } } as MoneyContext;
    expect(await codeOf(as('clinic', 'offerCover', { body: { cover: draft() } }))).toBe('COVER_BY_LOAN');
    ctx = plain;
  });

  it.each([
    ['sum', { sum: '520001' }],
    ['arbiter', { arbiter: CLINIC }],
    ['conditions', { conditions: word('other') }],
    ['goodwillBps', { goodwillBps: 0 }],
    ['until', { until: 1 }],
    ['backer', { backer: CLINIC }],
    ['openBy', { openBy: NOW / 1000 }],
  ] as const)('must have the published %s', async (field, change) => {
    expect(await codeOf(as('clinic', 'offerCover', { body: { cover: draft(change) } }))).toBe(
      `COVER_DIFFERS ${field}`,
    );
  });

  it('has nobody behind it who is not allowed to stand there', async () => {
    for (const change of [{ profile: 2 }, { profile: 1, backer: word('x').slice(0, 42) as Hex }])
      expect(await codeOf(as('clinic', 'offerCover', { body: { cover: draft(change) } }))).toBe(
        'GUARANTEE_PROFILE_OFF',
      );
    const plain = ctx;
    ctx = { ...ctx, backing: { ...ctx.backing, packs: [] } };
    expect(await codeOf(as('clinic', 'offerCover', { body: { cover: draft() } }))).toBe(
      'GUARANTEE_PROFILE_OFF',
    );
    ctx = plain;
  });

  it('is kept once, and shown to whoever knows the agreement', async () => {
    const { id } = (await as('clinic', 'offerCover', { body: { cover: draft() } })) as { id: Hex };
    await as('clinic', 'offerCover', { body: { cover: draft() } });
    const { cover } = (await as('nobody', 'readCover', { params: { id: AGREEMENT } })) as never as {
      cover: { id: Hex; state: string; claimable: boolean; cases: object };
    };
    expect(cover).toMatchObject({ id, state: 'offered', claimable: false });
    expect(cover.cases).toMatchObject({ objective: '650001', noImprovement: '520000' });
    expect(await as('nobody', 'readCover', { params: { id: word('none') } })).toEqual({ cover: null });
  });
});

describe('a bond', () => {
  it('is paid in by its reference: received, minted, held', async () => {
    const order = (await as('clinic', 'orderBond', { body: { amount: '1000000' } })) as { reference: string };
    const newer = (await as('clinic', 'orderBond', { body: { amount: '2000000' } })) as { reference: string };
    const pay = async (reference: string, amount: bigint, key: string) => {
      const transfer = { reference, amount, currency: 'CNY', how: 'exact', payBy: 0, key } as const;
      const [entry] = await transferAtDemoBank(ctx.db, transfer, now);
      await readEntries(ctx);
      await readEntries(ctx);
      const row = await ctx.db
        .selectFrom('money.rail_entry')
        .select(['state', 'reason'])
        .where('entry', '=', entry!)
        .executeTakeFirstOrThrow();
      return [row.state, row.reason];
    };
    expect(await pay(order.reference, 1_000_000n, 'a')).toEqual(['unassigned', 'no-such-order']);
    expect(await pay(newer.reference, 2_000_001n, 'b')).toEqual(['return-due', 'too-much']);
    expect(await pay(newer.reference, 2_000_000n, 'c')).toEqual(['matched', null]);
    expect(await pay(newer.reference, 2_000_000n, 'd')).toEqual(['return-due', 'paid-already']);
    expect(minted).toEqual([{ reference: newer.reference, to: CLINIC, amount: 2_000_000n }]);
    const state = async () =>
      ((await as('clinic', 'readDesk')) as never as { order: { state: string } | null }).order?.state;
    expect(await state()).toBe('received');
    await onMinted(ctx, ctx.db, CLINIC, 1_999_999n);
    expect(await state()).toBe('received');
    await onMinted(ctx, ctx.db, CLINIC, 2_000_000n);
    expect(await state()).toBe('minted');
    const placed = (contract: string, provider: Hex) =>
      onPlaced(ctx, ctx.db, {
        contract,
        name: 'Deposited',
        args: { book: BOOK, provider, amount: '2000000' },
        block: 1,
        logIndex: 0,
        time: now,
      });
    await placed('ClinicBond', ARBITER);
    await placed('GuaranteePool', CLINIC);
    expect(await state()).toBe('minted');
    await placed('ClinicBond', CLINIC);
    expect(await state()).toBeUndefined();
  });

  it('that is paid in part only goes home after thirty days, and another order takes its place', async () => {
    const ask = async () =>
      (await as('clinic', 'orderBond', { body: { amount: '3000000' } })) as { reference: string };
    const { reference } = await ask();
    const transfer = { reference, amount: 1n, currency: 'CNY', how: 'exact', payBy: 0, key: 'e' } as const;
    await transferAtDemoBank(ctx.db, transfer, now);
    await readEntries(ctx);
    expect((await ask()).reference).toBe(reference);
    now = NOW + 30 * DAY + 1;
    expect(await as('clinic', 'readDesk')).toMatchObject({ order: null });
    await payOutDue(ctx);
    await readEntries(ctx);
    const parts = ctx.db
      .selectFrom('money.rail_entry')
      .select('state')
      .where('order_reference', '=', reference);
    expect(await parts.execute()).toEqual([{ state: 'returned' }]);
    expect((await ask()).reference).not.toBe(reference);
    now = NOW;
  });

  it('counts in this book’s compartment alone', async () => {
    await event('ClinicBond', 'Deposited', { book: BOOK, provider: CLINIC, amount: '2000000' });
    await event('ClinicBond', 'Deposited', { book: CLINIC, provider: CLINIC, amount: '5' });
    await event('ClinicBond', 'Locked', { book: BOOK, provider: CLINIC, amount: '650001', cover: word('c') });
    expect(await as('clinic', 'readDesk')).toMatchObject({ bond: { total: '2000000', locked: '650001' } });
  });
});

describe('the ledger', () => {
  const id = () => word(JSON.stringify(draft()));

  it('opens, claims, rules, settles and pays; the desk sees it, and anybody’s acts fall due', async () => {
    const due = async () => (await dueCovers(ctx)).map(({ act }) => act);
    await event('GuaranteeBook', 'CoverOpened', {
      id: id(),
      agreement: AGREEMENT,
      clinic: CLINIC,
      profile: 0,
      cell: word('cell'),
      price: '650001',
      sum: '520000',
      premium: '0',
      until: String(draft().until),
    });
    expect(await due()).toEqual([]);
    expect(await codeOf(as('clinic', 'offerCover', { body: { cover: draft({ salt: word('y') }) } }))).toBe(
      'COVER_NOT_POSSIBLE',
    );
    now = NOW + 400 * DAY;
    expect(await due()).toEqual(['lapse']);
    now = NOW;
    await event('GuaranteeBook', 'CoverClaimed', { id: id(), asked: 2, deadline: String(NOW / 1000 + 60) });
    expect(await due()).toEqual([]);
    now = NOW + DAY;
    expect(await due()).toEqual(['settle']);
    now = NOW;
    await event('GuaranteeBook', 'Ruling', { disputeID: BigInt(id()).toString(), ruling: 2 });
    expect(await due()).toEqual(['settle']);
    await event('ClinicBond', 'Released', { book: BOOK, provider: CLINIC, amount: '650001', paid: '520000' });
    await event('ClinicBond', 'Credited', { who: PAYOUT, cover: id(), amount: '520000' });
    const settled = { id: id(), ruling: 2, silent: false, fromBond: '520000', fromBacker: '0' };
    await event('GuaranteeBook', 'CoverSettled', settled, 7);
    expect(await due()).toEqual(['pay']);
    await event('ClinicBond', 'PaidOut', { who: PAYOUT, amount: '520000' });
    expect(await due()).toEqual([]);
    expect(await as('clinic', 'readDesk')).toMatchObject({
      bond: { total: '1480000', locked: '0' },
      covers: [{ state: 'settled', paidOut: '520000', ruling: 2, silent: false }],
      experience: { covers: 1, claims: 1, covered: '520000', paid: '520000' },
    });
    expect(await as('authority', 'readBook')).toMatchObject({
      solvency: { enough: true, exposure: '0', paid: '520000' },
    });
    expect(await codeOf(as('clinic', 'readBook'))).toBe('GUARANTEE_SEAT_WRONG');
  });

  it('keeps posted tables, and is forgotten as a whole', async () => {
    await event('GuaranteeBook', 'TablePosted', { epoch: 231, table: word('t'), asOf: '9' });
    expect(await ctx.db.selectFrom('money.price_table').selectAll().execute()).toHaveLength(1);
    await resetGuarantee(ctx.db);
    for (const table of ['money.cover', 'money.bond', 'money.price_table'] as const)
      expect(await ctx.db.selectFrom(table).selectAll().execute()).toEqual([]);
  });
});
