/** What the codes in certificates are called, by the claims they stand in. */
interface Named {
  readonly zh: string;
  readonly en: string;
}
type Words = Readonly<Record<string, Named>>;
const word = (zh: string, en: string): Named => ({ zh, en });

/** Departments and specialties of aesthetic medicine (医疗美容科 and its four branches). */
export const SPECIALTIES: Words = {
  'aesthetic-dermatology': word('美容皮肤科', 'Aesthetic dermatology'),
  'aesthetic-surgery': word('美容外科', 'Aesthetic surgery'),
  'aesthetic-dentistry': word('美容牙科', 'Aesthetic dentistry'),
  'aesthetic-chinese-medicine': word('美容中医科', 'Aesthetic Chinese medicine'),
};

const ROUTES: Words = {
  'intradermal-injection': word('皮内注射', 'Intradermal injection'),
  'subcutaneous-injection': word('皮下注射', 'Subcutaneous injection'),
  'intramuscular-injection': word('肌内注射', 'Intramuscular injection'),
  topical: word('外用', 'On the skin only'),
  'energy-device': word('能量设备', 'Energy device'),
};

const BY_CLAIM: Readonly<Record<string, Words>> = {
  leadSpecialties: SPECIALTIES,
  specialties: SPECIALTIES,
  departments: SPECIALTIES,
  approvedRoutes: ROUTES,
  class: {
    I: word('第一类医疗器械', 'Class I device'),
    II: word('第二类医疗器械', 'Class II device'),
    III: word('第三类医疗器械', 'Class III device'),
    drug: word('药品', 'Drug'),
  },
  sources: {
    licence: word('执业许可证', 'Facility licence'),
    scope: word('诊疗科目', 'Departments'),
    doctors: word('医师注册', 'Doctors’ registrations'),
    devices: word('器械备案', 'Device filings'),
  },
  level: { operator: word('操作人员', 'Operator'), trainer: word('培训师', 'Trainer') },
  relation: { parent: word('父母', 'Parent'), guardian: word('监护人', 'Guardian') },
};

/** The name of a code, or undefined where the value is its own name. */
export function codeName(claim: string, code: string): Named | undefined {
  const words = BY_CLAIM[claim];
  return words && Object.hasOwn(words, code) ? words[code] : undefined;
}

/** Claims that name an organisation of the house by its identifier. */
export const ORGANISATION_CLAIMS: readonly string[] = ['practisesAt', 'employer', 'institution'];
/** Claims that only a machine can read: they are for proofs, not for people. */
export const MACHINE_CLAIMS: readonly string[] = ['subject', 'child', 'report'];
/** Claims with countries or their parts (ISO 3166). */
export const REGION_CLAIMS: readonly string[] = ['region', 'approvedRegions'];
