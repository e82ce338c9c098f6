/** A house as strangers meet it over OpenID4VCI and OpenID4VP, and the wallet of an independent library (`@openid4vc`). */
import {
  clientAuthenticationAnonymous,
  clientAuthenticationClientAttestationJwt,
  type JwtSigner,
} from '@openid4vc/oauth2';
import { Openid4vciClient } from '@openid4vc/openid4vci';
import { openIdHandler } from '@zhenmei/identity';
import { type TestIdentity, testIdentity } from '@zhenmei/identity/adapters/house.property.ts';
import { makeOffer } from '@zhenmei/identity/app/openid/issue.ts';
import { enter } from '@zhenmei/identity/app/register/enter.ts';
import { openIssuer } from '@zhenmei/identity/app/register/own-issuer.ts';
import { CREDENTIAL_TYPES } from '@zhenmei/identity/core/catalogue.ts';
import { type Party, party } from '@zhenmei/identity/core/fixtures/maker.ts';
import { signJws } from '@zhenmei/identity/core/jws.ts';
import { DAY, sha256, toSeconds } from '@zhenmei/kernel';
import { afterAll, beforeAll, beforeEach } from 'vitest';

export const ISSUER = 'https://regulator.example';
export const AGE = CREDENTIAL_TYPES.ageOver;
export const LICENCE = CREDENTIAL_TYPES.physicianLicence;
export let house: TestIdentity;
export let regulator = '';
export let clinic = '';
/** A house with a regulator and a clinic, fresh for every test of the file that calls this. */
export function useHouse(): void {
  beforeAll(async () => {
    house = await testIdentity();
  });
  afterAll(() => house?.database.close());
  beforeEach(async () => {
    house.now += DAY;
    regulator = await house.organisation('regulator', 'Authority');
    clinic = await house.organisation('clinic', 'Plum Garden');
    await house.ctx.db.deleteFrom('identity.presentation').execute();
    await house.ctx.db.deleteFrom('identity.verifier').execute();
    await house.ctx.db.deleteFrom('identity.openid_grant').execute();
    await house.ctx.db.deleteFrom('identity.register_entry').execute();
    await house.ctx.db.deleteFrom('identity.issuer').execute();
    await openIssuer(house.ctx, regulator, ISSUER);
  });
}

export const at = () => toSeconds(house.now);
export const call = async (url: string, init: RequestInit = {}): Promise<Response> =>
  (await openIdHandler(house.ctx, new Request(url, init))) ?? new Response(null, { status: 404 });

/** The library's wallet, with these keys. */
export function wallet(keys: readonly Party[], attestation?: string): Openid4vciClient {
  const signJwt = async (signer: JwtSigner, { header, payload }: { header: object; payload: object }) => {
    const { publicJwk } = signer as { publicJwk: { x: string; y: string; kty: string } };
    const key = keys.find(({ jwk }) => jwk.x === publicJwk.x)!;
    return { jwt: await signJws(header, payload, key.sign), signerJwk: publicJwk };
  };
  const generateRandom = async (length: number) => crypto.getRandomValues(new Uint8Array(length));
  return new Openid4vciClient({
    callbacks: {
      fetch: ((url: string, init: RequestInit) => call(String(url), init)) as never,
      hash: async (data: Uint8Array) => sha256(data),
      generateRandom,
      clientAuthentication: attestation
        ? clientAuthenticationClientAttestationJwt({
            clientAttestationJwt: attestation,
            callbacks: { signJwt, generateRandom } as never,
          })
        : clientAuthenticationAnonymous(),
      signJwt,
      verifyJwt: () => ({ verified: false }),
    } as never,
  });
}
export const signer = ({ jwk }: Party) => ({ method: 'jwk', alg: 'ES256', publicJwk: { ...jwk } }) as const;

export async function ageOffer(withCode = false) {
  const entry = await enter(house.ctx, regulator, { kind: 'ageOver', claims: { age: 18, reached: true } });
  return makeOffer(house.ctx, regulator, entry.id, withCode);
}

/** Everything up to the access token. */
export async function tokenFor(uri: string, keys: readonly Party[], txCode?: string, dpop?: Party) {
  const client = wallet([...keys, ...(dpop ? [dpop] : [])]);
  const credentialOffer = await client.resolveCredentialOffer(uri);
  const issuerMetadata = await client.resolveIssuerMetadata(credentialOffer.credential_issuer);
  const got = await client.retrievePreAuthorizedCodeAccessTokenFromOffer({
    credentialOffer,
    issuerMetadata,
    ...(txCode ? { txCode } : {}),
    ...(dpop ? { dpop: { signer: signer(dpop) } } : {}),
  } as never);
  return { client, credentialOffer, issuerMetadata, got };
}

export async function collect(
  uri: string,
  keys: readonly Party[],
  txCode?: string,
  dpop?: Party,
): Promise<string[]> {
  const { client, issuerMetadata, got, credentialOffer } = await tokenFor(uri, keys, txCode, dpop);
  const { c_nonce: nonce } = await client.requestNonce({ issuerMetadata });
  const [configuration] = credentialOffer.credential_configuration_ids;
  const jwt = await Promise.all(
    keys.map(async (key) => {
      const proof = await client.createCredentialRequestJwtProof({
        issuerMetadata,
        credentialConfigurationId: configuration!,
        nonce,
        issuedAt: new Date(house.now),
        signer: signer(key),
      } as never);
      return proof.jwt;
    }),
  );
  const { credentialResponse } = await client.retrieveCredentials({
    issuerMetadata,
    credentialConfigurationId: configuration!,
    accessToken: got.accessTokenResponse.access_token,
    proofs: { jwt },
    ...(got.dpop ? { dpop: got.dpop } : {}),
  } as never);
  const { credentials, notification_id: id } = credentialResponse as {
    credentials: { credential: string }[];
    notification_id: string;
  };
  await client.sendNotification({
    issuerMetadata,
    accessToken: got.accessTokenResponse.access_token,
    notification: { notificationId: id, event: 'credential_accepted' },
  } as never);
  return credentials.map(({ credential }) => credential);
}

export const keys = (n: number) => Array.from({ length: n }, (_, i) => party(`wallet ${i}`));
