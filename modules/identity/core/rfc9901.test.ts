import { describe, expect, it } from 'vitest';
import {
  APPENDIX_A2,
  APPENDIX_A3_SHOWN,
  HOLDER_KEY,
  ISSUER_KEY,
  SD_JWT_VC_SHOWN,
  SECTION_5,
  STATUS_LIST_TOKEN,
} from './fixtures/rfc9901.ts';
import { parseJwk } from './jwk.ts';
import { verifyJws } from './jws.ts';
import { readSdJwt } from './sd-jwt.ts';
import { readStatusList, statusListSigned, unpackStatusList } from './status-list.ts';
import { verifyCredential } from './verify-credential.ts';

const key = parseJwk(ISSUER_KEY);
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;
const ISSUER = 'https://pid-issuer.bund.de.example';
const TYPE = 'urn:eudi:pid:de:1';
const SHOWN_AT = 1_748_454_271;
const issuers = [{ id: ISSUER, keys: [{ jwk: key }], types: [{ vct: TYPE, from: 0, until: null }] }];
const judged = (token: string, keyBinding?: { audience: string; nonce: string }) =>
  verifyCredential(token, { at: SHOWN_AT, issuers, statusLists: {}, ...(keyBinding ? { keyBinding } : {}) });

describe('examples printed in RFC 9901', () => {
  it('§5.1: every claim and both elements of the list come back', async () => {
    const { jws, claims, disclosed } = readSdJwt(SECTION_5, 'example+sd-jwt');
    expect(await verifyJws(jws, key)).toBe(true);
    expect(plain(claims)).toEqual({
      iss: 'https://issuer.example.com',
      iat: 1683000000,
      exp: 1883000000,
      sub: 'user_42',
      nationalities: ['US', 'DE'],
      cnf: { jwk: HOLDER_KEY },
      given_name: 'John',
      family_name: 'Doe',
      email: 'johndoe@example.com',
      phone_number: '+1-202-555-0101',
      phone_number_verified: true,
      address: { street_address: '123 Main St', locality: 'Anytown', region: 'Anystate', country: 'US' },
      birthdate: '1940-01-01',
      updated_at: 1570000000,
    });
    expect(disclosed).toHaveLength(8);
  });

  it('§5.1 without disclosures: nothing hidden is left, the list is empty', () => {
    const bare = `${SECTION_5.split('~')[0]}~`;
    const { claims } = readSdJwt(bare, 'example+sd-jwt');
    expect(Object.keys(claims).sort()).toEqual(['cnf', 'exp', 'iat', 'iss', 'nationalities', 'sub']);
    expect(claims.nationalities).toEqual([]);
  });

  it('A.2: a hidden claim inside a hidden element inside an open claim', async () => {
    const { jws, claims, disclosures } = readSdJwt(APPENDIX_A2, 'example+sd-jwt');
    expect(await verifyJws(jws, key)).toBe(true);
    expect(plain(claims.verified_claims)).toEqual({
      verification: {
        trust_framework: 'de_aml',
        time: '2012-04-23T18:25Z',
        evidence: [{ method: 'pipp' }],
      },
      claims: {
        given_name: 'Max',
        family_name: 'Müller',
        address: {
          locality: 'Maxstadt',
          postal_code: '12344',
          country: 'DE',
          street_address: 'Weidenstraße 22',
        },
      },
    });
    const method = disclosures.find(({ name }) => name === 'method');
    expect(method?.path).toBe('/verified_claims/verification/evidence/0/method');
    expect(method?.parent?.path).toBe('/verified_claims/verification/evidence/0');
  });

  it('A.2: a child without its parent is refused', () => {
    const parts = APPENDIX_A2.split('~');
    const orphan = parts.filter((_, i) => i !== 2).join('~');
    expect(() => readSdJwt(orphan, 'example+sd-jwt')).toThrow('SDJWT_DISCLOSURE_UNUSED');
  });

  it('A.3: the SD-JWT VC shown with possession is proven', async () => {
    const result = await judged(APPENDIX_A3_SHOWN, {
      audience: 'https://verifier.example.org',
      nonce: '1234567890',
    });
    expect(result).toMatchObject({ verdict: 'proven', code: 'CREDENTIAL_PROVEN', possession: true });
    expect(plain(result.claims)).toMatchObject({ nationalities: ['DE'], age_equal_or_over: { '18': true } });
    expect(result.holder).toEqual(HOLDER_KEY);
  });

  it('A.3: for another audience or occasion it is false', async () => {
    const audience = 'https://verifier.example.org';
    expect(
      await judged(APPENDIX_A3_SHOWN, { audience: 'https://else.example', nonce: '1234567890' }),
    ).toMatchObject({
      verdict: 'false',
      code: 'KB_AUDIENCE',
    });
    expect(await judged(APPENDIX_A3_SHOWN, { audience, nonce: '1234567891' })).toMatchObject({
      verdict: 'false',
      code: 'KB_NONCE',
    });
  });

  it('§5.1 is no SD-JWT VC', async () => {
    expect(await judged(SECTION_5)).toMatchObject({ verdict: 'false', code: 'SDJWT_TYPE' });
  });
});

describe('examples printed in SD-JWT VC and Token Status List', () => {
  const at = 1_783_345_758;
  const vct = 'https://credentials.example.com/identity_credential';
  const how = {
    at,
    issuers: [
      { id: 'https://example.com/issuer', keys: [{ jwk: key }], types: [{ vct, from: 0, until: null }] },
    ],
    statusLists: {},
    keyBinding: { audience: 'https://example.com/verifier', nonce: '1234567890', window: 60 },
  };

  it('SD-JWT VC §2.3.2: two claims shown with possession are proven', async () => {
    const result = await verifyCredential(SD_JWT_VC_SHOWN, how);
    expect(result).toMatchObject({ verdict: 'proven', type: vct, possession: true });
    expect(plain(result.claims)).toMatchObject({ is_over_65: true, address: { locality: 'Anytown' } });
    expect(readSdJwt(SD_JWT_VC_SHOWN).disclosures.map(({ path }) => path)).toEqual([
      '/is_over_65',
      '/address',
    ]);
  });

  it('and refused a minute and a second later, or with one claim less', async () => {
    expect(await verifyCredential(SD_JWT_VC_SHOWN, { ...how, at: at + 61 })).toMatchObject({
      code: 'KB_TIME',
    });
    const parts = SD_JWT_VC_SHOWN.split('~');
    const less = [parts[0], parts[2], parts[3]].join('~');
    expect(await verifyCredential(less, how)).toMatchObject({ code: 'KB_HASH' });
  });

  it('Token Status List §5.1: the list is read as it is printed', async () => {
    const list = readStatusList(STATUS_LIST_TOKEN);
    expect(list).toMatchObject({
      uri: 'https://example.com/statuslists/1',
      issuer: 'https://example.com',
      issuedAt: 1_686_920_170,
      freshUntil: 1_686_920_170 + 43_200,
      width: 1,
    });
    expect((await unpackStatusList(list)).get(3)).toBe(1);
    expect(await statusListSigned(list, key)).toBe(false);
  });
});
