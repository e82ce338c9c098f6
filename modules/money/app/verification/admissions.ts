/** Who may check clinics: an assessor asks, the authority answers; the ledger alone says who is admitted. */
import { AppError, type Hex, newId } from '@zhenmei/kernel';
import {
  type AdmissionNote,
  admissionOf,
  assertMayAsk,
  assertMayDecide,
  type Registered,
} from '../../core/verifier-admission.ts';
import type { MoneyContext } from '../context.ts';
import { iso } from './views.ts';

async function load(ctx: MoneyContext, verifier: Hex) {
  const [rows, entry] = await Promise.all([
    ctx.db
      .selectFrom('money.check_admission')
      .selectAll()
      .where('verifier', '=', verifier)
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(20)
      .execute(),
    ctx.db.selectFrom('money.check_verifier').selectAll().where('verifier', '=', verifier).executeTakeFirst(),
  ]);
  const notes = rows.map(
    (row): AdmissionNote => ({
      kind: row.kind,
      text: row.text,
      at: row.at.getTime(),
      changes: row.changes,
    }),
  );
  const registered: Registered | null = entry
    ? { admitted: entry.admitted, until: entry.until?.getTime() ?? null, changes: entry.changes }
    : null;
  return { notes, entry, registered, state: admissionOf(notes, registered, ctx.clock.now()) };
}

/** Where somebody stands: what it wrote about itself, and the reason of a refusal or a suspension. */
export async function readAdmission(ctx: MoneyContext, verifier: Hex) {
  const { notes, entry, state } = await load(ctx, verifier);
  const [newest] = notes;
  const said = newest && newest.kind === state ? newest : null;
  return {
    state,
    about: notes.find(({ kind }) => kind === 'asked')?.text ?? null,
    reason: said && said.kind !== 'asked' ? said.text : null,
    at: said ? new Date(said.at).toISOString() : null,
    until: iso(entry?.until ?? null),
    missed: entry?.suspended ?? false,
    checks: entry?.checks ?? 0,
    misses: entry?.misses ?? 0,
  };
}

/** Throws CHECK_NOT_APPOINTED, CHECK_ADMISSION_STATE. */
export async function askAdmission(ctx: MoneyContext, verifier: Hex, about: string): Promise<void> {
  const own = (await ctx.disputes.candidates()).find(({ account }) => account === verifier);
  if (!own?.appointed) throw new AppError('CHECK_NOT_APPOINTED');
  const { state, registered } = await load(ctx, verifier);
  assertMayAsk(state);
  await keep(ctx, verifier, 'asked', about, registered);
}

/**
 * The authority refuses who asks, or says why it suspends; a suspension counts once its account has ended the entry on
 * the ledger. Throws CHECK_UNKNOWN, CHECK_ADMISSION_STATE.
 */
export async function decideAdmission(
  ctx: MoneyContext,
  verifier: Hex,
  decision: 'refused' | 'suspended',
  reason: string,
): Promise<void> {
  const known = (await ctx.disputes.candidates()).some(
    ({ account, kind }) => account === verifier && kind === 'assessor',
  );
  if (!known) throw new AppError('CHECK_UNKNOWN');
  const { state, registered } = await load(ctx, verifier);
  assertMayDecide(state, decision);
  await keep(ctx, verifier, decision, reason, registered);
}

async function keep(
  ctx: MoneyContext,
  verifier: Hex,
  kind: AdmissionNote['kind'],
  text: string,
  registered: Registered | null,
): Promise<void> {
  const at = ctx.clock.now();
  await ctx.db
    .insertInto('money.check_admission')
    .values({
      id: newId(at, ctx.random.bytes(10)),
      verifier,
      kind,
      text,
      changes: registered?.changes ?? 0,
      at: new Date(at),
    })
    .execute();
}

/** Everybody who asked or was ever admitted, those who wait for an answer first. */
export async function listAdmissions(ctx: MoneyContext) {
  const assessors = (await ctx.disputes.candidates()).filter(({ kind }) => kind === 'assessor');
  const all = await Promise.all(
    assessors.map(async ({ account, name, tags, appointed }) => ({
      account,
      name,
      tags,
      appointed,
      ...(await readAdmission(ctx, account)),
    })),
  );
  const shown = all.filter(({ state }) => state !== 'none');
  return [
    ...shown.filter(({ state }) => state === 'asked'),
    ...shown.filter(({ state }) => state !== 'asked'),
  ];
}
