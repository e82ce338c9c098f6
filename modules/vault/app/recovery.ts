/**
 * A recovery: somebody without any device asks; guardians agree; a waiting period passes in which any device of the
 * person can cancel; only then does the server give its half.
 */
import { AppError, DAY, equalBytes, newId, sha256, toBase64Url, toIso, utf8 } from '@zhenmei/kernel';
import type { Selectable } from 'kysely';
import type { VaultDatabase } from '../adapters/schema.ts';
import { waitingMs } from '../core/recovery/guardians.ts';
import type { VaultContext } from './context.ts';
import { readKeyset } from './keep-keyset.ts';
import { tell } from './notices.ts';

type Row = Selectable<VaultDatabase['vault.recovery']>;

/** After the waiting period it stays open for so long. */
const OPEN_FOR = 14 * DAY;
const MOST_IN_A_WEEK = 3;

/** Throws RECOVERY_UNKNOWN, RECOVERY_RUNNING, RECOVERY_TOO_OFTEN. */
export async function startRecovery(ctx: VaultContext, recovery: string, publicKey: string) {
  const now = ctx.clock.now();
  return ctx.db.transaction().execute(async (tx) => {
    const setup = await tx
      .selectFrom('vault.guardianship')
      .selectAll()
      .where('recovery', '=', recovery)
      .forUpdate()
      .executeTakeFirst();
    if (!setup) throw new AppError('RECOVERY_UNKNOWN');
    const recent = await tx
      .selectFrom('vault.recovery')
      .selectAll()
      .where('patient_id', '=', setup.patient_id)
      .where('ends_at', '>', new Date(now - 7 * DAY))
      .orderBy('started_at')
      .execute();
    const running = recent.find((r) => isRunning(r, now));
    if (running) throw new AppError('RECOVERY_RUNNING', { until: toIso(running.ends_at.getTime()) });
    const week = recent.filter((r) => r.started_at.getTime() > now - 7 * DAY);
    if (week.length >= MOST_IN_A_WEEK)
      throw new AppError('RECOVERY_TOO_OFTEN', { until: toIso(week[0]!.started_at.getTime() + 7 * DAY) });
    const id = newId(now, ctx.random.bytes(10));
    const token = toBase64Url(ctx.random.bytes(32));
    const due = now + waitingMs(setup.hours);
    await tx
      .insertInto('vault.recovery')
      .values({
        id,
        recovery,
        patient_id: setup.patient_id,
        token_hash: sha256(utf8(token)),
        public_key: publicKey,
        started_at: new Date(now),
        due_at: new Date(due),
        ends_at: new Date(due + OPEN_FOR),
      })
      .execute();
    await tell(ctx, tx, setup.patient_id, 'recovery-started', { id, until: toIso(due) });
    return { id, token, dueAt: toIso(due) };
  });
}

const isRunning = (row: Row, now: number) =>
  row.cancelled_at === null && row.opened_at === null && row.ends_at.getTime() > now;

/** The recovery that runs for a person, if any. */
export async function runningRecovery({ db, clock }: VaultContext, patientId: string) {
  const row = await db
    .selectFrom('vault.recovery')
    .selectAll()
    .where('patient_id', '=', patientId)
    .where('cancelled_at', 'is', null)
    .where('opened_at', 'is', null)
    .where('ends_at', '>', new Date(clock.now()))
    .executeTakeFirst();
  if (!row) return null;
  const approvals = await db.selectFrom('vault.approval').select('code').where('id', '=', row.id).execute();
  return {
    id: row.id,
    publicKey: row.public_key,
    dueAt: toIso(row.due_at.getTime()),
    approvals: approvals.length,
  };
}

/** Throws RECOVERY_UNKNOWN unless the caller is the device that asked. */
async function asked({ db }: VaultContext, id: string, token: string | null): Promise<Row> {
  const row = await db.selectFrom('vault.recovery').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row || !equalBytes(sha256(utf8(token ?? '')), new Uint8Array(row.token_hash)))
    throw new AppError('RECOVERY_UNKNOWN');
  return row;
}

