/** The HTTP contract of the visit. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { ConsentTemplate } from './core/consent.ts';
import { Bilingual } from './core/quote.ts';
import { ServiceBody } from './core/service.ts';
import { ServiceStandard } from './core/standard.ts';
import { Address, Bytes32, VisitStep } from './core/steps.ts';
import { VISIT_STATES } from './core/visit.ts';
import { Attachments, VisitView } from './visit-api.ts';

export { Attachments, VisitView } from './visit-api.ts';

const Hex = z.string().regex(/^0x[0-9a-f]*$/) as z.ZodType<`0x${string}`>;
const Id = z.object({ id: z.uuid() });

const PolicyReason = z.object({
  pack: z.string(),
  version: z.string(),
  rule: z.string(),
  reason: Bilingual,
  next: Bilingual,
});

/** A licence as the public sees it: what was really checked, when, and by whom it was issued. */
export const LicenceView = z.object({
  verdict: z.enum(['proven', 'false', 'cannot-judge']),
  code: z.string(),
  message: Bilingual,
  type: z.string(),
  issuer: z.string(),
  issuerName: Bilingual,
  checkedAt: z.iso.datetime(),
  claims: z.record(z.string(), z.json()),
});

export const DoctorCard = z.object({
  id: z.uuid(),
  name: Bilingual,
  title: Bilingual,
  clinicId: z.uuid(),
  licences: z.array(LicenceView),
});

export const ServiceView = z.object({
  id: z.uuid(),
  clinicId: z.uuid(),
  body: ServiceBody,
  total: z.string(),
  product: z.object({ gtin: z.string(), name: Bilingual, maker: Bilingual }).nullable(),
  /** Whether it may be booked now, and if not why (the scope gate). */
  bookable: z.boolean(),
  reasons: z.array(PolicyReason),
  /** Whoever is of age has to show a certificate of it; a statement is not enough. */
  ageShown: z.boolean(),
});

export const ClinicCard = z.object({
  id: z.uuid(),
  name: Bilingual,
  city: Bilingual,
  address: Bilingual,
  licences: z.array(LicenceView),
  services: z.int(),
});

export const SlotView = z.object({
  id: z.uuid(),
  doctorId: z.uuid(),
  startsAt: z.iso.datetime(),
  minutes: z.int(),
  free: z.boolean(),
});

/** A guardian's showing for one use, and the child's word that the visit is its own. */
export const GuardianShown = z
  .strictObject({
    /** SD-JWT with a key binding over `guardianNonce`. */
    presentation: z.string().max(16_000),
    childKey: z.strictObject({
      kty: z.string(),
      crv: z.string(),
      x: z.string().max(60),
      y: z.string().max(60),
    }),
    /** ES256 over `childStatement`. */
    childSignature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
  })
  .meta({ phi: true });
export type GuardianShown = z.infer<typeof GuardianShown>;

