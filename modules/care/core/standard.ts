/**
 * A service standard: the published, versioned conditions under which held money is released.
 * Its hash is pinned in the terms, so an agreement is always judged by the version it was signed under.
 */
import { canonicalJson, type Hex, sha256, toHex0x, utf8 } from '@zhenmei/kernel';
import { z } from 'zod';
import { Bilingual } from './quote.ts';

export const ServiceStandard = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,60}$/),
  version: z.string().regex(/^\d+\.\d+$/),
  title: Bilingual,
  conditions: z
    .array(
      z.object({ id: z.enum(['licence', 'product', 'consent', 'attendance', 'record']), text: Bilingual }),
    )
    .min(1),
  /** Seconds in which the patient may object after a claim. */
  acceptanceWindow: z.int().min(3600),
  /** Seconds from the appointment until an unperformed agreement is refunded. */
  dueAfter: z.int().min(86_400),
  arbiterWindow: z.int().min(86_400),
  /** Basis points to the patient if the arbiter stays silent. */
  defaultSplitBps: z.int().min(0).max(10_000),
  feeBps: z.int().min(0).max(500),
});
export type ServiceStandard = z.infer<typeof ServiceStandard>;

export function standardHash(standard: ServiceStandard): Hex {
  return toHex0x(sha256(utf8(canonicalJson(standard))));
}
