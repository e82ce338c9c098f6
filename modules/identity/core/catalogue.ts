/** The kinds of certificates, their addresses and what each says. Fields that name a person are marked. */
import { AppError } from '@zhenmei/kernel';
import { z } from 'zod';
import './errors.ts';

const BASE = 'https://zhenmei.example/credentials';

export const CREDENTIAL_TYPES = {
  physicianLicence: `${BASE}/physician-licence`,
  leadAestheticPhysician: `${BASE}/lead-aesthetic-physician`,
  facilityLicence: `${BASE}/facility-licence`,
  distributorLicence: `${BASE}/distributor-licence`,
  productAuthorisation: `${BASE}/product-authorisation`,
  deviceTraining: `${BASE}/device-training`,
  employment: `${BASE}/employment`,
} as const;

const Text = z.object({ zh: z.string().min(1).max(200), en: z.string().min(1).max(200) });
const Word = z.string().min(1).max(200);
const Gln = z.string().regex(/^\d{13}$/);
const Gtin = z.string().regex(/^\d{14}$/);
const Day = z.iso.date();

/** Physician licence (医师执业证) with the filing as lead aesthetic physician and the place of practice. */
export const PhysicianLicence = z.object({
  subject: z.uuid(),
  name: Text.meta({ phi: true }),
  licenceNumber: Word.meta({ phi: true }),
  leadSpecialties: z.array(Word).max(20),
  practisesAt: z.uuid(),
});

/** Filing as lead aesthetic physician (美容主诊医师备案) where it is a paper of its own. */
export const LeadAestheticPhysician = z.object({
  subject: z.uuid(),
  name: Text.meta({ phi: true }),
  filingNumber: Word.meta({ phi: true }),
  specialties: z.array(Word).min(1).max(20),
  practisesAt: z.uuid(),
});

/** Licence of a medical facility (医疗机构执业许可证) with its departments. */
export const FacilityLicence = z.object({
  subject: z.uuid(),
  name: Text,
  gln: Gln,
  departments: z.array(Word).max(100),
});

/** Licence to distribute drugs or devices; `toxin`: appointed for botulinum toxin. */
export const DistributorLicence = z.object({
  subject: z.uuid(),
  name: Text,
  gln: Gln,
  toxin: z.boolean(),
});

/** Registration of a drug or device (药品、医疗器械注册证). */
export const ProductAuthorisation = z.object({
  gtin: Gtin,
  name: Text,
  registration: Word,
  class: Word,
  approvedRoutes: z.array(Word).max(50),
  approvedRegions: z.array(Word).max(300),
});

/** Training of a person by the maker of a device. */
export const DeviceTraining = z.object({
  subject: z.uuid(),
  name: Text.meta({ phi: true }),
  gtin: Gtin,
  device: Text,
  level: z.enum(['operator', 'trainer']),
  completedOn: Day,
});

/** A person works at an institution; issued by the institution. */
export const Employment = z.object({
  subject: z.uuid(),
  name: Text.meta({ phi: true }),
  employer: z.uuid(),
  position: Text,
  since: Day,
});

export interface CredentialKind {
  readonly name: { readonly zh: string; readonly en: string };
  readonly claims: z.ZodObject;
  /** Claims that are disclosed only where they are needed. */
  readonly selective: readonly string[];
}

const T = CREDENTIAL_TYPES;

/** What is known of each kind, by its address. */
export const CATALOGUE: Readonly<Record<string, CredentialKind>> = {
  [T.physicianLicence]: {
    name: { zh: '医师执业证', en: 'Physician licence' },
    claims: PhysicianLicence,
    selective: ['name', 'licenceNumber', 'leadSpecialties', 'practisesAt'],
  },
  [T.leadAestheticPhysician]: {
    name: { zh: '美容主诊医师备案', en: 'Lead aesthetic physician' },
    claims: LeadAestheticPhysician,
    selective: ['name', 'filingNumber', 'specialties', 'practisesAt'],
  },
  [T.facilityLicence]: {
    name: { zh: '医疗机构执业许可证', en: 'Facility licence' },
    claims: FacilityLicence,
    selective: ['name', 'departments'],
  },
  [T.distributorLicence]: {
    name: { zh: '经营许可证', en: 'Distributor licence' },
    claims: DistributorLicence,
    selective: [],
  },
  [T.productAuthorisation]: {
    name: { zh: '产品注册证', en: 'Product authorisation' },
    claims: ProductAuthorisation,
    selective: [],
  },
  [T.deviceTraining]: {
    name: { zh: '设备操作培训证', en: 'Device training' },
    claims: DeviceTraining,
    selective: ['name', 'device', 'completedOn'],
  },
  [T.employment]: {
    name: { zh: '在职证明', en: 'Employment' },
    claims: Employment,
    selective: ['name', 'position', 'since'],
  },
};

/** Claims of each kind that are disclosed only where they are needed. */
export const SELECTIVE: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(CATALOGUE).map(([type, { selective }]) => [type, selective]),
);

/**
 * What a verified certificate of a known kind says, without the claims of the format (`iss`, `exp`, `cnf` …).
 * Hidden claims may be missing, others not. An unknown kind says nothing we understand: null.
 * Throws CREDENTIAL_CLAIMS with the claim that does not fit.
 */
export function readClaims(
  type: string,
  claims: Readonly<Record<string, unknown>>,
): Record<string, unknown> | null {
  const kind = Object.hasOwn(CATALOGUE, type) ? CATALOGUE[type] : undefined;
  if (!kind) return null;
  const optional = Object.fromEntries(kind.selective.map((name) => [name, true as const]));
  const read = kind.claims.partial(optional as Record<string, never>).safeParse({ ...claims });
  if (!read.success)
    throw new AppError('CREDENTIAL_CLAIMS', { name: String(read.error.issues[0]?.path[0] ?? '') });
  return read.data;
}

/** Names of claims that identify a person: never logged, exported or put on chain. */
export function personal(type: string): readonly string[] {
  const shape = (Object.hasOwn(CATALOGUE, type) ? CATALOGUE[type]! : { claims: z.object({}) }).claims.shape;
  return Object.entries(shape)
    .filter(([, field]) => z.globalRegistry.get(field as z.ZodType)?.phi === true)
    .map(([name]) => name);
}
