/** Allergies as structured facts, and the gate that compares them with a product's ingredients on the patient's side. */
export const SUBSTANCES = {
  lidocaine: { zh: '利多卡因(局部麻醉药)', en: 'Lidocaine (local anaesthetic)' },
  'hyaluronic-acid': { zh: '透明质酸(玻尿酸)', en: 'Hyaluronic acid' },
  hyaluronidase: { zh: '透明质酸酶(溶解酶)', en: 'Hyaluronidase' },
  'botulinum-toxin-a': { zh: 'A 型肉毒毒素', en: 'Botulinum toxin type A' },
  'human-albumin': { zh: '人血白蛋白', en: 'Human albumin' },
  'collagen-porcine': { zh: '猪源胶原蛋白', en: 'Porcine collagen' },
  'collagen-bovine': { zh: '牛源胶原蛋白', en: 'Bovine collagen' },
  'poly-l-lactic-acid': { zh: '聚左旋乳酸', en: 'Poly-L-lactic acid' },
  latex: { zh: '乳胶', en: 'Latex' },
  chlorhexidine: { zh: '氯己定(消毒剂)', en: 'Chlorhexidine (disinfectant)' },
  'povidone-iodine': { zh: '碘伏', en: 'Povidone-iodine' },
  penicillin: { zh: '青霉素', en: 'Penicillin' },
} as const;
export type Substance = keyof typeof SUBSTANCES;

export interface Allergies {
  /** False until the person has answered; unknown is not "none". */
  readonly answered: boolean;
  readonly substances: readonly string[];
}

export type GateAnswer =
  | { readonly outcome: 'clear' }
  | { readonly outcome: 'blocked'; readonly conflicts: readonly string[] }
  | { readonly outcome: 'unknown' };

export function allergyGate(allergies: Allergies, ingredients: readonly string[]): GateAnswer {
  const conflicts = ingredients.filter((one) => allergies.substances.includes(one));
  if (conflicts.length > 0) return { outcome: 'blocked', conflicts };
  return allergies.answered ? { outcome: 'clear' } : { outcome: 'unknown' };
}
