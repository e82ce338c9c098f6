/** The data pool over a real database: who may ask, who answers, what is published, and what leaving and erasing remove. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { DAY, toBase64Url, toIso } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eraseDue } from '../app/erase-due.ts';
import { publishDue } from '../app/pool/publish-due.ts';
import { noticeFor, noticeHash, noticeOf } from '../core/consent/notices.ts';
import { createKeyset } from '../core/keyset.ts';
import { ownerStatement, signAsOwner, signKeyset } from '../core/owner.ts';
import { signConsent } from '../core/pool/consent.ts';
import { type Answers, payoutIn, pseudonymIn, type StudyPlan, signAnswer } from '../core/pool/study.ts';
import { codeOf, idOf, openRig, passkey, type Rig, random } from './rig.property.ts';

let rig: Rig;
let as: Rig['as'];
beforeAll(async () => {
  rig = await openRig();
  // no notice changes in the weeks after
  rig.clock.at = Date.UTC(2026, 11, 1, 9, 41, 13);
  as = rig.as;
});
afterAll(async () => {
  await rig?.close();
});

let count = 0;
function planOf(change: Partial<StudyPlan> = {}): StudyPlan {
  return {
    id: idOf(`s${++count}`),
    title: { zh: '恢复', en: 'Recovery' },
    why: { zh: '了解', en: 'To know' },
    questions: ['event-14-days'],
    epsilon: 1_000,
    epsilonTotal: 3_000,
    k: 20,
    releases: [10, 20, 30, 40].map((days) => toIso(rig.clock.at + days * DAY)),
    payment: { minor: '500', currency: 'CNY' },
    ...change,
  };
}
async function newStudy(change: Partial<StudyPlan> = {}, who = 'desk:office'): Promise<StudyPlan> {
  const plan = planOf(change);
  await as('registerStudy', who, { body: plan });
  return plan;
}

const roots = new Map<string, Uint8Array<ArrayBuffer>>();
const rootOf = (name: string) => {
  if (!roots.has(name)) roots.set(name, random(32));
  return roots.get(name)!;
};

function consentOf(name: string, study: string, change: object = {}) {
  const secret = new Uint8Array([...rootOf(name)].reverse());
  const notice = noticeFor('HRESCH', rig.clock.at);
  const consent = {
    study,
    receipt: toBase64Url(random(32)),
    subject: toBase64Url(ed25519.getPublicKey(secret)),
    notice: { id: notice.id, version: notice.version, hash: noticeHash(notice) },
    ...change,
  };
  const { study: _, ...body } = consent;
  return { params: { id: study }, body: { ...body, signature: signConsent(consent, secret) } };
}
async function join(name: string, { id }: StudyPlan) {
  const asked = consentOf(name, id);
  const { token } = await as('joinStudy', name, asked);
  return { token, receipt: asked.body.receipt };
}
const answer = (
  name: string,
  plan: StudyPlan,
  release: number,
  token: string,
  said: Answers = { 'event-14-days': 1 },
) => {
  const given = { study: plan.id, release, answers: said };
  const root = rootOf(name);
  return as('contribute', null, {
    body: {
      ...given,
      answers: said as Record<string, number>,
      pseudonym: pseudonymIn(root, plan.id),
      token,
      signature: signAnswer(root, given),
    },
  });
};
const mine = async (name: string, { id }: StudyPlan) =>
  (await as('myStudies', name)).studies.find(({ plan }) => plan.id === id)!;
const published = async (plan: StudyPlan, who = 'desk:office') =>
  (await as('deskStudies', who)).studies.find((one) => one.plan.id === plan.id)!.published;

const NOTHING = { joined: 0, member: 0, answer: 0, counted: 0, earned: 0, payee: 0 };
/** Rows that hold anything of the pool, by table. */
async function rowsOf(study: string): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const table of ['joined', 'member', 'answer', 'counted', 'earned', 'payee'])
    found[table] = Number(
      (
        await sql<{
          n: number;
        }>`SELECT count(*) AS n FROM ${sql.table(`vault.pool_${table}`)} WHERE study = ${study}`.execute(
          rig.database.db,
        )
      ).rows[0]!.n,
    );
  return found;
}

