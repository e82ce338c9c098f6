/** Studies that pay, over both modules' real tables and the demo's bank: paid in first, paid out once, given back, to the cent. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import { DAY, HOUR, toBase64Url, toIso } from '@zhenmei/kernel';
import {
  demoBank,
  type MoneyContext,
  type MoneyDatabase,
  reconcileMoney,
  transferAtDemoBank,
} from '@zhenmei/money';
import { settleStudies } from '@zhenmei/vault';
import { noticeFor, noticeHash } from '@zhenmei/vault/core/consent/notices.ts';
import { signConsent } from '@zhenmei/vault/core/pool/consent.ts';
import { payoutIn, pseudonymIn, type StudyPlan, signAnswer } from '@zhenmei/vault/core/pool/study.ts';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  codeOf,
  idOf,
  MIGRATIONS,
  openRig,
  type Rig,
  random,
} from '../../../modules/vault/adapters/rig.property.ts';
import { followRail } from './money.ts';
import { fundPort, studyRounds } from './pool-fund.ts';

const MONEY = {
  module: 'money',
  dir: new URL('../../../modules/money/adapters/migrations/', import.meta.url),
};
const NOBODY = {
  InstalmentPool: 0n,
  InstalmentBook: 0n,
  ClinicBond: 0n,
  GuaranteePool: 0n,
  AssessorPool: 0n,
  ProviderVerification: 0n,
};
const PRICE = 550n;
const K = 20;

let database: TestDatabase;
let money: MoneyContext;
let rig: Rig;
let as: Rig['as'];
let round: () => Promise<void>;
let calls = 0;
let start = 0;

beforeAll(async () => {
  database = await testDatabase([...MIGRATIONS, MONEY]);
  const db = database.as<MoneyDatabase>();
  const now = () => rig.clock.at;
  money = {
    db,
    clock: { now },
    random: { bytes: random },
    rail: demoBank(db, now),
    chainMoney: {
      totals: async () => ({ supply: 0n, escrow: 0n, holders: NOBODY, block: 1 }),
      held: async () => new Map(),
    },
    payee: { zh: '专户', en: 'account' },
  } as Partial<MoneyContext> as MoneyContext;
  rig = await openRig({ funds: fundPort(money) }, database);
  as = rig.as;
  start = rig.clock.at;
});
afterAll(async () => {
  await rig?.close();
});
beforeEach(async () => {
  await database.pool.query(
    `truncate vault.pool_study, vault.pool_joined, vault.pool_answer, vault.pool_counted, money.pot,
     money.payment_order, money.rail_entry, money.rail_payment, money.demo_bank_entry, money.alarm,
     money.reconciliation cascade`,
  );
  rig.clock.at = start;
  round = studyRounds(rig.ctx);
});

async function newStudy(change: Partial<StudyPlan> = {}): Promise<StudyPlan> {
  const plan: StudyPlan = {
    id: idOf(`f${++calls}`),
    title: { zh: '恢复', en: 'Recovery' },
    why: { zh: '了解', en: 'To know' },
    questions: ['event-14-days'],
    epsilon: 500,
    epsilonTotal: 1_000,
    k: K,
    releases: [10, 20].map((days) => toIso(rig.clock.at + days * DAY)),
    payment: { minor: String(PRICE), currency: 'CNY' },
    ...change,
  };
  await as('registerStudy', 'desk:office', { body: plan });
  return plan;
}
const ask = ({ id }: StudyPlan, answers: number, who = 'desk:office') =>
  as('fundStudy', who, { params: { id }, body: { answers } });
async function fund(plan: StudyPlan, answers: number): Promise<void> {
  const { reference, missing } = await ask(plan, answers);
  await transferAtDemoBank(
    money.db,
    { reference, amount: BigInt(missing), currency: 'CNY', how: 'exact', payBy: 0, key: `${++calls}` },
    rig.clock.at,
  );
  await followRail(money);
}

const roots = new Map<string, Uint8Array<ArrayBuffer>>();
const rootOf = (name: string) => {
  if (!roots.has(name)) roots.set(name, random(32));
  return roots.get(name)!;
};
async function join(name: string, { id }: StudyPlan) {
  const secret = rootOf(name);
  const notice = noticeFor('HRESCH', rig.clock.at);
  const consent = {
    study: id,
    receipt: toBase64Url(random(32)),
    subject: toBase64Url(ed25519.getPublicKey(secret)),
    notice: { id: notice.id, version: notice.version, hash: noticeHash(notice) },
  };
  const { study: _, ...body } = consent;
  const signature = signConsent(consent, secret);
  const { token } = await as('joinStudy', name, { params: { id }, body: { ...body, signature } });
  return { name, token, receipt: consent.receipt };
}
type Seat = Awaited<ReturnType<typeof join>>;
const joinAll = async (plan: StudyPlan, n: number, from = 0): Promise<Seat[]> => {
  const seats: Seat[] = [];
  for (let i = from; i < from + n; i++) seats.push(await join(`q${i}`, plan));
  return seats;
};
function answer({ name, token }: Seat, plan: StudyPlan, release: number) {
  const given = { study: plan.id, release, answers: { 'event-14-days': 1 } };
  const root = rootOf(name);
  const body = { ...given, pseudonym: pseudonymIn(root, plan.id), token, signature: signAnswer(root, given) };
  return as('contribute', null, { body });
}
const answerAll = async (seats: readonly Seat[], plan: StudyPlan, release: number) => {
  for (const seat of seats) await answer(seat, plan, release);
};
const name = (who: string, plan: StudyPlan) =>
  as('namePayees', who, { body: { payees: [{ study: plan.id, payout: payoutIn(rootOf(who), plan.id) }] } });
const leave = ({ name: who, receipt }: Seat) => as('withdrawConsent', who, { params: { receipt } });
const mine = async (who: string, { id }: StudyPlan) =>
  (await as('myStudies', who)).studies.find(({ plan }) => plan.id === id)!;
const pay = async (who: string, plan: StudyPlan) => (await mine(who, plan)).mine.pay;
const desk = async ({ id }: StudyPlan) =>
  (await as('deskStudies', 'desk:office')).studies.find(({ plan }) => plan.id === id)!.fund!;
const bank = () => money.rail!.balance('CNY');
const fits = async () => (await reconcileMoney(money, () => 0)).body.differences;
/** The day of a release, and what follows of itself. */
async function pass(plan: StudyPlan, release: number): Promise<void> {
  rig.clock.at = Date.parse(plan.releases[release]!);
  await round();
  await followRail(money);
  await followRail(money);
}
/** So many at a time, so that none has to be made while others run. */
async function openConnections(n: number): Promise<void> {
  const all = Promise.withResolvers<void>();
  let here = 0;
  const one = () => {
    if (++here === n) all.resolve();
    return all.promise;
  };
  await Promise.all(Array.from({ length: n }, () => rig.ctx.db.connection().execute(one)));
}

