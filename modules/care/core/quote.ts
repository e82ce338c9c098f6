/** An itemised quote: what is paid for, what is not included; its salted hash is pinned in the terms. */
import { commit, type Hex, toHex0x } from '@zhenmei/kernel';
import { z } from 'zod';
import { Cancellation } from './cancellation.ts';
import { Plan } from './plan.ts';
import { PledgeBps } from './pledge.ts';

export const Bilingual = z.object({ zh: z.string().min(1).max(300), en: z.string().min(1).max(300) });
export type Bilingual = z.infer<typeof Bilingual>;

export const QuoteItem = z.object({
  name: Bilingual,
  quantity: z.int().min(1).max(100),
  /** Minor units as decimal text, so that canonical JSON stays exact. */
  unitPrice: z.string().regex(/^\d{1,12}$/),
});

export const Quote = z.object({
  currency: z.enum(['CNY', 'HKD', 'SGD', 'EUR', 'USD']),
  items: z.array(QuoteItem).min(1).max(50),
  excluded: z.array(Bilingual).max(20),
  validUntil: z.iso.datetime(),
  /** The price list that it comes from; absent where the clinic has published none. */
  list: z
    .object({ version: z.int(), hash: z.string().regex(/^0x[0-9a-f]{64}$/), validFrom: z.iso.datetime() })
    .optional(),
  /** What differs from that list, by the Chinese name of the item, and why. */
  differs: z
    .array(z.object({ item: z.string().min(1).max(300), reason: Bilingual }))
    .max(50)
    .optional(),
  /** What the price is divided into; without one, all of it is paid after one treatment. */
  plan: Plan.optional(),
  /** What is kept of it near the appointment; without one, nothing. */
  cancellation: Cancellation.optional(),
  /** What the clinic pays on top if it does not come; without it, nothing. */
  pledgeBps: PledgeBps.optional(),
});
export type Quote = z.infer<typeof Quote>;

/** Sum of items in minor units. */
export function itemsTotal(items: Quote['items']): bigint {
  return items.reduce((sum, item) => sum + BigInt(item.unitPrice) * BigInt(item.quantity), 0n);
}

/** Sum of the quote's items in minor units. */
export function quoteTotal(quote: Quote): bigint {
  return itemsTotal(quote.items);
}

export function quoteHash(quote: Quote, salt: Uint8Array): Hex {
  return toHex0x(commit(salt, quote));
}
