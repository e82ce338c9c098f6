/** A small wallet: takes offers (OpenID4VCI) and answers requests (OpenID4VP), each certificate with a key of its own. */
import { answerQuery, type Held } from '@zhenmei/identity/core/dcql.ts';
import { type AgreementKey, encryptJwe } from '@zhenmei/identity/core/jwe.ts';
import type { PublicJwk } from '@zhenmei/identity/core/jwk.ts';
import { type Es256Signer, signJws } from '@zhenmei/identity/core/jws.ts';
import { type Asked, readRequest } from '@zhenmei/identity/core/openid-request.ts';
import { presentSdJwt, readSdJwt } from '@zhenmei/identity/core/sd-jwt.ts';
import {
  type IssuerTrust,
  type VerifyOptions,
  verifyCredential,
} from '@zhenmei/identity/core/verify-credential.ts';
import { AppError, defineErrors, toSeconds } from '@zhenmei/kernel';

defineErrors({
  WALLET_REFUSED: {
    status: 422,
    retryable: false,
    zh: '对方没有接受：{zh}',
    en: 'The other side did not accept it: {en}',
  },
  WALLET_ADDRESS: {
    status: 422,
    retryable: false,
    zh: '这不是一个可以打开的领取或出示请求。',
    en: 'This is neither an offer nor a request that can be opened.',
  },
});

export interface WalletKey {
  readonly jwk: PublicJwk;
  readonly sign: Es256Signer;
}

export interface WalletIo {
  fetch(url: string, init?: RequestInit): Promise<Response>;
  /** Milliseconds since the epoch. */
  now(): number;
  newKey(): Promise<WalletKey>;
  /** A key for one sealed answer. */
  newAgreement(): Promise<AgreementKey>;
  random(length: number): Uint8Array<ArrayBuffer>;
  /** Who is believed, and what stands of the certificates. */
  trust(tokens: readonly string[]): Promise<Pick<VerifyOptions, 'issuers' | 'statusLists'>>;
}

type Doc = Record<string, unknown>;

async function asked(io: WalletIo, url: string, init?: RequestInit): Promise<Doc> {
  const response = await io.fetch(url, init);
  const body = (await response.json().catch(() => ({}))) as Doc;
  if (!response.ok) throw new AppError('WALLET_REFUSED', reasonsOf(body, response.status));
  return body;
}

/** Why, in the reader's language if the other side says it so; OAuth itself knows English only. */
function reasonsOf({ texts, error_description: text }: Doc, status: number): { zh: string; en: string } {
  const said = (texts ?? {}) as Record<string, unknown>;
  const plain = String(text ?? status).slice(0, 300);
  const of = (lang: string) => (typeof said[lang] === 'string' ? said[lang].slice(0, 300) : plain);
  return { zh: of('zh-CN'), en: of('en') };
}

/** The address inside a custom scheme's link. Throws WALLET_ADDRESS. */
function inside(uri: string, name: string): string {
  const value = URL.canParse(uri) ? new URL(uri).searchParams.get(name) : null;
  if (!value || !URL.canParse(value)) throw new AppError('WALLET_ADDRESS');
  return value;
}

export interface Offered {
  readonly issuer: string;
  readonly issuerNames: readonly { readonly name: string; readonly locale: string }[];
  readonly kind: string;
  readonly kindNames: readonly { readonly name: string; readonly locale: string }[];
  readonly needsCode: boolean;
  readonly batch: number;
  readonly secret: string;
  readonly endpoints: { readonly token: string; readonly nonce: string; readonly credential: string };
}

/** Throws WALLET_ADDRESS, WALLET_REFUSED. */
export async function readOffer(io: WalletIo, uri: string): Promise<Offered> {
  const offer = await asked(io, inside(uri, 'credential_offer_uri'));
  const issuer = String(offer.credential_issuer);
  const { origin, pathname } = new URL(issuer);
  const known = (name: string) => asked(io, `${origin}/.well-known/${name}${pathname}`);
  const [metadata, server] = await Promise.all([
    known('openid-credential-issuer'),
    known('oauth-authorization-server'),
  ]);
  const [kind = ''] = offer.credential_configuration_ids as string[];
  const grant = (offer.grants as Record<string, Doc>)['urn:ietf:params:oauth:grant-type:pre-authorized_code'];
  const configurations = metadata.credential_configurations_supported as Record<string, Doc>;
  const shown = configurations[kind]?.credential_metadata as { display?: Offered['kindNames'] } | undefined;
  if (!grant || !shown) throw new AppError('WALLET_ADDRESS');
  return {
    issuer,
    issuerNames: (metadata.display ?? []) as Offered['issuerNames'],
    kind,
    kindNames: shown.display ?? [],
    needsCode: 'tx_code' in grant,
    batch: Number((metadata.batch_credential_issuance as Doc | undefined)?.batch_size ?? 1),
    secret: String(grant['pre-authorized_code']),
    endpoints: {
      token: String(server.token_endpoint),
      nonce: String(metadata.nonce_endpoint),
      credential: String(metadata.credential_endpoint),
    },
  };
}

