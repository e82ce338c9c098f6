/** What each signed step says. Scalars only, so that canonical JSON and a person can both read it. */
import { z } from 'zod';
import { Bytes32 } from './steps.ts';

export const OfferData = z.strictObject({
  agreement: Bytes32,
  quote: Bytes32,
  template: z.string(),
  version: z.string(),
  textHashZh: Bytes32,
  textHashEn: Bytes32,
  /** Nonce of both licence presentations. */
  tag: Bytes32,
  doctorPresentation: Bytes32,
  clinicPresentation: Bytes32,
  sealedSecret: Bytes32,
});

export const AgreeData = z.strictObject({
  agreement: Bytes32,
  template: z.string(),
  version: z.string(),
  language: z.enum(['zh-CN', 'en']),
  textHash: Bytes32,
  teachBack: Bytes32,
  /** Salted commitment of the consent record: what the log keeps. */
  commitment: Bytes32,
});

export const ReadyData = z.strictObject({
  /** False while a guardian decides. */
  adult: z.boolean(),
  /** Computed on the patient's device; the facts behind it stay there. `overridden`: a doctor decided. */
  allergyGate: z.enum(['clear', 'blocked', 'unknown', 'overridden']),
});

/**
 * The patient's device signs this only after it computed the gate again. Visits of the first version (`gate_version` 1)
 * have no such field; what was signed in them stays as it is.
 */
const PassedGate = z.enum(['clear', 'overridden']).optional();

export const CheckInData = z.strictObject({ presence: Bytes32, gate: PassedGate });

export const UnsealData = z.strictObject({
  presence: Bytes32,
  gate: PassedGate,
  /** Digital Link of the unit and of its lot. */
  unit: z.string().max(200),
  lot: z.string().max(200),
  use: z.int().min(0),
  amount: z.int().min(1),
  amountUnit: z.string().max(20),
  /** keccak256 of the opener: what the registry stores. */
  commitment: Bytes32,
});

export const PerformData = z.strictObject({
  presence: Bytes32,
  /** Commitment of the seal: what the log keeps. */
  commitment: Bytes32,
  evidence: Bytes32,
  recordObject: z.string().max(200),
  /** Hash of the statement about the record's first version. */
  record: Bytes32.optional(),
  /** Digital Link of the energy device, and the shots it gave, where the procedure needs one. */
  device: z.string().max(200).optional(),
  shots: z.int().min(1).max(1_000_000).optional(),
});

export const PickTimeData = z.strictObject({
  /** A free time of the same doctor, and when it begins. */
  slot: z.uuid(),
  startsAt: z.iso.datetime(),
});

/** The patient came for the follow-up; what was seen is added to the record. */
export const FollowUpData = z.strictObject({ presence: Bytes32, evidence: Bytes32 });

export const ReasonData = z.strictObject({
  reason: z.enum(['changed-mind', 'time-does-not-suit', 'found-another', 'cannot-treat', 'other']),
});

export const ReportGateData = z.strictObject({
  outcome: z.enum(['clear', 'unknown', 'blocked']),
  /** Salted commitment of the reasons: equal for equal reasons of one visit, and no word. */
  reasons: Bytes32,
});

export const OverrideData = z.strictObject({
  /** Hash of the report that it answers. */
  report: Bytes32,
  /** `second`: a block, by a doctor who does not treat. `asked`: what only had to be looked at. */
  level: z.enum(['asked', 'second']),
  doctor: z.uuid(),
  /** SHA-256 of the licence's presentation, which was made for this very decision. */
  presentation: Bytes32,
  /** Salted commitment of reason and note. */
  decision: Bytes32,
});

export const STEP_DATA = {
  offer: OfferData,
  agree: AgreeData,
  'make-ready': ReadyData,
  'check-in': CheckInData,
  unseal: UnsealData,
  perform: PerformData,
  cancel: ReasonData,
  refuse: ReasonData,
  'report-gate': ReportGateData,
  override: OverrideData,
  'pick-time': PickTimeData,
  'follow-up': FollowUpData,
} as const;
export type SignedStepType = keyof typeof STEP_DATA;
