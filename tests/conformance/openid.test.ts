/**
 * Issuing and presenting as strangers do it: the wallet side is an independent library (`@openid4vc`), and its queries
 * are answered by another one (`dcql`). Then what must not be possible.
 */
import { clientAuthenticationAnonymous, type JwtSigner } from '@openid4vc/oauth2';
import { Openid4vciClient } from '@openid4vc/openid4vci';
import { openIdHandler } from '@zhenmei/identity';
import { ORIGIN, type TestIdentity, testIdentity } from '@zhenmei/identity/adapters/house.property.ts';
import { judgeCredential } from '@zhenmei/identity/app/judge-credential.ts';
import { makeOffer } from '@zhenmei/identity/app/openid/issue.ts';
import { openRequest, readAnswer, registerVerifier } from '@zhenmei/identity/app/openid/present.ts';
import { enter } from '@zhenmei/identity/app/register/enter.ts';
import { openIssuer } from '@zhenmei/identity/app/register/own-issuer.ts';
import { readRegister } from '@zhenmei/identity/app/register/read-register.ts';
import { CREDENTIAL_TYPES } from '@zhenmei/identity/core/catalogue.ts';
import { answerQuery, type DcqlQuery, readQuery } from '@zhenmei/identity/core/dcql.ts';
import { type Party, party } from '@zhenmei/identity/core/fixtures/maker.ts';
import { signJws } from '@zhenmei/identity/core/jws.ts';
import { readRequest } from '@zhenmei/identity/core/openid-request.ts';
import { presentSdJwt, readSdJwt } from '@zhenmei/identity/core/sd-jwt.ts';
import {
  type AppError,
  DAY,
  HOUR,
  type Json,
  MINUTE,
  sha256,
  toBase64Url,
  toSeconds,
  utf8,
} from '@zhenmei/kernel';
import { DcqlQuery as OtherQuery } from 'dcql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const ISSUER = 'https://regulator.example';
const AGE = CREDENTIAL_TYPES.ageOver;
const LICENCE = CREDENTIAL_TYPES.physicianLicence;
let house: TestIdentity;
let regulator = '';
let clinic = '';
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

const at = () => toSeconds(house.now);
const call = async (url: string, init: RequestInit = {}): Promise<Response> =>
  (await openIdHandler(house.ctx, new Request(url, init))) ?? new Response(null, { status: 404 });

/** The library's wallet, with these keys. */
function wallet(keys: readonly Party[]): Openid4vciClient {
  return new Openid4vciClient({
    callbacks: {
      fetch: ((url: string, init: RequestInit) => call(String(url), init)) as never,
      hash: async (data: Uint8Array) => sha256(data),
      generateRandom: async (length: number) => crypto.getRandomValues(new Uint8Array(length)),
      clientAuthentication: clientAuthenticationAnonymous(),
      signJwt: async (signer: JwtSigner, { header, payload }: { header: object; payload: object }) => {
        const { publicJwk } = signer as { publicJwk: { x: string; y: string; kty: string } };
        const key = keys.find(({ jwk }) => jwk.x === publicJwk.x)!;
        return { jwt: await signJws(header, payload, key.sign), signerJwk: publicJwk };
      },
      verifyJwt: () => ({ verified: false }),
    } as never,
  });
}
const signer = ({ jwk }: Party) => ({ method: 'jwk', alg: 'ES256', publicJwk: { ...jwk } }) as const;

async function ageOffer(withCode = false) {
  const entry = await enter(house.ctx, regulator, { kind: 'ageOver', claims: { age: 18, reached: true } });
  return makeOffer(house.ctx, regulator, entry.id, withCode);
}

