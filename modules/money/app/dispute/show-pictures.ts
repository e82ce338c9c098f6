/** Pictures in a claim: said first, sealed for each drawn assessor later. The house never sees them. */
import { AppError, type Hex } from '@zhenmei/kernel';
import type { Party } from '../../core/dispute.ts';
import { FINDING } from '../../core/guarantee-math.ts';
import type { MoneyContext } from '../context.ts';
import { caseOfClaim, loadClaim, picturesFixed, showerOf } from './read-claim.ts';
import { assertSeated, sealKeyOf } from './take-part.ts';

/** Said twice changes nothing. Throws CLAIM_UNKNOWN, CLAIM_NOT_BY_PANEL, PICTURES_NOT_OPEN. */
export async function offerPictures(ctx: MoneyContext, cover: Hex, by: Party, digest: Hex): Promise<void> {
  const { asked, open, row } = await loadClaim(ctx, cover);
  const early = !row || (row.round === 0 && row.phase === 'secrets');
  if (!open || !early || asked !== FINDING.noImprovement || (await picturesFixed(ctx, row?.panel_id ?? null)))
    throw new AppError('PICTURES_NOT_OPEN');
  await ctx.db
    .insertInto('money.picture_offer')
    .values({ cover_id: cover, by, digest, at: new Date(ctx.clock.now()) })
    .onConflict((c) => c.doNothing())
    .execute();
}

/**
 * A newer parcel takes the place of an older one. One for a device that the assessor has replaced meanwhile is not kept:
 * the claim then says that its pictures are still to be sent. Throws DISPUTE_STAGE_WRONG, DISPUTE_NOT_SEATED,
 * PICTURES_NOT_YOURS.
 */
export async function leavePictures(
  ctx: MoneyContext,
  cover: Hex,
  by: Party,
  parcel: {
    readonly assessor: Hex;
    readonly sealedFor: string;
    readonly sealed: string;
    readonly earlier: 'a' | 'b';
  },
): Promise<void> {
  const row = await caseOfClaim(ctx, cover);
  if (row.phase !== 'voting') throw new AppError('DISPUTE_STAGE_WRONG');
  if ((await showerOf(ctx, cover)).by !== by) throw new AppError('PICTURES_NOT_YOURS');
  await assertSeated(ctx, row, parcel.assessor);
  const { sealed, sealedFor, earlier } = parcel;
  if (sealedFor !== (await sealKeyOf(ctx, parcel.assessor))) return;
  const kept = { sealed, earlier, sealed_for: sealedFor, at: new Date(ctx.clock.now()) };
  await ctx.db
    .insertInto('money.picture_parcel')
    .values({ panel_id: row.panel_id, round: row.round, assessor: parcel.assessor, ...kept })
    .onConflict((c) => c.columns(['panel_id', 'round', 'assessor']).doUpdateSet(kept))
    .execute();
}
