/** Cards over a real PostgreSQL and the demo's acquirer: units only for what was captured, and every cent home once. */
import path from 'node:path';
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import { DAY, type Hex, HOUR, sha256, utf8 } from '@zhenmei/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerCardDispute, listCardDisputes } from '../app/card/answer-dispute.ts';
import { beginCardPayment } from '../app/card/begin-card-payment.ts';
import { followCards, takeCardEvent } from '../app/card/follow-cards.ts';
import { readClinicRails, readRails, setClinicRails } from '../app/card/read-rails.ts';
import type { MoneyContext } from '../app/context.ts';
import { onMinted, orderPayment, readPayment } from '../app/payments.ts';
import { applyUnits } from '../app/project-units.ts';
import { readEntries } from '../app/read-statement-entries.ts';
import { reconcileMoney } from '../app/reconcile-money.ts';
import { payOutDue } from '../app/send-home.ts';
import { closeAlarm } from '../app/settle-entry.ts';
import { demoAcquirer, messageOf } from './demo-acquirer.ts';
import type { DemoAcquirer, DemoCard } from './demo-acquirer-books.ts';
import {
  answerChallenge,
  chargeBack,
  decideDispute,
  presentCard,
  settleToBank,
} from './demo-acquirer-cards.ts';
import { demoBank, transferAtDemoBank } from './demo-bank.ts';
import type { MoneyDatabase } from './schema.ts';

const START = 1_800_000_000_000;
const PRICE = 398_000n;
const HOME = `0x${'09'.repeat(32)}` as Hex;
const CLINIC = `0x${'0c'.repeat(20)}` as Hex;
const id = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`;
const address = (n: number): Hex => `0x${n.toString(16).padStart(40, '0')}`;
const HOLDERS = {
  InstalmentPool: 0n,
  InstalmentBook: 0n,
  ClinicBond: 0n,
  GuaranteePool: 0n,
  AssessorPool: 0n,
  ProviderVerification: 0n,
};

let database: TestDatabase;
let ctx: MoneyContext;
let acquirer: DemoAcquirer;
let now = START;
let minted: bigint[] = [];
let chain = { supply: 0n, escrow: 0n, holders: HOLDERS };
let region: ('custodian' | 'card')[] = ['custodian', 'card'];
let calls = 0;
let block = 7;

beforeAll(async () => {
  database = await testDatabase([{ module: 'money', dir: path.join(import.meta.dirname, 'migrations') }]);
  const db = database.as<MoneyDatabase>();
  acquirer = {
    db,
    secret: utf8('shared'),
    now: () => now,
    pageOf: (number) => `https://acquirer.example/${number}`,
  };
  ctx = {
    db,
    clock: { now: () => now },
    random: { bytes: (length) => sha256(utf8(`c${++calls}`)).slice(0, length) as Uint8Array<ArrayBuffer> },
    settlement: { mint: async (_, { amount }) => void minted.push(amount) },
    rail: demoBank(db, () => now),
    card: demoAcquirer(acquirer),
    chainMoney: { totals: async () => ({ ...chain, block: 1 }), held: async () => new Map() },
    payee: { zh: '专户', en: 'account' },
    agreement: async (agreementId) => ({
      agreementId,
      patient: address(Number(agreementId)),
      payout: HOME,
      total: PRICE,
      currency: 'CNY',
      payable: true,
      payBy: START + 3 * DAY,
    }),
    railsOf: async (agreement) =>
      agreement === id(404)
        ? null
        : { clinic: CLINIC, rails: region, page: 'https://house.example/visits/1' },
    railsOfClinic: async () => region,
    loans: null,
  } as Partial<MoneyContext> as MoneyContext;
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.pool.query(
    `truncate money.payment_order, money.rail_entry, money.rail_payment, money.demo_bank_entry, money.alarm,
     money.reconciliation, money.account, money.movement, money.unit_flow, money.clinic_rail, money.card_payment,
     money.card_event, money.card_dispute, money.demo_card, money.demo_card_entry, money.demo_card_dispute cascade`,
  );
  now = START;
  minted = [];
  region = ['custodian', 'card'];
  chain = { supply: 0n, escrow: 0n, holders: HOLDERS };
  await setClinicRails(ctx, CLINIC, true);
});

