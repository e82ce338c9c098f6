/** An attempt to pay by card, as its payer sees it. */
import type { z } from 'zod';
import type { CardTables } from '../../adapters/card-schema.ts';
import type { CardView } from '../../rails-api.ts';

type Row = Pick<
  CardTables['money.card_payment'],
  'state' | 'amount' | 'brand' | 'last4' | 'url' | 'updated_at'
>;

export const viewCard = (row: Row): z.infer<typeof CardView> => ({
  state: row.state,
  amount: row.amount,
  brand: row.brand,
  last4: row.last4,
  // the page is of use until the acquirer has decided
  url: row.state === 'open' || row.state === 'challenge' ? row.url : null,
  at: row.updated_at.toISOString(),
});
