/**
 * The questions that a study may ask: fixed, answered on the device from the vault, each by one of a few choices. An
 * organisation chooses among them and can ask nothing else.
 */
import { DAY } from '@zhenmei/kernel';
import type { AllergyList } from '../allergy-list.ts';
import { membersOf } from '../substances.ts';
import { AREAS, type Area } from '../timeline/areas.ts';

/** What the answers follow from. */
export interface PoolFacts {
  readonly treatments: readonly {
    /** Milliseconds since the epoch. */
    readonly at: number;
    readonly areas: readonly Area[];
    /** Units in which it was measured; empty if nobody wrote it down. */
    readonly units: readonly string[];
  }[];
  /** When adverse events were, milliseconds since the epoch. */
  readonly events: readonly number[];
  /** Null before anybody asked. */
  readonly allergies: AllergyList | null;
}

interface Text {
  readonly zh: string;
  readonly en: string;
}
export interface Question {
  readonly text: Text;
  readonly choices: readonly { readonly code: string; readonly text: Text }[];
  /** @returns code of a choice */
  answer(facts: PoolFacts, now: number): string;
}

const YEAR = 365 * DAY;
const lately = ({ treatments }: PoolFacts, now: number) =>
  treatments.filter(({ at }) => at <= now && at > now - YEAR);
const choice = (code: string, zh: string, en: string) => ({ code, text: { zh, en } });
const NONE = choice('none', '没有', 'None');

const AREA_CODES = Object.keys(AREAS) as Area[];

/** A kind of product as its unit tells: gels by volume or weight, toxins by units, light and heat by pulses. */
const KIND_OF: Readonly<Record<string, string>> = {
  uL: 'gel',
  mL: 'gel',
  mg: 'gel',
  U: 'toxin',
  pulse: 'device',
};

const ANAESTHETICS: ReadonlySet<string> = new Set(
  ['amide-anaesthetics', 'ester-anaesthetics'].flatMap((group) => [group, ...membersOf(group)]),
);

export const QUESTIONS = {
  'treatments-year': {
    text: { zh: '最近一年做过几次治疗', en: 'How many treatments in the last year' },
    choices: [
      NONE,
      choice('1-2', '1 至 2 次', '1 or 2'),
      choice('3-5', '3 至 5 次', '3 to 5'),
      choice('6+', '6 次以上', '6 or more'),
    ],
    answer: (facts, now) => {
      const { length } = lately(facts, now);
      return length === 0 ? 'none' : length <= 2 ? '1-2' : length <= 5 ? '3-5' : '6+';
    },
  },
  'area-year': {
    text: { zh: '最近一年治疗最多的部位', en: 'Which area was treated most in the last year' },
    choices: [NONE, ...AREA_CODES.map((code) => ({ code: code as string, text: AREAS[code] }))],
    answer: (facts, now) => {
      const areas = lately(facts, now).flatMap((one) => [...new Set(one.areas)]);
      const count = (area: Area) => areas.filter((one) => one === area).length;
      // of equals the first of the list, so that the same vault always says the same
      const most = AREA_CODES.reduce(
        (best, area) => (count(area) > count(best) ? area : best),
        AREA_CODES[0]!,
      );
      return areas.length === 0 ? 'none' : most;
    },
  },
  'product-kind': {
    text: { zh: '最近一年用过哪类产品', en: 'Which kind of product was used in the last year' },
    choices: [
      NONE,
      choice('gel', '注射填充类', 'Filler or stimulator'),
      choice('toxin', '肉毒毒素类', 'Botulinum toxin'),
      choice('device', '光电仪器', 'Light or heat device'),
      choice('several', '两类以上', 'More than one kind'),
    ],
    answer: (facts, now) => {
      const units = lately(facts, now).flatMap((one) => one.units);
      const kinds = new Set(units.flatMap((unit) => KIND_OF[unit] ?? []));
      return kinds.size === 0 ? 'none' : kinds.size > 1 ? 'several' : [...kinds][0]!;
    },
  },
  'anaesthetic-allergy': {
    text: { zh: '是否对局部麻醉药过敏', en: 'Whether there is an allergy to a local anaesthetic' },
    choices: [
      choice('no', '没有', 'No'),
      choice('yes', '有', 'Yes'),
      choice('unknown', '没有填写', 'Not filled in'),
    ],
    answer: ({ allergies }) => {
      if (!allergies?.answered) return 'unknown';
      const held = allergies.facts.filter(({ verification }) => verification !== 'refuted');
      return held.some(({ substance }) => substance !== null && ANAESTHETICS.has(substance)) ? 'yes' : 'no';
    },
  },
  'event-14-days': {
    text: {
      zh: '最近一年的治疗后 14 天内是否有不良反应',
      en: 'Whether there was an adverse event within 14 days of a treatment in the last year',
    },
    choices: [
      choice('no-treatment', '没有治疗', 'No treatment'),
      choice('no', '没有', 'No'),
      choice('yes', '有', 'Yes'),
    ],
    answer: (facts, now) => {
      const treated = lately(facts, now);
      if (treated.length === 0) return 'no-treatment';
      const after = treated.some(({ at }) =>
        facts.events.some((event) => event >= at && event <= at + 14 * DAY && event <= now),
      );
      return after ? 'yes' : 'no';
    },
  },
} as const satisfies Record<string, Question>;
export type QuestionId = keyof typeof QUESTIONS;
export const QUESTION_IDS = Object.keys(QUESTIONS) as [QuestionId, ...QuestionId[]];
export const questionOf = (id: QuestionId): Question => QUESTIONS[id];
