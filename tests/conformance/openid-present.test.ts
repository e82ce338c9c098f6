/** Presenting: who asks, what is shown and to whom, sealed by an independent library (`jose`). Then what must not be possible. */
import { openRequest, readAnswer, registerVerifier } from '@zhenmei/identity/app/openid/present.ts';
import { answerQuery } from '@zhenmei/identity/core/dcql.ts';
import { party } from '@zhenmei/identity/core/fixtures/maker.ts';
import { encryptJwe, webCryptoAgreement } from '@zhenmei/identity/core/jwe.ts';
import { parseJwk } from '@zhenmei/identity/core/jwk.ts';
import { signJws } from '@zhenmei/identity/core/jws.ts';
import { readRequest } from '@zhenmei/identity/core/openid-request.ts';
import { presentSdJwt, readSdJwt } from '@zhenmei/identity/core/sd-jwt.ts';
import { type AppError, DAY, HOUR, type Json } from '@zhenmei/kernel';
import { CompactEncrypt, compactDecrypt, exportJWK, generateKeyPair, importJWK } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  AGE,
  ageOffer,
  at,
  call,
  clinic,
  collect,
  house,
  ISSUER,
  keys,
  LICENCE,
  regulator,
  useHouse,
} from './openid-wallet.ts';

useHouse();

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

  const codeFrom = async (response: Response) =>
    ((await response.json()) as { code?: string }).code ?? 'none';

  async function holder() {
    const { uri } = await ageOffer();
    const [key] = keys(1);
    const [token] = await collect(uri, [key!]);
    return { key: key!, token: token! };
  }
  /** The key to which answers to this request go, as the request states it. */
  async function recipient(uri: string) {
    const [, body] = (await fetchRequest(uri)).split('.');
    const { client_metadata: metadata } = JSON.parse(Buffer.from(body!, 'base64url').toString()) as {
      client_metadata: { jwks: { keys: { kid: string; kty: string }[] } };
    };
    return metadata.jwks.keys[0]!;
  }
  /** Sealed by the independent library. */
  async function seal(uri: string, payload: object, header: object = {}, key?: object): Promise<string> {
    const jwk = await recipient(uri);
    const full = { alg: 'ECDH-ES', enc: 'A256GCM', kid: jwk.kid, ...header };
    return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(payload)))
      .setProtectedHeader(full)
      .encrypt(await importJWK({ ...jwk, ...key, alg: full.alg }, full.alg));
  }
  async function shown(
    uri: string,
    change: { audience?: string; nonce?: string; names?: string[] } = {},
    more: object = {},
    header: object = {},
  ) {
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
    const payload = { state: asked.state!, vp_token: { [first!.query]: [presentation] }, ...more };
    return { response: await seal(uri, payload, header) };
  }

  beforeEach(async () => {
    await registerVerifier(house.ctx, regulator, clinic, [PURPOSE]);
  });

  it.each(['A128GCM', 'A256GCM'])(
    'who asks, what for and for what is shown; what is answered in %s is judged and no more',
    async (enc) => {
      const { uri, id } = await openRequest(house.ctx, clinic, 'age-check', undefined);
      const asked = await readRequest(await fetchRequest(uri), trust());
      expect(asked).toMatchObject({
        verifier: { en: 'Plum Garden' },
        registeredBy: ISSUER,
        registrar: { en: 'Authority' },
        purpose: PURPOSE,
      });
      expect((await readAnswer(house.ctx, clinic, id)).answered).toBe(false);
      expect((await answer(uri, await shown(uri, {}, {}, { enc }))).status).toBe(200);
      const { answer: got } = await readAnswer(house.ctx, clinic, id);
      expect(got).toMatchObject({
        shown: { c0: { type: AGE, issuer: ISSUER, claims: { age: 18, reached: true } } },
      });
      // once
      expect(
        ((await (await call(new URL(uri).searchParams.get('request_uri')!)).json()) as { code: string }).code,
      ).toBe('PRESENTATION_UNKNOWN');
      expect(await codeOf(readAnswer(house.ctx, regulator, id))).toBe('PRESENTATION_UNKNOWN');
    },
  );

  it('a wallet may say no', async () => {
    const { uri, id } = await openRequest(house.ctx, clinic, 'age-check', undefined);
    expect((await answer(uri, { state: id, error: 'access_denied' })).status).toBe(200);
    expect((await readAnswer(house.ctx, clinic, id)).answer).toEqual({ refused: 'access_denied' });
    const other = await openRequest(house.ctx, clinic, 'age-check', undefined);
    const no = { response: await seal(other.uri, { state: other.id, error: 'access_denied' }) };
    expect((await answer(other.uri, no)).status).toBe(200);
    expect((await readAnswer(house.ctx, clinic, other.id)).answer).toEqual({ refused: 'access_denied' });
  });

  it.each(['A128GCM', 'A256GCM'] as const)('what our wallet seals in %s, the library opens', async (enc) => {
    const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true });
    const { kty, crv, x, y } = await exportJWK(publicKey);
    const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, [
      'deriveBits',
    ]);
    const token = await encryptJwe('{"vp_token":{}}', {
      to: parseJwk({ kty, crv, x, y }),
      kid: 'k1',
      enc,
      ephemeral: await webCryptoAgreement(pair),
      iv: crypto.getRandomValues(new Uint8Array(12)),
    });
    const { plaintext, protectedHeader } = await compactDecrypt(token, privateKey);
    expect(new TextDecoder().decode(plaintext)).toBe('{"vp_token":{}}');
    expect(protectedHeader).toMatchObject({ alg: 'ECDH-ES', enc, kid: 'k1' });
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
    const much = await forged({ dcql_query: ask('name', 'licenceNumber') });
    const refusal = await readRequest(much, trust()).catch((error: unknown) => error as AppError);
    expect(refusal).toMatchObject({
      code: 'ASK_TOO_MUCH',
      params: { zh: '医师执业证', en: 'Physician licence' },
    });
    const all = { credentials: [{ id: 'a', format: 'dc+sd-jwt', meta: { vct_values: [AGE] } }] };
    expect(await read(await forged({ dcql_query: all }))).toBe('ASK_TOO_MUCH');
    expect(await read(await forged({ purpose: 'marketing' }))).toBe('ASK_PURPOSE');
    expect(await read(await forged({}, {}, party('thief')))).toBe('ASK_SIGNATURE');
    expect(await read(await forged({ client_id: 'verifier_attestation:other' }))).toBe('ASK_NOT_REGISTERED');
    expect(await read(await forged({}, { jwt: undefined }))).toBe('ASK_NOT_REGISTERED');
    expect(await read(await forged({}, { typ: 'JWT' }))).toBe('ASK_MALFORMED');
    expect(await read(await forged({ response_mode: 'fragment' }))).toBe('ASK_MALFORMED');
    expect(await read(await forged({ response_mode: 'direct_post' }))).toBe('ASK_MALFORMED');
    const [key] = (body as unknown as { client_metadata: { jwks: { keys: object[] } } }).client_metadata.jwks
      .keys;
    const sealing = async (change: object, encs?: string[]) =>
      read(
        await forged({
          client_metadata: {
            jwks: { keys: [{ ...key, ...change }] },
            ...(encs ? { encrypted_response_enc_values_supported: encs } : {}),
          },
        }),
      );
    expect(await sealing({})).toBe('none');
    expect(await sealing({}, ['A128CBC-HS256'])).toBe('ASK_MALFORMED');
    expect(await sealing({ alg: 'RSA-OAEP' })).toBe('ASK_MALFORMED');
    expect(await sealing({ use: 'sig' })).toBe('ASK_MALFORMED');
    expect(await sealing({ d: 'AA' })).toBe('ASK_MALFORMED');
    expect(await sealing({ x: 'A'.repeat(43) })).toBe('ASK_MALFORMED');
    expect(await read(await forged({ client_metadata: undefined }))).toBe('ASK_MALFORMED');
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
    const refused = async (change: Parameters<typeof shown>[1], more: object = {}) => {
      const { uri } = await openRequest(house.ctx, clinic, 'age-check', undefined);
      return codeFrom(await answer(uri, await shown(uri, change, more)));
    };
    expect(await refused({ audience: 'verifier_attestation:other' })).toBe('PRESENTATION_REFUSED');
    expect(await refused({ nonce: 'x'.repeat(20) })).toBe('PRESENTATION_REFUSED');
    expect(await refused({ names: [] })).toBe('PRESENTATION_REFUSED');
    expect(await refused({}, { state: 'x' })).toBe('OPENID_REQUEST');
    expect(await refused({}, { vp_token: {} })).toBe('OPENID_REQUEST');
    expect(await refused({}, { vp_token: '{"c0":["x"]}' })).toBe('OPENID_REQUEST');
    expect(await refused({}, { vp_token: { c9: ['x'] } })).toBe('OPENID_REQUEST');
    expect(await refused({}, { vp_token: { c0: ['x'] } })).toBe('PRESENTATION_REFUSED');
    const { uri } = await openRequest(house.ctx, clinic, 'age-check', undefined);
    const late = await shown(uri);
    house.now += HOUR;
    expect((await answer(uri, late)).status).toBe(404);
  });

  it('answers in the clear, sealed in another way, for another request, or changed', async () => {
    const { uri, id } = await openRequest(house.ctx, clinic, 'age-check', undefined);
    const other = await openRequest(house.ctx, clinic, 'age-check', undefined);
    const tried = async (form: Record<string, string>) => codeFrom(await answer(uri, form));
    const clear = await answer(uri, { state: id, vp_token: '{"c0":["x"]}' });
    expect(await clear.json()).toMatchObject({
      code: 'OPENID_REQUEST',
      error_description: expect.stringContaining('(response)'),
    });
    const said = { state: id, vp_token: { c0: ['x'] } };
    const sealed = async (header: object) => tried({ response: await seal(uri, said, header) });
    expect(await sealed({ enc: 'A128CBC-HS256' })).toBe('JWE_ALGORITHM');
    expect(await sealed({ alg: 'ECDH-ES+A128KW' })).toBe('JWE_ALGORITHM');
    expect(await sealed({ kid: 'other' })).toBe('JWE_KEY');
    expect(await tried({ response: await seal(other.uri, said) })).toBe('JWE_KEY');
    const own = await recipient(uri);
    expect(await tried({ response: await seal(other.uri, said, { kid: own.kid }) })).toBe('JWE_SEAL');
    const good = await seal(uri, said);
    const parts = good.split('.');
    const bent = parts.with(3, `${parts[3]!.startsWith('A') ? 'B' : 'A'}${parts[3]!.slice(1)}`).join('.');
    expect(await tried({ response: bent })).toBe('JWE_SEAL');
    expect(await tried({ response: parts.slice(0, 4).join('.') })).toBe('JWE_FORM');
    expect(await tried({ response: await seal(uri, [1]) })).toBe('OPENID_REQUEST');
    // nothing of it was taken
    expect((await readAnswer(house.ctx, clinic, id)).answered).toBe(false);
    expect(await tried({ response: good })).toBe('PRESENTATION_REFUSED');
  });

  it('is registered by the regulator only', async () => {
    expect(await codeOf(registerVerifier(house.ctx, clinic, clinic, [PURPOSE]))).toBe('NO_ISSUER');
    expect(await codeOf(registerVerifier(house.ctx, regulator, house.id(), [PURPOSE]))).toBe(
      'ORGANISATION_UNKNOWN',
    );
  });
});
