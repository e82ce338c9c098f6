/** A person's objection over a real database: it is there with its order, or not at all. */
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import type { AppError, Hex } from '@zhenmei/kernel';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { MoneyContext } from '../app/context.ts';
import { leaveContest, readOwnContest } from '../app/verification/contests.ts';

const NOW = 1_800_000_000_000;
const PERSON: Hex = `0x${'d'.repeat(40)}`;
const CONTEST = { address: PERSON, text: 'The seal was another one.', signature: '0x01' } as const;

let db: TestDatabase;
let ctx: MoneyContext;
let away = false;
let seed = 0;

beforeAll(async () => {
  db = await testDatabase([{ module: 'money', dir: new URL('./migrations/', import.meta.url) }]);
  ctx = {
    db: db.as(),
    clock: { now: () => NOW },
    random: { bytes: (n: number) => new Uint8Array(n).fill(++seed) },
    rail: null,
    payee: { zh: '托管', en: 'Custody' },
    checks: {
      signedBy: async (_words: string, _by: Hex, signature: Hex) => signature === '0x01',
      units: async () => {
        if (away) throw new Error('the ledger is away');
        return 0n;
      },
      credit: async () => 0n,
      paymentRef: () => '0x00',
    },
  } as unknown as MoneyContext;
});
afterAll(() => db?.close());
beforeEach(async () => {
  away = false;
  for (const table of ['check_contest', 'check_grounds', 'payment_order', 'check_task'] as const)
    await ctx.db.deleteFrom(`money.${table}`).execute();
  await ctx.db
    .insertInto('money.check_task')
    .values({
      id: '1',
      clinic: `0x${'c'.repeat(40)}`,
      subject: `0x${'5'.repeat(64)}`,
      fee: '30000',
      phase: 'challengeable',
      counted: true,
      deadline: new Date(NOW + 1_000),
      asked_at: new Date(NOW),
    })
    .execute();
});

const counts = async () => {
  const of = async (table: 'check_contest' | 'check_grounds' | 'payment_order') =>
    (await ctx.db.selectFrom(`money.${table}`).selectAll().execute()).length;
  return [await of('check_contest'), await of('check_grounds'), await of('payment_order')];
};

it('leaves nothing behind while the ledger is away, and everything afterwards', async () => {
  away = true;
  await expect(leaveContest(ctx, '1', 'token', CONTEST)).rejects.toThrow('away');
  expect(await counts()).toEqual([0, 0, 0]);
  expect(await readOwnContest(ctx, '1', 'token')).toBeNull();
  away = false;
  const own = await leaveContest(ctx, '1', 'token', CONTEST);
  expect(own.order).toMatchObject({ state: 'expected' });
  expect(await counts()).toEqual([1, 1, 1]);
});

it('gives a row that an interruption left without its order the order, with the same words', async () => {
  const first = await leaveContest(ctx, '1', 'token', CONTEST);
  await ctx.db.deleteFrom('money.payment_order').execute();
  const again = await leaveContest(ctx, '1', 'token', CONTEST);
  expect(again.digest).toBe(first.digest);
  expect(again.order).toMatchObject({ state: 'expected' });
  expect(await counts()).toEqual([1, 1, 1]);
});

it('is not left without the signature, without the token, or under another token', async () => {
  const code = (token: string | null, signature: Hex) =>
    leaveContest(ctx, '1', token, { ...CONTEST, signature }).then(
      () => 'none',
      (error: AppError) => error.code,
    );
  expect(await code('token', '0x02')).toBe('CHECK_CONTEST_WRONG');
  expect(await code(null, '0x01')).toBe('CHECK_CONTEST_WRONG');
  expect(await counts()).toEqual([0, 0, 0]);
  expect(await code('token', '0x01')).toBe('none');
  expect(await code('other', '0x01')).toBe('CHECK_CONTEST_WRONG');
  expect(await counts()).toEqual([1, 1, 1]);
});
