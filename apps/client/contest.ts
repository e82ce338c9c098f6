/** A person's objection to a check: one fresh key for each, its deposit, and taking back what was not put down. */
import { forwardTypedData } from '@zhenmei/contracts/deploy/typed-data.ts';
import { ProviderVerificationAbi, SettlementUnitAbi } from '@zhenmei/contracts/generated/abis.ts';
import { type Hex, toHex0x } from '@zhenmei/kernel';
import { moneyApi } from '@zhenmei/money/api.ts';
import { type ContestView, contestApi, type OwnContest } from '@zhenmei/money/contest-api.ts';
import { contestWords } from '@zhenmei/money/core/contest.ts';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { type ContestKey, contestKey } from '@zhenmei/vault/core/derive.ts';
import { encodeFunctionData } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { z } from 'zod';
import type { PatientIo } from './patient-steps.ts';

export type Contest = z.infer<typeof ContestView>;
export type Own = z.infer<typeof OwnContest>;

/** One of this person's objections: what everybody reads of it, and what she alone does. */
export interface OwnContestSeat {
  readonly contest: Contest;
  readonly key: ContestKey;
  readonly own: Own;
}

export const readContests = async (io: PatientIo, clinicId: string): Promise<readonly Contest[]> =>
  (await io.api.call(contestApi.readContests, { params: { id: clinicId } })).contests;

const checkName = async (io: PatientIo, id: string): Promise<string> =>
  `${(await io.api.call(houseApi.readConfig)).contracts.ProviderVerification}/${id}`;

/** Those of these checks to which this person objected, or began to. @param roots of the vault, oldest first */
export async function ownContests(
  io: PatientIo,
  roots: readonly Uint8Array[],
  contests: readonly Contest[],
): Promise<readonly OwnContestSeat[]> {
  const found = await Promise.all(
    contests.map(async (contest) => {
      const name = await checkName(io, contest.id);
      for (const root of [...roots].reverse()) {
        const key = contestKey(root, name);
        const own = await readOwn(io, key, contest.id);
        if (own) return [{ contest, key, own }];
      }
      return [];
    }),
  );
  return found.flat();
}

const readOwn = async (io: PatientIo, { token }: ContestKey, id: string): Promise<Own | null> =>
  (await io.api.call(contestApi.readOwnContest, { params: { id }, bearer: token })).own;

/**
 * Leaves the grounds and gets the order for the deposit. Again with other words it replaces them, until it is sent.
 * Throws CHECK_CONTEST_CLOSED.
 */
export async function beginContest(
  io: PatientIo,
  root: Uint8Array,
  id: string,
  text: string,
): Promise<{ readonly key: ContestKey; readonly own: Own }> {
  const key = contestKey(root, await checkName(io, id));
  const words = text.trim();
  const signature = await privateKeyToAccount(toHex0x(key.privateKey)).signMessage({
    message: contestWords(id, words),
  });
  const own = await io.api.call(contestApi.leaveContest, {
    params: { id },
    bearer: key.token,
    body: { address: key.address, text: words, signature },
  });
  return { key, own };
}

/** Puts the deposit down and objects. Throws CHAIN_REVERTED if somebody was quicker or the time is over. */
export async function sendContest(io: PatientIo, key: ContestKey, id: string, digest: Hex): Promise<void> {
  const data = encodeFunctionData({
    abi: ProviderVerificationAbi,
    functionName: 'challenge',
    args: [BigInt(id), digest],
  });
  await relayed(io, key, 'ProviderVerification', data);
}

/** Gives back what was paid and not put down; the custodian returns it to where it came from. */
export async function takeDepositBack(io: PatientIo, { key, own }: OwnContestSeat): Promise<void> {
  let left = BigInt(own.units);
  for (const { payment, amount } of own.payments) {
    const part = left < BigInt(amount) ? left : BigInt(amount);
    if (part === 0n) return;
    const data = encodeFunctionData({
      abi: SettlementUnitAbi,
      functionName: 'giveBack',
      args: [payment, part],
    });
    await relayed(io, key, 'SettlementUnit', data);
    left -= part;
  }
}

async function relayed(
  io: PatientIo,
  { address, privateKey }: ContestKey,
  contract: 'ProviderVerification' | 'SettlementUnit',
  data: Hex,
): Promise<void> {
  const { chainId, contracts } = await io.api.call(houseApi.readConfig);
  const { nonce } = await io.api.call(moneyApi.forwardNonce, { params: { address } });
  const message = {
    from: address,
    to: contracts[contract]!,
    value: 0n,
    gas: 1_000_000n,
    nonce: BigInt(nonce),
    deadline: Math.floor(io.now() / 1000) + 600,
    data,
  };
  const signature = await privateKeyToAccount(toHex0x(privateKey)).signTypedData(
    forwardTypedData(chainId, contracts.ERC2771Forwarder!, message),
  );
  const request = { ...message, value: '0' as const, gas: message.gas.toString(), nonce };
  await io.api.call(moneyApi.relay, { body: { request, signature } });
}
