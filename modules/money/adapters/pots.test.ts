/** Pots over a real PostgreSQL and the demo's bank: paid in, paid out once, given back, and reconciled to the cent. */
import path from 'node:path';
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import { DAY, type Hex } from '@zhenmei/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MoneyContext } from '../app/context.ts';
import { keep, loadBook } from '../app/credits.ts';
import { orderIntoPot } from '../app/pot/order-into-pot.ts';
import { giveBackFromPot, payFromPot } from '../app/pot/pay-from-pot.ts';
import { potBalance, potOrder, rewardStates } from '../app/pot/read-pot.ts';
import { readEntries } from '../app/read-statement-entries.ts';
import { reconcileMoney } from '../app/reconcile-money.ts';
import { payOutDue } from '../app/send-home.ts';
import { decideEntry } from '../core/rail.ts';
import { type DemoPayment, transferAtDemoBank } from './demo-bank.ts';
import { railContext, START } from './fixtures/rail-context.ts';
import type { MoneyDatabase } from './schema.ts';

const POT = '0198f0a0-0000-7000-8000-000000000001';
const OTHER = '0198f0a0-0000-7000-8000-000000000002';
const to = (n: number): Hex => `0x${n.toString(16).padStart(2, '0').repeat(32)}`;

let database: TestDatabase;
let ctx: MoneyContext;
let now = START;
let minted = 0;
let calls = 0;

beforeAll(async () => {
  database = await testDatabase([{ module: 'money', dir: path.join(import.meta.dirname, 'migrations') }]);
  const db = database.as<MoneyDatabase>();
  ctx = railContext(db, () => now, {
    settlement: { mint: async () => void minted++ },
  } as Partial<MoneyContext>);
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.pool.query(
    `truncate money.payment_order, money.rail_entry, money.rail_payment, money.demo_bank_entry, money.alarm,
     money.reconciliation, money.pot cascade`,
  );
  now = START;
  minted = 0;
});

const order = (amount: bigint, pot = POT, until = START + 90 * DAY) =>
  orderIntoPot(ctx, { pot, amount, currency: 'CNY', until });
async function pay(amount: bigint, how: DemoPayment = 'exact', pot = POT): Promise<void> {
  const { reference, missing, payBy } = await order(amount, pot);
  await transferAtDemoBank(
    ctx.db,
    {
      reference,
      amount: BigInt(missing),
      currency: 'CNY',
      how,
      payBy: Date.parse(payBy!),
      key: `${++calls}`,
    },
    now,
  );
  await readEntries(ctx);
}
const settle = async () => {
  await readEntries(ctx);
  await payOutDue(ctx);
  await readEntries(ctx);
};
const reward = (key: string, amount: bigint, pot = POT) =>
  ctx.db.transaction().execute((tx) => payFromPot(ctx, tx, { pot, key, to: to(key.charCodeAt(0)), amount }));
const back = (amount: bigint, pot = POT) =>
  ctx.db.transaction().execute((tx) => giveBackFromPot(ctx, tx, pot, amount));
const balance = (pot = POT) => potBalance(ctx.db, pot);
const fits = async () => (await reconcileMoney(ctx, () => 0)).body.differences.map(({ kind }) => kind);
const bank = () => ctx.rail!.balance('CNY');

