/** Statements and invoices over a real PostgreSQL, from the events of the escrow. */
import path from 'node:path';
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import { AppError, type Hex } from '@zhenmei/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MoneyContext } from '../app/context.ts';
import { issueInvoices, listInvoices } from '../app/issue-invoices.ts';
import { applyMoney } from '../app/projection.ts';
import { readDays } from '../app/statement-days.ts';
import { moneyHandlers } from './http.ts';
import type { MoneyDatabase } from './schema.ts';
import { settlementHandlers } from './settlement-http.ts';

const NOW = Date.parse('2026-11-26T04:00:00Z');
const DAY = 86_400_000;
const id = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`;
const address = (n: number): Hex => `0x${n.toString(16).padStart(40, '0')}`;
const who = (account: Hex): string => `0x${'0'.repeat(24)}${account.slice(2)}`;
const [CLINIC, OTHER, FEE] = [address(1), address(2), address(3)];

let database: TestDatabase;
let ctx: MoneyContext;
let block = 0;
const UNIT = `0x${'11'.repeat(20)}` as const;
const COIN = `0x${'c0'.repeat(20)}` as const;
const printed: string[] = [];

beforeAll(async () => {
  database = await testDatabase([{ module: 'money', dir: path.join(import.meta.dirname, 'migrations') }]);
  ctx = { db: database.as<MoneyDatabase>(), clock: { now: () => NOW } } as MoneyContext;
});
afterAll(() => database.close());
beforeEach(() =>
  database.pool.query('truncate money.account, money.movement, money.invoice, money.rail_payment'),
);

const event = (name: string, args: Record<string, string | number>, at = NOW) =>
  applyMoney(ctx.db, { contract: 'CareEscrow', name, args, block: ++block, logIndex: 0, time: at }, UNIT);
async function opened(n: number, clinic = CLINIC, at = NOW): Promise<void> {
  await event('AgreementOpened', { id: id(n), patient: address(90 + n), clinic, total: '1000' }, at);
}
/** The clinic keeps `kept`, of which 10 are the fee; the rest goes back. */
async function ended(n: number, kept: number, clinic = CLINIC, at = NOW): Promise<void> {
  if (kept > 0) {
    await event('Credited', { id: id(n), who: who(clinic), amount: String(kept - 10) }, at);
    await event('Credited', { id: id(n), who: who(FEE), amount: '10' }, at);
  }
  if (kept < 1000)
    await event('Credited', { id: id(n), who: `0x${'ab'.repeat(32)}`, amount: String(1000 - kept) }, at);
  await event('AgreementClosed', { id: id(n), refunded: String(1000 - kept) }, at);
}
const handlers = settlementHandlers(
  {
    ...({} as MoneyContext),
    get db() {
      return ctx.db;
    },
    clock: { now: () => NOW },
  } as MoneyContext,
  {
    coins: {
      async coinOf(token) {
        if (token !== COIN) throw new AppError('COIN_SCALE_UNKNOWN');
        return { symbol: 'STC', digits: 6 };
      },
      balanceOf: async () => 5n,
    },
    papers: {
      print: async (paper) => {
        printed.push(JSON.stringify(paper));
        return new Uint8Array([37, 80, 68, 70]);
      },
      itemsOf: async () => [{ name: { zh: '凝胶', en: 'gel' }, quantity: 2, unitPrice: 500n }],
    },
    clinic: async (organisation) =>
      organisation === 'clinic' ? { account: CLINIC, name: { zh: '梅园', en: 'Plum' } } : null,
  },
);
const asked = (change: object, organisationId: string | null = 'clinic') =>
  ({ caller: organisationId && { organisationId }, lang: 'en', ...change }) as never;
const period = { from: '2026-11-01', to: '2026-11-30' };

describe('a statement', () => {
  it('has the days on which something moved, and balances', async () => {
    await opened(1, CLINIC, NOW - DAY);
    await opened(2, OTHER, NOW - DAY);
    await opened(3);
    await ended(1, 400);
    await event('Withdrawn', { who: who(CLINIC), amount: '390' });
    const { days } = await handlers.statementDays(asked({ query: period }));
    expect(days).toEqual([
      {
        day: '2026-11-25',
        opened: 1,
        in: '1000',
        paid: '0',
        fee: '0',
        refunded: '0',
        withdrawn: '0',
        held: '1000',
        credit: '0',
      },
      {
        day: '2026-11-26',
        opened: 1,
        in: '1000',
        paid: '390',
        fee: '10',
        refunded: '600',
        withdrawn: '390',
        held: '1000',
        credit: '0',
      },
    ]);
    const table = await handlers.statementTable(asked({ query: period }));
    expect(table.split('\r\n').at(-2)).toBe('Total,2,20.00,3.90,0.10,6.00,3.90,,');
    expect(await handlers.statementPaper(asked({ query: period }))).toMatchObject({ total: 4 });
    expect(printed.at(-1)).toContain('Plum · 2026-11-01 – 2026-11-30');
  });
  it('calls a refund what goes back to the loan that paid, not a fee', async () => {
    const book = address(7);
    ctx = { ...ctx, loans: { book: who(book) } } as MoneyContext;
    await opened(5);
    await event('Credited', { id: id(5), who: who(book), amount: '1000' });
    await event('AgreementClosed', { id: id(5), refunded: '1000' });
    const days = await readDays(ctx, CLINIC, period.from, period.to);
    expect(days).toMatchObject([{ refunded: 1000n, fee: 0n, paid: 0n, held: 0n }]);
    ctx = { ...ctx, loans: null };
  });

  it.each([
    { from: '2026-11-02', to: '2026-11-01' },
    { from: '2025-01-01', to: '2026-11-01' },
  ])('is of a year at most, forwards: %o', async (query) => {
    await expect(handlers.statementDays(asked({ query }))).rejects.toMatchObject({
      code: 'STATEMENT_PERIOD',
    });
  });
  it('is the clinic’s own', async () => {
    for (const seat of ['other', null])
      await expect(handlers.statementDays(asked({ query: period }, seat))).rejects.toMatchObject({
        code: 'PAYMENT_UNKNOWN',
      });
    const bare = moneyHandlers(ctx, async () => null);
    await expect(bare.statement(asked({}))).rejects.toMatchObject({ code: 'PAYMENT_UNKNOWN' });
  });
});

describe('what was earned in coins', () => {
  const table = (token: Hex) => handlers.coinTable(asked({ query: { ...period, token } }));

  it('is told of every coin that an agreement of the clinic was held in, and of none besides', async () => {
    await opened(1, OTHER);
    expect(await handlers.coinStatements(asked({}))).toEqual({ coins: [] });
    await expect(table(COIN)).rejects.toMatchObject({ code: 'PAYMENT_UNKNOWN' });
    await opened(2);
    await database.pool.query('update money.account set coin = $1', [COIN]);
    expect(await handlers.coinStatements(asked({}))).toEqual({
      coins: [
        { token: COIN, symbol: 'STC', digits: 6, held: '1000', credit: '0', onAccount: '5', paidOut: '0' },
      ],
    });
    expect(await table(COIN)).toContain('0.001');
    await expect(table(UNIT)).rejects.toMatchObject({ code: 'PAYMENT_UNKNOWN' });
  });
  it('is refused, not shown in wrong digits, where nobody can say how many the coin has', async () => {
    await opened(2);
    await database.pool.query('update money.account set coin = $1', [UNIT]);
    for (const ask of [handlers.coinStatements(asked({})), table(UNIT)])
      await expect(ask).rejects.toMatchObject({ code: 'COIN_SCALE_UNKNOWN' });
  });
});

describe('invoices', () => {
  it('are numbered without gaps for each clinic, once for each agreement that paid it', async () => {
    for (const n of [1, 2, 3]) await opened(n, CLINIC, NOW + n);
    await opened(4, OTHER);
    await ended(1, 1000);
    await ended(2, 0);
    expect(await issueInvoices(ctx)).toBe(1);
    await ended(3, 400);
    await ended(4, 1000, OTHER);
    // many at once: one numbering at a time
    const made = await Promise.all([1, 2, 3, 4].map(() => issueInvoices(ctx)));
    expect(made.toSorted()).toEqual([0, 0, 0, 2]);
    const numbers = async (clinic: Hex) =>
      (await listInvoices(ctx, clinic)).map((i) => [i.number, i.agreement_id, i.paid]);
    expect(await numbers(CLINIC)).toEqual([
      [2, id(3), '390'],
      [1, id(1), '990'],
    ]);
    expect(await numbers(OTHER)).toEqual([[1, id(4), '990']]);
    const { invoices } = await handlers.listInvoices(asked({}));
    expect(invoices[0]).toMatchObject({ label: '2026-000002', refunded: '600', fee: '10' });
    await handlers.invoicePaper(asked({ params: { number: 2 } }));
    expect(printed.at(-1)).toMatch(/gel.*"2","5\.00","10\.00".*¥4\.00.*¥3\.90/);
  });
  it('of others are not to be had', async () => {
    await opened(4, OTHER);
    await ended(4, 1000, OTHER);
    await issueInvoices(ctx);
    await expect(handlers.invoicePaper(asked({ params: { number: 1 } }))).rejects.toMatchObject({
      code: 'INVOICE_UNKNOWN',
    });
  });
});
