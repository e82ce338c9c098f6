/** Malformed and forged tokens, each refused under its own name. The corpus is the promise: nothing here may pass. */
import { toBase64Url, utf8 } from '@zhenmei/kernel';
import { describe, expect, it } from 'vitest';
import {
  BASE,
  bind,
  digest,
  disclosure,
  forge,
  forgeText,
  holder,
  ISSUED,
  issue,
  issuer,
  NOW,
  options,
  possession,
  stranger,
  YEAR,
} from './fixtures/maker.ts';
import { verifyCredential } from './verify-credential.ts';

const good = await issue();
const parts = good.split('~');
const [head, body, signature] = parts[0]!.split('.') as [string, string, string];
const bare = `${parts[0]}~`;
const one = disclosure('c2FsdA', 'name', 'Lin');
const two = disclosure('c2FsdB', 'city', 'Shanghai');
const element = disclosure('c2FsdC', 'dermatology');
const withOne = { ...BASE, _sd: [digest(one)] };
const nest = (levels: number): object => (levels === 0 ? {} : { a: nest(levels - 1) });
const text = (json: string) => toBase64Url(utf8(json));
const base = JSON.stringify(BASE).slice(1, -1);

type Case = readonly [what: string, code: string, token: string | Promise<string>];

const form: Case[] = [
  ['nothing', 'SDJWT_NO_TILDE', ''],
  ['one newline at the end', 'KB_FORMAT', `${good}\n`],
  ['a space in front', 'SDJWT_HEADER_ENCODING', ` ${good}`],
  ['a byte order mark in front', 'SDJWT_HEADER_ENCODING', `\ufeff${good}`],
  ['a plain JWT', 'SDJWT_NO_TILDE', parts[0]!],
  ['only tildes', 'SDJWT_PARTS', '~~'],
  ['65,537 characters', 'SDJWT_TOO_LARGE', 'a'.repeat(65_537)],
  ['201 disclosures', 'SDJWT_TOO_MANY_DISCLOSURES', `${parts[0]}~${'x~'.repeat(201)}`],
  ['two parts', 'SDJWT_PARTS', `${head}.${body}~`],
  ['four parts', 'SDJWT_PARTS', `${parts[0]}.~`],
  ['header with padding', 'SDJWT_HEADER_ENCODING', `${head}=.${body}.${signature}~`],
  ['header in standard base64', 'SDJWT_HEADER_ENCODING', `+${head}.${body}.${signature}~`],
  ['header not JSON', 'SDJWT_HEADER_MALFORMED', `${text('{alg:1}')}.${body}.${signature}~`],
  ['header a list', 'SDJWT_HEADER_MALFORMED', `${text('["ES256"]')}.${body}.${signature}~`],
  [
    'header not UTF-8',
    'SDJWT_HEADER_TEXT',
    `${toBase64Url(Uint8Array.of(0x22, 0xff, 0x22))}.${body}.${signature}~`,
  ],
  [
    'header with alg twice',
    'SDJWT_HEADER_TWICE',
    forgeText(`{${base}}`, '{"alg":"ES256","typ":"dc+sd-jwt","alg":"ES256"}'),
  ],
  ['payload a text', 'SDJWT_PAYLOAD_MALFORMED', forgeText('"hello"')],
  ['payload null', 'SDJWT_PAYLOAD_MALFORMED', forgeText('null')],
  ['payload with iss twice', 'SDJWT_PAYLOAD_TWICE', forgeText(`{${base},"iss":"https://other.example"}`)],
  ['payload with text after it', 'SDJWT_PAYLOAD_MALFORMED', forgeText(`{${base}}{}`)],
  ['payload nested nine levels', 'SDJWT_TOO_DEEP', forge({ ...BASE, deep: nest(9) })],
  ['signature with padding', 'SDJWT_SIGNATURE_ENCODING', `${parts[0]}==~`],
  [
    'signature with stray bits at the end',
    'SDJWT_SIGNATURE_ENCODING',
    `${parts[0]!.slice(0, -1)}${next(parts[0]!.at(-1)!)}~`,
  ],
  ['no signature', 'SDJWT_SIGNATURE', `${head}.${body}.~`],
  ['signature one byte short', 'SDJWT_SIGNATURE', `${head}.${body}.${toBase64Url(new Uint8Array(63))}~`],
  ['signature of zeros', 'SDJWT_SIGNATURE', `${head}.${body}.${toBase64Url(new Uint8Array(64))}~`],
  ['signed by somebody else', 'SDJWT_SIGNATURE', issue({}, stranger.sign)],
  [
    'signed by somebody else under their own key',
    'ISSUER_KEY_UNKNOWN',
    issue({ keyId: stranger.keyId }, stranger.sign),
  ],
];

