/** The operator's reserve over a real PostgreSQL: what it covers, what it does not, and what leaves it. */
import path from 'node:path';
import { testDatabase } from '@zhenmei/db/testing.ts';
import { DAY, HOUR } from '@zhenmei/kernel';
import { describe, expect, it } from 'vitest';
import { answerCardDispute } from '../app/card/answer-dispute.ts';
import { readPayment } from '../app/payments.ts';
import { readMoneyDesk } from '../app/read-money-desk.ts';
import { readEntries } from '../app/read-statement-entries.ts';
import { coverLosses } from '../app/reserve/cover-losses.ts';
import { takeFromReserve } from '../app/reserve/take-from-reserve.ts';
import { payOutDue } from '../app/send-home.ts';
import { chargeBack, decideDispute } from './demo-acquirer-cards.ts';
import { transferAtDemoBank } from './demo-bank.ts';
import {
  acquirer,
  bankBooks,
  capture,
  ctx,
  database,
  differences,
  ends,
  held,
  id,
  later,
  minted,
  now,
  openCardWorld,
  PRICE,
  pay,
} from './fixtures/card-world.ts';

openCardWorld(() => testDatabase([{ module: 'money', dir: path.join(import.meta.dirname, 'migrations') }]));

const KEY = '0193a000-0000-7000-8000-00000000000';
const reserve = async () => (await readMoneyDesk(ctx, null)).reserve!;
const sums = async () => {
  const { balance, used, free, missing } = await reserve();
  return [balance, used, free, missing].map(Number);
};
async function payIn(amount: bigint, key = 'in'): Promise<string> {
  const { reference } = await reserve();
  const own = { reference, amount, currency: 'CNY', how: 'exact', payBy: 0, key } as const;
  const [entry] = await transferAtDemoBank(ctx.db, own, now);
  await readEntries(ctx);
  return entry!;
}
const takeOut = (n: number, amount: bigint) =>
  takeFromReserve(ctx, { key: `${KEY}${n}`, amount, currency: 'CNY' });
/** Paid by card, done and paid to the clinic; then her bank takes so much back. */
async function lost(amount: bigint): Promise<string> {
  await pay('plain');
  await held();
  await ends(PRICE);
  await later(HOUR);
  const dispute = await chargeBack(acquirer, await capture(), amount);
  await later(HOUR);
  return dispute;
}
const covers = async () =>
  (
    await database.pool.query(
      'select amount::int, ended_at is null as stands from money.reserve_cover order by id',
    )
  ).rows;
const alarms = async () => (await database.pool.query('select id from money.alarm')).rows.length;

describe('a chargeback after the release', () => {
  it('that the reserve covers is no difference on any night, and stops nobody’s payouts', async () => {
    await payIn(PRICE);
    await lost(PRICE);
    for (let night = 0; night < 3; night++) {
      expect(await differences()).toEqual([]);
      await later(DAY);
    }
    expect([await alarms(), await sums()]).toEqual([0, [PRICE, PRICE, 0, 0].map(Number)]);
    expect(await covers()).toEqual([{ amount: Number(PRICE), stands: true }]);
    expect((await reserve()).owed).toMatchObject([
      {
        rail: 'card',
        amount: String(PRICE),
        covered: String(PRICE),
        order: (await readPayment(ctx, id(1))).reference,
      },
    ]);
    await database.pool.query(
      `insert into money.rail_payment (key, kind, party, amount, currency, state, created_at, updated_at)
       values ('return/other', 'return', 'other', 1, 'CNY', 'due', now(), now())`,
    );
    await database.pool.query(`update money.rail_payment set rail = 'custodian' where key = 'return/other'`);
    expect(await payOutDue(ctx)).toBe(1);
  });

  it('that it covers but for one cent is a difference of that cent, and no alarm once that is paid in', async () => {
    await payIn(PRICE - 1n);
    await lost(PRICE);
    expect(await differences()).toEqual([
      ['unbacked', String(PRICE - 1n), null],
      ['loss', '1', id(1)],
    ]);
    expect(await sums()).toEqual([PRICE - 1n, PRICE - 1n, 0, 1].map(Number));
    await payIn(1n, 'cent');
    expect(await differences()).toEqual([]);
  });

  it('without a reserve is a difference, until one is paid in', async () => {
    await lost(PRICE);
    expect((await differences()).map(([kind]) => kind)).toEqual(['unbacked', 'loss']);
    await payIn(PRICE + 100n);
    expect([await differences(), await sums()]).toEqual([[], [PRICE + 100n, PRICE, 100n, 0n].map(Number)]);
  });

  it('recovered fills the reserve again: won, or paid again under the order’s reference', async () => {
    await payIn(PRICE);
    const dispute = await lost(PRICE);
    await answerCardDispute(ctx, dispute, 'the patient came and signed');
    await decideDispute(acquirer, dispute, true);
    await later(HOUR);
    expect([await sums(), await differences()]).toEqual([[PRICE, 0n, PRICE, 0n].map(Number), []]);
    expect(await covers()).toEqual([{ amount: Number(PRICE), stands: false }]);
    await chargeBack(acquirer, await capture(), 100n);
    await later(HOUR);
    expect(await sums()).toEqual([Number(PRICE), 100, Number(PRICE) - 100, 0]);
    const { reference, missing } = await readPayment(ctx, id(1));
    const again = {
      reference,
      amount: BigInt(missing),
      currency: 'CNY',
      how: 'exact',
      payBy: 0,
      key: 'a',
    } as const;
    await transferAtDemoBank(ctx.db, again, now);
    await readEntries(ctx);
    expect([await sums(), await differences()]).toEqual([[PRICE, 0n, PRICE, 0n].map(Number), []]);
    expect(minted).toEqual([PRICE]);
  });

  it('while the money is held is covered too, owed by her still, and set off against her refund', async () => {
    await payIn(PRICE);
    await pay('plain');
    await held();
    await chargeBack(acquirer, await capture(), PRICE);
    await later(HOUR);
    expect([await differences(), (await readPayment(ctx, id(1))).missing]).toEqual([[], String(PRICE)]);
    await ends(0n);
    await later(HOUR);
    expect([await differences(), await sums()]).toEqual([[], [PRICE, 0n, PRICE, 0n].map(Number)]);
    expect([await ctx.card!.balance('CNY'), await ctx.rail!.balance('CNY')]).toEqual([0n, PRICE]);
  });

  it('is covered once, however often it is told and asked for', async () => {
    await payIn(PRICE);
    await lost(100n);
    await Promise.all([1, 2, 3].map(() => coverLosses(ctx, 'CNY')));
    await readEntries(ctx, 30 * DAY);
    expect(await covers()).toEqual([{ amount: 100, stands: true }]);
  });
});