/** The next night. */
async function night(): Promise<void> {
  rig.clock.at += DAY;
  await round();
  await followRail(money);
  await followRail(money);
}

describe('a study that promises money', () => {
  it('takes nobody and no answer before enough is paid in, and says how much', async () => {
    const plan = await newStudy();
    expect(await codeOf(join('ann', plan))).toBe('POOL_NOT_FUNDED');
    expect((await mine('ann', plan)).fund).toBe('missing');
    expect(await desk(plan)).toEqual({
      needed: '22000',
      least: 40,
      funded: false,
      came: '0',
      returned: '0',
      people: null,
      paidOut: '0',
      left: '0',
      order: null,
    });
    expect(await codeOf(ask(plan, 39))).toBe('POOL_FUND_SMALL');
    const order = await ask(plan, 40);
    expect(order).toMatchObject({ amount: '22000', missing: '22000', state: 'expected', currency: 'CNY' });
    expect(await ask(plan, 40)).toEqual(order);
    expect((await desk(plan)).order).toEqual(order);
    expect(await codeOf(join('ann', plan))).toBe('POOL_NOT_FUNDED');
    await fund(plan, 40);
    expect(await desk(plan)).toMatchObject({ funded: true, came: '22000', left: '22000', least: 1 });
    expect(await codeOf(join('ann', plan))).toBe('none');
    expect((await mine('ann', plan)).fund).toBe('ready');
    expect(await fits()).toEqual([]);
  });

  it('is paid in by its own organisation, in time, where a custodian is, and only if it promises anything', async () => {
    const [plan, free] = [await newStudy(), await newStudy({ payment: { minor: '0', currency: 'CNY' } })];
    expect(await codeOf(ask(plan, 40, 'desk:clinic'))).toBe('POOL_STUDY_UNKNOWN');
    expect(await codeOf(ask(plan, 40, 'desk:other'))).toBe('POOL_NOT_ALLOWED');
    expect(await codeOf(ask({ ...plan, id: idOf('none') }, 40))).toBe('POOL_STUDY_UNKNOWN');
    expect(await codeOf(ask(free, 40))).toBe('POOL_UNPAID');
    expect(
      (await as('deskStudies', 'desk:office')).studies.find((one) => one.plan.id === free.id)!.fund,
    ).toBe(null);
    expect((await mine('ann', free)).fund).toBe('none');
    expect(await codeOf(join('ann', free))).toBe('none');
    const without = fundPort({ ...money, rail: null });
    expect(await codeOf(without.order(plan.id, 1n, 'CNY', rig.clock.at + DAY))).toBe('RAIL_MISSING');
    rig.clock.at = Date.parse(plan.releases[1]!);
    expect(await codeOf(ask(plan, 40))).toBe('POOL_NOT_OPEN');
  });

  it('promises no more than is there: also to several at once, and what is left behind is free again', async () => {
    const plan = await newStudy();
    await fund(plan, 40);
    const seats = await joinAll(plan, K - 1);
    await openConnections(6);
    const tried = await Promise.all([...'stuvxy'].map((who) => codeOf(join(who, plan))));
    expect(tried.sort()).toEqual([...Array(5).fill('POOL_FUND_USED'), 'none']);
    expect(await codeOf(join('z', plan))).toBe('POOL_FUND_USED');
    expect((await mine('z', plan)).fund).toBe('used');
    // agreeing again takes nothing twice
    seats[0] = await join('q0', plan);
    await answerAll(seats, plan, 0);
    await leave(seats[0]);
    expect(await codeOf(join('z', plan))).toBe('none');
    expect(await codeOf(join('w', plan))).toBe('POOL_FUND_USED');
    await fund(plan, 2);
    expect(await codeOf(join('w', plan))).toBe('none');
  });

  it('takes no answer that it could not pay, also of those who agreed before it had to be paid in', async () => {
    const plan = await newStudy();
    await fund(plan, 40);
    const seats = await joinAll(plan, 2);
    const [one, two] = [seats[0]!, seats[1]!];
    // the bank takes back all but one answer
    await sql`update money.pot set came = ${String(PRICE)} where id = ${plan.id}`.execute(database.db);
    expect(await codeOf(answer(one, plan, 0))).toBe('POOL_NOT_FUNDED');
    expect((await mine('q0', plan)).fund).toBe('missing');
    await sql`update money.pot set came = 22000 where id = ${plan.id}`.execute(database.db);
    await sql`insert into vault.pool_member (study, handle) select ${plan.id}, 'm' || i from generate_series(1, 39) i`.execute(
      database.db,
    );
    await sql`insert into vault.pool_answer select ${plan.id}, 0, 'm' || i, '{"event-14-days":1}' from generate_series(1, 39) i`.execute(
      database.db,
    );
    expect(await codeOf(answer(one, plan, 0))).toBe('none');
    expect(await codeOf(answer(two, plan, 0))).toBe('POOL_FUND_USED');
    expect((await mine('q1', plan)).fund).toBe('used');
  });
});

