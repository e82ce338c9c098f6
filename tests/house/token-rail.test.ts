/** Payments in a coin, on two real engines: whatever reaches an agreement's address is counted once or can go home. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { type ChainReader, connectChain } from '@zhenmei/chain';
import { type TestChain, testChain } from '@zhenmei/chain/fixtures/test-chain.ts';
import { FAR_FEE, signTokenReturn } from '@zhenmei/client/token-return.ts';
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import { DAY, type Hex, toHex0x } from '@zhenmei/kernel';
import {
  demoBank,
  type MoneyContext,
  type MoneyDatabase,
  moneyHandlers,
  noteSent,
  reconcileMoney,
  signedReturns,
  tokenHandlers,
  watchDeposits,
} from '@zhenmei/money';
import { sendReturn, tokenChain } from '@zhenmei/server/compose/token-chain.ts';
import { agreementKey } from '@zhenmei/vault/core/derive.ts';
import {
  createPublicClient,
  custom,
  encodeAbiParameters,
  encodeFunctionData,
  erc20Abi,
  keccak256,
  parseAbi,
} from 'viem';
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hostileToken, stableCoin } from './fixtures/coins.ts';

const PRICE = 398_000n;
const DEAR = 1_000n * FAR_FEE;
const COINS = 3_980_000_000n;
const ESCROW: Hex = `0x${'e5'.repeat(20)}`;
const abi = parseAbi([
  'function mint(address,uint256)',
  'function setPaused(bool)',
  'function setBlocked(address,bool)',
  'function set(uint8)',
]);
const mint = (to: Hex, amount: bigint) =>
  encodeFunctionData({ abi, functionName: 'mint', args: [to, amount] });

let database: TestDatabase;
let node: TestChain;
let far: TestChain;
let chain: ChainReader;
let ctx: MoneyContext;
let coin: Hex;
let other: Hex;
let hostile: Hex;
let key: PrivateKeyAccount;
let visit: { root: Uint8Array<ArrayBuffer>; index: number };
let now = 1_800_000_000_000;
let payable = true;
let listed: { token: Hex; digits: number; symbol: string } | null;
let count = 0;

const of = () => ({ params: { id: agreement() } });
const orderDeposit = () => tokenHandlers(ctx).orderDeposit(of() as never);
const readDeposit = () => tokenHandlers(ctx).readDeposit(of() as never);
const takeReturn = (signed: Hex) => tokenHandlers(ctx).returnTokens({ ...of(), body: { signed } } as never);
const isWrong = (w: Promise<unknown>, code = 'TOKEN_RETURN_WRONG') =>
  expect(w).rejects.toMatchObject({ code });
const agreement = (): Hex => `0x${count.toString(16).padStart(64, '0')}`;
const here = () => key.address.toLowerCase() as Hex;

beforeAll(async () => {
  [node, far] = await Promise.all([testChain(), testChain(4_800_777)]);
  coin = await node.deploy(stableCoin);
  other = await node.deploy(stableCoin);
  hostile = await node.deploy(hostileToken);
  chain = await connectChain({ url: node.url, chainId: node.chainId });
  const migrations = path.join(import.meta.dirname, '../../modules/money/adapters/migrations');
  database = await testDatabase([{ module: 'money', dir: migrations }]);
  ctx = {
    db: database.as<MoneyDatabase>(),
    clock: { now: () => now },
    random: { bytes: (length) => randomBytes(length) as never },
    payee: { zh: '', en: '' },
    rail: null,
    card: null,
    tokens: tokenChain({ chain, escrow: ESCROW, tokenOf: async () => listed, confirmations: 0 }),
    railsOf: async () => ({ clinic: ESCROW, rails: ['token'], page: '' }),
    disputes: { side: async () => 'patient' } as Partial<
      MoneyContext['disputes']
    > as MoneyContext['disputes'],
    agreement: async (agreementId) => ({
      agreementId,
      patient: here(),
      payout: `0x${'09'.repeat(32)}`,
      total: PRICE,
      currency: 'CNY',
      payable,
      payBy: 1_800_000_000_000 + 3 * DAY,
    }),
  } as Partial<MoneyContext> as MoneyContext;
});
afterAll(async () => {
  await Promise.all([node?.stop(), far?.stop(), database?.close()]);
});
beforeEach(async () => {
  count++;
  visit = { root: new Uint8Array(randomBytes(32)), index: count };
  key = privateKeyToAccount(toHex0x(agreementKey(visit.root, visit.index).privateKey));
  listed = { token: coin, digits: 6, symbol: 'STC' };
  payable = true;
  now = 1_800_000_000_000;
  await moneyHandlers(ctx, async () => null).orderPayment(of() as never);
  await orderDeposit();
  await watchDeposits(ctx);
});

const send = async (token: Hex, amount: bigint) => node.mine([await node.sign(token, mint(here(), amount))]);
const act = async (data: Hex, on = coin) => node.mine([await node.sign(on, data)]);
async function told() {
  const { state, missing, arrivals, home } = await readDeposit();
  return {
    state,
    missing: BigInt(missing),
    arrivals: arrivals.map((one) => [BigInt(one.counted), BigInt(one.home), one.reason]),
    home: home.map(({ token, amount }) => [token, BigInt(amount)]),
  };
}
/** As the payer's device signs it. The gas is paid for, so that somebody has to bring it. */
const signReturn = (
  token: Hex,
  amount: bigint,
  more: { chainId?: number; to?: Hex; by?: PrivateKeyAccount; data?: Hex; nonce?: number; fee?: bigint } = {},
) =>
  !more.by && !more.data
    ? signTokenReturn(visit, {
        chainId: more.chainId ?? node.chainId,
        token,
        receiver: more.to ?? ESCROW,
        amount,
        nonce: more.nonce ?? 0,
        maxFeePerGas: more.fee ?? 1_000_000_000n,
      })
    : (more.by ?? key).signTransaction({
        type: 'eip1559',
        chainId: more.chainId ?? node.chainId,
        nonce: more.nonce ?? 0,
        to: token,
        gas: 200_000n,
        maxFeePerGas: 1_000_000_000n,
        maxPriorityFeePerGas: 1_000_000_000n,
        data:
          more.data ??
          encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [more.to ?? ESCROW, amount] }),
      });