describe('a study', () => {
  it('is registered by a regulator, or a clinic with the purpose; by nobody else', async () => {
    await newStudy();
    await newStudy({}, 'desk:clinic');
    for (const who of ['desk:other', 'desk:nobody'])
      expect(await codeOf(as('registerStudy', who, { body: planOf() }))).toBe('POOL_NOT_ALLOWED');
    expect(await codeOf(as('deskStudies', 'desk:other'))).toBe('POOL_NOT_ALLOWED');
    rig.ctx.organisations.purposes = async () => [];
    expect(await codeOf(as('registerStudy', 'desk:clinic', { body: planOf() }))).toBe('POOL_NOT_ALLOWED');
    rig.ctx.organisations.purposes = async () => ['research'];
  });

  it('does not change once it is registered, and belongs to who registered it', async () => {
    const plan = await newStudy();
    await as('registerStudy', 'desk:office', { body: plan });
    for (const [who, body] of [
      ['desk:office', { ...plan, epsilon: 900 }],
      ['desk:clinic', plan],
    ] as const)
      expect(await codeOf(as('registerStudy', who, { body }))).toBe('POOL_STUDY_OTHER');
    const past = planOf({ releases: [toIso(rig.clock.at - DAY)] });
    expect(await codeOf(as('registerStudy', 'desk:office', { body: past }))).toBe('POOL_STUDY_INVALID');
    expect((await as('deskStudies', 'desk:clinic')).studies.map((one) => one.plan.id)).not.toContain(plan.id);
  });
});

describe('agreeing', () => {
  it('is off by default, needs a signed consent to the notice that holds, and is listed with the consents', async () => {
    const plan = await newStudy();
    expect((await mine('ann', plan)).mine).toMatchObject({ state: 'none', receipt: null, spent: 0 });
    const good = consentOf('ann', plan.id);
    const refused = (change: object) =>
      codeOf(as('joinStudy', 'ann', { ...good, body: { ...good.body, ...change } }));
    expect(await refused({ receipt: toBase64Url(random(32)) })).toBe('RECEIPT_SIGNATURE_WRONG');
    expect(await refused({ subject: toBase64Url(random(32)) })).toBe('RECEIPT_SIGNATURE_WRONG');
    const first = noticeOf('research-pool', '1');
    const old = consentOf('ann', plan.id, {
      notice: { id: first.id, version: '1', hash: noticeHash(first) },
    });
    expect(await codeOf(as('joinStudy', 'ann', old))).toBe('CONSENT_NOTICE_CHANGED');
    const treat = noticeFor('TREAT', rig.clock.at);
    const other = consentOf('ann', plan.id, {
      notice: { id: treat.id, version: treat.version, hash: noticeHash(treat) },
    });
    expect(await codeOf(as('joinStudy', 'ann', other))).toBe('CONSENT_NOTICE_UNKNOWN');
    expect(await codeOf(as('joinStudy', 'ann', consentOf('ann', idOf('none'))))).toBe('POOL_STUDY_UNKNOWN');
    expect((await mine('ann', plan)).mine.state).toBe('none');
    const { receipt } = await join('ann', plan);
    expect((await mine('ann', plan)).mine).toMatchObject({ state: 'joined', receipt });
    expect((await as('listConsents', 'ann')).consents).toMatchObject([
      { receipt, purpose: 'HRESCH', organisation: idOf('office'), withdrawnAt: null },
    ]);
  });

  it('again makes a new pass, and the earlier one opens nothing', async () => {
    const plan = await newStudy();
    const one = await join('bo', plan);
    const two = await join('bo', plan);
    expect(await codeOf(answer('bo', plan, 0, one.token))).toBe('POOL_NOT_YOURS');
    expect(await codeOf(answer('bo', plan, 0, two.token))).toBe('none');
    const { consents } = await as('listConsents', 'bo');
    expect(consents.find(({ receipt }) => receipt === one.receipt)!.withdrawnAt).not.toBeNull();
    // another's receipt is no consent
    const borrowed = consentOf('cy', plan.id, { receipt: two.receipt });
    expect(await codeOf(as('joinStudy', 'cy', borrowed))).toBe('CONSENT_UNKNOWN');
    expect((await rowsOf(plan.id)).member).toBe(1);
  });
});

