/** A desk makes a key for its organisation's own systems. */
import { AppError, newId, sha256, toBase64Url, utf8 } from '@zhenmei/kernel';
import type { KeyScope } from '../core/key-scopes.ts';
import '../core/account-errors.ts';
import type { IdentityContext } from './context.ts';

/** Live keys of one organisation at most. */
const MOST = 50;

export const secretHash = (secret: string): Uint8Array<ArrayBuffer> => sha256(utf8(secret));

/** @returns the secret, which is shown this once. Throws API_KEYS_TOO_MANY. */
export async function makeApiKey(
  ctx: Pick<IdentityContext, 'db' | 'clock' | 'random'>,
  desk: { readonly organisationId: string; readonly deviceId: string },
  key: { readonly name: string; readonly scopes: readonly KeyScope[] },
): Promise<{ id: string; secret: string }> {
  const now = ctx.clock.now();
  const id = newId(now, ctx.random.bytes(10));
  const secret = `zmk_${toBase64Url(ctx.random.bytes(32))}`;
  await ctx.db.transaction().execute(async (tx) => {
    // so that two desks count one after the other
    await tx
      .selectFrom('identity.organisation')
      .select('id')
      .where('id', '=', desk.organisationId)
      .forUpdate()
      .execute();
    const live = await tx
      .selectFrom('identity.api_key')
      .select('id')
      .where('organisation_id', '=', desk.organisationId)
      .where('revoked_at', 'is', null)
      .execute();
    if (live.length >= MOST) throw new AppError('API_KEYS_TOO_MANY', { limit: MOST });
    await tx
      .insertInto('identity.api_key')
      .values({
        id,
        organisation_id: desk.organisationId,
        name: key.name,
        scopes: [...new Set(key.scopes)],
        secret_hash: secretHash(secret),
        made_by: desk.deviceId,
        made_at: new Date(now),
        revoked_by: null,
        revoked_at: null,
        used_at: null,
      })
      .execute();
  });
  return { id, secret };
}
