/** The tables of payments in a token. Amounts in its own smallest unit. */
import type { Hex } from '@zhenmei/kernel';
import type { Generated } from 'kysely';
import type { ReturnTrouble } from '../core/token-return.ts';

export interface TokenTables {
  'money.token_deposit': {
    order_reference: string;
    chain_id: string | number;
    token: Hex;
    address: Hex;
    amount: string;
    digits: number;
    created_at: Date;
  };
  'money.token_transfer': {
    chain_id: string | number;
    block: string | number;
    log_index: number;
    token: Hex;
    sender: Hex;
    receiver: Hex;
    amount: string;
    at: Date;
  };
  'money.token_block': { chain_id: string | number; number: string | number; hash: Hex };
  'money.token_return': {
    hash: Hex;
    order_reference: string;
    chain_id: string | number;
    token: Hex;
    receiver: Hex;
    amount: string;
    signed: Hex;
    state: 'signed' | 'sent' | 'refused';
    /** Why it does not go, how often in a row it was tried, and when it is tried next. */
    trouble: Generated<ReturnTrouble | null>;
    tries: Generated<number>;
    next_at: Generated<Date>;
    created_at: Date;
    updated_at: Date;
  };
}
