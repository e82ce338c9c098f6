/** Our own code list of what enters or touches the skin in a treatment, and what people are known to react to. */
export const SUBSTANCES = {
  lidocaine: { zh: '利多卡因（局部麻醉药）', en: 'Lidocaine (local anaesthetic)' },
  prilocaine: { zh: '丙胺卡因（局部麻醉药）', en: 'Prilocaine (local anaesthetic)' },
  articaine: { zh: '阿替卡因（局部麻醉药）', en: 'Articaine (local anaesthetic)' },
  mepivacaine: { zh: '甲哌卡因（局部麻醉药）', en: 'Mepivacaine (local anaesthetic)' },
  tetracaine: { zh: '丁卡因（局部麻醉药）', en: 'Tetracaine (local anaesthetic)' },
  procaine: { zh: '普鲁卡因（局部麻醉药）', en: 'Procaine (local anaesthetic)' },
  adrenaline: { zh: '肾上腺素', en: 'Adrenaline' },
  'hyaluronic-acid': { zh: '透明质酸（玻尿酸）', en: 'Hyaluronic acid' },
  'bacterial-protein': { zh: '发酵残留的细菌蛋白', en: 'Bacterial protein left from fermentation' },
  bdde: { zh: '交联剂 BDDE', en: 'Cross-linker BDDE' },
  hyaluronidase: { zh: '透明质酸酶（溶解酶）', en: 'Hyaluronidase' },
  'bee-venom': { zh: '蜂毒', en: 'Bee venom' },
  'botulinum-toxin-a': { zh: 'A 型肉毒毒素', en: 'Botulinum toxin type A' },
  'botulinum-toxin-b': { zh: 'B 型肉毒毒素', en: 'Botulinum toxin type B' },
  'human-albumin': { zh: '人血白蛋白', en: 'Human albumin' },
  'milk-protein': { zh: '牛奶蛋白', en: 'Cow’s milk protein' },
  gelatin: { zh: '明胶', en: 'Gelatin' },
  'collagen-porcine': { zh: '猪源胶原蛋白', en: 'Porcine collagen' },
  'collagen-bovine': { zh: '牛源胶原蛋白', en: 'Bovine collagen' },
  'collagen-recombinant': { zh: '重组人源化胶原蛋白', en: 'Recombinant humanised collagen' },
  'poly-l-lactic-acid': { zh: '聚左旋乳酸', en: 'Poly-L-lactic acid' },
  polycaprolactone: { zh: '聚己内酯', en: 'Polycaprolactone' },
  'calcium-hydroxylapatite': { zh: '羟基磷灰石钙', en: 'Calcium hydroxylapatite' },
  pmma: { zh: '聚甲基丙烯酸甲酯', en: 'Polymethyl methacrylate' },
  carboxymethylcellulose: { zh: '羧甲基纤维素', en: 'Carboxymethyl cellulose' },
  'tranexamic-acid': { zh: '氨甲环酸', en: 'Tranexamic acid' },
  'salmon-dna': { zh: '鲑鱼 DNA（PDRN）', en: 'Salmon DNA (PDRN)' },
  fish: { zh: '鱼类', en: 'Fish' },
  latex: { zh: '乳胶', en: 'Latex' },
  'acrylate-adhesive': { zh: '医用胶布（丙烯酸酯胶）', en: 'Medical tape (acrylate adhesive)' },
  nickel: { zh: '镍', en: 'Nickel' },
  chlorhexidine: { zh: '氯己定（消毒剂）', en: 'Chlorhexidine (disinfectant)' },
  'povidone-iodine': { zh: '碘伏', en: 'Povidone-iodine' },
  alcohol: { zh: '酒精（消毒剂）', en: 'Alcohol (disinfectant)' },
  penicillin: { zh: '青霉素', en: 'Penicillin' },
  cephalosporin: { zh: '头孢菌素', en: 'Cephalosporin' },
  sulfonamide: { zh: '磺胺类药', en: 'Sulfonamide' },
  aspirin: { zh: '阿司匹林', en: 'Aspirin' },
} as const satisfies Record<string, { readonly zh: string; readonly en: string }>;
export type Substance = keyof typeof SUBSTANCES;

export interface SubstanceGroup {
  readonly zh: string;
  readonly en: string;
  readonly members: readonly Substance[];
}

/** Who reacts to one member may react to another: a reason to ask a doctor, not an answer. */
export const GROUPS: Readonly<Record<string, SubstanceGroup>> = {
  'amide-anaesthetics': {
    zh: '酰胺类局部麻醉药',
    en: 'Amide local anaesthetics',
    members: ['lidocaine', 'prilocaine', 'articaine', 'mepivacaine'],
  },
  'ester-anaesthetics': {
    zh: '酯类局部麻醉药',
    en: 'Ester local anaesthetics',
    members: ['tetracaine', 'procaine'],
  },
  'botulinum-toxins': {
    zh: '肉毒毒素',
    en: 'Botulinum toxins',
    members: ['botulinum-toxin-a', 'botulinum-toxin-b'],
  },
  collagens: {
    zh: '动物胶原与明胶',
    en: 'Animal collagen and gelatin',
    members: ['collagen-porcine', 'collagen-bovine', 'gelatin'],
  },
  'fermented-hyaluronan': {
    zh: '发酵法透明质酸及其残留蛋白',
    en: 'Fermented hyaluronic acid and its residual protein',
    members: ['hyaluronic-acid', 'bacterial-protein'],
  },
  'venom-hyaluronidase': {
    zh: '透明质酸酶与蜂毒',
    en: 'Hyaluronidase and bee venom',
    members: ['hyaluronidase', 'bee-venom'],
  },
  acrylates: { zh: '丙烯酸酯类', en: 'Acrylates', members: ['pmma', 'acrylate-adhesive'] },
  'fish-products': { zh: '鱼类及鱼源材料', en: 'Fish and fish products', members: ['salmon-dna', 'fish'] },
  'beta-lactams': {
    zh: 'β-内酰胺类抗生素',
    en: 'Beta-lactam antibiotics',
    members: ['penicillin', 'cephalosporin'],
  },
};

/** The name of a substance or group in both languages; an unknown code is its own name. */
export function substanceName(code: string): { readonly zh: string; readonly en: string } {
  if (Object.hasOwn(SUBSTANCES, code)) return SUBSTANCES[code as Substance];
  return Object.hasOwn(GROUPS, code) ? GROUPS[code]! : { zh: code, en: code };
}

export function isSubstance(code: string): code is Substance {
  return Object.hasOwn(SUBSTANCES, code);
}

/** The members a code stands for: those of a group, or the substance alone; none if the code is not on the list. */
export function membersOf(code: string): readonly Substance[] {
  if (isSubstance(code)) return [code];
  return Object.hasOwn(GROUPS, code) ? GROUPS[code]!.members : [];
}

/** Group in which both are, if any. */
export function sharedGroup(a: Substance, b: Substance): string | null {
  return (
    Object.keys(GROUPS).find((g) => GROUPS[g]!.members.includes(a) && GROUPS[g]!.members.includes(b)) ?? null
  );
}
