/** Chargebacks to the cent, over a real PostgreSQL and the demo's acquirer: whole, in part, set off, paid in, and won. */
import path from 'node:path';
import { testDatabase } from '@zhenmei/db/testing.ts';
import { DAY, HOUR } from '@zhenmei/kernel';
import { describe, expect, it } from 'vitest';
import { answerCardDispute } from '../app/card/answer-dispute.ts';
import { beginCardPayment } from '../app/card/begin-card-payment.ts';
import { readPayment } from '../app/payments.ts';
import { readEntries } from '../app/read-statement-entries.ts';
import { payOutDue } from '../app/send-home.ts';
import { tellPayer } from '../app/settle-entry.ts';
import { chargeBack, decideDispute, presentCard } from './demo-acquirer-cards.ts';
import { transferAtDemoBank } from './demo-bank.ts';
import {
  acquirer,
  begin,
  capture,
  card,
  closeAlarms,
  ctx,
  differences,
  ends,
  follow,
  HOME,
  held,
  id,
  later,
  minted,
  now,
  openCardWorld,
  PRICE,
  pay,
  rows,
  states,
  transfer,
} from './fixtures/card-world.ts';

openCardWorld(() => testDatabase([{ module: 'money', dir: path.join(import.meta.dirname, 'migrations') }]));

/** How much went to whom, and by what: `off` is what her bank had taken already. */
const paid = () =>
  rows(`select p.party, coalesce(p.rail, 'nobody') as rail, p.state, p.amount::int as amount,
    d.entry is not null as off from money.rail_payment p
    left join money.rail_entry d on d.entry = p.entry and d.reverses is not null order by p.amount desc, p.rail`);
const balances = async () => [await ctx.card!.balance('CNY'), await ctx.rail!.balance('CNY')];
/** That held money lacks its backing is told apart from whether everything is in its place. */
const wrong = async () => (await differences()).filter(([kind]) => kind !== 'unbacked');
const chargedBack = async (amount = PRICE) => {
  await pay('plain');
  await held();
  const dispute = await chargeBack(acquirer, await capture(), amount);
  await later(HOUR);
  return dispute;
};
const won = async (dispute: string) => {
  await answerCardDispute(ctx, dispute, 'she came and signed');
  await decideDispute(acquirer, dispute, true);
  await later(HOUR);
  await later(HOUR);
};

describe('what her bank took of more than she gets back', () => {
  it('is set off; the rest is owed, and the house pays in exactly that', async () => {
    await chargedBack();
    await ends(100_000n);
    await later(HOUR);
    expect(await states()).toEqual([
      ['matched', null],
      ['owed', null],
    ]);
    await later(15 * DAY);
    expect(await wrong()).toEqual([['loss', '100000', id(1)]]);
    expect(await wrong()).toEqual([['loss', '100000', id(1)]]);
    await transfer('own', 'exact', 100_000n);
    await closeAlarms();
    await later(HOUR);
    await later(HOUR);
    expect((await paid()).filter(({ party }) => party === HOME)).toEqual([
      { party: HOME, rail: 'card', state: 'booked', amount: 298_000, off: true },
    ]);
    expect([await balances(), await differences()]).toEqual([[0n, 0n], []]);
  });

  it('is not a loss while the payment home that it is set off against waits', async () => {
    await chargedBack();
    await closeAlarms();
    await ends(100_000n);
    expect(await wrong()).toEqual([['loss', '100000', id(1)]]);
  });
});

