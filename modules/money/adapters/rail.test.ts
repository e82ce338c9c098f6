/** Payments over a real PostgreSQL and the demo's bank: whatever a customer does, the money has a place. */
import path from 'node:path';
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import { DAY, type Hex, HOUR } from '@zhenmei/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MoneyContext } from '../app/context.ts';
import { claimPayment, onMinted, orderPayment, readPayment } from '../app/payments.ts';
import { applyUnits, resetUnits } from '../app/project-units.ts';
import { readMoneyDesk } from '../app/read-money-desk.ts';
import { readEntries } from '../app/read-statement-entries.ts';
import { reconcileMoney } from '../app/reconcile-money.ts';
import { payOutDue } from '../app/send-home.ts';
import { closeAlarm, explainEntry, returnEntry } from '../app/settle-entry.ts';
import { type DemoPayment, transferAtDemoBank } from './demo-bank.ts';
import { NO_UNITS, railContext, START } from './fixtures/rail-context.ts';
import type { MoneyDatabase } from './schema.ts';

const PRICE = 398_000n;
const id = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`;
const address = (n: number): Hex => `0x${n.toString(16).padStart(40, '0')}`;

let database: TestDatabase;
let ctx: MoneyContext;
let now = START;
let minted: bigint[] = [];
let chain = NO_UNITS;
let payable = true;
let calls = 0;

beforeAll(async () => {
  database = await testDatabase([{ module: 'money', dir: path.join(import.meta.dirname, 'migrations') }]);
  const db = database.as<MoneyDatabase>();
  ctx = railContext(db, () => now, {
    settlement: {
      mint: async (_, { amount }) => {
        minted.push(amount);
        chain = { ...chain, supply: chain.supply + amount };
      },
    },
    relay: { forward: async () => ({ key: '' }), settled: async () => ({ hash: '0x', block: 0 }) },
    chainMoney: { totals: async () => ({ ...chain, block: 1 }), held: async () => new Map() },
    agreement: async (agreementId) => ({
      agreementId,
      patient: address(Number(agreementId)),
      payout: id(9),
      total: PRICE,
      currency: 'CNY',
      payable,
      payBy: START + 3 * DAY,
    }),
    forwardNonce: async () => 0n,
  });
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.pool.query(
    `truncate money.payment_order, money.rail_entry, money.rail_payment, money.demo_bank_entry, money.alarm,
     money.reconciliation, money.account, money.movement, money.unit_flow cascade`,
  );
  now = START;
  minted = [];
  chain = NO_UNITS;
  payable = true;
});

async function pay(agreement: Hex, how: DemoPayment, amount = PRICE): Promise<string[]> {
  const { reference, payBy } = await orderPayment(ctx, agreement);
  const transfer = { reference, amount, currency: 'CNY', how, payBy: Date.parse(payBy!), key: `${++calls}` };
  const entries = await transferAtDemoBank(ctx.db, transfer, now);
  await readEntries(ctx);
  return entries;
}
const later = async (ms: number) => {
  now += ms;
  await readEntries(ctx);
  // asked for, then told of in the statement
  await payOutDue(ctx);
  await readEntries(ctx);
};
const states = async (agreement: Hex) =>
  (await readPayment(ctx, agreement)).entries.map((e) => [e.state, e.reason]);
const fits = async () => (await reconcileMoney(ctx, () => 0)).body.differences.map(({ kind }) => kind);
const unit = (name: string, args: Record<string, string>, logIndex: number, block = 7) =>
  applyUnits(ctx.db, { contract: 'SettlementUnit', name, args, block, logIndex, time: now }, (at) =>
    at === address(77) ? 'CareEscrow' : null,
  );
const arrived = async () => {
  await unit('Minted', { to: address(1), amount: String(PRICE) }, 0);
  await onMinted(ctx, ctx.db, address(1), PRICE);
};

describe('a customer of the bank', () => {
  it('who pays exactly is minted once, however often the statement is read', async () => {
    await pay(id(1), 'exact');
    await readEntries(ctx);
    expect(minted).toEqual([PRICE]);
    expect(await states(id(1))).toEqual([['matched', null]]);
    await arrived();
    expect(await fits()).toEqual([]);
  });

  it('who pays in parts waits for the rest', async () => {
    await pay(id(1), 'part');
    const { missing, state } = await readPayment(ctx, id(1));
    expect([missing, state, minted]).toEqual(['238800', 'expected', []]);
    await pay(id(1), 'exact', BigInt(missing));
    expect(minted).toEqual([PRICE]);
    await arrived();
    expect(await fits()).toEqual([]);
  });

  it('who leaves it at a part gets it back when the offer ends', async () => {
    await pay(id(1), 'part');
    await later(3 * DAY);
    expect(await states(id(1))).toEqual([['part', null]]);
    await later(1);
    expect(await states(id(1))).toEqual([['returned', 'not-completed']]);
    expect(await ctx.rail!.balance('CNY')).toBe(0n);
    expect(await fits()).toEqual([]);
  });

  it.each([
    ['twice', 'paid-already', 0],
    ['late', 'late', 3 * DAY + HOUR],
    ['too-much', 'too-much', 0],
  ] as const)('who pays %s gets it back: %s', async (how, reason, ms) => {
    await pay(id(1), how);
    await later(ms);
    expect((await states(id(1))).at(-1)).toEqual(['returned', reason]);
    if (minted.length > 0) await arrived();
    expect(await ctx.rail!.balance('CNY')).toBe(minted.reduce((a, b) => a + b, 0n));
    expect(await fits()).toEqual([]);
  });

  it('who pays for a visit that was called off gets it back', async () => {
    await orderPayment(ctx, id(1));
    payable = false;
    const { reference } = await readPayment(ctx, id(1));
    const transfer = { reference, amount: PRICE, currency: 'CNY', how: 'exact', payBy: 0, key: 'x' } as const;
    await transferAtDemoBank(ctx.db, transfer, now);
    await later(0);
    expect(await states(id(1))).toEqual([['returned', 'late']]);
  });

  it('who writes a wrong reference claims it by number and amount, and by nothing else', async () => {
    const [entry] = await pay(id(1), 'wrong-reference');
    expect(await states(id(1))).toEqual([]);
    for (const told of [
      { entry: entry!, amount: '1' },
      { entry: 'AAAAAAAAAAAAAAAA', amount: String(PRICE) },
    ])
      await expect(claimPayment(ctx, id(1), told)).rejects.toMatchObject({ code: 'PAYMENT_NOT_AT_BANK' });
    await expect(claimPayment(ctx, id(2), { entry: entry!, amount: '1' })).rejects.toMatchObject({
      code: 'PAYMENT_UNKNOWN',
    });
    const told = { entry: entry!.toLowerCase(), amount: String(PRICE) };
    expect((await claimPayment(ctx, id(1), told)).state).toBe('received');
    expect(minted).toEqual([PRICE]);
    await expect(claimPayment(ctx, id(1), told)).rejects.toMatchObject({ code: 'PAYMENT_NOT_AT_BANK' });
  });

  it('whose payment nobody claims has it back after a week, or when the operator says so', async () => {
    const [first] = await pay(id(1), 'wrong-reference');
    const [second] = await pay(id(1), 'wrong-reference');
    await returnEntry(ctx, second!);
    await expect(returnEntry(ctx, second!)).rejects.toMatchObject({ code: 'BANK_ENTRY_UNKNOWN' });
    await later(0);
    const state = async (entry: string) =>
      (await database.pool.query('select state, reason from money.rail_entry where entry = $1', [entry]))
        .rows[0];
    expect(await state(second!)).toEqual({ state: 'returned', reason: 'sent-back' });
    await later(7 * DAY);
    expect(await state(first!)).toEqual({ state: 'unassigned', reason: 'no-such-order' });
    await later(1);
    expect(await state(first!)).toEqual({ state: 'returned', reason: 'not-claimed' });
    expect(await fits()).toEqual([]);
  });

  it('who takes it back owes it: payouts stop until it is paid again', async () => {
    await pay(id(1), 'reversed');
    await arrived();
    await later(HOUR);
    expect(await states(id(1))).toEqual([['owed', null]]);
    expect((await readPayment(ctx, id(1))).missing).toBe(String(PRICE));
    expect(await fits()).toEqual(['unbacked']);
    await pay(id(1), 'exact');
    expect(await states(id(1))).toContainEqual(['settled', null]);
    expect(minted).toEqual([PRICE]);
    expect(await fits()).toEqual([]);
  });
});

describe('a difference', () => {
  const redeemed = (amount: bigint) =>
    unit('Redeemed', { payout: id(5), by: address(77), amount: String(amount) }, 2);

  it('stops what goes out, and an operator lets it go on with a reason', async () => {
    await pay(id(1), 'exact');
    await arrived();
    chain = { ...chain, supply: PRICE - 1n };
    expect(await fits()).toEqual(['units', 'unheld']);
    await redeemed(1n);
    await payOutDue(ctx);
    const desk = await readMoneyDesk(ctx, null);
    expect(desk).toMatchObject({ stopped: true, outgoing: [{ state: 'due' }] });
    // found again while it is open: one alarm, not two
    await fits();
    expect((await readMoneyDesk(ctx, null)).alarms).toHaveLength(1);
    await closeAlarm(ctx, desk.alarms[0]!.id, 'counted by hand');
    await expect(closeAlarm(ctx, desk.alarms[0]!.id, 'again')).rejects.toMatchObject({
      code: 'ALARM_UNKNOWN',
    });
    await later(0);
    expect(await readMoneyDesk(ctx, null)).toMatchObject({
      stopped: false,
      outgoing: [{ state: 'booked', amount: '1' }],
      alarms: [{ reason: 'counted by hand' }],
    });
  });

  it('is not made by redeemed units of which an earlier version asked under the escrow’s own event', async () => {
    await redeemed(1n);
    await unit('Redeemed', { payout: id(5), by: address(77), amount: '1' }, 2);
    const keys = async () => (await readMoneyDesk(ctx, null)).outgoing.map(({ key }) => key);
    expect(await keys()).toEqual(['payout/7/2']);
    await database.pool.query(`update money.rail_payment set key = 'payout/7/1'`);
    await resetUnits(ctx.db);
    await redeemed(1n);
    expect(await keys()).toEqual(['payout/7/1']);
  });

  it('of an agreement is named', async () => {
    await database.pool.query(
      `insert into money.account values ($1, $2, $3, 'active', 10, 9, 0, 0, 0, 0, now(), null)`,
      [id(3), address(3), address(4)],
    );
    expect((await reconcileMoney(ctx, () => 0)).body.differences).toContainEqual({
      kind: 'account',
      where: id(3),
      expected: '10',
      found: '9',
    });
  });

  it('is not a debit that somebody explained', async () => {
    await database.pool.query(
      `insert into money.demo_bank_entry values ('FEE1', 'debit', null, 'bank fee', 20, 'CNY', $1)`,
      [new Date(now)],
    );
    await readEntries(ctx);
    expect((await readMoneyDesk(ctx, null)).entries).toMatchObject([
      { entry: 'FEE1', reason: 'unknown-debit' },
    ]);
    await explainEntry(ctx, 'FEE1', 'the yearly fee of the account');
    await expect(explainEntry(ctx, 'FEE1', 'the same again')).rejects.toMatchObject({
      code: 'BANK_ENTRY_UNKNOWN',
    });
    expect((await readMoneyDesk(ctx, null)).entries).toEqual([]);
  });

  it('cannot be looked for without a custodian', async () => {
    const without = { ...ctx, rail: null };
    await expect(reconcileMoney(without, () => 0)).rejects.toMatchObject({ code: 'RAIL_MISSING' });
    await expect(readEntries(without)).rejects.toMatchObject({ code: 'RAIL_MISSING' });
    expect(await payOutDue(without)).toBe(0);
  });
});
