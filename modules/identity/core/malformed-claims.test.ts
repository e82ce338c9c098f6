/** Headers and the claims of the format: each rule broken on its own and refused by name. */
import { describe, expect, it } from 'vitest';
import type { Case } from './fixtures/forgery.ts';
import {
  BASE,
  forge,
  holder,
  ISSUED,
  ISSUER,
  issuer,
  NOW,
  options,
  stranger,
  TYPE,
  YEAR,
} from './fixtures/maker.ts';
import { verifyCredential } from './verify-credential.ts';

const header: Case[] = [
  ['the type mark with its tree', 'SDJWT_TYPE', forge(BASE, [], { typ: 'application/dc+sd-jwt' })],
  ['the type mark with a parameter', 'SDJWT_TYPE', forge(BASE, [], { typ: 'dc+sd-jwt;charset=utf-8' })],
  ['the type mark with a space', 'SDJWT_TYPE', forge(BASE, [], { typ: ' dc+sd-jwt' })],
  ['the type mark of a proof of possession', 'SDJWT_TYPE', forge(BASE, [], { typ: 'kb+jwt' })],
  ['the type mark of a status list', 'SDJWT_TYPE', forge(BASE, [], { typ: 'statuslist+jwt' })],
  ['the type mark in a list', 'SDJWT_TYPE', forge(BASE, [], { typ: ['dc+sd-jwt'] })],
  ['alg in small letters', 'SDJWT_ALGORITHM', forge(BASE, [], { alg: 'es256' })],
  ['alg of another curve', 'SDJWT_ALGORITHM', forge(BASE, [], { alg: 'ES256K' })],
  ['alg of another family', 'SDJWT_ALGORITHM', forge(BASE, [], { alg: 'RS256' })],
  ['alg EdDSA', 'SDJWT_ALGORITHM', forge(BASE, [], { alg: 'EdDSA' })],
  ['alg None in another case', 'SDJWT_ALGORITHM', forge(BASE, [], { alg: 'nOnE' })],
  ['an empty list of critical extensions', 'SDJWT_CRITICAL', forge(BASE, [], { crit: [] })],
  ['a critical extension that is the type', 'SDJWT_CRITICAL', forge(BASE, [], { crit: ['typ'] })],
  ['an unencoded payload marked critical', 'SDJWT_CRITICAL', forge(BASE, [], { b64: false, crit: ['b64'] })],
  ['an encoded payload said to be so', 'SDJWT_CRITICAL', forge(BASE, [], { b64: true })],
  ['a key identifier that is null', 'SDJWT_KEY_ID', forge(BASE, [], { kid: null })],
  [
    'a chain of certificates of a stranger',
    'SDJWT_SIGNATURE',
    forge(BASE, [], { x5c: ['AA=='] }, stranger.sign),
  ],
  [
    'the key of another issuer that is trusted too',
    'ISSUER_KEY_UNKNOWN',
    forge(BASE, [], { kid: stranger.keyId }, stranger.sign),
    options({
      issuers: [
        { id: ISSUER, keys: [{ jwk: issuer.jwk }], types: [{ vct: TYPE, from: 0, until: null }] },
        {
          id: 'https://other.example',
          keys: [{ jwk: stranger.jwk }],
          types: [{ vct: TYPE, from: 0, until: null }],
        },
      ],
    }),
  ],
];

