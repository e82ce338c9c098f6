/** Switching an emergency card on and off. A new one ends the old. */
import { AppError, DAY, equalBytes, toIso } from '@zhenmei/kernel';
import { CARD_DAYS, CARD_IN_ALL } from '../../core/emergency/limits.ts';
import type { VaultContext, VaultTx } from '../context.ts';
import { tell } from '../notices.ts';

export interface NewCard {
  readonly name: string;
  readonly proofHash: Uint8Array;
  readonly share: Uint8Array;
  readonly sheet: string;
  readonly guardians: boolean;
}

/** The same card again changes nothing. Throws EMERGENCY_CARD_CHANGED, ACCESS_LOG_CLOSED. */
export async function switchOnCard(ctx: VaultContext, patientId: string, card: NewCard): Promise<void> {
  const now = ctx.clock.now();
  await ctx.db.transaction().execute(async (tx) => {
    const log = await tx
      .selectFrom('vault.access_log')
      .select('patient_id')
      .where('patient_id', '=', patientId)
      .forUpdate()
      .executeTakeFirst();
    if (!log) throw new AppError('ACCESS_LOG_CLOSED');
    const known = await tx
      .selectFrom('vault.emergency_card')
      .selectAll()
      .where('name', '=', card.name)
      .executeTakeFirst();
    if (known) {
      const same = known.patient_id === patientId && equalBytes(known.proof_hash, card.proofHash);
      if (same && !known.ended_at) return;
      throw new AppError('EMERGENCY_CARD_CHANGED');
    }
    await endCards(ctx, tx, patientId);
    await tx
      .insertInto('vault.emergency_card')
      .values({
        name: card.name,
        patient_id: patientId,
        proof_hash: card.proofHash,
        share: card.share,
        sheet: card.sheet,
        of: 1,
        guardians: card.guardians,
        made_at: new Date(now),
        ends_at: new Date(now + CARD_DAYS * DAY),
      })
      .execute();
    await tell(ctx, tx, patientId, 'emergency-on');
  });
}

async function endCards(ctx: VaultContext, tx: VaultTx, patientId: string): Promise<boolean> {
  const ended = await tx
    .updateTable('vault.emergency_card')
    .set({ share: null, sheet: null, ended_at: new Date(ctx.clock.now()) })
    .where('patient_id', '=', patientId)
    .where('ended_at', 'is', null)
    .returning('name')
    .execute();
  return ended.length > 0;
}

/** At once: the half and the sheet are gone. */
export async function switchOffCard(ctx: VaultContext, patientId: string): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    if (await endCards(ctx, tx, patientId)) await tell(ctx, tx, patientId, 'emergency-off');
  });
}

/**
 * The sheet is withdrawn at once; the card stays, and shows nothing until it has a sheet again. Doing it twice, or
 * without a card, changes nothing.
 */
export async function pauseCard(ctx: VaultContext, patientId: string): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const paused = await tx
      .updateTable('vault.emergency_card')
      .set({ sheet: null, paused_at: new Date(ctx.clock.now()) })
      .where('patient_id', '=', patientId)
      .where('ended_at', 'is', null)
      .where('paused_at', 'is', null)
      .returning('name')
      .execute();
    if (paused.length > 0) await tell(ctx, tx, patientId, 'emergency-paused');
  });
}

/** What the vault holds changed: a new sheet under the same card. The same again changes nothing. Throws EMERGENCY_CARD_CHANGED, EMERGENCY_CARD_UNKNOWN. */
export async function renewSheet(
  ctx: VaultContext,
  patientId: string,
  { name, of, sheet }: { readonly name: string; readonly of: number; readonly sheet: string },
): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('vault.emergency_card')
      .select(['of', 'sheet', 'paused_at'])
      .where('name', '=', name)
      .where('patient_id', '=', patientId)
      .where('ended_at', 'is', null)
      .forUpdate()
      .executeTakeFirst();
    if (!row) throw new AppError('EMERGENCY_CARD_UNKNOWN');
    if (row.of === of && row.sheet === sheet) return;
    if (of !== row.of + 1) throw new AppError('EMERGENCY_CARD_CHANGED');
    await tx
      .updateTable('vault.emergency_card')
      .set({ of, sheet, paused_at: null })
      .where('name', '=', name)
      .execute();
    if (row.paused_at) await tell(ctx, tx, patientId, 'emergency-on');
  });
}

/** The card that is on now; null if there is none. */
export async function ownCard({ db, clock }: VaultContext, patientId: string) {
  const row = await db
    .selectFrom('vault.emergency_card as c')
    .select((eb) => [
      'c.name',
      'c.of',
      'c.guardians',
      'c.made_at',
      'c.ends_at',
      'c.paused_at',
      eb
        .selectFrom('vault.emergency_case as e')
        .select((e) => e.fn.countAll<number>().as('n'))
        .whereRef('e.card', '=', 'c.name')
        .as('opened'),
    ])
    .where('c.patient_id', '=', patientId)
    .where('c.ended_at', 'is', null)
    .where('c.ends_at', '>', new Date(clock.now()))
    .executeTakeFirst();
  return {
    card: row
      ? {
          name: row.name,
          of: row.of,
          guardians: row.guardians,
          madeAt: toIso(row.made_at.getTime()),
          endsAt: toIso(row.ends_at.getTime()),
          paused: row.paused_at !== null,
          left: Math.max(0, CARD_IN_ALL - Number(row.opened)),
        }
      : null,
  };
}
