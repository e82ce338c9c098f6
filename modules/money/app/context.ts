import type { Clock, Random } from '@zhenmei/kernel';
import type { Kysely } from 'kysely';
import type { MoneyDatabase } from '../adapters/schema.ts';
import type { BackingPort } from '../backing-port.ts';
import type {
  AbsencePort,
  AgreementFacts,
  CardPort,
  ChainMoneyPort,
  DisputePort,
  GuaranteePort,
  LoanPort,
  RailPort,
  RailsFacts,
  RelayPort,
  SettlementPort,
  TokenChainPort,
  VerificationPort,
} from '../ports.ts';

export interface MoneyContext {
  readonly db: Kysely<MoneyDatabase>;
  readonly clock: Clock;
  readonly random: Random;
  readonly settlement: SettlementPort;
  readonly relay: RelayPort;
  /** Null where no custodian is connected: nothing can be paid then. */
  readonly rail: RailPort | null;
  /** Null where no acquirer of cards is connected. */
  readonly card: CardPort | null;
  /** Null where agreements are paid in no token. */
  readonly tokens: TokenChainPort | null;
  readonly chainMoney: ChainMoneyPort;
  readonly guarantee: GuaranteePort;
  readonly backing: BackingPort;
  readonly disputes: DisputePort;
  readonly absences: AbsencePort;
  readonly checks: VerificationPort;
  /** Name of the custodian's account, as payers read it. */
  readonly payee: { readonly zh: string; readonly en: string };
  /** Null where the chain's contracts know no loans. */
  readonly loans: LoanPort | null;
  agreement(id: `0x${string}`): Promise<AgreementFacts | null>;
  /** Null for an agreement that was not made here. */
  railsOf(id: `0x${string}`): Promise<RailsFacts | null>;
  /** What the region of a clinic's account lets its patients pay with. */
  railsOfClinic(clinic: `0x${string}`): Promise<RailsFacts['rails']>;
  forwardNonce(address: `0x${string}`): Promise<bigint>;
}
