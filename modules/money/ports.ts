/** What money needs from outside. `apps/server` plugs these in. */
import type { Currency, Hex } from '@zhenmei/kernel';
import type { PaymentRail, PolicyPack } from '@zhenmei/policy';
import type { KeptBy, Side } from './core/absence.ts';
import type { CardAtAcquirer } from './core/card-payment.ts';
import type { CoverJson } from './core/guarantee-cover.ts';
import type { PlanJson } from './core/instalment-plan.ts';
import type { StatementEntry } from './core/rail.ts';
import type { ChainTotals } from './core/reconcile.ts';
import type { Paper } from './core/settlement-paper.ts';
import type { TokenTransfer } from './core/token-deposit.ts';
import type { ReturnAnswer } from './core/token-return.ts';

export type Tx = unknown;

export interface AgreementFacts {
  readonly agreementId: Hex;
  readonly patient: Hex;
  readonly payout: Hex;
  readonly total: bigint;
  readonly currency: string;
  /** The coin that it is held in, and its smallest units in one minor unit of the price; absent in the closed loop alone. */
  readonly coin?: { readonly token: Hex; readonly scale: bigint };
  /** True once the patient has signed and may pay. */
  readonly payable: boolean;
  /** Milliseconds since the epoch: the offer ends, and nothing is taken any more. */
  readonly payBy: number;
}

/** One payment that we ask the custodian for. The bank books it once, however often it is asked with one key. */
export interface PayOut {
  readonly key: string;
  /** Whose account: a clinic's on chain, a patient's payout reference, or the entry whose sender gets it back. */
  readonly party: string;
  readonly amount: bigint;
  readonly currency: string;
  /** The capture of which it gives something back; cards only. */
  readonly refunds?: string | null;
}

/** A custodian: tells of its statement, pays what it is asked to. */
export interface RailPort {
  /** Entries booked at or after `from` (milliseconds), in the order of booking. May tell again what it told. */
  entriesFrom(from: number): Promise<readonly StatementEntry[]>;
  /** The closing balance of all that is booked. */
  balance(currency: string): Promise<bigint>;
  /** `refused`: it will not be paid as it was asked for, and nothing has left. Asked again under its key, it is paid once. */
  pay(order: PayOut): Promise<'taken' | 'refused'>;
}

/**
 * An acquirer of cards: a rail whose statement has captures, refunds, chargebacks and its transfers to our bank. The card's
 * number is asked for on its own page and never comes here.
 */
export interface CardPort extends RailPort {
  /** Opens a payment, once a key. Throws CARD_UNAVAILABLE. */
  begin(payment: {
    readonly key: string;
    readonly reference: string;
    readonly amount: bigint;
    readonly currency: string;
    /** Where its page sends the payer afterwards. */
    readonly returnTo: string;
  }): Promise<{ readonly number: string; readonly url: string }>;
  /** Throws CARD_UNAVAILABLE. */
  read(number: string): Promise<CardAtAcquirer>;
  /** Takes what was authorised, or lets it go; done already is done. */
  capture(number: string): Promise<void>;
  release(number: string): Promise<void>;
  /** Which payment a message is about; null if the acquirer did not sign it. */
  heard(message: CardMessage): { readonly id: string; readonly number: string } | null;
  /** Chargebacks that are not decided, and those decided lately. */
  disputes(): Promise<readonly CardDispute[]>;
  /** Answered already is answered. Throws CARD_DISPUTE_CLOSED. */
  answerDispute(id: string, answer: string): Promise<void>;
}

export interface CardMessage {
  readonly payload: string;
  readonly signature: string;
}

export interface CardDispute {
  readonly id: string;
  /** The capture that is charged back. */
  readonly entry: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly state: 'open' | 'answered' | 'won' | 'lost';
  /** Milliseconds since the epoch. */
  readonly respondBy: number;
}

/** Coins as the ledger knows them, named by the operator or no longer. */
export interface CoinLedger {
  /** What a coin says of itself. Throws COIN_SCALE_UNKNOWN. */
  coinOf(token: Hex): Promise<{ readonly symbol: string; readonly digits: number }>;
  /** On an account, in the coin's smallest unit, as of the last block that counts here. */
  balanceOf(token: Hex, account: Hex): Promise<bigint>;
}

