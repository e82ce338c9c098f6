/** Issuers, periods, withdrawn keys and status lists: who is believed, and since when no longer. */
import { describe, expect, it } from 'vitest';
import {
  BASE,
  bind,
  forge,
  ISSUED,
  ISSUER,
  issue,
  issuer,
  LIST,
  NOW,
  options,
  possession,
  statusList,
  stranger,
  TYPE,
  trust,
  YEAR,
} from './fixtures/maker.ts';
import { type PublicJwk, parseJwk, pointJwk, thumbprint } from './jwk.ts';
import { signJws } from './jws.ts';
import { REVOKED, StatusBits, SUSPENDED } from './status-list.ts';
import type { IssuerTrust } from './trust.ts';
import { type VerifyOptions, verifyCredential } from './verify-credential.ts';

const good = await issue();
const judge = async (how: Partial<VerifyOptions>, token = good) => {
  const { verdict, code } = await verifyCredential(token, options(how));
  return `${verdict} ${code}`;
};
const key = (period: object, jwk: PublicJwk = issuer.jwk): Partial<VerifyOptions> => ({
  issuers: [{ ...trust, keys: [{ jwk, ...period }] }],
});
const type = (...periods: object[]): Partial<VerifyOptions> => ({
  issuers: [{ ...trust, types: periods.map((p) => ({ vct: TYPE, from: 0, until: null, ...p })) }],
});

describe('issuers', () => {
  it('proves what an entitled issuer issued, and says by whom', async () => {
    const result = await verifyCredential(good, options());
    expect(result).toMatchObject({
      verdict: 'proven',
      code: 'CREDENTIAL_PROVEN',
      issuer: ISSUER,
      type: TYPE,
      issuerKey: issuer.keyId,
      issuerEntitledNow: true,
      possession: false,
      statusAt: null,
    });
    expect(result.message).toEqual({ zh: '凭证有效。', en: 'The certificate is valid.' });
    expect(result.claims?.name).toBe('林晓');
  });

  it('cannot judge an issuer nobody vouches for', async () => {
    expect(await judge({ issuers: [] })).toBe('cannot-judge ISSUER_UNKNOWN');
    expect(await judge({ issuers: [{ ...trust, id: `${ISSUER}/` }] })).toBe('cannot-judge ISSUER_UNKNOWN');
  });

  it('refuses a kind the issuer may not issue, and another kind than asked for', async () => {
    expect(await judge({ issuers: [{ ...trust, types: [] }] })).toBe('false ISSUER_NOT_FOR_TYPE');
    expect(await judge({ type: `${TYPE}/other` })).toBe('false CREDENTIAL_TYPE_OTHER');
  });

  it('asks whether the issuer may issue for this region', async () => {
    const scoped = (...scopes: string[]) => type(...scopes.map((scope) => ({ scope })));
    const of = (region?: unknown) => forge({ ...BASE, ...(region === undefined ? {} : { region }) });
    expect(await judge(scoped('CN'), await of('CN'))).toBe('proven CREDENTIAL_PROVEN');
    expect(await judge(scoped('CN'), await of('CN-31'))).toBe('proven CREDENTIAL_PROVEN');
    expect(await judge(scoped('SG', 'CN'), await of('CN'))).toBe('proven CREDENTIAL_PROVEN');
    expect(await judge(scoped('CN-31'), await of('CN-31'))).toBe('proven CREDENTIAL_PROVEN');
    for (const region of ['SG', 'CNX', undefined, ['CN'], ''])
      expect(await judge(scoped('CN'), await of(region))).toBe('false ISSUER_NOT_FOR_SCOPE');
    expect(await judge(scoped('CN-31'), await of('CN'))).toBe('false ISSUER_NOT_FOR_SCOPE');
    expect(await judge(type({ scope: 'CN', until: ISSUED }, { scope: 'SG' }), await of('CN'))).toBe(
      'false ISSUER_NOT_THEN',
    );
  });

  it('asks whether the issuer was entitled when it issued, to the second', async () => {
    expect(await judge(type({ from: ISSUED }))).toBe('proven CREDENTIAL_PROVEN');
    expect(await judge(type({ from: ISSUED + 1 }))).toBe('false ISSUER_NOT_THEN');
    expect(await judge(type({ until: ISSUED }))).toBe('false ISSUER_NOT_THEN');
    expect(await judge(type({ withdrawnAt: ISSUED }))).toBe('false ISSUER_NOT_THEN');
    expect(await judge(type({ until: ISSUED - 9 }, { from: ISSUED - 1 }))).toBe('proven CREDENTIAL_PROVEN');
  });

  it('keeps what was issued before the entitlement ended, and says that it ended', async () => {
    const how = type({ until: ISSUED + 1 });
    expect(await judge(how)).toBe('proven CREDENTIAL_PROVEN');
    expect(await verifyCredential(good, options(how))).toMatchObject({ issuerEntitledNow: false });
    expect(await judge({ ...how, issuerStillEntitled: true })).toBe('false ISSUER_NOT_NOW');
  });

  it('refuses a key that was not in use or was withdrawn at issuance', async () => {
    expect(await judge(key({ from: ISSUED + 1 }))).toBe('false ISSUER_KEY_NOT_THEN');
    expect(await judge(key({ until: ISSUED }))).toBe('false ISSUER_KEY_NOT_THEN');
    expect(await judge(key({ withdrawnAt: ISSUED }))).toBe('false ISSUER_KEY_WITHDRAWN');
    expect(await judge(key({ until: ISSUED + 1 }))).toBe('proven CREDENTIAL_PROVEN');
  });

  it('cannot judge by a key withdrawn since: the time of issuance is only its own word', async () => {
    const how = key({ withdrawnAt: ISSUED + 10 });
    expect(await judge(how)).toBe('cannot-judge ISSUER_KEY_WITHDRAWN_SINCE');
    expect(await judge({ ...how, existedAt: ISSUED + 9 })).toBe('proven CREDENTIAL_PROVEN');
    expect(await judge({ ...how, existedAt: ISSUED + 10 })).toBe('cannot-judge ISSUER_KEY_WITHDRAWN_SINCE');
    expect(await judge({ ...how, at: ISSUED + 9 })).toBe('proven CREDENTIAL_PROVEN');
  });

  it('finds the key by thumbprint, or by trying when the identifier is the issuer’s own', async () => {
    const both: IssuerTrust = { ...trust, keys: [{ jwk: stranger.jwk }, { jwk: issuer.jwk }] };
    expect(await judge({ issuers: [both] })).toBe('proven CREDENTIAL_PROVEN');
    expect(await judge({ issuers: [both] }, await issue({ keyId: 'key-1' }))).toBe(
      'proven CREDENTIAL_PROVEN',
    );
    expect(await judge(key({}, stranger.jwk))).toBe('false ISSUER_KEY_UNKNOWN');
    expect(await judge(key({}, stranger.jwk), await issue({ keyId: 'key-1' }))).toBe('false SDJWT_SIGNATURE');
    expect(await judge({ issuers: [both] }, await issue({ keyId: stranger.keyId }))).toBe(
      'false SDJWT_SIGNATURE',
    );
  });

  it('names which kinds of trouble are a "no" and which are "cannot tell", the "no" first', async () => {
    const expired = await forge({ ...BASE, exp: NOW, status: { status_list: { idx: 1, uri: LIST } } });
    expect(await judge({}, expired)).toBe('false CREDENTIAL_EXPIRED');
  });
});