describe('whoever answered', () => {
  it('is paid after the release and never before, once, where she said, and not until she did', async () => {
    const plan = await newStudy();
    await fund(plan, 60);
    const seats = await joinAll(plan, K + 2);
    await answerAll(seats, plan, 0);
    await name('q0', plan);
    await night();
    expect(await pay('q0', plan)).toMatchObject({ pending: 1, earned: '0', named: true });
    expect(await bank()).toBe(60n * PRICE);
    await pass(plan, 0);
    expect(await pay('q0', plan)).toEqual({
      pending: 0,
      earned: '550',
      waiting: '0',
      onWay: '0',
      paid: '550',
      paidAt: plan.releases[0],
      named: true,
      unpaid: 0,
    });
    expect(await pay('q1', plan)).toMatchObject({ earned: '550', waiting: '550', paid: '0', named: false });
    expect((await as('myStudies', 'q1')).earnings).toEqual({
      earned: '550',
      waiting: '550',
      onWay: '0',
      paid: '0',
    });
    expect(await bank()).toBe(59n * PRICE);
    // one was paid: nothing from which fewer than k could be counted
    expect(await desk(plan)).toMatchObject({ people: null, paidOut: null, left: null, came: '33000' });
    // saying where to pays nothing by itself: its time would tell whose payment it is
    await Promise.all(seats.map((seat) => name(seat.name, plan)));
    rig.clock.at += HOUR;
    await round();
    expect(await pay('q1', plan)).toMatchObject({ waiting: '550', onWay: '0', named: true });
    await night();
    expect(await pay('q1', plan)).toMatchObject({ waiting: '0', paid: '550' });
    expect(await desk(plan)).toMatchObject({ people: 22, paidOut: '12100', left: '20900' });
    for (let again = 0; again < 2; again++) await night();
    expect(await bank()).toBe(38n * PRICE);
    expect(await fits()).toEqual([]);
  });

  it('keeps what was earned when she leaves, and earns nothing more', async () => {
    const plan = await newStudy();
    await fund(plan, 40);
    const seats = await joinAll(plan, K);
    await answerAll(seats, plan, 0);
    await leave(seats[0]!);
    await pass(plan, 0);
    expect(await pay('q0', plan)).toMatchObject({ earned: '0', pending: 0 });
    await answerAll(seats.slice(1), plan, 1);
    await leave(seats[1]!);
    await pass(plan, 1);
    expect((await mine('q1', plan)).mine).toMatchObject({
      state: 'left',
      pay: { earned: '550', waiting: '550' },
    });
    await name('q1', plan);
    await night();
    expect(await pay('q1', plan)).toMatchObject({ paid: '550' });
    expect(await fits()).toEqual([]);
  });

  it('earns nothing by an answer from when nothing could be paid', async () => {
    const plan = await newStudy();
    await fund(plan, 40);
    const seats = await joinAll(plan, 2);
    await answerAll(seats, plan, 0);
    // as the migration leaves what it finds
    await sql`update vault.pool_answer set earns = false where handle = (select min(handle) from vault.pool_answer)`.execute(
      database.db,
    );
    await sql`update vault.pool_member set unpaid = answered
      where handle = (select min(handle) from vault.pool_answer)`.execute(database.db);
    const before = await Promise.all(['q0', 'q1'].map((who) => pay(who, plan)));
    expect(before.map(({ pending, unpaid }) => [pending, unpaid]).sort()).toEqual([
      [0, 1],
      [1, 0],
    ]);
    await pass(plan, 0);
    const after = await Promise.all(['q0', 'q1'].map((who) => pay(who, plan)));
    expect(after.map(({ earned }) => earned).sort()).toEqual(['0', '550']);
  });

  it('can name nothing in a study that she never joined, and nothing that is no payout reference', async () => {
    const plan = await newStudy();
    await fund(plan, 40);
    expect(await codeOf(name('ann', plan))).toBe('POOL_STUDY_UNKNOWN');
    await join('ann', plan);
    const payees = [
      { study: plan.id, payout: payoutIn(rootOf('ann'), plan.id) },
      { study: idOf('none'), payout: payoutIn(rootOf('ann'), idOf('none')) },
    ];
    expect(await codeOf(as('namePayees', 'ann', { body: { payees } }))).toBe('POOL_STUDY_UNKNOWN');
    expect(await pay('ann', plan)).toMatchObject({ named: false });
    const account = `0x${'0'.repeat(24)}${'1'.repeat(40)}`;
    await expect(
      as('namePayees', 'ann', { body: { payees: [{ study: plan.id, payout: account }] } }),
    ).rejects.toThrow(/payout/);
  });

  it('is not linked to her answers by anything that is written', async () => {
    const [plan, other] = [await newStudy(), await newStudy()];
    for (const study of [plan, other]) {
      await fund(study, 60);
      const seats = await joinAll(study, K);
      await answerAll(seats, study, 0);
      await Promise.all(seats.map((seat) => name(seat.name, study)));
    }
    const { rows: members } = await sql<{ handle: string }>`select handle from vault.pool_member`.execute(
      database.db,
    );
    await pass(plan, 0);
    const rowsOf = async (table: string) =>
      (
        await sql<{ row: string }>`select row_to_json(t)::text as row from ${sql.table(table)} t`.execute(
          database.db,
        )
      ).rows.map(({ row }) => row);
    const [earned, payees, sent, booked] = await Promise.all(
      ['vault.pool_earned', 'vault.pool_payee', 'money.rail_payment', 'money.demo_bank_entry'].map(rowsOf),
    );
    expect([earned!.length, payees!.length, sent!.length]).toEqual([40, 40, 40]);
    const said = [...earned!, ...payees!, ...sent!, ...booked!].join();
    for (let i = 0; i < K; i++) expect(said).not.toContain(idOf(`q${i}`));
    // the payments do not name the handle, nor what they are for
    for (const { handle } of members) expect([...sent!, ...booked!].join()).not.toContain(handle);
    expect(booked!.join()).not.toContain(plan.id);
    expect(booked!.join()).not.toMatch(/stud|pool|research|health|vault/i);
    expect([...earned!, ...payees!].join()).not.toMatch(/_at|_on/);
    // one person's references of two studies have nothing in common
    expect(new Set(payees!.map((row) => JSON.parse(row).payout)).size).toBe(40);
  });
});