describe('a chargeback that somebody made up for by the bank', () => {
  const waiting = async () => {
    await chargedBack();
    await transfer('own');
    await closeAlarms();
    await ends(100_000n);
    await later(HOUR);
    await later(HOUR);
    const [asked] = await rows('select asks from money.rail_payment where asks is not null');
    return asked.asks as string;
  };

  it('leaves the payment home to a person, and keeps nothing else waiting', async () => {
    await waiting();
    await rows(`insert into money.rail_payment (key, kind, party, amount, currency, state, asks, created_at, updated_at)
      select 'parked/' || n, 'payout', '${HOME}', 1, 'CNY', 'due', asks, to_timestamp(n), now()
      from money.rail_payment, generate_series(1, 200) n where asks is not null`);
    await rows(`insert into money.rail_payment (key, kind, party, amount, currency, state, created_at, updated_at)
      values ('payout/other', 'payout', '0x0b', 5, 'CNY', 'due', now(), now())`);
    await later(HOUR);
    expect(await rows(`select state, rail from money.rail_payment where key = 'payout/other'`)).toEqual([
      { state: 'booked', rail: 'custodian' },
    ]);
  });

  it('of the house’s money goes back to the house, never to her a second time', async () => {
    const entry = await waiting();
    await tellPayer(ctx, entry, 'house');
    await later(HOUR);
    await later(HOUR);
    expect((await paid()).filter(({ amount }) => amount === 298_000)).toEqual([
      { party: entry, rail: 'custodian', state: 'booked', amount: 298_000, off: false },
    ]);
    expect([await balances(), await differences()]).toEqual([[0n, 0n], []]);
    await expect(tellPayer(ctx, entry, 'patient')).rejects.toMatchObject({ code: 'BANK_ENTRY_UNKNOWN' });
  });

  it('of her own money is paid to her', async () => {
    await tellPayer(ctx, await waiting(), 'patient');
    await later(HOUR);
    await later(HOUR);
    expect((await paid()).filter(({ amount }) => amount === 298_000)).toMatchObject([
      { party: HOME, rail: 'custodian', state: 'booked' },
    ]);
    expect([await balances(), await differences()]).toEqual([[0n, 0n], []]);
  });

  it('and then won: whoever made up for it gets that back, and the card is as it was', async () => {
    const dispute = await chargedBack();
    await transfer('own');
    await closeAlarms();
    await won(dispute);
    expect(await states()).toEqual([
      ['settled', null],
      ['returned', 'paid-already'],
      ['matched', null],
    ]);
    await ends(0n);
    await later(HOUR);
    expect([await balances(), await differences()]).toEqual([[0n, 0n], []]);
  });

  it('nobody is asked about who paid again by card', async () => {
    await chargedBack();
    await closeAlarms();
    const number = (await beginCardPayment(ctx, id(1))).url!.split('/').at(-1)!;
    await presentCard(acquirer, number, 'plain');
    await follow();
    await ends(0n);
    await later(HOUR);
    expect((await paid()).map(({ rail, state, off }) => [rail, state, off])).toEqual([
      ['card', 'booked', false],
    ]);
    expect([await balances(), await differences()]).toEqual([[0n, 0n], []]);
  });
});

describe('a chargeback that was set off and then won', () => {
  it('gives her the refund that she had waited for, on her card', async () => {
    const dispute = await chargedBack();
    await closeAlarms();
    await ends(0n);
    await later(HOUR);
    expect(await balances()).toEqual([0n, 0n]);
    await won(dispute);
    expect(
      await rows(
        `select kind, of_entry, amount::int as amount from money.demo_card_entry where kind = 'refund'`,
      ),
    ).toEqual([{ kind: 'refund', of_entry: await capture(), amount: Number(PRICE) }]);
    expect([await balances(), await differences()]).toEqual([[0n, 0n], []]);
  });

  it('in part goes home for that part, and settles the rest', async () => {
    const dispute = await chargedBack();
    await closeAlarms();
    await ends(100_000n);
    await later(HOUR);
    await closeAlarms();
    await won(dispute);
    expect(
      await rows(`select amount::int as amount from money.demo_card_entry where kind = 'refund'`),
    ).toEqual([{ amount: 298_000 }]);
    expect([await balances(), await differences()]).toEqual([[100_000n, -100_000n], []]);
  });

  it('is a difference after seven days where the acquirer refuses', async () => {
    await pay('plain');
    await held();
    await ends(0n);
    const refusing = { ...ctx, card: { ...ctx.card!, pay: async () => 'refused' as const } };
    for (let i = 0; i < 3; i++) expect(await payOutDue(refusing)).toBe(i === 0 ? 1 : 0);
    expect(await rows('select state, rail, refused_at is not null as told from money.rail_payment')).toEqual([
      { state: 'due', rail: null, told: true },
    ]);
    expect(await differences()).toEqual([]);
    await rows(`update money.rail_payment set sent_at = to_timestamp(${(now - 7 * DAY - 1) / 1000})`);
    expect(await differences()).toEqual([['late', String(PRICE), 'card']]);
    await closeAlarms();
    await later(HOUR);
    expect([await balances(), await differences()]).toEqual([[0n, 0n], []]);
  });
});

