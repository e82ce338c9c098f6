/** Follows what happens at the acquirer: its messages only say where to look, and what they missed is found anyway. */
import { AppError } from '@zhenmei/kernel';
import { decideAuthorised, laterState } from '../../core/card-payment.ts';
import type { CardMessage } from '../../ports.ts';
import type { MoneyContext } from '../context.ts';
import { eachOnItsOwn } from '../on-its-own.ts';
import { wantedOf } from './wanted.ts';

/** A message of the acquirer, heard once. Throws CARD_EVENT_REFUSED for one that it did not sign. */
export async function takeCardEvent(ctx: MoneyContext, message: CardMessage): Promise<void> {
  const heard = ctx.card?.heard(message);
  if (!heard) throw new AppError('CARD_EVENT_REFUSED');
  const { numInsertedOrUpdatedRows } = await ctx.db
    .insertInto('money.card_event')
    .values({ id: heard.id, received_at: new Date(ctx.clock.now()) })
    .onConflict((c) => c.doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows === 0n) return;
  await followOne(ctx, heard.number);
}

/** Every attempt that has not ended, and the chargebacks. */
export async function followCards(ctx: MoneyContext): Promise<void> {
  if (!ctx.card) return;
  const live = await ctx.db
    .selectFrom('money.card_payment')
    .select('number')
    .where('state', 'in', ['open', 'challenge', 'authorised'])
    .orderBy('updated_at')
    .limit(200)
    .execute();
  const attempts = live.map(
    ({ number }) =>
      () =>
        followOne(ctx, number),
  );
  await eachOnItsOwn([...attempts, () => noteDisputes(ctx)], (work) => work());
}

async function noteDisputes(ctx: MoneyContext): Promise<void> {
  for (const dispute of await ctx.card!.disputes())
    await ctx.db
      .insertInto('money.card_dispute')
      .values({
        id: dispute.id,
        entry: dispute.entry,
        amount: dispute.amount.toString(),
        currency: dispute.currency,
        state: dispute.state,
        respond_by: new Date(dispute.respondBy),
        answer: null,
        updated_at: new Date(ctx.clock.now()),
      })
      .onConflict((c) =>
        c
          .column('id')
          .doUpdateSet({ state: dispute.state, updated_at: new Date(ctx.clock.now()) })
          .where('money.card_dispute.state', '!=', dispute.state),
      )
      .execute();
}

async function followOne(ctx: MoneyContext, number: string): Promise<void> {
  const told = await ctx.card!.read(number);
  const act = await ctx.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('money.card_payment')
      .selectAll()
      .where('number', '=', number)
      .forUpdate()
      .executeTakeFirst();
    if (!row) return null;
    const state = laterState(row.state, told.state);
    if (state !== row.state)
      await tx
        .updateTable('money.card_payment')
        .set({
          state,
          brand: told.brand,
          last4: told.last4,
          token: told.token,
          updated_at: new Date(ctx.clock.now()),
        })
        .where('number', '=', number)
        .execute();
    if (state !== 'authorised') return null;
    const order = await tx
      .selectFrom('money.payment_order')
      .selectAll()
      .where('reference', '=', row.order_reference)
      .forUpdate()
      .executeTakeFirstOrThrow();
    return decideAuthorised(await wantedOf(ctx, tx, order), BigInt(row.amount), ctx.clock.now());
  });
  // both are done once by the acquirer, however often they are asked for
  if (act === 'capture') await ctx.card!.capture(number);
  if (act === 'void') await ctx.card!.release(number);
  if (act) await noteEnd(ctx, number);
}

/** What has become of it since we asked. */
async function noteEnd(ctx: MoneyContext, number: string): Promise<void> {
  const { state } = await ctx.card!.read(number);
  await ctx.db
    .updateTable('money.card_payment')
    .set({ state, updated_at: new Date(ctx.clock.now()) })
    .where('number', '=', number)
    .where('state', '=', 'authorised')
    .execute();
}