/** Everything up to the access token. */
async function tokenFor(uri: string, keys: readonly Party[], txCode?: string, dpop?: Party) {
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

async function collect(
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

const keys = (n: number) => Array.from({ length: n }, (_, i) => party(`wallet ${i}`));

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

const PURPOSE = {
  id: 'age-check',
  text: { zh: '确认你已成年', en: 'To see that you are of age' },
  credentials: [{ vct: AGE, claims: ['age', 'reached'] }],
};

describe('presenting', () => {
  const trust = () => ({
    issuers: [{ id: ISSUER, keys: [{ jwk: house.key(ISSUER).jwk }], types: house.types }],
    at: at(),
  });
  const fetchRequest = async (uri: string) => {
    const response = await call(new URL(uri).searchParams.get('request_uri')!);
    expect(response.headers.get('content-type')).toBe('application/oauth-authz-req+jwt');
    return response.text();
  };
  const answer = (uri: string, form: Record<string, string>) =>
    call(`${new URL(uri).searchParams.get('request_uri')}/response`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
  const codeOf = (p: Promise<unknown>) =>
    p.then(
      () => 'none',
      (e: AppError) => e.code,
    );

  async function holder() {
    const { uri } = await ageOffer();
    const [key] = keys(1);
    const [token] = await collect(uri, [key!]);
    return { key: key!, token: token! };
  }
  async function shown(uri: string, change: { audience?: string; nonce?: string; names?: string[] } = {}) {
    const { key, token } = await holder();
    const asked = await readRequest(await fetchRequest(uri), trust());
    const held = [{ vct: AGE, claims: readSdJwt(token).claims, bound: true }];
    const [first] = answerQuery(asked.query, held);
    const names = change.names ?? first!.paths.map(([name]) => String(name)).filter((name) => name === 'age');
    const binding = {
      audience: change.audience ?? asked.clientId,
      nonce: change.nonce ?? asked.nonce,
      at: at(),
    };
    const presentation = await presentSdJwt(token, names, binding, key.sign);
    return { state: asked.state!, vp_token: JSON.stringify({ [first!.query]: [presentation] }) };
  }

  beforeEach(async () => {
    await registerVerifier(house.ctx, regulator, clinic, [PURPOSE]);
  });

  it('who asks, what for and for what is shown; what is answered is judged and no more', async () => {
    const { uri, id } = await openRequest(house.ctx, clinic, 'age-check', undefined);
    const asked = await readRequest(await fetchRequest(uri), trust());
    expect(asked).toMatchObject({
      verifier: { en: 'Plum Garden' },
      registeredBy: ISSUER,
      registrar: { en: 'Authority' },
      purpose: PURPOSE,
    });
    expect((await readAnswer(house.ctx, clinic, id)).answered).toBe(false);
    expect((await answer(uri, await shown(uri))).status).toBe(200);
    const { answer: got } = await readAnswer(house.ctx, clinic, id);
    expect(got).toMatchObject({
      shown: { c0: { type: AGE, issuer: ISSUER, claims: { age: 18, reached: true } } },
    });
    // once
    expect(
      ((await (await call(new URL(uri).searchParams.get('request_uri')!)).json()) as { code: string }).code,
    ).toBe('PRESENTATION_UNKNOWN');
    expect(await codeOf(readAnswer(house.ctx, regulator, id))).toBe('PRESENTATION_UNKNOWN');
  });

  it('a wallet may say no', async () => {
    const { uri, id } = await openRequest(house.ctx, clinic, 'age-check', undefined);
    expect((await answer(uri, { state: id, error: 'access_denied' })).status).toBe(200);
    expect((await readAnswer(house.ctx, clinic, id)).answer).toEqual({ refused: 'access_denied' });
  });

  it('nobody asks for more than was registered: the house refuses, and the wallet refuses by itself', async () => {
    const ask = (...claims: string[]) => ({
      credentials: [
        {
          id: 'a',
          format: 'dc+sd-jwt',
          meta: { vct_values: [LICENCE] },
          claims: claims.map((name) => ({ path: [name] })),
        },
      ],
    });
    expect(await codeOf(openRequest(house.ctx, clinic, 'age-check', ask('name')))).toBe('ASK_TOO_MUCH');
    expect(await codeOf(openRequest(house.ctx, clinic, 'marketing', undefined))).toBe('PURPOSE_UNKNOWN');
    expect(await codeOf(openRequest(house.ctx, regulator, 'age-check', undefined))).toBe('VERIFIER_UNKNOWN');
    const { uri } = await openRequest(house.ctx, clinic, 'age-check', undefined);
    const [head, body] = (await fetchRequest(uri))
      .split('.')
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString() || '{}') as Record<string, Json>);
    const verifier = house.key(`verifier ${clinic}`);
    const forged = (payload: object, change: object = {}, by = verifier) =>
      signJws({ ...head, ...change }, { ...body, ...payload }, by.sign);
    const read = async (text: string) => codeOf(readRequest(text, trust()));
    expect(await read(await forged({}))).toBe('none');
    expect(await read(await forged({ dcql_query: ask('name', 'licenceNumber') }))).toBe('ASK_TOO_MUCH');
    const all = { credentials: [{ id: 'a', format: 'dc+sd-jwt', meta: { vct_values: [AGE] } }] };
    expect(await read(await forged({ dcql_query: all }))).toBe('ASK_TOO_MUCH');
    expect(await read(await forged({ purpose: 'marketing' }))).toBe('ASK_PURPOSE');
    expect(await read(await forged({}, {}, party('thief')))).toBe('ASK_SIGNATURE');
    expect(await read(await forged({ client_id: 'verifier_attestation:other' }))).toBe('ASK_NOT_REGISTERED');
    expect(await read(await forged({}, { jwt: undefined }))).toBe('ASK_NOT_REGISTERED');
    expect(await read(await forged({}, { typ: 'JWT' }))).toBe('ASK_MALFORMED');
    expect(await read(await forged({ response_mode: 'fragment' }))).toBe('ASK_MALFORMED');
    expect(await read(await forged({ exp: at() }))).toBe('ASK_OVER');
    expect(await read('a.b')).toBe('ASK_MALFORMED');
    const own = await signJws(
      { alg: 'ES256', typ: 'verifier-attestation+jwt' },
      {
        iss: ISSUER,
        sub: clinic,
        iat: at(),
        exp: at() + 9,
        cnf: { jwk: verifier.jwk },
        name: { zh: 'a', en: 'a' },
        registrar: { zh: '监', en: 'Authority' },
        purposes: [PURPOSE],
      },
      verifier.sign,
    );
    expect(await read(await forged({}, { jwt: own }))).toBe('ASK_NOT_REGISTERED');
    house.now += 367 * DAY;
    expect(await read(await forged({ iat: at(), exp: at() + 9 }))).toBe('ASK_NOT_REGISTERED');
  });

  it('answers for another verifier, another occasion, with less or for nothing', async () => {
    const refused = async (change: Parameters<typeof shown>[1], form: Record<string, string> = {}) => {
      const { uri } = await openRequest(house.ctx, clinic, 'age-check', undefined);
      const response = await answer(uri, { ...(await shown(uri, change)), ...form });
      return ((await response.json()) as { code?: string }).code ?? 'none';
    };
    expect(await refused({ audience: 'verifier_attestation:other' })).toBe('PRESENTATION_REFUSED');
    expect(await refused({ nonce: 'x'.repeat(20) })).toBe('PRESENTATION_REFUSED');
    expect(await refused({ names: [] })).toBe('PRESENTATION_REFUSED');
    expect(await refused({}, { state: 'x' })).toBe('OPENID_REQUEST');
    expect(await refused({}, { vp_token: '{}' })).toBe('OPENID_REQUEST');
    expect(await refused({}, { vp_token: '{"c9":["x"]}' })).toBe('OPENID_REQUEST');
    expect(await refused({}, { vp_token: '{"c0":["x"]}' })).toBe('PRESENTATION_REFUSED');
    const { uri } = await openRequest(house.ctx, clinic, 'age-check', undefined);
    const late = await shown(uri);
    house.now += HOUR;
    expect((await answer(uri, late)).status).toBe(404);
  });

  it('is registered by the regulator only', async () => {
    expect(await codeOf(registerVerifier(house.ctx, clinic, clinic, [PURPOSE]))).toBe('NO_ISSUER');
    expect(await codeOf(registerVerifier(house.ctx, regulator, house.id(), [PURPOSE]))).toBe(
      'ORGANISATION_UNKNOWN',
    );
  });
});

describe('queries', () => {
  const licence = {
    vct: LICENCE,
    claims: { name: { zh: '林', en: 'Lin' }, leadSpecialties: ['a', 'b'], region: 'CN' },
    bound: true,
  };
  const age = { vct: AGE, claims: { age: 18, reached: true }, bound: true };
  const one = (more: object) => ({
    credentials: [{ id: 'x', format: 'dc+sd-jwt', meta: { vct_values: [LICENCE] }, ...more }],
  });
  const claim = (path: (string | number | null)[], more: object = {}) => ({ path, ...more });
  const cases: [string, object, boolean][] = [
    ['a claim', one({ claims: [claim(['region'])] }), true],
    ['a claim inside', one({ claims: [claim(['name', 'en'])] }), true],
    ['a claim that is not there', one({ claims: [claim(['age'])] }), false],
    ['a value', one({ claims: [claim(['region'], { values: ['SG', 'CN'] })] }), true],
    ['a value that it does not have', one({ claims: [claim(['region'], { values: ['SG'] })] }), false],
    ['any element', one({ claims: [claim(['leadSpecialties', null], { values: ['b'] })] }), true],
    ['an element by its place', one({ claims: [claim(['leadSpecialties', 1], { values: ['b'] })] }), true],
    ['an element that is not there', one({ claims: [claim(['leadSpecialties', 7])] }), false],
    [
      'the second set of claims',
      one({
        claims: [claim(['age'], { id: 'a' }), claim(['region'], { id: 'r' })],
        claim_sets: [['a'], ['r']],
      }),
      true,
    ],
    ['no set of claims', one({ claims: [claim(['age'], { id: 'a' })], claim_sets: [['a']] }), false],
    [
      'another kind',
      { credentials: [{ id: 'x', format: 'dc+sd-jwt', meta: { vct_values: ['urn:x'] } }] },
      false,
    ],
    [
      'one of two',
      {
        credentials: [
          { id: 'x', format: 'dc+sd-jwt', meta: { vct_values: ['urn:x'] } },
          { id: 'y', format: 'dc+sd-jwt', meta: { vct_values: [AGE] } },
        ],
        credential_sets: [{ options: [['x'], ['y']] }],
      },
      true,
    ],
    [
      'both of two',
      {
        credentials: [
          { id: 'x', format: 'dc+sd-jwt', meta: { vct_values: ['urn:x'] } },
          { id: 'y', format: 'dc+sd-jwt', meta: { vct_values: [AGE] } },
        ],
      },
      false,
    ],
  ];

  it.each(cases)('%s: this house and an independent library agree', (_, query, fits) => {
    const ours = () => answerQuery(readQuery(query), [licence, age]);
    const parsed = OtherQuery.parse(query as never);
    OtherQuery.validate(parsed);
    const theirs = OtherQuery.query(
      parsed,
      [licence, age].map(({ vct, claims }) => ({
        credential_format: 'dc+sd-jwt' as const,
        vct,
        claims: claims as never,
        cryptographic_holder_binding: true,
      })),
    );
    expect(theirs.can_be_satisfied).toBe(fits);
    if (fits) expect(ours().length).toBeGreaterThan(0);
    else expect(ours).toThrow('NOTHING_FITS');
  });

  it.each<[string, unknown]>([
    ['nothing', {}],
    ['an id twice', { credentials: [...one({}).credentials, ...one({}).credentials] }],
    ['another format', { credentials: [{ id: 'x', format: 'mso_mdoc', meta: { doctype_value: 'a' } }] }],
    ['a kind that is not named', { credentials: [{ id: 'x', format: 'dc+sd-jwt', meta: {} }] }],
    ['sets without ids', one({ claims: [claim(['a'])], claim_sets: [['a']] })],
    ['a set of something unknown', { ...one({}), credential_sets: [{ options: [['z']] }] }],
    ['a path that is empty', one({ claims: [claim([])] })],
    ['a path with a fraction', one({ claims: [claim([0.5])] })],
    ['a path before the beginning', one({ claims: [claim([-1])] })],
  ])('refuses %s', (_, query) => {
    expect(() => readQuery(query)).toThrow('ASK_MALFORMED');
  });

  it('wants the holder unless told', () => {
    const unbound = { ...licence, bound: false };
    const free = readQuery(one({ require_cryptographic_holder_binding: false })) as DcqlQuery;
    expect(answerQuery(free, [unbound])).toHaveLength(1);
    expect(() => answerQuery(readQuery(one({})), [unbound])).toThrow('NOTHING_FITS');
  });
});
