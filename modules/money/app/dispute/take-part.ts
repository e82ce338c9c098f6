/** What a side does while a panel works: it opens its number for the draw, and leaves papers for who was drawn. */
import { AppError, type Hex } from '@zhenmei/kernel';
import type { PanelPhase, Party } from '../../core/dispute.ts';
import { secretCommitment } from '../../core/panel-words.ts';
import type { MoneyContext } from '../context.ts';

/** A case before a panel, whichever kind: of a milestone or of a claim. */
export interface CaseRow {
  readonly panel_id: string | null;
  readonly round: number;
  readonly phase: PanelPhase | null;
  readonly beacon: Hex | null;
}

/** Opening it twice changes nothing. Throws DISPUTE_STAGE_WRONG, DISPUTE_SECRET_WRONG, CHAIN_REVERTED. */
export async function openSecret(ctx: MoneyContext, row: CaseRow, by: Party, secret: Hex): Promise<void> {
  if (!row.panel_id || !row.beacon) throw new AppError('DISPUTE_STAGE_WRONG');
  const kept = await ctx.db
    .selectFrom('money.dispute_secret')
    .selectAll()
    .where('panel_id', '=', row.panel_id)
    .where('round', '=', row.round)
    .where('side', '=', by)
    .executeTakeFirst();
  const expected = secretCommitment(
    { panel: row.panel_id, round: row.round, side: by, beacon: row.beacon },
    secret,
  );
  if (kept?.commitment !== expected) throw new AppError('DISPUTE_SECRET_WRONG');
  if (kept.secret === null) await ctx.disputes.openSecret(row.panel_id, by, secret);
}

/**
 * Ciphertext for one drawn assessor; newer papers take the place of older. Papers for a device that the assessor has
 * replaced meanwhile are not kept: they still count as to be sent. Throws DISPUTE_STAGE_WRONG, DISPUTE_NOT_SEATED.
 */
export async function leavePapers(
  ctx: MoneyContext,
  row: CaseRow,
  by: Party,
  paper: { readonly assessor: Hex; readonly sealedFor: string; readonly sealed: string },
): Promise<void> {
  if (!row.panel_id || row.phase !== 'voting') throw new AppError('DISPUTE_STAGE_WRONG');
  await assertSeated(ctx, row, paper.assessor);
  const { sealed, sealedFor } = paper;
  if (sealedFor !== (await sealKeyOf(ctx, paper.assessor))) return;
  const kept = { sealed, sealed_for: sealedFor, at: new Date(ctx.clock.now()) };
  await ctx.db
    .insertInto('money.dispute_paper')
    .values({ panel_id: row.panel_id, round: row.round, assessor: paper.assessor, by, ...kept })
    .onConflict((c) => c.columns(['panel_id', 'round', 'assessor', 'by']).doUpdateSet(kept))
    .execute();
}

/** Throws DISPUTE_NOT_SEATED. */
export async function assertSeated(ctx: MoneyContext, row: CaseRow, assessor: Hex): Promise<void> {
  const seat = await ctx.db
    .selectFrom('money.dispute_seat')
    .select('assessor')
    .where('panel_id', '=', row.panel_id)
    .where('round', '=', row.round)
    .where('assessor', '=', assessor)
    .executeTakeFirst();
  if (!seat) throw new AppError('DISPUTE_NOT_SEATED');
}

/** What is sealed for an assessor's device is sealed with this key. Throws DISPUTE_STAGE_WRONG if none was announced. */
export async function sealKeyOf(ctx: MoneyContext, assessor: Hex): Promise<string> {
  const key = await ctx.db
    .selectFrom('money.assessor_key')
    .select('seal_key')
    .where('assessor', '=', assessor)
    .executeTakeFirst();
  if (!key) throw new AppError('DISPUTE_STAGE_WRONG');
  return key.seal_key;
}
