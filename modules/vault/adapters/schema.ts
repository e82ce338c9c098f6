/** The tables of schema `vault`. There is no column in it that could be read. */
import type { Generated, JSONColumnType } from 'kysely';
import type { Revealed } from '../core/devices/pairing.ts';
import type { Keyset } from '../core/keyset.ts';

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
  'vault.approval': { id: string; code: string; sealed: string };
}
