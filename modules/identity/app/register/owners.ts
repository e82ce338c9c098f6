/**
 * Who stands behind an organisation in the end, stated by the regulator as the owner's registered number. Only a keyed
 * digest is kept: equal owners are found, the number is not. A clinic that closes and opens again under a new name is
 * shown with what came before.
 */
import { AppError, toIso } from '@zhenmei/kernel';
import type { Bilingual } from '../../adapters/schema.ts';
import '../../core/account-errors.ts';
import { CREDENTIAL_TYPES } from '../../core/catalogue.ts';
import '../../core/register-errors.ts';
import type { IdentityContext } from '../context.ts';
import { publishDid } from '../publish-did.ts';
import { changeEntry } from './change-entry.ts';

/** Throws NOT_THE_REGULATOR. */
export async function mustBeRegulator(ctx: IdentityContext, organisationId: string): Promise<void> {
  const row = await ctx.db
    .selectFrom('identity.organisation')
    .select('kind')
    .where('id', '=', organisationId)
    .executeTakeFirst();
  if (row?.kind !== 'regulator') throw new AppError('NOT_THE_REGULATOR');
}

/** Written differently, a number is still the same: capitals, no spaces or dashes. */
const plain = (number: string) => number.normalize('NFKC').toUpperCase().replaceAll(/[\s-]/g, '');

/** Throws NOT_THE_REGULATOR, ORGANISATION_UNKNOWN. */
export async function stateOwner(
  ctx: IdentityContext,
  regulatorId: string,
  organisationId: string,
  registeredNumber: string,
): Promise<{ ok: true }> {
  await mustBeRegulator(ctx, regulatorId);
  const row = await ctx.db
    .updateTable('identity.organisation')
    .set({ owner_mark: ctx.owners.mark(plain(registeredNumber)) })
    .where('id', '=', organisationId)
    .returning('id')
    .executeTakeFirst();
  if (!row) throw new AppError('ORGANISATION_UNKNOWN');
  return { ok: true };
}

/** Closes it for good and revokes its facility licences. Throws NOT_THE_REGULATOR, ORGANISATION_UNKNOWN, ORGANISATION_CLOSED. */
export async function closeOrganisation(
  ctx: IdentityContext,
  regulatorId: string,
  organisationId: string,
  reason: Bilingual,
): Promise<{ ok: true }> {
  await mustBeRegulator(ctx, regulatorId);
  const row = await ctx.db
    .selectFrom('identity.organisation')
    .select('closed_at')
    .where('id', '=', organisationId)
    .executeTakeFirst();
  if (!row) throw new AppError('ORGANISATION_UNKNOWN');
  if (row.closed_at) throw new AppError('ORGANISATION_CLOSED');
  const licences = await ctx.db
    .selectFrom('identity.register_entry as e')
    .innerJoin('identity.issuer as i', 'i.id', 'e.issuer_id')
    .select('e.id')
    .where('i.organisation_id', '=', regulatorId)
    .where('e.subject_id', '=', organisationId)
    .where('e.vct', '=', CREDENTIAL_TYPES.facilityLicence)
    .where('e.state', '<>', 'revoked')
    .execute();
  for (const { id } of licences) await changeEntry(ctx, regulatorId, id, { state: 'revoked', reason });
  await ctx.db
    .updateTable('identity.organisation')
    .set({ closed_at: new Date(ctx.clock.now()) })
    .where('id', '=', organisationId)
    .execute();
  const published = await ctx.db
    .selectFrom('identity.did_log')
    .select('did')
    .where('organisation_id', '=', organisationId)
    .executeTakeFirst();
  if (published) await publishDid(ctx, organisationId, true);
  return { ok: true };
}

export interface SameOwner {
  readonly id: string;
  readonly name: Bilingual;
  readonly closedAt: string | null;
}

/** Other organisations of the same owner, those that closed first. */
export async function sameOwner(ctx: IdentityContext, organisationId: string): Promise<SameOwner[]> {
  const rows = await ctx.db
    .selectFrom('identity.organisation as o')
    .innerJoin('identity.organisation as other', 'other.owner_mark', 'o.owner_mark')
    .select(['other.id', 'other.name', 'other.closed_at'])
    .where('o.id', '=', organisationId)
    .where('o.owner_mark', 'is not', null)
    .whereRef('other.id', '<>', 'o.id')
    .orderBy('other.closed_at')
    .orderBy('other.created_at')
    .execute();
  return rows.map(({ id, name, closed_at }) => ({
    id,
    name,
    closedAt: closed_at && toIso(closed_at.getTime()),
  }));
}
