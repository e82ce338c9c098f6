/** What banks take back, and what the night finds, over a real PostgreSQL and the demo's acquirer. */
import path from 'node:path';
import { testDatabase } from '@zhenmei/db/testing.ts';
import { DAY, HOUR } from '@zhenmei/kernel';
import { describe, expect, it } from 'vitest';
import { answerCardDispute, listCardDisputes } from '../app/card/answer-dispute.ts';
import { readPayment } from '../app/payments.ts';
import { readEntries } from '../app/read-statement-entries.ts';
import { payOutDue } from '../app/send-home.ts';
import { closeAlarm } from '../app/settle-entry.ts';
import { chargeBack, decideDispute, settleToBank } from './demo-acquirer-cards.ts';
import { transferAtDemoBank } from './demo-bank.ts';
import {
  acquirer,
  capture,
  ctx,
  database,
  differences,
  ends,
  HOME,
  held,
  id,
  later,
  minted,
  now,
  openCardWorld,
  PRICE,
  pay,
  states,
} from './fixtures/card-world.ts';

openCardWorld(() => testDatabase([{ module: 'money', dir: path.join(import.meta.dirname, 'migrations') }]));

describe('a chargeback', () => {
  it('while the money is held is owed, and won it is as it was', async () => {
    await pay('plain');
    await held();
    const dispute = await chargeBack(acquirer, await capture(), PRICE);
    await later(HOUR);
    expect(await states()).toEqual([['owed', null]]);
    expect(await differences()).toEqual([['unbacked', '0', null]]);
    await answerCardDispute(ctx, dispute, 'the patient came and signed');
    await expect(answerCardDispute(ctx, dispute, 'the same again')).rejects.toMatchObject({
      code: 'CARD_DISPUTE_CLOSED',
    });
    await decideDispute(acquirer, dispute, true);
    await later(HOUR);
    expect(await states()).toEqual([
      ['settled', null],
      ['matched', null],
    ]);
    expect((await listCardDisputes(ctx)).disputes).toMatchObject([
      { state: 'won', answer: 'the patient came and signed' },
    ]);
    expect(await differences()).toEqual([]);
    expect(minted).toEqual([PRICE]);
  });

  it('after the release is the house’s loss, until the house has paid it in', async () => {
    await pay('plain');
    await held();
    await ends(PRICE);
    await later(HOUR);
    expect(await differences()).toEqual([]);
    await chargeBack(acquirer, await capture(), PRICE);
    await later(15 * DAY);
    expect((await listCardDisputes(ctx)).disputes).toMatchObject([{ state: 'lost' }]);
    await expect(
      answerCardDispute(ctx, (await listCardDisputes(ctx)).disputes[0]!.id, 'too late'),
    ).rejects.toMatchObject({ code: 'CARD_DISPUTE_CLOSED' });
    expect(await differences()).toEqual([
      ['unbacked', '0', null],
      ['loss', String(PRICE), id(1)],
    ]);
    // an alarm is open: nothing goes out
    expect(await payOutDue(ctx)).toBe(0);
    const { reference } = await readPayment(ctx, id(1));
    const own = { reference, amount: PRICE, currency: 'CNY', how: 'exact', payBy: 0, key: 'own' } as const;
    await transferAtDemoBank(ctx.db, own, now);
    await readEntries(ctx);
    expect(await differences()).toEqual([]);
    expect(minted).toEqual([PRICE]);
  });

  it('of a part is a loss to the cent, and of more than is left is refused', async () => {
    await pay('plain');
    await held();
    await ends(PRICE);
    await later(HOUR);
    await expect(chargeBack(acquirer, await capture(), PRICE + 1n)).rejects.toMatchObject({
      code: 'CARD_DISPUTE_CLOSED',
    });
    await chargeBack(acquirer, await capture(), 1n);
    await later(HOUR);
    expect(await differences()).toEqual([['loss', '1', id(1)]]);
  });

  it('pays nobody twice: what goes home afterwards is set off against it', async () => {
    await pay('plain');
    await held();
    await chargeBack(acquirer, await capture(), PRICE);
    await later(HOUR);
    await ends(0n);
    await later(HOUR);
    expect([await ctx.card!.balance('CNY'), await ctx.rail!.balance('CNY')]).toEqual([0n, 0n]);
    expect(await differences()).toEqual([]);
  });

  it('of another amount than goes home leaves the payment waiting for a person', async () => {
    await pay('plain');
    await held();
    await chargeBack(acquirer, await capture(), PRICE);
    await later(HOUR);
    await ends(100_000n);
    await later(HOUR);
    const { rows } = await database.pool.query(
      `select state, rail from money.rail_payment where party = $1`,
      [HOME],
    );
    expect(rows).toEqual([{ state: 'due', rail: null }]);
  });
});

describe('the nightly comparison', () => {
  it('names the rail whose balance is not the sum of its entries', async () => {
    await pay('plain');
    await held();
    await database.pool.query(`update money.demo_card_entry set amount = amount - 1`);
    expect(await differences()).toEqual([
      ['bank', String(PRICE - 1n), null],
      ['rail', String(PRICE - 1n), 'card'],
    ]);
  });

  it('misses what the acquirer sent and the bank never got', async () => {
    await pay('plain');
    await held();
    await settleToBank(acquirer, 'CNY', now + 30 * DAY);
    await later(5 * DAY);
    expect(await differences()).toEqual([]);
    await later(1);
    expect(await differences()).toEqual([['transit', String(PRICE), null]]);
    const { rows } = await database.pool.query('select id from money.alarm where closed_at is null');
    await closeAlarm(ctx, rows[0].id, 'the bank was asked');
    await later(30 * DAY);
    expect(await differences()).toEqual([]);
    expect(await settleToBank(acquirer, 'CNY', now)).toBe(0n);
  });
});
