/** Areas of the body by which a person looks for something: coarser than the zones of a treatment. */
import { SYSTEM } from '../record-parts.ts';
import { ZONES, type Zone } from '../zones.ts';

export const AREAS = {
  scalp: { zh: '头皮', en: 'Scalp' },
  forehead: { zh: '额头', en: 'Forehead' },
  eyes: { zh: '眼周', en: 'Around the eyes' },
  nose: { zh: '鼻', en: 'Nose' },
  cheeks: { zh: '面颊', en: 'Cheeks' },
  mouth: { zh: '口周', en: 'Around the mouth' },
  jaw: { zh: '下颌', en: 'Jaw and chin' },
  neck: { zh: '颈', en: 'Neck' },
  trunk: { zh: '躯干', en: 'Trunk' },
  arms: { zh: '手臂', en: 'Arms and hands' },
  legs: { zh: '腿', en: 'Legs and feet' },
} as const satisfies Record<string, { readonly zh: string; readonly en: string }>;
export type Area = keyof typeof AREAS;
const FACE: readonly Area[] = ['forehead', 'eyes', 'nose', 'cheeks', 'mouth', 'jaw'];

const BY_ZONE: Readonly<Record<Zone, readonly Area[]>> = {
  forehead: ['forehead'],
  glabella: ['forehead'],
  'temple-left': ['forehead'],
  'temple-right': ['forehead'],
  'brow-left': ['forehead'],
  'brow-right': ['forehead'],
  'crows-feet-left': ['eyes'],
  'crows-feet-right': ['eyes'],
  'tear-trough-left': ['eyes'],
  'tear-trough-right': ['eyes'],
  nose: ['nose'],
  'cheek-left': ['cheeks'],
  'cheek-right': ['cheeks'],
  'nasolabial-left': ['cheeks'],
  'nasolabial-right': ['cheeks'],
  'lip-upper': ['mouth'],
  'lip-lower': ['mouth'],
  perioral: ['mouth'],
  'marionette-left': ['mouth'],
  'marionette-right': ['mouth'],
  'masseter-left': ['jaw'],
  'masseter-right': ['jaw'],
  'jawline-left': ['jaw'],
  'jawline-right': ['jaw'],
  chin: ['jaw'],
  'full-face': FACE,
  neck: ['neck'],
};

export const areasOfZone = (zone: string): readonly Area[] =>
  Object.hasOwn(ZONES, zone) ? BY_ZONE[zone as Zone] : [];

const WORDS: readonly (readonly [RegExp, readonly Area[]])[] = [
  [/头皮|scalp/i, ['scalp']],
  [/全面部|全脸|面部|\bface\b|facial|full.?face/i, FACE],
  [/额|眉|太阳穴|颞|forehead|glabella|brow|temple/i, ['forehead']],
  [/眼|泪沟|鱼尾纹|眼袋|\beye|eyelid|tear.?trough|crow/i, ['eyes']],
  [/鼻(?!唇)|\bnose\b|nasal|rhino/i, ['nose']],
  [/颊|苹果肌|鼻唇沟|法令纹|cheek|malar|nasolabial/i, ['cheeks']],
  [/唇(?!沟)|口周|嘴|木偶纹|\blips?\b|perioral|mouth|marionette/i, ['mouth']],
  [/下颌|下巴|颏|咬肌|\bjaw|chin|masseter/i, ['jaw']],
  [/颈|脖|neck/i, ['neck']],
  [/胸|腹|背|腰|臀|躯干|chest|breast|abdom|\bback\b|buttock|trunk|waist/i, ['trunk']],
  [/手|臂|腋|\barms?\b|\bhands?\b|finger|axilla|elbow/i, ['arms']],
  [/腿|足|脚|膝|\blegs?\b|\bfoot\b|\bfeet\b|knee|thigh|calf/i, ['legs']],
];

/** Areas that words name, Chinese or English; none if they name none. */
export function areasInText(text: string): readonly Area[] {
  return [...new Set(WORDS.flatMap(([pattern, areas]) => (pattern.test(text) ? areas : [])))];
}

/** Body structures as SNOMED CT numbers them, for sites that other systems code. */
const SNOMED: Readonly<Record<string, readonly Area[]>> = {
  '41695006': ['scalp'],
  '52795006': ['forehead'],
  '81745001': ['eyes'],
  '45206002': ['nose'],
  '60819002': ['cheeks'],
  '48477009': ['mouth'],
  '123851003': ['mouth'],
  '30291003': ['jaw'],
  '661005': ['jaw'],
  '45048000': ['neck'],
  '89545001': FACE,
  '51185008': ['trunk'],
  '818983003': ['trunk'],
  '53120007': ['arms'],
  '85562004': ['arms'],
  '61685007': ['legs'],
  '56459004': ['legs'],
};

/** Areas that a FHIR CodeableConcept names, by our codes, SNOMED CT or words. */
export function areasOfConcept(concept: unknown): readonly Area[] {
  if (typeof concept !== 'object' || concept === null) return [];
  const { coding, text } = concept as { coding?: unknown; text?: unknown };
  const codings = Array.isArray(coding)
    ? (coding as { system?: unknown; code?: unknown; display?: unknown }[])
    : [];
  const byCode = codings.flatMap(({ system, code }) => {
    if (system === `${SYSTEM}/zone`) return areasOfZone(String(code));
    if (system === `${SYSTEM}/area`) return Object.hasOwn(AREAS, String(code)) ? [code as Area] : [];
    return system === 'http://snomed.info/sct' ? (SNOMED[String(code)] ?? []) : [];
  });
  if (byCode.length > 0) return [...new Set(byCode)];
  return areasInText(
    [text, ...codings.map(({ display }) => display)].filter((w) => typeof w === 'string').join(' '),
  );
}
