/** What the house does with signed returns, over a real PostgreSQL and a network that answers as the test says. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import { DAY, type Hex } from '@zhenmei/kernel';
import {
  type MoneyContext,
  type MoneyDatabase,
  moneyHandlers,
  moneyOperatorHandlers,
  signedReturns,
  type TokenChainPort,
  tokenHandlers,
  watchDeposits,
} from '@zhenmei/money';
import { encodeFunctionData, erc20Abi } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { followCoins } from './coin-work.ts';
import { tokenChain } from './token-chain.ts';

const START = 1_800_000_000_000;
const KEY = privateKeyToAccount(`0x${'11'.repeat(32)}`);
const HERE = KEY.address.toLowerCase() as Hex;
const COIN: Hex = `0x${'c0'.repeat(20)}`;
const SENDER: Hex = `0x${'ab'.repeat(20)}`;
const AGREEMENT: Hex = `0x${'0'.repeat(63)}1`;
const CHAIN = 7;
const COINS = 3_980_000_000n;

type Answer = Awaited<ReturnType<TokenChainPort['sendFree']>> | null;
type Transfer = Awaited<ReturnType<TokenChainPort['transfers']>>[number];

let database: TestDatabase;
let ctx: MoneyContext;
let now = START;
let head = 1;
let transfers: Transfer[] = [];
let answer: Answer = 'refused';
let tried = 0;
let lines: object[] = [];

const transfer = (logIndex: number, amount: bigint, token = COIN): Transfer => ({
  block: head,
  logIndex,
  token,
  from: SENDER,
  to: HERE,
  amount,
  at: now,
});
const of = { params: { id: AGREEMENT } };
const page = () => tokenHandlers(ctx).readDeposit(of as never);
const desk = () => moneyOperatorHandlers(ctx).readMoneyDesk({} as never);
const signedFor = (nonce: number) =>
  KEY.signTransaction({
    type: 'eip1559',
    chainId: CHAIN,
    nonce,
    to: COIN,
    gas: 200_000n,
    maxFeePerGas: 0n,
    maxPriorityFeePerGas: 0n,
    data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [SENDER, 30n] }),
  });
const take = (signed: Hex) => tokenHandlers(ctx).returnTokens({ ...of, body: { signed } } as never);
const follow = async (seconds: number) => {
  for (let i = 0; i < seconds; i++, now += 1_000)
    await followCoins(ctx, { warn: (fields: object) => void lines.push(fields) });
};

beforeAll(async () => {
  const dir = path.join(import.meta.dirname, '../../../modules/money/adapters/migrations');
  database = await testDatabase([{ module: 'money', dir }]);
  const chain = { chainId: CHAIN } as never;
  const tokenOf = async () => ({ token: COIN, digits: 6, symbol: 'STC' });
  const tokens: TokenChainPort = {
    ...tokenChain({ chain, escrow: `0x${'e5'.repeat(20)}`, tokenOf, confirmations: 0 }),
    head: async () => head,
    hashOf: async (block) => `0x${block.toString(16).padStart(64, '0')}`,
    transfers: async (_, from, to) => transfers.filter(({ block }) => block >= from && block <= to),
    balance: async () => 10n ** 18n,
    moves: async () => true,
    seen: async () => [],
    permits: async () => 0n,
    sending: async () => ({ nonce: 0, maxFeePerGas: 0n }),
    async sendFree() {
      tried++;
      if (!answer) throw new Error('away');
      return answer;
    },
  };
  ctx = {
    db: database.as<MoneyDatabase>(),
    clock: { now: () => now },
    random: { bytes: (length) => randomBytes(length) as never },
    payee: { zh: '', en: '' },
    rail: null,
    card: null,
    tokens,
    railsOf: async () => ({ clinic: SENDER, rails: ['token'], page: '' }),
    disputes: { side: async () => 'patient' } as Partial<
      MoneyContext['disputes']
    > as MoneyContext['disputes'],
    agreement: async (agreementId) => ({
      agreementId,
      patient: HERE,
      payout: `0x${'09'.repeat(32)}`,
      total: 398_000n,
      currency: 'CNY',
      payable: true,
      payBy: START + 3 * DAY,
    }),
  } as Partial<MoneyContext> as MoneyContext;
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.pool.query(
    'truncate money.payment_order, money.token_deposit, money.token_transfer, money.token_block, money.token_return cascade',
  );
  [now, head, transfers, answer, tried, lines] = [START, 1, [], 'refused', 0, []];
  await moneyHandlers(ctx, async () => null).orderPayment(of as never);
  await tokenHandlers(ctx).orderDeposit(of as never);
  await watchDeposits(ctx);
  head = 2;
  transfers = [transfer(0, COINS + 30n)];
});

describe('a signed return', () => {
  it('that a network refuses is told of once, tried ever less often, and seen by the operator', async () => {
    await take(await signedFor(0));
    await follow(20);
    // at once, and five and fifteen seconds later
    expect([tried, lines.length]).toEqual([2, 1]);
    await follow(60);
    expect([tried, lines.length]).toEqual([4, 1]);
    expect(JSON.stringify(lines)).not.toMatch(new RegExp(`${HERE}|${AGREEMENT}`));
    expect((await page()).returns).toMatchObject([{ state: 'signed', trouble: 'refused' }]);
    expect((await desk()).coinReturns).toMatchObject([
      { state: 'signed', trouble: 'refused', chainId: CHAIN },
    ]);
  });

  it('that can never go is not tried again; it can be sent by hand, or signed anew', async () => {
    answer = 'overtaken';
    await take(await signedFor(0));
    await follow(100);
    expect([tried, lines.length]).toEqual([1, 1]);
    expect((await page()).returns).toMatchObject([{ state: 'refused', trouble: 'overtaken' }]);
    expect(await signedReturns(ctx, CHAIN)).toHaveLength(1);
    await take(await signedFor(0));
    await follow(10);
    expect(tried).toBe(1);
    answer = 'sent';
    await take(await signedFor(1));
    await follow(1);
    // what is signed anew takes the place of what cannot go
    expect((await page()).returns.map(({ state }) => state)).toEqual(['sent']);
  });

  it('that the house gave up is tried again when it is signed again', async () => {
    await take(await signedFor(0));
    for (let i = 0; i < 40; i++, now += 3_600_000) await follow(1);
    expect((await page()).returns).toMatchObject([{ state: 'refused', trouble: 'refused' }]);
    const before = tried;
    answer = 'sent';
    await take(await signedFor(0));
    await follow(1);
    expect([tried - before, (await page()).returns[0]!.state]).toEqual([1, 'sent']);
  });

  it('is sent only once the ledger has it, and a network that is away has refused nothing', async () => {
    answer = null;
    await take(await signedFor(0));
    await follow(3);
    expect((await page()).returns).toMatchObject([{ state: 'signed', trouble: 'silent' }]);
    answer = 'known';
    now += DAY;
    await follow(3);
    expect((await page()).returns).toMatchObject([{ state: 'signed', trouble: null }]);
    answer = 'sent';
    await follow(3);
    expect([(await page()).returns[0]!.state, (await desk()).coinReturns]).toEqual(['sent', []]);
  });
});

describe('a coin that logs transfers without end', () => {
  it('is followed past what fits into one statement, and its page stays short', async () => {
    const spam: Hex = `0x${'5b'.repeat(20)}`;
    transfers.push(...Array.from({ length: 9_000 }, (_, i) => transfer(i + 1, 1n, spam)));
    expect(await watchDeposits(ctx)).toBe(2);
    const { state, arrivals, home } = await page();
    expect([state, arrivals.length, arrivals[0]!.counted]).toEqual(['complete', 101, String(COINS)]);
    expect(home).toHaveLength(2);
  });
});