const header: Case[] = [
  ['no type mark', 'SDJWT_TYPE', forge(BASE, [], { typ: undefined })],
  ['another type mark', 'SDJWT_TYPE', forge(BASE, [], { typ: 'vc+sd-jwt' })],
  ['the type mark of a plain JWT', 'SDJWT_TYPE', forge(BASE, [], { typ: 'JWT' })],
  ['the type mark in capitals', 'SDJWT_TYPE', forge(BASE, [], { typ: 'DC+SD-JWT' })],
  ['alg none', 'SDJWT_ALGORITHM', forge(BASE, [], { alg: 'none' })],
  ['alg HS256', 'SDJWT_ALGORITHM', forge(BASE, [], { alg: 'HS256' })],
  ['alg ES384', 'SDJWT_ALGORITHM', forge(BASE, [], { alg: 'ES384' })],
  ['alg a list', 'SDJWT_ALGORITHM', forge(BASE, [], { alg: ['ES256'] })],
  ['no alg', 'SDJWT_ALGORITHM', forge(BASE, [], { alg: undefined })],
  ['critical extensions', 'SDJWT_CRITICAL', forge(BASE, [], { crit: ['x'], x: 1 })],
  ['an unencoded payload', 'SDJWT_CRITICAL', forge(BASE, [], { b64: false })],
  ['its own key', 'SDJWT_SIGNATURE', forge(BASE, [], { jwk: stranger.jwk }, stranger.sign)],
  ['an address of its key', 'SDJWT_HEADER_KEY', forge(BASE, [], { jku: 'https://evil.example' })],
  ['an address of a certificate', 'SDJWT_HEADER_KEY', forge(BASE, [], { x5u: 'https://evil.example' })],
  ['a key identifier that is a number', 'SDJWT_KEY_ID', forge(BASE, [], { kid: 7 })],
];

