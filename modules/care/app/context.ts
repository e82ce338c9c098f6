/** What every use case of the visit is given. */
import type { Clock, Hex, Random } from '@zhenmei/kernel';
import type { PolicyPack } from '@zhenmei/policy';
import type { Kysely, Selectable } from 'kysely';
import type { CareDatabase } from '../adapters/schema.ts';
import type {
  ChainPort,
  CustodyPort,
  EvidencePort,
  IdentityPort,
  LogPort,
  NoticePort,
  ProductPort,
} from '../ports.ts';

export interface CareContext {
  readonly db: Kysely<CareDatabase>;
  readonly clock: Clock;
  readonly random: Random;
  readonly identity: IdentityPort;
  readonly products: ProductPort;
  readonly custody: CustodyPort;
  readonly log: LogPort;
  readonly chain: ChainPort;
  readonly evidence: EvidencePort;
  readonly notices: NoticePort;
  /** The packs in force for a region; several combine by the stricter answer. */
  packs(region: string): readonly PolicyPack[];
  /** A pack that is no longer in force, by its hash. */
  pastPack(hash: Hex): PolicyPack | null;
}

export type CareTx = Kysely<CareDatabase>;
export type VisitRow = Selectable<CareDatabase['care.visit']>;
export type StockRow = Selectable<CareDatabase['care.stock_unit']>;