describe('a server that is killed', () => {
  it('between the payment and the mark that it was made pays nobody twice, and forgets nobody', async () => {
    const plan = await newStudy();
    await fund(plan, 40);
    const seats = await joinAll(plan, K);
    await answerAll(seats, plan, 0);
    for (const seat of seats) await name(seat.name, plan);
    const { pay: real } = rig.ctx.funds;
    let paid = 0;
    const dying: typeof rig.ctx = {
      ...rig.ctx,
      funds: {
        ...rig.ctx.funds,
        pay: async (tx, payment) => {
          const done = await real(tx, payment);
          // what the database sees of a kill -9: the connection is gone
          if (++paid === 7)
            await sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx as Kysely<unknown>);
          return done;
        },
      },
    };
    rig.clock.at = Date.parse(plan.releases[0]!);
    await expect(studyRounds(dying)()).rejects.toThrow();
    expect(await desk(plan)).toMatchObject({ came: '22000' });
    expect(await pay('q0', plan)).toMatchObject({ earned: '550', waiting: '550' });
    // two processes start again at the same time
    await Promise.all([settleStudies(rig.ctx), settleStudies(rig.ctx)]);
    await followRail(money);
    await followRail(money);
    expect(await pay('q0', plan)).toMatchObject({ earned: '550', waiting: '0', paid: '550' });
    expect(await desk(plan)).toMatchObject({ people: K, paidOut: '11000', left: '11000' });
    expect(await bank()).toBe(20n * PRICE);
    expect(await fits()).toEqual([]);
  });
});

