/** A whole visit that is paid in a coin, and what can go wrong with the coin. */

import { withdrawCoin } from '@zhenmei/client/clinic.ts';
import { relayEscrow } from '@zhenmei/client/patient.ts';
import { bearerOf } from '@zhenmei/client/patient-steps.ts';
import { signTokenReturn } from '@zhenmei/client/token-return.ts';
import { CareEscrowAbi } from '@zhenmei/contracts/generated/abis.ts';
import { parseTrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { type Hex, utf8 } from '@zhenmei/kernel';
import { reconcileMoney, settlementApi, tokenApi } from '@zhenmei/money';
import { moneyApi } from '@zhenmei/money/api.ts';
import { demoApi } from '@zhenmei/server/api/contract.ts';
import { verifyReceipt } from '@zhenmei/verifier/verify-receipt.ts';
import { encodeFunctionData, pad } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CoinHouse, type CoinPlay, MOCK, openCoinHouse, signedVisit } from './coin-house.ts';
import { codeOf } from './test-house.ts';

const COINS = 3_980_000_000n;
const NAMED: Hex = `0x${'ab'.repeat(20)}`;
const OTHER: Hex = `0x${'cd'.repeat(20)}`;
let place: CoinHouse;

beforeAll(async () => {
  place = await openCoinHouse();
});
afterAll(() => place?.close());

const coin = (functionName: 'setPaused' | 'setBlocked', args: readonly unknown[]) =>
  place.act(place.coin, encodeFunctionData({ abi: MOCK, functionName, args } as never));
const differences = async () =>
  (await reconcileMoney(place.house.modules.money, () => performance.now())).body.differences;
const cancel = async (play: CoinPlay) =>
  relayEscrow(play.patient.io, play.visit, 'cancel', await play.atPhone());
const id = async (play: CoinPlay) => ({ id: (await play.atPhone()).agreementId! });

async function held(): Promise<CoinPlay> {
  const play = await signedVisit(place);
  await place.mint(place.coin, await play.address(), COINS);
  await play.openIt();
  return play;
}

async function sendHome(play: CoinPlay, to: Hex): Promise<string> {
  const { chainId, home, sending } = await play.deposit();
  const signed = await signTokenReturn(play.visit, {
    chainId,
    token: home[0]!.token,
    receiver: to,
    amount: BigInt(home[0]!.amount),
    nonce: sending.nonce,
    maxFeePerGas: BigInt(sending.maxFeePerGas),
  });
  const asked = { params: await id(play), bearer: bearerOf(play.visit) };
  return (await play.patient.io.api.call(tokenApi.returnTokens, { ...asked, body: { signed } })).amount;
}

describe('a visit in coin', () => {
  it('goes from the offer to five proofs, and its money to an address that the clinic names', async () => {
    const play = await signedVisit(place);
    const view = await play.atPhone();
    const address = await play.address();
    expect(await play.deposit()).toMatchObject({
      state: 'waiting',
      token: place.coin,
      symbol: 'STC',
      amount: String(COINS),
      address: view.patientAddress,
    });
    await place.mint(place.coin, address, COINS);
    await play.openIt();
    expect((await play.atPhone()).money).toMatchObject({ state: 'active', held: view.total });
    expect(await play.deposit()).toMatchObject({ state: 'held', home: [] });
    expect(await differences()).toEqual([]);
    await play.passTime();
    await play.ready();
    await play.checkIn();
    await play.unseal();
    await play.treat();
    await play.claim();
    await play.release();

    const { text, trust } = await play.receipt();
    const { exit, proofs } = await verifyReceipt({
      bytes: utf8(text),
      trust: parseTrustFile(trust),
      now: place.house.deps.clock.now(),
    });
    expect([exit, Object.keys(proofs).length]).toEqual([0, 5]);

    const { api } = play.clinic.desk;
    const earned = 3_940_200_000n;
    const income = async () => (await api.call(settlementApi.coinStatements)).coins;
    expect(await income()).toMatchObject([
      { symbol: 'STC', held: '0', credit: String(earned), paidOut: '0' },
    ]);
    const take = (credit: bigint, onAccount = 0n) =>
      withdrawCoin(play.clinic, place.coin, NAMED, { credit, onAccount });
    // whom the coin stops gets nothing; more than there is goes nowhere, and nothing is lost by trying
    await coin('setBlocked', [play.clinic.desk.account, true]);
    expect(await codeOf(() => take(earned))).toBe('CHAIN_REVERTED');
    await coin('setBlocked', [play.clinic.desk.account, false]);
    expect(await codeOf(() => take(earned + 1n))).toBe('CHAIN_REVERTED');
    expect(await income()).toMatchObject([{ credit: String(earned), paidOut: '0' }]);
    // anybody may bring it to the clinic's account, beside something that somebody sent there: all of it goes on
    const who = pad(play.clinic.desk.account, { size: 32 });
    await place.act(
      place.house.deps.protocol.contracts.CareEscrow,
      encodeFunctionData({ abi: CareEscrowAbi, functionName: 'withdraw', args: [place.coin, who] }),
    );
    await place.mint(place.coin, play.clinic.desk.account, 7n);
    await expect.poll(income).toMatchObject([{ credit: '0', onAccount: String(earned + 7n), paidOut: '0' }]);
    await take(0n, earned + 7n);
    expect(await place.balance(place.coin, NAMED)).toBe(earned + 7n);
    expect(await income()).toMatchObject([{ credit: '0', onAccount: '0', paidOut: String(earned) }]);
    const query = { from: '2026-01-01', to: '2026-12-31', token: place.coin };
    expect(await codeOf(() => api.call(settlementApi.coinTable, { query: { ...query, token: OTHER } }))).toBe(
      'PAYMENT_UNKNOWN',
    );
    const table = await api.call(settlementApi.coinTable, {
      query: { ...query, from: iso(-20), to: iso(40) },
    });
    expect(table).toMatch(/3980\.00,3940\.20,39\.80,0\.00,3940\.20/);
    expect((await api.call(moneyApi.statement)).paidOut).toBe('0');
    expect((await api.call(settlementApi.listInvoices)).invoices).toEqual([]);
    expect(await differences()).toEqual([]);
  });
});

