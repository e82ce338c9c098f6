import type { Clock, Random } from '@zhenmei/kernel';
import type { Kysely } from 'kysely';
import type { IdentityDatabase } from '../adapters/schema.ts';
import type {
  AccountPort,
  ChangePort,
  IssuerRegistryPort,
  OwnerMarkPort,
  SessionPort,
  SigningPort,
} from '../ports.ts';

export interface IdentityContext {
  readonly db: Kysely<IdentityDatabase>;
  readonly clock: Clock;
  readonly random: Random;
  readonly registry: IssuerRegistryPort;
  readonly accounts: AccountPort;
  readonly sessions: SessionPort;
  readonly signing: SigningPort;
  readonly owners: OwnerMarkPort;
  readonly changes: ChangePort;
  /** Relying party: host name of the public address, and its origin. */
  readonly rpId: string;
  readonly origin: string;
}
