import type { Clock, Random } from '@zhenmei/kernel';
import type { Kysely } from 'kysely';
import type { IdentityDatabase } from '../adapters/schema.ts';
import type { AccountPort, IssuerRegistryPort, SessionPort } from '../ports.ts';

export interface IdentityContext {
  readonly db: Kysely<IdentityDatabase>;
  readonly clock: Clock;
  readonly random: Random;
  readonly registry: IssuerRegistryPort;
  readonly accounts: AccountPort;
  readonly sessions: SessionPort;
  /** Relying party: host name of the public address, and its origin. */
  readonly rpId: string;
  readonly origin: string;
}
