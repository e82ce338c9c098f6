/** Her bank takes back a part of a card payment while the house is sending it home: paid once, and counted to the cent. */
import path from 'node:path';
import { testDatabase } from '@zhenmei/db/testing.ts';
import { HOUR } from '@zhenmei/kernel';
import { describe, expect, it } from 'vitest';
import { answerCardDispute } from '../app/card/answer-dispute.ts';
import { readPayment } from '../app/payments.ts';
import { readEntries } from '../app/read-statement-entries.ts';
import { payOutDue } from '../app/send-home.ts';
import { chargeBack, decideDispute } from './demo-acquirer-cards.ts';
import {
  acquirer,
  capture,
  closeAlarms,
  ctx,
  database,
  differences,
  ends,
  HOME,
  held,
  id,
  later,
  now,
  openCardWorld,
  PRICE,
  pay,
  rows,
} from './fixtures/card-world.ts';

openCardWorld(() => testDatabase([{ module: 'money', dir: path.join(import.meta.dirname, 'migrations') }]));

const TWICE = 'CAP2';
const PART = 100n;
const away = () => ({ ...ctx, card: { ...ctx.card!, pay: () => Promise.reject(new Error('away')) } });
/** What the acquirer sent back to the card. */
const refunds = () =>
  rows(
    `select of_entry, amount::int as amount from money.demo_card_entry where kind = 'refund' order by amount`,
  );
const entriesOf = (what: string) =>
  rows(`select state, amount::int as amount from money.rail_entry where capture = '${what}'
    and direction = 'credit' order by amount`);
/** Booked by an acquirer that lets a bank take back what was refunded already. */
const alsoTaken = async (of: string, amount: bigint, entry: string) => {
  await rows(`insert into money.demo_card_entry (entry, number, kind, of_entry, reference, amount, currency, books_at)
    select '${entry}', number, 'chargeback', entry, '${entry}', ${amount}, currency, to_timestamp(${now / 1000})
    from money.demo_card_entry where entry = '${of}'`);
  await readEntries(ctx);
};
/** She was charged a second time, and that is on its way home; the acquirer has not heard of it yet. */
async function returning(): Promise<void> {
  await pay('plain');
  await held();
  await rows(`insert into money.demo_card_entry select (e2).* from (select jsonb_populate_record(e, '{"entry": "${TWICE}"}')
    as e2 from money.demo_card_entry e where kind = 'capture') t`);
  await readEntries(ctx);
  await expect(payOutDue(away())).rejects.toThrow('away');
}
/** The acquirer is asked, refuses, and is asked again. */
async function asked(): Promise<void> {
  for (let i = 0; i < 4; i++) {
    await closeAlarms();
    await later(HOUR);
  }
}

describe('a payment that is on its way home', () => {
  it('of which her bank took a part: the rest goes home, and nothing is owed', async () => {
    await returning();
    await chargeBack(acquirer, TWICE, PART);
    await readEntries(ctx);
    await asked();
    expect(await refunds()).toEqual([{ of_entry: TWICE, amount: Number(PRICE - PART) }]);
    expect(await entriesOf(TWICE)).toEqual([
      { state: 'reversed', amount: 100 },
      { state: 'returned', amount: 397_900 },
    ]);
    expect(await readPayment(ctx, id(1))).toMatchObject({ missing: '0' });
    expect([await ctx.card!.balance('CNY'), await differences()]).toEqual([PRICE, []]);
  });

  it('of which her bank took parts twice, all of it in the end: nothing is left to send', async () => {
    await returning();
    await chargeBack(acquirer, TWICE, PART);
    await chargeBack(acquirer, TWICE, PRICE - PART);
    await readEntries(ctx);
    await asked();
    expect([await refunds(), await rows('select key from money.rail_payment')]).toEqual([[], []]);
    expect((await entriesOf(TWICE)).map(({ state }) => state)).toEqual(['reversed', 'reversed']);
    expect([await ctx.card!.balance('CNY'), await differences()]).toEqual([PRICE, []]);
  });

  it('and of which a part was taken and given back: that part goes home too', async () => {
    await returning();
    const dispute = await chargeBack(acquirer, TWICE, PART);
    await readEntries(ctx);
    await asked();
    await answerCardDispute(ctx, dispute, 'it is on its way to her');
    await decideDispute(acquirer, dispute, true);
    await asked();
    expect((await refunds()).map(({ amount }) => amount)).toEqual([100, 397_900]);
    expect([await ctx.card!.balance('CNY'), await differences()]).toEqual([PRICE, []]);
  });

  it('is not made smaller before the acquirer has refused: it may have left', async () => {
    await returning();
    // it is sent, and what her bank takes besides is the house's loss until a person has said what it was
    await payOutDue(ctx);
    await alsoTaken(TWICE, PART, 'CHBX');
    await asked();
    expect(await refunds()).toEqual([{ of_entry: TWICE, amount: Number(PRICE) }]);
    expect(await entriesOf(TWICE)).toEqual([{ state: 'returned', amount: Number(PRICE) }]);
    expect(await rows(`select state, reason from money.rail_entry where entry = 'CHBX'`)).toEqual([
      { state: 'ask', reason: 'other-amount' },
    ]);
    await closeAlarms();
    expect(await ctx.card!.balance('CNY')).toBe(PRICE - PART);
  });
});

describe('a refund that is on its way', () => {
  const sent = async () => {
    await pay('plain');
    await held();
    await ends(0n);
    await expect(payOutDue(away())).rejects.toThrow('away');
  };

  it('is refused where her bank was quicker with a part: that is set off, and the rest is refunded once', async () => {
    await sent();
    await chargeBack(acquirer, await capture(), PART);
    await readEntries(ctx);
    await asked();
    expect((await refunds()).map(({ amount }) => amount)).toEqual([397_900]);
    const { rows: paid } = await database.pool.query(
      `select sum(amount)::int as sum from money.rail_payment where party = $1 and state = 'booked'`,
      [HOME],
    );
    expect(paid).toEqual([{ sum: Number(PRICE) }]);
    expect([await ctx.card!.balance('CNY'), await differences()]).toEqual([0n, []]);
  });

  it('that has left is paid once; what her bank took besides is the house’s loss, to the cent', async () => {
    await sent();
    await payOutDue(ctx);
    await alsoTaken(await capture(), PART, 'CHBX');
    await asked();
    expect((await refunds()).map(({ amount }) => amount)).toEqual([Number(PRICE)]);
    expect((await differences()).filter(([kind]) => kind === 'loss')).toEqual([['loss', '100', id(1)]]);
    expect(await ctx.card!.balance('CNY')).toBe(-PART);
  });
});
