/** The tables of schema `identity`. */
import type { Hex } from '@zhenmei/kernel';
import type { JSONColumnType } from 'kysely';
import type { PublicJwk } from '../core/jwk.ts';
import type { KeyScope } from '../core/key-scopes.ts';

export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}
type Doc<T> = JSONColumnType<T & object, string, string>;

export type OrganisationKind = 'regulator' | 'maker' | 'distributor' | 'clinic';

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
  };
  'identity.invitation': {
    code_hash: string;
    organisation_id: string;
    expires_at: Date;
    used_at: Date | null;
  };
  'identity.device': { id: string; organisation_id: string; signer: Hex; holder_key: Hex; joined_at: Date };
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
  'identity.issuer': { id: string; organisation_id: string; keys: Doc<PublicJwk[]> };
}
