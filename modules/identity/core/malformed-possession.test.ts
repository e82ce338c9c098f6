/** Proofs of possession, each broken in one way; and next to all refusals what is legal and stays so. */
import { p256 } from '@noble/curves/nist.js';
import { fromBase64Url, toBase64Url } from '@zhenmei/kernel';
import { describe, expect, it } from 'vitest';
import {
  array,
  boxed,
  type Case,
  element,
  good,
  hidden,
  inner,
  ladder,
  listed,
  one,
  outer,
  parts,
  raw,
  swap,
  text,
} from './fixtures/forgery.ts';
import {
  AUDIENCE,
  BASE,
  bind,
  digest,
  disclosure,
  forge,
  holder,
  ISSUED,
  ISSUER,
  issue,
  issuer,
  NOW,
  options,
  possession,
  stranger,
  TYPE,
} from './fixtures/maker.ts';
import { issueSdJwt } from './issue.ts';
import { signJws } from './jws.ts';
import { presentSdJwt } from './sd-jwt.ts';
import { type VerifyOptions, verifyCredential } from './verify-credential.ts';

const asked = options({ keyBinding: possession });

const bound: Case[] = [
  ['two proofs', 'SDJWT_DISCLOSURE_ENCODING', twice()],
  ['a proof followed by a tilde', 'SDJWT_DISCLOSURE_ENCODING', bind(good).then((t) => `${t}~`)],
  [
    'a proof before the disclosures',
    'SDJWT_DISCLOSURE_ENCODING',
    bind(good).then((t) => `${parts[0]}~${t.split('~').at(-1)}~${parts.slice(1).join('~')}`),
  ],
  ['a disclosure in place of the proof', 'KB_FORMAT', `${parts[0]}~${parts[1]}`],
  [
    'a proof with padding',
    'KB_ENCODING',
    bind(good).then((t) => t.replace(/\.([^.]+)\.([^.]+)$/, '.$1=.$2')),
  ],
  ['a proof that is not UTF-8', 'KB_TEXT', `${good}${text('{}')}.${toBase64Url(Uint8Array.of(0xff))}.AA`],
  ['a proof that is not JSON', 'KB_MALFORMED', `${good}${text('{}')}.${text('{')}.AA`],
  ['a proof with text in place of its header', 'KB_MALFORMED', `${good}${text('"x"')}.${text('{}')}.AA`],
  ['a proof nested too deeply', 'KB_TOO_DEEP', `${good}${text('{}')}.${text('['.repeat(99))}.AA`],
  [
    'a proof with stray bits in its signature',
    'KB_SIGNATURE_ENCODING',
    `${good}${text('{"alg":"ES256","typ":"kb+jwt"}')}.${text('{}')}.AB`,
  ],
  ['a proof with the mark in capitals', 'KB_TYPE', bind(good, {}, { typ: 'KB+JWT' })],
  ['a proof with its tree', 'KB_TYPE', bind(good, {}, { typ: 'application/kb+jwt' })],
  ['a proof with another algorithm', 'KB_ALGORITHM', bind(good, {}, { alg: 'ES384' })],
  ['a proof with a symmetric algorithm', 'KB_ALGORITHM', bind(good, {}, { alg: 'HS256' })],
  ['a proof with an unencoded payload', 'KB_CRITICAL', bind(good, {}, { b64: false })],
  ['a proof with an address of its key', 'KB_HEADER_KEY', bind(good, {}, { jku: 'https://evil.example' })],
  ['a proof with its own key', 'KB_SIGNATURE', bind(good, {}, { jwk: stranger.jwk }, stranger.sign)],
  ['a proof for a list with us in it', 'KB_CLAIM', bind(good, { aud: [AUDIENCE, 'x'] })],
  ['a proof with an empty audience', 'KB_CLAIM', bind(good, { aud: '' })],
  ['a proof with an empty nonce', 'KB_CLAIM', bind(good, { nonce: '' })],
  ['a proof whose nonce is a number', 'KB_CLAIM', bind(good, { nonce: 1 })],
  ['a proof whose hash is a list', 'KB_CLAIM', bind(good, { sd_hash: [] })],
  ['a proof whose time has a fraction', 'KB_CLAIM', bind(good, { iat: NOW + 0.5 })],
  ['a proof before 1970', 'KB_CLAIM', bind(good, { iat: -1 })],
  ['a proof whose end is a text', 'KB_CLAIM', bind(good, { exp: 'soon' })],
  ['a proof that is over', 'KB_PERIOD', bind(good, { exp: NOW })],
  ['a proof that has not begun', 'KB_PERIOD', bind(good, { nbf: NOW + 61 })],
  ['a proof with a hash in hexadecimal', 'KB_HASH', bind(good, { sd_hash: '00'.repeat(32) })],
  ['a proof with a padded hash', 'KB_HASH', bind(good).then((t) => rehash(t, (hash) => `${hash}=`))],
  [
    'a proof over the signed part alone',
    'KB_HASH',
    bind(`${parts[0]}~`).then((t) => good + t.split('~').at(-1)),
  ],
  [
    'a proof over less than is shown',
    'KB_HASH',
    bind(`${parts[0]}~${parts[1]}~`).then((t) => good + t.split('~').at(-1)),
  ],
  [
    'a proof over another order',
    'KB_HASH',
    bind(`${parts[0]}~${parts[2]}~${parts[1]}~`).then((t) => good + t.split('~').at(-1)),
  ],
  [
    'a proof over the token without its last tilde',
    'KB_HASH',
    bind(good, { sd_hash: digest(good.slice(0, -1)) }),
  ],
  [
    'a proof of another certificate',
    'KB_HASH',
    issue({ open: { subject: 'another' } })
      .then(bind)
      .then((t) => good + t.split('~').at(-1)),
  ],
];

