/**
 * A request for a presentation, as the wallet believes it: signed by a verifier whom the regulator registered, for one
 * of its purposes, and for no more than it registered for (OpenID4VP 1.0 with client id prefix `verifier_attestation`).
 */
import { AppError, type Json } from '@zhenmei/kernel';
import { z } from 'zod';
import { kindOf } from './catalogue.ts';
import { SKEW } from './claims.ts';
import { type DcqlQuery, readQuery } from './dcql.ts';
import { CONTENT_ENCRYPTIONS, type ContentEncryption } from './jwe.ts';
import { type PublicJwk, parseJwk } from './jwk.ts';
import { type Jws, type JwsCodes, readJws, verifyJws } from './jws.ts';
import './openid-errors.ts';
import { type IssuerTrust, inForce, mustBeInUse, signingKey } from './trust.ts';

const Text = z.object({ zh: z.string().min(1).max(300), en: z.string().min(1).max(300) });

/** What may be asked for, and for what. */
export const Purpose = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,60}$/),
  text: Text,
  credentials: z
    .array(z.object({ vct: z.string().max(300), claims: z.array(z.string().max(100)).max(50) }))
    .min(1)
    .max(20),
});
export type Purpose = z.infer<typeof Purpose>;

const Attestation = z.object({
  iss: z.string(),
  sub: z.string(),
  iat: z.int(),
  exp: z.int(),
  cnf: z.object({ jwk: z.json() }),
  name: Text,
  /** Who registered it, by name. */
  registrar: Text,
  purposes: z.array(Purpose).min(1).max(50),
});

/** To which key the answer is encrypted, and how (OpenID4VP 1.0 §8.3). */
const ClientMetadata = z.object({
  jwks: z.object({
    keys: z
      .array(z.looseObject({ kid: z.string().max(200).optional(), alg: z.string().optional() }))
      .min(1)
      .max(20),
  }),
  encrypted_response_enc_values_supported: z.array(z.string().max(40)).max(20).optional(),
});

const Request = z.object({
  response_type: z.literal('vp_token'),
  response_mode: z.literal('direct_post.jwt'),
  client_id: z.string().max(300),
  response_uri: z.url(),
  nonce: z.string().min(16).max(200),
  state: z.string().max(200).optional(),
  aud: z.literal('https://self-issued.me/v2'),
  iat: z.int(),
  exp: z.int(),
  dcql_query: z.json(),
  client_metadata: ClientMetadata,
  purpose: z.string(),
});

export const ATTESTATION_TYP = 'verifier-attestation+jwt';
export const REQUEST_TYP = 'oauth-authz-req+jwt';
export const PREFIX = 'verifier_attestation:';

/** How the answer is sealed for the one who asks. */
export interface Encryption {
  readonly jwk: PublicJwk;
  readonly kid: string | undefined;
  readonly enc: ContentEncryption;
}

export interface Asked {
  readonly clientId: string;
  readonly verifier: z.infer<typeof Text>;
  readonly registeredBy: string;
  readonly registrar: z.infer<typeof Text>;
  readonly purpose: Purpose;
  readonly query: DcqlQuery;
  readonly nonce: string;
  readonly state: string | undefined;
  readonly responseUri: string;
  readonly encryption: Encryption;
  /** Seconds since the epoch. */
  readonly until: number;
}

function read(text: string, typ: string): Jws {
  const part = (name: string) => {
    const code = `ASK_${name}`;
    return { encoding: code, text: code, json: code, twice: code, deep: code };
  };
  const malformed = part('MALFORMED');
  const codes: JwsCodes = {
    parts: 'ASK_MALFORMED',
    header: malformed,
    payload: malformed,
    signature: 'ASK_MALFORMED',
  };
  const jws = readJws(text, codes);
  if (jws.header.typ !== typ) throw new AppError('ASK_MALFORMED', { name: 'typ' });
  if (jws.header.alg !== 'ES256' || 'crit' in jws.header || 'b64' in jws.header)
    throw new AppError('ASK_MALFORMED', { name: 'alg' });
  return jws;
}

function shape<T>(schema: z.ZodType<T>, payload: unknown): T {
  const result = schema.safeParse(plain(payload));
  if (!result.success)
    throw new AppError('ASK_MALFORMED', { name: result.error.issues[0]!.path.join('/') || 'payload' });
  return result.data;
}

/** Strictly read objects have no prototype, which schemas do not take. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

/**
 * Throws ASK_MALFORMED, ASK_NOT_REGISTERED, ASK_SIGNATURE, ASK_OVER, ASK_PURPOSE,
 * ASK_TOO_MUCH with what was too much.
 */
