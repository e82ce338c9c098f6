import type { Clock, Random } from '@zhenmei/kernel';
import type { Kysely } from 'kysely';
import type { MoneyDatabase } from '../adapters/schema.ts';
import type { AgreementFacts, DisputePort, RelayPort, SettlementPort } from '../ports.ts';

export interface MoneyContext {
  readonly db: Kysely<MoneyDatabase>;
  readonly clock: Clock;
  readonly random: Random;
  readonly settlement: SettlementPort;
  readonly relay: RelayPort;
  readonly disputes: DisputePort;
  /** Name of the custodian's account, as payers read it. */
  readonly payee: { readonly zh: string; readonly en: string };
  agreement(id: `0x${string}`): Promise<AgreementFacts | null>;
  forwardNonce(address: `0x${string}`): Promise<bigint>;
}
