/** Paid checks in TypeScript against the contract's bytecode: every state, every draw and every unit, bit for bit. */
import { deploy, deploymentPlan } from '@zhenmei/contracts/deploy/plan.ts';
import {
  type Attestation,
  answerCommitment,
  attestationTypedData,
  clinicCommitment,
  firstSecret,
  houseCommitment,
  sealOf,
} from '@zhenmei/contracts/deploy/verification.ts';
import { grantRole } from '@zhenmei/contracts/deploy/wiring.ts';
import { ProviderVerificationAbi, SettlementUnitAbi } from '@zhenmei/contracts/generated/abis.ts';
import { startAnvil, type TestChain } from '@zhenmei/contracts/tools/anvil.ts';
import { connect } from '@zhenmei/contracts/tools/rig.ts';
import {
  challengeDeposit,
  checkFee,
  checkSeed,
  division,
  drawVerifiers,
  firstHalf,
  prize,
  seatLock,
} from '@zhenmei/money/core/verification-math.ts';
import {
  asked,
  CHECK_PHASES,
  type Check,
  type CheckAct,
  move,
  split,
} from '@zhenmei/money/core/verification-moves.ts';
import fc from 'fast-check';
import {
  encodeFunctionData,
  type Hex,
  keccak256,
  numberToHex,
  pad,
  parseEventLogs,
  stringToHex,
  toHex,
} from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const CHAIN_ID = 722_010;
const DAY = 86_400;
const me = privateKeyToAccount(generatePrivateKey());
const plan = deploymentPlan({
  admin: me.address,
  custodian: me.address,
  logOperator: me.address,
  paymasterSigner: me.address,
  examiner: me.address,
});
const book = plan.contracts.ProviderVerification;
const SUBJECT = keccak256(stringToHex('subject'));
const ZERO: Hex = pad('0x', { size: 32 });
const verifiers = Array.from({ length: 9 }, () => privateKeyToAccount(generatePrivateKey()));
const keyOf = new Map(verifiers.map((one) => [one.address.toLowerCase(), one]));
const who = (address: string) => pad(address.toLowerCase() as Hex, { size: 32 });

let anvil: TestChain;
let rig: ReturnType<typeof connect>;
let time = 2_000_000_000;
let payments = 0;
const acts = new Map<string, ReturnType<typeof connect>>();

const read = (functionName: string, args: readonly unknown[] = []): Promise<unknown> =>
  rig.reader.readContract({ address: book, abi: ProviderVerificationAbi, functionName, args } as never);
const data = (functionName: string, args: readonly unknown[]) =>
  encodeFunctionData({ abi: ProviderVerificationAbi, functionName, args } as never);
const tags = (n: number) => [1, 2, 3].map((i) => keccak256(toHex(`${n}/${i}`)));

async function at(next: number): Promise<void> {
  time = Math.max(next, time + 1);
  await rig.reader.request({
    method: 'evm_setNextBlockTimestamp' as never,
    params: [numberToHex(time)] as never,
  });
}
const send = (functionName: string, args: readonly unknown[], by = rig) =>
  by.send(book, data(functionName, args));
async function bring(to: string, amount: bigint): Promise<void> {
  await rig.send(
    plan.contracts.SettlementUnit,
    encodeFunctionData({
      abi: SettlementUnitAbi,
      functionName: 'mint',
      args: [to as Hex, amount, keccak256(numberToHex(++payments))],
    }),
  );
}

beforeAll(async () => {
  anvil = await startAnvil(CHAIN_ID);
  rig = connect(anvil.url, CHAIN_ID, me);
  await deploy(plan, rig.io);
  const regulator = grantRole(plan.contracts, 'REGULATOR', me.address);
  await rig.send(regulator.to, regulator.data);
  await bring(me.address, 10n ** 12n);
  for (const [i, one] of verifiers.entries()) {
    acts.set(one.address.toLowerCase(), connect(anvil.url, CHAIN_ID, one));
    await send('admit', [one.address, tags(i), time + 9_999 * DAY]);
    await send('bondFor', [one.address, 10n ** 10n]);
  }
  await send('tag', [me.address, tags(500)]);
}, 120_000);
afterAll(() => anvil.stop());

interface Story {
  readonly pay: bigint;
  readonly fake: boolean;
  /** Answers in the order of the seats, the third's included; the last `silent` say nothing. */
  readonly answers: readonly boolean[];
  readonly silent: number;
  readonly challenged: boolean;
  readonly jury: readonly boolean[];
  readonly silentJurors: number;
  readonly house: boolean;
}

