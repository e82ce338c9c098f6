/** The tables of schema `identity`. */
import type { Hex, Json } from '@zhenmei/kernel';
import type { ColumnType, JSONColumnType } from 'kysely';
import type { RetireReason } from '../core/device-life.ts';
import type { PublicJwk } from '../core/jwk.ts';
import type { KeyScope } from '../core/key-scopes.ts';

export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}
type Doc<T> = JSONColumnType<T & object, string, string>;

export type RegisterState = 'valid' | 'suspended' | 'revoked';

export type OrganisationKind =
  | 'regulator'
  | 'maker'
  | 'distributor'
  | 'clinic'
  | 'lender'
  | 'insurer'
  | 'assessor';

export interface IdentityDatabase {
  'identity.patient': { id: string; created_at: Date };
  'identity.passkey': {
    credential_id: string;
    patient_id: string | null;
    device_id: string | null;
    public_key: Uint8Array;
    counter: bigint;
    created_at: Date;
  };
  'identity.challenge': { challenge: string; purpose: string; expires_at: Date };
  'identity.organisation': {
    id: string;
    kind: OrganisationKind;
    name: Doc<Bilingual>;
    city: Doc<Bilingual>;
    address: Doc<Bilingual>;
    region: string;
    gln: string;
    account: Hex | null;
    first_signer: Hex | null;
    licensed_for_toxin: boolean;
    created_at: Date;
    /** Keyed digest of the ultimate owner's registered number. */
    owner_mark: ColumnType<string | null, string | null | undefined, string | null>;
    closed_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  };
  'identity.invitation': {
    code_hash: string;
    organisation_id: string;
    expires_at: Date;
    used_at: Date | null;
  };
  'identity.device': {
    id: string;
    organisation_id: string;
    signer: Hex;
    holder_key: Hex;
    joined_at: Date;
    name: ColumnType<string | null, string | null | undefined, string | null>;
    /** From then on it neither signs in nor states anything; what it signed before counts. */
    retired_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
    retired_reason: ColumnType<RetireReason | null, RetireReason | null | undefined, RetireReason | null>;
    retired_by: ColumnType<string | null, string | null | undefined, string | null>;
    replaced_by: ColumnType<string | null, string | null | undefined, string | null>;
  };
  'identity.api_key': {
    id: string;
    organisation_id: string;
    name: string;
    scopes: KeyScope[];
    secret_hash: Uint8Array;
    made_by: string;
    made_at: Date;
    revoked_by: string | null;
    revoked_at: Date | null;
    used_at: Date | null;
  };
  'identity.practitioner': {
    id: string;
    clinic_id: string;
    name: Doc<Bilingual>;
    title: Doc<Bilingual>;
    created_at: Date;
  };
  'identity.credential': {
    id: string;
    subject_id: string;
    vct: string;
    token: string;
    /** SHA-256 of the issuer-signed part; null in rows older than the column. */
    digest: string | null;
    /** The register's entry behind it, if it was collected here. */
    entry_id: ColumnType<string | null, string | null | undefined, string | null>;
    registered_at: Date;
  };
  'identity.status_list': {
    uri: string;
    token: string;
    issued_at: Date;
    issuer_id: string | null;
    slug: string | null;
    name: string | null;
  };
  'identity.issuer': {
    id: string;
    organisation_id: string;
    keys: Doc<PublicJwk[]>;
    /** Where the register of this house states what is suspended; null until it has one. */
    list_uri: ColumnType<string | null, string | null | undefined, string | null>;
  };
  'identity.did_log': { organisation_id: string; did: string; log: string; updated_at: Date };
  'identity.openid_grant': {
    hash: string;
    kind: 'offer' | 'request' | 'code' | 'token' | 'notification';
    issuer_id: string;
    entry_id: string | null;
    detail: Doc<Record<string, Json>>;
    expires_at: Date;
    used_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  };
  'identity.verifier': {
    id: string;
    organisation_id: string;
    attestation: string;
    purposes: Doc<Json[]>;
    registered_at: Date;
  };
  'identity.presentation': {
    id: string;
    verifier_id: string;
    purpose: string;
    query: Doc<Record<string, Json>>;
    nonce: string;
    answer: ColumnType<Record<string, Json> | null, string | null | undefined, string | null>;
    created_at: Date;
    expires_at: Date;
  };
  'identity.register_entry': {
    id: string;
    issuer_id: string;
    vct: string;
    subject_id: string | null;
    claims: ColumnType<Record<string, Json> | null, string | null, string | null>;
    state: RegisterState;
    reason: ColumnType<Bilingual | null, string | null, string | null>;
    issued_at: Date;
    expires_at: Date;
    list_uri: string | null;
    list_index: number | null;
    renewed_by: string | null;
    changed_at: Date;
  };
}
