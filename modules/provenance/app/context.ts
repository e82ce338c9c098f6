import type { Clock, Random } from '@zhenmei/kernel';
import type { Kysely } from 'kysely';
import type { ProvenanceDatabase } from '../adapters/schema.ts';
import type {
  CaptureListener,
  DevicePort,
  FeedPort,
  JobPort,
  LogPort,
  PartyPort,
  SealPort,
  UnitUsePort,
  WebhookPort,
} from '../ports.ts';

export interface ProvenanceContext {
  readonly db: Kysely<ProvenanceDatabase>;
  readonly clock: Clock;
  readonly log: LogPort;
  readonly parties: PartyPort;
  /** Openings by the registry on chain; without it only captured events count. */
  readonly unitUse?: UnitUsePort;
  readonly listeners?: readonly CaptureListener[];
}

/** What notices need beside it. */
export interface SafetyContext extends ProvenanceContext {
  readonly devices: DevicePort;
  readonly feed: FeedPort;
}

/** What the REST binding of EPCIS needs beyond. */
export interface EpcisContext extends ProvenanceContext {
  readonly random: Random;
  readonly jobs: JobPort;
  readonly webhooks: WebhookPort;
  readonly seal: SealPort;
}
