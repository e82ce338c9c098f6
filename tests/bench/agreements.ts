/**
 * Agreements through their whole life on the embedded chain, every transaction through its journal: paid in, opened,
 * three milestones claimed and accepted, withdrawn. One key plays every part: whoever signs is not what is measured.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Sequencer } from '@zhenmei/chain/sequencer/sequencer.ts';
import { type DeployIo, deploy, deploymentPlan } from '@zhenmei/contracts/deploy/plan.ts';
import {
  agreementId,
  attendanceTypedData,
  offerTypedData,
  type Terms,
} from '@zhenmei/contracts/deploy/typed-data.ts';
import { CareEscrowAbi, SettlementUnitAbi } from '@zhenmei/contracts/generated/abis.ts';
import { decodeFunctionResult, encodeFunctionData, type Hex, keccak256, numberToHex, pad } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { BenchRow } from './chain.ts';

const CHAIN = 4_800_500;
const DAY = 86_400;
const TOTAL = 650_000n;
const EVIDENCE = pad('0x7', { size: 32 });
/** Agreements that are signed, sent and mined together. */
const CHUNK = 50;
const me = privateKeyToAccount(`0x${'44'.repeat(32)}`);
const payout = pad(me.address, { size: 32 });

interface Call {
  readonly to: Hex | null;
  readonly data: Hex;
  readonly gas: bigint;
}

/** @param count agreements; each has 8 transactions of its own */
export async function agreementRows(count: number): Promise<BenchRow[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-bench-agreements-'));
  const sequencer = await Sequencer.open({ folder, chainId: CHAIN });
  try {
    return await live(sequencer, count);
  } finally {
    await sequencer.kill();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function live(sequencer: Sequencer, count: number): Promise<BenchRow[]> {
  let nonce = 0;
  const signed = ({ to, data, gas }: Call) =>
    me.signTransaction({ chainId: CHAIN, nonce: nonce++, to, data, gas, gasPrice: 0n, type: 'legacy' });
  const rpc = async (method: string, params: unknown[]) => {
    const reply = await sequencer.pass(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
    return (JSON.parse(reply) as { result: Hex }).result;
  };
  const io: DeployIo = {
    code: (address) => rpc('eth_getCode', [address, 'latest']),
    call: (to, data) => rpc('eth_call', [{ to, data }, 'latest']),
    send: async ({ to, data }) => {
      await sequencer.submit(await signed({ to, data, gas: 15_000_000n }));
    },
  };
  const plan = deploymentPlan({
    admin: me.address,
    custodian: me.address,
    logOperator: me.address,
    paymasterSigner: me.address,
    examiner: me.address,
  });
  await deploy(plan, io);
  const { CareEscrow: escrow, SettlementUnit: unit } = plan.contracts;

  let signing = 0;
  const times: number[] = [];
  for (let from = 0; from < count; from += CHUNK) {
    const began = performance.now();
    const raws: Hex[] = [];
    for (let i = from; i < Math.min(count, from + CHUNK); i++)
      for (const call of await lifeOf(plan.contracts, sequencer.now(), i)) raws.push(await signed(call));
    const data = encodeFunctionData({ abi: CareEscrowAbi, functionName: 'withdraw', args: [unit, payout] });
    raws.push(await signed({ to: escrow, data, gas: 120_000n }));
    const sent = performance.now();
    signing += sent - began;
    await Promise.all(raws.map((raw) => sequencer.submit(raw)));
    times.push(performance.now() - sent);
  }
  await nothingLeft(io, unit);
  const tenth = Math.max(1, Math.floor(times.length / 10));
  const rate = (part: readonly number[]) =>
    Number(((part.length * CHUNK * 1_000) / part.reduce((sum, ms) => sum + ms, 0)).toPrecision(3));
  const name = `agreements of 3 milestones, whole life through the journal, ${count.toLocaleString('en')}`;
  return [
    {
      name,
      value: rate(times),
      unit: 'per s',
      floor: { name: 'the first tenth', value: rate(times.slice(0, tenth)) },
    },
    {
      name: 'the last tenth of them',
      value: rate(times.slice(-tenth)),
      unit: 'per s',
      floor: { name: 'the first tenth', value: rate(times.slice(0, tenth)) },
    },
    {
      name: 'transactions and blocks that took',
      value: nonce,
      unit: 'tx',
      floor: { name: 'blocks', value: sequencer.block },
    },
    {
      name: 'signing one of them, 11 signatures',
      value: Number((signing / count).toPrecision(3)),
      unit: 'ms',
    },
  ];
}

async function lifeOf(
  contracts: { CareEscrow: Hex; SettlementUnit: Hex },
  now: number,
  i: number,
): Promise<Call[]> {
  const { CareEscrow: escrow, SettlementUnit: unit } = contracts;
  const terms: Terms = {
    patient: me.address,
    clinic: me.address,
    token: unit,
    arbiter: me.address,
    feeTo: me.address,
    payout,
    standard: pad('0x1', { size: 32 }),
    quote: pad('0x2', { size: 32 }),
    review: 5n,
    openBy: now + DAY,
    coolingOff: 0,
    arbiterWindow: DAY,
    feeBps: 100,
    defaultSplitBps: 5_000,
    schedule: [],
    milestones: [100_000n, 500_000n, 50_000n].map((amount, k) => ({
      amount,
      dueBy: now + (30 + 30 * k) * DAY,
      window: DAY,
      performed: k > 0,
    })),
    salt: keccak256(numberToHex(i, { size: 32 })),
  };
  const id = agreementId(terms);
  const act = (functionName: 'open' | 'claim' | 'accept', gas: bigint, ...more: Hex[]): Call => ({
    to: escrow,
    data: encodeFunctionData({ abi: CareEscrowAbi, functionName, args: [terms, ...more] } as never),
    gas,
  });
  const offer = await me.signTypedData(offerTypedData(CHAIN, escrow, id));
  const calls: Call[] = [
    {
      to: unit,
      data: encodeFunctionData({
        abi: SettlementUnitAbi,
        functionName: 'mint',
        args: [me.address, TOTAL, terms.salt],
      }),
      gas: 150_000n,
    },
    act('open', 180_000n, offer),
  ];
  for (const [k, { performed }] of terms.milestones.entries()) {
    const attended = performed
      ? await me.signTypedData(
          attendanceTypedData(CHAIN, escrow, { agreement: id, milestone: k, evidence: EVIDENCE }),
        )
      : '0x';
    calls.push(act('claim', 90_000n, EVIDENCE, attended), act('accept', 130_000n));
  }
  return calls;
}

/** Every agreement ended and was paid out exactly if no unit is left. */
async function nothingLeft(io: DeployIo, unit: Hex): Promise<void> {
  const data = encodeFunctionData({ abi: SettlementUnitAbi, functionName: 'totalSupply' });
  const reply = await io.call(unit, data);
  const left = decodeFunctionResult({ abi: SettlementUnitAbi, functionName: 'totalSupply', data: reply! });
  if (left !== 0n) throw new Error(`${left} units are left: some agreement did not end`);
}
