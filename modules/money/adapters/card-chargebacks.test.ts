/** What banks take back, and what the night finds, over a real PostgreSQL and the demo's acquirer. */
import path from 'node:path';
import { testDatabase } from '@zhenmei/db/testing.ts';
import { DAY, type Hex, HOUR } from '@zhenmei/kernel';
import { describe, expect, it } from 'vitest';
import { answerCardDispute, listCardDisputes } from '../app/card/answer-dispute.ts';
import { orderPayment, readPayment } from '../app/payments.ts';
import { readMoneyDesk } from '../app/read-money-desk.ts';
import { readEntries } from '../app/read-statement-entries.ts';
import { reconcileMoney } from '../app/reconcile-money.ts';
import { payOutDue } from '../app/send-home.ts';
import { closeAlarm } from '../app/settle-entry.ts';
import { railsHandlers } from './card-http.ts';
import { chargeBack, decideDispute, settleToBank } from './demo-acquirer-cards.ts';
import { acquirerDay } from './demo-acquirer-day.ts';
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
    expect((await differences()).filter(([kind]) => kind === 'loss')).toEqual([['loss', '1', id(1)]]);
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

  it('is heard an answer to once, kept before the acquirer is told, and sent again if it did not hear', async () => {
    await pay('plain');
    await held();
    const dispute = await chargeBack(acquirer, await capture(), PRICE);
    await later(HOUR);
    const away = {
      ...ctx,
      card: {
        ...ctx.card!,
        answerDispute: async () => {
          throw new Error('away');
        },
      },
    };
    await expect(answerCardDispute(away, dispute, 'she signed')).rejects.toThrow('away');
    const shown = async () => (await listCardDisputes(ctx)).disputes.map((d) => [d.state, d.answer]);
    expect(await shown()).toEqual([['open', 'she signed']]);
    await expect(answerCardDispute(ctx, dispute, 'another text')).rejects.toMatchObject({
      code: 'CARD_DISPUTE_CLOSED',
    });
    // it heard, and we did not hear that it did
    await ctx.card!.answerDispute(dispute, 'she signed');
    await answerCardDispute(ctx, dispute, 'she signed');
    expect(await shown()).toEqual([['answered', 'she signed']]);
  });

  it('that is not decided stands before all that are, however many there are', async () => {
    await database.pool.query(
      `insert into money.card_dispute select 'D' || n, 'E', 1, 'CNY', case when n < 120 then 'lost' when n < 240
       then 'open' else 'answered' end, to_timestamp(n), null, to_timestamp(n) from generate_series(0, 259) n`,
    );
    await database.pool.query(
      `with c as (insert into money.demo_card_entry (entry, kind, reference, amount, currency, books_at)
        values ('CAP-X', 'capture', 'x', 1, 'CNY', to_timestamp(9e9)) returning entry)
       insert into money.demo_card_dispute select 'D' || n, entry, 1, 'CNY', case when n < 600 then 'lost' else
       'open' end, to_timestamp(case when n < 600 then 1 else 9e9 end) from c, generate_series(0, 649) n`,
    );
    const { disputes } = await listCardDisputes(ctx);
    expect([disputes.length, disputes[0]!.id, disputes[119]!.state, disputes[139]!.state]).toEqual([
      240,
      'D120',
      'open',
      'answered',
    ]);
    expect((await ctx.card!.disputes()).filter(({ state }) => state === 'open')).toHaveLength(50);
  });
});