const disclosures: Case[] = [
  ['digests by md5', 'SDJWT_HASH_ALGORITHM', forge({ ...BASE, _sd_alg: 'md5' })],
  ['digests by SHA-512', 'SDJWT_HASH_ALGORITHM', forge({ ...BASE, _sd_alg: 'sha-512' })],
  ['a digest algorithm that is null', 'SDJWT_HASH_ALGORITHM', forge({ ...BASE, _sd_alg: null })],
  [
    'a digest algorithm further inside',
    'SDJWT_CLAIM_RESERVED',
    forge({ ...BASE, a: { _sd_alg: 'sha-256' } }),
  ],
  ['_sd an object', 'SDJWT_DIGEST_LIST', forge({ ...BASE, _sd: {} })],
  ['_sd null', 'SDJWT_DIGEST_LIST', forge({ ...BASE, _sd: null })],
  ['a digest that is a number', 'SDJWT_DIGEST_FORM', forge({ ...BASE, _sd: [1] })],
  ['a digest too short', 'SDJWT_DIGEST_FORM', forge({ ...BASE, _sd: ['abc'] })],
  ['a digest with padding', 'SDJWT_DIGEST_FORM', forge({ ...BASE, _sd: [`${digest(one)}=`] }, [one])],
  [
    'a digest twice in one place',
    'SDJWT_DIGEST_TWICE',
    forge({ ...BASE, _sd: [digest(one), digest(one)] }, [one]),
  ],
  [
    'a digest twice in two places',
    'SDJWT_DIGEST_TWICE',
    forge({ ...withOne, a: { _sd: [digest(one)] } }, [one]),
  ],
  [
    'a digest twice, not disclosed',
    'SDJWT_DIGEST_TWICE',
    forge({ ...BASE, _sd: [digest(one), digest(one)] }),
  ],
  [
    'a list digest beside something',
    'SDJWT_ARRAY_DIGEST',
    forge({ ...BASE, a: [{ '...': digest(element), b: 1 }] }, [element]),
  ],
  [
    'a list digest outside a list',
    'SDJWT_CLAIM_RESERVED',
    forge({ ...BASE, a: { '...': digest(element) } }, [element]),
  ],
  ['a list digest that is no text', 'SDJWT_DIGEST_FORM', forge({ ...BASE, a: [{ '...': 1 }] })],
  ['an empty disclosure', 'SDJWT_DISCLOSURE_EMPTY', forge(BASE, [''])],
  ['a disclosure that is not base64url', 'SDJWT_DISCLOSURE_ENCODING', forge(BASE, ['!!'])],
  ['a disclosure that is not JSON', 'SDJWT_DISCLOSURE_MALFORMED', forge(BASE, [text('[1,')])],
  [
    'a disclosure that is not UTF-8',
    'SDJWT_DISCLOSURE_TEXT',
    forge(BASE, [toBase64Url(Uint8Array.of(0xc3, 0x28))]),
  ],
  ['a disclosure that is an object', 'SDJWT_DISCLOSURE_SHAPE', forge(BASE, [text('{}')])],
  ['a disclosure of one part', 'SDJWT_DISCLOSURE_SHAPE', forge(BASE, [disclosure('salt')])],
  ['a disclosure of four parts', 'SDJWT_DISCLOSURE_SHAPE', forge(BASE, [disclosure('salt', 'a', 1, 2)])],
  ['a disclosure without salt', 'SDJWT_DISCLOSURE_SALT', forge(BASE, [disclosure('', 'a', 1)])],
  ['a disclosure whose salt is a number', 'SDJWT_DISCLOSURE_SALT', forge(BASE, [disclosure(7, 'a', 1)])],
  ['a disclosure whose name is a number', 'SDJWT_DISCLOSURE_NAME', forge(BASE, [disclosure('salt', 7, 1)])],
  [
    'a disclosure nested nine levels',
    'SDJWT_TOO_DEEP',
    forge(BASE, [disclosure('salt', 'a', nest(9) as never)]),
  ],
  ['a disclosure twice', 'SDJWT_DISCLOSURE_TWICE', forge(withOne, [one, one])],
  ['a disclosure that nothing refers to', 'SDJWT_DISCLOSURE_UNUSED', forge(withOne, [one, two])],
  ['a tampered disclosure', 'SDJWT_DISCLOSURE_UNUSED', forge(withOne, [disclosure('c2FsdA', 'name', 'Li')])],
  ['disclosures of another certificate', 'SDJWT_DISCLOSURE_UNUSED', `${bare}${one}~`],
  [
    'an element disclosed as a member',
    'SDJWT_DISCLOSURE_PLACE',
    forge({ ...BASE, _sd: [digest(element)] }, [element]),
  ],
  [
    'a member disclosed as an element',
    'SDJWT_DISCLOSURE_PLACE',
    forge({ ...BASE, a: [{ '...': digest(one) }] }, [one]),
  ],
  ['a disclosure over an open claim', 'SDJWT_CLAIM_COLLISION', forge({ ...withOne, name: 'Wang' }, [one])],
  ['two disclosures of one name', 'SDJWT_CLAIM_COLLISION', collide()],
  ...['_sd', '...', '_sd_alg', '__proto__'].map(
    (name): Case => [`a disclosure named ${name}`, 'SDJWT_CLAIM_RESERVED', named(name)],
  ),
  ...['iss', 'vct', 'exp', 'nbf', 'cnf', 'status', 'aud', 'vct#integrity'].map(
    (name): Case => [`${name} selectively disclosed`, 'SDJWT_CLAIM_NOT_SELECTIVE', named(name, [name])],
  ),
  [
    'something hidden inside cnf',
    'SDJWT_CLAIM_NOT_SELECTIVE',
    forge({ ...BASE, cnf: { ...BASE.cnf, _sd: [digest(one)] } }, [one]),
  ],
  [
    'something hidden inside status',
    'SDJWT_CLAIM_NOT_SELECTIVE',
    forge({ ...BASE, status: { status_list: { _sd: [] } } }),
  ],
  ['a claim named __proto__', 'SDJWT_CLAIM_RESERVED', forgeText(`{${base},"__proto__":{"a":1}}`)],
  ['a number too large to be one', 'SDJWT_NUMBER', forgeText(`{${base},"a":1e400}`)],
  ['half a character', 'SDJWT_VALUE', forgeText(`{${base},"a":"\\ud800"}`)],
];

