/** What clinics put aside for their coming, over a real database: what the chain tells, what is due, what the night compares. */
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import { type Hex, keccak256, toHex0x, utf8 } from '@zhenmei/kernel';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { pledgeOfAgreement, pledgesOfClinic } from '../app/absence/read-pledges.ts';
import { wrongPledges } from '../app/absence/reconcile-pledges.ts';
import { applyPledges, duePledges, type MoneyContext, pledgeMoneyBack, resetPledges } from '../index.ts';

const BOOK: Hex = `0x${'b'.repeat(40)}`;
const OTHER: Hex = `0x${'d'.repeat(40)}`;
const CLINIC: Hex = `0x${'c'.repeat(40)}`;
const WORD: Hex = `0x${'0'.repeat(24)}${'c'.repeat(40)}`;
const NOW = 1_800_000_000_000;
const word = (text: string): Hex => toHex0x(keccak256(utf8(text)));
const [A, B] = ['a', 'b'].map((name) => word(name)) as [Hex, Hex];
const PAYOUT = word('payout');

let db: TestDatabase;
let ctx: MoneyContext;
let block = 1;

const event = (contract: string, name: string, args: Record<string, string | boolean>) =>
  applyPledges(ctx.db, { contract, name, args, block: ++block, index: 0, time: NOW } as never, BOOK);
const bond = (name: string, args: Record<string, string>) =>
  event('ClinicBond', name, { book: BOOK, provider: CLINIC, ...args });
const pledged = async (id: Hex, sum: string) => {
  await event('AbsencePledge', 'Pledged', { id, clinic: CLINIC, sum });
  await bond('Locked', { cover: id, amount: sum });
};
const settled = async (id: Hex, sum: string, paid: string) => {
  await event('AbsencePledge', 'Settled', { id, paid });
  await bond('Released', { cover: id, amount: sum, paid });
  if (paid !== '0') await event('ClinicBond', 'Credited', { who: PAYOUT, cover: id, amount: paid });
};
const agreementIs = (id: Hex, state: string) =>
  ctx.db
    .updateTable('money.account')
    .set({ state: state as never })
    .where('agreement_id', '=', id)
    .execute();
const due = async () => (await duePledges(ctx)).map((one) => one && [one.agreement, one.act]);

beforeEach(async () => {
  db ??= await testDatabase([{ module: 'money', dir: new URL('./migrations/', import.meta.url) }]);
  ctx = { db: db.as(), clock: { now: () => NOW } } as unknown as MoneyContext;
  await resetPledges(ctx.db);
  await ctx.db.deleteFrom('money.absence').execute();
  await ctx.db.deleteFrom('money.account').execute();
  for (const id of [A, B])
    await ctx.db
      .insertInto('money.account')
      .values({
        agreement_id: id,
        patient: `0x${'1'.repeat(40)}`,
        clinic: CLINIC,
        state: 'active',
        funded: '1000',
        held: '1000',
        paid: '0',
        fee: '0',
        refunded: '0',
        milestone: 0,
        deadline: null,
        opened_at: new Date(NOW),
      } as never)
      .execute();
  await bond('Deposited', { amount: '1000' });
});
afterAll(() => db?.close());

