/** Money between rails and out of them, around a kill, a refusal, two processes, and a line that is given back. */
import path from 'node:path';
import { testDatabase } from '@zhenmei/db/testing.ts';
import { DAY, HOUR } from '@zhenmei/kernel';
import { describe, expect, it } from 'vitest';
import { beginCardPayment } from '../app/card/begin-card-payment.ts';
import { payAgain } from '../app/pay-again.ts';
import { readPayment } from '../app/payments.ts';
import { readMoneyDesk } from '../app/read-money-desk.ts';
import { readEntries } from '../app/read-statement-entries.ts';
import { payOutDue } from '../app/send-home.ts';
import { chargeBack, presentCard, settleToBank } from './demo-acquirer-cards.ts';
import { acquirerDay } from './demo-acquirer-day.ts';
import { transferAtDemoBank } from './demo-bank.ts';
import {
  acquirer,
  begin,
  capture,
  change,
  ctx,
  differences,
  ends,
  follow,
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

const bound = <T extends object>(of: T, name: keyof T) => {
  const value = of[name];
  return typeof value === 'function' ? value.bind(of) : value;
};
const settlements = () =>
  rows(`select amount::int from money.demo_card_entry where kind = 'settlement' order by entry`);

describe('what the acquirer sends to the bank', () => {
  it('goes once, also where two processes send it a moment apart', async () => {
    await pay('plain');
    await held();
    let moment = now;
    const a = { ...acquirer, now: () => ++moment };
    const sent = await Promise.all([1, 2, 3].map(() => settleToBank(a, 'CNY', now + DAY)));
    expect([sent.sort(), await settlements()]).toEqual([[0n, 0n, PRICE], [{ amount: Number(PRICE) }]]);
    await later(DAY + HOUR);
    expect(await differences()).toEqual([]);
  });

  it('goes once a day, also where two processes begin the day', async () => {
    await pay('plain');
    await held();
    await later(DAY);
    let moment = now;
    const a = { ...acquirer, now: () => ++moment };
    await Promise.all([1, 2, 3].map(() => acquirerDay(a, 'CNY')));
    expect(await settlements()).toEqual([{ amount: Number(PRICE) }]);
    await later(DAY + HOUR);
    expect(await differences()).toEqual([]);
  });
});

describe('a payment out', () => {
  it('that was asked for before a kill is asked for again, and paid once', async () => {
    await pay('plain');
    await held();
    await ends(PRICE);
    await settleToBank(acquirer, 'CNY', now);
    const rail = ctx.rail!;
    const killed = {
      ...rail,
      pay: async (what: never) => {
        await rail.pay(what);
        throw new Error('killed');
      },
    };
    await expect(payOutDue({ ...ctx, rail: killed } as never)).rejects.toThrow('killed');
    await Promise.all([payOutDue(ctx), payOutDue(ctx)]);
    await later(HOUR);
    await later(HOUR);
    expect(await rows(`select amount::int from money.demo_bank_entry where direction = 'debit'`)).toEqual([
      { amount: Number(PRICE) },
    ]);
    expect(await differences()).toEqual([]);
  });

  it('that was divided, and of which a part is refused and divided again, keeps nobody waiting', async () => {
    // a part by transfer, the rest by card
    await begin();
    const { reference } = await readPayment(ctx, id(1));
    const part = { reference, amount: PRICE, currency: 'CNY', how: 'part', payBy: 0, key: 'p' } as const;
    await transferAtDemoBank(ctx.db, part, now);
    await readEntries(ctx);
    const { url } = await beginCardPayment(ctx, id(1));
    await presentCard(acquirer, url!.split('/').at(-1)!, 'plain');
    await follow();
    await held();
    await ends(0n);
    // her bank is quicker: the acquirer refuses, and a part of the refund is set off when it is decided again
    const quick = {
      ...ctx.card!,
      pay: async () => {
        await chargeBack(acquirer, await capture(), 100n);
        return 'refused' as const;
      },
    };
    await payOutDue({ ...ctx, card: quick } as never);
    await follow();
    change({ now: now + HOUR });
    await payOutDue(ctx);
    await later(HOUR);
    expect(await rows(`select sum(amount)::int as sum, min(state) as state from money.rail_payment`)).toEqual(
      [{ sum: Number(PRICE), state: 'booked' }],
    );
    expect([await differences(), await ctx.card!.balance('CNY'), await ctx.rail!.balance('CNY')]).toEqual([
      [],
      0n,
      0n,
    ]);
  });

  it('that cannot be decided keeps no other from being paid', async () => {
    await rows(`insert into money.rail_payment (key, kind, party, amount, currency, state, rail, created_at, updated_at)
      values ('a', 'payout', 'a', 100, 'CNY', 'due', null, to_timestamp(0), now()),
             ('b', 'payout', 'b', 100, 'CNY', 'due', 'custodian', now(), now())`);
    const lame = {
      ...ctx,
      db: new Proxy(ctx.db, {
        get: (db, name) =>
          name === 'transaction' && lameNow()
            ? () => ({ execute: async () => Promise.reject(new Error('undecided')) })
            : bound(db, name as keyof typeof db),
      }),
    };
    let left = 0;
    // markHomeward has nothing to do; the first two are the returns and what is routed
    const lameNow = () => ++left === 2;
    await expect(payOutDue(lame as never)).rejects.toThrow('undecided');
    expect(await rows('select key, state from money.rail_payment order by key')).toEqual([
      { key: 'a', state: 'due' },
      { key: 'b', state: 'sent' },
    ]);
  });

  it('that the bank gives back is not paid again by itself; an operator is asked, and the night fits', async () => {
    await pay('plain');
    await held();
    await ends(PRICE);
    await settleToBank(acquirer, 'CNY', now);
    await later(HOUR);
    await rows(`insert into money.demo_bank_entry (entry, direction, reverses, reference, amount, currency, books_at)
      select 'BACK', 'credit', entry, 'account closed', amount, currency, to_timestamp(${now / 1000})
      from money.demo_bank_entry where direction = 'debit'`);
    for (let i = 0; i < 3; i++) await later(DAY);
    expect((await readMoneyDesk(ctx, null)).entries).toMatchObject([
      { entry: 'BACK', state: 'ask', reason: 'given-back' },
    ]);
    expect(await rows(`select state from money.rail_payment`)).toEqual([{ state: 'booked' }]);
    expect([await differences(), await ctx.rail!.balance('CNY')]).toEqual([[], PRICE]);
    // whoever may says so: it goes once more, however often that is said
    const again = await Promise.allSettled([1, 2].map(() => payAgain(ctx, 'BACK')));
    expect(again.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(payAgain(ctx, 'NONE')).rejects.toMatchObject({ code: 'BANK_ENTRY_UNKNOWN' });
    expect(await differences()).toEqual([]);
    for (let i = 0; i < 2; i++) await later(DAY);
    expect([await differences(), await ctx.rail!.balance('CNY')]).toEqual([[], 0n]);
    expect(await rows(`select count(*)::int as n, min(state) as state from money.rail_payment`)).toEqual([
      { n: 1, state: 'booked' },
    ]);
  });
});
