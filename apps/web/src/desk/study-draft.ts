/** What is typed of a study that is not registered yet. Amounts are minor units; ε in thousandths. */
import { DAY, toIso } from '@zhenmei/kernel';
import type { QuestionId } from '@zhenmei/vault/core/pool/questions.ts';
import { MOST_EPSILON, MOST_ONCE, type StudyPlan } from '@zhenmei/vault/core/pool/study.ts';

/** ε of one question in one release, in thousandths. */
const NOISE = { strong: 250, middle: 500, weak: 1_000 } as const;
export const EVERY = ['7', '30', '90'] as const;
export const TIMES = ['1', '3', '6', '12'] as const;

export const EMPTY = {
  nameZh: '',
  nameEn: '',
  whyZh: '',
  whyEn: '',
  questions: [] as QuestionId[],
  every: '30' as (typeof EVERY)[number],
  times: '3' as (typeof TIMES)[number],
  noise: 'middle' as keyof typeof NOISE,
  k: '20',
  pay: '0',
};
export type Draft = typeof EMPTY;

/** "5.50" → "550"; null if it is no amount. */
export function minorOf(pay: string): string | null {
  const [, whole, part = ''] = /^(\d{1,7})(?:\.(\d{1,2}))?$/.exec(pay.trim()) ?? [];
  return whole === undefined ? null : String(BigInt(whole) * 100n + BigInt(part.padEnd(2, '0')));
}

export function planOf(draft: Draft, id: string, at: number): StudyPlan {
  const epsilon = Math.min(MOST_ONCE, NOISE[draft.noise] * draft.questions.length);
  const times = Number(draft.times);
  return {
    id,
    title: { zh: draft.nameZh.trim(), en: draft.nameEn.trim() },
    why: { zh: draft.whyZh.trim(), en: draft.whyEn.trim() },
    questions: draft.questions,
    epsilon,
    epsilonTotal: Math.min(MOST_EPSILON, epsilon * times),
    k: Number(draft.k),
    releases: Array.from({ length: times }, (_, i) => toIso(at + (i + 1) * Number(draft.every) * DAY)),
    payment: { minor: minorOf(draft.pay) ?? '0', currency: 'CNY' },
  };
}

/** Answers that are paid for before the first is taken; null where nothing is promised, or the draft does not say yet. */
export function paidFirst({ k, times, pay }: Pick<Draft, 'k' | 'times' | 'pay'>): number | null {
  const minor = minorOf(pay);
  return minor === null || minor === '0' || !/^\d+$/.test(k) ? null : Number(k) * Number(times);
}