async function twice(): Promise<string> {
  const once = await bind(good);
  return bind(`${once}~`);
}
async function rehash(token: string, change: (hash: string) => string): Promise<string> {
  const [, body] = token.split('~').at(-1)!.split('.');
  const payload = JSON.parse(new TextDecoder().decode(fromBase64Url(body!))) as { sd_hash: string };
  return (
    good +
    (await signJws(
      { alg: 'ES256', typ: 'kb+jwt' },
      { ...payload, sd_hash: change(payload.sd_hash) },
      holder.sign,
    ))
  );
}

describe('refuses: possession', () => {
  it.for(bound)('%s → %s', async ([, code, token]) => {
    expect(await verifyCredential(await token, asked)).toMatchObject({
      verdict: 'false',
      code,
      claims: null,
    });
  });
});

describe('what is legal stays legal', () => {
  it.for<readonly [string, string | Promise<string>, VerifyOptions?]>([
    ['an element inside a hidden list', hidden([listed], [listed, element])],
    ['a hidden list without its elements', hidden([listed], [listed])],
    ['a hidden member inside a hidden member', hidden([outer], [inner, outer])],
    ['a hidden member inside a hidden element', array([boxed], [inner, boxed])],
    [
      'hidden elements in a list inside a list',
      forge({ ...BASE, a: [[{ '...': digest(element) }]] }, [element]),
    ],
    ['digests in an object inside a list', forge({ ...BASE, a: [{ _sd: [digest(inner)] }] }, [inner])],
    ['nothing but decoys', forge({ ...BASE, _sd: [digest('a'), digest('b')], l: [{ '...': digest('c') }] })],
    ['an empty list of digests further inside', forge({ ...BASE, a: { _sd: [] } })],
    [
      'a subject and a time of issuance that are hidden',
      forge({ iss: ISSUER, vct: TYPE, exp: BASE.exp, _sd: [digest(disclosure('s', 'iat', ISSUED))] }, [
        disclosure('s', 'iat', ISSUED),
      ]),
    ],
    ['a name that other languages inherit', one('constructor', { toString: 1 })],
    ['a disclosure written with spaces', raw('[ "s" , "a" , {"b" : 1} ]')],
    ['seven levels through disclosures', ladder(7)],
    ['no algorithm of digests', forge({ ...BASE, _sd: [digest(inner)] }, [inner])],
    ['a key that it brings and nobody looks at', forge(BASE, [], { jwk: stranger.jwk })],
    ['a chain that it brings and nobody looks at', forge(BASE, [], { x5c: ['AA=='], 'x5t#S256': 'AA' })],
    ['no key identifier', forge(BASE, [], { kid: undefined })],
    ['a high s', swap(2, (part) => highS(part))],
    ['no end', forge({ ...BASE, exp: undefined })],
    ['nobody bound', forge({ ...BASE, cnf: undefined })],
    ['a holder that is only named', forge({ ...BASE, cnf: { kid: 'key-1' } })],
    [
      'a holder with its own thumbprint',
      forge({ ...BASE, cnf: { jwk: holder.jwk, jkt: holder.keyId } }).then(bind),
      asked,
    ],
    ['an audience that is us', forge({ ...BASE, aud: ['x', AUDIENCE] }).then(bind), asked],
    [
      'an integrity with two digests',
      forge({ ...BASE, 'vct#integrity': `sha256-${'A'.repeat(43)}= sha384-${'b'.repeat(64)}` }),
    ],
    ['a proof with claims of its own', bind(good, { transaction: 'x', exp: NOW + 1, nbf: NOW }), asked],
    ['a proof that names its key', bind(good, {}, { kid: 'mine', jwk: stranger.jwk }), asked],
  ])('%s', async ([, token, how]) => {
    expect(await verifyCredential(await token, how ?? options())).toMatchObject({
      code: 'CREDENTIAL_PROVEN',
    });
  });

  it('a holder that is only named cannot be judged', async () => {
    for (const cnf of [{ kid: 'key-1' }, { jkt: holder.keyId }, { jku: 'https://x.example' }]) {
      const token = await forge({ ...BASE, cnf });
      expect(await verifyCredential(await bind(token), asked)).toMatchObject({
        verdict: 'cannot-judge',
        code: 'CREDENTIAL_HOLDER_METHOD',
      });
      expect(await verifyCredential(token, asked)).toMatchObject({ verdict: 'false', code: 'KB_MISSING' });
    }
  });

  it('what was shown once is not shown on', async () => {
    const shown = await bind(good);
    const again = presentSdJwt(shown, [], { audience: 'x', nonce: 'y', at: NOW }, holder.sign);
    await expect(again).rejects.toThrow('KB_UNEXPECTED');
  });

  it('salts are never used twice', async () => {
    const salt = new Uint8Array(16);
    const input = {
      issuer: ISSUER,
      type: TYPE,
      issuedAt: ISSUED,
      expires: NOW,
      open: {},
      selective: { a: 1, b: 2 },
      keyId: '',
    };
    await expect(issueSdJwt(input, [salt, salt], issuer.sign)).rejects.toThrow('SDJWT_SALTS');
  });
});

/** The other of the two signatures that every ES256 signature has: n - s. */
function highS(part: string): string {
  const signature = p256.Signature.fromBytes(fromBase64Url(part));
  return toBase64Url(new p256.Signature(signature.r, p256.Point.Fn.ORDER - signature.s).toBytes());
}
