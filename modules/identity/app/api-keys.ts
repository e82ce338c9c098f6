/** An organisation's keys: which there are, whose a secret is, and how one ends. */
import { AppError, MINUTE } from '@zhenmei/kernel';
import type { KeyScope } from '../core/key-scopes.ts';
import '../core/account-errors.ts';
import type { IdentityContext } from './context.ts';
import { secretHash } from './make-api-key.ts';

type Context = Pick<IdentityContext, 'db' | 'clock'>;

export interface ApiKeyView {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly KeyScope[];
  readonly madeAt: string;
  readonly revokedAt: string | null;
  readonly usedAt: string | null;
}

/** Revoked ones included, the newest first. */
export async function apiKeys(ctx: Context, organisationId: string): Promise<ApiKeyView[]> {
  const rows = await ctx.db
    .selectFrom('identity.api_key')
    .selectAll()
    .where('organisation_id', '=', organisationId)
    .orderBy('id', 'desc')
    .execute();
  return rows.map(({ id, name, scopes, made_at, revoked_at, used_at }) => ({
    id,
    name,
    scopes,
    madeAt: made_at.toISOString(),
    revokedAt: revoked_at?.toISOString() ?? null,
    usedAt: used_at?.toISOString() ?? null,
  }));
}

export interface KeyHolder {
  readonly id: string;
  readonly organisationId: string;
  readonly scopes: readonly KeyScope[];
}

/** Whose live key this is, or null. Remembers the minute of its use. */
export async function findApiKey(ctx: Context, secret: string): Promise<KeyHolder | null> {
  if (!secret.startsWith('zmk_')) return null;
  const row = await ctx.db
    .selectFrom('identity.api_key')
    .select(['id', 'organisation_id', 'scopes', 'used_at'])
    .where('secret_hash', '=', secretHash(secret))
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (!row) return null;
  const now = ctx.clock.now();
  if (!row.used_at || now - row.used_at.getTime() >= MINUTE)
    await ctx.db
      .updateTable('identity.api_key')
      .set({ used_at: new Date(now) })
      .where('id', '=', row.id)
      .execute();
  return { id: row.id, organisationId: row.organisation_id, scopes: row.scopes };
}

/** Ends at once. Throws API_KEY_UNKNOWN for one that is not this organisation's, or has ended. */
export async function revokeApiKey(
  ctx: Context,
  desk: { readonly organisationId: string; readonly deviceId: string },
  id: string,
): Promise<{ ok: true }> {
  const { numUpdatedRows } = await ctx.db
    .updateTable('identity.api_key')
    .set({ revoked_at: new Date(ctx.clock.now()), revoked_by: desk.deviceId })
    .where('id', '=', id)
    .where('organisation_id', '=', desk.organisationId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new AppError('API_KEY_UNKNOWN');
  return { ok: true };
}
