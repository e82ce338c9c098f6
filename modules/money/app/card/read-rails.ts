/** What an agreement can be paid with: what its region provides for, its clinic takes, and this house is connected to. */
import { AppError, type Hex } from '@zhenmei/kernel';
import type { PaymentRail } from '@zhenmei/policy';
import type { z } from 'zod';
import type { ClinicRails, PaymentRails } from '../../rails-api.ts';
import type { MoneyContext } from '../context.ts';
import { viewCard } from './view-card.ts';

/** The region's default needs no word of the clinic's; whatever else does. Throws PAYMENT_UNKNOWN. */
export async function offeredRails(
  ctx: MoneyContext,
  agreementId: Hex,
): Promise<{ rails: PaymentRail[]; page: string }> {
  const facts = await ctx.railsOf(agreementId);
  if (!facts) throw new AppError('PAYMENT_UNKNOWN');
  const taken = await takenBy(ctx, facts.clinic);
  const connected = connectedRails(ctx);
  return {
    rails: facts.rails.filter((rail, i) => connected.has(rail) && (i === 0 || taken.has(rail))),
    page: facts.page,
  };
}

const connectedRails = (ctx: MoneyContext): ReadonlySet<PaymentRail> =>
  new Set([
    ...(ctx.rail ? (['custodian'] as const) : []),
    ...(ctx.card ? (['card'] as const) : []),
    ...(ctx.tokens ? (['token'] as const) : []),
  ]);

async function takenBy(ctx: MoneyContext, clinic: Hex): Promise<ReadonlySet<PaymentRail>> {
  const rows = await ctx.db
    .selectFrom('money.clinic_rail')
    .select('rail')
    .where('clinic', '=', clinic)
    .execute();
  return new Set(rows.map(({ rail }) => rail));
}

/** Throws PAYMENT_UNKNOWN. */
export async function readRails(ctx: MoneyContext, agreementId: Hex): Promise<z.infer<typeof PaymentRails>> {
  const { rails } = await offeredRails(ctx, agreementId);
  const card = await ctx.db
    .selectFrom('money.card_payment as c')
    .innerJoin('money.payment_order as o', 'o.reference', 'c.order_reference')
    .selectAll('c')
    .where('o.agreement_id', '=', agreementId)
    .where('o.purpose', '=', 'agreement')
    .orderBy('c.created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return { rails, card: card ? viewCard(card) : null };
}

/** What a clinic may turn on, and what it has. */
export async function readClinicRails(ctx: MoneyContext, clinic: Hex): Promise<z.infer<typeof ClinicRails>> {
  const [region, taken, connected] = [
    await ctx.railsOfClinic(clinic),
    await takenBy(ctx, clinic),
    connectedRails(ctx),
  ];
  const may = region.filter((rail) => connected.has(rail));
  return { may: [...may], taken: may.filter((rail) => rail === region[0] || taken.has(rail)) };
}

/** A clinic takes cards, or takes them no more; what was begun ends as it began. Throws RAIL_NOT_IN_REGION. */
export async function setClinicRails(
  ctx: MoneyContext,
  clinic: Hex,
  card: boolean,
): Promise<z.infer<typeof ClinicRails>> {
  const { may } = await readClinicRails(ctx, clinic);
  if (card && !may.includes('card')) throw new AppError('RAIL_NOT_IN_REGION');
  if (card)
    await ctx.db
      .insertInto('money.clinic_rail')
      .values({ clinic, rail: 'card', since: new Date(ctx.clock.now()) })
      .onConflict((c) => c.doNothing())
      .execute();
  else
    await ctx.db
      .deleteFrom('money.clinic_rail')
      .where('clinic', '=', clinic)
      .where('rail', '=', 'card')
      .execute();
  return readClinicRails(ctx, clinic);
}