export const careApi = {
  listClinics: defineRoute({
    method: 'GET',
    path: '/api/clinics',
    summary: { zh: '机构列表', en: 'List clinics' },
    auth: 'public',
    query: z.object({ q: z.string().max(80).optional() }),
    response: { 200: z.object({ clinics: z.array(ClinicCard) }) },
    errors: [],
  }),
  readClinic: defineRoute({
    method: 'GET',
    path: '/api/clinics/:id',
    summary: {
      zh: '机构页面：执照、医生、项目与价格、可约时间',
      en: 'A clinic: licences, doctors, services with prices, free times',
    },
    auth: 'public',
    params: Id,
    response: {
      200: z.object({
        clinic: ClinicCard,
        doctors: z.array(DoctorCard),
        services: z.array(ServiceView),
        slots: z.array(SlotView),
        /** How often a second doctor decided against a block, of how many visits that were treated. */
        overrides: z.object({ count: z.int(), visits: z.int() }),
      }),
    },
    errors: ['CLINIC_UNKNOWN'],
  }),
  readDoctor: defineRoute({
    method: 'GET',
    path: '/api/doctors/:id',
    summary: { zh: '医生页面：执业资格与项目', en: 'A doctor: credentials and procedures' },
    auth: 'public',
    params: Id,
    response: { 200: z.object({ doctor: DoctorCard, clinic: ClinicCard, services: z.array(ServiceView) }) },
    errors: ['DOCTOR_UNKNOWN'],
  }),
  publishConsent: defineRoute({
    method: 'POST',
    path: '/api/consent-templates',
    summary: { zh: '发布一个版本的知情同意书', en: 'Publish a version of a consent text' },
    auth: 'desk',
    body: ConsentTemplate,
    response: { 200: z.object({ zh: Bytes32, en: Bytes32 }) },
    errors: ['DOCUMENT_EXISTS'],
  }),
  readConsent: defineRoute({
    method: 'GET',
    path: '/api/consent-templates/:id/:version',
    summary: { zh: '阅读知情同意书', en: 'Read a consent text' },
    auth: 'public',
    params: z.object({ id: z.string().max(60), version: z.string().max(20) }),
    response: { 200: ConsentTemplate },
    errors: ['DOCUMENT_UNKNOWN'],
  }),
  publishStandard: defineRoute({
    method: 'POST',
    path: '/api/standards',
    summary: { zh: '发布一个版本的服务标准', en: 'Publish a version of a service standard' },
    auth: 'desk',
    body: ServiceStandard,
    response: { 200: z.object({ hash: Bytes32 }) },
    errors: ['DOCUMENT_EXISTS'],
  }),
  readStandard: defineRoute({
    method: 'GET',
    path: '/api/standards/:id/:version',
    summary: { zh: '阅读服务标准', en: 'Read a service standard' },
    auth: 'public',
    params: z.object({ id: z.string().max(60), version: z.string().max(20) }),
    response: { 200: z.object({ standard: ServiceStandard, hash: Bytes32 }) },
    errors: ['DOCUMENT_UNKNOWN'],
  }),
  publishService: defineRoute({
    method: 'POST',
    path: '/api/services',
    summary: { zh: '机构上架项目（经过准入规则）', en: 'List a service (passes the scope gate)' },
    auth: 'desk',
    body: ServiceBody,
    response: { 200: z.object({ id: z.uuid() }) },
    errors: [
      'SCOPE_REFUSED',
      'SCOPE_UNKNOWN',
      'DOCUMENT_UNKNOWN',
      'SERVICE_EXISTS',
      'PLAN_WRONG',
      'CANCELLATION_WITH_PLAN',
    ],
  }),
  publishSlots: defineRoute({
    method: 'POST',
    path: '/api/slots',
    summary: { zh: '机构发布可约时间', en: 'Publish times that can be booked' },
    auth: 'desk',
    body: z.object({
      doctorId: z.uuid(),
      slots: z
        .array(z.object({ startsAt: z.iso.datetime(), minutes: z.int().min(5).max(600) }))
        .min(1)
        .max(500),
    }),
    response: { 200: z.object({ added: z.int() }) },
    errors: ['DOCTOR_UNKNOWN'],
  }),
  bookVisit: defineRoute({
    method: 'POST',
    path: '/api/visits',
    summary: { zh: '预约：一次就诊，一把新钥匙', en: 'Book: one visit, one fresh key' },
    auth: 'public',
    perMinute: 20,
    body: z.object({
      id: z.uuid(),
      serviceId: z.uuid(),
      slotId: z.uuid(),
      /** What the patient states; whoever is not of age needs a guardian, as the region's rules say. */
      adult: z.boolean(),
      guardian: GuardianShown.optional(),
      /** A certificate of age with its key binding for this booking, where the region asks for one. */
      age: z.string().max(20_000).meta({ phi: true }).optional(),
      /** Computed on the patient's device; `unknown` is asked before the visit. */
      gate: z.enum(['clear', 'unknown', 'blocked']),
      patientAddress: Address,
      patientSealKey: z.string().max(4_000),
      reviewCommitment: z.string().regex(/^\d{1,78}$/),
      payout: Bytes32,
      /** SHA-256 of the secret with which this visit can be read. */
      readTokenHash: Bytes32,
      /** A change order that this booking accepts: its items, another day, a cooling-off of its own. */
      changeOrder: z.uuid().optional(),
    }),
    response: { 200: VisitView },
    errors: [
      'GATE_BLOCKS',
      'SLOT_TAKEN',
      'SCOPE_REFUSED',
      'SCOPE_UNKNOWN',
      'VISIT_EXISTS',
      'AGE_NOT_PROVEN',
      'GUARDIAN_NOT_PROVEN',
      'GUARDIAN_ENDED',
      'CHANGE_ORDER_UNKNOWN',
    ],
  }),
  readVisit: defineRoute({
    method: 'GET',
    path: '/api/visits/:id',
    summary: {
      zh: '查看就诊（就诊钥匙或机构工作台）',
      en: 'Read a visit (with its read secret or from its clinic)',
    },
    auth: 'public',
    params: Id,
    response: { 200: VisitView },
    errors: ['VISIT_UNKNOWN'],
  }),
  deskVisits: defineRoute({
    method: 'GET',
    path: '/api/desk/visits',
    summary: { zh: '机构的就诊列表', en: 'The visits of this clinic' },
    auth: 'desk',
    query: z.object({ state: z.enum(VISIT_STATES).optional(), before: z.uuid().optional() }),
    response: { 200: z.object({ visits: z.array(VisitView), more: z.boolean() }) },
    errors: ['VISIT_UNKNOWN'],
  }),
  takeStep: defineRoute({
    method: 'POST',
    path: '/api/visits/:id/steps',
    summary: {
      zh: '就诊的一步：一方提出，需要时另一方确认',
      en: 'One step of a visit: proposed by one side, confirmed by the other where needed',
    },
    auth: 'public',
    params: Id,
    body: z.object({
      step: VisitStep,
      signature: Hex,
      by: z.enum(['patient', 'clinic']),
      code: z
        .string()
        .regex(/^\d{6}$/)
        .optional(),
      attachments: Attachments.optional(),
    }),
    response: { 200: VisitView },
    errors: [
      'VISIT_UNKNOWN',
      'STEP_SIGNATURE_WRONG',
      'STEP_OUT_OF_ORDER',
      'STEP_NOT_ALLOWED',
      'STEP_DATA_WRONG',
      'SLOT_TAKEN',
      'DEPOSIT_NOT_SETTLED',
      'SESSION_TIME_MISSING',
      'SESSION_TIME_LATE',
      'PRESENCE_EXPIRED',
      'PRESENCE_WRONG',
      'SCOPE_REFUSED',
      'SCOPE_UNKNOWN',
      'CONSENT_NOT_UNDERSTOOD',
      'CONSENT_VERSION_CHANGED',
      'COOLING_OFF_RUNNING',
      'APPOINTMENT_NOT_YET',
      'ALLERGY_NOT_CLEAR',
      'GATE_BLOCKS',
      'GATE_ASKS',
      'GATE_NOT_STATED',
      'GATE_TOO_LATE',
      'OVERRIDE_OTHER_REPORT',
      'OVERRIDE_SAME_DOCTOR',
      'CONSENT_NOT_ANCHORED',
      'UNIT_NOT_CONSISTENT',
      'UNIT_NOT_IN_STOCK',
      'UNIT_NOT_RECEIVED',
      'UNIT_OTHER_PRODUCT',
      'UNIT_QUARANTINED',
      'UNIT_RECALLED',
      'UNIT_ALREADY_USED',
      'UNIT_GONE',
      'UNIT_INSTALLED',
      'UNIT_EXPIRED',
      'UNIT_OPEN_TOO_LONG',
      'UNIT_CHANGED',
      'UNIT_RESERVED',
      'UNIT_AMOUNT',
      'DEVICE_NEEDED',
      'DEVICE_UNKNOWN',
      'DEVICE_OTHER_CLASS',
      'DEVICE_NOT_FIT',
      'DEVICE_NONE_FIT',
      'DEVICE_SHOTS',
      'COUNTER_OVER_LIMIT',
      'LICENCE_NOT_PROVEN',
      'OFFER_WRONG',
      'RECORD_MISSING',
      'RECORD_SIGNATURE_WRONG',
      'RECORD_VERSION_WRONG',
      'ATTENDANCE_WRONG',
    ],
    bodyLimit: 400_000,
  }),
  withdrawPending: defineRoute({
    method: 'DELETE',
    path: '/api/visits/:id/pending',
    summary: { zh: '撤回尚未被对方确认的一步', en: 'Take back a step that the other side has not confirmed' },
    auth: 'public',
    params: Id,
    response: { 200: VisitView },
    errors: ['VISIT_UNKNOWN', 'STEP_NOT_ALLOWED'],
  }),
  readEvidence: defineRoute({
    method: 'GET',
    path: '/api/visits/:id/evidence',
    summary: { zh: '收据所需的证据', en: 'The evidence for the receipt' },
    auth: 'public',
    params: Id,
    response: { 200: z.record(z.string(), z.json()) },
    errors: ['VISIT_UNKNOWN', 'EVIDENCE_NOT_READY'],
  }),
};
export type CareApi = typeof careApi;
