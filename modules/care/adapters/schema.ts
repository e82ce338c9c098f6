/** The tables of schema `care`. */

import type { Hex } from '@zhenmei/kernel';
import type { PolicyPack } from '@zhenmei/policy';
import type { Generated, JSONColumnType } from 'kysely';
import type { Attachments } from '../api.ts';
import type { ConsentTemplate } from '../core/consent.ts';
import type { Minor } from '../core/guardian.ts';
import type { PriceList } from '../core/price-list.ts';
import type { Bilingual, Quote } from '../core/quote.ts';
import type { Acknowledgement, RecordStatement } from '../core/sealed-record.ts';
import type { ServiceBody } from '../core/service.ts';
import type { ServiceStandard } from '../core/standard.ts';
import type { VisitStep } from '../core/steps.ts';
import type { StepType, VisitState } from '../core/visit.ts';
import type { StockTables } from './stock-schema.ts';

type Doc<T> = JSONColumnType<T & object, string, string>;

export interface Signatures {
  readonly patient?: Hex;
  readonly clinic?: Hex;
}

export interface OfferRow {
  readonly signature: Hex;
  readonly doctorPresentation: string;
  readonly clinicPresentation: string;
  readonly sealedSecret: string;
  readonly publicKey: Hex;
  readonly template: string;
  readonly version: string;
  readonly tag: Hex;
  /** Hash of the policy pack that the scope gate used. */
  readonly policy: Hex;
  /** That pack; offers of the first version did not keep it. */
  readonly pack?: PolicyPack;
}

export interface ConsentRow {
  readonly template: string;
  readonly version: string;
  readonly language: 'zh-CN' | 'en';
  readonly textHash: Hex;
  readonly teachBack: Hex;
  readonly commitment: Hex;
}

export interface TreatmentRow {
  readonly unit?: string;
  readonly lot?: string;
  readonly use?: number;
  readonly amount?: number;
  readonly amountUnit?: string;
  readonly unitCommitment?: Hex;
  /** Digest of the dispensing event. */
  readonly event?: Hex;
  /** Energy device and shots, where the procedure needs one. */
  readonly device?: string;
  readonly shots?: number;
  readonly recordObject?: string;
  readonly commitment?: Hex;
  readonly evidence?: Hex;
  readonly attendance?: Hex;
  /** Milestone and number of the session, where there are several. */
  readonly part?: number;
  readonly session?: number;
  /** The follow-up visit about this treatment. */
  readonly followUp?: { readonly part: number; readonly evidence: Hex; readonly attendance: Hex };
}

/** What the patient's device last said about the gate, and what a doctor decided about it. */
export interface GateRow {
  readonly outcome: 'clear' | 'unknown' | 'blocked';
  /** Hash of the step that reported it. */
  readonly report: Hex;
  readonly reasons: Hex;
  /** Ciphertext for the two who know the visit's secret; null if there is nothing to say. */
  readonly sealed: string | null;
  readonly at: string;
  readonly override: {
    readonly level: 'asked' | 'second';
    readonly doctor: string;
    readonly presentation: string;
    readonly decision: Hex;
    readonly sealed: string;
    readonly at: string;
  } | null;
}

export interface CareDatabase extends StockTables {
  'care.consent_template': { id: string; version: string; body: Doc<ConsentTemplate>; published_at: Date };
  'care.standard': {
    hash: string;
    id: string;
    version: string;
    body: Doc<ServiceStandard>;
    published_at: Date;
  };
  'care.service': {
    id: string;
    clinic_id: string;
    code: string;
    body: Doc<ServiceBody>;
    published_at: Date;
    withdrawn_at: Date | null;
  };
  'care.price_list': {
    clinic_id: string;
    version: number;
    valid_from: Date;
    body: Doc<PriceList>;
    hash: string;
    published_at: Date;
  };
  'care.change_order': {
    id: string;
    visit_id: string;
    state: 'proposed' | 'declined' | 'accepted';
    quote: Doc<Quote>;
    reason: Doc<Bilingual>;
    proposed_at: Date;
    lapses_at: Date;
    answered_at: Date | null;
  };
  'care.slot': { id: string; clinic_id: string; doctor_id: string; starts_at: Date; minutes: number };
  'care.visit': {
    id: string;
    clinic_id: string;
    doctor_id: string;
    service_id: string;
    slot_id: string;
    state: VisitState;
    patient_address: Hex;
    patient_seal_key: string;
    minor: JSONColumnType<Minor | null, string | null | undefined, string | null>;
    age_proven: Generated<boolean>;
    guardian_seen_at: Date | null;
    review_commitment: string;
    payout: Hex;
    read_token_hash: Hex;
    quote: Doc<Quote>;
    agreement_id: Hex | null;
    terms: Doc<object> | null;
    offer: Doc<OfferRow> | null;
    consent: Doc<ConsentRow> | null;
    treatment: Doc<TreatmentRow> | null;
    /** 1: visits in which the gate was stated before the visit only; 2: again at check-in and unsealing. */
    gate_version: Generated<number>;
    gate: JSONColumnType<GateRow | null, string | null | undefined, string | null>;
    /** Index of the milestone that is present. */
    part: Generated<number>;
    /** Parts that were done and paid, wholly or in part. */
    parts_paid: Generated<number>;
    /** The present session has no time yet; `slot_id` is that of the one before. */
    needs_time: Generated<boolean>;
    last_sequence: number;
    last_hash: Hex;
    lapses_at: Date | null;
    created_at: Date;
    updated_at: Date;
  };
  'care.visit_part': {
    visit_id: string;
    part: number;
    slot_id: string | null;
    treatment: Doc<TreatmentRow> | null;
    paid: boolean;
    settled_at: Date;
  };
  'care.visit_step': {
    visit_id: string;
    sequence: number;
    type: StepType;
    from_state: VisitState;
    to_state: VisitState;
    step: Doc<VisitStep> | null;
    hash: Hex;
    signatures: Doc<Signatures>;
    applied_at: Date;
  };
  'care.pending_step': {
    visit_id: string;
    step: Doc<VisitStep>;
    hash: Hex;
    signatures: Doc<Signatures>;
    attachments: Doc<Attachments>;
    proposed_at: Date;
  };
  'care.record_version': {
    visit_id: string;
    version: number;
    statement: Doc<RecordStatement>;
    hash: Hex;
    signature: Hex;
    box: Uint8Array<ArrayBuffer>;
    acknowledgement: Doc<Acknowledgement> | null;
    added_at: Date;
  };
  'care.evidence': { visit_id: string; kind: string; body: Doc<object>; taken_at: Date };
}
