/** What happens at the demo's acquirer beside the house: its page, its customers' banks, its transfers to our bank. */
import { AppError, DAY } from '@zhenmei/kernel';
import { sql } from 'kysely';
import type { CardState } from '../core/card-payment.ts';
import { DEMO_CARDS, type DemoAcquirer, type DemoCard, leftOf, numberOf } from './demo-acquirer-books.ts';

/** Days in which a chargeback may be answered. */
const ANSWER_DAYS = 14;

/** Its page as the payer sees it. Throws CARD_UNAVAILABLE. */
export async function readAcquirerPage({ db, now }: DemoAcquirer, number: string) {
  const row = await db
    .selectFrom('money.demo_card')
    .selectAll()
    .where('number', '=', number)
    .executeTakeFirst();
  if (!row) throw new AppError('CARD_UNAVAILABLE');
  const over = row.expires_at.getTime() < now() && (row.state === 'open' || row.state === 'challenge');
  return {
    state: over ? ('voided' as const) : row.state,
    amount: row.amount,
    currency: row.currency,
    returnTo: row.return_to,
  };
}

/** The payer gives her card on the acquirer's page; only the first one counts. @returns what became of it */
export async function presentCard(
  { db, now }: DemoAcquirer,
  number: string,
  card: DemoCard,
): Promise<CardState> {
  await db
    .updateTable('money.demo_card')
    .set({ card, state: DEMO_CARDS[card].answer })
    .where('number', '=', number)
    .where('state', '=', 'open')
    .where('expires_at', '>=', new Date(now()))
    .execute();
  return stateOf(db, number);
}

/** Her bank asked whether it was she (3-D Secure), and this is her answer. */
export async function answerChallenge(
  { db, now }: DemoAcquirer,
  number: string,
  yes: boolean,
): Promise<CardState> {
  await db
    .updateTable('money.demo_card')
    .set({ state: yes ? 'authorised' : 'declined' })
    .where('number', '=', number)
    .where('state', '=', 'challenge')
    .where('expires_at', '>=', new Date(now()))
    .execute();
  return stateOf(db, number);
}

async function stateOf(db: DemoAcquirer['db'], number: string): Promise<CardState> {
  const row = await db
    .selectFrom('money.demo_card')
    .select('state')
    .where('number', '=', number)
    .executeTakeFirst();
  if (!row) throw new AppError('CARD_UNAVAILABLE');
  return row.state;
}

/** A payer's bank takes a capture back, wholly or in part: never more than is left of it. @returns the dispute's number */
export async function chargeBack(
  { db, now }: DemoAcquirer,
  capture: string,
  amount: bigint,
): Promise<string> {
  const id = numberOf('DSP', `${capture}/${amount}`);
  await db.transaction().execute(async (tx) => {
    if ((await leftOf(tx, capture)) < amount) throw new AppError('CARD_DISPUTE_CLOSED');
    const { number, currency } = await tx
      .selectFrom('money.demo_card_entry')
      .selectAll()
      .where('entry', '=', capture)
      .executeTakeFirstOrThrow();
    const booked = { number, of_entry: capture, amount: amount.toString(), currency };
    await tx
      .insertInto('money.demo_card_entry')
      .values({
        ...booked,
        entry: numberOf('CHB', id),
        kind: 'chargeback',
        reference: id,
        books_at: new Date(now()),
      })
      .execute();
    await tx
      .insertInto('money.demo_card_dispute')
      .values({
        id,
        of_entry: capture,
        amount: amount.toString(),
        currency,
        state: 'open',
        respond_by: new Date(now() + ANSWER_DAYS * DAY),
      })
      .execute();
  });
  return id;
}

/** Decides about a chargeback that the house has answered; won, the money comes back under the order's reference. */
export async function decideDispute({ db, now }: DemoAcquirer, id: string, won: boolean): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const row = await tx
      .updateTable('money.demo_card_dispute')
      .set({ state: won ? 'won' : 'lost' })
      .where('id', '=', id)
      .where('state', '=', 'answered')
      .returningAll()
      .executeTakeFirst();
    if (!row) throw new AppError('CARD_DISPUTE_CLOSED');
    if (!won) return;
    const { number, reference } = await tx
      .selectFrom('money.demo_card_entry')
      .selectAll()
      .where('entry', '=', row.of_entry)
      .executeTakeFirstOrThrow();
    await tx
      .insertInto('money.demo_card_entry')
      .values({
        entry: numberOf('REI', id),
        number,
        kind: 'reinstated',
        of_entry: row.of_entry,
        undoes: numberOf('CHB', id),
        reference,
        amount: row.amount,
        currency: row.currency,
        books_at: new Date(now()),
      })
      .execute();
  });
}

/**
 * Pays all that it holds to the house's bank, under one number on both sides. Of several processes that do it at once, one
 * does. @param since milliseconds since the epoch: not again where it was done from then on
 * @returns the amount, 0 if it holds nothing
 */
export async function settleToBank(
  { db, now }: DemoAcquirer,
  currency: string,
  arrives: number,
  since = Number.POSITIVE_INFINITY,
): Promise<bigint> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('money.demo_card_entry/settlement'))`.execute(tx);
    if (Number.isFinite(since)) {
      const done = await tx
        .selectFrom('money.demo_card_entry')
        .select('entry')
        .where('kind', '=', 'settlement')
        .where('currency', '=', currency)
        .where('books_at', '>=', new Date(since))
        .executeTakeFirst();
      if (done) return 0n;
    }
    const rows = await tx
      .selectFrom('money.demo_card_entry')
      .select(['kind', 'amount'])
      .where('currency', '=', currency)
      .where('books_at', '<=', new Date(now()))
      .execute();
    const held = rows.reduce(
      (sum, { kind, amount }) =>
        kind === 'capture' || kind === 'reinstated' ? sum + BigInt(amount) : sum - BigInt(amount),
      0n,
    );
    if (held <= 0n) return 0n;
    const reference = numberOf('ACQ', `${now()}`);
    const both = { reference, amount: held.toString(), currency };
    await tx
      .insertInto('money.demo_card_entry')
      .values({
        ...both,
        entry: reference.replace('ACQ', 'SET'),
        number: null,
        kind: 'settlement',
        of_entry: null,
        books_at: new Date(now()),
      })
      .execute();
    await tx
      .insertInto('money.demo_bank_entry')
      .values({
        ...both,
        entry: reference.replace('ACQ-', '0BNK'),
        direction: 'credit',
        reverses: null,
        books_at: new Date(arrives),
      })
      .execute();
    return held;
  });
}
