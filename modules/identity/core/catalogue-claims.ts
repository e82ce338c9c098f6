/** What each kind of certificate says. Fields that name or mark a person are marked. */
import { z } from 'zod';

const Text = z.object({ zh: z.string().min(1).max(200), en: z.string().min(1).max(200) });
const Word = z.string().min(1).max(200);
const Gln = z.string().regex(/^\d{13}$/);
const Gtin = z.string().regex(/^\d{14}$/);
const Day = z.iso.date();
/** Where the certificate counts: a country or one of its parts (ISO 3166). */
const Region = z.string().regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/);

/** Physician licence (医师执业证) with the filing as lead aesthetic physician and the place of practice. */
export const PhysicianLicence = z.object({
  subject: z.uuid(),
  name: Text.meta({ phi: true }),
  licenceNumber: Word.meta({ phi: true }),
  leadSpecialties: z.array(Word).max(20),
  practisesAt: z.uuid(),
  region: Region.optional(),
});

/** Filing as lead aesthetic physician (美容主诊医师备案) where it is a paper of its own. */
export const LeadAestheticPhysician = z.object({
  subject: z.uuid(),
  name: Text.meta({ phi: true }),
  filingNumber: Word.meta({ phi: true }),
  specialties: z.array(Word).min(1).max(20),
  practisesAt: z.uuid(),
  region: Region.optional(),
});

/** Licence of a medical facility (医疗机构执业许可证) with its departments. */
export const FacilityLicence = z.object({
  subject: z.uuid(),
  name: Text,
  gln: Gln,
  departments: z.array(Word).max(100),
  region: Region.optional(),
});

/** Appointment as an assessor who may be drawn for a panel (评估师聘任). */
export const AssessorAppointment = z.object({
  subject: z.uuid(),
  name: Text,
  region: Region.optional(),
});

/** Result of a paid check by drawn verifiers that stood (独立核验). */
export const ProviderCheck = z.object({
  subject: z.uuid(),
  name: Text,
  /** Number of the task on the ledger. */
  task: z.string().regex(/^\d{1,20}$/),
  checkedOn: Day,
  sources: z.array(Word).max(10),
});

/** Licence to distribute drugs or devices; `toxin`: appointed for botulinum toxin. */
export const DistributorLicence = z.object({
  subject: z.uuid(),
  name: Text,
  gln: Gln,
  toxin: z.boolean(),
  region: Region.optional(),
});

/** What one authority approved a product for. */
const ApprovedUse = z.object({
  region: Word,
  class: Word.optional(),
  /** Certificates of the first version name one route and one indication each. */
  route: Word.optional(),
  routes: z.array(Word).max(20).optional(),
  indication: Word.optional(),
  indications: z.array(Word).max(50).optional(),
  number: Word.optional(),
  until: Day.optional(),
});

/** Registration of a drug or device (药品、医疗器械注册证). */
export const ProductAuthorisation = z.object({
  gtin: Gtin,
  name: Text,
  registration: Word,
  class: Word,
  approvedRoutes: z.array(Word).max(50),
  approvedRegions: z.array(Word).max(300),
  /** Degrees Celsius, and minutes that it may be outside of them. */
  storage: z
    .object({
      minC: z.number(),
      maxC: z.number(),
      maxMinutesOut: z.int().min(0),
      maxMeanKineticC: z.number().optional(),
    })
    .optional(),
  singleUse: z.boolean().optional(),
  isToxin: z.boolean().optional(),
  maxAmountPerUnit: z.number().positive().optional(),
  amountUnit: Word.optional(),
  useWithinHours: z.number().positive().optional(),
  ingredients: z.array(Word).max(100).optional(),
  contains: z.object({ gtin: Gtin, count: z.int().positive() }).optional(),
  approvals: z.array(ApprovedUse).max(100).optional(),
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

/** Somebody has reached an age; says neither the birthday nor the name. */
export const AgeOver = z.object({
  age: z.int().min(1).max(150).meta({ phi: true }),
  reached: z.literal(true),
});

/** A grown-up may consent for one child until a day; names neither. */
export const GuardianOf = z.object({
  /** Thumbprint of the child's key. */
  child: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/)
    .meta({ phi: true }),
  relation: z.enum(['parent', 'guardian']).meta({ phi: true }),
  until: Day,
});

/** Somebody died, named by the code that only that person's guardians know. Held by one of them. */
export const DeathCertificate = z.object({
  ward: z
    .string()
    .regex(/^[0-9A-Z-]{4,40}$/)
    .meta({ phi: true }),
  on: Day.meta({ phi: true }),
});

/** A treatment took place. Issued in copies, each to a key of its own, so that two showings cannot be linked. */
export const Treatment = z.object({
  institution: z.uuid(),
  procedureClass: Word.meta({ phi: true }),
  /** No more exact: a day and a clinic name a person. */
  month: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
    .meta({ phi: true }),
});

/** A system was tried against a profile of the open standard. */
export const Conformance = z.object({
  subject: Word,
  profile: Word,
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  level: z.enum(['L0', 'L1', 'L2', 'L3', 'L4']),
  passed: z.int().min(1),
  report: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});