describe('pledges as the chain tells them', () => {
  it('stand, are paid once and leave for the patient', async () => {
    await pledged(A, '300');
    expect(await pledgesOfClinic(ctx, CLINIC)).toEqual({
      bond: { total: '1000', locked: '300' },
      standing: 1,
      list: [{ agreement: A, sum: '300', state: 'standing' }],
    });
    expect(await due()).toEqual([]);
    await agreementIs(A, 'clinic-absent');
    expect(await due()).toEqual([[A, 'witness']]);
    await event('AbsencePledge', 'Witnessed', { id: A, reported: true });
    expect(await pledgeOfAgreement(ctx, A)).toEqual({ sum: '300', state: 'reported' });
    await agreementIs(A, 'closed');
    expect(await due()).toEqual([[A, 'settle']]);
    await settled(A, '300', '300');
    expect(await due()).toEqual([[A, 'pay']]);
    await event('ClinicBond', 'PaidOut', { who: PAYOUT, amount: '300' });
    expect(await due()).toEqual([]);
    expect((await pledgesOfClinic(ctx, CLINIC)).bond).toEqual({ total: '700', locked: '0' });
  });

  it('are looked at again once the other side objected, and freed without payment', async () => {
    await pledged(A, '300');
    await event('AbsencePledge', 'Witnessed', { id: A, reported: true });
    await agreementIs(A, 'disputed');
    expect(await due()).toEqual([[A, 'witness']]);
    await event('AbsencePledge', 'Witnessed', { id: A, reported: false });
    expect(await due()).toEqual([]);
    await agreementIs(A, 'closed');
    await settled(A, '300', '0');
    expect(await pledgeOfAgreement(ctx, A)).toEqual({ sum: '300', state: 'freed' });
    expect(await due()).toEqual([]);
    expect((await pledgesOfClinic(ctx, CLINIC)).bond).toEqual({ total: '1000', locked: '0' });
  });

  it('are apart from other books of the bond, and from what those pay', async () => {
    await pledged(A, '300');
    await event('ClinicBond', 'Deposited', { book: OTHER, provider: CLINIC, amount: '5' });
    await event('ClinicBond', 'Reclaimed', { book: OTHER, provider: CLINIC, amount: '5' });
    await event('ClinicBond', 'Credited', { who: PAYOUT, cover: word('cover'), amount: '9' });
    await event('GuaranteePool', 'PaidOut', { who: PAYOUT, amount: '9' });
    expect((await pledgesOfClinic(ctx, CLINIC)).bond).toEqual({ total: '1000', locked: '300' });
    expect(await pledgeMoneyBack(ctx)).toEqual([]);
    expect(await pledgeOfAgreement(ctx, B)).toBe(null);
  });

  it('show those that stand first, and no other clinic’s', async () => {
    await pledged(A, '300');
    await pledged(B, '200');
    await settled(B, '200', '0');
    await event('AbsencePledge', 'Pledged', { id: word('c'), clinic: OTHER, sum: '1' });
    expect((await pledgesOfClinic(ctx, CLINIC)).list.map(({ agreement }) => agreement)).toEqual([A, B]);
  });
});

describe('what a clinic takes back', () => {
  it('waits for the custodian until it has left, each time anew', async () => {
    await bond('Reclaimed', { amount: '400' });
    const [first] = await pledgeMoneyBack(ctx);
    expect(first).toEqual({ clinic: CLINIC, block: BigInt(block) });
    await event('ClinicBond', 'PaidOut', { who: PAYOUT, amount: '1' });
    expect(await pledgeMoneyBack(ctx)).toEqual([first]);
    await event('ClinicBond', 'PaidOut', { who: WORD, amount: '400' });
    expect(await pledgeMoneyBack(ctx)).toEqual([]);
    await bond('Reclaimed', { amount: '600' });
    expect((await pledgeMoneyBack(ctx))[0]!.block).not.toBe(first!.block);
    expect((await pledgesOfClinic(ctx, CLINIC)).bond).toEqual({ total: '0', locked: '0' });
  });
});

describe('the night’s comparison', () => {
  it('finds nothing while the bond keeps what stands', async () => {
    await pledged(A, '300');
    await pledged(B, '200');
    expect(await wrongPledges(ctx.db)).toEqual([]);
    await settled(B, '200', '200');
    expect(await wrongPledges(ctx.db)).toEqual([]);
  });

  it.each([
    [
      'a pledge that no bond keeps',
      'AbsencePledge',
      'Pledged',
      { id: A, clinic: CLINIC, sum: '1' },
      '1',
      '0',
    ],
    [
      'a bond that keeps a cent too much',
      'ClinicBond',
      'Locked',
      { book: BOOK, provider: CLINIC, cover: A, amount: '1' },
      '0',
      '1',
    ],
    [
      'a bond that has less than it keeps',
      'ClinicBond',
      'Reclaimed',
      { book: BOOK, provider: CLINIC, amount: '1001' },
      '0',
      '-1',
    ],
  ] as const)('finds %s', async (_what, contract, name, args, expected, found) => {
    await event(contract, name, args);
    expect(await wrongPledges(ctx.db)).toEqual([{ kind: 'pledges', expected, found, where: CLINIC }]);
  });

  it('finds a pledge of a clinic without any bond', async () => {
    await event('AbsencePledge', 'Pledged', { id: A, clinic: OTHER, sum: '7' });
    expect(await wrongPledges(ctx.db)).toEqual([
      { kind: 'pledges', expected: '7', found: '0', where: OTHER },
    ]);
  });
});