const claims: Case[] = [
  ['no kind', 'CREDENTIAL_TYPE_MISSING', forge({ ...BASE, vct: undefined })],
  ['an empty kind', 'CREDENTIAL_TYPE_MISSING', forge({ ...BASE, vct: '' })],
  ['a kind that is a list', 'CREDENTIAL_TYPE_MISSING', forge({ ...BASE, vct: [BASE.vct] })],
  ['no issuer', 'CREDENTIAL_ISSUER_MISSING', forge({ ...BASE, iss: undefined })],
  ['an issuer that is an object', 'CREDENTIAL_ISSUER_MISSING', forge({ ...BASE, iss: { id: BASE.iss } })],
  [
    'a kind its issuer may not issue',
    'ISSUER_NOT_FOR_TYPE',
    forge({ ...BASE, vct: 'https://regulator.example/types/other' }),
  ],
  ['no time of issuance', 'CREDENTIAL_TIME', forge({ ...BASE, iat: undefined })],
  ['a time of issuance that is a text', 'CREDENTIAL_TIME', forge({ ...BASE, iat: String(ISSUED) })],
  ['a time of issuance with a fraction', 'CREDENTIAL_TIME', forge({ ...BASE, iat: ISSUED + 0.5 })],
  ['an end that is a text', 'CREDENTIAL_TIME', forge({ ...BASE, exp: '2099-01-01' })],
  ['an end before 1970', 'CREDENTIAL_TIME', forge({ ...BASE, exp: -1 })],
  ['a beginning that is null', 'CREDENTIAL_TIME', forge({ ...BASE, nbf: null })],
  ['an end before its beginning', 'CREDENTIAL_PERIOD', forge({ ...BASE, nbf: ISSUED + 2 * YEAR })],
  ['an end at its issuance', 'CREDENTIAL_PERIOD', forge({ ...BASE, exp: ISSUED })],
  ['a beginning in the future', 'CREDENTIAL_NOT_YET', forge({ ...BASE, nbf: NOW + 61 })],
  ['an issuance in the future', 'CREDENTIAL_NOT_YET', forge({ ...BASE, iat: NOW + 61 })],
  ['an end that has come', 'CREDENTIAL_EXPIRED', forge({ ...BASE, exp: NOW })],
  [
    'an issuance before the issuer was entitled',
    'ISSUER_NOT_THEN',
    forge({ ...BASE, iat: ISSUED - YEAR - 1 }),
  ],
  ['a holder that is a text', 'CREDENTIAL_HOLDER', forge({ ...BASE, cnf: 'key' })],
  [
    'a holder off the curve',
    'CREDENTIAL_HOLDER',
    forge({ ...BASE, cnf: { jwk: { ...holder.jwk, y: holder.jwk.x } } }),
  ],
  [
    'a holder with a private key',
    'CREDENTIAL_HOLDER',
    forge({ ...BASE, cnf: { jwk: { ...holder.jwk, d: holder.jwk.x } } }),
  ],
  [
    'a holder on another curve',
    'CREDENTIAL_HOLDER',
    forge({ ...BASE, cnf: { jwk: { ...holder.jwk, crv: 'P-384' } } }),
  ],
  [
    'a holder key meant for encryption',
    'CREDENTIAL_HOLDER',
    forge({ ...BASE, cnf: { jwk: { ...holder.jwk, use: 'enc' } } }),
  ],
  ['a status that is a text', 'CREDENTIAL_STATUS', forge({ ...BASE, status: 'valid' })],
  ['an empty status', 'CREDENTIAL_STATUS', forge({ ...BASE, status: {} })],
  ['a status without address', 'CREDENTIAL_STATUS', forge({ ...BASE, status: { status_list: { idx: 1 } } })],
  [
    'a status at a negative place',
    'CREDENTIAL_STATUS',
    forge({ ...BASE, status: { status_list: { idx: -1, uri: 'u' } } }),
  ],
  [
    'a status at a place that is a text',
    'CREDENTIAL_STATUS',
    forge({ ...BASE, status: { status_list: { idx: '1', uri: 'u' } } }),
  ],
];

