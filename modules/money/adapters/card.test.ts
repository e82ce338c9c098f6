/** Cards over a real PostgreSQL and the demo's acquirer: units only for what was captured, and every cent home once. */
import path from 'node:path';
import { testDatabase } from '@zhenmei/db/testing.ts';
import { DAY, HOUR, utf8 } from '@zhenmei/kernel';
import { describe, expect, it } from 'vitest';
import { beginCardPayment } from '../app/card/begin-card-payment.ts';
import { takeCardEvent } from '../app/card/follow-cards.ts';
import { readClinicRails, readRails, setClinicRails } from '../app/card/read-rails.ts';
import { orderPayment, readPayment } from '../app/payments.ts';
import { readEntries } from '../app/read-statement-entries.ts';
import { messageOf } from './demo-acquirer.ts';
import { answerChallenge, presentCard, settleToBank } from './demo-acquirer-cards.ts';
import { transferAtDemoBank } from './demo-bank.ts';
import {
  acquirer,
  begin,
  CLINIC,
  card,
  change,
  ctx,
  database,
  differences,
  ends,
  follow,
  held,
  id,
  later,
  minted,
  now,
  openCardWorld,
  PRICE,
  pay,
  START,
  states,
} from './fixtures/card-world.ts';

openCardWorld(() => testDatabase([{ module: 'money', dir: path.join(import.meta.dirname, 'migrations') }]));

describe('paying by card', () => {
  it('makes units only once it is captured, and goes home to the card', async () => {
    const number = await begin();
    expect((await beginCardPayment(ctx, id(1))).url).toContain(number);
    await follow();
    expect([minted, await card()]).toEqual([[], 'open']);
    await presentCard(acquirer, number, 'plain');
    await follow();
    await follow();
    expect([minted, await card(), await states()]).toEqual([[PRICE], 'captured', [['matched', null]]]);
    expect((await readRails(ctx, id(1))).card).toMatchObject({ brand: 'UnionPay', last4: '0006', url: null });
    await held();
    expect(await differences()).toEqual([]);
    await ends(0n);
    await later(HOUR);
    expect(await ctx.card!.balance('CNY')).toBe(0n);
    expect(await differences()).toEqual([]);
  });

  it('gives back a part to the card; the clinic is paid by the bank, into which the acquirer settles', async () => {
    await pay('plain');
    await held();
    await settleToBank(acquirer, 'CNY', now + DAY);
    await later(HOUR);
    // on its way: no difference yet, and one after five days
    expect(await differences()).toEqual([]);
    await later(2 * DAY);
    await ends(300_000n);
    await later(HOUR);
    expect([await ctx.card!.balance('CNY'), await ctx.rail!.balance('CNY')]).toEqual([-98_000n, 98_000n]);
    expect(await differences()).toEqual([]);
  });

  it('is asked for a confirmation by her bank, and declined without it', async () => {
    const number = await pay('challenge');
    expect([await card(), minted]).toEqual(['challenge', []]);
    await answerChallenge(acquirer, number, true);
    await follow();
    expect([await card(), minted]).toEqual(['captured', [PRICE]]);
  });

  it.each([
    ['whose bank declines', 'declined', false],
    ['who says that it was not her', 'challenge', true],
  ] as const)('takes nothing from a payer %s, and lets her try again', async (_, with_, ask) => {
    const number = await pay(with_);
    if (ask) await answerChallenge(acquirer, number, false);
    await follow();
    expect([await card(), minted]).toEqual(['declined', []]);
    expect(await begin()).not.toBe(number);
    // the first word of her bank stands
    await presentCard(acquirer, number, 'plain');
    await answerChallenge(acquirer, number, true);
    await follow();
    expect(minted).toEqual([]);
  });

  it('lets the card go where the offer ended, or another payment was first', async () => {
    const number = await begin();
    const { reference } = await readPayment(ctx, id(1));
    const transfer = { reference, amount: PRICE, currency: 'CNY', how: 'exact', payBy: 0, key: 'x' } as const;
    await transferAtDemoBank(ctx.db, transfer, now);
    await readEntries(ctx);
    await presentCard(acquirer, number, 'plain');
    await follow();
    expect([await card(), minted]).toEqual(['voided', [PRICE]]);
    await expect(beginCardPayment(ctx, id(1))).rejects.toMatchObject({ code: 'CARD_NOTHING_DUE' });

    const other = await begin(2);
    change({ now: START + 3 * DAY - 60_000 });
    const late = await begin(2);
    expect(late).toBe(other);
    await presentCard(acquirer, late, 'plain');
    change({ now: now + 120_000 });
    await follow();
    expect(minted).toEqual([PRICE]);
    await expect(beginCardPayment(ctx, id(2))).rejects.toMatchObject({ code: 'CARD_NOTHING_DUE' });
  });

  it('sends home what is booked after the offer ended', async () => {
    await pay('late');
    expect([await card(), minted]).toEqual(['captured', []]);
    await later(21 * DAY);
    expect([await states(), minted, await ctx.card!.balance('CNY')]).toEqual([
      [['returned', 'late']],
      [],
      0n,
    ]);
    expect(await differences()).toEqual([]);
  });
});

