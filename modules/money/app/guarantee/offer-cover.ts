import { AppError, canonicalJson, type Hex, toSeconds } from '@zhenmei/kernel';
import { CONDITIONS, type CoverJson, draftCover, PROFILES } from '../../core/guarantee-cover.ts';
import type { MoneyContext } from '../context.ts';
import { assertProfile } from './profiles.ts';

const DAY = 86_400;
/** Seconds by which the clinic's clock may be off. */
const TOLERANCE = 3_600;

/**
 * Keeps a cover in clear before the clinic opens it on the ledger. It must be exactly what the published conditions
 * make of the agreement, and who stands behind it must be allowed to. Throws COVER_NOT_POSSIBLE, COVER_BY_LOAN,
 * COVER_DIFFERS, GUARANTEE_PROFILE_OFF.
 */
export async function offerCover(ctx: MoneyContext, clinic: Hex, cover: CoverJson): Promise<{ id: Hex }> {
  const agreement = await ctx.guarantee.agreement(cover.agreement);
  const account = await ctx.db
    .selectFrom('money.account')
    .selectAll()
    .where('agreement_id', '=', cover.agreement)
    .executeTakeFirst();
  const profile = PROFILES[cover.profile]!;
  await assertProfile(ctx, profile, cover.backer);
  // a clinic that puts nothing down before a panel gives up its own case, and must not give up a backer's
  const arbiter = await (profile === 'promise' ? ctx.guarantee.arbiter() : ctx.backing.authority());
  if (
    !agreement ||
    !arbiter ||
    account?.clinic !== clinic ||
    // bonds are in the closed loop's unit, and could not pay a promise in a coin
    account.coin !== null ||
    account.state !== 'active' ||
    account.milestone > 0
  )
    throw new AppError('COVER_NOT_POSSIBLE');
  if (ctx.loans && (agreement.terms as { payout?: Hex }).payout === ctx.loans.book)
    throw new AppError('COVER_BY_LOAN');
  const now = cover.openBy - CONDITIONS.openDays * DAY;
  if (Math.abs(now - toSeconds(ctx.clock.now())) > TOLERANCE)
    throw new AppError('COVER_DIFFERS', { field: 'openBy' });
  const { person, salt } = cover;
  const expected = draftCover({
    agreement: cover.agreement,
    price: BigInt(account.funded),
    arbiter,
    person,
    salt,
    now,
    startsAt: agreement.dueBy,
    ...(profile === 'insurer' ? { behind: { profile, backer: cover.backer } } : {}),
    ...(profile === 'pool' ? { behind: { profile } } : {}),
  });
  for (const [field, value] of Object.entries(expected))
    if (cover[field as keyof CoverJson] !== value) throw new AppError('COVER_DIFFERS', { field });
  const id = ctx.guarantee.coverId(cover);
  // one that never reached the ledger gives way to a newer one
  await ctx.db.transaction().execute(async (tx) => {
    const opened = await tx
      .selectFrom('money.cover')
      .select('id')
      .where('agreement_id', '=', cover.agreement)
      .executeTakeFirst();
    if (opened && opened.id !== id) throw new AppError('COVER_NOT_POSSIBLE');
    if (opened) return;
    await tx.deleteFrom('money.cover_offer').where('agreement_id', '=', cover.agreement).execute();
    await tx
      .insertInto('money.cover_offer')
      .values({
        id,
        agreement_id: cover.agreement,
        clinic,
        cover: canonicalJson(cover as never) as never,
        terms: canonicalJson(agreement.terms as never) as never,
        created_at: new Date(ctx.clock.now()),
      })
      .execute();
  });
  return { id };
}
