/** What every use case of the vault is given. It holds no key to anything. */
import type { Clock } from '@zhenmei/kernel';
import type { Kysely } from 'kysely';
import type { VaultDatabase } from '../adapters/schema.ts';
import type { BlobPort } from '../ports.ts';

export interface VaultContext {
  readonly db: Kysely<VaultDatabase>;
  readonly blobs: BlobPort;
  readonly clock: Clock;
}
