/**
 * The acquirer of the demo: authorises, asks for a confirmation (3-D Secure), captures, refunds, takes back and pays what
 * it holds to the house's bank. It keeps its own books; the house sees its answers, its statement and its signed messages.
 * Its page takes no number: a payer chooses one of its test cards.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { AppError, MINUTE } from '@zhenmei/kernel';
import { sql } from 'kysely';
import type { CardMessage, CardPort } from '../ports.ts';
import { DEMO_CARDS, type DemoAcquirer, type DemoCard, leftOf, numberOf } from './demo-acquirer-books.ts';

/** Milliseconds for which its page may be used. */
const OPEN_FOR = 30 * MINUTE;
/** Chargebacks that it still tells of after they were decided. */
const LATELY = 500;

const sign = (secret: Uint8Array, payload: string): string =>
  createHmac('sha256', secret).update(payload).digest('hex');

/** What it sends when something became of a payment. */
export function messageOf(
  { secret }: Pick<DemoAcquirer, 'secret'>,
  number: string,
  what: string,
): CardMessage {
  const payload = JSON.stringify({ id: numberOf('EVT', `${number}/${what}`), number });
  return { payload, signature: sign(secret, payload) };
}

export function demoAcquirer(own: DemoAcquirer): CardPort {
  const { db, secret } = own;
  const now = () => new Date(own.now());
  const found = async (number: string) => {
    const row = await db
      .selectFrom('money.demo_card')
      .selectAll()
      .where('number', '=', number)
      .executeTakeFirst();
    if (!row) throw new AppError('CARD_UNAVAILABLE');
    return row;
  };
  return {
    async begin({ key, reference, amount, currency, returnTo }) {
      const number = numberOf('PAY', key);
      await db
        .insertInto('money.demo_card')
        .values({
          number,
          key,
          reference,
          amount: amount.toString(),
          currency,
          return_to: returnTo,
          state: 'open',
          card: null,
          expires_at: new Date(own.now() + OPEN_FOR),
        })
        .onConflict((c) => c.doNothing())
        .execute();
      return { number, url: own.pageOf(number) };
    },
    async read(number) {
      const { state, card, expires_at } = await found(number);
      const waits = state === 'open' || state === 'challenge';
      const shown = card && state !== 'open' ? DEMO_CARDS[card as DemoCard] : null;
      return {
        state: waits && expires_at < now() ? 'voided' : state,
        brand: shown?.brand ?? null,
        last4: shown?.last4 ?? null,
        token: shown ? numberOf('TOK', String(card)) : null,
      };
    },
    async capture(number) {
      const row = await db
        .updateTable('money.demo_card')
        .set({ state: 'captured' })
        .where('number', '=', number)
        .where('state', '=', 'authorised')
        .returningAll()
        .executeTakeFirst();
      if (!row) return;
      const late = DEMO_CARDS[row.card as DemoCard].bookedAfter;
      await db
        .insertInto('money.demo_card_entry')
        .values({
          entry: numberOf('CAP', number),
          number,
          kind: 'capture',
          of_entry: null,
          reference: row.reference,
          amount: row.amount,
          currency: row.currency,
          books_at: new Date(own.now() + late),
        })
        .execute();
    },
    async release(number) {
      await db
        .updateTable('money.demo_card')
        .set({ state: 'voided' })
        .where('number', '=', number)
        .where('state', 'in', ['open', 'challenge', 'authorised'])
        .execute();
    },
    heard({ payload, signature }) {
      const [given, right] = [Buffer.from(signature, 'hex'), Buffer.from(sign(secret, payload), 'hex')];
      if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
      const { id, number } = JSON.parse(payload) as { id: string; number: string };
      return { id, number };
    },
    async entriesFrom(from) {
      const rows = await db
        .selectFrom('money.demo_card_entry')
        .selectAll()
        .where('books_at', '>=', new Date(from))
        .where('books_at', '<=', now())
        .orderBy('books_at')
        .orderBy('entry')
        .execute();
      return rows.map((row) => ({
        entry: row.entry,
        direction: row.kind === 'capture' || row.kind === 'reinstated' ? 'credit' : 'debit',
        reverses: row.kind === 'chargeback' ? row.of_entry : row.undoes,
        reference: row.reference,
        amount: BigInt(row.amount),
        currency: row.currency,
        bookedAt: row.books_at.getTime(),
      }));
    },
    async balance(currency) {
      const { rows } = await sql<{ sum: string }>`
        select coalesce(sum(case when kind in ('capture', 'reinstated') then amount else -amount end), 0)::text as sum
        from money.demo_card_entry where currency = ${currency} and books_at <= ${now()}`.execute(db);
      return BigInt(rows[0]!.sum);
    },
    async pay({ key, amount, currency, refunds }) {
      if (!refunds) throw new AppError('CARD_UNAVAILABLE');
      return db.transaction().execute(async (tx) => {
        const left = await leftOf(tx, refunds);
        const asked = await tx
          .selectFrom('money.demo_card_entry')
          .select('entry')
          .where('entry', '=', numberOf('REF', key))
          .executeTakeFirst();
        if (asked) return 'taken';
        if (left < amount) return 'refused';
        await tx
          .insertInto('money.demo_card_entry')
          .values({
            entry: numberOf('REF', key),
            number: null,
            kind: 'refund',
            of_entry: refunds,
            reference: key,
            amount: amount.toString(),
            currency,
            books_at: now(),
          })
          .onConflict((c) => c.doNothing())
          .execute();
        return 'taken';
      });
    },
    async disputes() {
      // whoever did not answer in time has lost
      await db
        .updateTable('money.demo_card_dispute')
        .set({ state: 'lost' })
        .where('state', '=', 'open')
        .where('respond_by', '<', now())
        .execute();
      const all = db.selectFrom('money.demo_card_dispute').selectAll();
      const rows = [
        ...(await all.where('state', 'in', ['open', 'answered']).orderBy('respond_by').execute()),
        ...(await all
          .where('state', 'in', ['won', 'lost'])
          .orderBy('respond_by', 'desc')
          .limit(LATELY)
          .execute()),
      ];
      return rows.map((row) => ({
        id: row.id,
        entry: row.of_entry,
        amount: BigInt(row.amount),
        currency: row.currency,
        state: row.state,
        respondBy: row.respond_by.getTime(),
      }));
    },
    async answerDispute(id) {
      const row = await db
        .updateTable('money.demo_card_dispute')
        .set((eb) => ({ state: 'answered', answered_at: eb.fn.coalesce('answered_at', eb.val(now())) }))
        .where('id', '=', id)
        // told again, it has been answered
        .where('state', 'in', ['open', 'answered'])
        .where('respond_by', '>=', now())
        .returning('id')
        .executeTakeFirst();
      if (!row) throw new AppError('CARD_DISPUTE_CLOSED');
    },
  };
}
