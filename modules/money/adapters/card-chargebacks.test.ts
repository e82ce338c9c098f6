/** What banks take back, and what the night finds, over a real PostgreSQL and the demo's acquirer. */
import path from 'node:path';
import { testDatabase } from '@zhenmei/db/testing.ts';
import { DAY, HOUR } from '@zhenmei/kernel';
import { describe, expect, it } from 'vitest';
import { answerCardDispute, listCardDisputes } from '../app/card/answer-dispute.ts';
import { orderPayment, readPayment } from '../app/payments.ts';
import { readEntries } from '../app/read-statement-entries.ts';
import { reconcileMoney } from '../app/reconcile-money.ts';
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

describe('what happens at the same moment', () => {
  it('a payment that is booked before we wrote down that we asked for it is ours all the same', async () => {
    await pay('plain');
    await held();
    await ends(0n);
    const card = ctx.card!;
    const quick = { ...card, pay: async (what: never) => [await card.pay(what), await readEntries(ctx)] };
    await payOutDue({ ...ctx, card: quick } as never);
    await later(HOUR);
    expect((await database.pool.query('select state from money.rail_payment')).rows).toEqual([
      { state: 'booked' },
    ]);
    expect(await differences()).toEqual([]);
  });

  it('an entry that is read while the night compares is no difference', async () => {
    await pay('plain');
    await held();
    let asked = 0;
    const totals = async () => {
      if (++asked === 2) {
        await transferAtDemoBank(
          ctx.db,
          { reference: 'x', amount: 5n, currency: 'CNY', how: 'exact', payBy: 0, key: 'x' },
          now,
        );
        await readEntries(ctx);
      }
      return ctx.chainMoney.totals();
    };
    const { body } = await reconcileMoney({ ...ctx, chainMoney: { ...ctx.chainMoney, totals } }, () => 0);
    expect(body.differences).toEqual([]);
  });
});

describe('an acquirer that is away', () => {
  it('keeps nobody’s payment by the bank waiting, and says that it is away', async () => {
    const away = () => Promise.reject(new Error('away'));
    const alone = { ...ctx, card: { ...ctx.card!, entriesFrom: away, read: away, disputes: away } } as never;
    const { reference } = await orderPayment(ctx, id(1));
    await transferAtDemoBank(
      ctx.db,
      { reference, amount: PRICE, currency: 'CNY', how: 'exact', payBy: 0, key: 'p' },
      now,
    );
    await expect(readEntries(alone)).rejects.toThrow('away');
    expect(minted).toEqual([PRICE]);
  });

  it('has what it sent to the bank understood once it is heard again', async () => {
    await pay('plain');
    const entriesFrom = () => Promise.reject(new Error('away'));
    await held();
    await settleToBank(acquirer, 'CNY', now);
    await expect(readEntries({ ...ctx, card: { ...ctx.card!, entriesFrom } } as never)).rejects.toThrow(
      'away',
    );
    expect(await differences()).toEqual([]);
    const moved = await database.pool.query(
      "select rail from money.rail_entry where state = 'moved' order by rail",
    );
    expect(moved.rows.map(({ rail }) => rail)).toEqual(['card', 'custodian']);
  });
});

describe('a payment that a rail refuses', () => {
  it('keeps no other from being asked for', async () => {
    const wanted: string[] = [];
    const rail = {
      ...ctx.rail!,
      pay: async ({ key }: { key: string }) => {
        wanted.push(key);
        if (key === 'a') throw new Error('refused');
      },
    };
    await database.pool.query(
      `insert into money.rail_payment (key, kind, party, amount, currency, state, rail, created_at, updated_at)
       select key, 'payout', $1, 100, 'CNY', 'due', 'custodian', now(), now() from unnest(array['a','b']) as key`,
      [HOME],
    );
    await expect(payOutDue({ ...ctx, rail } as never)).rejects.toThrow('refused');
    expect(wanted.sort()).toEqual(['a', 'b']);
    const states = await database.pool.query('select key, state from money.rail_payment order by key');
    expect(states.rows).toEqual([
      { key: 'a', state: 'due' },
      { key: 'b', state: 'sent' },
    ]);
  });
});

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
