/** Certificates: registered only when they hold, judged again every time they are looked at. */
import { AppError, type Json, newId, toSeconds } from '@zhenmei/kernel';
import '../core/account-errors.ts';
import { CREDENTIAL_TYPES } from '../core/catalogue.ts';
import type { PublicJwk } from '../core/jwk.ts';
import { readSdJwt } from '../core/sd-jwt.ts';
import { readStatusList, statusListSigned } from '../core/status-list.ts';
import { type CredentialResult, type IssuerTrust, verifyCredential } from '../core/verify-credential.ts';
import type { IdentityContext } from './context.ts';

const TYPES = Object.values(CREDENTIAL_TYPES);

/** A regulator publishes the keys it signs with; the registry on chain says what they are good for. */
export async function registerIssuer(
  ctx: IdentityContext,
  organisationId: string,
  issuer: { id: string; keys: PublicJwk[] },
): Promise<void> {
  const organisation = await ctx.db
    .selectFrom('identity.organisation')
    .select('kind')
    .where('id', '=', organisationId)
    .executeTakeFirst();
  if (organisation?.kind !== 'regulator') throw new AppError('NOT_THE_REGULATOR');
  const keys = JSON.stringify(issuer.keys);
  await ctx.db
    .insertInto('identity.issuer')
    .values({ id: issuer.id, organisation_id: organisationId, keys })
    .onConflict((c) =>
      c.column('id').doUpdateSet({ keys }).where('identity.issuer.organisation_id', '=', organisationId),
    )
    .execute();
}

export async function issuersNow(ctx: IdentityContext): Promise<IssuerTrust[]> {
  const rows = await ctx.db.selectFrom('identity.issuer').selectAll().execute();
  const read = await Promise.all(rows.map((row) => ctx.registry.read(row.id, row.keys, TYPES)));
  return read.filter((issuer): issuer is IssuerTrust => issuer !== null);
}

export async function statusListsOf(
  ctx: IdentityContext,
  tokens: readonly string[],
): Promise<Record<string, string>> {
  const uris = tokens.flatMap((token) => {
    const status = readSdJwt(token).claims.status as { status_list?: { uri?: unknown } } | undefined;
    return typeof status?.status_list?.uri === 'string' ? [status.status_list.uri] : [];
  });
  if (uris.length === 0) return {};
  const rows = await ctx.db
    .selectFrom('identity.status_list')
    .select(['uri', 'token'])
    .where('uri', 'in', uris)
    .execute();
  return Object.fromEntries(rows.map((row) => [row.uri, row.token]));
}

/** Judges a token now, with the registry, the status lists and, if asked for, possession. */
export async function judgeCredential(
  ctx: IdentityContext,
  token: string,
  keyBinding?: { audience: string; nonce: string },
): Promise<CredentialResult> {
  let statusLists: Record<string, string> = {};
  try {
    statusLists = await statusListsOf(ctx, [token]);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
  return verifyCredential(token, {
    at: toSeconds(ctx.clock.now()),
    issuers: await issuersNow(ctx),
    statusLists,
    ...(keyBinding ? { keyBinding } : {}),
  });
}

/** Publishes a certificate of a clinic or a doctor. Throws CREDENTIAL_REFUSED unless it holds now. */
export async function registerCredential(ctx: IdentityContext, token: string): Promise<{ id: string }> {
  const result = await judgeCredential(ctx, token);
  const subject = result.claims?.subject;
  if (result.verdict !== 'proven' || typeof subject !== 'string' || !result.type)
    throw new AppError('CREDENTIAL_REFUSED', { code: result.code });
  const now = ctx.clock.now();
  const id = newId(now, ctx.random.bytes(10));
  await ctx.db
    .insertInto('identity.credential')
    .values({ id, subject_id: subject, vct: result.type, token, registered_at: new Date(now) })
    .execute();
  return { id };
}

/** Throws STATUS_LIST_REFUSED unless a registered issuer signed it and it is newer than the one at hand. */
export async function publishStatusList(ctx: IdentityContext, token: string): Promise<{ uri: string }> {
  const refuse = (code: string): never => {
    throw new AppError('STATUS_LIST_REFUSED', { code });
  };
  let list: Awaited<ReturnType<typeof readStatusList>>;
  try {
    list = await readStatusList(token);
  } catch (error) {
    return refuse(error instanceof AppError ? error.code : 'STATUS_FORMAT');
  }
  const issuer = (await issuersNow(ctx)).find(({ id }) => id === list.jws.payload.iss);
  const signed = await Promise.all((issuer?.keys ?? []).map(({ jwk }) => statusListSigned(list, jwk)));
  if (!signed.includes(true)) refuse('STATUS_SIGNATURE');
  const issued = new Date(list.issuedAt * 1000);
  const row = await ctx.db
    .insertInto('identity.status_list')
    .values({ uri: list.uri, token, issued_at: issued })
    .onConflict((c) =>
      c
        .column('uri')
        .doUpdateSet({ token, issued_at: issued })
        .where('identity.status_list.issued_at', '<=', issued),
    )
    .returning('uri')
    .executeTakeFirst();
  if (!row) refuse('STATUS_STALE');
  return { uri: list.uri };
}

export interface LicenceRead extends CredentialResult {
  readonly token: string;
}

/** The newest certificate of each kind that this subject made public, judged just now. */
export async function licencesOf(ctx: IdentityContext, subjectId: string): Promise<LicenceRead[]> {
  const rows = await ctx.db
    .selectFrom('identity.credential')
    .selectAll()
    .where('subject_id', '=', subjectId)
    .orderBy('registered_at', 'desc')
    .execute();
  const newest = new Map<string, string>();
  for (const row of rows) if (!newest.has(row.vct)) newest.set(row.vct, row.token);
  return Promise.all(
    [...newest.values()].map(async (token) => ({ ...(await judgeCredential(ctx, token)), token })),
  );
}

/** Claims as the token states them, even when it does not hold: for showing what is suspended. */
export function statedClaims(token: string): Readonly<Record<string, Json>> {
  return readSdJwt(token).claims;
}
