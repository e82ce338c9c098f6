/**
 * The allergy gate: a person's allergies against a product's ingredients, computed on the person's device. Only what is
 * known to be harmless is `clear`; what cannot be judged is `unknown`, which means: ask the doctor.
 */
import { isSubstance, membersOf, sharedGroup, substanceName } from './substances.ts';

export { SUBSTANCES, type Substance } from './substances.ts';

export interface Allergies {
  /** False until the person has answered; unknown is not "none". */
  readonly answered: boolean;
  /** Codes of substances or groups. */
  readonly substances: readonly string[];
  /** Allergies in the person's own words, which no code list can compare. */
  readonly others?: readonly string[];
}

export type GateReason =
  | { readonly code: 'ALLERGIC' | 'CROSS_REACTION'; readonly substance: string; readonly ingredient: string }
  | { readonly code: 'INGREDIENT_UNLISTED'; readonly ingredient: string }
  | { readonly code: 'ALLERGY_UNLISTED'; readonly substance: string }
  | { readonly code: 'NOT_ANSWERED' | 'INGREDIENTS_UNDECLARED' };

export type GateAnswer =
  | { readonly outcome: 'clear' }
  | {
      readonly outcome: 'blocked';
      readonly conflicts: readonly string[];
      readonly reasons: readonly GateReason[];
    }
  | { readonly outcome: 'unknown'; readonly reasons: readonly GateReason[] };

/**
 * @param ingredients codes the maker declared; an empty list says "contains none", null says "not declared"
 */
export function allergyGate(allergies: Allergies, ingredients: readonly string[] | null): GateAnswer {
  const reasons: GateReason[] = [];
  if (!allergies.answered) reasons.push({ code: 'NOT_ANSWERED' });
  if (ingredients === null) reasons.push({ code: 'INGREDIENTS_UNDECLARED' });
  for (const ingredient of ingredients ?? []) reasons.push(...judge(allergies.substances, ingredient));
  if (ingredients === null || ingredients.length > 0) reasons.push(...unlisted(allergies));
  const conflicts = [...new Set(reasons.flatMap((r) => (r.code === 'ALLERGIC' ? [r.ingredient] : [])))];
  if (conflicts.length > 0) return { outcome: 'blocked', conflicts, reasons };
  return reasons.length > 0 ? { outcome: 'unknown', reasons } : { outcome: 'clear' };
}

function judge(substances: readonly string[], ingredient: string): GateReason[] {
  const found: GateReason[] = [];
  const listed = isSubstance(ingredient);
  for (const substance of substances) {
    const members = membersOf(substance);
    if (substance === ingredient || (listed && members.includes(ingredient)))
      found.push({ code: 'ALLERGIC', substance, ingredient });
    else if (listed && members.some((member) => sharedGroup(member, ingredient)))
      found.push({ code: 'CROSS_REACTION', substance, ingredient });
  }
  if (!listed && found.length === 0) found.push({ code: 'INGREDIENT_UNLISTED', ingredient });
  return found;
}

function unlisted({ substances, others = [] }: Allergies): GateReason[] {
  const strange = [...substances.filter((code) => membersOf(code).length === 0), ...others];
  return strange.map((substance) => ({ code: 'ALLERGY_UNLISTED', substance }));
}

/** A reason in words. */
export function gateReasonText(reason: GateReason): { readonly zh: string; readonly en: string } {
  const [s, i] = [
    'substance' in reason ? reason.substance : '',
    'ingredient' in reason ? reason.ingredient : '',
  ].map(substanceName);
  switch (reason.code) {
    case 'ALLERGIC':
      return {
        zh: `产品含有${i!.zh}，你对${s!.zh}过敏。`,
        en: `The product contains: ${i!.en}. You are allergic to: ${s!.en}.`,
      };
    case 'CROSS_REACTION':
      return {
        zh: `产品含有${i!.zh}，与你过敏的${s!.zh}相近，请先问医生。`,
        en: `The product contains: ${i!.en}. It is close to what you are allergic to: ${s!.en}. Ask the doctor first.`,
      };
    case 'INGREDIENT_UNLISTED':
      return {
        zh: `成分「${i!.zh}」不在对照表里，请先问医生。`,
        en: `The ingredient “${i!.en}” is not on our list. Ask the doctor first.`,
      };
    case 'ALLERGY_UNLISTED':
      return {
        zh: `你的过敏「${s!.zh}」无法自动比对，请先问医生。`,
        en: `Your allergy “${s!.en}” cannot be compared automatically. Ask the doctor first.`,
      };
    case 'NOT_ANSWERED':
      return { zh: '你还没有回答过敏问题。', en: 'You have not answered the allergy questions yet.' };
    case 'INGREDIENTS_UNDECLARED':
      return {
        zh: '厂家没有公布这个产品的成分，请先问医生。',
        en: 'The maker has not declared what this product contains. Ask the doctor first.',
      };
  }
}