/** One network on which agreements are paid in a token. Reads only: what lies at an address only its key can move. */
export interface TokenChainPort {
  readonly chainId: number;
  /** The newest block that counts. */
  head(): Promise<number>;
  /** Null if there is no such block. */
  hashOf(block: number): Promise<Hex | null>;
  /** Every ERC-20 transfer to or from these addresses in these blocks, both included, whatever the token. */
  transfers(addresses: readonly Hex[], from: number, to: number): Promise<readonly TokenTransfer[]>;
  /** What lies there at the end of that block. */
  balance(token: Hex, address: Hex, block: number): Promise<bigint>;
  /** The same of many, in their order and in few questions. */
  balances(
    asked: readonly { readonly token: Hex; readonly address: Hex }[],
    block: number,
  ): Promise<readonly bigint[]>;
  /** Whether the token would let the address pay that much to the escrow now; tried without doing it. */
  moves(token: Hex, address: Hex, amount: bigint): Promise<boolean>;
  /** The token that this agreement is held in and its decimals; null if it is none of this house's coins. */
  tokenOf(
    agreement: Hex,
  ): Promise<{ readonly token: Hex; readonly digits: number; readonly symbol: string } | null>;
  /** What has been seen at an address and is not confirmed yet. */
  seen(address: Hex): Promise<readonly TokenTransfer[]>;
  /** Permits (ERC-2612) that the address has given of this token; 0 where it knows none. */
  permits(token: Hex, address: Hex): Promise<bigint>;
  /** What the address needs to sign a transaction on this network. */
  sending(address: Hex): Promise<{ readonly nonce: number; readonly maxFeePerGas: bigint }>;
  /** Where the escrow's refunds come from. */
  readonly escrow: Hex;
  /** What the escrow has of a token now. */
  escrowHas(token: Hex): Promise<bigint>;
  /**
   * Sends what a payer signed, if the network asks nothing for it or its address can pay, and says what became of it.
   * Throws CHAIN_UNAVAILABLE.
   */
  sendFree(signed: Hex): Promise<ReturnAnswer>;
  /** What a signed transaction would do, if it is one transfer of one token; null otherwise. */
  readReturn(signed: Hex): Promise<SignedReturn | null>;
}

/** A transfer of a token that only awaits being sent. Whoever sends it can change nothing in it. */
export interface SignedReturn {
  readonly hash: Hex;
  readonly chainId: number;
  readonly from: Hex;
  readonly token: Hex;
  readonly to: Hex;
  readonly amount: bigint;
}

/** Who an agreement is paid to, and what its region lets patients pay with. */
export interface RailsFacts {
  readonly clinic: Hex;
  readonly rails: readonly PaymentRail[];
  /** Where the payer reads her visit. */
  readonly page: string;
}

/** Documents on paper, and what an invoice lists; another module knows the items. */
export interface PaperPort {
  print(paper: Paper): Promise<Uint8Array<ArrayBuffer>>;
  itemsOf(agreementId: Hex): Promise<
    readonly {
      readonly name: { readonly zh: string; readonly en: string };
      readonly quantity: number;
      readonly unitPrice: bigint;
    }[]
  >;
}

/** What the chain says of the money, read from its state and not from our tables. */
export interface ChainMoneyPort {
  /** Units in all, and those that the escrow and each other contract hold. One block for all. */
  totals(): Promise<ChainTotals & { readonly block: number }>;
  /** What the escrow holds for each of these agreements. */
  held(agreements: readonly Hex[]): Promise<ReadonlyMap<Hex, bigint>>;
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
  /** The panel's account in promises that name it; null where the ledger has none. */
  readonly panel: Hex | null;
  coverId(cover: CoverJson): Hex;
  nameOf(account: Hex): Promise<{ readonly zh: string; readonly en: string }>;
}

