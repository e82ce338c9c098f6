/** Judges certificates now: with the registry on chain and the newest status lists of this house. */
import { AppError, toSeconds } from '@zhenmei/kernel';
import { CREDENTIAL_TYPES } from '../core/catalogue.ts';
import { readSdJwt } from '../core/sd-jwt.ts';
import { statusReference } from '../core/status-check.ts';
import { type CredentialResult, type IssuerTrust, verifyCredential } from '../core/verify-credential.ts';
import { WALLET_TYPE } from '../core/wallet-attestation.ts';
import type { IdentityContext } from './context.ts';

/** What the registry is asked for: every kind of certificate, and wallets' attestations. */
const TYPES = [...Object.values(CREDENTIAL_TYPES), WALLET_TYPE];

/** Every registered issuer as the registry has it now. */
export async function issuersNow(ctx: IdentityContext): Promise<IssuerTrust[]> {
  const rows = await ctx.db.selectFrom('identity.issuer').selectAll().execute();
  const read = await Promise.all(rows.map((row) => ctx.registry.read(row.id, row.keys, TYPES)));
  return read.filter((issuer): issuer is IssuerTrust => issuer !== null);
}

/** Newest lists, by address, that these certificates refer to. A token that cannot be read refers to none. */
export async function statusListsOf(
  ctx: IdentityContext,
  tokens: readonly string[],
): Promise<Record<string, string>> {
  const uris = tokens.map(statusUri).filter((uri) => uri !== null);
  if (uris.length === 0) return {};
  const rows = await ctx.db
    .selectFrom('identity.status_list')
    .select(['uri', 'token'])
    .where('uri', 'in', uris)
    .execute();
  return Object.fromEntries(rows.map((row) => [row.uri, row.token]));
}

function statusUri(token: string): string | null {
  try {
    return statusReference(readSdJwt(token).claims)?.uri ?? null;
  } catch (error) {
    // what is wrong with it is said when it is judged
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** Judges several with one look at the registry and the lists. */
export async function judgeCredentials(
  ctx: IdentityContext,
  tokens: readonly string[],
  keyBinding?: { readonly audience: string; readonly nonce: string },
): Promise<CredentialResult[]> {
  if (tokens.length === 0) return [];
  const [issuers, statusLists] = await Promise.all([issuersNow(ctx), statusListsOf(ctx, tokens)]);
  const at = toSeconds(ctx.clock.now());
  const options = { at, issuers, statusLists, ...(keyBinding ? { keyBinding } : {}) };
  return Promise.all(tokens.map((token) => verifyCredential(token, options)));
}

/** Judges one, with possession if asked for. */
export async function judgeCredential(
  ctx: IdentityContext,
  token: string,
  keyBinding?: { readonly audience: string; readonly nonce: string },
): Promise<CredentialResult> {
  const [result] = await judgeCredentials(ctx, [token], keyBinding);
  return result!;
}