describe('what was not used', () => {
  it('goes back after the last release, without what waits for its person', async () => {
    const plan = await newStudy();
    await fund(plan, 50);
    await fund(plan, 10);
    const seats = await joinAll(plan, K);
    await answerAll(seats, plan, 0);
    await pass(plan, 0);
    await night();
    expect(await bank()).toBe(60n * PRICE);
    for (const seat of seats.slice(0, 5)) await name(seat.name, plan);
    await pass(plan, 1);
    // 60 answers were paid in, 20 earned, 5 of them paid
    expect(await desk(plan)).toMatchObject({ came: '33000', returned: '22000', people: null, paidOut: null });
    expect(await bank()).toBe(15n * PRICE);
    expect(await fits()).toEqual([]);
    await night();
    expect(await bank()).toBe(15n * PRICE);
    // somebody comes late for hers
    await name('q9', plan);
    await night();
    expect(await pay('q9', plan)).toMatchObject({ paid: '550' });
    expect(await bank()).toBe(14n * PRICE);
    // one is erased: what nobody can come for goes back, too
    await sql`delete from vault.pool_member where study = ${plan.id} and handle in
      (select handle from vault.pool_earned where study = ${plan.id} and not asked limit 1)`.execute(
      database.db,
    );
    await night();
    expect(await bank()).toBe(13n * PRICE);
    expect(await desk(plan)).toMatchObject({ returned: '22550' });
    expect(await fits()).toEqual([]);
  });

  it('is all of it where nobody answered', async () => {
    const plan = await newStudy();
    await fund(plan, 40);
    await pass(plan, 0);
    await pass(plan, 1);
    expect(await bank()).toBe(0n);
    expect(await desk(plan)).toMatchObject({ came: '22000', returned: '22000', people: null, left: null });
    expect(await fits()).toEqual([]);
  });
});
