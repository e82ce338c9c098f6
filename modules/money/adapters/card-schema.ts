/** The tables of cards: attempts, chargebacks, which clinic takes what, and the demo acquirer's own books. */
import type { Hex } from '@zhenmei/kernel';
import type { Generated } from 'kysely';
import type { CardState } from '../core/card-payment.ts';

export interface CardTables {
  'money.clinic_rail': { clinic: Hex; rail: 'card' | 'token'; since: Date };
  'money.card_payment': {
    id: string;
    order_reference: string;
    number: string;
    url: string;
    amount: string;
    currency: string;
    state: CardState;
    brand: string | null;
    last4: string | null;
    token: string | null;
    created_at: Date;
    updated_at: Date;
  };
  'money.card_event': { id: string; received_at: Date };
  'money.card_dispute': {
    id: string;
    entry: string;
    amount: string;
    currency: string;
    state: 'open' | 'answered' | 'won' | 'lost';
    respond_by: Date;
    answer: string | null;
    updated_at: Date;
  };
  'money.demo_card': {
    number: string;
    key: string;
    reference: string;
    amount: string;
    currency: string;
    return_to: string;
    state: CardState;
    card: string | null;
    expires_at: Date;
  };
  'money.demo_card_entry': {
    entry: string;
    number: string | null;
    kind: 'capture' | 'refund' | 'chargeback' | 'reinstated' | 'settlement';
    of_entry: string | null;
    /** The chargeback that is given back. */
    undoes: Generated<string | null>;
    reference: string;
    amount: string;
    currency: string;
    books_at: Date;
  };
  'money.demo_card_dispute': {
    id: string;
    of_entry: string;
    amount: string;
    currency: string;
    state: 'open' | 'answered' | 'won' | 'lost';
    respond_by: Date;
    answered_at: Generated<Date | null>;
  };
}
