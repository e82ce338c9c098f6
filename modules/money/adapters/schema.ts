/** The tables of schema `money`. Amounts are numeric in SQL and decimal text in code, read with BigInt. */
import type { Hex } from '@zhenmei/kernel';
import type { OrderState } from '../core/payment.ts';
import type { DisputeTables } from './dispute-schema.ts';

export interface MoneyDatabase extends DisputeTables {
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
}