export interface RelayPort {
  /** Queues a patient's forward request if policy allows it. Throws RELAY_REFUSED, or as `assertReport` does. */
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

export interface Lender {
  readonly account: Hex;
  readonly name: { readonly zh: string; readonly en: string };
  /** Registered here as a lender. */
  readonly licensed: boolean;
}

/** What instalments need of the chain and of the other modules. */
export interface LoanPort {
  /** The book's address as a payout reference: an agreement with it is to be paid by instalments. */
  readonly book: Hex;
  readonly packs: readonly PolicyPack[];
  lender(organisationId: string): Promise<Lender | null>;
  planId(plan: PlanJson): Hex;
  /** Whether the lender's account signed the plan. */
  offerSigned(plan: PlanJson, signature: Hex): Promise<boolean>;
  /** Whether the borrower's key signed `Agreement(bytes32 agreement)`. */
  agreementSigned(agreement: Hex, borrower: Hex, signature: Hex): Promise<boolean>;
  /** Whether this key signed these words. */
  wordsSigned(words: string, by: Hex, signature: Hex): Promise<boolean>;
  /** Sends an act that anybody may send, once under its key. Throws CHAIN_REVERTED. */
  act(
    key: string,
    act: { name: 'payOut'; plan: PlanJson; signature: Hex } | { name: LoanAct; plan: PlanJson },
  ): Promise<void>;
  pool(account: Hex): Promise<{
    readonly cash: bigint;
    readonly outstanding: bigint;
    readonly impaired: bigint;
    readonly ours: bigint;
  }>;
}
export type LoanAct = 'settle' | 'impair' | 'writeOff' | 'collect';
/** What of an agreement's visit decides about reports of absence; milliseconds, `coolingOff` in seconds. */
export interface AbsenceAgreement {
  readonly patient: Hex;
  readonly terms: KeptBy;
  readonly coolingOff: number;
  readonly startsAt: number;
  /** The present part has no appointment yet. */
  readonly needsTime: boolean;
  readonly came: boolean;
  readonly treated: boolean;
}

export interface AbsencePort {
  /** The report that a call to the chain makes; null if it makes none. Throws RELAY_REFUSED if it cannot be read. */
  reportIn(call: {
    readonly to: Hex;
    readonly data: Hex;
  }): { readonly agreement: Hex; readonly by: Side } | null;
  /** Whether this ledger's escrow takes reports of absence. */
  known(): Promise<boolean>;
  /** Null if the agreement was not made here. */
  agreement(id: Hex): Promise<AbsenceAgreement | null>;
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
  /** Of the price; null if the agreement was not made here. */
  currency(agreement: Hex): Promise<Currency | null>;
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
  /** How the pictures of a case lie: known to the house alone until the votes are in. */
  layoutSecret(panel: string, round: number): Hex;
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
  readonly name: Named;
}

interface Named {
  readonly zh: string;
  readonly en: string;
}

export interface DisputePaperFacts {
  /** Of the procedure; the scale for its pictures follows from it. */
  readonly code: string;
  readonly procedure: Named;
  readonly quote: { readonly name: Named; readonly quantity: number; readonly unitPrice: string }[];
  readonly excluded: Named[];
  readonly consent: { readonly template: string; readonly version: string } | null;
  readonly unit: string | null;
  readonly lot: string | null;
  readonly record: string | null;
  readonly history: { readonly type: string; readonly at: string }[];
}

/** What paid checks need of the chain. */
export interface VerificationPort {
  /** Units on an account, in minor units. */
  units(account: Hex): Promise<bigint>;
  /** Free part of a verifier's bond. */
  bond(verifier: Hex): Promise<bigint>;
  /** What an account may take out now, in minor units. */
  credit(account: Hex): Promise<bigint>;
  /** The number on the ledger of the payment of an order; who paid may give back what is left of it. */
  paymentRef(reference: string): Hex;
  /** What of a payment this account may still give back, in minor units; nothing if it is another's. */
  returnable(payment: Hex, account: Hex): Promise<bigint>;
  /** Whether this key signed these words as a personal message. */
  signedBy(words: string, by: Hex, signature: Hex): Promise<boolean>;
  /** What silent and wrong verifiers lost, on its way to the fund for patients. */
  lost(): Promise<bigint>;
  /** Throws CHAIN_REVERTED. */
  openSecret(task: string, secret: Hex): Promise<void>;
  /** The commitment of an answer, or null if its verifier's account did not sign it. */
  signed(answer: AttestationFacts, salt: Hex, signature: Hex): Promise<Hex | null>;
  /** Throws CHAIN_REVERTED. */
  setPay(pay: bigint): Promise<void>;
}

export interface AttestationFacts {
  readonly task: string;
  readonly round: number;
  readonly verifier: Hex;
  readonly subject: Hex;
  readonly failed: number;
  readonly checkedOn: number;
  readonly evidence: Hex;
}
