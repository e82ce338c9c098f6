/** An issuer publishes a new signed status list; from then on every reader here judges by it. */
import { AppError, sha256, toHex, toSeconds, utf8 } from '@zhenmei/kernel';
import '../core/account-errors.ts';
import { readStatusList, type StatusList, statusListSigned, unpackStatusList } from '../core/status-list.ts';
import { inForce } from '../core/trust.ts';
import type { IdentityContext } from './context.ts';
import { issuersNow } from './judge-credential.ts';

/** Seconds by which an issuer's clock may be ahead. */
const SKEW = 60;
const NAME = /^[A-Za-z0-9_-]{1,60}$/;

/** The name of an issuer in addresses of this server. */
export function issuerSlug(issuerId: string): string {
  return toHex(sha256(utf8(issuerId))).slice(0, 16);
}

/**
 * Throws STATUS_LIST_REFUSED with a code unless a registered issuer signed it with a key in force, under an address of
 * its own (`{issuer}/…` or `{origin}/status/{slug}/{name}`), it is fresh, and newer than the one at hand.
 */
export async function publishStatusList(ctx: IdentityContext, token: string): Promise<{ uri: string }> {
  const list = await readOrRefuse(token);
  const now = toSeconds(ctx.clock.now());
  const issuer = (await issuersNow(ctx)).find(({ id }) => id === list.issuer);
  if (!issuer) return refuse('ISSUER_UNKNOWN');
  const slug = issuerSlug(issuer.id);
  const name = list.uri.slice(list.uri.lastIndexOf('/') + 1);
  const own = list.uri.startsWith(`${issuer.id}/`) || list.uri === `${ctx.origin}/status/${slug}/${name}`;
  if (!own || !NAME.test(name)) return refuse('STATUS_OTHER_LIST');
  const keys = issuer.keys.filter((key) => inForce(key, list.issuedAt) && inForce(key, now));
  const signed = await Promise.all(keys.map(({ jwk }) => statusListSigned(list, jwk)));
  if (!signed.includes(true)) return refuse('STATUS_SIGNATURE');
  if (now + SKEW < list.issuedAt) return refuse('STATUS_NOT_YET');
  if (now >= list.freshUntil) return refuse('STATUS_STALE');
  const issued_at = new Date(list.issuedAt * 1000);
  const row = await ctx.db
    .insertInto('identity.status_list')
    .values({ uri: list.uri, token, issued_at, issuer_id: issuer.id, slug, name })
    .onConflict((c) =>
      c
        .column('uri')
        .doUpdateSet({ token, issued_at, issuer_id: issuer.id, slug, name })
        .where('identity.status_list.issued_at', '<=', issued_at),
    )
    .returning('uri')
    .executeTakeFirst();
  return row ?? refuse('STATUS_STALE');
}

async function readOrRefuse(token: string): Promise<StatusList> {
  try {
    const list = readStatusList(token);
    await unpackStatusList(list);
    return list;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return refuse(error.code);
  }
}

function refuse(code: string): never {
  throw new AppError('STATUS_LIST_REFUSED', { code });
}

/** The newest signed list under this server's address of it. Throws STATUS_LIST_UNKNOWN. */
export async function readPublishedList(ctx: IdentityContext, slug: string, name: string): Promise<string> {
  const row = await ctx.db
    .selectFrom('identity.status_list')
    .select('token')
    .where('slug', '=', slug)
    .where('name', '=', name)
    .executeTakeFirst();
  if (!row) throw new AppError('STATUS_LIST_UNKNOWN');
  return row.token;
}