/** Takes `copies` certificates, each for a fresh key, and keeps none that does not hold. Throws WALLET_REFUSED and the certificate's code. */
export async function takeOffer(io: WalletIo, offer: Offered, copies: number, code?: string) {
  const { access_token: access } = await asked(io, offer.endpoints.token, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:pre-authorized_code',
      'pre-authorized_code': offer.secret,
      ...(code === undefined ? {} : { tx_code: code }),
    }),
  });
  const { c_nonce: nonce } = await asked(io, offer.endpoints.nonce, { method: 'POST' });
  const keys = await Promise.all(Array.from({ length: copies }, () => io.newKey()));
  const iat = toSeconds(io.now());
  const jwt = await Promise.all(
    keys.map(({ jwk, sign }) =>
      signJws({ alg: 'ES256', typ: 'openid4vci-proof+jwt', jwk }, { aud: offer.issuer, iat, nonce }, sign),
    ),
  );
  const { credentials } = await asked(io, offer.endpoints.credential, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${String(access)}` },
    body: JSON.stringify({ credential_configuration_id: offer.kind, proofs: { jwt } }),
  });
  const tokens = (credentials as { credential: string }[]).map(({ credential }) => credential);
  const trust = await io.trust(tokens);
  for (const token of tokens) {
    const { verdict, code: why } = await verifyCredential(token, { at: iat, ...trust });
    if (verdict !== 'proven') throw new AppError(why, { reason: '', name: '', issuer: '', type: '' });
  }
  return tokens.map((token, i) => ({ token, key: keys[i]! }));
}

export interface WalletCredential extends Held {
  readonly token: string;
  readonly key: WalletKey;
}

/** What a certificate says, for matching; nothing is believed by it. */
export function held(token: string, key: WalletKey): WalletCredential {
  const { claims } = readSdJwt(token);
  return { token, key, vct: String(claims.vct), claims, bound: claims.cnf !== undefined };
}

/** Fetches and judges a request. Throws WALLET_ADDRESS and the codes of `readRequest`. */
export async function openRequest(
  io: WalletIo,
  uri: string,
  issuers: readonly IssuerTrust[],
): Promise<Asked> {
  const response = await io.fetch(inside(uri, 'request_uri'));
  if (!response.ok) throw new AppError('ASK_OVER');
  return readRequest(await response.text(), { issuers, at: toSeconds(io.now()) });
}

export interface Showing {
  readonly query: string;
  readonly credential: WalletCredential;
  /** Claims that were hidden and are shown now. */
  readonly names: readonly string[];
}

/** What would be shown, and nothing else. Throws NOTHING_FITS. */
export function whatToShow(request: Asked, credentials: readonly WalletCredential[]): Showing[] {
  return answerQuery(request.query, credentials).map(({ query, held: credential, paths }) => {
    const hidden = readSdJwt(credential.token).disclosed;
    const names = [...new Set(paths.map(([first]) => String(first)))].filter((name) => hidden.includes(name));
    return { query, credential, names };
  });
}

/** Sealed for the one who asks, so that nobody between reads it. Throws WALLET_REFUSED. */
export async function show(io: WalletIo, request: Asked, showings: readonly Showing[]): Promise<void> {
  const binding = { audience: request.clientId, nonce: request.nonce, at: toSeconds(io.now()) };
  const shown = await Promise.all(
    showings.map(async ({ query, credential: { token, key }, names }) => [
      query,
      [await presentSdJwt(token, names, binding, key.sign)],
    ]),
  );
  const { jwk: to, kid, enc } = request.encryption;
  const text = JSON.stringify({ vp_token: Object.fromEntries(shown), state: request.state });
  const sealing = { to, kid, enc, ephemeral: await io.newAgreement(), iv: io.random(12) };
  await answer(io, request, { response: await encryptJwe(text, sealing) });
}

export const decline = (io: WalletIo, request: Asked): Promise<void> =>
  answer(io, request, {
    error: 'access_denied',
    ...(request.state === undefined ? {} : { state: request.state }),
  });

async function answer(io: WalletIo, request: Asked, form: Record<string, string>): Promise<void> {
  await asked(io, request.responseUri, { method: 'POST', body: new URLSearchParams(form) });
}