describe('an order into a pot', () => {
  it('comes in like any payment, is held at the custodian, and mints nothing', async () => {
    await pay(33_000n, 'part');
    expect(await balance()).toMatchObject({ came: 0n });
    expect(await fits()).toEqual([]);
    await pay(33_000n);
    expect(await potOrder(ctx, POT)).toMatchObject({ state: 'held', amount: '33000', missing: '0' });
    expect(await balance()).toEqual({ came: 33_000n, rewards: 0n, returned: 0n, owed: 0n });
    expect(minted).toBe(0);
    expect(await fits()).toEqual([]);
  });

  it('is the same when asked again, and another when more is wanted, unless a part has come', async () => {
    const one = await order(100n);
    expect((await order(100n)).reference).toBe(one.reference);
    const two = await order(200n);
    expect(two.reference).not.toBe(one.reference);
    await pay(200n, 'part');
    expect(await order(300n)).toMatchObject({ reference: two.reference, amount: '200' });
    expect((await order(100n, OTHER)).reference).not.toBe(two.reference);
    expect(await potOrder(ctx, OTHER)).toMatchObject({ amount: '100' });
  });

  it('can be asked for while its money comes in: the order is locked before the pot, by everybody', async () => {
    const { reference } = await order(1_000n);
    const waits = async () =>
      Number(
        (
          await database.pool.query(
            `select count(*) as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
          )
        ).rows[0].n,
      );
    let asked: ReturnType<typeof order> | undefined;
    await ctx.db.transaction().execute(async (tx) => {
      const book = await loadBook(ctx, tx, reference, null);
      asked = order(1_000n);
      asked.catch(() => undefined);
      await expect.poll(waits).toBe(1);
      const entry = {
        entry: 'E1',
        rail: 'custodian',
        direction: 'credit',
        reverses: null,
        reference,
        amount: 1_000n,
        currency: 'CNY',
        bookedAt: now,
      } as const;
      await keep(ctx, tx, decideEntry(book, entry), entry, book.order);
    });
    // what is paid waits no more: it is the next one
    expect(await asked).toMatchObject({ state: 'expected', missing: '1000' });
    expect((await asked!).reference).not.toBe(reference);
    expect(await balance()).toMatchObject({ came: 1_000n });
  });

  it('is one, however many ask at a time', async () => {
    const all = await Promise.all(Array.from({ length: 4 }, () => order(1_000n)));
    expect(new Set(all.map((one) => one.reference)).size).toBe(1);
  });

  it('takes nothing after its time: what comes then goes home', async () => {
    const { payBy } = await order(100n, POT, START + DAY);
    expect(Date.parse(payBy!)).toBe(START + DAY);
    await pay(100n, 'late');
    now = START + 2 * DAY;
    await settle();
    expect(await balance()).toMatchObject({ came: 0n });
    expect(await bank()).toBe(0n);
    expect(await fits()).toEqual([]);
  });

  it('cannot be made without a custodian', async () => {
    const without = { ...ctx, rail: null };
    const asked = { pot: POT, amount: 1n, currency: 'CNY', until: START + DAY };
    await expect(orderIntoPot(without, asked)).rejects.toMatchObject({ code: 'RAIL_MISSING' });
    expect(await potOrder(ctx, POT)).toBeNull();
  });
});

describe('a payment out of a pot', () => {
  it('is made once under its key, also by two at a time, and says nothing of what it is for', async () => {
    await pay(1_000n);
    expect(await Promise.all([reward('a', 300n), reward('a', 300n), reward('b', 300n)])).toEqual([
      true,
      true,
      true,
    ]);
    expect(await reward('a', 300n)).toBe(true);
    expect((await rewardStates(ctx, ['a', 'z'])).get('a')).toMatchObject({ booked: false });
    await settle();
    const states = await rewardStates(ctx, ['a', 'b', 'z']);
    expect([...states.values()].map(({ booked }) => booked)).toEqual([true, true]);
    expect(await bank()).toBe(400n);
    expect(await balance()).toMatchObject({ came: 1_000n, rewards: 600n });
    const { rows } = await database.pool.query(
      `select reference from money.demo_bank_entry where direction = 'debit' order by 1`,
    );
    expect(rows.map((row) => row.reference)).toEqual(['pay/a', 'pay/b']);
    expect(await fits()).toEqual([]);
  });

  it('is refused beyond what is there, of a pot that is not known, and of money that the bank took back', async () => {
    expect(await reward('a', 1n)).toBe(false);
    await pay(500n);
    await pay(500n, 'exact', OTHER);
    expect(await reward('a', 501n)).toBe(false);
    const both = await Promise.all([reward('a', 300n), reward('b', 300n)]);
    expect(both.sort()).toEqual([false, true]);
    expect(await balance(OTHER)).toMatchObject({ rewards: 0n });
    await pay(400n, 'reversed');
    expect(await reward('c', 600n)).toBe(true);
    now += 2 * 3_600_000;
    await readEntries(ctx);
    expect(await balance()).toMatchObject({ came: 900n, owed: 400n });
    expect(await reward('d', 1n)).toBe(false);
    expect(await fits()).toContain('unbacked');
  });

  it('that is not written to its end is not made: the other writes of the transaction decide', async () => {
    await pay(1_000n);
    const died = ctx.db.transaction().execute(async (tx) => {
      await payFromPot(ctx, tx, { pot: POT, key: 'a', to: to(1), amount: 300n });
      throw new Error('killed');
    });
    await expect(died).rejects.toThrow('killed');
    expect(await balance()).toMatchObject({ came: 1_000n, rewards: 0n });
    expect(await fits()).toEqual([]);
    await settle();
    expect(await bank()).toBe(1_000n);
  });
});

describe('what a pot did not need', () => {
  it('goes home to whoever paid, at most what is there, the last entry first', async () => {
    await pay(1_000n, 'part');
    await pay(1_000n);
    await pay(200n);
    await reward('a', 300n);
    expect(await back(500n)).toBe(500n);
    expect(await back(9_999n)).toBe(400n);
    expect(await back(1n)).toBe(0n);
    expect(await back(1n, OTHER)).toBe(0n);
    await settle();
    expect(await bank()).toBe(0n);
    expect(await balance()).toEqual({ came: 1_200n, rewards: 300n, returned: 900n, owed: 0n });
    const { rows } = await database.pool.query(
      `select p.amount from money.rail_payment p join money.rail_entry e on e.entry = p.party
       where p.kind = 'rest' and p.state = 'booked' and e.state = 'matched'`,
    );
    expect(rows.reduce((sum, row) => sum + Number(row.amount), 0)).toBe(900);
    expect(await fits()).toEqual([]);
  });
});

describe('a pot that does not add up', () => {
  it.each([
    ['says more came', `update money.pot set came = came + 1`],
    ['says more went', `update money.pot set went = went + 1`],
    ['paid more than it says', `update money.rail_payment set amount = amount + 1 where kind = 'reward'`],
  ])('%s: found', async (_, change) => {
    await pay(1_000n);
    await reward('a', 300n);
    expect(await fits()).toEqual([]);
    await database.pool.query(change);
    expect(await fits()).toEqual(['pots']);
  });

  it('cannot spend more than came, whoever writes', async () => {
    await pay(100n);
    await expect(database.pool.query(`update money.pot set went = 101`)).rejects.toThrow(/check/);
  });
});
