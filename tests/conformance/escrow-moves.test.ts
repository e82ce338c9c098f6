/**
 * The table of the escrow's moves against the contract's bytecode: every act by everybody from every state at every
 * border of time. What the table allows must happen as it says, and the server must see it so; all else is refused.
 */

import { deploy, deploymentPlan } from '@zhenmei/contracts/deploy/plan.ts';
import { accountSlot, ESCROW_STATES, readAccount } from '@zhenmei/contracts/deploy/slots.ts';
import {
  agreementId,
  attendanceTypedData,
  splitTypedData,
  type Terms,
} from '@zhenmei/contracts/deploy/typed-data.ts';
import { CareEscrowAbi } from '@zhenmei/contracts/generated/abis.ts';
import { startAnvil, type TestChain } from '@zhenmei/contracts/tools/anvil.ts';
import { connect } from '@zhenmei/contracts/tools/rig.ts';
import { keptAt } from '@zhenmei/money/core/absence.ts';
import { afterEvent, type EscrowAccount } from '@zhenmei/money/core/escrow-account.ts';
import {
  ESCROW_ACTS,
  ESCROW_MOVES,
  type EscrowAct,
  type EscrowState,
  inTime,
  type Move,
  type Mover,
  REBUTTAL,
} from '@zhenmei/money/core/escrow-moves.ts';
import { retainedOf } from '@zhenmei/money/core/retention.ts';
import { after } from '@zhenmei/money/core/ways-out.ts';
import { decodeEventLog, encodeFunctionData, type Hex, numberToHex, pad } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const CHAIN_ID = 722_003;
const DEADLINE = 2_000_000_100;
const DUE_BY = 2_000_000_200;
const TIMES = [DEADLINE - 1, DEADLINE, DEADLINE + 1, DUE_BY - 1, DUE_BY, DUE_BY + 1];
const AMOUNT = 1_001n;

const admin = privateKeyToAccount(generatePrivateKey());
const people = {
  patient: privateKeyToAccount(generatePrivateKey()),
  clinic: privateKeyToAccount(generatePrivateKey()),
  arbiter: privateKeyToAccount(generatePrivateKey()),
  anybody: privateKeyToAccount(generatePrivateKey()),
};
type Caller = keyof typeof people;
const CALLERS = Object.keys(people) as Caller[];

const { contracts, ...plan } = deploymentPlan({
  admin: admin.address,
  custodian: admin.address,
  logOperator: admin.address,
  paymasterSigner: admin.address,
  examiner: admin.address,
});
const escrow = contracts.CareEscrow;
const terms: Terms = {
  patient: people.patient.address,
  clinic: people.clinic.address,
  token: contracts.SettlementUnit,
  arbiter: people.arbiter.address,
  feeTo: admin.address,
  payout: pad('0x77', { size: 32 }),
  standard: pad('0x1', { size: 32 }),
  quote: pad('0x2', { size: 32 }),
  review: 5n,
  openBy: DUE_BY,
  coolingOff: 100,
  arbiterWindow: 50,
  feeBps: 300,
  defaultSplitBps: 5_000,
  schedule: [{ before: 1_000, bps: 3_000 }],
  milestones: [0, 1].map(() => ({ amount: AMOUNT, dueBy: DUE_BY, window: 30, performed: true })),
  salt: pad('0x3', { size: 32 }),
};
const asJson = {
  ...terms,
  milestones: terms.milestones.map((m) => ({ ...m, amount: m.amount.toString() })),
};
const id = agreementId(terms);
const slot = accountSlot(id);

interface Start {
  readonly state: EscrowState;
  readonly milestone: number;
  readonly claimed: boolean;
}

/** `ICareEscrow.Account` in its one word. */
function word({ state, milestone, claimed }: Start): Hex {
  const held =
    state === 'none' || state === 'closed' ? 0n : AMOUNT * BigInt(terms.milestones.length - milestone);
  const deadline = held > 0n ? BigInt(DEADLINE) : 0n;
  const flag = claimed ? 1n << 32n : 0n;
  const value = BigInt(ESCROW_STATES.indexOf(state)) | (BigInt(milestone) << 8n) | flag | (deadline << 40n);
  return numberToHex(value | (held << 80n), { size: 32 });
}

