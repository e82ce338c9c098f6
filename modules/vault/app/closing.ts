/** Closing a vault after a death: reported by a guardian with a certificate, agreed to by several, stopped by any device. */
import { AppError, DAY, newId, toIso } from '@zhenmei/kernel';
import { CLOSING_LEAST, DEATH_AUDIENCE, deathNonce, HAND_OVER_DAYS } from '../core/closing/wish.ts';
import { assertOwner, ownerStatement } from '../core/owner.ts';
import type { VaultContext, VaultTx } from './context.ts';
import { keptIn, row } from './erase.ts';
import { readPart } from './keep-object.ts';
import { tell } from './notices.ts';
import { ownerOf } from './remove-devices.ts';

export interface Wish {
  readonly kind: 'erase' | 'hand-over';
  readonly region: string;
  readonly heir: string | null;
  readonly sealed: string | null;
  readonly objects: readonly string[];
}

/** Takes the place of an earlier one. Throws OWNER_UNKNOWN, OWNER_SIGNATURE_WRONG, ERASURE_REGION, WISH_INVALID. */
export async function makeWish(
  ctx: VaultContext,
  patientId: string,
  { signature, ...wish }: Wish & { readonly signature: string },
): Promise<void> {
  assertOwner(await ownerOf(ctx, patientId), ownerStatement.wish(wish), signature);
  keptIn(ctx, wish.region, 'everything');
  const complete = wish.heir !== null && wish.sealed !== null && wish.objects.length > 0;
  if (wish.kind === 'hand-over' && !complete) throw new AppError('WISH_INVALID');
  const values = {
    ...wish,
    objects: JSON.stringify(wish.kind === 'erase' ? [] : wish.objects),
    made_at: new Date(ctx.clock.now()),
  };
  await ctx.db
    .insertInto('vault.wish')
    .values({ patient_id: patientId, ...values })
    .onConflict((c) => c.column('patient_id').doUpdateSet(values))
    .execute();
}

async function wishOf({ db }: Pick<VaultContext, 'db'>, patientId: string) {
  return db.selectFrom('vault.wish').selectAll().where('patient_id', '=', patientId).executeTakeFirst();
}

/** The guardian's code for a ward. Throws GUARDIAN_UNKNOWN. */
async function guardianCode({ db }: Pick<VaultContext, 'db'>, guardianId: string, recovery: string) {
  const found = await db
    .selectFrom('vault.guardian_share as s')
    .innerJoin('vault.guardian as g', 'g.code', 's.code')
    .innerJoin('vault.guardianship as a', 'a.recovery', 's.recovery')
    .select(['s.code', 'a.patient_id', 'a.need'])
    .where('s.recovery', '=', recovery)
    .where('g.patient_id', '=', guardianId)
    .executeTakeFirst();
  if (!found) throw new AppError('GUARDIAN_UNKNOWN');
  return found;
}

/** Throws GUARDIAN_UNKNOWN, DEATH_NOT_PROVEN, CLOSING_NO_WISH, CLOSING_RUNNING. */
export async function reportDeath(
  ctx: VaultContext,
  guardianId: string,
  { recovery, presentation }: { readonly recovery: string; readonly presentation: string },
): Promise<{ id: string; dueAt: string }> {
  const { code, patient_id } = await guardianCode(ctx, guardianId, recovery);
  const nonce = deathNonce(recovery, code);
  const shown = await ctx.organisations.death(presentation, { audience: DEATH_AUDIENCE, nonce });
  if (!shown.proven) throw new AppError('DEATH_NOT_PROVEN', { code: shown.code });
  if (shown.ward !== recovery) throw new AppError('DEATH_NOT_PROVEN', { code: 'OTHER_PERSON' });
  const wish = await wishOf(ctx, patient_id);
  if (!wish) throw new AppError('CLOSING_NO_WISH');
  const now = ctx.clock.now();
  const due = now + ctx.rules.days(wish.region, 'closingWaitDays') * DAY;
  return ctx.db.transaction().execute(async (tx) => {
    const id = newId(now, ctx.random.bytes(10));
    const made = await tx
      .insertInto('vault.closing')
      .values({ id, recovery, patient_id, started_at: new Date(now), due_at: new Date(due) })
      .onConflict((c) => c.doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!made) throw new AppError('CLOSING_RUNNING', { until: toIso(due) });
    await tx.insertInto('vault.closing_approval').values({ id, code }).execute();
    await tell(ctx, tx, patient_id, 'closing-started', { id, until: toIso(due) });
    return { id, dueAt: toIso(due) };
  });
}

async function closingOf(tx: Pick<VaultContext, 'db'>['db'], id: string) {
  const found = await tx
    .selectFrom('vault.closing')
    .selectAll()
    .where('id', '=', id)
    .where('cancelled_at', 'is', null)
    .executeTakeFirst();
  if (!found) throw new AppError('CLOSING_UNKNOWN');
  return found;
}

