/** The tables of payments in a token. Amounts in its own smallest unit. */
import type { Hex } from '@zhenmei/kernel';

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
    state: 'signed' | 'sent';
    created_at: Date;
    updated_at: Date;
  };
}
