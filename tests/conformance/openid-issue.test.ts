/** Issuing as strangers meet it: the wallet is an independent library. Then what must not be possible. */
import { ORIGIN } from '@zhenmei/identity/adapters/house.property.ts';
import { judgeCredential } from '@zhenmei/identity/app/judge-credential.ts';
import { readRegister } from '@zhenmei/identity/app/register/read-register.ts';
import { type Party, party } from '@zhenmei/identity/core/fixtures/maker.ts';
import { signJws } from '@zhenmei/identity/core/jws.ts';
import { readSdJwt } from '@zhenmei/identity/core/sd-jwt.ts';
import { DAY, MINUTE, sha256, toBase64Url, utf8 } from '@zhenmei/kernel';
//DQ as OtherQuery } from 'dcql';
import { describe, expect, it } from 'vitest';
import {
  AGE,
  ageOffer,
  at,
  call,
  collect,
  house,
  keys,
  LICENCE,
  regulator,
  tokenFor,
  useHouse,
  wallet,
} from './openid-wallet.ts';

useHouse();

describe('issuing to an independent wallet', () => {
  it('a pre-authorised offer with a code, ten copies for ten keys, none linked to another', async () => {
    const offer = await ageOffer(true);
    expect(offer.code).toMatch(/^\d{6}$/);
    const all = keys(10);
    const tokens = await collect(offer.uri, all, offer.code!);
    expect(tokens).toHaveLength(10);
    for (const [i, token] of tokens.entries())
      expect(await judgeCredential(house.ctx, token)).toMatchObject({
        verdict: 'proven',
        type: AGE,
        holder: all[i]!.jwk,
      });
    const pieces = tokens.flatMap((token) => {
      const { jws, disclosures } = readSdJwt(token);
      return [
        ...(jws.payload._sd as string[]),
        ...disclosures.map(({ text }) => text),
        toBase64Url(jws.signature),
      ];
    });
    expect(new Set(pieces).size).toBe(pieces.length);
    // what only its holder should show is not looked up later
    const { entries } = await readRegister(house.ctx, regulator, {});
    expect(entries).toMatchObject([{ kind: 'ageOver', claims: {} }]);
  });

  it('a token bound to a key of the wallet (DPoP)', async () => {
    // the library takes the time of these proofs from the machine
    house.now = Date.now();
    const { uri } = await ageOffer();
    expect(await collect(uri, keys(1), undefined, party('dpop'))).toHaveLength(1);
  });

  it('a code with PKCE and a pushed request', async () => {
    const { uri } = await ageOffer();
    const client = wallet(keys(1));
    const credentialOffer = await client.resolveCredentialOffer(uri);
    const issuerMetadata = await client.resolveIssuerMetadata(credentialOffer.credential_issuer);
    const started = await client.createAuthorizationRequestUrlFromOffer({
      credentialOffer,
      issuerMetadata,
      clientId: 'wallet',
      redirectUri: 'https://wallet.example/back',
    } as never);
    const to = await call(started.authorizationRequestUrl);
    expect(to.status).toBe(302);
    const back = new URL(to.headers.get('location')!);
    expect(back.searchParams.get('iss')).toBe(credentialOffer.credential_issuer);
    const got = await client.retrieveAuthorizationCodeAccessTokenFromOffer({
      credentialOffer,
      issuerMetadata,
      authorizationCode: back.searchParams.get('code')!,
      pkceCodeVerifier: started.pkce!.codeVerifier,
      redirectUri: 'https://wallet.example/back',
    } as never);
    expect(got.accessTokenResponse.access_token).toMatch(/^[\w-]{43}$/);
    // neither the address nor the code works again
    expect((await call(started.authorizationRequestUrl)).status).toBe(400);
    const form = new URLSearchParams({
      grant_type: 'authorization_code',
      code: back.searchParams.get('code')!,
      code_verifier: started.pkce!.codeVerifier,
      redirect_uri: 'https://wallet.example/back',
    });
    const again = await call(`${credentialOffer.credential_issuer}/token`, { method: 'POST', body: form });
    expect([again.status, ((await again.json()) as { error: string }).error]).toEqual([400, 'invalid_grant']);
  });

  it('says what it issues in words that any wallet shows', async () => {
    const { credentialOffer, issuerMetadata } = await tokenFor((await ageOffer()).uri, keys(1));
    const { credential_configurations_supported: all } = issuerMetadata.credentialIssuer;
    expect(credentialOffer.credential_configuration_ids).toEqual(['ageOver']);
    expect(Object.keys(all)).toContain('physicianLicence');
    expect(Object.keys(all)).not.toContain('deviceTraining');
    expect(all.physicianLicence).toMatchObject({
      format: 'dc+sd-jwt',
      vct: LICENCE,
      scope: 'physicianLicence',
    });
  });
});

