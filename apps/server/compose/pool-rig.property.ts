/** Studies that pay, over both modules' real tables and the demo's bank: everybody who plays a part, for the tests. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import { DAY, toBase64Url, toIso } from '@zhenmei/kernel';
import {
  demoBank,
  type MoneyContext,
  type MoneyDatabase,
  reconcileMoney,
  transferAtDemoBank,
} from '@zhenmei/money';
import { noticeFor, noticeHash } from '@zhenmei/vault/core/consent/notices.ts';
import { signConsent } from '@zhenmei/vault/core/pool/consent.ts';
import { payoutIn, pseudonymIn, type StudyPlan, signAnswer } from '@zhenmei/vault/core/pool/study.ts';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { idOf, MIGRATIONS, openRig, type Rig, random } from '../../../modules/vault/adapters/rig.property.ts';
import { followRail } from './money.ts';
import { fundPort, studyRounds } from './pool-fund.ts';

export const MONEY = {
  module: 'money',
  dir: new URL('../../../modules/money/adapters/migrations/', import.meta.url),
};
export const NOBODY = {
  InstalmentPool: 0n,
  InstalmentBook: 0n,
  ClinicBond: 0n,
  GuaranteePool: 0n,
  AssessorPool: 0n,
  ProviderVerification: 0n,
};
export const PRICE = 550n;
export const K = 20;

export let database: TestDatabase;
export let money: MoneyContext;
export let rig: Rig;
export let as: Rig['as'];
export let round: () => Promise<void>;
export let calls = 0;
export let start = 0;

/** Before the tests of a file: both modules over one database, emptied for each test. */
export function useStudies(): void {
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
    // no notice changes in the weeks after
    start = Date.UTC(2026, 11, 1, 9, 41, 13);
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
}

export async function newStudy(change: Partial<StudyPlan> = {}): Promise<StudyPlan> {
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
export const ask = ({ id }: StudyPlan, answers: number, who = 'desk:office') =>
  as('fundStudy', who, { params: { id }, body: { answers } });
export async function fund(plan: StudyPlan, answers: number): Promise<void> {
  const { reference, missing } = await ask(plan, answers);
  await transferAtDemoBank(
    money.db,
    { reference, amount: BigInt(missing), currency: 'CNY', how: 'exact', payBy: 0, key: `${++calls}` },
    rig.clock.at,
  );
  await followRail(money);
}

export const roots = new Map<string, Uint8Array<ArrayBuffer>>();
export const rootOf = (name: string) => {
  if (!roots.has(name)) roots.set(name, random(32));
  return roots.get(name)!;
};
export async function join(name: string, { id }: StudyPlan) {
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
export type Seat = Awaited<ReturnType<typeof join>>;
export const joinAll = async (plan: StudyPlan, n: number, from = 0): Promise<Seat[]> => {
  const seats: Seat[] = [];
  for (let i = from; i < from + n; i++) seats.push(await join(`q${i}`, plan));
  return seats;
};
export function answer({ name, token }: Seat, plan: StudyPlan, release: number) {
  const given = { study: plan.id, release, answers: { 'event-14-days': 1 } };
  const root = rootOf(name);
  const body = { ...given, pseudonym: pseudonymIn(root, plan.id), token, signature: signAnswer(root, given) };
  return as('contribute', null, { body });
}
export const answerAll = async (seats: readonly Seat[], plan: StudyPlan, release: number) => {
  for (const seat of seats) await answer(seat, plan, release);
};
export const name = (who: string, plan: StudyPlan) =>
  as('namePayees', who, { body: { payees: [{ study: plan.id, payout: payoutIn(rootOf(who), plan.id) }] } });
export const leave = ({ name: who, receipt }: Seat) => as('withdrawConsent', who, { params: { receipt } });
export const mine = async (who: string, { id }: StudyPlan) =>
  (await as('myStudies', who)).studies.find(({ plan }) => plan.id === id)!;
export const pay = async (who: string, plan: StudyPlan) => (await mine(who, plan)).mine.pay;
export const desk = async ({ id }: StudyPlan) =>
  (await as('deskStudies', 'desk:office')).studies.find(({ plan }) => plan.id === id)!.fund!;
export const bank = () => money.rail!.balance('CNY');
export const fits = async () => (await reconcileMoney(money, () => 0)).body.differences;
/** The day of a release, and what follows of itself. */
export async function pass(plan: StudyPlan, release: number): Promise<void> {
  rig.clock.at = Date.parse(plan.releases[release]!);
  await round();
  await followRail(money);
  await followRail(money);
}
/** So many at a time, so that none has to be made while others run. */
export async function openConnections(n: number): Promise<void> {
  const all = Promise.withResolvers<void>();
  let here = 0;
  const one = () => {
    if (++here === n) all.resolve();
    return all.promise;
  };
  await Promise.all(Array.from({ length: n }, () => rig.ctx.db.connection().execute(one)));
}

/** The next night. */
export async function night(): Promise<void> {
  rig.clock.at += DAY;
  await round();
  await followRail(money);
  await followRail(money);
}