const bound: Case[] = [
  ['no proof', 'KB_MISSING', good],
  ['a proof that is not a JWS', 'KB_FORMAT', `${good}proof`],
  [
    'a proof with a header twice keyed',
    'KB_TWICE',
    `${good}${text('{"alg":"ES256","alg":"ES256"}')}.${text('{}')}.AA`,
  ],
  ['a proof without type mark', 'KB_TYPE', bind(good, {}, { typ: undefined })],
  ['a proof with the mark of a certificate', 'KB_TYPE', bind(good, {}, { typ: 'dc+sd-jwt' })],
  ['a proof with alg none', 'KB_ALGORITHM', bind(good, {}, { alg: 'none' })],
  ['a proof with critical extensions', 'KB_CRITICAL', bind(good, {}, { crit: [] })],
  ['a proof without audience', 'KB_CLAIM', bind(good, { aud: undefined })],
  ['a proof for a list of audiences', 'KB_CLAIM', bind(good, { aud: ['zhenmei:visit'] })],
  ['a proof without nonce', 'KB_CLAIM', bind(good, { nonce: undefined })],
  ['a proof without hash', 'KB_CLAIM', bind(good, { sd_hash: undefined })],
  ['a proof without time', 'KB_CLAIM', bind(good, { iat: undefined })],
  ['a proof whose time is a text', 'KB_CLAIM', bind(good, { iat: String(NOW) })],
  ['a proof by the issuer', 'KB_SIGNATURE', bind(good, {}, {}, issuer.sign)],
  ['a proof by a stranger', 'KB_SIGNATURE', bind(good, {}, {}, stranger.sign)],
  ['a proof for somebody else', 'KB_AUDIENCE', bind(good, { aud: 'https://other.example' })],
  ['a proof for another occasion', 'KB_NONCE', bind(good, { nonce: 'another' })],
  ['a proof of 1970', 'KB_TIME', bind(good, { iat: 0 })],
  ['a proof 301 seconds old', 'KB_TIME', bind(good, { iat: NOW - 301 })],
  ['a proof from the future', 'KB_TIME', bind(good, { iat: NOW + 301 })],
  ['a proof over more than is shown', 'KB_HASH', moved()],
  [
    'a proof for a certificate without holder',
    'KB_HOLDER_KEY',
    issue({ holder: undefined as never }).then((t) => bind(t)),
  ],
];

/** The next character of base64url: the same byte with other stray bits. */
function next(c: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return alphabet[(alphabet.indexOf(c) + 1) % 64]!;
}

function collide(): Promise<string> {
  const again = disclosure('c2FsdD', 'name', 'Li');
  return forge({ ...BASE, _sd: [digest(one), digest(again)] }, [one, again]);
}

function named(name: string, without: readonly string[] = []): Promise<string> {
  const hidden = disclosure('c2FsdE', name, 1);
  const rest = Object.fromEntries(Object.entries(BASE).filter(([key]) => !without.includes(key)));
  return forge({ ...rest, _sd: [digest(hidden)] }, [hidden]);
}

async function moved(): Promise<string> {
  const whole = await bind(good);
  return whole.replace(`~${parts[1]}~`, '~');
}

describe.each([
  ['form', form, options()],
  ['header', header, options()],
  ['disclosures', disclosures, options()],
  ['claims', claims, options()],
  ['possession', bound, options({ keyBinding: possession })],
] as const)('refuses: %s', (_, cases, how) => {
  it.each(cases)('%s → %s', async (_what, code, token) => {
    expect(await verifyCredential(await token, how)).toMatchObject({ verdict: 'false', code, claims: null });
  });
});

describe('the corpus', () => {
  const all = [...form, ...header, ...disclosures, ...claims, ...bound];

  it('holds at least 130 inputs under 54 codes', () => {
    expect(all.length).toBeGreaterThanOrEqual(130);
    expect(new Set(all.map(([, code]) => code)).size).toBeGreaterThanOrEqual(54);
  });

  it('does not refuse what it starts from', async () => {
    expect(await verifyCredential(good, options())).toMatchObject({ verdict: 'proven' });
    expect(await verifyCredential(bare, options())).toMatchObject({ verdict: 'proven' });
    expect(await verifyCredential(await forge(withOne, [one]), options())).toMatchObject({
      verdict: 'proven',
    });
    expect(await verifyCredential(await bind(good), options({ keyBinding: possession }))).toMatchObject({
      verdict: 'proven',
      possession: true,
    });
  });

  it.each(bound.filter(([, code]) => !['KB_MISSING', 'KB_AUDIENCE', 'KB_NONCE', 'KB_TIME'].includes(code)))(
    'a proof that is there must hold even if nobody asked: %s → %s',
    async (_what, code, token) => {
      expect(await verifyCredential(await token, options())).toMatchObject({ verdict: 'false', code });
    },
  );
});
