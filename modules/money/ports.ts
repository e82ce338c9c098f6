/** What money needs from outside. `apps/server` plugs these in. */
import type { Hex } from '@zhenmei/kernel';
import type { CoverJson } from './core/guarantee-cover.ts';

export type Tx = unknown;

export interface AgreementFacts {
  readonly agreementId: Hex;
  readonly patient: Hex;
  readonly payout: Hex;
  readonly total: bigint;
  readonly currency: string;
  /** True once the patient has signed and may pay. */
  readonly payable: boolean;
}

export interface SettlementPort {
  /** Queues the minting of `amount` to `to` against `reference`, in the caller's transaction. Idempotent by reference. */
  mint(tx: Tx, order: { reference: string; to: Hex; amount: bigint }): Promise<void>;
}

export interface GuaranteePort {
  /** The agreement's terms and the last second in which its last milestone may be claimed; null if unknown here. */
  agreement(id: Hex): Promise<{ readonly terms: unknown; readonly dueBy: number } | null>;
  /** Whose ruling counts; null where nobody decides yet, and then nothing is promised. */
  arbiter(): Promise<Hex | null>;
  coverId(cover: CoverJson): Hex;
  nameOf(account: Hex): Promise<{ readonly zh: string; readonly en: string }>;
}

export interface RelayPort {
  /** Queues a patient's forward request if policy allows it. Throws RELAY_REFUSED. */
  forward(request: ForwardRequest, signature: Hex): Promise<{ key: string }>;
  /** Waits until the queued transaction is on chain. Throws CHAIN_REVERTED. */
  settled(key: string): Promise<{ hash: Hex; block: number }>;
}

/** ERC-2771 forward request as OpenZeppelin's forwarder signs it. Numbers are decimal text. */
export interface ForwardRequest {
  readonly from: Hex;
  readonly to: Hex;
  readonly value: string;
  readonly gas: string;
  readonly nonce: string;
  readonly deadline: number;
  readonly data: Hex;
}
