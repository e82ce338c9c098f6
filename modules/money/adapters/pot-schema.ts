/** Pots as a table. Amounts are decimal text of minor units. */
import type { Generated } from 'kysely';

export interface PotTables {
  'money.pot': { id: string; currency: string; came: Generated<string>; went: Generated<string> };
}
