/** Our own code list of what may speak against a treatment, beside allergies, and how a person is asked about it. */

interface Condition {
  readonly zh: string;
  readonly en: string;
  /** A medicine: other systems keep it as a statement about medication. */
  readonly medicine?: true;
  /** Bound to a place of the body. */
  readonly local?: true;
  /** Days for which an answer may be relied on; without, it does not pass. */
  readonly holds?: number;
}

export const CONDITIONS = {
  pregnancy: { zh: '怀孕或可能怀孕', en: 'Pregnant, or possibly so', holds: 14 },
  breastfeeding: { zh: '正在哺乳', en: 'Breastfeeding', holds: 60 },
  anticoagulants: {
    zh: '正在用抗凝药或抗血小板药（如华法林、阿司匹林）',
    en: 'Taking blood thinners, such as warfarin or aspirin',
    medicine: true,
    holds: 30,
  },
  'bleeding-disorder': { zh: '出血性疾病', en: 'A bleeding disorder' },
  'autoimmune-disease': { zh: '自身免疫性疾病', en: 'An autoimmune disease' },
  immunosuppression: { zh: '正在用免疫抑制药，或免疫力低下', en: 'A weakened immune system', holds: 60 },
  isotretinoin: {
    zh: '正在用异维A酸，或六个月内用过',
    en: 'Isotretinoin, now or within six months',
    medicine: true,
    holds: 60,
  },
  keloids: { zh: '疤痕疙瘩体质', en: 'A tendency to keloid scars' },
  'active-infection': {
    zh: '治疗部位有感染、疱疹或伤口',
    en: 'Infection, herpes or a wound where the treatment would be',
    local: true,
    holds: 2,
  },
  'previous-filler': {
    zh: '治疗部位以前注射过填充剂',
    en: 'Earlier filler where the treatment would be',
    local: true,
    holds: 180,
  },
  'neuromuscular-disease': {
    zh: '神经肌肉疾病（如重症肌无力）',
    en: 'A neuromuscular disease, such as myasthenia gravis',
  },
  'implanted-device': { zh: '体内有起搏器等电子装置', en: 'A pacemaker or another implanted device' },
  photosensitivity: {
    zh: '光敏，或正在用光敏药物',
    en: 'Sensitive to light, or taking what causes it',
    holds: 60,
  },
} as const satisfies Record<string, Condition>;
export type ConditionCode = keyof typeof CONDITIONS;
export const CONDITION_CODES = Object.keys(CONDITIONS) as [ConditionCode, ...ConditionCode[]];

export const conditionOf = (code: ConditionCode): Condition => CONDITIONS[code];
export const isCondition = (code: string): code is ConditionCode => Object.hasOwn(CONDITIONS, code);
