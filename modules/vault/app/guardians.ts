/** Who is ready to be a guardian, and one person's arrangement with several of them. */
import { AppError, toIso } from '@zhenmei/kernel';
import { assertOwner, ownerStatement } from '../core/owner.ts';
import { type GuardianSetup, guardianCode } from '../core/recovery/guardians.ts';
import type { VaultContext } from './context.ts';
import { tell } from './notices.ts';
import { runningRecovery } from './recovery.ts';
import { ownerOf } from './remove-devices.ts';

/** Doing it again with the same key changes nothing. */
export async function becomeGuardian({ db }: VaultContext, patientId: string, publicKey: string) {
  const code = guardianCode(publicKey);
  await db
    .insertInto('vault.guardian')
    .values({ code, patient_id: patientId, public_key: publicKey })
    .onConflict((c) => c.doNothing())
    .execute();
  return { code };
}

/** Throws GUARDIAN_UNKNOWN. */
export async function readGuardian({ db }: VaultContext, code: string) {
  const row = await db
    .selectFrom('vault.guardian')
    .select('public_key')
    .where('code', '=', code)
    .executeTakeFirst();
  if (!row) throw new AppError('GUARDIAN_UNKNOWN');
  return { publicKey: row.public_key };
}

/** Takes the place of an earlier arrangement. Throws OWNER_UNKNOWN, OWNER_SIGNATURE_WRONG, GUARDIANS_COUNT, GUARDIAN_TWICE, GUARDIAN_UNKNOWN. */
export async function chooseGuardians(
  ctx: VaultContext,
  patientId: string,
  { signature, ...setup }: GuardianSetup & { signature: string },
): Promise<void> {
  assertOwner(await ownerOf(ctx, patientId), ownerStatement.guardians(setup), signature);
  const codes = setup.shares.map(({ code }) => code);
  if (setup.need > codes.length) throw new AppError('GUARDIANS_COUNT');
  const known = await ctx.db.selectFrom('vault.guardian').selectAll().where('code', 'in', codes).execute();
  if (new Set(codes).size !== codes.length || known.some((g) => g.patient_id === patientId))
    throw new AppError('GUARDIAN_TWICE');
  if (known.length !== codes.length) throw new AppError('GUARDIAN_UNKNOWN');
  await ctx.db.transaction().execute(async (tx) => {
    await tx.deleteFrom('vault.guardianship').where('patient_id', '=', patientId).execute();
    await tx
      .insertInto('vault.guardianship')
      .values({
        recovery: setup.recovery,
        patient_id: patientId,
        need: setup.need,
        hours: setup.hours,
        server_share: setup.serverShare,
        made_at: new Date(ctx.clock.now()),
      })
      .execute();
    await tx
      .insertInto('vault.guardian_share')
      .values(setup.shares.map((share) => ({ recovery: setup.recovery, ...share })))
      .execute();
    await tell(ctx, tx, patientId, 'guardians-chosen', { count: codes.length, need: setup.need });
  });
}

export async function readGuardianship(ctx: VaultContext, patientId: string) {
  const row = await ctx.db
    .selectFrom('vault.guardianship')
    .selectAll()
    .where('patient_id', '=', patientId)
    .executeTakeFirst();
  const shares = row
    ? await ctx.db
        .selectFrom('vault.guardian_share')
        .select('code')
        .where('recovery', '=', row.recovery)
        .orderBy('code')
        .execute()
    : [];
  const running = await runningRecovery(ctx, patientId);
  return {
    arrangement: row
      ? {
          recovery: row.recovery,
          need: row.need,
          hours: row.hours,
          guardians: shares.map(({ code }) => code),
          madeAt: toIso(row.made_at.getTime()),
        }
      : null,
    running,
  };
}

/** Shares sealed to this guardian, each with the recovery that runs for it. */
export async function entrusted(ctx: VaultContext, patientId: string) {
  const mine = await ctx.db
    .selectFrom('vault.guardian')
    .select('code')
    .where('patient_id', '=', patientId)
    .execute();
  const codes = mine.map(({ code }) => code);
  if (codes.length === 0) return { code: null, shares: [] };
  const rows = await ctx.db
    .selectFrom('vault.guardian_share as s')
    .innerJoin('vault.guardianship as g', 'g.recovery', 's.recovery')
    .select(['s.recovery', 's.sealed', 's.code', 'g.patient_id'])
    .where('s.code', 'in', codes)
    .orderBy('g.made_at')
    .execute();
  const shares = [];
  for (const { recovery, sealed, code, patient_id } of rows) {
    const running = await runningRecovery(ctx, patient_id);
    const approved =
      running &&
      (await ctx.db
        .selectFrom('vault.approval')
        .select('id')
        .where('id', '=', running.id)
        .where('code', '=', code)
        .executeTakeFirst());
    shares.push({
      recovery,
      sealed,
      request: running && {
        id: running.id,
        publicKey: running.publicKey,
        dueAt: running.dueAt,
        approved: Boolean(approved),
      },
    });
  }
  return { code: codes.at(-1)!, shares };
}
