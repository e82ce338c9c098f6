/** What money needs from outside. `apps/server` plugs these in. */
import type { Hex } from '@zhenmei/kernel';

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

/** What disputes need from outside: who is who, what the visit says, and what is sent to the chain. */
export interface DisputePort {
  /** Which side of the agreement this reader is, or null. */
  side(
    agreement: Hex,
    reader: { readonly token: string | null; readonly organisationId: string | null },
  ): Promise<'patient' | 'clinic' | null>;
  /** Amounts of the milestones, in order; null if the agreement was not made here. */
  milestones(agreement: Hex): Promise<readonly bigint[] | null>;
  organisation(id: string): Promise<{ readonly kind: string; readonly account: Hex } | null>;
  splitSigned(
    split: { readonly agreement: Hex; readonly milestone: number; readonly refund: bigint },
    by: 'patient' | 'clinic',
    signature: Hex,
  ): Promise<boolean>;
  /** Carries a split out that both signed. Throws CHAIN_REVERTED. */
  split(agreement: Hex, refund: bigint, patient: Hex, clinic: Hex): Promise<void>;
  /** Throws CHAIN_REVERTED. */
  openSecret(panel: string, side: 'patient' | 'clinic', secret: Hex): Promise<void>;
  purse(account: Hex): Promise<bigint>;
  /** What the visit's own events say, without a name. */
  facts(agreement: Hex): Promise<DisputePaperFacts>;
  candidates(): Promise<readonly Candidate[]>;
}

export interface Candidate {
  readonly id: string;
  readonly kind: 'assessor' | 'clinic';
  readonly account: Hex;
  readonly tags: [Hex, Hex, Hex];
  readonly appointed: boolean;
}

interface Named {
  readonly zh: string;
  readonly en: string;
}

export interface DisputePaperFacts {
  readonly procedure: Named;
  readonly quote: { readonly name: Named; readonly quantity: number; readonly unitPrice: string }[];
  readonly excluded: Named[];
  readonly consent: { readonly template: string; readonly version: string } | null;
  readonly unit: string | null;
  readonly lot: string | null;
  readonly record: string | null;
  readonly history: { readonly type: string; readonly at: string }[];
}
