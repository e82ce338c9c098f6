/** Asking for presentations over OpenID4VP 1.0: registered verifiers, signed requests, answers that are judged. */
import { AppError, DAY, type Json, MINUTE, strictJson, toBase64Url, toSeconds } from '@zhenmei/kernel';
import '../../core/account-errors.ts';
import { answerOne, type DcqlQuery, readQuery } from '../../core/dcql.ts';
import { CONTENT_ENCRYPTIONS, decryptJwe } from '../../core/jwe.ts';
import { keyName } from '../../core/jwk.ts';
import { signJws } from '../../core/jws.ts';
import '../../core/openid-errors.ts';
import {
  ATTESTATION_TYP,
  beyond,
  PREFIX,
  type Purpose,
  REQUEST_TYP,
  tooMuch,
} from '../../core/openid-request.ts';
import type { IdentityContext } from '../context.ts';
import { judgeCredentials } from '../judge-credential.ts';
import { ownIssuer } from '../register/own-issuer.ts';
import type { Form } from './token.ts';

const REGISTRATION = 366 * DAY;
const LIFE = 10 * MINUTE;

/** The key with which the house signs a verifier's requests. */
const requestKey = (ctx: IdentityContext, verifierId: string) => ctx.signing.key(`verifier ${verifierId}`);

/** The regulator registers an organisation with its purposes. Throws NO_ISSUER, NOT_THE_REGULATOR, ORGANISATION_UNKNOWN. */
export async function registerVerifier(
  ctx: IdentityContext,
  regulatorId: string,
  organisationId: string,
  purposes: readonly Purpose[],
): Promise<{ id: string }> {
  const issuer = await ownIssuer(ctx, regulatorId);
  if (issuer.organisation.kind !== 'regulator') throw new AppError('NOT_THE_REGULATOR');
  const organisation = await ctx.db
    .selectFrom('identity.organisation')
    .select('name')
    .where('id', '=', organisationId)
    .executeTakeFirst();
  if (!organisation) throw new AppError('ORGANISATION_UNKNOWN');
  const now = ctx.clock.now();
  const { keyId, sign } = ctx.signing.key(issuer.id);
  const attestation = await signJws(
    { alg: 'ES256', typ: ATTESTATION_TYP, kid: keyId },
    {
      iss: issuer.id,
      sub: organisationId,
      iat: toSeconds(now),
      exp: toSeconds(now + REGISTRATION),
      cnf: { jwk: requestKey(ctx, organisationId).jwk },
      name: organisation.name,
      registrar: issuer.organisation.name,
      purposes,
    },
    sign,
  );
  const row = { attestation, purposes: JSON.stringify(purposes), registered_at: new Date(now) };
  await ctx.db
    .insertInto('identity.verifier')
    .values({ id: organisationId, organisation_id: organisationId, ...row })
    .onConflict((c) => c.column('id').doUpdateSet(row))
    .execute();
  return { id: organisationId };
}

/** Purposes an organisation is registered for. Throws VERIFIER_UNKNOWN. */
export async function readPurposes(
  ctx: IdentityContext,
  organisationId: string,
): Promise<{ purposes: Purpose[] }> {
  const row = await verifierOf(ctx, organisationId);
  return { purposes: row.purposes as unknown as Purpose[] };
}

async function verifierOf(ctx: IdentityContext, id: string) {
  const row = await ctx.db
    .selectFrom('identity.verifier')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) throw new AppError('VERIFIER_UNKNOWN');
  return row;
}

export interface Opened {
  readonly id: string;
  /** For a wallet on the same device, and for a QR code. */
  readonly uri: string;
  readonly expiresAt: string;
}

/** Throws VERIFIER_UNKNOWN, PURPOSE_UNKNOWN, ASK_MALFORMED, ASK_TOO_MUCH. */
export async function openRequest(
  ctx: IdentityContext,
  organisationId: string,
  purposeId: string,
  query: unknown,
): Promise<Opened> {
  const verifier = await verifierOf(ctx, organisationId);
  const purpose = (verifier.purposes as unknown as Purpose[]).find(({ id }) => id === purposeId);
  if (!purpose) throw new AppError('PURPOSE_UNKNOWN');
  const asked = query === undefined ? everything(purpose) : readQuery(query);
  const extra = beyond(asked, purpose);
  if (extra.length > 0) throw tooMuch(extra);
  const now = ctx.clock.now();
  const id = toBase64Url(ctx.random.bytes(32));
  await ctx.db.deleteFrom('identity.presentation').where('expires_at', '<', new Date(now)).execute();
  await ctx.db
    .insertInto('identity.presentation')
    .values({
      id,
      verifier_id: verifier.id,
      purpose: purposeId,
      query: JSON.stringify(asked),
      nonce: toBase64Url(ctx.random.bytes(24)),
      created_at: new Date(now),
      expires_at: new Date(now + LIFE),
    })
    .execute();
  const to = new URLSearchParams({
    client_id: `${PREFIX}${verifier.id}`,
    request_uri: `${ctx.origin}/openid/requests/${id}`,
  });
  return { id, uri: `openid4vp://?${to}`, expiresAt: new Date(now + LIFE).toISOString() };
}

function everything({ credentials }: Purpose): DcqlQuery {
  return {
    credentials: credentials.map(({ vct, claims }, i) => ({
      id: `c${i}`,
      format: 'dc+sd-jwt',
      meta: { vct_values: [vct] },
      claims: claims.map((name) => ({ path: [name] })),
    })),
  };
}

async function living(ctx: IdentityContext, id: string) {
  const row = await ctx.db
    .selectFrom('identity.presentation')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row || row.expires_at.getTime() <= ctx.clock.now()) throw new AppError('PRESENTATION_UNKNOWN');
  return row;
}

