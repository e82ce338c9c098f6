/** The data pool on the patient's device: agreeing to a study, answering with noise, and leaving. */
import { AppError, newId, toIso } from '@zhenmei/kernel';
import { type Earnings, type MyStudy, type PersonBudget, vaultApi } from '@zhenmei/vault/api.ts';
import { noticeFor, noticeHash } from '@zhenmei/vault/core/consent/notices.ts';
import { giveConsent, receiptHash, withdrawn } from '@zhenmei/vault/core/consent/receipt.ts';
import { signReceipt } from '@zhenmei/vault/core/consent/signatures.ts';
import type { Compartment } from '@zhenmei/vault/core/content-keys.ts';
import type { Contents, PoolNote } from '@zhenmei/vault/core/contents.ts';
import { subjectOf, subjectSecret } from '@zhenmei/vault/core/grants/grant.ts';
import { signConsent } from '@zhenmei/vault/core/pool/consent.ts';
import { chances, DRAWS, remembered } from '@zhenmei/vault/core/pool/noise.ts';
import { type QuestionId, questionOf } from '@zhenmei/vault/core/pool/questions.ts';
import {
  type Answers,
  epsilonOf,
  openRelease,
  payoutIn,
  pseudonymIn,
  type StudyPlan,
  signAnswer,
} from '@zhenmei/vault/core/pool/study.ts';
import { ApiError } from '../api.ts';
import { consents } from './consents.ts';
import { keepReceipt } from './granting.ts';
import { poolFacts } from './pool-facts.ts';
import type { Vault } from './vault.ts';

/** Parts of the vault from which questions are answered. */
const READ: readonly Compartment[] = ['treatments', 'allergies'];

/** All studies, what they together cost and may cost, and what they earned. */
export const myPool = (
  vault: Vault,
): Promise<{ studies: MyStudy[]; budget: PersonBudget; earnings: Earnings }> =>
  vault.io.api.call(vaultApi.myStudies);
export const myStudies = async (vault: Vault): Promise<MyStudy[]> => (await myPool(vault)).studies;

/**
 * Whether answers may leave for a study: she takes part, on a notice that still says what she agreed to, and there is
 * money for an answer.
 */
export const takesAnswers = ({ mine, fund }: Pick<MyStudy, 'mine' | 'fund'>): boolean =>
  mine.state === 'joined' && !mine.changed && (fund === 'none' || fund === 'ready');

export interface Leaving {
  readonly question: QuestionId;
  /** Code of the choice that is true. */
  readonly truth: string;
  /** With this chance the truth is sent, otherwise one of the other choices; in thousandths. */
  readonly chance: number;
}

/** What would be sent, before anybody agreed to anything. Throws VAULT_DAMAGED. */
export async function wouldLeave(vault: Vault, plan: StudyPlan): Promise<Leaving[]> {
  const facts = await poolFacts(vault);
  return plan.questions.map((question) => {
    const { choices, answer } = questionOf(question);
    const chance = Math.round((chances(epsilonOf(plan), choices.length).truth / DRAWS) * 1_000);
    return { question, truth: answer(facts, vault.io.now()), chance };
  });
}

/**
 * Agrees to one study, or again after its notice has changed, and answers it. The receipt is kept in the vault before
 * the server knows of it, so that nobody takes part without one; a refusal takes it out again.
 * Throws POOL_NOT_OPEN, POOL_LEFT, POOL_PERSON_BUDGET, POOL_NOT_FUNDED, POOL_FUND_USED, VAULT_CLOSING, and what `answerDue` throws.
 */
export async function joinStudy(
  vault: Vault,
  { plan, organisation }: Pick<MyStudy, 'plan' | 'organisation'>,
  language: 'zh-CN' | 'en',
): Promise<void> {
  const { io, root } = vault;
  const now = io.now();
  const notice = noticeFor('HRESCH', now);
  const subject = subjectOf(root, organisation.id);
  const agreed = giveConsent({
    recordId: newId(now, io.random(10)),
    subject,
    notice,
    language,
    compartments: READ,
    controller: organisation,
    processing: ['count'],
    region: organisation.region,
    until: plan.releases.at(-1)!,
    at: toIso(now),
    study: plan.id,
  });
  const receipt = signReceipt(agreed, subjectSecret(root, organisation.id));
  const given = {
    study: plan.id,
    receipt: receiptHash(receipt),
    subject,
    notice: { id: notice.id, version: notice.version, hash: noticeHash(notice) },
  };
  const item = await keepReceipt(vault, receipt, organisation.name);
  const { study: _, ...body } = given;
  const signature = signConsent(given, subjectSecret(root, organisation.id));
  const { token } = await io.api
    .call(vaultApi.joinStudy, { params: { id: plan.id }, body: { ...body, signature } })
    .catch(async (error: unknown) => {
      // without an answer she may take part, and the receipt is hers
      if (error instanceof ApiError && !error.retryable) await vault.remove(item).catch(nextTime);
      throw error;
    });
  await vault.update((contents) => noted(contents, plan.id, (note) => ({ sent: note?.sent ?? [], token })));
  await answerDue(vault, [plan]);
}

const noted = (
  contents: Contents,
  study: string,
  change: (note: PoolNote | undefined) => PoolNote,
): Contents => ({ ...contents, pool: { ...contents.pool, [study]: change(contents.pool[study]) } });

