/** Suspending, lifting, revoking and renewing: the list is signed anew in the same transaction. */
import { AppError, DAY } from '@zhenmei/kernel';
import type { Bilingual, RegisterState } from '../../adapters/schema.ts';
import { kindOf, nameOf } from '../../core/catalogue.ts';
import '../../core/register-errors.ts';
import type { IdentityContext } from '../context.ts';
import { checkEntry, entitledIssuer, insertEntries, mustBeAllowed } from './enter.ts';
import { ownIssuer } from './own-issuer.ts';
import { lockList, signList } from './sign-list.ts';

/** From where each state may be reached; what is revoked stays revoked. */
const FROM: Readonly<Record<RegisterState, readonly RegisterState[]>> = {
  suspended: ['valid'],
  valid: ['suspended'],
  revoked: ['valid', 'suspended'],
};

/** Throws NO_ISSUER, ENTRY_UNKNOWN, ENTRY_STATE, ENTRY_WITHOUT_STATUS. */
export async function changeEntry(
  ctx: IdentityContext,
  organisationId: string,
  entryId: string,
  change: { readonly state: RegisterState; readonly reason: Bilingual },
): Promise<{ ok: true }> {
  const issuer = await ownIssuer(ctx, organisationId);
  await ctx.db.transaction().execute(async (tx) => {
    await lockList(tx, issuer.id);
    const entry = await tx
      .selectFrom('identity.register_entry')
      .selectAll()
      .where('id', '=', entryId)
      .where('issuer_id', '=', issuer.id)
      .executeTakeFirst();
    if (!entry) throw new AppError('ENTRY_UNKNOWN');
    if (entry.list_uri === null) throw new AppError('ENTRY_WITHOUT_STATUS');
    if (!FROM[change.state].includes(entry.state)) throw new AppError('ENTRY_STATE');
    await tx
      .updateTable('identity.register_entry')
      .set({
        state: change.state,
        reason: JSON.stringify(change.reason),
        changed_at: new Date(ctx.clock.now()),
      })
      .where('id', '=', entryId)
      .execute();
    await signList(ctx, tx, issuer.id, entry.list_uri);
    if (entry.subject_id) await ctx.changes.licenceChanged(tx, entry.subject_id, entryId);
  });
  return { ok: true };
}

/**
 * A new entry with the same words and a new end; the old one stays in the register until it ends.
 * Throws NO_ISSUER, ENTRY_UNKNOWN, ENTRY_STATE, CREDENTIAL_RULE, and what entering throws.
 */
export async function renewEntry(
  ctx: IdentityContext,
  organisationId: string,
  entryId: string,
  expires?: number,
): Promise<{ id: string }> {
  const now = ctx.clock.now();
  const who = await entitledIssuer(ctx, organisationId);
  return ctx.db.transaction().execute(async (tx) => {
    await lockList(tx, who.issuer.id);
    const entry = await tx
      .selectFrom('identity.register_entry')
      .selectAll()
      .where('id', '=', entryId)
      .where('issuer_id', '=', who.issuer.id)
      .executeTakeFirst();
    if (!entry?.claims) throw new AppError('ENTRY_UNKNOWN');
    if (entry.state !== 'valid' || entry.renewed_by !== null) throw new AppError('ENTRY_STATE');
    const days = kindOf(entry.vct)!.days;
    const checked = checkEntry(
      { kind: nameOf(entry.vct), claims: entry.claims, expires: expires ?? now + days * DAY },
      now,
    );
    mustBeAllowed(who, checked, now);
    const [id] = await insertEntries(ctx, tx, who.issuer, [checked], now);
    await tx
      .updateTable('identity.register_entry')
      .set({ renewed_by: id!, changed_at: new Date(now) })
      .where('id', '=', entryId)
      .execute();
    await signList(ctx, tx, who.issuer.id, who.issuer.listUri);
    if (entry.subject_id) await ctx.changes.licenceChanged(tx, entry.subject_id, id!);
    return { id: id! };
  });
}