/** The signed request (RFC 9101). Throws PRESENTATION_UNKNOWN. */
export async function requestObject(ctx: IdentityContext, id: string): Promise<string> {
  const row = await living(ctx, id);
  if (row.answer) throw new AppError('PRESENTATION_UNKNOWN');
  const verifier = await verifierOf(ctx, row.verifier_id);
  const { keyId, sign } = requestKey(ctx, verifier.id);
  return signJws(
    { alg: 'ES256', typ: REQUEST_TYP, kid: keyId, jwt: verifier.attestation },
    {
      response_type: 'vp_token',
      response_mode: 'direct_post.jwt',
      client_id: `${PREFIX}${verifier.id}`,
      response_uri: `${ctx.origin}/openid/requests/${id}/response`,
      aud: 'https://self-issued.me/v2',
      nonce: row.nonce,
      state: id,
      iat: toSeconds(row.created_at.getTime()),
      exp: toSeconds(row.expires_at.getTime()),
      purpose: row.purpose,
      dcql_query: row.query,
      client_metadata: clientMetadata(ctx, id),
    },
    sign,
  );
}

function clientMetadata(ctx: IdentityContext, id: string) {
  const { jwk } = ctx.signing.agreement(id);
  return {
    jwks: { keys: [{ ...jwk, use: 'enc', alg: 'ECDH-ES', kid: keyName(jwk) }] },
    encrypted_response_enc_values_supported: [...CONTENT_ENCRYPTIONS],
    vp_formats_supported: { 'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] } },
  };
}

/** What was answered: sealed for this request, or plainly that nothing is shown. Throws OPENID_REQUEST, the JWE codes. */
async function opened(ctx: IdentityContext, id: string, form: Form): Promise<Record<string, Json>> {
  if (form.response === undefined) {
    // a certificate in the clear would be read by whoever stands between
    if (form.error === undefined) throw new AppError('OPENID_REQUEST', { name: 'response' });
    return { ...form };
  }
  const key = ctx.signing.agreement(id);
  const text = await decryptJwe(form.response, key, keyName(key.jwk));
  try {
    const value = strictJson(text, 5);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (cause) {
    throw new AppError('OPENID_REQUEST', { name: 'response' }, { cause });
  }
  throw new AppError('OPENID_REQUEST', { name: 'response' });
}

/**
 * Takes the wallet's answer, judges every presentation and checks that they answer what was asked, no more.
 * Throws PRESENTATION_UNKNOWN, OPENID_REQUEST, PRESENTATION_REFUSED, the JWE codes.
 */
export async function answerRequest(
  ctx: IdentityContext,
  id: string,
  form: Form,
): Promise<Record<string, never>> {
  const row = await living(ctx, id);
  if (row.answer) throw new AppError('PRESENTATION_UNKNOWN');
  const said = await opened(ctx, id, form);
  if (said.state !== id) throw new AppError('OPENID_REQUEST', { name: 'state' });
  if (typeof said.error === 'string') {
    await keep(ctx, id, { refused: said.error.slice(0, 60) });
    return {};
  }
  const token = tokenOf(said.vp_token);
  const query = readQuery(row.query);
  const shown = Object.entries(token);
  const names = query.credentials.map((one) => one.id);
  if (!shown.every(([name, list]) => names.includes(name) && list.length === 1))
    throw new AppError('OPENID_REQUEST', { name: 'vp_token' });
  if (!query.credential_sets && shown.length !== names.length)
    throw new AppError('OPENID_REQUEST', { name: 'vp_token' });
  const binding = { audience: `${PREFIX}${row.verifier_id}`, nonce: row.nonce };
  const results = await judgeCredentials(
    ctx,
    shown.map(([, [presentation]]) => presentation!),
    binding,
  );
  const answer: Record<string, Json> = {};
  for (const [i, result] of results.entries()) {
    const [name] = shown[i]!;
    if (result.verdict !== 'proven' || !result.claims || !result.type)
      throw new AppError('PRESENTATION_REFUSED', { code: result.code });
    const one = query.credentials.find((each) => each.id === name)!;
    const held = { vct: result.type, claims: result.claims, bound: true };
    if (!answerOne(one, held)) throw new AppError('PRESENTATION_REFUSED', { code: 'NOTHING_FITS' });
    answer[name] = { type: result.type, issuer: result.issuer, claims: result.claims as Json };
  }
  await keep(ctx, id, { shown: answer });
  return {};
}

async function keep(ctx: IdentityContext, id: string, answer: Record<string, Json>): Promise<void> {
  const row = await ctx.db
    .updateTable('identity.presentation')
    .set({ answer: JSON.stringify(answer) })
    .where('id', '=', id)
    .where('answer', 'is', null)
    .returning('id')
    .executeTakeFirst();
  if (!row) throw new AppError('PRESENTATION_UNKNOWN');
}

function tokenOf(value: Json | undefined): Record<string, string[]> {
  const lists =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  const fits =
    lists.length > 0 &&
    lists.every(([, list]) => Array.isArray(list) && list.every((one) => typeof one === 'string'));
  if (!fits) throw new AppError('OPENID_REQUEST', { name: 'vp_token' });
  return Object.fromEntries(lists) as Record<string, string[]>;
}

/** What the verifier's desk sees of its own request. Throws PRESENTATION_UNKNOWN. */
export async function readAnswer(ctx: IdentityContext, organisationId: string, id: string) {
  const row = await living(ctx, id);
  if (row.verifier_id !== organisationId) throw new AppError('PRESENTATION_UNKNOWN');
  return { answered: row.answer !== null, answer: row.answer ?? {} };
}
