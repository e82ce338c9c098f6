/** The operator's reserve as tables. Amounts are decimal text of minor units. */
import type { Generated } from 'kysely';

export interface ReserveTables {
  'money.reserve': { currency: string; reference: string };
  'money.reserve_cover': {
    id: Generated<string>;
    debit: string;
    line: string;
    amount: string;
    since: Date;
    ended_at: Generated<Date | null>;
  };
  'money.reserve_out': { key: string; currency: string; amount: string; at: Date };
}