/**
 * Answers what is open of the studies that she takes part in. What is said is kept before it is sent, so that a second
 * attempt says the same.
 * @returns how many were answered. Throws POOL_BUDGET_SPENT, POOL_NOT_OPEN, VAULT_DAMAGED.
 */
async function answerDue(vault: Vault, plans: readonly StudyPlan[]): Promise<number> {
  let count = 0;
  for (const plan of plans) {
    const release = openRelease(plan, vault.io.now());
    const note = vault.contents.pool[plan.id];
    if (release === null || !note || note.sent.some((one) => one.release === release)) continue;
    // spent: the study cannot ask again
    if ((note.sent.length + 1) * plan.epsilon > plan.epsilonTotal) continue;
    const answers = await say(vault, plan);
    // the same name for ever, whatever roots come later
    const root = vault.roots[0]!;
    await vault.io.api.call(vaultApi.contribute, {
      body: {
        study: plan.id,
        release,
        answers: answers as Record<string, number>,
        pseudonym: pseudonymIn(root, plan.id),
        token: note.token,
        signature: signAnswer(root, { study: plan.id, release, answers }),
      },
    });
    const at = toIso(vault.io.now());
    const sent = { release, answers: answers as Record<string, number>, at };
    await vault.update((contents) =>
      noted(contents, plan.id, (kept = note) =>
        // another page of this device may have been as fast
        kept.sent.some((one) => one.release === release) ? kept : { ...kept, sent: [...kept.sent, sent] },
      ),
    );
    count++;
  }
  return count;
}

/**
 * Answers what is due of these studies: one that cannot be answered now keeps nothing from the others, and is tried
 * again the next time. Only what the house or the way to it refused is left for the next time; a fault of this device
 * is thrown.
 * @returns how many were answered, and in which the pass of this vault is not the one that the house knows: the answer
 *   to her consent was lost on the way, and she has to agree again
 */
async function answerEach(
  vault: Vault,
  studies: readonly MyStudy[],
): Promise<{ count: number; lost: string[] }> {
  let count = 0;
  const lost: string[] = [];
  for (const { plan } of studies.filter(takesAnswers)) {
    const refused = (error: unknown) => {
      if (error instanceof ApiError && error.code === 'POOL_NOT_YOURS') lost.push(plan.id);
      return nextTime(error);
    };
    if (!vault.contents.pool[plan.id]) lost.push(plan.id);
    else count += await answerDue(vault, [plan]).catch(refused);
  }
  return { count, lost };
}

/** The same of all studies, without anybody looking. @returns how many were answered */
export const answerAllDue = async (vault: Vault): Promise<number> =>
  (await answerEach(vault, await myStudies(vault))).count;

type PoolNow = Awaited<ReturnType<typeof myPool>> & {
  /** Studies that she takes part in and cannot answer before she agrees again. */
  readonly lost: readonly string[];
};

/** All studies, with what is due answered first: the person agreed to all releases of a study. */
export async function poolNow(vault: Vault): Promise<PoolNow> {
  const pool = await myPool(vault);
  const { count, lost } = await answerEach(vault, pool.studies);
  return { ...(count > 0 ? await myPool(vault) : pool), lost };
}

function nextTime(error: unknown): number {
  if (error instanceof ApiError || error instanceof AppError) return 0;
  throw error;
}

/** What was earned and not asked for, in minor units: where she has not said where to, and where she has. */
export function waitingMoney(studies: readonly MyStudy[]): { unnamed: bigint; named: bigint } {
  const sum = (named: boolean) =>
    studies
      .filter(({ mine }) => mine.pay.named === named)
      .reduce((total, { mine }) => total + BigInt(mine.pay.waiting), 0n);
  return { unnamed: sum(false), named: sum(true) };
}

async function say(vault: Vault, plan: StudyPlan): Promise<Answers> {
  const facts = await poolFacts(vault);
  const now = vault.io.now();
  const answers: Answers = {};
  await vault.update((contents) => {
    let memory = contents.said;
    for (const question of plan.questions) {
      const { choices, answer } = questionOf(question);
      const truth = choices.findIndex(({ code }) => code === answer(facts, now));
      const asked = { question, truth, epsilon: epsilonOf(plan), choices: choices.length };
      const told = remembered(memory, asked, vault.io.random);
      answers[question] = told.said;
      memory = told.memory as Record<string, number>;
    }
    return { ...contents, said: memory };
  });
  return answers;
}

const PAYEES_AT_ONCE = 200;

/** Says for these studies where their money goes: a reference of each alone, always the same. */
export async function namePayees(vault: Vault, studies: readonly string[]): Promise<void> {
  // the same for ever, whatever roots come later
  const root = vault.roots[0]!;
  for (let at = 0; at < studies.length; at += PAYEES_AT_ONCE) {
    const some = studies.slice(at, at + PAYEES_AT_ONCE);
    await vault.io.api.call(vaultApi.namePayees, {
      body: { payees: some.map((study) => ({ study, payout: payoutIn(root, study) })) },
    });
  }
}

/** Leaves a study: what is not published yet is deleted. One step, as it took to agree. Throws CONSENT_UNKNOWN. */
export async function leaveStudy(vault: Vault, receipt: string): Promise<void> {
  await vault.io.api.call(vaultApi.withdrawConsent, { params: { receipt } });
  const kept = (await consents(vault)).find((one) => receiptHash(one.receipt) === receipt);
  if (!kept) return;
  const { receipt: held, item } = kept;
  await keepReceipt(vault, withdrawn(held, toIso(vault.io.now())), held.controller.name, item);
}
