/**
 * What speaks against which kind of treatment: one table for every clinic, so that none can leave a line out; a clinic
 * adds its own for a procedure. The lines follow what package leaflets of fillers, toxins and energy devices commonly
 * list; they only ever stop or ask, and a doctor decides.
 */
import type { ConditionCode } from './conditions.ts';

/** `block`: not without a second doctor. `ask`: not before a doctor has looked at it. */
export const LEVELS = ['block', 'ask'] as const;
export type Level = (typeof LEVELS)[number];

export interface Treatment {
  /** Route of the procedure, as approvals name it; undefined if the clinic did not say. */
  readonly route?: string | undefined;
  readonly deviceClass?: string | undefined;
  readonly zones: readonly string[];
  /** Codes that the maker declared; null says "not declared". */
  readonly ingredients: readonly string[] | null;
  /** What the clinic names for this procedure beside the table. */
  readonly named?: readonly { readonly condition: ConditionCode; readonly level: Level }[] | undefined;
}

export interface Contraindication {
  /** Name of the line, for whoever asks where a refusal comes from. */
  readonly rule: string;
  readonly condition: ConditionCode;
  readonly level: Level;
}

export interface Reviewer {
  readonly name: { readonly zh: string; readonly en: string };
  /** `YYYY-MM-DD` */
  readonly on: string;
}

/** What a screen has to say of the table wherever it shows a decision from it. */
export const TABLE: {
  readonly edition: number;
  /** `YYYY-MM-DD` */
  readonly since: string;
  /** Null: no clinician has confirmed it. */
  readonly reviewedBy: Reviewer | null;
  readonly sources: readonly { readonly zh: string; readonly en: string }[];
} = {
  edition: 1,
  since: '2026-11-26',
  reviewedBy: null,
  sources: [
    {
      zh: '交联透明质酸填充剂的使用说明（乔雅登系列，美国上市申请文件）：过敏、感染、妊娠与哺乳、抗凝药、免疫抑制、疤痕疙瘩、既往填充',
      en: 'Instructions for use of cross-linked hyaluronic fillers (JUVÉDERM, US premarket approval files): allergy, infection, pregnancy and breastfeeding, blood thinners, immunosuppression, keloids, earlier filler',
    },
    {
      zh: '注射用 A 型肉毒毒素的美国说明书（保妥适美容适应证）：注射部位感染、神经肌肉疾病',
      en: 'US prescribing information of onabotulinumtoxinA (BOTOX Cosmetic): infection at the injection site, neuromuscular disorders',
    },
    {
      zh: '异维A酸口服制剂的美国说明书：用药期间及停药后六个月内避免磨削和激光',
      en: 'US prescribing information of oral isotretinoin: no dermabrasion or laser during treatment and for six months after it',
    },
    {
      zh: '射频紧肤设备的用户手册：体内植入的电子装置',
      en: 'User manuals of radio-frequency skin tightening devices: implanted electronic devices',
    },
  ],
};

export const TABLE_VERSION = `contraindications/${TABLE.edition}`;

type Kind = 'injection' | 'filler' | 'toxin' | 'energy' | 'radiofrequency' | 'light';

const LINES: Readonly<Record<Kind, Partial<Record<ConditionCode, Level>>>> = {
  injection: {
    pregnancy: 'block',
    'active-infection': 'block',
    breastfeeding: 'ask',
    anticoagulants: 'ask',
    'bleeding-disorder': 'ask',
    'autoimmune-disease': 'ask',
    immunosuppression: 'ask',
    keloids: 'ask',
  },
  filler: { 'previous-filler': 'ask' },
  toxin: { 'neuromuscular-disease': 'block' },
  energy: {
    'active-infection': 'block',
    pregnancy: 'ask',
    isotretinoin: 'ask',
    keloids: 'ask',
    immunosuppression: 'ask',
    'autoimmune-disease': 'ask',
    'previous-filler': 'ask',
  },
  radiofrequency: { 'implanted-device': 'block' },
  light: { photosensitivity: 'block' },
};

const LIGHT = ['laser', 'intense-pulsed-light'];

function kindsOf({ route, deviceClass, ingredients }: Treatment): Kind[] {
  const kinds: Kind[] = [];
  if (route?.endsWith('-injection')) {
    const toxin = ingredients?.some((code) => code.startsWith('botulinum-toxin')) ?? false;
    kinds.push('injection', ...(toxin ? (['toxin'] as const) : (['filler'] as const)));
  }
  if (route === 'energy-device' || deviceClass) kinds.push('energy');
  if (deviceClass === 'radiofrequency') kinds.push('radiofrequency');
  if (deviceClass && LIGHT.includes(deviceClass)) kinds.push('light');
  return kinds;
}

/** @returns each condition once, by the stricter line; null where it is not known what kind of treatment it is */
export function contraindicationsOf(treatment: Treatment): Contraindication[] | null {
  const kinds = kindsOf(treatment);
  if (kinds.length === 0) return null;
  const lines = kinds.flatMap((kind) =>
    Object.entries(LINES[kind]).map(([condition, level]) => ({
      rule: `${TABLE_VERSION}#${kind}/${condition}`,
      condition: condition as ConditionCode,
      level,
    })),
  );
  const named = (treatment.named ?? []).map((line) => ({ rule: `procedure#${line.condition}`, ...line }));
  const strictest = new Map<ConditionCode, Contraindication>();
  for (const line of [...lines, ...named]) {
    const held = strictest.get(line.condition);
    if (!held || (held.level === 'ask' && line.level === 'block')) strictest.set(line.condition, line);
  }
  return [...strictest.values()];
}