const claims: Case[] = [
  ['an end that is a list', 'CREDENTIAL_TIME', forge({ ...BASE, exp: [ISSUED + YEAR] })],
  ['an end with a fraction', 'CREDENTIAL_TIME', forge({ ...BASE, exp: ISSUED + YEAR + 0.5 })],
  ['an end that is true', 'CREDENTIAL_TIME', forge({ ...BASE, exp: true })],
  ['an end in milliseconds written as text', 'CREDENTIAL_TIME', forge({ ...BASE, exp: `${ISSUED}000` })],
  ['a beginning that is a text', 'CREDENTIAL_TIME', forge({ ...BASE, nbf: String(ISSUED) })],
  ['an issuance that is null', 'CREDENTIAL_TIME', forge({ ...BASE, iat: null })],
  ['an issuance before 1970', 'CREDENTIAL_TIME', forge({ ...BASE, iat: -1 })],
  [
    'an issuance in milliseconds',
    'ISSUER_NOT_THEN',
    forge({ ...BASE, iat: ISSUED * 1000, exp: undefined }),
    options({
      issuers: [
        { id: ISSUER, keys: [{ jwk: issuer.jwk }], types: [{ vct: TYPE, from: 0, until: NOW + YEAR }] },
      ],
    }),
  ],
  ['a subject that is a number', 'CREDENTIAL_FORM', forge({ ...BASE, sub: 7 })],
  ['an empty subject', 'CREDENTIAL_FORM', forge({ ...BASE, sub: '' })],
  ['an identifier that is an object', 'CREDENTIAL_FORM', forge({ ...BASE, jti: {} })],
  ['an audience that is a number', 'CREDENTIAL_FORM', forge({ ...BASE, aud: 1 })],
  ['an empty list of audiences', 'CREDENTIAL_FORM', forge({ ...BASE, aud: [] })],
  ['an audience that is not us', 'CREDENTIAL_AUDIENCE', forge({ ...BASE, aud: 'https://other.example' })],
  [
    'an integrity without algorithm',
    'CREDENTIAL_INTEGRITY',
    forge({ ...BASE, 'vct#integrity': 'A'.repeat(44) }),
  ],
  ['an integrity that is null', 'CREDENTIAL_INTEGRITY', forge({ ...BASE, 'vct#integrity': null })],
  [
    'an integrity by md5',
    'CREDENTIAL_INTEGRITY',
    forge({ ...BASE, 'vct#integrity': 'md5-1B2M2Y8AsgTpgAmY7PhCfg==' }),
  ],
  [
    'an integrity of another length',
    'CREDENTIAL_INTEGRITY',
    forge({ ...BASE, 'vct#integrity': 'sha256-AAAA' }),
  ],
  [
    'an integrity in base64url',
    'CREDENTIAL_INTEGRITY',
    forge({ ...BASE, 'vct#integrity': `sha256-${'_'.repeat(43)}=` }),
  ],
  ['a holder that is null', 'CREDENTIAL_HOLDER', forge({ ...BASE, cnf: null })],
  ['a holder that is empty', 'CREDENTIAL_HOLDER', forge({ ...BASE, cnf: {} })],
  ['a holder that is a list', 'CREDENTIAL_HOLDER', forge({ ...BASE, cnf: [{ jwk: holder.jwk }] })],
  ['a holder whose key is a text', 'CREDENTIAL_HOLDER', forge({ ...BASE, cnf: { jwk: 'key' } })],
  [
    'a holder with two keys',
    'CREDENTIAL_HOLDER',
    forge({ ...BASE, cnf: { jwk: holder.jwk, jku: 'https://x.example' } }),
  ],
  [
    'a holder with the thumbprint of another key',
    'CREDENTIAL_HOLDER',
    forge({ ...BASE, cnf: { jwk: holder.jwk, jkt: stranger.keyId } }),
  ],
  ['a holder whose thumbprint is a number', 'CREDENTIAL_HOLDER', forge({ ...BASE, cnf: { jkt: 7 } })],
  [
    'a holder with a symmetric key',
    'CREDENTIAL_HOLDER',
    forge({ ...BASE, cnf: { jwk: { kty: 'oct', k: 'AA' } } }),
  ],
  [
    'a holder at infinity',
    'CREDENTIAL_HOLDER',
    forge({ ...BASE, cnf: { jwk: { ...holder.jwk, x: 'A'.repeat(43), y: 'A'.repeat(43) } } }),
  ],
  [
    'a status at a place with a fraction',
    'CREDENTIAL_STATUS',
    reference({ idx: 0.5, uri: 'https://r.example/1' }),
  ],
  [
    'a status at a place beyond 2^53',
    'SDJWT_NUMBER',
    reference({ idx: 2 ** 53, uri: 'https://r.example/1' }),
  ],
  ['a status at no place', 'CREDENTIAL_STATUS', reference({ uri: 'https://r.example/1' })],
  [
    'a status at a place that is null',
    'CREDENTIAL_STATUS',
    reference({ idx: null, uri: 'https://r.example/1' }),
  ],
  ['a status at an address without scheme', 'CREDENTIAL_STATUS', reference({ idx: 1, uri: '//r.example/1' })],
  [
    'a status at an address with a space',
    'CREDENTIAL_STATUS',
    reference({ idx: 1, uri: 'https://r.example/1 ' }),
  ],
  ['a status at an address that is an object', 'CREDENTIAL_STATUS', reference({ idx: 1, uri: {} })],
  ['a status that is a list', 'CREDENTIAL_STATUS', forge({ ...BASE, status: [] })],
  ['a status list that is null', 'CREDENTIAL_STATUS', forge({ ...BASE, status: { status_list: null } })],
  ['a status that is null', 'CREDENTIAL_STATUS', forge({ ...BASE, status: null })],
  ['a type that is a number', 'CREDENTIAL_TYPE_MISSING', forge({ ...BASE, vct: 1 })],
];

function reference(list: object): Promise<string> {
  return forge({ ...BASE, status: { status_list: list } });
}

describe.each([
  ['header', header],
  ['claims', claims],
] as const)('refuses: %s', (_, cases) => {
  it.for(cases)('%s → %s', async ([, code, token, how]) => {
    expect(await verifyCredential(await token, how ?? options())).toMatchObject({
      verdict: 'false',
      code,
      claims: null,
    });
  });
});
