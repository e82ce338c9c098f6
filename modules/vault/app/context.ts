/** What every use case of the vault is given. It holds no key to anything. */
import type { Kysely, Transaction } from 'kysely';
import type { VaultDatabase } from '../adapters/schema.ts';
import type {
  BlobPort,
  Clock,
  FundPort,
  GatekeeperPort,
  LogPort,
  OrganisationPort,
  PasskeyPort,
  PoolPort,
  Random,
  RulesPort,
  SealPort,
  SignalPort,
  WorkerPort,
} from '../ports.ts';

/** How much one vault may hold. */
export interface Quota {
  readonly bytes: number;
  readonly objects: number;
}

export interface VaultContext {
  readonly db: Kysely<VaultDatabase>;
  readonly blobs: BlobPort;
  readonly clock: Clock;
  readonly random: Random;
  readonly passkeys: PasskeyPort;
  readonly log: LogPort;
  readonly organisations: OrganisationPort;
  readonly gatekeeper: GatekeeperPort;
  readonly signals: SignalPort;
  readonly worker: WorkerPort;
  readonly rules: RulesPort;
  readonly seal: SealPort;
  readonly pool: PoolPort;
  readonly funds: FundPort;
  /** Our own limit unless told. */
  readonly quota?: Quota;
}

export type VaultTx = Transaction<VaultDatabase>;
