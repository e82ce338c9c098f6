/** Issuing over OpenID4VCI 1.0: offer → (request → code) → token → nonce → certificates → notification. */
import { AppError, DAY, type Json, MINUTE, sha256, toBase64Url, toSeconds, utf8 } from '@zhenmei/kernel';
import { kindOf, nameOf } from '../../core/catalogue.ts';
import { keyName } from '../../core/jwk.ts';
import '../../core/openid-errors.ts';
import { readKeyProof } from '../../core/proof-jwt.ts';
import '../../core/register-errors.ts';
import type { IdentityContext } from '../context.ts';
import { type RegisterRow, signEntry } from '../register/make-certificate.ts';
import { ownIssuer } from '../register/own-issuer.ts';
import { findGrant, type Grant, newGrant, newNonce, useGrant, useNonce } from './grants.ts';
import { type OpenIdIssuer, openIdUrl } from './metadata.ts';
import { checkDpop, PRE_AUTHORIZED } from './token.ts';

const OFFER = DAY;
const NONCE = 5 * MINUTE;
export interface Offer {
  /** What the QR code shows. */
  readonly uri: string;
  /** Six digits told to the person on another way; null if none is asked. */
  readonly code: string | null;
  readonly expiresAt: string;
}

/** Throws NO_ISSUER, ENTRY_UNKNOWN, ENTRY_NOT_VALID. */
export async function makeOffer(
  ctx: IdentityContext,
  organisationId: string,
  entryId: string,
  withCode: boolean,
): Promise<Offer> {
  const issuer = await ownIssuer(ctx, organisationId);
  const entry = await entryOf(ctx, issuer.id, entryId);
  if (entry.state !== 'valid' || !entry.claims) throw new AppError('ENTRY_NOT_VALID');
  const code = withCode ? sixDigits(ctx.random.bytes(4)) : null;
  const secret = await newGrant(ctx, {
    kind: 'offer',
    issuerId: issuer.id,
    entryId,
    detail: { configuration: nameOf(entry.vct), code: code && toBase64Url(sha256(utf8(code))), tries: 0 },
    life: OFFER,
  });
  const offer = `${openIdUrl(ctx, issuer.id)}/offers/${secret}`;
  return {
    uri: `openid-credential-offer://?credential_offer_uri=${encodeURIComponent(offer)}`,
    code,
    expiresAt: new Date(ctx.clock.now() + OFFER).toISOString(),
  };
}

function sixDigits(bytes: Uint8Array): string {
  const n = bytes.reduce((sum, byte) => (sum * 256 + byte) % 1_000_000, 0);
  return String(n).padStart(6, '0');
}

/** The offer as a wallet reads it (§4.1). Throws OPENID_GRANT. */
export async function readOffer(ctx: IdentityContext, issuer: OpenIdIssuer, secret: string) {
  const { detail } = await findGrant(ctx, 'offer', issuer.id, secret);
  return {
    credential_issuer: issuer.url,
    credential_configuration_ids: [String(detail.configuration)],
    grants: {
      authorization_code: { issuer_state: secret },
      [PRE_AUTHORIZED]: {
        'pre-authorized_code': secret,
        ...(detail.code ? { tx_code: { input_mode: 'numeric', length: 6 } } : {}),
      },
    },
  };
}

export async function nonce(ctx: IdentityContext): Promise<{ c_nonce: string }> {
  return { c_nonce: await newNonce(ctx, 'credential', NONCE) };
}

export interface CredentialCall {
  /** `Bearer` or `DPoP` with the token. */
  readonly authorization: string | null;
  readonly dpop: string | null;
  readonly body: Readonly<Record<string, Json>>;
}

async function tokenOf(
  ctx: IdentityContext,
  issuer: OpenIdIssuer,
  call: CredentialCall,
  path: string,
): Promise<Grant> {
  const [scheme, secret = ''] = (call.authorization ?? '').split(' ');
  const grant = await findGrant(ctx, 'token', issuer.id, secret, 'OPENID_TOKEN');
  const { jkt } = grant.detail;
  if (jkt === null) {
    if (scheme !== 'Bearer') throw new AppError('OPENID_TOKEN');
    return grant;
  }
  if (scheme !== 'DPoP' || call.dpop === null) throw new AppError('OPENID_TOKEN');
  const shown = await checkDpop(ctx, call.dpop, {
    method: 'POST',
    url: `${issuer.url}${path}`,
    token: secret,
  });
  if (shown !== jkt) throw new AppError('OPENID_DPOP');
  return grant;
}

