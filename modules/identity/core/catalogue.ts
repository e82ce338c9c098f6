/** The kinds of certificates: their addresses, names, what may stay hidden, and the rules of their lives. */
import { AppError } from '@zhenmei/kernel';
import { z } from 'zod';
import {
  AgeOver,
  AssessorAppointment,
  Conformance,
  DeathCertificate,
  DeviceTraining,
  DistributorLicence,
  Employment,
  FacilityLicence,
  GuardianOf,
  LeadAestheticPhysician,
  PhysicianLicence,
  ProductAuthorisation,
  ProviderCheck,
  Treatment,
} from './catalogue-claims.ts';
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
  ageOver: `${BASE}/age-over`,
  guardianOf: `${BASE}/guardian-of`,
  deathCertificate: `${BASE}/death-certificate`,
  treatment: `${BASE}/treatment`,
  conformance: `${BASE}/conformance`,
  assessorAppointment: `${BASE}/assessor-appointment`,
  providerCheck: `${BASE}/provider-check`,
} as const;

export type CredentialName = keyof typeof CREDENTIAL_TYPES;

interface Named {
  readonly zh: string;
  readonly en: string;
}

export interface CredentialKind {
  readonly name: Named;
  readonly claims: z.ZodObject;
  readonly labels: Readonly<Record<string, Named>>;
  /** Claims that are disclosed only where they are needed. */
  readonly selective: readonly string[];
  /** Which kinds of organisation may be entered as issuers of it. */
  readonly issuers: readonly ('regulator' | 'maker' | 'clinic')[];
  /** Longest life in days. */
  readonly days: number;
  /** It can be suspended or revoked, so it must say where that stands. */
  readonly status: boolean;
  /** Only its holder may show it. */
  readonly bound: boolean;
  /** Copies that are issued at once, each for one showing; 1: the certificate is public by nature. */
  readonly copies: number;
}

const T = CREDENTIAL_TYPES;
const label = (zh: string, en: string): Named => ({ zh, en });
const NAME = label('姓名', 'Name');
const TITLE = label('名称', 'Name');
const SUBJECT = label('编号', 'Identifier');
const REGION = label('地区', 'Region');
const PRACTISES = label('执业机构', 'Practises at');
const GLN = label('位置码', 'Location number (GLN)');
const GTIN = label('产品编码', 'Product number (GTIN)');
const PUBLIC = { issuers: ['regulator'], days: 1_830, status: true, bound: true, copies: 1 } as const;

