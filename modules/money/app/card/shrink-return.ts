/** A return to a card that was refused because the card's bank had taken a part of it already: the rest is asked for. */
import type { MoneyContext } from '../context.ts';
import { keepPart } from '../credits.ts';

/**
 * Only once the acquirer has refused is it certain that nothing has left; until then such a debit waits for a person. What
 * her bank took is neither owed nor sent again; of what is left the acquirer is asked under a new name, since it might take
 * the old one for the old sum. @returns whether there was such a part
 */
export async function shrinkReturn(ctx: MoneyContext, key: string): Promise<boolean> {
  return ctx.db.transaction().execute(async (tx) => {
    const payment = await tx
      .selectFrom('money.rail_payment')
      .select(['party', 'refunds'])
      .where('key', '=', key)
      .where('kind', '=', 'return')
      .where('rail', '=', 'card')
      .where('state', '!=', 'booked')
      .forUpdate()
      .executeTakeFirst();
    const credit =
      payment?.refunds &&
      (await tx
        .selectFrom('money.rail_entry')
        .select(['entry', 'amount', 'order_reference', 'currency'])
        .where('entry', '=', payment.party)
        .where('state', '=', 'returning')
        .forUpdate()
        .executeTakeFirst());
    if (!payment?.refunds || !credit) return false;
    const debits = await tx
      .selectFrom('money.rail_entry')
      .select(['entry', 'amount'])
      .where('rail', '=', 'card')
      .where('direction', '=', 'debit')
      .where('reverses', '=', payment.refunds)
      .where('state', '=', 'ask')
      .where('reason', '=', 'other-amount')
      .where('currency', '=', credit.currency)
      .orderBy('booked_at')
      .orderBy('entry')
      .forUpdate()
      .execute();
    let [left, last] = [BigInt(credit.amount), ''];
    for (const { entry, amount } of debits) {
      const rest = left - BigInt(amount);
      if (rest < 0n) continue;
      const taken = { state: 'reversed', taken_by: entry } as const;
      if (rest > 0n)
        await keepPart(tx, { ...taken, entry: `${credit.entry}/${entry}`, amount }, credit.entry);
      await tx
        .updateTable('money.rail_entry')
        .set(rest > 0n ? { amount: rest.toString() } : taken)
        .where('entry', '=', credit.entry)
        .execute();
      await tx
        .updateTable('money.rail_entry')
        .set({
          state: 'reversed',
          reason: null,
          order_reference: credit.order_reference,
          capture: payment.refunds,
        })
        .where('entry', '=', entry)
        .execute();
      [left, last] = [rest, entry];
      if (rest === 0n) break;
    }
    if (last === '') return false;
    if (left === 0n) await tx.deleteFrom('money.rail_payment').where('key', '=', key).execute();
    else
      await tx
        .updateTable('money.rail_payment')
        .set({
          state: 'due',
          amount: left.toString(),
          asked_as: `${key}/${last}`,
          refused_at: null,
          updated_at: new Date(ctx.clock.now()),
        })
        .where('key', '=', key)
        .execute();
    return true;
  });
}
