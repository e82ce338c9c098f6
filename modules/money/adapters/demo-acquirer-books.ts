/** What the demo's acquirer keeps: its payments, its test cards, and what is left of each capture. */
import { DAY, sha256, toHex, utf8 } from '@zhenmei/kernel';
import { type Kysely, sql } from 'kysely';
import type { CardState } from '../core/card-payment.ts';
import type { MoneyDatabase } from './schema.ts';

type Db = Kysely<MoneyDatabase>;

export interface DemoAcquirer {
  readonly db: Db;
  /** Shared with the house: messages are signed with it (HMAC-SHA-256). */
  readonly secret: Uint8Array;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Address of its page for a payment. */
  pageOf(number: string): string;
}

/** Its own number: twelve digits and letters, the same for the same cause. */
export const numberOf = (kind: string, cause: string): string =>
  `${kind}-${toHex(sha256(utf8(`${kind}/${cause}`)))
    .slice(0, 12)
    .toUpperCase()}`;

/** The test cards. `bookedAfter`: milliseconds from the capture until it stands in the statement. */
export const DEMO_CARDS = {
  plain: { brand: 'UnionPay', last4: '0006', answer: 'authorised', bookedAfter: 0 },
  challenge: { brand: 'Visa', last4: '3220', answer: 'challenge', bookedAfter: 0 },
  declined: { brand: 'Visa', last4: '0002', answer: 'declined', bookedAfter: 0 },
  late: { brand: 'Mastercard', last4: '0077', answer: 'authorised', bookedAfter: 20 * DAY },
} as const satisfies Record<string, { brand: string; last4: string; answer: CardState; bookedAfter: number }>;
export type DemoCard = keyof typeof DEMO_CARDS;

/** What of a capture was neither refunded nor taken back; locks it. */
export async function leftOf(tx: Db, capture: string): Promise<bigint> {
  const row = await tx
    .selectFrom('money.demo_card_entry')
    .select('amount')
    .where('entry', '=', capture)
    .where('kind', '=', 'capture')
    .forUpdate()
    .executeTakeFirst();
  if (!row) return 0n;
  const taken = await tx
    .selectFrom('money.demo_card_entry')
    .select(
      sql<string>`coalesce(sum(case kind when 'reinstated' then -amount else amount end), 0)::text`.as('sum'),
    )
    .where('of_entry', '=', capture)
    .executeTakeFirst();
  return BigInt(row.amount) - BigInt(taken?.sum ?? 0);
}