const STARTS: readonly Start[] = [
  { state: 'none', milestone: 0, claimed: false },
  ...[0, 1].flatMap((milestone): Start[] => [
    { state: 'active', milestone, claimed: false },
    { state: 'claimed', milestone, claimed: true },
    { state: 'patient-absent', milestone, claimed: false },
    { state: 'clinic-absent', milestone, claimed: false },
    { state: 'disputed', milestone, claimed: true },
    { state: 'disputed', milestone, claimed: false },
  ]),
  { state: 'closed', milestone: 1, claimed: false },
];

let chain: TestChain;
let rig: ReturnType<typeof connect>;
const splits = new Map<number, readonly [Hex, Hex]>();
const EVIDENCE = pad('0x9', { size: 32 });
const attended = new Map<number, Hex>();

beforeAll(async () => {
  chain = await startAnvil(CHAIN_ID);
  rig = connect(chain.url, CHAIN_ID, admin);
  await deploy({ contracts, ...plan }, rig.io);
  for (const milestone of [0, 1]) {
    const typed = splitTypedData(CHAIN_ID, escrow, { agreement: id, refund: 700n, milestone });
    const attendance = { agreement: id, milestone, evidence: EVIDENCE };
    attended.set(
      milestone,
      await people.patient.signTypedData(attendanceTypedData(CHAIN_ID, escrow, attendance)),
    );
    splits.set(milestone, [
      await people.patient.signTypedData(typed),
      await people.clinic.signTypedData(typed),
    ]);
  }
}, 120_000);
afterAll(async () => chain.stop());

const ask = (method: string, ...params: unknown[]): Promise<unknown> =>
  rig.reader.request({ method, params } as never);

function call(act: EscrowAct, milestone: number, end = false): Hex {
  const [byPatient, byClinic] = splits.get(milestone)!;
  const more: Partial<Record<EscrowAct, readonly unknown[]>> = {
    claim: [EVIDENCE, attended.get(milestone)!],
    rule: [4_000, end],
    split: [700n, byPatient, byClinic],
  };
  return encodeFunctionData({
    abi: CareEscrowAbi,
    functionName: act,
    args: [terms, ...(more[act] ?? [])],
  } as never);
}

/** `both` sign beforehand, so anybody may send it. */
const may = (by: readonly Mover[], caller: Caller) =>
  by.includes(caller) || by.includes('anybody') || by.includes('both');

const expected = (act: EscrowAct, from: Start, caller: Caller, time: number): Move | undefined =>
  ESCROW_MOVES.find(
    (m) =>
      m.act === act && m.from === from.state && may(m.by, caller) && inTime(m.when, time, DEADLINE, DUE_BY),
  );

interface Case {
  readonly act: EscrowAct;
  readonly from: Start;
  readonly caller: Caller;
  readonly time: number;
}
const CASES: readonly Case[] = STARTS.flatMap((from) =>
  ESCROW_ACTS.flatMap((act) =>
    CALLERS.flatMap((caller) => TIMES.map((time) => ({ act, from, caller, time }))),
  ),
);

async function allowed({ act, from, caller, time }: Case): Promise<boolean> {
  const request = {
    from: people[caller].address,
    to: escrow,
    data: call(act, from.milestone),
    gas: '0x989680',
  };
  const state = { [escrow]: { stateDiff: { [slot]: word(from) } } };
  try {
    await ask('eth_call', request, 'latest', state, { time: numberToHex(time) });
    return true;
  } catch (error) {
    // a refusal, not a mistake of this test
    expect(String(error)).toMatch(/revert/i);
    return false;
  }
}

async function carriedOut({ act, from, caller, time }: Case, end: boolean) {
  const before = await ask('evm_snapshot');
  const sender = people[caller].address;
  await ask('anvil_setStorageAt', escrow, slot, word(from));
  await ask('anvil_impersonateAccount', sender);
  await ask('evm_setNextBlockTimestamp', numberToHex(time));
  const request = {
    from: sender,
    to: escrow,
    data: call(act, from.milestone, end),
    gas: '0x989680',
    gasPrice: '0x0',
  };
  const hash = (await ask('eth_sendTransaction', request)) as Hex;
  const receipt = await rig.reader.waitForTransactionReceipt({ hash });
  const account = readAccount(await rig.slot(escrow, slot));
  await ask('evm_revert', before);
  return { receipt, account };
}

/** The same account as the server had it before. */
const projected = ({ state, milestone }: Start): EscrowAccount => ({
  clinic: terms.clinic.toLowerCase() as Hex,
  state: state as EscrowAccount['state'],
  funded: 2n * AMOUNT,
  held: AMOUNT * BigInt(2 - milestone),
  paid: 0n,
  fee: 0n,
  refunded: 0n,
  milestone,
  deadline: DEADLINE * 1000,
});