describe('an answer', () => {
  it('is taken once for a release, with what it cost, and earns nothing before that is published', async () => {
    const plan = await newStudy();
    const { token } = await join('dan', plan);
    for (const _ of [1, 2]) await answer('dan', plan, 0, token);
    expect((await mine('dan', plan)).mine).toMatchObject({
      spent: 1_000,
      answered: 1,
      pay: { pending: 1, earned: '0', paid: '0' },
    });
    expect(await codeOf(answer('dan', plan, 0, token, { 'event-14-days': 2 }))).toBe('POOL_ANSWERED');
    expect(await codeOf(answer('dan', plan, 1, token))).toBe('POOL_NOT_OPEN');
    expect((await mine('dan', plan)).mine.spent).toBe(1_000);
  });

  it('is refused without the pass, under another name, and to other questions', async () => {
    const plan = await newStudy();
    const other = await newStudy();
    const { token } = await join('eve', plan);
    expect(await codeOf(answer('eve', plan, 0, toBase64Url(random(32))))).toBe('POOL_NOT_YOURS');
    expect(await codeOf(answer('eve', other, 0, token))).toBe('POOL_NOT_YOURS');
    for (const said of [{}, { 'event-14-days': 3 }, { 'area-year': 1 }])
      expect(await codeOf(answer('eve', plan, 0, token, said))).toBe('POOL_ANSWER_INVALID');
    await answer('eve', plan, 0, token);
    // the pass belongs to the first name that came with it
    expect(await codeOf(answer('fay', plan, 0, token))).toBe('POOL_NOT_YOURS');
    const given = { study: idOf('none'), release: 0, answers: {} };
    const body = { ...given, pseudonym: pseudonymIn(rootOf('eve'), given.study), token };
    const signature = signAnswer(rootOf('eve'), given);
    expect(await codeOf(as('contribute', null, { body: { ...body, signature } }))).toBe('POOL_STUDY_UNKNOWN');
    expect(await codeOf(as('contribute', null, { body: { ...body, release: 1, signature } }))).toBe(
      'POOL_NOT_YOURS',
    );
  });

  it('is kept without the account: no row of it holds what the account is known by', async () => {
    const plan = await newStudy();
    const { token } = await join('gus', plan);
    await answer('gus', plan, 0, token);
    for (const table of ['pool_member', 'pool_answer']) {
      const { rows } = await sql<{ all: string }>`
        SELECT row_to_json(t)::text AS all FROM ${sql.table(`vault.${table}`)} t WHERE study = ${plan.id}`.execute(
        rig.database.db,
      );
      expect(rows).toHaveLength(1);
      expect(rows[0]!.all).not.toContain(idOf('gus'));
      expect(rows[0]!.all).not.toContain(token);
      expect(rows[0]!.all).not.toMatch(/_at|_on/);
    }
  });

  it('costs no more than the study may, also when time goes on', async () => {
    const before = rig.clock.at;
    const plan = await newStudy({ epsilonTotal: 2_000 });
    const { token } = await join('hal', plan);
    for (const release of [0, 1]) {
      await answer('hal', plan, release, token);
      rig.clock.at = Date.parse(plan.releases[release]!);
      await publishDue(rig.ctx);
    }
    expect(await codeOf(answer('hal', plan, 2, token))).toBe('POOL_BUDGET_SPENT');
    expect((await mine('hal', plan)).mine).toMatchObject({ spent: 2_000, answered: 2 });
    rig.clock.at = Date.parse(plan.releases[3]!);
    expect(await codeOf(as('joinStudy', 'ida', consentOf('ida', plan.id)))).toBe('POOL_NOT_OPEN');
    rig.clock.at = before;
  });
});

describe('all studies of a person together', () => {
  const budget = async (name: string) => (await as('myStudies', name)).budget;

  it('have a budget: what fits is promised, one more is refused, also if both are agreed to at once', async () => {
    const wide = { epsilon: 4_000, epsilonTotal: 8_000 };
    const [one, two, three] = [await newStudy(wide), await newStudy(wide), await newStudy(wide)];
    expect(await budget('una')).toEqual({ of: 16_000, spent: 0, taken: 0 });
    const { token, receipt } = await join('una', one);
    const tried = await Promise.all(
      [two, three].map((plan) => codeOf(as('joinStudy', 'una', consentOf('una', plan.id)))),
    );
    expect(tried.sort()).toEqual(['POOL_PERSON_BUDGET', 'none']);
    const refused = (await mine('una', two)).mine.state === 'none' ? two : three;
    expect((await mine('una', refused)).mine).toMatchObject({ state: 'none', receipt: null });
    await answer('una', one, 0, token);
    expect(await budget('una')).toEqual({ of: 16_000, spent: 4_000, taken: 16_000 });
    // agreeing again to the same study takes nothing twice
    const again = await join('una', one);
    expect((await budget('una')).taken).toBe(16_000);
    expect(again.receipt).not.toBe(receipt);
    // what a study that was left did not ask is free; what it asked is not
    await as('withdrawConsent', 'una', { params: { receipt: again.receipt } });
    expect(await budget('una')).toEqual({ of: 16_000, spent: 4_000, taken: 12_000 });
    expect(await codeOf(as('joinStudy', 'una', consentOf('una', refused.id)))).toBe('POOL_PERSON_BUDGET');
    await join('una', await newStudy({ epsilon: 2_000, epsilonTotal: 4_000 }));
    expect((await budget('una')).taken).toBe(16_000);
    // somebody else has her own
    expect((await budget('vic')).taken).toBe(0);
  });
});

