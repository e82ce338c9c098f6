/** One-time secrets: kept as digests, used once, for a while. */
import { AppError, type Json, sha256, toBase64Url, utf8 } from '@zhenmei/kernel';
import type { Selectable } from 'kysely';
import type { IdentityDatabase } from '../../adapters/schema.ts';
import '../../core/openid-errors.ts';
import type { IdentityContext } from '../context.ts';

export type Grant = Selectable<IdentityDatabase['identity.openid_grant']>;
type Kind = Grant['kind'];

const digest = (secret: string) => toBase64Url(sha256(utf8(secret)));

export interface NewGrant {
  readonly kind: Kind;
  readonly issuerId: string;
  readonly entryId: string | null;
  readonly detail: Record<string, Json>;
  /** Milliseconds. */
  readonly life: number;
}

/** @returns the secret, which is kept nowhere */
export async function newGrant(ctx: IdentityContext, grant: NewGrant): Promise<string> {
  const now = ctx.clock.now();
  const secret = toBase64Url(ctx.random.bytes(32));
  await ctx.db.deleteFrom('identity.openid_grant').where('expires_at', '<', new Date(now)).execute();
  await ctx.db
    .insertInto('identity.openid_grant')
    .values({
      hash: digest(secret),
      kind: grant.kind,
      issuer_id: grant.issuerId,
      entry_id: grant.entryId,
      detail: JSON.stringify(grant.detail),
      expires_at: new Date(now + grant.life),
    })
    .execute();
  return secret;
}

/** Throws `code` unless it is there, of this issuer, unused and not over. */
export async function findGrant(
  ctx: IdentityContext,
  kind: Kind,
  issuerId: string,
  secret: string,
  code = 'OPENID_GRANT',
): Promise<Grant> {
  const row = await ctx.db
    .selectFrom('identity.openid_grant')
    .selectAll()
    .where('hash', '=', digest(secret))
    .where('kind', '=', kind)
    .where('issuer_id', '=', issuerId)
    .executeTakeFirst();
  if (!row || row.used_at || row.expires_at.getTime() <= ctx.clock.now()) throw new AppError(code);
  return row;
}

/** Takes it out of use; of two at once exactly one succeeds. Throws OPENID_GRANT. */
export async function useGrant(ctx: IdentityContext, grant: Grant): Promise<void> {
  const row = await ctx.db
    .updateTable('identity.openid_grant')
    .set({ used_at: new Date(ctx.clock.now()) })
    .where('hash', '=', grant.hash)
    .where('used_at', 'is', null)
    .returning('hash')
    .executeTakeFirst();
  if (!row) throw new AppError('OPENID_GRANT');
}

/** A random number that is good for one proof. */
export async function newNonce(ctx: IdentityContext, purpose: string, life: number): Promise<string> {
  const challenge = toBase64Url(ctx.random.bytes(32));
  const expires_at = new Date(ctx.clock.now() + life);
  await ctx.db.insertInto('identity.challenge').values({ challenge, purpose, expires_at }).execute();
  return challenge;
}

/** Throws `code` if we did not give it, or it was used. */
export async function useNonce(
  ctx: IdentityContext,
  purpose: string,
  nonce: string,
  code: string,
): Promise<void> {
  const row = await ctx.db
    .deleteFrom('identity.challenge')
    .where('challenge', '=', nonce)
    .where('purpose', '=', purpose)
    .returning('expires_at')
    .executeTakeFirst();
  if (!row || row.expires_at.getTime() < ctx.clock.now()) throw new AppError(code);
}

/** Remembers an identifier that must not come twice. Throws `code` if it did. */
export async function rememberOnce(
  ctx: IdentityContext,
  purpose: string,
  id: string,
  life: number,
  code: string,
): Promise<void> {
  const row = await ctx.db
    .insertInto('identity.challenge')
    .values({ challenge: `${purpose} ${digest(id)}`, purpose, expires_at: new Date(ctx.clock.now() + life) })
    .onConflict((c) => c.column('challenge').doNothing())
    .returning('challenge')
    .executeTakeFirst();
  if (!row) throw new AppError(code);
}