const iso = (days: number) =>
  new Date(place.house.deps.clock.now() + days * 86_400_000).toISOString().slice(0, 10);

describe('what does not pay', () => {
  it('is too little, another coin, and money at the bank; what is complete pays once', async () => {
    const play = await signedVisit(place);
    const address = await play.address();
    await place.mint(place.other, address, COINS);
    await place.mint(place.coin, address, COINS - 1n);
    expect(await play.deposit()).toMatchObject({
      state: 'part',
      missing: '1',
      home: [{ token: place.other, amount: String(COINS) }],
    });
    expect(await codeOf(() => play.openIt())).toBe('COIN_NOT_COMPLETE');
    const { api } = play.patient.io;
    const asked = { params: await id(play), bearer: bearerOf(play.visit) };
    const { reference, amount, currency } = await api.call(moneyApi.readPayment, asked);
    await api.call(demoApi.payAtBank, { body: { reference, amount, currency } });
    const entry = async () => (await api.call(moneyApi.readPayment, asked)).entries[0];
    await expect.poll(entry).toMatchObject({ state: 'returned' });
    await place.mint(place.coin, address, 5n);
    expect(await play.deposit()).toMatchObject({ state: 'complete' });
    await play.openIt();
    expect(await codeOf(() => play.openIt())).toBe('COIN_NOT_COMPLETE');
    await place.mint(place.coin, address, COINS);
    const { home } = await play.deposit();
    expect(new Map(home.map((one) => [one.token, one.amount])).get(place.coin)).toBe(String(COINS + 4n));
    await expect.poll(differences).toEqual([]);
  });

  it('waits while its issuer has paused it, and goes on afterwards', async () => {
    const play = await signedVisit(place);
    await place.mint(place.coin, await play.address(), COINS);
    await coin('setPaused', [true]);
    expect((await play.deposit()).state).toBe('stopped');
    expect(await codeOf(() => play.openIt())).toBe('COIN_NOT_COMPLETE');
    await coin('setPaused', [false]);
    await play.openIt();
  });
});

describe('what comes back', () => {
  it('is brought to each by itself, and sent home by her signature alone; who is stopped stops nobody', async () => {
    const [stopped, other] = [await held(), await held()];
    const at = async (play: CoinPlay) => place.balance(place.coin, (await play.atPhone()).patientAddress);
    await coin('setBlocked', [(await stopped.atPhone()).patientAddress, true]);
    await cancel(stopped);
    await cancel(other);
    await expect.poll(() => at(other)).toBe(COINS);
    expect(await at(stopped)).toBe(0n);
    expect((await other.deposit()).arrivals.at(-1)).toMatchObject({ reason: 'refund', home: String(COINS) });
    expect(await sendHome(other, OTHER)).toBe(String(COINS));
    await expect.poll(() => place.balance(place.coin, OTHER)).toBe(COINS);
    expect((await other.deposit()).returns).toMatchObject([{ state: 'sent', receiver: OTHER }]);
    await coin('setBlocked', [(await stopped.atPhone()).patientAddress, false]);
    await expect.poll(() => at(stopped)).toBe(COINS);
    expect(await differences()).toEqual([]);
  });

  it('is seen at night where the escrow has less than it owes', async () => {
    const { money } = place.house.modules;
    const tokens = { ...money.tokens!, escrowHas: async () => 0n };
    const found = await reconcileMoney({ ...money, tokens }, () => 0);
    expect(found.body.differences).toContainEqual(
      expect.objectContaining({ kind: 'escrow', found: '0', where: place.coin }),
    );
  });
});

describe('a house whose operator', () => {
  it('named a coin that is not listed does not start; one without a coin makes no offer', async () => {
    const named = { setting: 'COIN_PARTNER', profile: 'partner', currency: 'CNY' } as const;
    expect(await codeOf(() => place.again([{ ...named, token: place.other }]))).toBe('COIN_NOT_LISTED');
    await place.again([]);
    expect(await codeOf(() => signedVisit(place))).toBe('SETTLEMENT_NOT_CONNECTED');
    await place.again([{ ...named, token: place.coin }]);
    await held();
  });
});