describe('status', () => {
  const withStatus = (index = 5) => issue({ status: { uri: LIST, index } });
  const lists = (token: string) => ({ statusLists: { [LIST]: token } });

  it('reads valid, revoked and suspended', async () => {
    const token = await withStatus();
    const fresh = await verifyCredential(token, options(lists(await statusList())));
    expect(fresh).toMatchObject({ verdict: 'proven', statusAt: NOW - 3_600 });
    expect(await judge(lists(await statusList({ 5: REVOKED })), token)).toBe('false CREDENTIAL_REVOKED');
    expect(await judge(lists(await statusList({ 5: SUSPENDED })), token)).toBe('false CREDENTIAL_SUSPENDED');
    expect(await judge(lists(await statusList({ 4: REVOKED, 6: REVOKED })), token)).toBe(
      'proven CREDENTIAL_PROVEN',
    );
    expect(await judge(lists(await statusList({ 5: 3 })), token)).toBe('cannot-judge STATUS_VALUE');
  });

  it('cannot judge without a fresh list', async () => {
    const token = await withStatus();
    expect(await judge({}, token)).toBe('cannot-judge STATUS_MISSING');
    expect(await judge({ statusLists: Object.create({ [LIST]: await statusList() }) }, token)).toBe(
      'cannot-judge STATUS_MISSING',
    );
    const at = (issuedAt: number, ttl: number, expires: number) =>
      statusList({}, { issuedAt, ttl, expires }).then((list) => judge(lists(list), token));
    expect(await at(NOW - 100, 101, NOW + 9)).toBe('proven CREDENTIAL_PROVEN');
    expect(await at(NOW - 100, 100, NOW + 9)).toBe('cannot-judge STATUS_STALE');
    expect(await at(NOW - 100, 999, NOW)).toBe('cannot-judge STATUS_STALE');
    expect(await at(NOW + 61, 999, NOW + 999)).toBe('cannot-judge STATUS_NOT_YET');
  });

  it('refuses a list of another address, issuer, key or place', async () => {
    const token = await withStatus();
    const other = `${LIST}0`;
    expect(await judge(lists(await statusList({}, { uri: other })), token)).toBe('false STATUS_OTHER_LIST');
    expect(await judge(lists(await statusList({}, { issuer: 'https://x.example' })), token)).toBe(
      'false STATUS_ISSUER',
    );
    expect(await judge(lists(await statusList({}, {}, stranger.sign)), token)).toBe('false STATUS_SIGNATURE');
    expect(await judge(lists(await statusList()), await withStatus(1_024))).toBe('false STATUS_INDEX');
  });

  it('waits for a list that is not to be believed yet', async () => {
    const payload = { sub: LIST, iss: ISSUER, iat: NOW - 100, exp: NOW + 999, nbf: NOW + 61 };
    const bits = { bits: 1, lst: 'eNrbuRgAAhcBXQ' };
    const list = (more: object) =>
      signJws(
        { alg: 'ES256', typ: 'statuslist+jwt' },
        { ...payload, ...more, status_list: bits },
        issuer.sign,
      );
    expect(await judge(lists(await list({})), await withStatus(1))).toBe('cannot-judge STATUS_NOT_YET');
    expect(await judge(lists(await list({ nbf: NOW })), await withStatus(1))).toBe(
      'proven CREDENTIAL_PROVEN',
    );
    expect(await judge(lists(await list({ nbf: NOW })), await withStatus(0))).toBe(
      'false CREDENTIAL_REVOKED',
    );
  });

  it('reads the widths of one, four and eight bits too', async () => {
    for (const width of [1, 4, 8] as const) {
      const bits = StatusBits.empty(64, width);
      bits.set(5, 1);
      if (width > 1) bits.set(6, 2);
      if (width > 1) bits.set(7, 2 ** width - 1);
      const how = lists(await statusList({}, { bits }));
      expect(await judge(how, await withStatus(4))).toBe('proven CREDENTIAL_PROVEN');
      expect(await judge(how, await withStatus(5))).toBe('false CREDENTIAL_REVOKED');
      expect(await judge(how, await withStatus(64))).toBe('false STATUS_INDEX');
      if (width === 1) continue;
      expect(await judge(how, await withStatus(6))).toBe('false CREDENTIAL_SUSPENDED');
      expect(await judge(how, await withStatus(7))).toBe('cannot-judge STATUS_VALUE');
    }
  });

  it('believes no list signed by a key withdrawn since', async () => {
    const second = { jwk: stranger.jwk, withdrawnAt: NOW - 10 };
    const issuers = [{ ...trust, keys: [...trust.keys, second] }];
    const list = await statusList({}, { keyId: stranger.keyId }, stranger.sign);
    expect(await judge({ ...lists(list), issuers }, await withStatus())).toBe('false STATUS_SIGNATURE');
  });

  it('cannot judge a way of asking that it does not know', async () => {
    const token = await forge({ ...BASE, status: { 'https://example/other': { a: 1 } } });
    expect(await judge({}, token)).toBe('cannot-judge CREDENTIAL_STATUS_METHOD');
  });

  it('possession is judged before the status, so that a missing list hides no theft', async () => {
    const token = await withStatus();
    expect(await judge({ keyBinding: possession }, token)).toBe('false KB_MISSING');
    expect(await judge({ keyBinding: possession }, await bind(token))).toBe('cannot-judge STATUS_MISSING');
  });
});

