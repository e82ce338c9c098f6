/** OpenID4VCI and OpenID4VP as their wallets call them: forms, OAuth's errors, redirects. Web requests in, web responses out. */
import { AppError, fromUtf8, type Json, strictJson } from '@zhenmei/kernel';
import type { IdentityContext } from '../app/context.ts';
import { credential, nonce, notification, readOffer } from '../app/openid/issue.ts';
import {
  authorizationMetadata,
  issuerMetadata,
  type OpenIdIssuer,
  openIdIssuer,
} from '../app/openid/metadata.ts';
import { answerRequest, requestObject } from '../app/openid/present.ts';
import { authorize, type Form, pushRequest, token } from '../app/openid/token.ts';
import { OAUTH_ERRORS } from '../core/openid-errors.ts';

const WELL_KNOWN =
  /^\/\.well-known\/(openid-credential-issuer|oauth-authorization-server)\/openid\/([0-9a-f]{16})$/;
const ISSUER = /^\/openid\/([0-9a-f]{16})\/([a-z]+)(?:\/([A-Za-z0-9_-]{43}))?$/;
const REQUEST = /^\/openid\/requests\/([A-Za-z0-9_-]{43})(\/response)?$/;

/** Wallets call from anywhere; nothing here knows a cookie. */
const OPEN = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
  'cache-control': 'no-store',
};

const json = (value: unknown, status = 200): Response =>
  new Response(JSON.stringify(value), { status, headers: { ...OPEN, 'content-type': 'application/json' } });

/** Answers what is below `/openid` and its well-known addresses; null for everything else. */
export async function openIdHandler(ctx: IdentityContext, request: Request): Promise<Response | null> {
  const { pathname } = new URL(request.url);
  const known = WELL_KNOWN.exec(pathname);
  const issuer = ISSUER.exec(pathname);
  const shown = REQUEST.exec(pathname);
  if (!known && !issuer && !shown) return null;
  if (request.method === 'OPTIONS')
    return new Response(null, {
      status: 204,
      headers: {
        ...OPEN,
        'access-control-allow-headers':
          'authorization, content-type, dpop, oauth-client-attestation, oauth-client-attestation-pop',
      },
    });
  try {
    if (shown) return await presented(ctx, request, shown[1]!, shown[2] !== undefined);
    const of = await openIdIssuer(ctx, (known?.[2] ?? issuer?.[1])!);
    if (known)
      return json(known[1] === 'openid-credential-issuer' ? issuerMetadata(of) : authorizationMetadata(of));
    return await issued(ctx, request, of, issuer![2]!, issuer![3]);
  } catch (error) {
    if (error instanceof AppError) return refused(error);
    throw error;
  }
}

async function issued(
  ctx: IdentityContext,
  request: Request,
  of: OpenIdIssuer,
  what: string,
  secret: string | undefined,
): Promise<Response> {
  const is = (method: string, name: string) => request.method === method && what === name;
  if (is('GET', 'offers') && secret) return json(await readOffer(ctx, of, secret));
  if (is('GET', 'authorize')) {
    const query = Object.fromEntries(new URL(request.url).searchParams);
    return new Response(null, {
      status: 302,
      headers: { ...OPEN, location: await authorize(ctx, of, query) },
    });
  }
  const dpop = request.headers.get('dpop');
  const wallet = {
    attestation: request.headers.get('oauth-client-attestation'),
    possession: request.headers.get('oauth-client-attestation-pop'),
  };
  if (is('POST', 'par')) return json(await pushRequest(ctx, of, await form(request), wallet), 201);
  if (is('POST', 'token')) return json(await token(ctx, of, await form(request), { ...wallet, dpop }));
  if (is('POST', 'nonce')) return json(await nonce(ctx));
  if (is('POST', 'credential')) {
    const authorization = request.headers.get('authorization');
    return json(await credential(ctx, of, { authorization, dpop, body: await object(request) }));
  }
  if (is('POST', 'notification')) {
    await notification(ctx, of, await object(request));
    return new Response(null, { status: 204, headers: OPEN });
  }
  throw new AppError('OPENID_REQUEST', { name: 'path' });
}

async function presented(
  ctx: IdentityContext,
  request: Request,
  id: string,
  answer: boolean,
): Promise<Response> {
  if (request.method === 'GET' && !answer)
    return new Response(await requestObject(ctx, id), {
      headers: { ...OPEN, 'content-type': 'application/oauth-authz-req+jwt' },
    });
  if (request.method === 'POST' && answer) return json(await answerRequest(ctx, id, await form(request)));
  throw new AppError('OPENID_REQUEST', { name: 'path' });
}

/** A form in which every name stands once. Throws OPENID_REQUEST. */
async function form(request: Request): Promise<Form> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/x-www-form-urlencoded(;|$)/i.test(type))
    throw new AppError('OPENID_REQUEST', { name: 'content-type' });
  const read = new URLSearchParams(await request.text());
  const names = [...read.keys()];
  if (new Set(names).size !== names.length) throw new AppError('OPENID_REQUEST', { name: 'form' });
  return Object.fromEntries(read);
}

/** Throws OPENID_REQUEST. */
async function object(request: Request): Promise<Readonly<Record<string, Json>>> {
  try {
    const value = strictJson(fromUtf8(new Uint8Array(await request.arrayBuffer())), 8);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
  throw new AppError('OPENID_REQUEST', { name: 'body' });
}

/** As RFC 6749 §5.2 writes it; our own code beside it. */
function refused(error: AppError): Response {
  const name = OAUTH_ERRORS[error.code] ?? 'invalid_request';
  const body = {
    error: name,
    error_description: error.text('en').replaceAll(/["\\]/g, "'"),
    code: error.code,
    // the same in both languages, for our own wallet
    texts: { 'zh-CN': error.text('zh-CN'), en: error.text('en') },
  };
  const status = error.status >= 400 && error.status < 500 ? error.status : 400;
  const response = json(body, status);
  if (status === 401)
    response.headers.set('www-authenticate', `DPoP error="${name}", Bearer error="${name}"`);
  return response;
}
