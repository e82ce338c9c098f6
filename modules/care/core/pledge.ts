/**
 * What a clinic pays on top of the price if it does not come: a share that it states in its price list and puts aside in
 * its bond for each agreement. It is part of the quote, whose hash is pinned in the terms.
 */
import { z } from 'zod';

/** In 1/10,000 of the price: from 1 % to the price once more (Civil Code of China, article 587). */
export const PledgeBps = z.int().min(100).max(10_000);
export type PledgeBps = z.infer<typeof PledgeBps>;

/** Minor units of `total` that are put aside; rounded up, so that the patient never gets less than the share. */
export const pledgeOf = (total: bigint, bps: PledgeBps): bigint => (total * BigInt(bps) + 9_999n) / 10_000n;