describe('keys', () => {
  it('has the thumbprint of RFC 7638 over the required members only', () => {
    const jwk = { kty: 'EC', crv: 'P-256', x: issuer.jwk.x, y: issuer.jwk.y } as const;
    expect(thumbprint(parseJwk({ ...jwk, kid: 'a', use: 'sig', alg: 'ES256' }))).toEqual(thumbprint(jwk));
    expect(thumbprint(jwk)).toHaveLength(32);
  });

  it.each([
    ['nothing', undefined],
    ['a text', 'key'],
    ['another kind', { ...issuer.jwk, kty: 'OKP' }],
    ['another curve', { ...issuer.jwk, crv: 'P-521' }],
    ['a private key', { ...issuer.jwk, d: issuer.jwk.x }],
    ['a key for encryption', { ...issuer.jwk, use: 'enc' }],
    ['a key for another algorithm', { ...issuer.jwk, alg: 'ES384' }],
    ['x too short', { ...issuer.jwk, x: issuer.jwk.x.slice(1) }],
    ['x and y exchanged', { ...issuer.jwk, x: issuer.jwk.y, y: issuer.jwk.x }],
    ['the point at infinity', { ...issuer.jwk, x: 'A'.repeat(43), y: 'A'.repeat(43) }],
    ['stray bits at the end', { ...issuer.jwk, x: `${'A'.repeat(42)}B` }],
  ])('refuses %s', (_, value) => {
    expect(() => parseJwk(value)).toThrow('SDJWT_KEY');
  });

  it('refuses a point that is not written in full', () => {
    expect(() => pointJwk(new Uint8Array(33))).toThrow('SDJWT_KEY');
    expect(() => pointJwk(new Uint8Array(65))).toThrow('SDJWT_KEY');
  });
});

it('a certificate holds to its last second', async () => {
  expect(await judge({ at: ISSUED + YEAR - 1 })).toBe('proven CREDENTIAL_PROVEN');
  expect(await judge({ at: ISSUED + YEAR })).toBe('false CREDENTIAL_EXPIRED');
});