/** Throws OPENID_TOKEN, OPENID_DPOP, OPENID_CONFIGURATION, OPENID_PROOF, OPENID_NONCE, ENTRY_NOT_VALID. */
export async function credential(ctx: IdentityContext, issuer: OpenIdIssuer, call: CredentialCall) {
  const grant = await tokenOf(ctx, issuer, call, '/credential');
  const entry = await entryOf(ctx, issuer.id, grant.entry_id ?? '');
  const kind = kindOf(entry.vct)!;
  if (call.body.credential_configuration_id !== nameOf(entry.vct)) throw new AppError('OPENID_CONFIGURATION');
  const keys = await provenKeys(ctx, issuer, call.body.proofs, kind.copies);
  if (!entry.claims) throw new AppError('ENTRY_NOT_VALID');
  const { claims } = entry;
  const credentials = await Promise.all(
    keys.map(async (jwk) => ({ credential: await signEntry(ctx, entry, claims, jwk) })),
  );
  await useGrant(ctx, grant);
  // nobody may look up later what only its holder should show
  if (kind.copies > 1)
    await ctx.db
      .updateTable('identity.register_entry')
      .set({ claims: null })
      .where('id', '=', entry.id)
      .execute();
  const notification_id = await newGrant(ctx, {
    kind: 'notification',
    issuerId: issuer.id,
    entryId: entry.id,
    detail: {},
    life: 7 * DAY,
  });
  return { credentials, notification_id };
}

async function provenKeys(
  ctx: IdentityContext,
  issuer: OpenIdIssuer,
  proofs: Json | undefined,
  most: number,
) {
  const refuse = (reason: string): never => {
    throw new AppError('OPENID_PROOF', { reason });
  };
  const given =
    typeof proofs === 'object' && proofs !== null && !Array.isArray(proofs) ? proofs.jwt : undefined;
  if (!Array.isArray(given) || given.length === 0) return refuse('jwt');
  if (given.length > Math.max(1, most)) return refuse('batch');
  const at = toSeconds(ctx.clock.now());
  const read = await Promise.all(
    given.map((one) =>
      typeof one === 'string' ? readKeyProof(one, { audience: issuer.url, at }) : refuse('form'),
    ),
  );
  const [first] = read;
  if (read.some((one) => one.nonce !== first!.nonce)) return refuse('nonce');
  const keys = read.map((one) => one.jwk);
  if (new Set(keys.map(keyName)).size !== keys.length) return refuse('key twice');
  await useNonce(ctx, 'credential', first!.nonce, 'OPENID_NONCE');
  return keys;
}

const EVENTS = ['credential_accepted', 'credential_failure', 'credential_deleted'];

/** Throws OPENID_TOKEN, OPENID_REQUEST. */
export async function notification(
  ctx: IdentityContext,
  issuer: OpenIdIssuer,
  body: Readonly<Record<string, Json>>,
): Promise<void> {
  const { notification_id: id, event } = body;
  if (typeof event !== 'string' || !EVENTS.includes(event))
    throw new AppError('OPENID_REQUEST', { name: 'event' });
  if (typeof id !== 'string') throw new AppError('OPENID_REQUEST', { name: 'notification_id' });
  const grant = await findGrant(ctx, 'notification', issuer.id, id, 'OPENID_REQUEST');
  await ctx.db
    .updateTable('identity.openid_grant')
    .set({ detail: JSON.stringify({ event }) })
    .where('hash', '=', grant.hash)
    .execute();
}

async function entryOf(ctx: IdentityContext, issuerId: string, entryId: string): Promise<RegisterRow> {
  const row = await ctx.db
    .selectFrom('identity.register_entry')
    .selectAll()
    .where('id', '=', entryId)
    .where('issuer_id', '=', issuerId)
    .executeTakeFirst();
  if (!row) throw new AppError('ENTRY_UNKNOWN');
  return row;
}
