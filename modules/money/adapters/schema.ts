/** The tables of schema `money`. Amounts are numeric in SQL and decimal text in code, read with BigInt. */
import type { Hex } from '@zhenmei/kernel';
import type { Generated, JSONColumnType } from 'kysely';
import type { LoanState } from '../core/instalment-loan.ts';
import type { PlanJson } from '../core/instalment-plan.ts';
import type { OrderState } from '../core/payment.ts';
import type { EntryState, RailReason } from '../core/rail.ts';
import type { RailName } from '../core/rail-move.ts';
import type { Difference, ReconciliationBody } from '../core/reconcile.ts';
import type { Place } from '../core/unit-flows.ts';
import type { AbsenceTables } from './absence-schema.ts';
import type { BackingTables } from './backing-schema.ts';
import type { CardTables } from './card-schema.ts';
import type { DisputeTables } from './dispute-schema.ts';
import type { PotTables } from './pot-schema.ts';
import type { ReserveTables } from './reserve-schema.ts';
import type { TokenTables } from './token-schema.ts';
import type { VerificationTables } from './verification-schema.ts';

/** An instalment, a lender's capital for loans or for the pool behind promises, a bond, a deposit for the panel. */
export type AccountPurpose = 'instalment' | 'capital' | 'pool' | 'bond' | 'panel';

export interface MoneyDatabase
  extends DisputeTables,
    AbsenceTables,
    BackingTables,
    VerificationTables,
    PotTables,
    ReserveTables,
    CardTables,
    TokenTables {
  'money.payment_order': {
    reference: string;
    /** What the units are for; all but `agreement` stay on the payer's account. For a `pot` nothing is minted. */
    purpose: 'agreement' | AccountPurpose | 'pot';
    agreement_id: Hex | null;
    /** Null for a pot alone. */
    payer_address: Hex | null;
    pot: Generated<string | null>;
    payout: Hex | null;
    amount: string;
    currency: string;
    state: OrderState;
    bank_reference: string | null;
    pay_by: Date | null;
    created_at: Date;
    updated_at: Date;
  };
  'money.rail_entry': {
    entry: string;
    rail: RailName;
    direction: 'credit' | 'debit';
    reverses: string | null;
    reference: string;
    order_reference: string | null;
    amount: string;
    currency: string;
    /** `paid`: a debit that we asked for. */
    state: EntryState | 'paid';
    reason: RailReason | null;
    booked_at: Date;
    received_at: Date;
    explained: string | null;
    explained_at: Date | null;
    /** Of what a card paid: the capture that the acquirer knows it by. */
    capture: Generated<string | null>;
    /** The debit that took it back, and the credit that made up for it. */
    taken_by: Generated<string | null>;
    settled_by: Generated<string | null>;
    /** Whose money made up for a chargeback, as an operator says. */
    paid_by: Generated<'patient' | 'house' | null>;
  };
  'money.rail_payment': {
    key: string;
    kind: 'payout' | 'return' | 'reward' | 'rest' | 'reserve';
    pot: Generated<string | null>;
    party: string;
    amount: string;
    currency: string;
    state: 'due' | 'sent' | 'booked';
    entry: string | null;
    /** Null: not decided yet. */
    rail: RailName | null;
    /** The capture of which it gives something back, where it goes home to a card. */
    refunds: string | null;
    /** The entry about which an operator must say whose money it was. */
    asks: Generated<string | null>;
    /** What the rail knows it by, where that is not the key: it was given back once and is paid again. */
    asked_as: Generated<string | null>;
    sent_at: Generated<Date | null>;
    refused_at: Generated<Date | null>;
    created_at: Date;
    updated_at: Date;
  };
  'money.demo_bank_entry': {
    entry: string;
    direction: 'credit' | 'debit';
    reverses: string | null;
    reference: string;
    amount: string;
    currency: string;
    books_at: Date;
  };
  'money.reconciliation': {
    id: string;
    at: Date;
    body: JSONColumnType<ReconciliationBody, string, string>;
    fits: boolean;
  };
  'money.alarm': {
    id: string;
    reconciliation_id: string;
    raised_at: Date;
    differences: JSONColumnType<Difference[], string, string>;
    closed_at: Date | null;
    reason: string | null;
  };
  'money.invoice': {
    clinic: Hex;
    number: number;
    agreement_id: Hex;
    issued_at: Date;
    funded: string;
    paid: string;
    fee: string;
    refunded: string;
  };
  'money.account': {
    agreement_id: Hex;
    patient: Hex;
    clinic: Hex;
    state: string;
    funded: string;
    held: string;
    paid: string;
    fee: string;
    refunded: string;
    milestone: number;
    opened_at: Date;
    deadline: Date | null;
    /** Null in the closed loop. Amounts are in the coin's own smallest unit. */
    coin: Hex | null;
  };
  'money.cover_offer': {
    id: Hex;
    agreement_id: Hex;
    clinic: Hex;
    cover: unknown;
    terms: unknown;
    created_at: Date;
  };
  'money.cover': {
    id: Hex;
    agreement_id: Hex;
    clinic: Hex;
    cell: Hex;
    profile: number;
    price: string;
    sum: string;
    premium: string;
    until: Date;
    state: 'open' | 'claimed' | 'settled' | 'lapsed';
    opened_at: Date;
    opened_block: string | bigint;
    asked: Generated<number | null>;
    deadline: Generated<Date | null>;
    ruling: Generated<number | null>;
    silent: Generated<boolean | null>;
    from_bond: Generated<string | null>;
    from_backer: Generated<string | null>;
    payout: Generated<Hex | null>;
    paid_out: Generated<boolean>;
    pool_paid_out: Generated<boolean | null>;
    settled_block: Generated<string | bigint | null>;
  };
  'money.bond': { provider: Hex; total: string; locked: string };
  'money.price_table': { epoch: number; hash: Hex; as_of: string | bigint; posted_at: Date };
  'money.movement': {
    block: string | bigint;
    log_index: number;
    agreement_id: Hex | null;
    kind: string;
    party: Hex;
    amount: string;
    at: Date;
    coin: Hex | null;
  };
  'money.unit_flow': { place: Place; came: string; went: string };
  'money.loan_application': {
    agreement_id: Hex;
    person: Hex;
    borrower: Hex;
    payout: Hex;
    months: number;
    principal: string;
    state: 'asked' | 'offered' | 'agreed' | 'declined';
    statements: JSONColumnType<{ age20: boolean; student: boolean }>;
    lender_id: string | null;
    plan_id: Hex | null;
    plan: JSONColumnType<PlanJson | null>;
    offer: Hex | null;
    signature: Hex | null;
    created_at: Date;
    updated_at: Date;
  };
  'money.loan': {
    plan_id: Hex;
    agreement_id: Hex;
    lender: Hex;
    state: LoanState;
    body: JSONColumnType<Readonly<Record<string, string | number | boolean>>>;
    taken: string;
    to_loan: string;
    to_patient: string;
    accepted_at: Date;
    paid_out_at: Date | null;
    closed_at: Date | null;
  };
}