/** One check from the question to its end; after every act both sides are the same. */
async function play(story: Story) {
  await at(time + 5);
  await send('setPay', [story.pay]);
  const clinicSecret = keccak256(numberToHex(time));
  const second = keccak256(numberToHex(time + 1));
  await at(time + 5);
  await send('ask', [SUBJECT, clinicCommitment(me.address, clinicSecret)]);
  const id = (await read('tasks')) as bigint;
  let check = asked(time);
  const same = async () => {
    const kept = (await read('checkOf', [id])) as Record<string, number | boolean>;
    expect({ ...kept, phase: CHECK_PHASES[Number(kept.phase)] }).toEqual(check);
  };
  const act = async (name: CheckAct, args: readonly unknown[], by = rig) => {
    await at(time + 60);
    const receipt = await send(name.act, args, by);
    check = move(check, name, time);
    await same();
    return receipt;
  };
  await same();
  const prepared = await act({ act: 'prepare' }, [
    id,
    houseCommitment(id, second),
    sealOf(id, story.fake, ZERO),
  ]);
  const [event] = parseEventLogs({
    abi: ProviderVerificationAbi,
    eventName: 'Prepared',
    logs: prepared.logs,
  });
  await act({ act: 'openSecret' }, [id, clinicSecret]);
  const roster = (await read('roster')) as string[];
  const first = firstSecret(second);
  const seed = checkSeed(event!.args.beacon, clinicSecret, first);
  await act({ act: 'draw', seats: 2 }, [id, first]);
  const pair = drawVerifiers(seed, roster, () => true, 2);
  expect(await read('seatsOf', [id, 0])).toEqual(pair);

  const answer = async (seats: readonly string[], answers: readonly boolean[], silent: number) => {
    const speaking = seats.slice(0, seats.length - silent);
    const notes = speaking.map(
      (verifier, i): Attestation => ({
        task: id,
        round: check.round,
        verifier: verifier as Hex,
        subject: SUBJECT,
        failed: answers[i] ? 0 : 3,
        checkedOn: time,
        evidence: SUBJECT,
      }),
    );
    for (const note of notes) {
      const by = acts.get(note.verifier.toLowerCase())!;
      await act({ act: 'commitAnswer' }, [id, answerCommitment(note, ZERO)], by);
    }
    if (silent > 0) time = check.deadline + 1;
    for (const note of notes) {
      const signature = await keyOf
        .get(note.verifier.toLowerCase())!
        .signTypedData(attestationTypedData(CHAIN_ID, book, note));
      const { verifier, failed, checkedOn, evidence } = note;
      await act({ act: 'attest', accepts: failed === 0 }, [
        id,
        { verifier, failed, checkedOn, evidence },
        ZERO,
        signature,
      ]);
    }
    if (silent > 0) time += 3 * DAY;
  };
  await answer(pair, story.answers, Math.min(2, story.silent));
  const third = drawVerifiers(seed, roster, (v) => !pair.includes(v), 1);
  const needed = split(check);
  await act({ act: 'tally', seats: needed ? 1 : 0 }, [id]);
  const all = [...pair];
  if (needed) {
    expect(await read('seatsOf', [id, 1])).toEqual(third);
    all.push(...third);
    await answer(third, story.answers.slice(2), 0);
    await act({ act: 'tally', seats: 0 }, [id]);
  }
  return { id, check: () => check, act, answer, all, roster, second, seed, same };
}

const story = fc.record<Story>({
  pay: fc.bigInt({ min: 1_000n, max: 20_000n }),
  fake: fc.boolean(),
  answers: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
  silent: fc.constantFrom(0, 0, 0, 0, 1, 2),
  challenged: fc.boolean(),
  jury: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
  silentJurors: fc.constantFrom(0, 0, 0, 1, 2, 3),
  house: fc.constantFrom(true, true, true, false),
});

const creditsOf = async (list: readonly string[]): Promise<bigint[]> =>
  Promise.all(list.map((one) => read('credit', [who(one)]) as Promise<bigint>));

