/** The tables of schema `vault`. There is no column in it that could be read. */
import type { JSONColumnType } from 'kysely';
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
}
