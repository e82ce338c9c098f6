/** Money that was taken back is not paid a second time, whichever rail it came by and whatever was under way. */
import path from 'node:path';
import { testDatabase } from '@zhenmei/db/testing.ts';
import { DAY, HOUR } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { beginCardPayment } from '../app/card/begin-card-payment.ts';
import { readPayment } from '../app/payments.ts';
import { readEntries } from '../app/read-statement-entries.ts';
import { payOutDue } from '../app/send-home.ts';
import { chargeBack, presentCard } from './demo-acquirer-cards.ts';
import { transferAtDemoBank } from './demo-bank.ts';
import {
  acquirer,
  bankBooks,
  capture,
  closeAlarms,
  ctx,
  differences,
  ends,
  follow,
  HOME,
  held,
  id,
  later,
  now,
  openCardWorld,
  PRICE,
  pay,
  rows,
  transfer,
} from './fixtures/card-world.ts';

openCardWorld(() => testDatabase([{ module: 'money', dir: path.join(import.meta.dirname, 'migrations') }]));

const home = () =>
  rows(`select p.rail, p.state, p.amount::int as amount, d.reverses is not null as off from money.rail_payment p
    left join money.rail_entry d on d.entry = p.entry where p.party = '${HOME}' order by p.amount desc, p.key`);
const balances = async () => [await ctx.card!.balance('CNY'), await ctx.rail!.balance('CNY')];
const takenBack = async (entry: string, amount: bigint) => {
  await bankBooks('REV', 'debit', entry, amount);
  await readEntries(ctx);
};

it('sets a transfer that the bank took back off against its refund', async () => {
  await transfer('k', 'reversed');
  await held();
  await later(2 * HOUR);
  expect(await readPayment(ctx, id(1))).toMatchObject({ missing: String(PRICE) });
  await closeAlarms();
  await ends(0n);
  await later(HOUR);
  await later(HOUR);
  expect(await home()).toEqual([{ rail: 'custodian', state: 'booked', amount: Number(PRICE), off: true }]);
  expect([await balances(), await differences()]).toEqual([[0n, 0n], []]);
});

it('pays what the bank left of a transfer, and no more', async () => {
  const entry = await transfer('k');
  await held();
  await takenBack(entry, 100_000n);
  await ends(0n);
  await later(HOUR);
  await later(HOUR);
  expect((await home()).map(({ amount, off }) => [amount, off])).toEqual([
    [298_000, false],
    [100_000, true],
  ]);
  expect([await balances(), await differences()]).toEqual([[0n, 0n], []]);
});

it('leaves owed what was taken back after the refund was paid', async () => {
  const entry = await transfer('k');
  await held();
  await ends(0n);
  await later(HOUR);
  await takenBack(entry, PRICE);
  expect((await home()).map(({ amount, off }) => [amount, off])).toEqual([[Number(PRICE), false]]);
  expect(await readPayment(ctx, id(1))).toMatchObject({ missing: String(PRICE) });
});

it('numbers the parts of a payment that is decided again after those that exist', async () => {
  await transfer('k', 'part');
  await presentCard(acquirer, (await beginCardPayment(ctx, id(1))).url!.split('/').at(-1)!, 'plain');
  await follow();
  await held();
  await ends(0n);
  const away = {
    ...ctx,
    card: {
      ...ctx.card!,
      pay: async () => {
        throw new Error('away');
      },
    },
  };
  await expect(payOutDue(away)).rejects.toThrow('away');
  await chargeBack(acquirer, await capture(), 30_000n);
  await later(HOUR);
  for (let i = 0; i < 4; i++) {
    await closeAlarms();
    await later(HOUR);
  }
  expect((await home()).map(({ amount, off, state }) => [amount, off, state])).toEqual([
    [208_800, false, 'booked'],
    [159_200, false, 'booked'],
    [30_000, true, 'booked'],
  ]);
  expect([await balances(), await differences()]).toEqual([[0n, 0n], []]);
});

it('gives a card back no more than her bank left of it, and the rest by the bank', async () => {
  await transfer('k', 'part');
  await presentCard(acquirer, (await beginCardPayment(ctx, id(1))).url!.split('/').at(-1)!, 'plain');
  await follow();
  await held();
  await chargeBack(acquirer, await capture(), 30_000n);
  await later(HOUR);
  await closeAlarms();
  await ends(0n);
  for (let i = 0; i < 4; i++) await later(HOUR);
  expect((await home()).map(({ rail, amount, off }) => [rail, amount, off])).toEqual([
    ['card', 208_800, false],
    ['custodian', 159_200, false],
    ['card', 30_000, true],
  ]);
  expect([await balances(), await differences()]).toEqual([[0n, 0n], []]);
});

it('forgets a return that her bank was quicker with, and asks her for nothing', async () => {
  await pay('plain');
  await held();
  // the same order once more, as a statement tells it
  await rows(`insert into money.demo_card_entry select (e2).* from (select jsonb_populate_record(e, '{"entry": "CAP2"}') as e2
    from money.demo_card_entry e where kind = 'capture') t`);
  await readEntries(ctx);
  await expect(
    payOutDue({ ...ctx, card: { ...ctx.card!, pay: () => Promise.reject(new Error('away')) } }),
  ).rejects.toThrow('away');
  await chargeBack(acquirer, 'CAP2', PRICE);
  await readEntries(ctx);
  expect(await readPayment(ctx, id(1))).toMatchObject({ missing: String(PRICE) });
  await closeAlarms();
  await payOutDue(ctx);
  expect(await rows(`select state from money.rail_entry where entry = 'CAP2'`)).toEqual([
    { state: 'reversed' },
  ]);
  expect(await rows('select key from money.rail_payment')).toEqual([]);
  expect(await readPayment(ctx, id(1))).toMatchObject({ missing: '0' });
});

it('takes one partial reversal once, with two readers at the same time', async () => {
  const given = {
    reference: 'nobody',
    amount: PRICE,
    currency: 'CNY',
    how: 'exact',
    payBy: 0,
    key: 'k',
  } as const;
  await transferAtDemoBank(ctx.db, given, now);
  await readEntries(ctx);
  await rows(`insert into money.demo_bank_entry (entry, direction, reverses, reference, amount, currency, books_at)
    select 'REV', 'debit', entry, 'x', 100000, currency, to_timestamp(${now / 1000}) from money.demo_bank_entry`);
  const waiting = `select count(*)::int as n from pg_locks where locktype = 'advisory' and not granted
    and database = (select oid from pg_database where datname = current_database())`;
  // held back until both have found it new and stand before it
  const readers = await ctx.db.transaction().execute(async (gate) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(entry, 0)) from money.rail_entry`.execute(gate);
    const both = [readEntries(ctx, DAY), readEntries(ctx, DAY)];
    await expect.poll(async () => (await rows(waiting))[0].n).toBe(2);
    return both;
  });
  await Promise.all(readers);
  expect(
    await rows(
      `select direction, state, amount::int as amount from money.rail_entry order by direction, amount`,
    ),
  ).toEqual([
    { direction: 'credit', state: 'reversed', amount: 100_000 },
    { direction: 'credit', state: 'unassigned', amount: 298_000 },
    { direction: 'debit', state: 'reversed', amount: 100_000 },
  ]);
});
