/** One invoice for each agreement of the closed loop that has ended and paid the clinic, numbered without gaps for each clinic. */
import { AppError, type Hex } from '@zhenmei/kernel';
import { type Selectable, sql } from 'kysely';
import type { MoneyDatabase } from '../adapters/schema.ts';
import type { MoneyContext } from './context.ts';

export type Invoice = Selectable<MoneyDatabase['money.invoice']>;

/** @returns how many were issued; issuing again issues nothing */
export async function issueInvoices(ctx: MoneyContext): Promise<number> {
  return ctx.db.transaction().execute(async (tx) => {
    // one numbering at a time
    await sql`select pg_advisory_xact_lock(hashtext('money.invoice'))`.execute(tx);
    const { numAffectedRows } = await sql`
      insert into money.invoice (clinic, number, agreement_id, issued_at, funded, paid, fee, refunded)
      select a.clinic,
        coalesce((select max(number) from money.invoice i where i.clinic = a.clinic), 0)
          + row_number() over (partition by a.clinic order by a.opened_at, a.agreement_id),
        a.agreement_id, ${new Date(ctx.clock.now())}, a.funded, a.paid, a.fee, a.refunded
      from money.account a
      where a.state = 'closed' and a.paid + a.fee > 0 and a.coin is null
        and not exists (select 1 from money.invoice i where i.agreement_id = a.agreement_id)`.execute(tx);
    return Number(numAffectedRows ?? 0n);
  });
}

/** The newest first. */
export async function listInvoices(ctx: MoneyContext, clinic: Hex): Promise<Invoice[]> {
  return ctx.db
    .selectFrom('money.invoice')
    .selectAll()
    .where('clinic', '=', clinic)
    .orderBy('number', 'desc')
    .limit(200)
    .execute();
}

/** Throws INVOICE_UNKNOWN. */
export async function readInvoice(ctx: MoneyContext, clinic: Hex, number: number): Promise<Invoice> {
  const found = await ctx.db
    .selectFrom('money.invoice')
    .selectAll()
    .where('clinic', '=', clinic)
    .where('number', '=', number)
    .executeTakeFirst();
  if (!found) throw new AppError('INVOICE_UNKNOWN');
  return found;
}