const follow = async () => {
  await followCards(ctx);
  await readEntries(ctx);
};
const numberIn = (url: string | null) => url!.split('/').at(-1)!;
async function begin(n = 1): Promise<string> {
  await orderPayment(ctx, id(n));
  return numberIn((await beginCardPayment(ctx, id(n))).url);
}
async function pay(card: DemoCard, n = 1): Promise<string> {
  const number = await begin(n);
  await presentCard(acquirer, number, card);
  await follow();
  return number;
}
async function capture(): Promise<string> {
  const { rows } = await database.pool.query(
    `select entry from money.demo_card_entry where kind = 'capture'`,
  );
  return rows[0].entry;
}
const later = async (ms: number) => {
  now += ms;
  await follow();
  await payOutDue(ctx);
  await readEntries(ctx);
};
const states = async () => (await readPayment(ctx, id(1))).entries.map((e) => [e.state, e.reason]);
const card = async () => (await readRails(ctx, id(1))).card?.state;
const differences = async () =>
  (await reconcileMoney(ctx, () => 0)).body.differences.map((d) => [d.kind, d.found, d.where]);
const event = (contract: string, name: string, args: Record<string, string>) =>
  applyUnits(ctx.db, { contract, name, args, block: ++block, logIndex: 2, time: now }, (at) =>
    at === address(77) ? 'CareEscrow' : null,
  );
/** The unit is minted and held by the escrow, as the chain tells it. */
async function held(): Promise<void> {
  await event('SettlementUnit', 'Minted', { to: address(77), amount: String(PRICE) });
  await onMinted(ctx, ctx.db, address(1), PRICE);
  chain = { ...chain, supply: PRICE, escrow: PRICE };
  await database.pool.query(
    `insert into money.account values ($1, $2, $3, 'active', $4, $4, 0, 0, 0, 0, now(), null)`,
    [id(1), address(1), CLINIC, String(PRICE)],
  );
}
/** Whatever was held leaves the escrow: `kept` to the clinic, the rest home, and both are redeemed. */
async function ends(kept: bigint): Promise<void> {
  const back = PRICE - kept;
  await database.pool.query(`update money.account set state = 'closed', held = 0, paid = $1, refunded = $2`, [
    String(kept),
    String(back),
  ]);
  for (const [who, amount] of [
    [`0x${'0'.repeat(24)}${CLINIC.slice(2)}`, kept],
    [HOME, back],
  ] as const) {
    if (amount === 0n) continue;
    for (const kind of ['credited', 'withdrawn'])
      await database.pool.query('insert into money.movement values ($1, 0, $2, $3, $4, $5, now())', [
        ++block,
        id(1),
        kind,
        who,
        String(amount),
      ]);
    await event('SettlementUnit', 'Redeemed', { payout: who, by: address(77), amount: String(amount) });
  }
  chain = { ...chain, supply: 0n, escrow: 0n };
}

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
    now = START + 3 * DAY - 60_000;
    const late = await begin(2);
    expect(late).toBe(other);
    await presentCard(acquirer, late, 'plain');
    now += 120_000;
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

describe('ways to pay', () => {
  it('are those of the region that the clinic takes and the house is connected to', async () => {
    await orderPayment(ctx, id(1));
    expect((await readRails(ctx, id(1))).rails).toEqual(['custodian', 'card']);
    await setClinicRails(ctx, CLINIC, false);
    expect((await readRails(ctx, id(1))).rails).toEqual(['custodian']);
    await setClinicRails(ctx, CLINIC, true);
    expect((await readRails({ ...ctx, card: null }, id(1))).rails).toEqual(['custodian']);
    region = ['custodian'];
    expect((await readRails(ctx, id(1))).rails).toEqual(['custodian']);
    expect(await readClinicRails(ctx, CLINIC)).toEqual({ may: ['custodian'], taken: ['custodian'] });
  });

  it('are refused where they are not offered', async () => {
    await orderPayment(ctx, id(1));
    await setClinicRails(ctx, CLINIC, false);
    await expect(beginCardPayment(ctx, id(1))).rejects.toMatchObject({ code: 'RAIL_NOT_OFFERED' });
    region = ['custodian'];
    await expect(setClinicRails(ctx, CLINIC, true)).rejects.toMatchObject({ code: 'RAIL_NOT_IN_REGION' });
    await expect(readRails(ctx, id(404))).rejects.toMatchObject({ code: 'PAYMENT_UNKNOWN' });
    region = ['custodian', 'card'];
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
