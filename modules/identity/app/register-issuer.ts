/** A regulator publishes the keys it signs with; the registry on chain says what they are good for. */
import { AppError } from '@zhenmei/kernel';
import '../core/account-errors.ts';
import { type PublicJwk, parseJwk } from '../core/jwk.ts';
import type { IdentityContext } from './context.ts';

/** Replaces the keys of its own issuer. Throws NOT_THE_REGULATOR, SDJWT_KEY, ISSUER_TAKEN. */
export async function registerIssuer(
  ctx: IdentityContext,
  organisationId: string,
  issuer: { readonly id: string; readonly keys: readonly PublicJwk[] },
): Promise<{ ok: true }> {
  const organisation = await ctx.db
    .selectFrom('identity.organisation')
    .select('kind')
    .where('id', '=', organisationId)
    .executeTakeFirst();
  if (organisation?.kind !== 'regulator') throw new AppError('NOT_THE_REGULATOR');
  const keys = JSON.stringify(issuer.keys.map(parseJwk));
  const row = await ctx.db
    .insertInto('identity.issuer')
    .values({ id: issuer.id, organisation_id: organisationId, keys })
    .onConflict((c) =>
      c.column('id').doUpdateSet({ keys }).where('identity.issuer.organisation_id', '=', organisationId),
    )
    .returning('id')
    .executeTakeFirst();
  if (!row) throw new AppError('ISSUER_TAKEN');
  return { ok: true };
}
