/** Money that leaves: credits that go home, and what was withdrawn from the escrow. Nothing while an alarm is open. */
import { MINUTE } from '@zhenmei/kernel';
import { homeward } from '../core/rail.ts';
import type { RailPort } from '../ports.ts';
import { routePayouts } from './card/route-payouts.ts';
import type { MoneyContext } from './context.ts';
import { creditOf, orderOf } from './credits.ts';
import { noteRefusal, noteSent } from './late-payments.ts';
import { eachOnItsOwn } from './on-its-own.ts';

/** Milliseconds after which a payment that was not booked is asked for again. */
const ASK_AGAIN = 10 * MINUTE;

/** @returns how many payments were asked for. What a rail refuses is asked for again, after all others. */
export async function payOutDue(ctx: MoneyContext): Promise<number> {
  if (!ctx.rail) return 0;
  await markHomeward(ctx);
  await noteSent(ctx);
  if (await isStopped(ctx.db)) return 0;
  await askForReturns(ctx);
  let asked = 0;
  // what cannot be decided keeps nothing here that was
  await eachOnItsOwn([routePayouts, async () => (asked = await askRails(ctx, ctx.rail!))], (step) =>
    step(ctx),
  );
  return asked;
}

async function askRails(ctx: MoneyContext, byCustodian: RailPort): Promise<number> {
  const due = await ctx.db
    .selectFrom('money.rail_payment')
    .selectAll()
    .where('rail', 'in', ctx.card ? ['card', 'custodian'] : ['custodian'])
    .where((eb) =>
      eb.or([
        eb('state', '=', 'due'),
        eb.and([eb('state', '=', 'sent'), eb('updated_at', '<', new Date(ctx.clock.now() - ASK_AGAIN))]),
      ]),
    )
    .orderBy('state')
    .orderBy('updated_at')
    .orderBy('created_at')
    .limit(200)
    .execute();
  await eachOnItsOwn(due, async ({ key, party, amount, currency, rail, refunds, state }) => {
    const by = rail === 'card' && ctx.card ? ctx.card : byCustodian;
    const tried = (now: typeof state) =>
      ctx.db
        .updateTable('money.rail_payment')
        .set({ state: now, updated_at: new Date(ctx.clock.now()) })
        .where('key', '=', key)
        .where('state', '!=', 'booked')
        .execute();
    let told: Awaited<ReturnType<typeof by.pay>>;
    try {
      // either knows the key: what was asked for before a crash is asked for again, and paid once
      told = await by.pay({ key, party, amount: BigInt(amount), currency, refunds });
    } catch (error) {
      await tried(state);
      throw error;
    }
    if (told === 'refused') await noteRefusal(ctx, key);
    else await tried('sent');
  });
  return due.length;
}

/** Whether a difference stops all payments. */
export async function isStopped(db: MoneyContext['db']): Promise<boolean> {
  const open = await db
    .selectFrom('money.alarm')
    .select('id')
    .where('closed_at', 'is', null)
    .executeTakeFirst();
  return open !== undefined;
}

/** Parts that were never completed, and credits that nobody claimed. */
async function markHomeward(ctx: MoneyContext): Promise<void> {
  const waiting = await ctx.db
    .selectFrom('money.rail_entry')
    .selectAll()
    .where('state', 'in', ['part', 'unassigned'])
    .execute();
  for (const row of waiting)
    await ctx.db.transaction().execute(async (tx) => {
      const order = row.order_reference
        ? await tx
            .selectFrom('money.payment_order')
            .selectAll()
            .where('reference', '=', row.order_reference)
            .forUpdate()
            .executeTakeFirst()
        : undefined;
      const of = order ? await orderOf(ctx, order) : null;
      for (const { entry, state, reason } of homeward(of, [creditOf(row)], ctx.clock.now()))
        await tx
          .updateTable('money.rail_entry')
          .set({ state, reason })
          .where('entry', '=', entry)
          .where('state', '=', row.state)
          .execute();
    });
}

async function askForReturns(ctx: MoneyContext): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const now = new Date(ctx.clock.now());
    const going = await tx
      .updateTable('money.rail_entry')
      .set({ state: 'returning' })
      .where('state', '=', 'return-due')
      .returningAll()
      .execute();
    for (const { entry, amount, currency, rail, capture } of going)
      await tx
        .insertInto('money.rail_payment')
        .values({
          key: `return/${entry}`,
          kind: 'return',
          party: entry,
          amount,
          currency,
          state: 'due',
          entry: null,
          rail,
          // what a chargeback gave back is known to the acquirer by its capture
          refunds: rail === 'card' ? capture : null,
          created_at: now,
          updated_at: now,
        })
        .onConflict((c) => c.doNothing())
        .execute();
  });
}