describe('a transfer of the acquirer', () => {
  it('is found by its number, in whatever text the bank puts it', async () => {
    await pay('plain');
    await held();
    await settleToBank(acquirer, 'CNY', now + DAY);
    await database.pool.query(`update money.demo_bank_entry set reference = 'settlement ' || reference || ' / day 1'
      where reference like 'ACQ-%'`);
    await later(DAY);
    await later(6 * DAY);
    expect(await differences()).toEqual([]);
    const { rows } = await database.pool.query(
      `select count(distinct reference)::int as numbers, min(reference) as number from money.rail_entry where state = 'moved'`,
    );
    expect(rows).toEqual([{ numbers: 1, number: expect.stringMatching(/^ACQ-[A-Z0-9]{12}$/) }]);
  });

  it('of another amount than was sent is asked about, and does not go home', async () => {
    await pay('plain');
    await held();
    await settleToBank(acquirer, 'CNY', now + DAY);
    await database.pool.query(
      `update money.demo_bank_entry set amount = amount - 1 where reference like 'ACQ-%'`,
    );
    await later(DAY);
    await later(8 * DAY);
    const { rows } = await database.pool.query(
      `select state, reason from money.rail_entry where rail = 'custodian' order by entry`,
    );
    expect(rows).toEqual([{ state: 'ask', reason: 'other-amount' }]);
    expect((await differences()).map(([kind]) => kind)).toContain('transit');
  });
});

describe('a day of the demo’s acquirer', () => {
  it('pays the bank once, and decides what was answered the day before', async () => {
    await pay('plain');
    await held();
    expect(await acquirerDay(acquirer, 'CNY')).toBe(0n);
    await later(DAY);
    expect([await acquirerDay(acquirer, 'CNY'), await acquirerDay(acquirer, 'CNY')]).toEqual([PRICE, 0n]);
    await later(DAY);
    expect([await ctx.card!.balance('CNY'), await ctx.rail!.balance('CNY')]).toEqual([0n, PRICE]);
    expect(await differences()).toEqual([]);
    const dispute = await chargeBack(acquirer, await capture(), PRICE);
    await later(HOUR);
    await answerCardDispute(ctx, dispute, 'she signed');
    const state = async () => (await listCardDisputes(ctx)).disputes[0]!.state;
    await acquirerDay(acquirer, 'CNY');
    await later(HOUR);
    expect(await state()).toBe('answered');
    await later(DAY);
    expect(await acquirerDay(acquirer, 'CNY')).toBe(0n);
    await later(HOUR);
    expect(['won', 'lost']).toContain(await state());
  });
});

describe('what the operator sees', () => {
  it('is the balance of each rail, also where one does not answer, and every payment that waits', async () => {
    await pay('plain');
    const desk = async (of = ctx) => (await readMoneyDesk(of, null)).balances;
    expect(await desk()).toEqual([
      { rail: 'card', balance: String(PRICE) },
      { rail: 'custodian', balance: '0' },
    ]);
    const balance = async () => {
      throw new Error('away');
    };
    expect((await desk({ ...ctx, card: { ...ctx.card!, balance } }))[0]).toEqual({
      rail: 'card',
      balance: null,
    });
    await database.pool.query(`insert into money.rail_payment (key, kind, party, amount, currency, state, asks, created_at,
      updated_at) select 'p/' || n, 'payout', 'x', 1, 'CNY', 'due', entry, now(), now()
      from money.rail_entry, generate_series(1, 130) n`);
    expect((await readMoneyDesk(ctx, null)).parked).toHaveLength(130);
  });
});

describe('whoever is not its patient', () => {
  it('learns nothing of how an agreement is paid, and begins no payment', async () => {
    await pay('plain');
    const side = async (_: Hex, { token }: { token: string | null }) =>
      token === 'hers' ? ('patient' as const) : token === 'clinic' ? ('clinic' as const) : null;
    const api = railsHandlers({ ...ctx, disputes: { ...ctx.disputes, side } }, async () => null);
    const asked = (bearer: string | null) => ({ params: { id: id(1) }, bearer, body: {} }) as never;
    for (const bearer of [null, 'other', 'clinic']) {
      await expect(api.readRails(asked(bearer))).rejects.toMatchObject({ code: 'PAYMENT_UNKNOWN' });
      await expect(api.payByCard(asked(bearer))).rejects.toMatchObject({ code: 'PAYMENT_UNKNOWN' });
    }
    expect(await api.readRails(asked('hers'))).toMatchObject({ card: { last4: '0006' } });
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