describe('a payment in a coin', () => {
  it('is asked for to its own address, exactly, by a code', async () => {
    expect((await readDeposit()).request).toBe(
      `ethereum:${coin}@${node.chainId}/transfer?address=${here()}&uint256=${COINS}`,
    );
    expect(await told()).toEqual({ state: 'waiting', missing: COINS, arrivals: [], home: [] });
  });

  it('comes exactly, in parts, too much, twice, in another coin', async () => {
    await send(coin, 1n);
    expect((await told()).missing).toBe(COINS - 1n);
    await send(other, 7n);
    await send(coin, COINS);
    await send(coin, COINS);
    expect(await told()).toEqual({
      state: 'complete',
      missing: 0n,
      arrivals: [
        [1n, 0n, null],
        [0n, 7n, 'wrong-token'],
        [COINS - 1n, 1n, 'too-much'],
        [0n, COINS, 'paid-already'],
      ],
      home: [
        [coin, COINS + 1n],
        [other, 7n],
      ],
    });
  });

  it('goes home when the time is over before it is complete', async () => {
    await send(coin, 5n);
    now += 4 * DAY;
    expect(await told()).toMatchObject({ state: 'over', home: [[coin, 5n]] });
    payable = false;
    expect((await told()).arrivals).toEqual([[0n, 5n, 'called-off']]);
  });

  it('is compared at night with what lies there, to the smallest unit', async () => {
    const none = {
      InstalmentPool: 0n,
      InstalmentBook: 0n,
      ClinicBond: 0n,
      GuaranteePool: 0n,
      AssessorPool: 0n,
      ProviderVerification: 0n,
    };
    const night: MoneyContext = {
      ...ctx,
      rail: demoBank(ctx.db, () => now),
      chainMoney: {
        totals: async () => ({ supply: 0n, escrow: 0n, holders: none, block: 1 }),
        held: async () => new Map(),
      },
    };
    const differences = async () => (await reconcileMoney(night, () => 0)).body.differences;
    await send(coin, COINS);
    // however many addresses there are, they are asked about in few questions
    const questions: string[] = [];
    const request = async (given: { method: string }) => {
      questions.push(given.method);
      return chain.viem.request(given as never);
    };
    const asking = { ...chain, viem: createPublicClient({ transport: custom({ request }) }) };
    const tokens = tokenChain({
      chain: asking,
      escrow: ESCROW,
      tokenOf: async () => listed,
      confirmations: 0,
    });
    const tip = (await watchDeposits(ctx))!;
    const many = Array.from({ length: 300 }, (_, i) => ({
      token: coin,
      address: i % 2 === 0 ? here() : (`0x${i.toString(16).padStart(40, '0')}` as Hex),
    }));
    const found = await tokens.balances(many, tip);
    expect([found.length, found[0], found[1], found[298]]).toEqual([300, COINS, 0n, COINS]);
    expect(questions.filter((one) => one === 'eth_call')).toHaveLength(2);
    expect(await differences()).toEqual([]);
    await ctx.db
      .updateTable('money.token_transfer')
      .set({ amount: String(COINS - 1n) })
      .where('receiver', '=', here())
      .execute();
    expect(await differences()).toEqual([
      { kind: 'token', expected: String(COINS - 1n), found: String(COINS), where: agreement() },
    ]);
    await ctx.db
      .updateTable('money.token_transfer')
      .set({ amount: String(COINS) })
      .where('receiver', '=', here())
      .execute();
  });

  it('is exact under reorganisations', async () => {
    await send(coin, COINS);
    expect((await told()).state).toBe('complete');
    await node.reorganise(1, async () => [[]]);
    expect(await told()).toMatchObject({ state: 'waiting', arrivals: [] });
    await send(coin, 3n);
    await send(coin, 4n);
    await told();
    await node.reorganise(2, async (sign) => [
      [await sign(coin, mint(here(), 8n))],
      [await sign(coin, mint(here(), 9n))],
    ]);
    expect((await told()).arrivals).toEqual([
      [8n, 0n, null],
      [9n, 0n, null],
    ]);
  });

  it('waits where the issuer stops all, or this address, and is not used where the coin keeps a part', async () => {
    await send(coin, COINS);
    await act(encodeFunctionData({ abi, functionName: 'setPaused', args: [true] }));
    expect((await told()).state).toBe('stopped');
    await act(encodeFunctionData({ abi, functionName: 'setPaused', args: [false] }));
    expect((await told()).state).toBe('complete');
    await act(encodeFunctionData({ abi, functionName: 'setBlocked', args: [here(), true] }));
    expect((await told()).state).toBe('stopped');
    await act(encodeFunctionData({ abi, functionName: 'setBlocked', args: [here(), false] }));
    // what its log says arrived, and a hundredth of it did not
    const slot = keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [here(), 0n]));
    const less = `0x${((COINS * 99n) / 100n).toString(16).padStart(64, '0')}`;
    await node.engine.rpc('anvil_setStorageAt', [coin, slot, less]);
    await node.mine([]);
    expect((await told()).state).toBe('fee-taken');
  });

  it('knows a coin that answers nothing from one that answers no', async () => {
    await act(mint(here(), 5n), hostile);
    const moves = () => ctx.tokens!.moves(hostile, here(), 5n);
    const mode = (n: number) => act(encodeFunctionData({ abi, functionName: 'set', args: [n] }), hostile);
    expect(await moves()).toBe(true);
    await mode(2);
    expect(await moves()).toBe(false);
    await mode(3);
    expect(await moves()).toBe(true);
    expect(await ctx.tokens!.moves(hostile, here(), 6n)).toBe(false);
  });

  it('is not held up by dust, or by nothing sent many times', async () => {
    await send(coin, 1n);
    for (let i = 0; i < 3; i++) await send(other, 0n);
    await send(coin, COINS);
    expect(await told()).toMatchObject({ state: 'complete', missing: 0n, home: [[coin, 1n]] });
    expect((await readDeposit()).arrivals).toHaveLength(2);
    // here the way home costs nothing, so one unit may go; where it costs, it stays
    expect((await readDeposit()).home).toMatchObject([{ dust: false }]);
    const tokens = { ...ctx.tokens!, sending: async () => ({ nonce: 0, maxFeePerGas: 1n }) };
    const dear = tokenHandlers({ ...ctx, tokens });
    const page = await dear.readDeposit(of() as never);
    expect([page.dust, page.home[0]!.dust]).toEqual(['1000000', true]);
    const signed = await signReturn(coin, 1n);
    await isWrong(dear.returnTokens({ ...of(), body: { signed } } as never), 'TOKEN_RETURN_SMALL');
  });

  it('is refused where the gate lists no coin, or one that cannot say the price', async () => {
    count++;
    const wanted = moneyHandlers(ctx, async () => null);
    await expect(orderDeposit()).rejects.toMatchObject({ code: 'PAYMENT_UNKNOWN' });
    await wanted.orderPayment(of() as never);
    listed = null;
    await expect(orderDeposit()).rejects.toMatchObject({ code: 'RAIL_NOT_OFFERED' });
    listed = { token: coin, digits: 1, symbol: 'STC' };
    await expect(orderDeposit()).rejects.toMatchObject({ code: 'TOKEN_DECIMALS' });
  });
});

