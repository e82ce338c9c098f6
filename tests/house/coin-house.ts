/**
 * A house whose region settles in a licensed partner's coin: no real region does, so the rules of this test's house say
 * so, on its ledger and in its process. The coin is a mock that people can mint, stop and block.
 */

import { type Choice, openClinic, openPatient, VisitPlay } from '@zhenmei/cli/visit-play.ts';
import { WEB_DIST } from '@zhenmei/cli/web-build.ts';
import { bearerOf } from '@zhenmei/client/patient-steps.ts';
import { openInCoin } from '@zhenmei/client/pay-in-coin.ts';
import { placeOf } from '@zhenmei/contracts/deploy/plan.ts';
import { CareEscrowAbi, DeployerAbi, ParamsAbi, TokenGateAbi } from '@zhenmei/contracts/generated/abis.ts';
import { organisations } from '@zhenmei/identity';
import type { Hex } from '@zhenmei/kernel';
import { tokenApi } from '@zhenmei/money';
import { moneyApi } from '@zhenmei/money/api.ts';
import { cn } from '@zhenmei/policy';
import { type House, startHouse } from '@zhenmei/server';
import { createLogger } from '@zhenmei/telemetry';
import { encodeFunctionData, erc20Abi, parseAbi, stringToHex } from 'viem';
import { hostileToken, stableCoin } from './fixtures/coins.ts';
import { openTestHouse, type TestHouse } from './test-house.ts';

export const MOCK = parseAbi([
  'function mint(address,uint256)',
  'function setPaused(bool)',
  'function setBlocked(address,bool)',
  'function set(uint8)',
]);
/** The ledger never opens China's closed loop, so it is told that the clinics of this house work in a place of no country. */
const ELSEWHERE = stringToHex('XC', { size: 2 });
/** `ITokenGate`. */
const ERC20 = 2;
const PARTNER = 4;

export interface CoinHouse extends TestHouse {
  readonly coin: Hex;
  readonly other: Hex;
  /** A call of the ledger's administrator. */
  act(to: Hex, data: Hex): Promise<void>;
  mint(token: Hex, to: Hex, amount: bigint): Promise<void>;
  balance(token: Hex, of: Hex): Promise<bigint>;
  /** Starts the house again on the same folder, with these settings of coins. */
  again(coins: House['deps']['config']['coins']): Promise<void>;
}

let calls = 0;

/** @param connect false: everything is there, and the operator has not named the coin */
export async function openCoinHouse(connect = true): Promise<CoinHouse> {
  const opened = await openTestHouse();
  let { house } = opened;
  const act = async (to: Hex, data: Hex) => {
    await house.deps.protocol.admin.send({ key: `test/${++calls}`, to, data, gas: 20_000_000n });
  };
  const deploy = async (initCode: Hex, salt: number): Promise<Hex> => {
    const { Deployer: to } = house.deps.protocol.contracts;
    const args = [`0x${salt.toString(16).padStart(64, '0')}` as Hex, initCode] as const;
    const data = encodeFunctionData({ abi: DeployerAbi, functionName: 'deploy', args });
    await act(to, data);
    return placeOf({ to, data }).toLowerCase() as Hex;
  };
  const coin = await deploy(stableCoin, 1);
  const other = await deploy(stableCoin, 2);
  await deploy(hostileToken, 3);
  const { Params, TokenGate, CareEscrow } = house.deps.protocol.contracts;
  const { coolingOffSeconds } = cn.parameters;
  // of the test's process alone; the packs of other files are theirs
  Object.assign(cn.parameters, { partnerToken: true });
  await act(
    Params,
    encodeFunctionData({
      abi: ParamsAbi,
      functionName: 'setRule',
      args: [ELSEWHERE, Number(coolingOffSeconds), 0, false, false, PARTNER],
    }),
  );
  await act(
    TokenGate,
    encodeFunctionData({ abi: TokenGateAbi, functionName: 'list', args: [coin, ERC20, 6, PARTNER] }),
  );
  await act(
    CareEscrow,
    encodeFunctionData({ abi: CareEscrowAbi, functionName: 'allowToken', args: [coin, true] }),
  );
  const placeElsewhere = async (clinic: Hex) => {
    const place = await house.deps.engines.chain.viem.readContract({
      address: Params,
      abi: ParamsAbi,
      functionName: 'jurisdictionOf',
      args: [clinic],
    });
    const args = [clinic, ELSEWHERE] as const;
    if (place !== ELSEWHERE)
      await act(Params, encodeFunctionData({ abi: ParamsAbi, functionName: 'placeClinic', args }));
  };
  for (const { account } of await organisations(house.modules.identity, { kind: 'clinic' }))
    if (account) await placeElsewhere(account);
  const again = async (coins: House['deps']['config']['coins']) => {
    const { config } = house.deps;
    await house.close();
    house = await startHouse({
      config: { ...config, coins, coinNetwork: 'Testnet' },
      webDir: WEB_DIST,
      log: createLogger({ level: 'silent' }),
    });
    Object.assign(house.deps.protocol, { place: (_: string, clinic: Hex) => placeElsewhere(clinic) });
  };
  if (connect) await again([{ setting: 'COIN_PARTNER', profile: 'partner', token: coin, currency: 'CNY' }]);
  return {
    url: opened.url,
    dataDir: opened.dataDir,
    get house() {
      return house;
    },
    coin,
    other,
    act,
    again,
    mint: (token, to, amount) =>
      act(token, encodeFunctionData({ abi: MOCK, functionName: 'mint', args: [to, amount] })),
    balance: (token, of) =>
      house.deps.engines.chain.viem.readContract({
        address: token,
        abi: erc20Abi,
        functionName: 'balanceOf',
        args: [of],
      }),
    async close() {
      await house.close();
      await opened.close();
    },
  };
}

/** A visit that is paid in the coin of its region. */
export class CoinPlay extends VisitPlay {
  async address(): Promise<Hex> {
    const params = { id: (await this.atPhone()).agreementId! };
    const asked = { params, bearer: bearerOf(this.visit) };
    await this.patient.io.api.call(moneyApi.orderPayment, asked);
    return (await this.patient.io.api.call(tokenApi.orderDeposit, { ...asked, body: {} })).address;
  }

  async deposit() {
    const params = { id: (await this.atPhone()).agreementId! };
    return this.patient.io.api.call(tokenApi.readDeposit, { params, bearer: bearerOf(this.visit) });
  }

  async openIt(): Promise<void> {
    await openInCoin(this.patient.io, this.visit, await this.atPhone());
    await this.reached('held');
  }
}

/** From nothing to the signed agreement. */
export async function signedVisit({ url }: TestHouse): Promise<CoinPlay> {
  const place = { baseUrl: url, origin: url };
  const play = new CoinPlay(place, await openPatient(place), await openClinic(place));
  const choice: Choice = await play.choose();
  await play.book(choice);
  await play.offer();
  await play.agree();
  return play;
}