describe("the escrow's moves", () => {
  it('are those of the table and no others, for everybody, at every border of time', async () => {
    expect(CASES.length).toBe(STARTS.length * ESCROW_ACTS.length * CALLERS.length * TIMES.length);
    const wrong: string[] = [];
    for (let i = 0; i < CASES.length; i += 50) {
      const some = CASES.slice(i, i + 50);
      const results = await Promise.all(some.map(allowed));
      some.forEach((one, n) => {
        const move = expected(one.act, one.from, one.caller, one.time);
        if (results[n] !== (move !== undefined)) wrong.push(JSON.stringify({ ...one, allowed: results[n] }));
      });
    }
    expect(wrong).toEqual([]);
  });

  it('lead where the table says, and the server sees the same', async () => {
    const used = new Set<Move>();
    for (const one of CASES) {
      const move = expected(one.act, one.from, one.caller, one.time);
      // each edge once from each start; who acts makes no difference any more
      if (!move || (used.has(move) && one.caller !== move.by[0])) continue;
      for (const end of move.follows === 'next or closed' ? [false, true] : [false]) {
        const { receipt, account } = await carriedOut(one, end);
        expect(receipt.status, JSON.stringify(one)).toBe('success');
        used.add(move);
        const place = {
          state: one.from.state,
          milestone: one.from.milestone,
          deadline: DEADLINE,
          time: one.time,
        };
        const to = after(terms, place, move)[end ? 1 : 0]!;
        expect({ state: account.state, deadline: account.deadline }).toEqual({
          state: to.state,
          deadline: to.deadline,
        });
        let server = projected(one.from);
        for (const log of receipt.logs) {
          const event = decodeEventLog({ abi: CareEscrowAbi, data: log.data, topics: log.topics });
          const args = Object.entries(event.args).map(([k, v]) => [
            k,
            typeof v === 'bigint' ? v.toString() : String(v).toLowerCase(),
          ]);
          server = afterEvent(server, event.eventName, Object.fromEntries(args));
        }
        expect({ state: server.state, held: server.held, refunded: server.refunded }).toEqual({
          state: account.state,
          held: account.held,
          refunded: account.refunded,
        });
        if (move.pays === 'nobody') expect(account.held).toBe(projected(one.from).held);
        if (move.pays === 'patient') expect(account.refunded).toBe(projected(one.from).held);
        if (move.pays === 'schedule, rest patient') {
          const kept = keptAt(
            asJson,
            one.from.milestone,
            move.act === 'cancel' ? one.time : DEADLINE - REBUTTAL,
          );
          expect(account.refunded).toBe(projected(one.from).held - kept);
        }
        if (move.pays === 'clinic') expect(account.refunded).toBe(0n);
      }
    }
    expect(used).toEqual(new Set(ESCROW_MOVES));
  });

  it('keep of a cancelled milestone what the app says before', async () => {
    const schedules = [
      [],
      [{ before: 1_000, bps: 3_000 }],
      [
        { before: 172_800, bps: 0 },
        { before: 86_400, bps: 1_001 },
        { before: 3_600, bps: 3_000 },
      ],
    ];
    for (const schedule of schedules)
      for (const milestone of [0, 1])
        for (const before of [0, 3_600, 86_400, 172_800])
          for (const time of [DUE_BY - before - 1, DUE_BY - before, DUE_BY - before + 1]) {
            const kept = await rig.reader.readContract({
              address: escrow,
              abi: CareEscrowAbi,
              functionName: 'retained',
              args: [{ ...terms, schedule } as never, BigInt(milestone), BigInt(time)],
            });
            const milestones = terms.milestones.map((m) => ({
              ...m,
              amount: m.amount.toString(),
              dueBy: Number(m.dueBy),
            }));
            expect(retainedOf({ schedule, milestones }, milestone, time)).toBe(kept);
          }
  });

  it('have no further act in the contract', () => {
    const acts = CareEscrowAbi.filter(
      (item) =>
        item.type === 'function' && item.stateMutability === 'nonpayable' && item.inputs[0]?.name === 'terms',
    ).map((item) => ('name' in item ? item.name : ''));
    expect(acts.filter((name) => !name.startsWith('open')).sort()).toEqual([...ESCROW_ACTS].sort());
  });
});