describe('what goes home', () => {
  const PAYER = privateKeyToAccount(`0x${'77'.repeat(32)}`);
  const GAS: Hex = `0x${'66'.repeat(32)}`;
  const NAMED: Hex = `0x${'ab'.repeat(20)}`;
  const balance = (at: TestChain, token: Hex, of: Hex) =>
    at.engine
      .rpc<Hex>('eth_call', [
        { to: token, data: encodeFunctionData({ abi: erc20Abi, functionName: 'balanceOf', args: [of] }) },
        'latest',
      ])
      .then(BigInt);
  const withGas = async (at: TestChain) => {
    await at.engine.rpc('anvil_setBalance', [privateKeyToAccount(GAS).address, '0xde0b6b3a7640000']);
    await at.engine.rpc('evm_setAutomine', [true]);
  };

  it('is signed by the payer to whom she names, and the operator can only send it', async () => {
    await send(coin, COINS + 30n);
    await told();
    const signed = await signReturn(coin, 30n, { to: NAMED });
    await takeReturn(signed);
    await takeReturn(signed);
    const waiting = await signedReturns(ctx, node.chainId);
    expect(waiting).toMatchObject([{ amount: '30', receiver: NAMED }]);
    await withGas(node);
    for (let i = 0; i < 2; i++) await sendReturn(node.url, signed, GAS);
    await node.engine.rpc('evm_setAutomine', [false]);
    await noteSent(ctx, waiting[0]!.hash);
    expect(await balance(node, coin, NAMED)).toBe(30n);
    expect(await signedReturns(ctx, null)).toEqual([]);
    expect(await told()).toMatchObject({ state: 'complete', home: [] });
    // the answer to the first request was lost, and all has gone home since: it is found by its hash
    expect(await takeReturn(signed)).toMatchObject({ amount: '30', receiver: NAMED });
    await isWrong(takeReturn(await signReturn(coin, 1n, { nonce: 1 })));
  });

  it('is refused for more than goes home, by another key, or as anything but one transfer', async () => {
    await send(coin, COINS + 30n);
    await told();
    const approve = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [NAMED, 30n] });
    const transfer = encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [NAMED, 30n] });
    for (const wrong of [
      await signReturn(coin, 31n),
      await signReturn(coin, 0n),
      await signReturn(other, 30n),
      await signReturn(coin, 30n, { by: PAYER }),
      await signReturn(coin, 30n, { data: approve }),
      await signReturn(coin, 30n, { data: `${transfer}00` }),
      '0x02' as Hex,
    ])
      await isWrong(takeReturn(wrong));
    await isWrong(sendReturn(node.url, '0x02', GAS));
    expect(await signedReturns(ctx, null)).toEqual([]);
  });

  it('comes back from another network, where the same key has the same address', async () => {
    const there = await far.deploy(stableCoin);
    await far.mine([await far.sign(there, mint(here(), 55n))]);
    expect((await told()).arrivals).toEqual([]);
    const elsewhere = { chainId: far.chainId, to: NAMED, fee: FAR_FEE };
    // one that can never be sent keeps no later one, of whatever coin
    await takeReturn(await signReturn(other, 9n, elsewhere));
    const signed = await signReturn(there, 55n, elsewhere);
    await takeReturn(signed);
    expect((await signedReturns(ctx, far.chainId)).map(({ token }) => token)).toEqual([there]);
    await withGas(far);
    await expect(sendReturn(node.url, signed, GAS)).rejects.toMatchObject({ code: 'TOKEN_CHAIN_OTHER' });
    await isWrong(sendReturn(far.url, await signReturn(there, 55n, { ...elsewhere, fee: DEAR }), GAS));
    await isWrong(sendReturn(far.url, signed, GAS, 1n), 'TOKEN_RETURN_DEAR');
    await sendReturn(far.url, signed, GAS);
    expect(await balance(far, there, NAMED)).toBe(55n);
    // for more than lies there the operator pays no fee
    await isWrong(sendReturn(far.url, await signReturn(there, 1n, { chainId: far.chainId, nonce: 1 }), GAS));
  });
});
