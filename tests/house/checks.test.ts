/** Paid checks through the public API: asked, drawn, answered, contested, withdrawn, and a made-up clinic found out. */
import { rebuildAndCompare } from '@zhenmei/cli/rebuild.ts';
import { random, until } from '@zhenmei/cli/visit-play.ts';
import {
  askForCheck,
  type CheckSeat,
  certificateOf,
  certifyCheck,
  clinicCheck,
  contestCheck,
  giveUnusedBack,
  readTask,
  readUnused,
  revokeCheck,
  verifierDesk,
} from '@zhenmei/client/check.ts';
import {
  beginContest,
  type Contest,
  ownContests,
  readContests,
  sendContest,
  takeDepositBack,
} from '@zhenmei/client/contest.ts';
import type { Desk } from '@zhenmei/client/desk.ts';
import {
  addToBond,
  admitVerifier,
  askAdmission,
  readAdmissions,
  readPurse,
  refuseVerifier,
  suspendVerifier,
  takeBondOut,
  takeCreditOut,
} from '@zhenmei/client/verifier.ts';
import { registerApi } from '@zhenmei/identity/register-api.ts';
import { DAY, type Hex } from '@zhenmei/kernel';
import { contestApi } from '@zhenmei/money/contest-api.ts';
import { SOURCES } from '@zhenmei/money/core/verification-papers.ts';
import { disputeApi } from '@zhenmei/money/dispute-api.ts';
import { verificationApi } from '@zhenmei/money/verification-api.ts';
import { contestKey } from '@zhenmei/vault/core/derive.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assessorsAt } from './assessor-play.ts';
import { CheckPlay, PAGES, STATEMENT } from './check-play.ts';
import { differencesIn } from './reconciled.ts';
import { codeOf, openTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
let c: CheckPlay;
/** A verifier whose second half of a pay waits for a year. */
let paidInHalves: Desk;

beforeAll(async () => {
  house = await openTestHouse();
  c = await CheckPlay.open(house);
}, 600_000);
afterAll(() => house?.close());

const operator = () => ({ bearer: house.house.operatorToken });
const contestKeyOf = () => contestKey(random(32), 'another');
const only = (id: string) => (contests: readonly Contest[]) => contests.filter((one) => one.id === id);

describe('a paid check', () => {
  it('is nothing before anybody asked, and for each only what is theirs', async () => {
    expect(await c.publicly()).toMatchObject({ state: 'none', accepted: null, verifiers: 0 });
    expect(await clinicCheck(c.seat)).toMatchObject({ pay: '3000', fee: '9474', tagged: true, task: null });
    expect(await codeOf(() => verifierDesk(c.seat))).toBe('CHECK_ROLE_WRONG');
    expect(await codeOf(() => c.regulator.api.call(verificationApi.clinicCheck))).toBe('CHECK_ROLE_WRONG');
    expect(await codeOf(() => askForCheck(c.seat, STATEMENT))).toBe('CHAIN_REVERTED');
  });

  it('stands once two agree and nobody objected, and not a second longer than its register', async () => {
    const id = await c.asked();
    expect((await c.publicly()).state).toBe('running');
    const [one, two] = (await c.seated(id, 0)) as [CheckSeat, CheckSeat];
    expect(await readTask(one, id)).toMatchObject({ statement: STATEMENT, task: { committed: false } });
    expect(
      await codeOf(() =>
        one.desk.api.call(verificationApi.leaveAnswer, {
          params: { id },
          body: {
            answer: { failed: 0, checkedOn: 1, pages: PAGES },
            salt: `0x${'11'.repeat(32)}`,
            signature: `0x${'22'.repeat(65)}`,
          },
        }),
      ),
    ).toBe('CHECK_ANSWER_WRONG');
    await c.answer(one, id);
    expect(await codeOf(() => c.answer(one, id))).toBe('CHECK_NOT_DRAWN');
    expect(await codeOf(() => readTask(one, '999'))).toBe('CHECK_NOT_DRAWN');
    await c.answer(two, id);
    await c.phaseIs(id, 'challengeable');
    expect(await c.publicly()).toMatchObject({ state: 'open', verifiers: 2, accepted: true, failed: [] });
    expect(
      await codeOf(() =>
        c.seat.desk.api.call(verificationApi.openCheckSecret, {
          body: { id: '77', secret: `0x${'00'.repeat(32)}` },
        }),
      ),
    ).toBe('CHECK_UNKNOWN');
    await c.later(14 * DAY + 60_000);
    await c.phaseIs(id, 'standing');
    expect(await c.publicly()).toMatchObject({ state: 'standing', verifiers: 2, sources: [...SOURCES] });
    expect(await verifierDesk(one)).toMatchObject({ checks: 0, tasks: [{ earned: '1500', mine: true }] });

    const { checks } = await c.regulator.api.call(verificationApi.standingChecks);
    expect(checks.map((check) => check.id)).toContain(id);
    const stands = checks.find((check) => check.id === id)!;
    await certifyCheck(c.regulator, stands);
    await certifyCheck(c.regulator, stands);
    expect((await certificateOf(c.regulator, stands))?.claims).toMatchObject({ task: id, sources: SOURCES });
    await revokeCheck(c.regulator, stands);
    expect(await certificateOf(c.regulator, stands)).toBeNull();
    await c.phaseIs(id, 'revoked');
    expect(await c.publicly()).toMatchObject({ state: 'revoked' });
    const choice = await c.play.choose();
    expect(await codeOf(() => c.play.book(choice, 0))).toBe('CHECK_REVOKED');
    expect(await differencesIn(house)).toEqual([]);
  });

  it('falls when a jury finds the opposite, and the objector gets the verifiers’ bonds', async () => {
    const id = await c.asked();
    for (const one of await c.seated(id, 0)) await c.answer(one, id);
    await c.phaseIs(id, 'challengeable');
    const grounds = { params: { id }, body: { text: '许可证已于上月注销，见公示' } };
    const { deposit } = await c.regulator.api.call(verificationApi.leaveGrounds, grounds);
    expect(deposit).toBe('12000');
    const contested = { body: { amount: deposit, contested: id } };
    const told = await readContests(c.play.patient.io, c.seat.desk.organisationId).then(only(id));
    const order = await c.seat.desk.api.call(verificationApi.orderCheckMoney, contested);
    expect(order.payBy).toBe(told[0]!.until);
    await c.bankPays(order);
    await until(async () => ((await clinicCheck(c.seat)).units === deposit ? true : null));
    await c.paidIn(c.regulator, deposit);
    const codes = new Set<string>();
    await until(async () => {
      const code = await codeOf(() => contestCheck(c.regulator, id, '许可证已于上月注销，见公示'));
      codes.add(code);
      return code === 'done' ? true : null;
    }).catch(() => expect([...codes]).toEqual(['done']));
    // the clinic was slower: what it paid in goes back, and nobody else's does
    expect(await codeOf(() => contestCheck(c.seat.desk, id, '许可证仍然有效，请再看'))).toBe(
      'CHECK_CONTEST_CLOSED',
    );
    expect(await codeOf(() => c.seat.desk.api.call(verificationApi.orderCheckMoney, contested))).toBe(
      'CHECK_CONTEST_CLOSED',
    );
    const { units, payments } = await readUnused(c.seat.desk);
    expect([units, payments.map(({ amount }) => amount)]).toEqual([deposit, [deposit]]);
    expect(await readUnused(c.regulator)).toEqual({ units: '0', payments: [] });
    await giveUnusedBack(c.seat.desk);
    expect(await readUnused(c.seat.desk)).toEqual({ units: '0', payments: [] });
    await giveUnusedBack(c.seat.desk);
    expect(await c.sent(payments[0]!.payment)).toEqual([deposit]);
    for (const one of await c.seated(id, 2)) await c.answer(one, id, ['licence']);
    await c.phaseIs(id, 'rejected');
    expect(await c.publicly()).toMatchObject({ state: 'rejected', failed: ['licence'], challenged: true });
    expect(await codeOf(() => c.regulator.api.call(verificationApi.leaveGrounds, grounds))).toBe(
      'CHECK_CONTEST_CLOSED',
    );
    const lost = await c.db
      .selectFrom('money.check_seat')
      .select('slashed')
      .where('task_id', '=', id)
      .execute();
    expect(lost.map(({ slashed }) => slashed).sort()).toEqual(['0', '0', '0', '6000', '6000']);
  });

  it('is done by who asked, was admitted and put a bond down, and pays what it promised', async () => {
    const { organisations } = await c.regulator.api.call(disputeApi.candidates);
    const city = organisations.find(({ account }) => account === c.seat.desk.account)!.tags[0];
    const entered = (await readAdmissions(c.regulator)).map(({ account }) => account);
    const far = organisations.filter(({ kind, tags }) => kind === 'assessor' && tags[0] !== city);
    const [fresh, unappointed] = far.filter(({ account }) => !entered.includes(account));
    const [who, other] = (await assessorsAt(house, [fresh!.account, unappointed!.account])).sort((a) =>
      a.desk.account === fresh!.account ? -1 : 1,
    ) as [CheckSeat, CheckSeat];
    const { desk } = who;
    paidInHalves = desk;
    const row = async () =>
      (await readAdmissions(c.regulator)).find(({ account }) => account === desk.account)!;

    expect(await readPurse(desk)).toMatchObject({ admission: { state: 'none' }, appointed: true, free: '0' });
    const about = '十年医务管理，在登记机关做过三年核对';
    expect(await codeOf(() => askAdmission(c.seat.desk, about))).toBe('CHECK_ROLE_WRONG');
    expect(await codeOf(() => readAdmissions(desk))).toBe('CHECK_ROLE_WRONG');
    const papers = await c.regulator.api.call(registerApi.readRegister, {
      query: { subject: other.desk.organisationId },
    });
    const appointment = papers.entries.find(({ kind }) => kind === 'assessorAppointment')!;
    await c.regulator.api.call(registerApi.changeEntry, {
      params: { id: appointment.id },
      body: { state: 'revoked', reason: { zh: '任期结束', en: 'The term is over' } },
    });
    expect(await codeOf(() => askAdmission(other.desk, about))).toBe('CHECK_NOT_APPOINTED');
    await askAdmission(desk, about);
    expect(await codeOf(() => askAdmission(desk, about))).toBe('CHECK_ADMISSION_STATE');
    expect(await codeOf(() => suspendVerifier(c.regulator, desk.account, '还没有登记就要暂停，不行'))).toBe(
      'CHECK_ADMISSION_STATE',
    );
    expect(
      await codeOf(() => refuseVerifier(c.regulator, c.seat.desk.account, '机构不能核验机构，不是评估师')),
    ).toBe('CHECK_UNKNOWN');
    await refuseVerifier(c.regulator, desk.account, '请写明核对过哪些登记，再申请一次');
    expect((await readPurse(desk)).admission).toMatchObject({
      state: 'refused',
      reason: expect.stringContaining('核对过哪些登记'),
    });
    await askAdmission(desk, `${about}：医疗机构与医师登记`);
    expect(await row()).toMatchObject({ state: 'asked', appointed: true });
    await admitVerifier(c.regulator, await row(), c.play.patient.io.now());
    expect((await readPurse(desk)).admission.state).toBe('admitted');

    await c.paidIn(desk, '30000');
    await until(async () => ((await readPurse(desk)).units === '30000' ? true : null));
    await addToBond(desk, 30_000n);
    expect(await readPurse(desk)).toMatchObject({ free: '30000', units: '0', order: { state: 'held' } });

    // all but one who is far are suspended for a while, so that both are drawn
    const [stays] = far.filter(({ account }) => entered.includes(account));
    const rest = entered.filter((account) => account !== stays!.account);
    await c.regulate(rest.map((account) => ['dismiss', [account]]));
    const id = await c.asked();
    const pair = await c.seated(id, 0);
    expect(pair.map((one) => one.desk.account).sort()).toEqual([desk.account, stays!.account].sort());
    const locked = await readPurse(desk);
    expect(locked).toMatchObject({ free: '24000', locked: [{ id, amount: '6000' }], waiting: [] });
    for (const one of pair) await c.answer(one, id);
    await c.phaseIs(id, 'challengeable');
    await c.later(14 * DAY + 60_000);
    await c.phaseIs(id, 'standing');
    const paid = await readPurse(desk);
    expect(paid).toMatchObject({ free: '30000', locked: [], credit: '1500', earned: '1500', slashed: '0' });
    expect(paid.waiting).toEqual([{ id, amount: '1500', at: (await c.publicly()).until }]);
    await takeCreditOut(desk);
    expect((await readPurse(desk)).credit).toBe('0');
    expect(await codeOf(() => takeCreditOut(desk))).toBe('CHAIN_REVERTED');
    expect(await codeOf(() => takeBondOut(desk, 30_001n))).toBe('CHAIN_REVERTED');
    await takeBondOut(desk, 24_000n);
    expect(await c.sent(desk.account)).toEqual(['1500', '24000']);

    await suspendVerifier(c.regulator, desk.account, '两次没有按时答复，先暂停三个月');
    expect((await readPurse(desk)).admission).toMatchObject({
      state: 'suspended',
      reason: expect.stringContaining('三个月'),
    });
    expect(await verifierDesk(who)).toMatchObject({ admitted: false, bond: '6000' });
    await admitVerifier(c.regulator, await row(), c.play.patient.io.now());
    expect((await readPurse(desk)).admission).toMatchObject({ state: 'admitted', reason: null });
    const back = (await readAdmissions(c.regulator)).filter(({ account }) => rest.includes(account));
    expect(back.map(({ state }) => state)).toEqual(rest.map(() => 'ended'));
    const end = Math.floor(c.play.patient.io.now() / 1000) + 900 * 86_400;
    await c.regulate(back.map(({ account, tags }) => ['admit', [account, tags, end]]));
  });

  it('is contested by a person under a key of her own, who gets what she is due', async () => {
    const { io, root } = c.play.patient;
    const clinic = c.seat.desk.organisationId;
    const id = await c.asked();
    for (const one of await c.seated(id, 0)) await c.answer(one, id);
    await c.phaseIs(id, 'challengeable');
    const text = '公示的诊疗科目里没有美容外科，请复核';
    const open = (await readContests(io, clinic)).find((one) => one.id === id)!;
    expect(open).toMatchObject({ stage: 'open', deposit: '12000', reward: '3000', by: null });
    const slow = random(32);
    const body = { address: `0x${'ab'.repeat(20)}` as Hex, text, signature: `0x${'11'.repeat(65)}` as Hex };
    const leave = (bearer?: string) =>
      io.api.call(contestApi.leaveContest, { params: { id }, body, ...(bearer ? { bearer } : {}) });
    expect(await codeOf(() => leave('a'.repeat(43)))).toBe('CHECK_CONTEST_WRONG');
    expect(await codeOf(() => leave())).toBe('CHECK_CONTEST_WRONG');
    expect(await ownContests(io, [root], [open])).toEqual([]);

    const mine = await beginContest(io, root, id, text);
    const again = await beginContest(io, root, id, text);
    expect(again.own).toEqual(mine.own);
    expect(mine.own.order).toMatchObject({ amount: '12000', state: 'expected', payBy: open.until });
    const late = await beginContest(io, slow, id, `${text}，二`);
    expect(await codeOf(() => sendContest(io, mine.key, id, mine.own.digest))).toBe('CHAIN_REVERTED');
    const stranger = { ...mine.key, ...contestKeyOf() };
    expect(await codeOf(() => sendContest(io, stranger, id, mine.own.digest))).toBe('RELAY_REFUSED');
    for (const { own } of [mine, late]) await c.bankPays(own.order!);
    const funded = async (roots: Uint8Array[]) => {
      const [one] = await ownContests(io, roots, [open]);
      return one?.own.units === '12000' ? one : null;
    };
    await until(() => funded([root]));
    const second = await until(() => funded([slow]));
    await sendContest(io, mine.key, id, mine.own.digest);
    expect(await codeOf(() => sendContest(io, late.key, id, late.own.digest))).toBe('CHAIN_REVERTED');
    expect(await codeOf(() => beginContest(io, random(32), id, text))).toBe('CHECK_CONTEST_CLOSED');
    await takeDepositBack(io, second);
    expect((await ownContests(io, [slow], [open]))[0]!.own).toMatchObject({ units: '0' });
    expect(await c.sent(second.own.payments[0]!.payment)).toEqual(['12000']);

    for (const one of await c.seated(id, 2)) {
      expect((await readTask(one, id)).grounds).toBe(text);
      await c.answer(one, id, ['scope']);
    }
    await c.phaseIs(id, 'rejected');
    const [ended] = await ownContests(io, [random(32), root], await readContests(io, clinic).then(only(id)));
    expect(ended).toMatchObject({ contest: { stage: 'won', due: '15000', by: mine.key.address } });
    await until(async () => ((await c.sent(mine.key.address)).length > 0 ? true : null));
    expect(await c.sent(mine.key.address)).toEqual(['15000']);
    expect(await differencesIn(house)).toEqual([]);
  });

  it('shows who falls for a made-up clinic, and never shows it as checked', async () => {
    const { api } = c.seat.desk;
    const fake = (organisationId: string) =>
      api.call(verificationApi.setFake, { ...operator(), body: { organisationId, fake: true } });
    expect(await codeOf(() => fake('01980000-0000-7000-8000-000000000001'))).toBe('CHECK_UNKNOWN');
    await fake(c.seat.desk.organisationId);
    const id = await c.asked();
    const [one, two] = (await c.seated(id, 0)) as [CheckSeat, CheckSeat];
    await c.answer(one, id);
    await c.answer(two, id, ['licence', 'doctors']);
    const [third] = (await c.seated(id, 1)) as [CheckSeat];
    await c.answer(third, id);
    await c.phaseIs(id, 'challengeable');
    await c.later(14 * DAY + 60_000);
    await c.phaseIs(id, 'exposed');
    expect((await c.publicly()).taskId).not.toBe(id);
    expect(await verifierDesk(one)).toMatchObject({ checks: 1, misses: 1 });
    expect(await verifierDesk(two)).toMatchObject({ checks: 1, misses: 0 });
    const seen = await api.call(verificationApi.operatorChecks, operator());
    expect(seen.tasks[0]).toMatchObject({ id, fake: true, phase: 'exposed' });
    const pay = (amount: string) =>
      api.call(verificationApi.setCheckPay, { ...operator(), body: { pay: amount } });
    expect(await codeOf(() => pay('999'))).toBe('CHECK_PAY_BOUNDS');
    await pay('4000');
    expect((await clinicCheck(c.seat)).fee).toBe('12632');
  });

  it('pays the second half once the year is over', async () => {
    const { checks } = house.house.modules.money;
    const { credit, waiting } = await readPurse(paidInHalves);
    const due = waiting.reduce((sum, { amount }) => sum + BigInt(amount), BigInt(credit));
    expect(waiting.length).toBeGreaterThan(0);
    await c.later(366 * DAY);
    await until(async () => ((await checks.credit(paidInHalves.account)) === due ? true : null));
  });

  it('is the same after everything is built again from the ledger', async () => {
    expect(await differencesIn(house)).toEqual([]);
    const compared = await rebuildAndCompare(house.house);
    expect(compared.flatMap(({ what, different }) => different.map((key) => `${what} ${key}`))).toEqual([]);
  });
});