async function progress({ db }: Pick<VaultContext, 'db'>, row: Row) {
  const setup = await db
    .selectFrom('vault.guardianship')
    .selectAll()
    .where('recovery', '=', row.recovery)
    .executeTakeFirst();
  const approvals = await db
    .selectFrom('vault.approval')
    .select('sealed')
    .where('id', '=', row.id)
    .orderBy('code')
    .execute();
  return { setup, approvals: approvals.map(({ sealed }) => sealed) };
}

/** Throws RECOVERY_UNKNOWN. */
export async function readRecovery(ctx: VaultContext, id: string, token: string | null) {
  const row = await asked(ctx, id, token);
  const { setup, approvals } = await progress(ctx, row);
  const now = ctx.clock.now();
  const state = row.cancelled_at
    ? 'cancelled'
    : row.opened_at
      ? 'finished'
      : !setup || row.ends_at.getTime() <= now
        ? 'lapsed'
        : row.due_at.getTime() > now
          ? 'waiting'
          : 'open';
  return {
    state,
    dueAt: toIso(row.due_at.getTime()),
    need: setup?.need ?? 0,
    approvals: approvals.length,
  } as const;
}

/** Throws RECOVERY_UNKNOWN, RECOVERY_ENDED, GUARDIAN_UNKNOWN. Agreeing twice changes nothing. */
export async function approveRecovery(ctx: VaultContext, guardianId: string, id: string, sealed: string) {
  const row = await ctx.db.selectFrom('vault.recovery').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw new AppError('RECOVERY_UNKNOWN');
  if (!isRunning(row, ctx.clock.now())) throw new AppError('RECOVERY_ENDED');
  const share = await ctx.db
    .selectFrom('vault.guardian_share as s')
    .innerJoin('vault.guardian as g', 'g.code', 's.code')
    .select('s.code')
    .where('s.recovery', '=', row.recovery)
    .where('g.patient_id', '=', guardianId)
    .executeTakeFirst();
  if (!share) throw new AppError('GUARDIAN_UNKNOWN');
  await ctx.db
    .insertInto('vault.approval')
    .values({ id, code: share.code, sealed })
    .onConflict((c) => c.doNothing())
    .execute();
}

/** By any signed-in device of the person. Throws RECOVERY_UNKNOWN, RECOVERY_ENDED. */
export async function cancelRecovery(ctx: VaultContext, patientId: string, id: string): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('vault.recovery')
      .selectAll()
      .where('id', '=', id)
      .where('patient_id', '=', patientId)
      .forUpdate()
      .executeTakeFirst();
    if (!row) throw new AppError('RECOVERY_UNKNOWN');
    if (!isRunning(row, ctx.clock.now())) throw new AppError('RECOVERY_ENDED');
    const at = new Date(ctx.clock.now());
    await tx.updateTable('vault.recovery').set({ cancelled_at: at }).where('id', '=', id).execute();
    await tell(ctx, tx, patientId, 'recovery-cancelled', { id });
  });
}

/**
 * The server's half and what the guardians gave. The first answer may be lost on the way, so it can be asked for again
 * until the person has chosen new ways in. Throws RECOVERY_UNKNOWN, RECOVERY_ENDED, RECOVERY_WAITING, RECOVERY_NOT_APPROVED.
 */
export async function openRecovery(ctx: VaultContext, id: string, token: string | null) {
  await asked(ctx, id, token);
  const opened = await ctx.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('vault.recovery')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const now = ctx.clock.now();
    const { setup, approvals } = await progress({ db: tx }, row);
    if (row.cancelled_at || !setup || row.ends_at.getTime() <= now) throw new AppError('RECOVERY_ENDED');
    if (row.due_at.getTime() > now)
      throw new AppError('RECOVERY_WAITING', { until: toIso(row.due_at.getTime()) });
    if (approvals.length < setup.need)
      throw new AppError('RECOVERY_NOT_APPROVED', { need: setup.need, have: approvals.length });
    if (!row.opened_at) {
      await tx
        .updateTable('vault.recovery')
        .set({ opened_at: new Date(now) })
        .where('id', '=', id)
        .execute();
      await tell(ctx, tx, row.patient_id, 'recovery-opened', { id });
    }
    return { patientId: row.patient_id, serverShare: setup.server_share, approvals };
  });
  const keyset = await readKeyset(ctx, opened.patientId);
  return { keyset, serverShare: opened.serverShare, approvals: opened.approvals };
}
