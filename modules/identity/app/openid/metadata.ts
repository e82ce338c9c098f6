/** What a wallet reads first: the issuer's certificates and where things are (OpenID4VCI 1.0 §12, RFC 8414). */
import { AppError } from '@zhenmei/kernel';
import { CATALOGUE, CREDENTIAL_TYPES, kindOf, nameOf } from '../../core/catalogue.ts';
import '../../core/openid-errors.ts';
import { typeMetadata } from '../../core/type-metadata.ts';
import type { IdentityContext } from '../context.ts';
import { issuerSlug } from '../publish-status-list.ts';

export interface OpenIdIssuer {
  /** As it stands in `iss` of the certificates. */
  readonly id: string;
  /** Credential issuer identifier: the address below which everything is. */
  readonly url: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly kind: string;
}

export const openIdUrl = (ctx: Pick<IdentityContext, 'origin'>, issuerId: string) =>
  `${ctx.origin}/openid/${issuerSlug(issuerId)}`;

/** Throws OPENID_CLIENT if no issuer of this house has this address. */
export async function openIdIssuer(ctx: IdentityContext, slug: string): Promise<OpenIdIssuer> {
  const rows = await ctx.db
    .selectFrom('identity.issuer as i')
    .innerJoin('identity.organisation as o', 'o.id', 'i.organisation_id')
    .select(['i.id', 'o.name', 'o.kind'])
    .where('i.list_uri', 'is not', null)
    .execute();
  const row = rows.find(({ id }) => issuerSlug(id) === slug);
  if (!row) throw new AppError('OPENID_CLIENT');
  return { id: row.id, url: openIdUrl(ctx, row.id), name: row.name, kind: row.kind };
}

/** Certificates at once: enough for a kind that is handed out in copies. */
export const MAX_BATCH = Math.max(...Object.values(CATALOGUE).map(({ copies }) => copies));

const display = ({ zh, en }: OpenIdIssuer['name']) => [
  { name: zh, locale: 'zh-CN' },
  { name: en, locale: 'en' },
];

export function issuerMetadata(issuer: OpenIdIssuer) {
  const own = Object.values(CREDENTIAL_TYPES).filter((vct) =>
    (kindOf(vct)!.issuers as readonly string[]).includes(issuer.kind),
  );
  return {
    credential_issuer: issuer.url,
    credential_endpoint: `${issuer.url}/credential`,
    nonce_endpoint: `${issuer.url}/nonce`,
    notification_endpoint: `${issuer.url}/notification`,
    batch_credential_issuance: { batch_size: Math.max(2, MAX_BATCH) },
    display: display(issuer.name),
    credential_configurations_supported: Object.fromEntries(
      own.map((vct) => {
        const { claims } = typeMetadata(vct)!;
        return [
          nameOf(vct),
          {
            format: 'dc+sd-jwt',
            scope: nameOf(vct),
            vct,
            cryptographic_binding_methods_supported: ['jwk'],
            credential_signing_alg_values_supported: ['ES256'],
            proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
            credential_metadata: {
              display: display(kindOf(vct)!.name),
              claims: claims.map(({ path, mandatory, display: labels }) => ({
                path: [...path],
                mandatory,
                display: labels.map(({ locale, label }) => ({ locale, name: label })),
              })),
            },
          },
        ];
      }),
    ),
  };
}

export function authorizationMetadata(issuer: OpenIdIssuer) {
  return {
    issuer: issuer.url,
    authorization_endpoint: `${issuer.url}/authorize`,
    pushed_authorization_request_endpoint: `${issuer.url}/par`,
    require_pushed_authorization_requests: true,
    token_endpoint: `${issuer.url}/token`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'urn:ietf:params:oauth:grant-type:pre-authorized_code'],
    'pre-authorized_grant_anonymous_access_supported': true,
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['attest_jwt_client_auth', 'none'],
    client_attestation_signing_alg_values_supported: ['ES256'],
    client_attestation_pop_signing_alg_values_supported: ['ES256'],
    dpop_signing_alg_values_supported: ['ES256'],
    authorization_response_iss_parameter_supported: true,
  };
}
