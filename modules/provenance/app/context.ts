import type { Clock } from '@zhenmei/kernel';
import type { Kysely } from 'kysely';
import type { ProvenanceDatabase } from '../adapters/schema.ts';
import type { LogPort, PartyPort, UnitUsePort } from '../ports.ts';

export interface ProvenanceContext {
  readonly db: Kysely<ProvenanceDatabase>;
  readonly clock: Clock;
  readonly log: LogPort;
  readonly parties: PartyPort;
  /** Openings by the registry on chain; without it only captured events count. */
  readonly unitUse?: UnitUsePort;
}