describe('paid checks', () => {
  it('go through the same states and pay the same units as the cores say', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (s) => {
        // clinic, house and challenger are one account here: its credit is their sum
        const everybody = [me.address, ...verifiers.map(({ address }) => address)];
        const before = await creditsOf(everybody);
        const lostBefore = (await read('lost')) as bigint;
        const run = await play(s);
        const { id, act, all } = run;
        let own = 0n;
        let lost = 0n;
        const earned = new Map<string, bigint>();
        const earn = (v: string, n: bigint) => earned.set(v, (earned.get(v) ?? 0n) + n);
        const spoke = (v: string) => all.indexOf(v) < all.length - s.silent;
        let jury: readonly string[] = [];
        if (run.check().phase === 'failed') {
          own += checkFee(s.pay);
          for (const v of all.filter(spoke)) earn(v, s.pay);
          lost += BigInt(s.silent) * seatLock(s.pay) - BigInt(all.length - s.silent) * s.pay;
        } else {
          const accepts = (v: string) => s.answers[all.indexOf(v)]!;
          if (s.challenged) {
            const grounds = keccak256(toHex('grounds'));
            await act({ act: 'challenge' }, [id, grounds]);
            const next = checkSeed(run.seed, grounds, run.second);
            jury = drawVerifiers(next, run.roster, (v) => !all.includes(v), 3);
            await act({ act: 'convene', seats: 3 }, [id, run.second]);
            expect(await read('seatsOf', [id, 2])).toEqual(jury);
            await run.answer(jury, s.jury, s.silentJurors);
            await act({ act: 'tally', seats: 0 }, [id]);
            const spoken = 3 - s.silentJurors;
            for (const v of jury.slice(0, spoken)) earn(v, s.pay);
            const decided = run.check().phase === 'unsealing';
            if (!decided) {
              own += challengeDeposit(s.pay);
              lost += BigInt(s.silentJurors) * seatLock(s.pay) - BigInt(spoken) * s.pay;
            } else {
              lost += BigInt(s.silentJurors) * seatLock(s.pay);
              const won = prize(s.pay, spoken);
              if (run.check().overruled) own += challengeDeposit(s.pay) + won;
              else {
                for (const v of all.filter((one) => accepts(one) === run.check().accepted)) earn(v, won / 2n);
                lost += won % 2n;
              }
            }
          } else {
            time = run.check().deadline + 1;
          }
          const { overruled, accepted } = run.check();
          const wrong = (v: string) => overruled && accepts(v) !== accepted;
          const opened = s.house && run.check().phase !== 'failed';
          if (opened) await act({ act: 'unseal', fake: s.fake }, [id, s.fake, ZERO]);
          else if (run.check().phase !== 'failed') {
            time = run.check().deadline + 30 * DAY;
            await act({ act: 'lapse' }, [id]);
          }
          const parts = division(s.pay, all.length, all.filter(wrong).length, opened);
          own += parts.toClinic + parts.toHouse;
          lost += parts.toFund;
          for (const v of all.filter((one) => !wrong(one))) {
            const fooled = opened && s.fake && accepts(v);
            earn(v, fooled ? firstHalf(s.pay) : s.pay);
            if (fooled) lost += s.pay - firstHalf(s.pay);
          }
          if (opened && !s.fake) {
            time = run.check().deadline + 1;
            await act({ act: 'expire' }, [id]);
          }
        }
        expect(await read('heldFor', [id])).toBe(0n);
        expect(((await read('lost')) as bigint) - lostBefore).toBe(lost);
        const after = await creditsOf(everybody);
        expect(after[0]! - before[0]!).toBe(own);
        const paid = verifiers.map((_, i) => after[i + 1]! - before[i + 1]!);
        const names = verifiers.map(({ address }) => address.toLowerCase());
        const due = names.map((name) =>
          [...earned].reduce((sum, [v, n]) => (v.toLowerCase() === name ? sum + n : sum), 0n),
        );
        // who fell for too many fakes is not drawn any more; the roster is cleared of it
        expect(paid).toEqual(due);
        for (const v of [...all, ...jury]) {
          const { misses } = (await read('verifierOf', [v])) as { misses: number };
          if (misses > 1) {
            await send('dismiss', [v]);
            const one = privateKeyToAccount(generatePrivateKey());
            verifiers[names.indexOf(v.toLowerCase())] = one;
            keyOf.set(one.address.toLowerCase(), one);
            acts.set(one.address.toLowerCase(), connect(anvil.url, CHAIN_ID, one));
            await send('admit', [one.address, tags(payments), time + 9_999 * DAY]);
            await bring(me.address, 10n ** 10n);
            await send('bondFor', [one.address, 10n ** 10n]);
          }
        }
      }),
      { numRuns: 14, endOnFailure: true },
    );
  }, 110_000);

  it('refuse what the core refuses', async () => {
    await at(time + 5);
    await send('setPay', [1_000n]);
    await at(time + 5);
    await send('ask', [SUBJECT, ZERO]);
    const id = (await read('tasks')) as bigint;
    const check: Check = asked(time);
    for (const name of ['openSecret', 'challenge', 'revoke', 'expire', 'lapse'] as const) {
      expect(() => move(check, { act: name }, time)).toThrow();
      const args = name === 'openSecret' || name === 'challenge' ? [id, ZERO] : [id];
      await expect(send(name, args)).rejects.toThrow();
    }
    expect(() => move(check, { act: 'tally', seats: 0 }, time)).toThrow();
    await expect(send('tally', [id])).rejects.toThrow();
  });
});
