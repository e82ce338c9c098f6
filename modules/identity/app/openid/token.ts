/** From an offer to an access token: pushed requests with PKCE, codes, and proof of the token's key (DPoP). */
import { AppError, HOUR, MINUTE, sha256, toBase64Url, toSeconds, utf8 } from '@zhenmei/kernel';
import '../../core/openid-errors.ts';
import { readDpop } from '../../core/proof-jwt.ts';
import type { IdentityContext } from '../context.ts';
import { findGrant, type Grant, newGrant, rememberOnce, useGrant } from './grants.ts';
import type { OpenIdIssuer } from './metadata.ts';
import { mustBeSame, type WalletHeaders, walletOf } from './wallet.ts';

const REQUEST = 5 * MINUTE;
const CODE = MINUTE;
const TOKEN = HOUR;
export const PRE_AUTHORIZED = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';
/** Wrong codes before the offer is gone. */
const TRIES = 5;

export type Form = Readonly<Record<string, string>>;

/** A pushed request (RFC 9126) with PKCE. Throws OPENID_REQUEST, OPENID_GRANT, OPENID_WALLET. */
export async function pushRequest(
  ctx: IdentityContext,
  issuer: OpenIdIssuer,
  form: Form,
  headers: WalletHeaders,
) {
  const need = (name: string): string => {
    const value = form[name];
    if (!value) throw new AppError('OPENID_REQUEST', { name });
    return value;
  };
  if (need('response_type') !== 'code') throw new AppError('OPENID_REQUEST', { name: 'response_type' });
  if (need('code_challenge_method') !== 'S256')
    throw new AppError('OPENID_REQUEST', { name: 'code_challenge_method' });
  if (!/^[A-Za-z0-9_-]{43}$/.test(need('code_challenge')))
    throw new AppError('OPENID_REQUEST', { name: 'code_challenge' });
  const redirect = need('redirect_uri');
  if (!URL.canParse(redirect) || redirect.includes('#') || /^(?:javascript|data):/i.test(redirect))
    throw new AppError('OPENID_REQUEST', { name: 'redirect_uri' });
  const wallet = await walletOf(ctx, issuer, headers, need('client_id'));
  // who may have it is in the offer: nobody is asked for a password here
  const offer = await findGrant(ctx, 'offer', issuer.id, need('issuer_state'));
  const secret = await newGrant(ctx, {
    kind: 'request',
    issuerId: issuer.id,
    entryId: offer.entry_id,
    detail: {
      client: need('client_id'),
      redirect,
      challenge: need('code_challenge'),
      state: form.state ?? null,
      offer: offer.hash,
      wallet: wallet?.key ?? null,
    },
    life: REQUEST,
  });
  return { request_uri: `urn:ietf:params:oauth:request_uri:${secret}`, expires_in: toSeconds(REQUEST) };
}

/** Where the browser goes next. Throws OPENID_REQUEST, OPENID_GRANT. */
export async function authorize(ctx: IdentityContext, issuer: OpenIdIssuer, query: Form): Promise<string> {
  const secret = /^urn:ietf:params:oauth:request_uri:(.+)$/.exec(query.request_uri ?? '')?.[1];
  if (!secret) throw new AppError('OPENID_REQUEST', { name: 'request_uri' });
  const request = await findGrant(ctx, 'request', issuer.id, secret);
  if (query.client_id !== request.detail.client) throw new AppError('OPENID_REQUEST', { name: 'client_id' });
  await useGrant(ctx, request);
  await useOffer(ctx, issuer, String(request.detail.offer));
  const code = await newGrant(ctx, {
    kind: 'code',
    issuerId: issuer.id,
    entryId: request.entry_id,
    detail: request.detail,
    life: CODE,
  });
  const to = new URL(String(request.detail.redirect));
  to.searchParams.set('code', code);
  if (typeof request.detail.state === 'string') to.searchParams.set('state', request.detail.state);
  to.searchParams.set('iss', issuer.url);
  return to.href;
}

async function useOffer(ctx: IdentityContext, issuer: OpenIdIssuer, hash: string): Promise<void> {
  const offer = await ctx.db
    .selectFrom('identity.openid_grant')
    .selectAll()
    .where('hash', '=', hash)
    .where('issuer_id', '=', issuer.id)
    .executeTakeFirst();
  if (!offer) throw new AppError('OPENID_GRANT');
  await useGrant(ctx, offer);
}

/** Throws OPENID_WALLET, OPENID_GRANT_TYPE, OPENID_GRANT, OPENID_TX_CODE, OPENID_REQUEST, OPENID_DPOP. */
export async function token(
  ctx: IdentityContext,
  issuer: OpenIdIssuer,
  form: Form,
  headers: WalletHeaders & { readonly dpop: string | null },
) {
  const { dpop } = headers;
  const wallet = await walletOf(ctx, issuer, headers, form.client_id);
  const grant = await granted(ctx, issuer, form);
  mustBeSame(wallet, grant.detail.wallet);
  const bound =
    dpop === null ? null : await checkDpop(ctx, dpop, { method: 'POST', url: `${issuer.url}/token` });
  await useGrant(ctx, grant);
  const access = await newGrant(ctx, {
    kind: 'token',
    issuerId: issuer.id,
    entryId: grant.entry_id,
    detail: { jkt: bound },
    life: TOKEN,
  });
  return {
    access_token: access,
    token_type: bound === null ? 'Bearer' : 'DPoP',
    expires_in: toSeconds(TOKEN),
  };
}

async function granted(ctx: IdentityContext, issuer: OpenIdIssuer, form: Form): Promise<Grant> {
  if (form.grant_type === PRE_AUTHORIZED) {
    const grant = await findGrant(ctx, 'offer', issuer.id, form['pre-authorized_code'] ?? '');
    if (typeof grant.detail.code === 'string') await checkTxCode(ctx, grant, form.tx_code ?? '');
    return grant;
  }
  if (form.grant_type !== 'authorization_code') throw new AppError('OPENID_GRANT_TYPE');
  const grant = await findGrant(ctx, 'code', issuer.id, form.code ?? '');
  const { challenge, redirect } = grant.detail;
  const verifier = form.code_verifier ?? '';
  if (toBase64Url(sha256(utf8(verifier))) !== challenge || form.redirect_uri !== redirect)
    throw new AppError('OPENID_GRANT');
  return grant;
}

async function checkTxCode(ctx: IdentityContext, grant: Grant, given: string): Promise<void> {
  if (toBase64Url(sha256(utf8(given))) === grant.detail.code) return;
  const tries = Number(grant.detail.tries) + 1;
  await ctx.db
    .updateTable('identity.openid_grant')
    .set({
      detail: JSON.stringify({ ...grant.detail, tries }),
      ...(tries >= TRIES ? { used_at: new Date(ctx.clock.now()) } : {}),
    })
    .where('hash', '=', grant.hash)
    .execute();
  throw new AppError('OPENID_TX_CODE');
}

/** Throws OPENID_DPOP. @returns thumbprint of the key */
export async function checkDpop(
  ctx: IdentityContext,
  proof: string,
  use: { method: string; url: string; token?: string },
): Promise<string> {
  const { jkt, jti } = await readDpop(proof, { ...use, at: toSeconds(ctx.clock.now()) });
  await rememberOnce(ctx, 'dpop', jti, 10 * MINUTE, 'OPENID_DPOP');
  return jkt;
}