/** What is known of each kind, by its address. */
export const CATALOGUE: Readonly<Record<string, CredentialKind>> = {
  [T.physicianLicence]: {
    ...PUBLIC,
    name: label('医师执业证', 'Physician licence'),
    claims: PhysicianLicence,
    selective: ['name', 'licenceNumber', 'leadSpecialties', 'practisesAt'],
    labels: {
      subject: SUBJECT,
      name: NAME,
      licenceNumber: label('执业证编号', 'Licence number'),
      leadSpecialties: label('美容主诊专业', 'Lead specialties'),
      practisesAt: PRACTISES,
      region: REGION,
    },
  },
  [T.leadAestheticPhysician]: {
    ...PUBLIC,
    name: label('美容主诊医师备案', 'Lead aesthetic physician'),
    claims: LeadAestheticPhysician,
    selective: ['name', 'filingNumber', 'specialties', 'practisesAt'],
    labels: {
      subject: SUBJECT,
      name: NAME,
      filingNumber: label('备案编号', 'Filing number'),
      specialties: label('专业', 'Specialties'),
      practisesAt: PRACTISES,
      region: REGION,
    },
  },
  [T.facilityLicence]: {
    ...PUBLIC,
    name: label('医疗机构执业许可证', 'Facility licence'),
    claims: FacilityLicence,
    selective: ['name', 'departments'],
    labels: {
      subject: SUBJECT,
      name: TITLE,
      gln: GLN,
      departments: label('诊疗科目', 'Departments'),
      region: REGION,
    },
  },
  [T.distributorLicence]: {
    ...PUBLIC,
    name: label('经营许可证', 'Distributor licence'),
    claims: DistributorLicence,
    selective: [],
    labels: {
      subject: SUBJECT,
      name: TITLE,
      gln: GLN,
      toxin: label('可经营肉毒毒素', 'Appointed for botulinum toxin'),
      region: REGION,
    },
  },
  [T.productAuthorisation]: {
    ...PUBLIC,
    name: label('产品注册证', 'Product authorisation'),
    claims: ProductAuthorisation,
    selective: [],
    labels: {
      gtin: GTIN,
      name: TITLE,
      registration: label('注册证编号', 'Registration number'),
      class: label('管理类别', 'Class'),
      approvedRoutes: label('获批使用方式', 'Approved routes'),
      approvedRegions: label('获批地区', 'Approved regions'),
      storage: label('储存条件', 'Storage'),
      singleUse: label('一次性使用', 'Single use'),
      isToxin: label('毒性药品', 'Toxic drug'),
      maxAmountPerUnit: label('每支装量', 'Amount in a unit'),
      amountUnit: label('单位', 'Unit of measure'),
      useWithinHours: label('启用后时限（小时）', 'Hours after opening'),
      ingredients: label('成分', 'Ingredients'),
      contains: label('内含', 'Contains'),
      approvals: label('获批明细', 'Approvals'),
    },
  },
  [T.deviceTraining]: {
    ...PUBLIC,
    issuers: ['maker'],
    name: label('设备操作培训证', 'Device training'),
    claims: DeviceTraining,
    selective: ['name', 'device', 'completedOn'],
    labels: {
      subject: SUBJECT,
      name: NAME,
      gtin: GTIN,
      device: label('设备', 'Device'),
      level: label('级别', 'Level'),
      completedOn: label('完成日期', 'Completed on'),
    },
  },
  [T.employment]: {
    ...PUBLIC,
    issuers: ['clinic'],
    days: 366,
    name: label('在职证明', 'Employment'),
    claims: Employment,
    selective: ['name', 'position', 'since'],
    labels: {
      subject: SUBJECT,
      name: NAME,
      employer: label('机构', 'Employer'),
      position: label('职务', 'Position'),
      since: label('入职日期', 'Since'),
    },
  },
  [T.ageOver]: {
    issuers: ['regulator'],
    days: 366,
    status: false,
    bound: true,
    copies: 10,
    name: label('年龄证明', 'Age reached'),
    claims: AgeOver,
    selective: ['age'],
    labels: { age: label('已满年龄', 'Age reached'), reached: label('已满', 'Reached') },
  },
  [T.guardianOf]: {
    issuers: ['regulator'],
    days: 90,
    // a place in a list would link the copies: it is short instead
    status: false,
    bound: true,
    copies: 5,
    name: label('监护证明', 'Guardian'),
    claims: GuardianOf,
    selective: ['child', 'relation'],
    labels: {
      child: label('孩子的钥匙', 'The child’s key'),
      relation: label('关系', 'Relation'),
      until: label('截止', 'Until'),
    },
  },
  [T.deathCertificate]: {
    issuers: ['regulator'],
    days: 90,
    status: true,
    bound: true,
    copies: 1,
    name: label('死亡证明', 'Certificate of death'),
    claims: DeathCertificate,
    selective: ['ward', 'on'],
    labels: {
      ward: label('守护编号', 'Code that guardians know'),
      on: label('日期', 'Date'),
    },
  },
  [T.treatment]: {
    issuers: ['clinic'],
    days: 3_660,
    status: false,
    bound: true,
    copies: 10,
    name: label('治疗凭证', 'Treatment'),
    claims: Treatment,
    selective: ['institution', 'procedureClass', 'month'],
    labels: {
      institution: label('机构', 'Institution'),
      procedureClass: label('项目类别', 'Class of procedure'),
      month: label('月份', 'Month'),
    },
  },
  [T.assessorAppointment]: {
    ...PUBLIC,
    name: label('评估师聘任书', 'Assessor’s appointment'),
    claims: AssessorAppointment,
    selective: [],
    labels: { subject: SUBJECT, name: TITLE, region: REGION },
  },
  [T.providerCheck]: {
    ...PUBLIC,
    days: 366,
    name: label('独立核验证明', 'Independent check'),
    claims: ProviderCheck,
    selective: [],
    labels: {
      subject: SUBJECT,
      name: TITLE,
      task: label('核验编号', 'Number of the check'),
      checkedOn: label('核对日期', 'Checked on'),
      sources: label('核对的登记', 'Registers compared'),
    },
  },
  [T.conformance]: {
    issuers: ['regulator'],
    days: 1_100,
    status: true,
    bound: false,
    copies: 1,
    name: label('标准符合证明', 'Conformance'),
    claims: Conformance,
    selective: [],
    labels: {
      subject: label('系统', 'System'),
      profile: label('标准', 'Profile'),
      version: label('版本', 'Version'),
      level: label('等级', 'Level'),
      passed: label('通过的测试', 'Tests passed'),
      report: label('报告摘要', 'Digest of the report'),
    },
  },
};

/** The kind at this address, or undefined. */
export function kindOf(type: string): CredentialKind | undefined {
  return Object.hasOwn(CATALOGUE, type) ? CATALOGUE[type] : undefined;
}

/** The short name of a known kind. Throws CREDENTIAL_KIND_UNKNOWN. */
export function nameOf(type: string): CredentialName {
  const found = Object.entries(CREDENTIAL_TYPES).find(([, vct]) => vct === type);
  if (!found) throw new AppError('CREDENTIAL_KIND_UNKNOWN');
  return found[0] as CredentialName;
}

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
  const kind = kindOf(type);
  if (!kind) return null;
  const optional = Object.fromEntries(kind.selective.map((name) => [name, true as const]));
  const read = kind.claims.partial(optional as Record<string, never>).safeParse({ ...claims });
  if (!read.success)
    throw new AppError('CREDENTIAL_CLAIMS', { name: String(read.error.issues[0]?.path[0] ?? '') });
  return read.data;
}

/**
 * The rules of a kind's life, for the format's own claims. An unknown kind has none.
 * Throws CREDENTIAL_RULE with what is missing or too long: `exp`, `status`, `cnf`.
 */
export function mustKeepRules(type: string, claims: Readonly<Record<string, unknown>>): void {
  const kind = kindOf(type);
  if (!kind) return;
  const { iat, exp } = claims as { iat?: number; exp?: number };
  if (exp === undefined || iat === undefined || exp - iat > kind.days * 86_400)
    throw new AppError('CREDENTIAL_RULE', { name: 'exp' });
  if (kind.status && claims.status === undefined) throw new AppError('CREDENTIAL_RULE', { name: 'status' });
  if (kind.bound && claims.cnf === undefined) throw new AppError('CREDENTIAL_RULE', { name: 'cnf' });
}

/** Names of claims that identify a person: never logged, exported or put on chain. */
export function personal(type: string): readonly string[] {
  const shape = (kindOf(type) ?? { claims: z.object({}) }).claims.shape;
  return Object.entries(shape)
    .filter(([, field]) => z.globalRegistry.get(field as z.ZodType)?.phi === true)
    .map(([name]) => name);
}
