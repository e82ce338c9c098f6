/** The tables of schema `money`. Amounts are numeric in SQL and decimal text in code, read with BigInt. */
import type { Hex } from '@zhenmei/kernel';
import type { JSONColumnType } from 'kysely';
import type { LoanState } from '../core/instalment-loan.ts';
import type { PlanJson } from '../core/instalment-plan.ts';
import type { OrderState } from '../core/payment.ts';

export interface MoneyDatabase {
  'money.payment_order': {
    reference: string;
    agreement_id: Hex;
    payer_address: Hex;
    payout: Hex;
    amount: string;
    currency: string;
    state: OrderState;
    bank_reference: string | null;
    created_at: Date;
    updated_at: Date;
  };
  'money.unmatched_credit': {
    bank_reference: string;
    reference: string;
    amount: string;
    currency: string;
    reason: string;
    received_at: Date;
    returned_at: Date | null;
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
  };
  'money.movement': {
    block: string | bigint;
    log_index: number;
    agreement_id: Hex | null;
    kind: string;
    party: Hex;
    amount: string;
    at: Date;
  };
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
  'money.loan_order': {
    reference: string;
    purpose: 'instalment' | 'capital';
    agreement_id: Hex | null;
    payer_address: Hex;
    amount: string;
    currency: string;
    state: OrderState;
    bank_reference: string | null;
    created_at: Date;
    updated_at: Date;
  };
}
