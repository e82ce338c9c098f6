/** An organisation's identifier: made once, changed when its keys change, ended when it closes. */
import { AppError, type Json, strictJson } from '@zhenmei/kernel';
import '../core/account-errors.ts';
import {
  createLog,
  didTemplate,
  keyHash,
  multikey,
  parallelDidWeb,
  resolveLog,
  updateLog,
} from '../core/did-webvh.ts';
import { keyName } from '../core/jwk.ts';
import type { IdentityContext } from './context.ts';
import { openIdUrl } from './openid/metadata.ts';

type Doc = Record<string, Json>;

/** May be repeated: a new version is made only if something changed. Throws ORGANISATION_UNKNOWN, DID_DEACTIVATED. */
export async function publishDid(
  ctx: IdentityContext,
  organisationId: string,
  end = false,
): Promise<{ did: string; version: number }> {
  return ctx.db.transaction().execute(async (tx) => {
    const organisation = await tx
      .selectFrom('identity.organisation')
      .select('id')
      .where('id', '=', organisationId)
      .forUpdate()
      .executeTakeFirst();
    if (!organisation) throw new AppError('ORGANISATION_UNKNOWN');
    const issuers = await tx
      .selectFrom('identity.issuer')
      .select(['id', 'keys', 'list_uri'])
      .where('organisation_id', '=', organisationId)
      .orderBy('id')
      .execute();
    const row = await tx
      .selectFrom('identity.did_log')
      .selectAll()
      .where('organisation_id', '=', organisationId)
      .executeTakeFirst();
    const now = ctx.clock.now();
    const known = row ? resolveLog(row.log, now) : null;
    if (known?.deactivated) throw new AppError('DID_DEACTIVATED');
    const { host } = new URL(ctx.origin);
    const did = known?.did ?? didTemplate(host, ['organisations', organisationId]);
    const state = documentOf(ctx, did, issuers);
    if (known && !end && JSON.stringify(known.state) === JSON.stringify(plain(state)))
      return { did: known.did, version: known.version };
    // versions are whole seconds apart
    const at = Math.max(now, (known?.versionTime ?? 0) + 1_000);
    const signer = ctx.signing.did(organisationId, (known?.version ?? 0) + 1);
    const following = ctx.signing.did(organisationId, (known?.version ?? 0) + 2);
    const change = {
      state,
      at,
      updateKeys: [multikey(signer.publicKey)],
      nextKeyHashes: [keyHash(multikey(following.publicKey))],
      ...(end ? { deactivated: true as const } : {}),
    };
    const log = row ? updateLog(row.log, change, signer) : createLog(change, signer);
    const made = resolveLog(log, at);
    const values = { did: made.did, log, updated_at: new Date(now) };
    await tx
      .insertInto('identity.did_log')
      .values({ organisation_id: organisationId, ...values })
      .onConflict((c) => c.column('organisation_id').doUpdateSet(values))
      .execute();
    return { did: made.did, version: made.version };
  });
}

const plain = (state: Doc): unknown => strictJson(JSON.stringify(state));

function documentOf(
  ctx: IdentityContext,
  did: string,
  issuers: readonly {
    id: string;
    keys: readonly { kty: string; crv: string; x: string; y: string }[];
    list_uri: string | null;
  }[],
): Doc {
  const methods = issuers.flatMap(({ keys }) =>
    keys.map((key) => ({
      id: `${did}#${keyName(key as never)}`,
      type: 'JsonWebKey',
      controller: did,
      publicKeyJwk: { kty: key.kty, crv: key.crv, x: key.x, y: key.y },
    })),
  );
  const services = issuers
    .filter(({ list_uri }) => list_uri !== null)
    .map(({ id }) => ({
      id: `${did}#issuer`,
      type: 'OpenIdCredentialIssuer',
      serviceEndpoint: openIdUrl(ctx, id),
    }));
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
    id: did,
    alsoKnownAs: [did.replace(/^did:webvh:[^:]+:/, 'did:web:')],
    ...(methods.length > 0
      ? { verificationMethod: methods, assertionMethod: methods.map(({ id }) => id) }
      : {}),
    ...(services.length > 0 ? { service: services.slice(0, 1) } : {}),
  };
}

/** The log as it is served. Throws ORGANISATION_UNKNOWN. */
export async function readDidLog(ctx: IdentityContext, organisationId: string): Promise<string> {
  const row = await ctx.db
    .selectFrom('identity.did_log')
    .select('log')
    .where('organisation_id', '=', organisationId)
    .executeTakeFirst();
  if (!row) throw new AppError('ORGANISATION_UNKNOWN');
  return row.log;
}

/** The same for readers of did:web. Throws ORGANISATION_UNKNOWN, DID_DEACTIVATED. */
export async function readDidWeb(ctx: IdentityContext, organisationId: string): Promise<Doc> {
  const { state, deactivated } = resolveLog(await readDidLog(ctx, organisationId), ctx.clock.now() + 60_000);
  if (deactivated) throw new AppError('DID_DEACTIVATED');
  return parallelDidWeb(state);
}
