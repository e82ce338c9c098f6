/**
 * The custodian of the demo: a bank with customers who pay late, twice, in parts, with a wrong reference, or take their
 * money back. It speaks to the house by its statement only, as a real one would.
 */
import { HOUR, MINUTE, sha256, toHex, utf8 } from '@zhenmei/kernel';
import { type Kysely, sql } from 'kysely';
import type { StatementEntry } from '../core/rail.ts';
import type { PayOut, RailPort } from '../ports.ts';
import type { MoneyDatabase } from './schema.ts';

/** How a customer of the bank pays. */
export const DEMO_PAYMENTS = [
  'exact',
  'part',
  'twice',
  'late',
  'too-much',
  'wrong-reference',
  'reversed',
] as const;
export type DemoPayment = (typeof DEMO_PAYMENTS)[number];

export interface DemoTransfer {
  readonly reference: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly how: DemoPayment;
  /** Milliseconds: a late payment is booked after this. */
  readonly payBy: number;
  /** The same key is the same payment. */
  readonly key: string;
}

type Db = Kysely<MoneyDatabase>;
type Booking = Omit<StatementEntry, 'currency' | 'direction' | 'reverses' | 'entry'> &
  Partial<Pick<StatementEntry, 'direction' | 'reverses'>>;

/** Milliseconds after which the bank takes a payment back. */
const REVERSED_AFTER = HOUR;

/** What the transfer becomes in the statement. */
export function bookingsOf({ reference, amount, how, payBy }: DemoTransfer, now: number): Booking[] {
  const one: Booking = { reference, amount, bookedAt: now };
  switch (how) {
    case 'exact':
      return [one];
    case 'part':
      return [{ ...one, amount: (amount * 2n) / 5n || 1n }];
    case 'twice':
      return [one, one];
    case 'late':
      return [{ ...one, bookedAt: Math.max(now, payBy + MINUTE) }];
    case 'too-much':
      return [{ ...one, amount: amount + 10_000n }];
    case 'wrong-reference':
      return [{ ...one, reference: reference.slice(0, -1) }];
    case 'reversed':
      return [one, { ...one, direction: 'debit', bookedAt: now + REVERSED_AFTER }];
  }
}

/** The bank's own number: 16 digits and letters, the same for the same cause. */
const numberOf = (cause: string): string =>
  toHex(sha256(utf8(cause)))
    .slice(0, 16)
    .toUpperCase();

/** @returns the numbers of the entries, as the customer reads them on a statement */
export async function transferAtDemoBank(db: Db, transfer: DemoTransfer, now: number): Promise<string[]> {
  const numbers: string[] = [];
  for (const [i, { reference, amount, bookedAt, direction }] of bookingsOf(transfer, now).entries()) {
    const entry = numberOf(`${transfer.reference}/${transfer.key}${i === 0 ? '' : `/${i}`}`);
    numbers.push(entry);
    await db
      .insertInto('money.demo_bank_entry')
      .values({
        entry,
        direction: direction ?? 'credit',
        reverses: direction === 'debit' ? numbers[0]! : null,
        reference,
        amount: amount.toString(),
        currency: transfer.currency,
        books_at: new Date(bookedAt),
      })
      .onConflict((c) => c.doNothing())
      .execute();
  }
  return numbers;
}

/** @param now milliseconds since the epoch */
export function demoBank(db: Db, now: () => number): RailPort {
  return {
    async entriesFrom(from) {
      const rows = await db
        .selectFrom('money.demo_bank_entry')
        .selectAll()
        .where('books_at', '>=', new Date(from))
        .where('books_at', '<=', new Date(now()))
        .orderBy('books_at')
        .orderBy(sql`reverses is not null`)
        .orderBy('entry')
        .execute();
      return rows.map(({ books_at, amount, ...row }) => ({
        ...row,
        amount: BigInt(amount),
        bookedAt: books_at.getTime(),
      }));
    },
    async balance(currency) {
      const { rows } = await sql<{ sum: string }>`
        select coalesce(sum(case direction when 'credit' then amount else -amount end), 0)::text as sum
        from money.demo_bank_entry where currency = ${currency} and books_at <= ${new Date(now())}`.execute(
        db,
      );
      return BigInt(rows[0]!.sum);
    },
    async pay({ key, amount, currency }: PayOut) {
      await db
        .insertInto('money.demo_bank_entry')
        .values({
          entry: numberOf(`out/${key}`),
          direction: 'debit',
          reverses: null,
          reference: key,
          amount: amount.toString(),
          currency,
          books_at: new Date(now()),
        })
        .onConflict((c) => c.doNothing())
        .execute();
      return 'taken' as const;
    },
  };
}