export async function readRequest(
  text: string,
  { issuers, at }: { readonly issuers: readonly IssuerTrust[]; readonly at: number },
): Promise<Asked> {
  const jws = read(text, REQUEST_TYP);
  const request = shape(Request, jws.payload);
  if (typeof jws.header.jwt !== 'string') throw new AppError('ASK_NOT_REGISTERED');
  const attestation = await readAttestation(jws.header.jwt, issuers, at);
  if (request.client_id !== `${PREFIX}${attestation.sub}`) throw new AppError('ASK_NOT_REGISTERED');
  if (!(await verifyJws(jws, attestation.key))) throw new AppError('ASK_SIGNATURE');
  if (at + SKEW < request.iat || at >= request.exp) throw new AppError('ASK_OVER');
  const purpose = attestation.purposes.find(({ id }) => id === request.purpose);
  if (!purpose) throw new AppError('ASK_PURPOSE');
  const query = readQuery(request.dcql_query);
  const extra = beyond(query, purpose);
  if (extra.length > 0) throw tooMuch(extra);
  return {
    clientId: request.client_id,
    verifier: attestation.name,
    registeredBy: attestation.iss,
    registrar: attestation.registrar,
    purpose,
    query,
    nonce: request.nonce,
    state: request.state,
    responseUri: request.response_uri,
    encryption: encryptionOf(request.client_metadata),
    until: request.exp,
  };
}

/** The first key that fits, and the strongest way that both know. Throws ASK_MALFORMED. */
function encryptionOf(metadata: z.infer<typeof ClientMetadata>): Encryption {
  // what is listed by nobody is A128GCM (OpenID4VP 1.0 §5.1)
  const listed: readonly string[] = metadata.encrypted_response_enc_values_supported ?? ['A128GCM'];
  const enc = CONTENT_ENCRYPTIONS.findLast((one) => listed.includes(one));
  if (!enc) throw new AppError('ASK_MALFORMED', { name: 'encrypted_response_enc_values_supported' });
  const key = metadata.jwks.keys.find(
    ({ kty, crv, alg }) => kty === 'EC' && crv === 'P-256' && alg === 'ECDH-ES',
  );
  const { kid, alg: _, use, ...jwk } = key ?? {};
  if (!key || (use !== undefined && use !== 'enc')) throw new AppError('ASK_MALFORMED', { name: 'jwks' });
  return { jwk: keyOf(jwk as Json, 'jwks'), kid, enc };
}

async function readAttestation(text: string, issuers: readonly IssuerTrust[], at: number) {
  const jws = read(text, ATTESTATION_TYP);
  const said = shape(Attestation, jws.payload);
  const issuer = issuers.find(({ id }) => id === said.iss);
  if (!issuer) throw new AppError('ASK_NOT_REGISTERED');
  try {
    const key = await signingKey(issuer, jws);
    mustBeInUse(key, said.iat);
    if (!inForce(key, at)) throw new AppError('ASK_NOT_REGISTERED');
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    throw new AppError('ASK_NOT_REGISTERED', {}, { cause });
  }
  if (at + SKEW < said.iat || at >= said.exp) throw new AppError('ASK_NOT_REGISTERED');
  return { ...said, key: keyOf(said.cnf.jwk) };
}

function keyOf(jwk: Json, name = 'cnf'): PublicJwk {
  try {
    return parseJwk(jwk);
  } catch (cause) {
    throw new AppError('ASK_MALFORMED', { name }, { cause });
  }
}

interface Extra {
  readonly vct: string;
  /** null: every claim. */
  readonly claim: string | null;
}

/** What is asked beyond what was registered for; a query that names no claims asks for all. */
export function beyond(query: DcqlQuery, purpose: Purpose): Extra[] {
  return query.credentials.flatMap(({ meta, claims }) =>
    meta.vct_values.flatMap((vct): Extra[] => {
      const allowed = purpose.credentials.find((one) => one.vct === vct);
      if (!allowed || !claims) return [{ vct, claim: null }];
      return claims
        .map(({ path }) => String(path[0]))
        .filter((claim) => !allowed.claims.includes(claim))
        .map((claim) => ({ vct, claim }));
    }),
  );
}

/** ASK_TOO_MUCH with what was too much, by its names in both languages. */
export function tooMuch(extra: readonly Extra[]): AppError {
  const named = (lang: 'zh' | 'en') =>
    extra.map(({ vct, claim }) => {
      const kind = kindOf(vct);
      const name = kind?.name[lang] ?? vct.slice(vct.lastIndexOf('/') + 1);
      if (claim === null) return name;
      return `${name}${lang === 'zh' ? '：' : ': '}${kind?.labels[claim]?.[lang] ?? claim}`;
    });
  return new AppError('ASK_TOO_MUCH', {
    zh: [...new Set(named('zh'))].join('、'),
    en: [...new Set(named('en'))].join(', '),
  });
}