describe('what must not be possible in issuing', () => {
  const issuerUrl = async () =>
    new URL(
      (await ageOffer()).uri.split('credential_offer_uri=')[1]!.replaceAll('%3A', ':').replaceAll('%2F', '/'),
    ).href.split('/offers/')[0]!;
  const post = async (path: string, body: object | URLSearchParams, headers: Record<string, string> = {}) => {
    const isForm = body instanceof URLSearchParams;
    const response = await call(`${await issuerUrl()}${path}`, {
      method: 'POST',
      body: isForm ? body : JSON.stringify(body),
      headers: { ...(isForm ? {} : { 'content-type': 'application/json' }), ...headers },
    });
    return [response.status, ((await response.json()) as { error: string; code: string }).code] as const;
  };
  const secretOf = (uri: string) => decodeURIComponent(uri).split('/offers/')[1]!;
  const grant = (secret: string, more: Record<string, string> = {}) =>
    new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:pre-authorized_code',
      'pre-authorized_code': secret,
      ...more,
    });

  it('an offer twice, after a day, unknown, of another kind', async () => {
    const { uri } = await ageOffer();
    await tokenFor(uri, keys(1));
    expect(await post('/token', grant(secretOf(uri)))).toEqual([400, 'OPENID_GRANT']);
    const late = await ageOffer();
    house.now += DAY;
    expect(await post('/token', grant(secretOf(late.uri)))).toEqual([400, 'OPENID_GRANT']);
    expect(await post('/token', grant('x'))).toEqual([400, 'OPENID_GRANT']);
    expect(await post('/token', new URLSearchParams({ grant_type: 'password' }))).toEqual([
      400,
      'OPENID_GRANT_TYPE',
    ]);
    expect(await post('/token', {})).toEqual([400, 'OPENID_REQUEST']);
    expect(await post('/token', new URLSearchParams('a=1&a=2'))).toEqual([400, 'OPENID_REQUEST']);
  });

  it('guessing the code: five tries', async () => {
    const offer = await ageOffer(true);
    const wrong = offer.code === '000000' ? '000001' : '000000';
    for (let i = 0; i < 5; i++)
      expect(await post('/token', grant(secretOf(offer.uri), { tx_code: wrong }))).toEqual([
        400,
        'OPENID_TX_CODE',
      ]);
    expect(await post('/token', grant(secretOf(offer.uri), { tx_code: offer.code! }))).toEqual([
      400,
      'OPENID_GRANT',
    ]);
  });

  it('requests without PKCE, with a dangerous address, or with another verifier', async () => {
    const { uri } = await ageOffer();
    const base = {
      response_type: 'code',
      client_id: 'w',
      redirect_uri: 'https://w.example/',
      code_challenge: toBase64Url(sha256(utf8('v'.repeat(43)))),
      code_challenge_method: 'S256',
      issuer_state: secretOf(uri),
    };
    const par = (change: Record<string, string>) => post('/par', new URLSearchParams({ ...base, ...change }));
    for (const change of [
      { code_challenge_method: 'plain' },
      { code_challenge: '' },
      { response_type: 'token' },
      { redirect_uri: 'javascript:alert(1)' },
      { redirect_uri: 'https://w.example/#x' },
      { issuer_state: '' },
    ] as Record<string, string>[])
      expect((await par(change))[1]).toBe('OPENID_REQUEST');
    expect((await par({ issuer_state: 'x' }))[1]).toBe('OPENID_GRANT');
    const url = decodeURIComponent(uri.split('credential_offer_uri=')[1]!).split('/offers/')[0]!;
    const pushed = await call(`${url}/par`, {
      method: 'POST',
      body: new URLSearchParams({ ...base, state: 'mine' }),
    });
    const { request_uri } = (await pushed.json()) as { request_uri: string };
    const go = (client_id: string) =>
      call(`${url}/authorize?${new URLSearchParams({ client_id, request_uri })}`);
    expect((await go('another')).status).toBe(400);
    const back = new URL((await go('w')).headers.get('location')!);
    expect([back.origin, back.searchParams.get('state')]).toEqual(['https://w.example', 'mine']);
    const tried = async (change: Record<string, string>) => {
      const form = {
        grant_type: 'authorization_code',
        code: back.searchParams.get('code')!,
        redirect_uri: base.redirect_uri,
      };
      return (
        await post('/token', new URLSearchParams({ ...form, code_verifier: 'v'.repeat(43), ...change }))
      )[1];
    };
    expect(await tried({ code_verifier: 'w'.repeat(43) })).toBe('OPENID_GRANT');
    expect(await tried({ redirect_uri: 'https://x.example/' })).toBe('OPENID_GRANT');
    expect(await tried({})).toBeUndefined();
  });

  async function ready(dpop?: Party) {
    if (dpop) house.now = Date.now();
    const { uri } = await ageOffer();
    const { issuerMetadata, got } = await tokenFor(uri, keys(1), undefined, dpop);
    const url = issuerMetadata.credentialIssuer.credential_issuer;
    const fresh = async () =>
      ((await (await call(`${url}/nonce`, { method: 'POST' })).json()) as { c_nonce: string }).c_nonce;
    const proof = async (change: object = {}, head: object = {}, key = party('wallet 0')) =>
      signJws(
        { alg: 'ES256', typ: 'openid4vci-proof+jwt', jwk: key.jwk, ...head },
        { aud: url, iat: at(), nonce: await fresh(), ...change },
        key.sign,
      );
    const access = got.accessTokenResponse.access_token;
    const ask = async (jwt: unknown, headers: Record<string, string> = {}, configuration = 'ageOver') => {
      const response = await call(`${url}/credential`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${access}`, ...headers },
        body: JSON.stringify({ credential_configuration_id: configuration, proofs: { jwt } }),
      });
      return ((await response.json()) as { code?: string }).code ?? response.status;
    };
    return { url, proof, fresh, ask, access };
  }

  it('proofs of keys that prove nothing', async () => {
    const { proof, ask, url } = await ready();
    const stranger = party('stranger');
    expect(await ask([])).toBe('OPENID_PROOF');
    expect(await ask('x')).toBe('OPENID_PROOF');
    expect(await ask([await proof({ aud: 'https://other.example' })])).toBe('OPENID_PROOF');
    expect(await ask([await proof({ iat: at() - 301 })])).toBe('OPENID_PROOF');
    expect(await ask([await proof({ nonce: undefined })])).toBe('OPENID_PROOF');
    expect(await ask([await proof({}, { typ: 'JWT' })])).toBe('OPENID_PROOF');
    expect(await ask([await proof({}, { alg: 'none' })])).toBe('OPENID_PROOF');
    expect(await ask([await proof({}, { kid: 'x' })])).toBe('OPENID_PROOF');
    expect(await ask([await proof({}, { jwk: stranger.jwk })])).toBe('OPENID_PROOF');
    expect(await ask([await proof({ nonce: 'invented' })])).toBe('OPENID_NONCE');
    const one = await proof();
    expect(await ask([one, one])).toBe('OPENID_PROOF');
    expect(await ask(Array.from({ length: 11 }, () => one))).toBe('OPENID_PROOF');
    expect(await ask([await proof()], { authorization: 'Bearer x' })).toBe('OPENID_TOKEN');
    expect(await ask([await proof()], {}, 'physicianLicence')).toBe('OPENID_CONFIGURATION');
    expect(url).toContain(ORIGIN);
    const good = await proof();
    expect(await ask([good])).toBe(200);
    expect(await ask([await proof()])).toBe('OPENID_TOKEN');
  });

  it('a nonce twice or late', async () => {
    const { proof, ask, fresh } = await ready();
    const nonce = await fresh();
    expect(await ask([await proof({ nonce })], {}, 'physicianLicence')).toBe('OPENID_CONFIGURATION');
    house.now += 5 * MINUTE + 1;
    expect(await ask([await proof({ nonce })])).toBe('OPENID_NONCE');
  });

  it('a stolen token that is bound to a key', async () => {
    const own = party('dpop');
    const { ask, proof, url, access } = await ready(own);
    const dpop = (change: object = {}, key = own) =>
      signJws(
        { alg: 'ES256', typ: 'dpop+jwt', jwk: key.jwk },
        {
          htm: 'POST',
          htu: `${url}/credential`,
          iat: at(),
          jti: toBase64Url(crypto.getRandomValues(new Uint8Array(12))),
          ath: toBase64Url(sha256(utf8(access))),
          ...change,
        },
        key.sign,
      );
    const bound = { authorization: `DPoP ${access}` };
    expect(await ask([await proof()])).toBe('OPENID_TOKEN');
    expect(await ask([await proof()], bound)).toBe('OPENID_TOKEN');
    const tried = async (text: string) => ask([await proof()], { ...bound, dpop: text });
    expect(await tried(await dpop({}, party('thief')))).toBe('OPENID_DPOP');
    expect(await tried(await dpop({ htu: `${url}/token` }))).toBe('OPENID_DPOP');
    expect(await tried(await dpop({ htm: 'GET' }))).toBe('OPENID_DPOP');
    expect(await tried(await dpop({ ath: 'x' }))).toBe('OPENID_DPOP');
    expect(await tried(await dpop({ iat: at() - 301 }))).toBe('OPENID_DPOP');
    const once = await dpop();
    expect(await ask([await proof()], { ...bound, dpop: once }, 'physicianLicence')).toBe(
      'OPENID_CONFIGURATION',
    );
    expect(await tried(once)).toBe('OPENID_DPOP');
    expect(await tried(await dpop())).toBe(200);
  });

  it('addresses that nobody has', async () => {
    expect((await call(`${ORIGIN}/openid/0000000000000000/nonce`, { method: 'POST' })).status).toBe(401);
    expect(
      (await call(`${ORIGIN}/.well-known/openid-credential-issuer/openid/0000000000000000`)).status,
    ).toBe(401);
    expect((await call(`${ORIGIN}/api/other`)).status).toBe(404);
    expect((await call(`${await issuerUrl()}/offers/${'x'.repeat(43)}`)).status).toBe(400);
  });
});