describe('what is taken out', () => {
  it('is at most what nothing needs, and goes home to the line that it was paid in by', async () => {
    const entry = await payIn(PRICE);
    await lost(100n);
    await expect(takeOut(1, PRICE - 99n)).rejects.toMatchObject({ code: 'RESERVE_NOT_FREE' });
    await expect(takeOut(1, 0n)).rejects.toMatchObject({ code: 'RESERVE_NOT_FREE' });
    await takeOut(1, PRICE - 100n);
    await takeOut(1, PRICE - 100n);
    await expect(takeOut(1, 1n)).rejects.toMatchObject({ code: 'RESERVE_NOT_FREE' });
    await expect(takeOut(2, 1n)).rejects.toMatchObject({ code: 'RESERVE_NOT_FREE' });
    expect([await sums(), await differences()]).toEqual([[100, 100, 0, 0], []]);
    await later(HOUR);
    const { rows } = await database.pool.query(
      `select party, amount::int, state from money.rail_payment where kind = 'reserve'`,
    );
    expect(rows).toEqual([{ party: entry, amount: Number(PRICE) - 100, state: 'booked' }]);
    expect([await sums(), await differences()]).toEqual([[100, 100, 0, 0], []]);
  });

  it('asked for at the same moment by two leaves once', async () => {
    await payIn(100n);
    const both = await Promise.allSettled([takeOut(1, 100n), takeOut(2, 100n)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await sums()).toEqual([0, 0, 0, 0]);
  });

  it('waits for the alarm to be closed', async () => {
    await payIn(50n);
    await lost(100n);
    expect(await differences()).not.toEqual([]);
    await expect(takeOut(1, 1n)).rejects.toMatchObject({ code: 'RESERVE_STOPPED' });
  });

  it('is a difference where the bank takes back what was paid in', async () => {
    const entry = await payIn(100n);
    await takeOut(1, 40n);
    await later(HOUR);
    await bankBooks('REV', 'debit', entry);
    await later(HOUR);
    expect(await differences()).toEqual([['reserve', '-40', null]]);
    await payIn(40n, 'again');
    expect([await differences(), await sums()]).toEqual([[], [0, 0, 0, 0]]);
  });
});

describe('what the reserve is not', () => {
  it('covers nothing any more once the bank took it back', async () => {
    const entry = await payIn(PRICE);
    await lost(PRICE);
    await bankBooks('REV', 'debit', entry);
    await later(HOUR);
    expect((await differences()).map(([kind]) => kind)).toEqual(['unbacked', 'loss']);
    expect(await covers()).toEqual([{ amount: Number(PRICE), stands: false }]);
  });

  it('is money of another currency, or under another reference', async () => {
    const { reference } = await reserve();
    for (const [key, to, currency] of [
      ['e', reference, 'EUR'],
      ['r', `RSV-${'Z'.repeat(12)}`, 'CNY'],
    ] as const)
      await transferAtDemoBank(
        ctx.db,
        { reference: to, amount: 5n, currency, how: 'exact', payBy: 0, key },
        now,
      );
    await readEntries(ctx);
    const { rows } = await database.pool.query('select state from money.rail_entry');
    expect(rows).toEqual([{ state: 'unassigned' }, { state: 'unassigned' }]);
    expect(await sums()).toEqual([0, 0, 0, 0]);
  });
});
