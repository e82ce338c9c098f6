/**
 * The gate before a treatment: allergies against ingredients and conditions against the kind of treatment, computed on
 * the person's device from what her vault holds. Only what is known to be harmless is `clear`; unknown means: ask.
 */
import { type GateReason as AllergyReason, allergyGate, gateReasonText } from '../allergy.ts';
import { type AllergyList, allergiesOf } from '../allergy-list.ts';
import { substanceName } from '../substances.ts';
import { type ConditionCode, conditionOf } from './conditions.ts';
import { type Contraindication, contraindicationsOf, type Treatment } from './contraindications.ts';
import { type HealthFact, type HealthFacts, known, NO_FACTS } from './facts.ts';

/** What a vault holds; null where nobody was ever asked. */
export interface KnownHealth {
  readonly allergies: AllergyList | null;
  readonly facts: HealthFacts | null;
}

/** Where a reason comes from: who said it, and when. */
export interface ReasonSource {
  readonly by: HealthFact['source'];
  readonly name: string | null;
  readonly on: string;
}

export type HealthReason =
  | { readonly about: 'allergy'; readonly reason: AllergyReason; readonly source: ReasonSource | null }
  | {
      readonly about: 'condition';
      readonly code: 'CONTRAINDICATED' | 'ASK_DOCTOR' | 'PLACE_UNTOLD' | 'NOT_ASKED' | 'STALE';
      readonly condition: ConditionCode;
      readonly rule: string;
      readonly source: ReasonSource | null;
    }
  | { readonly about: 'treatment'; readonly code: 'KIND_UNKNOWN' };

export const OUTCOMES = ['clear', 'unknown', 'blocked'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface HealthAnswer {
  readonly outcome: Outcome;
  readonly reasons: readonly HealthReason[];
  /** What the person herself can answer. */
  readonly open: { readonly allergies: boolean; readonly conditions: readonly ConditionCode[] };
}

/** @param today `YYYY-MM-DD` */
export function healthGate(
  { allergies, facts }: KnownHealth,
  treatment: Treatment,
  today: string,
): HealthAnswer {
  const list = allergies ?? { answered: false, facts: [] };
  const allergy = allergyGate(allergiesOf(list), treatment.ingredients);
  const reasons: HealthReason[] = (allergy.outcome === 'clear' ? [] : allergy.reasons).map((reason) => ({
    about: 'allergy',
    reason,
    source: allergySource(list, reason),
  }));
  const lines = contraindicationsOf(treatment);
  if (lines === null) reasons.push({ about: 'treatment', code: 'KIND_UNKNOWN' });
  for (const line of lines ?? []) reasons.push(...judge(facts ?? NO_FACTS, line, treatment.zones, today));
  const blocks = reasons.some(
    (r) =>
      (r.about === 'allergy' && r.reason.code === 'ALLERGIC') ||
      ('code' in r && r.code === 'CONTRAINDICATED'),
  );
  const conditions = reasons.flatMap((r) =>
    r.about === 'condition' && (r.code === 'NOT_ASKED' || r.code === 'STALE') ? [r.condition] : [],
  );
  return {
    outcome: blocks ? 'blocked' : reasons.length > 0 ? 'unknown' : 'clear',
    reasons,
    open: { allergies: !list.answered, conditions },
  };
}

/** Whether nothing is left that the person could answer: what remains is for a doctor. */
export const isAnswered = ({ open }: HealthAnswer): boolean =>
  !open.allergies && open.conditions.length === 0;

function judge(
  facts: HealthFacts,
  { condition, level, rule }: Contraindication,
  zones: readonly string[],
  today: string,
): HealthReason[] {
  const { answer, fact, here } = known(facts, condition, today, zones);
  if (answer === 'absent') return [];
  const source = fact && { by: fact.source, name: fact.sourceName ?? null, on: fact.recordedOn };
  const reason = (code: Extract<HealthReason, { about: 'condition' }>['code']): HealthReason[] => [
    { about: 'condition', code, condition, rule, source },
  ];
  if (answer === 'not-asked') return reason('NOT_ASKED');
  if (answer === 'stale') return reason('STALE');
  // a yes without a place may be elsewhere: it asks where it would otherwise stop
  if (level === 'block' && conditionOf(condition).local && here === null) return reason('PLACE_UNTOLD');
  return reason(level === 'block' ? 'CONTRAINDICATED' : 'ASK_DOCTOR');
}

function allergySource({ facts }: AllergyList, reason: AllergyReason): ReasonSource | null {
  if (!('substance' in reason)) return null;
  const fact = facts.find(({ substance, text }) => (substance ?? text) === reason.substance);
  if (!fact) return null;
  return { by: fact.verification === 'confirmed' ? 'doctor' : 'self', name: null, on: fact.recordedOn };
}

/** A reason in words; the screen adds its source and date. */
export function healthReasonText(reason: HealthReason): { readonly zh: string; readonly en: string } {
  if (reason.about === 'allergy') return gateReasonText(reason.reason);
  if (reason.about === 'treatment')
    return {
      zh: '机构没有说明这个项目属于哪类治疗，请先问医生。',
      en: 'The clinic has not said what kind of treatment this is. Ask the doctor first.',
    };
  const { zh, en } = conditionOf(reason.condition);
  switch (reason.code) {
    case 'CONTRAINDICATED':
      return { zh: `不适合这次治疗：${zh}。`, en: `Speaks against this treatment: ${lower(en)}.` };
    case 'ASK_DOCTOR':
      return { zh: `医生要先看过：${zh}。`, en: `A doctor has to look at this first: ${lower(en)}.` };
    case 'PLACE_UNTOLD':
      return {
        zh: `没有说明部位，医生要先看过：${zh}。`,
        en: `The place is not told; a doctor has to look first: ${lower(en)}.`,
      };
    case 'NOT_ASKED':
      return { zh: `还没有回答：${zh}。`, en: `Not answered yet: ${lower(en)}.` };
    case 'STALE':
      return {
        zh: `上次的回答太久了，请再答一次：${zh}。`,
        en: `Answered too long ago, please answer again: ${lower(en)}.`,
      };
  }
}

/** The same for the doctor: it speaks of the patient. */
export function healthReasonForDoctor(reason: HealthReason): { readonly zh: string; readonly en: string } {
  if (reason.about !== 'allergy') return healthReasonText(reason);
  const { reason: found } = reason;
  if (found.code === 'NOT_ANSWERED')
    return { zh: '患者还没有回答过敏问题。', en: 'The patient has not answered the allergy questions.' };
  if (!('substance' in found)) return gateReasonText(found);
  const substance = substanceName(found.substance);
  if (found.code === 'ALLERGY_UNLISTED')
    return {
      zh: `患者自述的过敏“${substance.zh}”无法自动比对。`,
      en: `The patient’s allergy “${substance.en}” cannot be compared automatically.`,
    };
  const ingredient = substanceName(found.ingredient);
  return found.code === 'ALLERGIC'
    ? {
        zh: `产品含有${ingredient.zh}，患者对${substance.zh}过敏。`,
        en: `The product contains: ${ingredient.en}. The patient is allergic to: ${substance.en}.`,
      }
    : {
        zh: `产品含有${ingredient.zh}，与患者过敏的${substance.zh}相近。`,
        en: `The product contains: ${ingredient.en}. It is close to what the patient is allergic to: ${substance.en}.`,
      };
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