/** Agreeing twice changes nothing. Throws CLOSING_UNKNOWN, GUARDIAN_UNKNOWN. */
export async function agreeToClosing(ctx: VaultContext, guardianId: string, id: string): Promise<void> {
  const { recovery } = await closingOf(ctx.db, id);
  const { code } = await guardianCode(ctx, guardianId, recovery);
  await ctx.db
    .insertInto('vault.closing_approval')
    .values({ id, code })
    .onConflict((c) => c.doNothing())
    .execute();
}

/** “I am alive”: by any signed-in device of the person. Throws CLOSING_UNKNOWN. */
export async function stopClosing(ctx: VaultContext, patientId: string, id: string): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('vault.closing')
      .set({ cancelled_at: new Date(ctx.clock.now()) })
      .where('id', '=', id)
      .where('patient_id', '=', patientId)
      .where('cancelled_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) throw new AppError('CLOSING_UNKNOWN');
    await tell(ctx, tx, patientId, 'closing-stopped', { id });
  });
}

async function assertOpen(ctx: VaultContext, tx: VaultTx, id: string) {
  const closing = await closingOf(tx, id);
  const setup = await tx
    .selectFrom('vault.guardianship')
    .select('need')
    .where('recovery', '=', closing.recovery)
    .executeTakeFirst();
  if (!setup) throw new AppError('CLOSING_UNKNOWN');
  const have = (await tx.selectFrom('vault.closing_approval').select('code').where('id', '=', id).execute())
    .length;
  const need = Math.max(CLOSING_LEAST, setup.need);
  if (have < need || closing.due_at.getTime() > ctx.clock.now())
    throw new AppError('CLOSING_WAITING', { until: toIso(closing.due_at.getTime()), need, have });
  return closing;
}

/**
 * Carries out what the person chose, asked for by any guardian once the waiting period is over. To erase, the erasure is
 * due at once; to hand over, the heir has thirty days, then it is. Throws CLOSING_UNKNOWN, CLOSING_WAITING, GUARDIAN_UNKNOWN.
 */
export async function carryOutClosing(ctx: VaultContext, guardianId: string, id: string): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const closing = await assertOpen(ctx, tx, id);
    await guardianCode({ db: tx }, guardianId, closing.recovery);
    if (closing.opened_at) return;
    const wish = await wishOf({ db: tx }, closing.patient_id);
    if (!wish) throw new AppError('CLOSING_NO_WISH');
    const now = ctx.clock.now();
    const due = wish.kind === 'erase' ? now : now + HAND_OVER_DAYS * DAY;
    const facts = { id, scope: 'everything', cause: 'death', region: wish.region } as const;
    await tx
      .insertInto('vault.erasure')
      .values(row(facts, closing.patient_id, ctx.random.bytes(32), now, due))
      .onConflict((c) => c.doNothing())
      .execute();
    await tx
      .updateTable('vault.closing')
      .set({ opened_at: new Date(now), ends_at: new Date(due) })
      .where('id', '=', id)
      .execute();
  });
}

/** The heir's part: keys sealed to the heir, and which files they open. Throws CLOSING_UNKNOWN, CLOSING_WAITING. */
async function handedOver(ctx: VaultContext, heirId: string, id: string) {
  const closing = await closingOf(ctx.db, id);
  if (!closing.opened_at)
    throw new AppError('CLOSING_WAITING', { until: toIso(closing.due_at.getTime()), need: '', have: '' });
  const wish = await wishOf(ctx, closing.patient_id);
  const { code } = await guardianCode(ctx, heirId, closing.recovery);
  if (wish?.kind !== 'hand-over' || wish.heir !== code || !wish.sealed) throw new AppError('CLOSING_UNKNOWN');
  return { patientId: closing.patient_id, sealed: wish.sealed, objects: wish.objects };
}

export async function readLegacy(ctx: VaultContext, heirId: string, id: string): Promise<{ sealed: string }> {
  const { sealed } = await handedOver(ctx, heirId, id);
  return { sealed };
}

/** Ciphertext of a file that was chosen for the heir, and of no other. Throws OBJECT_UNKNOWN. */
export async function readLegacyFile(ctx: VaultContext, heirId: string, id: string, name: string) {
  const { patientId, objects } = await handedOver(ctx, heirId, id);
  const held = objects.includes(name)
    ? await ctx.db
        .selectFrom('vault.object')
        .select(['blob_key', 'size'])
        .where('patient_id', '=', patientId)
        .where('name', '=', name)
        .executeTakeFirst()
    : undefined;
  if (!held) throw new AppError('OBJECT_UNKNOWN');
  return readPart(ctx, held.blob_key, Number(held.size), null);
}