describe('a message of the acquirer', () => {
  it('is heard once and only says where to look', async () => {
    const number = await begin();
    const message = messageOf(acquirer, number, 'captured');
    // it says captured; the acquirer does not
    await takeCardEvent(ctx, message);
    expect([await card(), minted]).toEqual(['open', []]);
    await presentCard(acquirer, number, 'plain');
    await takeCardEvent(ctx, message);
    expect(await card()).toBe('open');
    const other = messageOf(acquirer, number, 'authorised');
    for (let i = 0; i < 3; i++) await takeCardEvent(ctx, other);
    await readEntries(ctx);
    expect([await card(), minted]).toEqual(['captured', [PRICE]]);
  });

  it('is refused with a wrong signature, and of a payment that nobody began it changes nothing', async () => {
    const { payload, signature } = messageOf(acquirer, await begin(), 'x');
    for (const wrong of [
      { payload: `${payload} `, signature },
      { payload, signature: '0'.repeat(64) },
      { payload, signature: '' },
      messageOf({ secret: utf8('another') }, 'PAY-1', 'x'),
    ])
      await expect(takeCardEvent(ctx, wrong)).rejects.toMatchObject({ code: 'CARD_EVENT_REFUSED' });
    await expect(takeCardEvent({ ...ctx, card: null }, { payload, signature })).rejects.toMatchObject({
      code: 'CARD_EVENT_REFUSED',
    });
    await expect(takeCardEvent(ctx, messageOf(acquirer, 'PAY-000000000000', 'x'))).rejects.toMatchObject({
      code: 'CARD_UNAVAILABLE',
    });
    expect(minted).toEqual([]);
  });
});

describe('ways to pay', () => {
  it('are those of the region that the clinic takes and the house is connected to', async () => {
    await orderPayment(ctx, id(1));
    expect((await readRails(ctx, id(1))).rails).toEqual(['custodian', 'card']);
    await setClinicRails(ctx, CLINIC, false);
    expect((await readRails(ctx, id(1))).rails).toEqual(['custodian']);
    await setClinicRails(ctx, CLINIC, true);
    expect((await readRails({ ...ctx, card: null }, id(1))).rails).toEqual(['custodian']);
    change({ region: ['custodian'] });
    expect((await readRails(ctx, id(1))).rails).toEqual(['custodian']);
    expect(await readClinicRails(ctx, CLINIC)).toEqual({ may: ['custodian'], taken: ['custodian'] });
  });

  it('are refused where they are not offered', async () => {
    await orderPayment(ctx, id(1));
    await setClinicRails(ctx, CLINIC, false);
    await expect(beginCardPayment(ctx, id(1))).rejects.toMatchObject({ code: 'RAIL_NOT_OFFERED' });
    change({ region: ['custodian'] });
    await expect(setClinicRails(ctx, CLINIC, true)).rejects.toMatchObject({ code: 'RAIL_NOT_IN_REGION' });
    await expect(readRails(ctx, id(404))).rejects.toMatchObject({ code: 'PAYMENT_UNKNOWN' });
    change({ region: ['custodian', 'card'] });
    await setClinicRails(ctx, CLINIC, true);
    await expect(beginCardPayment(ctx, id(2))).rejects.toMatchObject({ code: 'PAYMENT_UNKNOWN' });
  });

  it('keep of a card what the acquirer gives, and no number', async () => {
    const number = await pay('plain');
    const { rows } = await database.pool.query('select * from money.card_payment');
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toMatch(/\d{13,19}(?!\d)/);
    expect(rows[0]).toMatchObject({ number, last4: '0006', token: expect.stringMatching(/^TOK-/) });
  });
});