describe('a chargeback of a part', () => {
  it('is owed while the money is held; the rest goes home and the part is set off', async () => {
    await chargedBack(100n);
    expect(await states()).toEqual([
      ['matched', null],
      ['owed', null],
    ]);
    expect((await readPayment(ctx, id(1))).missing).toBe('100');
    await closeAlarms();
    await ends(0n);
    await later(HOUR);
    expect((await paid()).map(({ amount, state, off }) => [amount, state, off])).toEqual([
      [397_900, 'booked', false],
      [100, 'booked', true],
    ]);
    expect([await balances(), await differences()]).toEqual([[0n, 0n], []]);
  });

  it('won is as it was: nothing goes home, and all of it can still be refunded', async () => {
    const dispute = await chargedBack(100n);
    await closeAlarms();
    await won(dispute);
    expect([await paid(), await differences()]).toEqual([[], []]);
    await ends(0n);
    await later(HOUR);
    expect((await paid()).map(({ rail, amount, off }) => [rail, amount, off])).toEqual([
      ['card', 398_000, false],
    ]);
    expect([await balances(), await differences()]).toEqual([[0n, 0n], []]);
  });

  it('twice, once won, is told apart', async () => {
    const dispute = await chargedBack(100n);
    await closeAlarms();
    await won(dispute);
    await chargeBack(acquirer, await capture(), 397_950n);
    await later(HOUR);
    await closeAlarms();
    expect((await readPayment(ctx, id(1))).missing).toBe('397950');
    await ends(0n);
    await later(HOUR);
    expect([await balances(), await differences()]).toEqual([[0n, 0n], []]);
  });

  it('is made up for with all else that is owed, in the one sum that the page names', async () => {
    await begin();
    const { reference } = await readPayment(ctx, id(1));
    const part = { reference, amount: PRICE, currency: 'CNY', how: 'part', payBy: 0, key: 'p' } as const;
    const [first] = await transferAtDemoBank(ctx.db, part, now);
    await readEntries(ctx);
    await presentCard(acquirer, (await beginCardPayment(ctx, id(1))).url!.split('/').at(-1)!, 'plain');
    await follow();
    await held();
    await rows(`insert into money.demo_bank_entry (entry, direction, reverses, reference, amount, currency, books_at)
      select 'REV1', 'debit', entry, 'x', amount, currency, to_timestamp(${now / 1000}) from money.demo_bank_entry
      where entry = '${first}'`);
    await chargeBack(acquirer, await capture(), 238_800n);
    await follow();
    expect((await readPayment(ctx, id(1))).missing).toBe(String(PRICE));
    await presentCard(acquirer, (await beginCardPayment(ctx, id(1))).url!.split('/').at(-1)!, 'plain');
    await follow();
    expect((await states()).map(([state]) => state).sort()).toEqual(['matched', 'settled', 'settled']);
    expect(await differences()).toEqual([]);
  });
});

describe('a card that was charged', () => {
  it('is not charged again before the acquirer has booked it', async () => {
    await pay('late');
    expect([await card(), minted]).toEqual(['captured', []]);
    await expect(beginCardPayment(ctx, id(1))).rejects.toMatchObject({ code: 'CARD_NOTHING_DUE' });
  });

  it('while it was let go is kept as charged', async () => {
    const number = await begin();
    await presentCard(acquirer, number, 'late');
    // another amount is wanted now, and the acquirer captures just before it is told to let go
    await transfer('part', 'exact', 1_000n);
    const late = {
      ...ctx,
      card: {
        ...ctx.card!,
        release: async (of: string) => {
          await ctx.card!.capture(of);
          await ctx.card!.release(of);
        },
      },
    };
    await expect(beginCardPayment(late, id(1))).rejects.toMatchObject({ code: 'CARD_NOTHING_DUE' });
    expect(await card()).toBe('captured');
  });
});
