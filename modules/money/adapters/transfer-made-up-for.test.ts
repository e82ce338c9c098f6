/** A transfer that her bank took back and somebody made up for by another: she is not paid what she has already. */
import path from 'node:path';
import { testDatabase } from '@zhenmei/db/testing.ts';
import { HOUR } from '@zhenmei/kernel';
import { describe, expect, it } from 'vitest';
import { readPayment } from '../app/payments.ts';
import { readEntries } from '../app/read-statement-entries.ts';
import { tellPayer } from '../app/settle-entry.ts';
import {
  bankBooks,
  closeAlarms,
  ctx,
  differences,
  ends,
  HOME,
  held,
  id,
  later,
  openCardWorld,
  PRICE,
  rows,
  transfer,
} from './fixtures/card-world.ts';

openCardWorld(() => testDatabase([{ module: 'money', dir: path.join(import.meta.dirname, 'migrations') }]));

const booked = async (...what: Parameters<typeof bankBooks>) => {
  await bankBooks(...what);
  await readEntries(ctx);
};
/** Paid by a transfer, held, and taken back by her bank. */
const takenBack = async () => {
  const first = await transfer('first');
  await held();
  await booked('REV1', 'debit', first);
  expect((await readPayment(ctx, id(1))).missing).toBe(String(PRICE));
};
const goesHome = async () => {
  await closeAlarms();
  await ends(100_000n);
  for (let i = 0; i < 3; i++) {
    await closeAlarms();
    await later(HOUR);
  }
};
const home = () =>
  rows(
    `select party, state, rail, asks, amount::int as amount from money.rail_payment where amount = 298000`,
  );
const balance = () => ctx.rail!.balance('CNY');

describe('a transfer that was taken back and made up for', () => {
  const waiting = async () => {
    await takenBack();
    const entry = await transfer('again');
    await goesHome();
    expect(await home()).toMatchObject([{ party: HOME, state: 'due', rail: null, asks: entry }]);
    return entry;
  };

  it('by the house: that goes back to the house, and nothing to her', async () => {
    const entry = await waiting();
    await tellPayer(ctx, entry, 'house');
    for (let i = 0; i < 2; i++) await later(HOUR);
    expect(await home()).toMatchObject([{ party: entry, state: 'booked', rail: 'custodian' }]);
    expect([await balance(), await differences()]).toEqual([0n, []]);
  });

  it('by herself: it is paid to her', async () => {
    await tellPayer(ctx, await waiting(), 'patient');
    for (let i = 0; i < 2; i++) await later(HOUR);
    expect(await home()).toMatchObject([{ party: HOME, state: 'booked', rail: 'custodian' }]);
    expect([await balance(), await differences()]).toEqual([0n, []]);
  });

  it('keeps the clinic’s part waiting for nobody', async () => {
    await waiting();
    expect(await rows(`select state, rail, asks from money.rail_payment where amount = 100000`)).toEqual([
      { state: 'booked', rail: 'custodian', asks: null },
    ]);
  });
});

describe('nobody is asked', () => {
  it('where her bank itself gave back what it took', async () => {
    await takenBack();
    await booked('GIV1', 'credit', 'REV1');
    expect((await readPayment(ctx, id(1))).missing).toBe('0');
    await goesHome();
    expect(await home()).toMatchObject([{ party: HOME, state: 'booked', rail: 'custodian', asks: null }]);
    expect([await balance(), await differences()]).toEqual([0n, []]);
  });

  it('where nobody made up for it: it is set off', async () => {
    await takenBack();
    await goesHome();
    expect(await home()).toMatchObject([{ party: HOME, state: 'booked', asks: null }]);
    expect(await balance()).toBe(-100_000n);
  });
});
