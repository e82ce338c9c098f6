/** The issuer of an organisation, its key that the house keeps, and its list. */
import { AppError } from '@zhenmei/kernel';
import type { Selectable } from 'kysely';
import type { IdentityDatabase } from '../../adapters/schema.ts';
import '../../core/account-errors.ts';
import { keyName, type PublicJwk } from '../../core/jwk.ts';
import type { IdentityContext } from '../context.ts';
import { issuerSlug } from '../publish-status-list.ts';
import '../../core/register-errors.ts';

export interface OwnIssuer {
  readonly id: string;
  readonly organisation: Selectable<IdentityDatabase['identity.organisation']>;
  readonly listUri: string;
}

/** Throws NO_ISSUER if the organisation issues nothing here. */
export async function ownIssuer(ctx: IdentityContext, organisationId: string): Promise<OwnIssuer> {
  const organisation = await ctx.db
    .selectFrom('identity.organisation')
    .selectAll()
    .where('id', '=', organisationId)
    .executeTakeFirst();
  const issuer = await ctx.db
    .selectFrom('identity.issuer')
    .select(['id', 'list_uri'])
    .where('organisation_id', '=', organisationId)
    .where('list_uri', 'is not', null)
    .orderBy('id')
    .executeTakeFirst();
  if (!organisation || !issuer?.list_uri) throw new AppError('NO_ISSUER');
  return { id: issuer.id, organisation, listUri: issuer.list_uri };
}

const MAY_ISSUE = ['regulator', 'maker', 'clinic'];

/**
 * Lets the house keep a signing key for the organisation's issuer and gives the public key, to be entered in the
 * registry on chain. May be repeated. Throws NO_ISSUER for organisations that issue nothing, ISSUER_TAKEN.
 */
export async function openIssuer(
  ctx: IdentityContext,
  organisationId: string,
  id?: string,
): Promise<{ id: string; key: PublicJwk; keyId: string }> {
  const organisation = await ctx.db
    .selectFrom('identity.organisation')
    .select('kind')
    .where('id', '=', organisationId)
    .executeTakeFirst();
  if (!organisation || !MAY_ISSUE.includes(organisation.kind)) throw new AppError('NO_ISSUER');
  const issuerId = id ?? `${ctx.origin}/issuers/${organisationId}`;
  const { jwk } = ctx.signing.key(issuerId);
  const list_uri = `${ctx.origin}/status/${issuerSlug(issuerId)}/register`;
  await ctx.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('identity.issuer')
      .select(['organisation_id', 'keys', 'list_uri'])
      .where('id', '=', issuerId)
      .forUpdate()
      .executeTakeFirst();
    if (row && row.organisation_id !== organisationId) throw new AppError('ISSUER_TAKEN');
    const others = (row?.keys ?? []).filter((key) => keyName(key) !== keyName(jwk));
    const keys = JSON.stringify([...others, jwk]);
    await tx
      .insertInto('identity.issuer')
      .values({ id: issuerId, organisation_id: organisationId, keys, list_uri })
      .onConflict((c) => c.column('id').doUpdateSet({ keys, list_uri: row?.list_uri ?? list_uri }))
      .execute();
  });
  return { id: issuerId, key: jwk, keyId: keyName(jwk) };
}
