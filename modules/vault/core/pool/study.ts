/** What a study asks, when it publishes, what it costs in privacy and what it pays. Once registered it does not change. */
import { ed25519 } from '@noble/curves/ed25519.js';
import {
  AppError,
  canonicalJson,
  derive,
  fromBase64Url,
  type Hex,
  toBase64Url,
  toHex0x,
  utf8,
} from '@zhenmei/kernel';
import { z } from 'zod';
import { issueText } from '../record-issue.ts';
import './errors.ts';
import { QUESTION_IDS, type QuestionId, questionOf } from './questions.ts';

/** The smallest group about which anything is said. */
export const SMALLEST_GROUP = 20;
/** The most that a study may cost one person, ε in thousandths. */
export const MOST_EPSILON = 8_000;
/** The most that one release may cost. */
export const MOST_ONCE = 4_000;
/** Purpose for which the regulator registers a clinic that may study. */
export const RESEARCH = 'research';

const Text = z.strictObject({ zh: z.string().trim().min(1).max(300), en: z.string().trim().min(1).max(300) });

export const StudyPlan = z
  .strictObject({
    id: z.uuid(),
    title: Text,
    /** What it is for, in plain words. */
    why: Text,
    questions: z
      .array(z.enum(QUESTION_IDS))
      .min(1)
      .max(QUESTION_IDS.length)
      .refine((list) => new Set(list).size === list.length, 'twice'),
    /** ε of one release, all questions together, and of the study for one person; thousandths. */
    epsilon: z.int().min(100).max(MOST_ONCE),
    epsilonTotal: z.int().min(100).max(MOST_EPSILON),
    k: z.int().min(SMALLEST_GROUP).max(100_000),
    /** When it publishes; answers for each are taken until then. */
    releases: z.array(z.iso.datetime()).min(1).max(24),
    /** For each answer, once its release is published; minor units. */
    payment: z.strictObject({ minor: z.string().regex(/^(0|[1-9]\d{0,9})$/), currency: z.literal('CNY') }),
  })
  .refine(({ epsilon, epsilonTotal }) => epsilon <= epsilonTotal, {
    path: ['epsilonTotal'],
    message: 'less than one release',
  })
  .refine(({ epsilon, questions }) => Math.floor(epsilon / questions.length) >= 50, {
    path: ['epsilon'],
    message: 'too little for so many questions',
  })
  .refine(
    ({ releases }) =>
      releases.every((at, i) => i === 0 || Date.parse(at) > Date.parse(releases[i - 1] ?? '')),
    { path: ['releases'], message: 'not one after the other' },
  );
export type StudyPlan = z.infer<typeof StudyPlan>;

/** @param now milliseconds since the epoch. Throws POOL_STUDY_INVALID with the path. */
export function readPlan(value: unknown, now: number): StudyPlan {
  const parsed = StudyPlan.safeParse(value);
  if (!parsed.success) throw new AppError('POOL_STUDY_INVALID', issueText(parsed.error));
  if (Date.parse(parsed.data.releases[0]!) <= now)
    throw new AppError('POOL_STUDY_INVALID', { path: 'releases', reason: 'in the past' });
  return parsed.data;
}

/** ε of one question in one release: the parts add up to no more than the release. */
export const epsilonOf = ({ epsilon, questions }: Pick<StudyPlan, 'epsilon' | 'questions'>): number =>
  Math.floor(epsilon / questions.length);

/** The release for which answers are taken now, counted from 0; null after the last. */
export function openRelease({ releases }: Pick<StudyPlan, 'releases'>, now: number): number | null {
  const at = releases.findIndex((date) => Date.parse(date) > now);
  return at < 0 ? null : at;
}

/** What a person has spent after one more release. Throws POOL_BUDGET_SPENT. */
export function spend(plan: Pick<StudyPlan, 'epsilon' | 'epsilonTotal'>, spent: number): number {
  if (spent + plan.epsilon > plan.epsilonTotal) throw new AppError('POOL_BUDGET_SPENT');
  return spent + plan.epsilon;
}

/** One index of a choice for each question. */
export type Answers = Partial<Record<QuestionId, number>>;

/** Throws POOL_ANSWER_INVALID unless each question of the study, and nothing else, is answered by one of its choices. */
export function assertAnswers({ questions }: Pick<StudyPlan, 'questions'>, answers: Answers): void {
  const fits = questions.every((id) => {
    const said = answers[id];
    return (
      said !== undefined && Number.isSafeInteger(said) && said >= 0 && said < questionOf(id).choices.length
    );
  });
  if (!fits || Object.keys(answers).length !== questions.length) throw new AppError('POOL_ANSWER_INVALID');
}

/** Ed25519 seed of the name that a person has in one study and nowhere else. */
const secretIn = (root: Uint8Array, study: string) => derive(root, `zhenmei/pool/pseudonym/v1/${study}`);
export const pseudonymIn = (root: Uint8Array, study: string): string =>
  toBase64Url(ed25519.getPublicKey(secretIn(root, study)));

/** Where the money of one study goes: opaque for everybody but the person and the custodian, and of this study alone. */
export const payoutIn = (root: Uint8Array, study: string): Hex =>
  toHex0x(derive(root, `zhenmei/pool/payout/v1/${study}`));

export interface Contribution {
  readonly study: string;
  readonly release: number;
  readonly answers: Answers;
}
const answerBytes = (given: Contribution) => utf8(`zhenmei/pool/answer/v1\n${canonicalJson(given)}`);

export const signAnswer = (root: Uint8Array, given: Contribution): string =>
  toBase64Url(ed25519.sign(answerBytes(given), secretIn(root, given.study)));

/** Throws POOL_NOT_YOURS. */
export function assertAnswerSigned(given: Contribution, pseudonym: string, signature: string): void {
  let valid = false;
  try {
    valid = ed25519.verify(fromBase64Url(signature), answerBytes(given), fromBase64Url(pseudonym), {
      zip215: false,
    });
  } catch (cause) {
    throw new AppError('POOL_NOT_YOURS', {}, { cause });
  }
  if (!valid) throw new AppError('POOL_NOT_YOURS');
}
