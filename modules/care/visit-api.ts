/** A visit as both sides see it over HTTP. */

import { z } from 'zod';
import { PART_KINDS } from './core/plan.ts';
import { Bilingual, Quote } from './core/quote.ts';
import { Acknowledgement } from './core/sealed-record.ts';
import { ServiceBody } from './core/service.ts';
import { Address, Bytes32, VisitStep } from './core/steps.ts';
import { STEP_TYPES, VISIT_STATES } from './core/visit.ts';
import { NewVersion } from './record-api.ts';

const Hex = z.string().regex(/^0x[0-9a-f]*$/) as z.ZodType<`0x${string}`>;

export const Attachments = z.object({
  /** For the consent and for the money of somebody under age: two signatures, never one for both. */
  guardianConsent: z.string().max(16_000).optional(),
  guardianMoney: z.string().max(16_000).optional(),
  terms: z.json().optional(),
  offerSignature: Hex.optional(),
  doctorPresentation: z.string().max(64_000).optional(),
  clinicPresentation: z.string().max(64_000).optional(),
  /** visitSecret sealed to the patient's key of this visit. */
  sealedSecret: z.string().max(8_000).optional(),
  answers: z.array(z.int().min(0).max(10)).max(20).optional(),
  /** The dispensing event that the clinic captures once the unit is open. */
  event: z.json().optional(),
  /** Where the sealed record was left. */
  recordObject: z.string().max(200).optional(),
  attendanceSignature: Hex.optional(),
  /** The first version of the record, and that the patient has read it. */
  record: NewVersion.optional(),
  acknowledgement: Acknowledgement.optional(),
  /** Reasons of the gate, or of a decision about it: ciphertext under the visit's secret. */
  sealedGate: z.string().max(60_000).optional(),
});
export type Attachments = z.infer<typeof Attachments>;

export const GateView = z.object({
  outcome: z.enum(['clear', 'unknown', 'blocked']),
  report: Bytes32,
  reasons: Bytes32,
  sealed: z.string().nullable(),
  at: z.iso.datetime(),
  override: z
    .object({
      level: z.enum(['asked', 'second']),
      doctor: z.uuid(),
      presentation: z.string(),
      decision: Bytes32,
      sealed: z.string(),
      at: z.iso.datetime(),
    })
    .nullable(),
});

export const VisitView = z.object({
  id: z.uuid(),
  state: z.enum(VISIT_STATES),
  sequence: z.int(),
  lastHash: Bytes32,
  clinic: z.object({
    id: z.uuid(),
    name: Bilingual,
    account: Address,
    publicKey: Hex.nullable(),
    /** ISO 3166: whose rules hold. */
    region: z.string(),
  }),
  doctor: z.object({ id: z.uuid(), name: Bilingual, title: Bilingual }),
  service: ServiceBody,
  serviceId: z.uuid(),
  slot: z.object({ startsAt: z.iso.datetime(), minutes: z.int() }),
  quote: Quote,
  total: z.string(),
  patientAddress: Address,
  /** The day on which a patient under age comes of age, and decides alone. */
  minorUntil: z.iso.date().nullable(),
  /** When a guardian last looked at this visit; null if nobody did. */
  guardianSeenAt: z.iso.datetime().nullable(),
  patientSealKey: z.string(),
  reviewCommitment: z.string(),
  payout: Bytes32,
  agreementId: Bytes32.nullable(),
  terms: z.json().nullable(),
  offerSignature: Hex.nullable(),
  sealedSecret: z.string().nullable(),
  consent: z
    .object({
      template: z.string(),
      version: z.string(),
      language: z.string(),
      logIndex: z.int().nullable(),
      anchored: z.boolean(),
    })
    .nullable(),
  /** What both sides need to compute the record's seal alike; null before the offer. */
  facts: z
    .object({
      doctorPresentation: Bytes32,
      clinicPresentation: Bytes32,
      policy: Bytes32,
      region: z.string(),
      product: z.object({ approvedRegions: z.array(z.string()), approvedRoutes: z.array(z.string()) }),
      consent: z.object({ textHash: Bytes32, teachBack: Bytes32 }),
    })
    .nullable(),
  treatment: z.json().nullable(),
  /** What the patient's device last said of the health gate; reasons are ciphertext. Null while it never stopped anything. */
  gate: GateView.nullable(),
  money: z
    .object({
      state: z.string(),
      held: z.string(),
      paid: z.string(),
      refunded: z.string(),
      coolingEndsAt: z.iso.datetime().nullable(),
      dueBy: z.iso.datetime().nullable(),
      releasesAt: z.iso.datetime().nullable(),
    })
    .nullable(),
  /** The parts of an agreement that has several; null where all is paid after one treatment. */
  parts: z
    .object({
      /** Index of the part that money waits on. */
      present: z.int(),
      kind: z.enum(PART_KINDS),
      /** Number of the present session, from 1; 0 for a deposit or a follow-up. */
      n: z.int(),
      /** Sessions in all. */
      of: z.int(),
      /** The present session has no time yet. */
      needsTime: z.boolean(),
      /** Parts that were done and paid. */
      done: z.int(),
      list: z.array(
        z.object({
          kind: z.enum(PART_KINDS),
          n: z.int(),
          amount: z.string(),
          dueBy: z.iso.datetime().nullable(),
          state: z.enum(['planned', 'held', 'now', 'claimed', 'disputed', 'paid', 'returned']),
          settledAt: z.iso.datetime().nullable(),
          startsAt: z.iso.datetime().nullable(),
          /** What was opened in it, once it is settled. */
          unit: z.string().nullable(),
          lot: z.string().nullable(),
        }),
      ),
    })
    .nullable(),
  pending: z
    .object({
      step: VisitStep,
      sides: z.array(z.enum(['patient', 'clinic'])),
      proposedAt: z.iso.datetime(),
      attachments: Attachments,
    })
    .nullable(),
  history: z.array(
    z.object({ sequence: z.int(), type: z.enum(STEP_TYPES), to: z.enum(VISIT_STATES), at: z.iso.datetime() }),
  ),
  /** Steps that may be taken now, by whom, and what the server is still waiting for. */
  next: z.array(
    z.object({
      type: z.enum(STEP_TYPES),
      by: z.array(z.enum(['patient', 'clinic', 'platform'])),
      waitingFor: z.array(Bilingual),
      ready: z.boolean(),
      from: z.iso.datetime().nullable(),
    }),
  ),
  lapsesAt: z.iso.datetime().nullable(),
  /** A licence that this visit counts on no longer holds, and what the patient may choose; null while all is well. */
  warning: z
    .object({
      who: z.enum(['doctor', 'clinic']),
      code: z.string(),
      reason: Bilingual,
      choices: z.array(z.enum(['wait', 'other-doctor', 'other-clinic', 'cancel'])),
    })
    .nullable(),
  receiptReady: z.boolean(),
});
export type VisitView = z.infer<typeof VisitView>;
