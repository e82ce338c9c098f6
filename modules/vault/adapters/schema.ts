/** The tables of schema `vault`. There is no column in it that could be read. */
import type { Generated, JSONColumnType } from 'kysely';
import type { ComputeGrant } from '../core/compute/grant.ts';
import type { ComputeOffer } from '../core/compute/offer.ts';
import type { Revealed } from '../core/devices/pairing.ts';
import type { Grant } from '../core/grants/grant.ts';
import type { Keyset } from '../core/keyset.ts';
import type { Numbers } from '../core/pool/estimate.ts';
import type { Answers, StudyPlan } from '../core/pool/study.ts';

/** A grantee's half, sealed to one of its keys. */
export interface SealedHalf {
  readonly key: string;
  readonly sealed: string;
}

/** The grantee's device signed for the receipt when it first opened the grant. */
export interface Acknowledgement {
  /** Thumb of the registered key. */
  readonly key: string;
  /** ES256 by the licence's holder key. */
  readonly signature: string;
  readonly at: string;
}

/** A file's key under a consent for one run. */
export interface WrappedFile {
  readonly object: string;
  readonly version: number;
  readonly wrapped: string;
}

export interface VaultDatabase {
  'vault.keyset': {
    patient_id: string;
    revision: number;
    body: JSONColumnType<Keyset, string, string>;
    updated_at: Date;
  };
  'vault.object': {
    patient_id: string;
    name: string;
    revision: number;
    compartment: string;
    wrapped_key: string;
    blob_key: string;
    size: bigint;
    updated_at: Date;
    restricted_at: Generated<Date | null>;
  };
  'vault.mailbox': { label: string; n: number; blob_key: string; size: bigint; left_on: string };
  'vault.owner': { patient_id: string; public_key: string; since: Date };
  'vault.locator': { label: string; patient_id: string };
  'vault.pairing': {
    code: string;
    token_hash: Uint8Array;
    patient_id: Generated<string | null>;
    commitment: string;
    nonce: Generated<string | null>;
    revealed: JSONColumnType<Revealed | null, string | undefined, string>;
    sealed: Generated<string | null>;
    expires_at: Date;
  };
  'vault.notice': {
    patient_id: string;
    n: number;
    kind: string;
    facts: JSONColumnType<Record<string, string | number>, string, string>;
    at: Date;
  };
  'vault.guardian': { code: string; patient_id: string; public_key: string };
  'vault.guardianship': {
    recovery: string;
    patient_id: string;
    need: number;
    hours: number;
    server_share: string;
    made_at: Date;
  };
  'vault.guardian_share': { recovery: string; code: string; sealed: string };
  'vault.recovery': {
    id: string;
    recovery: string;
    patient_id: string;
    token_hash: Uint8Array;
    public_key: string;
    started_at: Date;
    due_at: Date;
    ends_at: Date;
    cancelled_at: Generated<Date | null>;
    opened_at: Generated<Date | null>;
  };
  'vault.upload': {
    id: string;
    patient_id: string;
    name: string;
    revision: number;
    compartment: string;
    wrapped_key: string;
    size: bigint;
    digest: string;
    expires_at: Date;
  };
  'vault.upload_piece': { id: string; n: number; blob_key: string };
  'vault.grantee_key': {
    thumb: string;
    organisation_id: string;
    device_id: string;
    public_key: string;
    presentation: string;
    registered_at: Date;
  };
  'vault.permission': {
    id: string;
    patient_id: string;
    organisation_id: string;
    body: JSONColumnType<Grant, string, string>;
    signature: string;
    sealed: JSONColumnType<SealedHalf[], string, string>;
    share: Uint8Array | null;
    used: Generated<number>;
    acknowledgement: JSONColumnType<Acknowledgement | null, string | undefined, string>;
    made_at: Date;
    ends_at: Date;
    revoked_at: Generated<Date | null>;
  };
  'vault.permission_file': {
    permission_id: string;
    object: string;
    version: number;
    wrapped: string;
    listed: string;
  };
  'vault.permission_inbox': {
    permission_id: string;
    n: number;
    blob_key: string;
    size: bigint;
    left_on: string;
  };
  'vault.reading': {
    id: string;
    permission_id: string;
    object: string;
    version: number;
    device_id: string;
    ends_at: Date;
  };
  'vault.access_log': {
    patient_id: string;
    key: Uint8Array;
    seq: Generated<number>;
    head: Generated<string>;
  };
  'vault.access': {
    patient_id: string;
    seq: number;
    body: string;
    salt: Uint8Array;
    organisation_id: string | null;
    at: Date;
  };
  'vault.emergency_card': {
    name: string;
    patient_id: string;
    proof_hash: Uint8Array;
    share: Uint8Array | null;
    sheet: string | null;
    of: number;
    guardians: boolean;
    made_at: Date;
    ends_at: Date;
    ended_at: Generated<Date | null>;
    paused_at: Generated<Date | null>;
  };
  'vault.emergency_case': {
    id: string;
    card: string | null;
    patient_id: string | null;
    person_id: string;
    organisation_id: string;
    device_id: string;
    reason: string;
    opened_at: Date;
    state: Generated<string>;
    said_at: Generated<Date | null>;
    answered_at: Generated<Date | null>;
    answered_by: Generated<string | null>;
  };
  'vault.compute_job': {
    id: string;
    patient_id: string;
    offer: JSONColumnType<ComputeOffer, string, string>;
    state: 'offered' | 'agreed' | 'withdrawn' | 'begun' | 'done' | 'failed';
    consent: JSONColumnType<ComputeGrant | null, string | undefined, string>;
    signature: Generated<string | null>;
    share: Generated<Uint8Array | null>;
    sealed: Generated<string | null>;
    files: JSONColumnType<WrappedFile[] | null, string | undefined, string | null>;
    result: Generated<string | null>;
    output: Generated<string | null>;
    failed: Generated<string | null>;
    offered_at: Date;
    ends_at: Date;
    begun_at: Generated<Date | null>;
  };
  'vault.consent': {
    receipt: string;
    patient_id: string;
    subject: string;
    purpose: string;
    notice: JSONColumnType<Grant['notice'], string, string>;
    organisation_id: string | null;
    given_at: Date;
    ends_at: Date;
    withdrawn_at: Generated<Date | null>;
  };
  'vault.erasure': {
    id: string;
    token_hash: Uint8Array;
    patient_id: string | null;
    scope: 'objects' | 'compartment' | 'everything';
    cause: 'owner' | 'death';
    region: string;
    asked_at: Date;
    due_at: Date;
    undone_at: Generated<Date | null>;
    started_at: Generated<Date | null>;
    done_at: Generated<Date | null>;
    certificate: Generated<string | null>;
  };
  'vault.wish': {
    patient_id: string;
    kind: 'erase' | 'hand-over';
    region: string;
    heir: string | null;
    sealed: string | null;
    objects: JSONColumnType<string[], string, string>;
    made_at: Date;
  };
  'vault.closing': {
    id: string;
    recovery: string;
    patient_id: string;
    started_at: Date;
    due_at: Date;
    cancelled_at: Generated<Date | null>;
    opened_at: Generated<Date | null>;
    ends_at: Generated<Date | null>;
  };
  'vault.closing_approval': { id: string; code: string };
  'vault.breach': {
    id: string;
    drill: boolean;
    since: Date;
    until: Date;
    organisation_id: string | null;
    region: string;
    started_at: Date;
    notified: boolean;
  };
  'vault.pool_study': {
    id: string;
    organisation_id: string;
    plan: JSONColumnType<StudyPlan, string, string>;
    registered_at: Date;
  };
  'vault.pool_joined': { patient_id: string; study: string; receipt: string };
  'vault.pool_member': {
    study: string;
    handle: string;
    token_hash: Uint8Array | null;
    pseudonym: Generated<string | null>;
    /** Version of the notice that was agreed to; null from before this was kept. */
    notice: Generated<string | null>;
    spent: Generated<number>;
    answered: Generated<number>;
    /** Answers from when nothing could be paid. */
    unpaid: Generated<number>;
  };
  'vault.pool_earned': { study: string; release: number; handle: string; asked: Generated<boolean> };
  'vault.pool_payee': { study: string; handle: string; payout: string };
  'vault.pool_answer': {
    study: string;
    release: number;
    handle: string;
    answers: JSONColumnType<Answers, string, string>;
    /** False from when nothing could be paid. */
    earns: Generated<boolean>;
  };
  'vault.pool_counted': { study: string; release: number; handle: string };
  'vault.pool_release': {
    study: string;
    release: number;
    people: number;
    repeats: number | null;
    numbers: JSONColumnType<Record<string, Numbers | null> | null, string | null, string | null>;
    published_at: Date;
  };
  'vault.going_blob': { blob_key: string };
  'vault.approval': { id: string; code: string; sealed: string };
}
