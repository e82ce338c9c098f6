/** Wallets that say who made them: the attestation and its proof are written by an independent library. */
import { registerIssuer } from '@zhenmei/identity/app/register-issuer.ts';
import { type Party, party } from '@zhenmei/identity/core/fixtures/maker.ts';
import { signJws } from '@zhenmei/identity/core/jws.ts';
import { WALLET_TYPE } from '@zhenmei/identity/core/wallet-attestation.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { ageOffer, at, call, house, keys, regulator, useHouse, wallet } from './openid-wallet.ts';

useHouse();

const MAKER = 'https://wallets.example';
const maker = party('maker of wallets');
const instance = party('instance');
const CLIENT = 'https://wallets.example/app';
const POSSESSION = 'oauth-client-attestation-pop+jwt';

beforeEach(async () => {
  // the library takes the time of its proofs from the machine
  house.now = Date.now();
  house.types.push({ vct: WALLET_TYPE, from: 0, until: null });
  await registerIssuer(house.ctx, regulator, { id: MAKER, keys: [maker.jwk] });
});

const vouch = (change: object = {}, header: object = {}, by: Party = maker) =>
  signJws(
    { alg: 'ES256', typ: WALLET_TYPE, kid: by.keyId, ...header },
    { iss: MAKER, sub: CLIENT, iat: at(), exp: at() + 3_600, cnf: { jwk: instance.jwk }, ...change },
    by.sign,
  );
let count = 0;
const possess = (aud: string, change: object = {}, header: object = {}, by: Party = instance) =>
  signJws(
    { alg: 'ES256', typ: POSSESSION, ...header },
    { iss: CLIENT, aud, iat: at(), jti: `proof-number-${++count}`, ...change },
    by.sign,
  );

const issuerOf = (uri: string) =>
  decodeURIComponent(uri.split('credential_offer_uri=')[1]!).split('/offers/')[0]!;
const codeOf = async (response: Response) =>
  response.ok ? 'none' : ((await response.json()) as { code: string }).code;
const headersOf = (attestation: string, possession: string) => ({
  'oauth-client-attestation': attestation,
  'oauth-client-attestation-pop': possession,
});

describe('a wallet with an attestation', () => {
  it('collects with a code that it alone can redeem', async () => {
    const { uri } = await ageOffer();
    const client = wallet([...keys(1), instance], await vouch());
    const credentialOffer = await client.resolveCredentialOffer(uri);
    const issuerMetadata = await client.resolveIssuerMetadata(credentialOffer.credential_issuer);
    const { token_endpoint_auth_methods_supported: methods } = issuerMetadata.authorizationServers[0]!;
    expect(methods).toContain('attest_jwt_client_auth');
    const started = await client.createAuthorizationRequestUrlFromOffer({
      credentialOffer,
      issuerMetadata,
      clientId: CLIENT,
      redirectUri: 'https://wallets.example/back',
    } as never);
    const back = new URL((await call(started.authorizationRequestUrl)).headers.get('location')!);
    const code = back.searchParams.get('code')!;
    const redeem = async (headers: Record<string, string>) =>
      codeOf(
        await call(`${issuerOf(uri)}/token`, {
          method: 'POST',
          headers,
          body: new URLSearchParams({
            grant_type: 'authorization_code',
            client_id: CLIENT,
            code,
            code_verifier: started.pkce!.codeVerifier,
            redirect_uri: 'https://wallets.example/back',
          }),
        }),
      );
    // neither without it nor another instance of the same wallet
    expect(await redeem({})).toBe('OPENID_WALLET');
    const other = party('another instance');
    const stolen = headersOf(
      await vouch({ cnf: { jwk: other.jwk } }),
      await possess(issuerOf(uri), {}, {}, other),
    );
    expect(await redeem(stolen)).toBe('OPENID_WALLET');
    const { accessTokenResponse } = await client.retrieveAuthorizationCodeAccessTokenFromOffer({
      credentialOffer,
      issuerMetadata,
      authorizationCode: code,
      pkceCodeVerifier: started.pkce!.codeVerifier,
      redirectUri: 'https://wallets.example/back',
    } as never);
    expect(accessTokenResponse.access_token).toMatch(/^[\w-]{43}$/);
  });
});

