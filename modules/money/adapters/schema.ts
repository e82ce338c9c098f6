/** The tables of schema `money`. Amounts are numeric in SQL and decimal text in code, read with BigInt. */
import type { Hex } from '@zhenmei/kernel';
import type { Generated } from 'kysely';
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
    settled_block: Generated<string | bigint | null>;
  };
  'money.bond': { provider: Hex; total: string; locked: string };
  'money.price_table': { epoch: number; hash: Hex; as_of: string | bigint; posted_at: Date };
  'money.bond_order': {
    reference: string;
    provider: Hex;
    amount: string;
    currency: string;
    state: 'expected' | 'received' | 'minted' | 'placed';
    bank_reference: string | null;
    created_at: Date;
    updated_at: Date;
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