describe('a release', () => {
  const people = (n: number, from = 0) => Array.from({ length: n }, (_, i) => `p${from + i}`);
  async function crowd(plan: StudyPlan, names: readonly string[]) {
    const passes = new Map<string, { token: string; receipt: string }>();
    for (const name of names) passes.set(name, await join(name, plan));
    return passes;
  }
  const pass = async (plan: StudyPlan, release: number) => {
    rig.clock.at = Date.parse(plan.releases[release]!);
    await publishDue(rig.ctx);
    await publishDue(rig.ctx);
    return (await published(plan)).find((one) => one.release === release)!;
  };

  it('says nothing about nineteen, and deletes what they said', async () => {
    const plan = await newStudy();
    for (const [name, { token }] of await crowd(plan, people(19))) await answer(name, plan, 0, token);
    expect(await published(plan)).toEqual([]);
    expect(await pass(plan, 0)).toMatchObject({ people: 0, repeats: null, numbers: null });
    expect((await rowsOf(plan.id)).answer).toBe(0);
    const { token } = await join('late', plan);
    expect(await codeOf(answer('late', plan, 0, token))).toBe('POOL_NOT_OPEN');
  });

  it('publishes estimates, repeats them if fewer than k differ, and forgets who left', async () => {
    const plan = await newStudy();
    const all = people(60);
    const passes = await crowd(plan, all);
    const half = (name: string): Answers => ({ 'event-14-days': Number(name.slice(1)) % 2 });
    const say = async (names: readonly string[], release: number, changed = false) => {
      for (const name of names)
        await answer(
          name,
          plan,
          release,
          passes.get(name)!.token,
          changed ? { 'event-14-days': 0 } : half(name),
        );
    };
    await say(all, 0);
    const first = await pass(plan, 0);
    expect(first.people).toBe(60);
    const [none, no, yes] = first.numbers!['event-14-days']!;
    // nobody said yes: hidden, and with it the next smallest, so that nothing follows from the rest
    expect(yes).toBeNull();
    expect([none, no].filter((one) => one !== null)).toHaveLength(1);
    // one leaves and the others answer quite differently: the numbers stay
    await as('withdrawConsent', 'p0', { params: { receipt: passes.get('p0')!.receipt } });
    expect(await codeOf(say(['p0'], 1))).toBe('POOL_NOT_YOURS');
    await say(all.slice(1), 1, true);
    expect(await pass(plan, 1)).toMatchObject({ people: 0, repeats: 0, numbers: first.numbers });
    // twenty more leave before the next: enough to say something new
    await say(all.slice(1), 2, true);
    for (const name of all.slice(1, 21))
      await as('withdrawConsent', name, { params: { receipt: passes.get(name)!.receipt } });
    expect((await rowsOf(plan.id)).answer).toBe(39);
    const third = await pass(plan, 2);
    expect(third).toMatchObject({ people: 39, repeats: null });
    expect(await published(plan)).toHaveLength(3);
    expect((await mine('p0', plan)).mine).toMatchObject({ state: 'left', answered: 1 });
    expect(await codeOf(as('joinStudy', 'p0', consentOf('p0', plan.id)))).toBe('POOL_LEFT');
  });
});

describe('erasing everything', () => {
  it('removes the person from every study, also from those she left', async () => {
    const { keyset, root } = await createKeyset(passkey(1), random);
    roots.set('zoe', root);
    await as('writeKeyset', 'zoe', { body: signKeyset(keyset, root) });
    const [one, two] = [await newStudy(), await newStudy()];
    const { token } = await join('zoe', one);
    await answer('zoe', one, 0, token);
    const { receipt } = await join('zoe', two);
    const payout = payoutIn(root, one.id);
    await as('namePayees', 'zoe', { body: { payees: [{ study: one.id, payout }] } });
    await as('withdrawConsent', 'zoe', { params: { receipt } });
    expect(await rowsOf(two.id)).toEqual({ ...NOTHING, member: 1 });
    const asked = { id: idOf('erase'), region: 'CN' };
    const signature = signAsOwner(root, ownerStatement.eraseAll(asked));
    await as('eraseEverything', 'zoe', { body: { ...asked, signature } });
    expect(await codeOf(as('joinStudy', 'zoe', consentOf('zoe', (await newStudy()).id)))).toBe(
      'VAULT_CLOSING',
    );
    const before = rig.clock.at;
    rig.clock.at += 8 * DAY;
    await eraseDue(rig.ctx);
    for (const { id } of [one, two]) expect(await rowsOf(id)).toEqual(NOTHING);
    rig.clock.at = before;
  });
});