describe('is refused', () => {
  const tried = async (
    attestation: (aud: string) => Promise<string>,
    possession: (aud: string) => Promise<string>,
    form: Record<string, string> = {},
  ) => {
    const { uri } = await ageOffer();
    const aud = issuerOf(uri);
    const offer = (await (await call(new URL(uri).searchParams.get('credential_offer_uri')!)).json()) as {
      grants: Record<string, { 'pre-authorized_code': string }>;
    };
    const grant = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';
    const body = new URLSearchParams({
      grant_type: grant,
      'pre-authorized_code': offer.grants[grant]!['pre-authorized_code'],
      ...form,
    });
    const headers = headersOf(await attestation(aud), await possession(aud));
    return codeOf(await call(`${aud}/token`, { method: 'POST', headers, body }));
  };
  const thief = party('thief');

  it('nothing that holds', async () => {
    expect(
      await tried(
        () => vouch(),
        (aud) => possess(aud),
      ),
    ).toBe('none');
    expect(
      await tried(
        () => vouch({ iat: undefined }),
        (aud) => possess(aud, { aud: [aud], iss: undefined }),
      ),
    ).toBe('none');
  });

  it.each<[string, () => Promise<string>]>([
    ['of a maker whom nobody entered', () => vouch({ iss: 'https://other.example' })],
    ['signed by another', () => vouch({}, { kid: undefined }, thief)],
    ['that is over', () => vouch({ exp: at() })],
    ['without an end', () => vouch({ exp: undefined })],
    ['from tomorrow', () => vouch({ iat: at() + 86_400 })],
    ['not valid yet', () => vouch({ nbf: at() + 3_600 })],
    ['without a key', () => vouch({ cnf: undefined })],
    ['with a private key', () => vouch({ cnf: { jwk: { ...instance.jwk, d: 'AA' } } })],
    ['without a client', () => vouch({ sub: undefined })],
    ['of another type', () => vouch({}, { typ: 'JWT' })],
    ['of another algorithm', () => vouch({}, { alg: 'none' })],
    ['with what must be understood', () => vouch({}, { crit: ['x'] })],
    ['that is no token', async () => 'a.b'],
  ])('an attestation %s', async (_, attestation) => {
    expect(await tried(attestation, (aud) => possess(aud))).toBe('OPENID_WALLET');
  });

  it.each<[string, (aud: string) => Promise<string>]>([
    ['for another issuer', () => possess('https://other.example')],
    ['for two', (aud) => possess(aud, { aud: [aud, 'https://other.example'] })],
    ['by another key', (aud) => possess(aud, {}, {}, thief)],
    ['of an hour ago', (aud) => possess(aud, { iat: at() - 3_600 })],
    ['without a time', (aud) => possess(aud, { iat: undefined })],
    ['that is over', (aud) => possess(aud, { exp: at() })],
    ['without an identifier', (aud) => possess(aud, { jti: undefined })],
    ['of another client', (aud) => possess(aud, { iss: 'https://x.example' })],
    ['of another type', (aud) => possess(aud, {}, { typ: 'JWT' })],
    ['that is no token', async () => 'a.b.c'],
  ])('a proof %s', async (_, possession) => {
    expect(await tried(() => vouch(), possession)).toBe('OPENID_WALLET');
  });

  it('a proof twice, one without the other, another client, a maker no longer entered', async () => {
    let once = '';
    const same = async (aud: string) => {
      once ||= await possess(aud);
      return once;
    };
    expect(await tried(() => vouch(), same)).toBe('none');
    expect(await tried(() => vouch(), same)).toBe('OPENID_WALLET');
    const { uri } = await ageOffer();
    const half = await call(`${issuerOf(uri)}/token`, {
      method: 'POST',
      headers: { 'oauth-client-attestation': await vouch() },
      body: new URLSearchParams({}),
    });
    expect([half.status, await codeOf(half)]).toEqual([401, 'OPENID_WALLET']);
    const good = (aud: string) => possess(aud);
    expect(await tried(() => vouch(), good, { client_id: 'another' })).toBe('OPENID_WALLET');
    house.types = house.types.filter(({ vct }) => vct !== WALLET_TYPE);
    expect(await tried(() => vouch(), good)).toBe('OPENID_WALLET');
  });
});
