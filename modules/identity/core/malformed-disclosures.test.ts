/** Disclosures inside disclosures, decoys, and every way of writing badly: each refused by name. */
import { p256 } from '@noble/curves/nist.js';
import { fromBase64Url, toBase64Url } from '@zhenmei/kernel';
import { describe, expect, it } from 'vitest';
import {
  array,
  base,
  boxed,
  type Case,
  element,
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
import { BASE, digest, disclosure, forge, forgeText, holder, options } from './fixtures/maker.ts';
import { verifyCredential } from './verify-credential.ts';

const nested: Case[] = [
  ['an element without the disclosure that holds it', 'SDJWT_DISCLOSURE_UNUSED', hidden([listed], [element])],
  ['a member without the disclosure that holds it', 'SDJWT_DISCLOSURE_UNUSED', hidden([outer], [inner])],
  ['a member without the element that holds it', 'SDJWT_DISCLOSURE_UNUSED', array([boxed], [inner])],
  ['a digest that stands inside and outside', 'SDJWT_DIGEST_TWICE', hidden([outer, inner], [outer, inner])],
  ['a digest twice in one list', 'SDJWT_DIGEST_TWICE', array([element, element], [element])],
  [
    'a digest in a list inside a list, twice',
    'SDJWT_DIGEST_TWICE',
    forge({ ...BASE, a: [[{ '...': digest(element) }], [{ '...': digest(element) }]] }, [element]),
  ],
  [
    'a decoy twice',
    'SDJWT_DIGEST_TWICE',
    forge({ ...BASE, a: { _sd: [digest('decoy')] }, b: { _sd: [digest('decoy')] } }),
  ],
  [
    'a digest in a list whose algorithm makes other lengths',
    'SDJWT_DIGEST_FORM',
    forge({ ...BASE, a: [{ '...': 'A'.repeat(86) }] }),
  ],
  ['a digest in standard base64', 'SDJWT_DIGEST_FORM', forge({ ...BASE, _sd: [`${'A'.repeat(42)}+`] })],
  ['a digest that is null', 'SDJWT_DIGEST_FORM', forge({ ...BASE, _sd: [null] })],
  ['a list of digests in a list', 'SDJWT_DIGEST_FORM', forge({ ...BASE, _sd: [[digest(element)]] })],
  ['a list of digests that is a text', 'SDJWT_DIGEST_LIST', forge({ ...BASE, _sd: digest(element) })],
  ['an empty list of digests', 'SDJWT_DIGEST_LIST_EMPTY', forge({ ...BASE, _sd: [] })],
  ['a list of digests in a list that is no list', 'SDJWT_DIGEST_LIST', forge({ ...BASE, a: [{ _sd: 'x' }] })],
  [
    'a digest of an element beside a list of digests',
    'SDJWT_ARRAY_DIGEST',
    forge({ ...BASE, a: [{ '...': digest(element), _sd: [] }] }, [element]),
  ],
  ['three dots at the top', 'SDJWT_CLAIM_RESERVED', forge({ ...BASE, '...': digest(element) }, [element])],
  [
    'three dots inside what is disclosed',
    'SDJWT_CLAIM_RESERVED',
    one('address', { '...': digest(element) }, [element]),
  ],
  ['an algorithm inside what is disclosed', 'SDJWT_CLAIM_RESERVED', one('a', { _sd_alg: 'sha-256' })],
  [
    'a list of digests inside what is disclosed that is no list',
    'SDJWT_DIGEST_LIST',
    one('a', { _sd: { x: 1 } }),
  ],
  [
    'a member over an open one, further inside',
    'SDJWT_CLAIM_COLLISION',
    forge({ ...BASE, a: { city: 'Beijing', _sd: [digest(inner)] } }, [inner]),
  ],
  [
    'a member over an open one, inside what is disclosed',
    'SDJWT_CLAIM_COLLISION',
    one('a', { city: 'Beijing', _sd: [digest(inner)] }, [inner]),
  ],
  [
    'an element named as a member',
    'SDJWT_DISCLOSURE_PLACE',
    forge({ ...BASE, a: [{ '...': digest(inner) }] }, [inner]),
  ],
  [
    'a member shown as an element, further inside',
    'SDJWT_DISCLOSURE_PLACE',
    one('a', { _sd: [digest(element)] }, [element]),
  ],
  ['nine levels through disclosures', 'SDJWT_TOO_DEEP', ladder(9)],
  [
    'a level hidden inside the key of the holder',
    'SDJWT_CLAIM_NOT_SELECTIVE',
    forge({ ...BASE, cnf: { jwk: { ...holder.jwk, _sd: [digest(inner)] } } }, [inner]),
  ],
  [
    'an audience in a list, one of it hidden',
    'SDJWT_CLAIM_NOT_SELECTIVE',
    forge({ ...BASE, aud: [{ '...': digest(element) }] }, [element]),
  ],
  ['a digest algorithm in capitals', 'SDJWT_HASH_ALGORITHM', forge({ ...BASE, _sd_alg: 'SHA-256' })],
  ['a digest algorithm cut short', 'SDJWT_HASH_ALGORITHM', forge({ ...BASE, _sd_alg: 'sha-256-128' })],
  ['digests by SHA-384', 'SDJWT_HASH_ALGORITHM', forge({ ...BASE, _sd_alg: 'sha-384' })],
];

const encoding: Case[] = [
  [
    'a disclosure with padding',
    'SDJWT_DISCLOSURE_ENCODING',
    forge({ ...BASE, _sd: [digest(`${element}=`)] }, [`${element}=`]),
  ],
  ['a disclosure with a line end', 'SDJWT_DISCLOSURE_ENCODING', forge(BASE, [`${element}\n`])],
  [
    'a disclosure with stray bits at its end',
    'SDJWT_DISCLOSURE_ENCODING',
    forge(BASE, ['WyJhIl1'.replace(/1$/, '2')]),
  ],
  ['a disclosure that is a number', 'SDJWT_DISCLOSURE_SHAPE', forge(BASE, [text('1')])],
  [
    'a disclosure with a member twice',
    'SDJWT_DISCLOSURE_MEMBER_TWICE',
    forge(BASE, [text('["s","a",{"b":1,"b":2}]')]),
  ],
  [
    'a disclosure with a byte order mark',
    'SDJWT_DISCLOSURE_MALFORMED',
    forge(BASE, [text('\ufeff["s","a",1]')]),
  ],
  ['a disclosure with text behind it', 'SDJWT_DISCLOSURE_MALFORMED', forge(BASE, [text('["s","a",1] x')])],
  ['a disclosure with a trailing comma', 'SDJWT_DISCLOSURE_MALFORMED', forge(BASE, [text('["s","a",1,]')])],
  ['a disclosure whose salt is null', 'SDJWT_DISCLOSURE_SALT', forge(BASE, [disclosure(null, 'a', 1)])],
  ['a disclosure whose name is null', 'SDJWT_DISCLOSURE_NAME', forge(BASE, [disclosure('s', null, 1)])],
  ['a disclosure whose name is half a character', 'SDJWT_VALUE', forge(BASE, [text('["s","\\ud800",1]')])],
  ['a claim whose name is half a character', 'SDJWT_VALUE', forgeText(`{${base},"\\ud800":1}`)],
  ['a whole number beyond 2^53', 'SDJWT_NUMBER', forgeText(`{${base},"a":9007199254740993}`)],
  ['a number of four hundred digits', 'SDJWT_NUMBER', forgeText(`{${base},"a":${'9'.repeat(400)}}`)],
  ['a number too large, hidden', 'SDJWT_NUMBER', raw('["s","a",1e999]')],
  ['a payload with comments', 'SDJWT_PAYLOAD_MALFORMED', forgeText(`{${base}/* */}`)],
  ['a payload with single quotes', 'SDJWT_PAYLOAD_MALFORMED', forgeText("{'iss':1}")],
  ['a payload with a number in octal', 'SDJWT_PAYLOAD_MALFORMED', forgeText(`{${base},"a":010}`)],
  ['a payload with NaN', 'SDJWT_PAYLOAD_MALFORMED', forgeText(`{${base},"a":NaN}`)],
  ['a payload with a raw line end in a text', 'SDJWT_PAYLOAD_MALFORMED', forgeText(`{${base},"a":"\n"}`)],
  ['a payload with a byte order mark', 'SDJWT_PAYLOAD_MALFORMED', forgeText(`\ufeff{${base}}`)],
  [
    'a payload with a member twice, one escaped',
    'SDJWT_PAYLOAD_TWICE',
    forgeText(`{${base},"\\u0069ss":"https://x.example"}`),
  ],
  [
    'a payload with a member twice, further inside',
    'SDJWT_PAYLOAD_TWICE',
    forgeText(`{${base},"a":{"b":1,"b":1}}`),
  ],
  ['a payload in standard base64', 'SDJWT_PAYLOAD_ENCODING', swap(1, (part) => `${part.slice(0, -1)}+`)],
  ['a payload with padding', 'SDJWT_PAYLOAD_ENCODING', swap(1, (part) => `${part}=`)],
  [
    'a payload with a space inside',
    'SDJWT_PAYLOAD_ENCODING',
    swap(1, (part) => `${part.slice(0, 8)} ${part.slice(8)}`),
  ],
  ['a payload that is empty', 'SDJWT_PAYLOAD_MALFORMED', swap(1, () => '')],
  [
    'a payload that is not UTF-8',
    'SDJWT_PAYLOAD_TEXT',
    swap(1, () => toBase64Url(Uint8Array.of(0x7b, 0xff, 0x7d))),
  ],
  [
    'a payload in UTF-16',
    'SDJWT_PAYLOAD_TEXT',
    swap(1, () => toBase64Url(Uint8Array.of(0xff, 0xfe, 0x7b, 0, 0x7d, 0))),
  ],
  ['a header that is empty', 'SDJWT_HEADER_MALFORMED', swap(0, () => '')],
  ['a header nested too deeply', 'SDJWT_TOO_DEEP', forge(BASE, [], { a: [[[[[[[[[[]]]]]]]]]] })],
  ['a payload of ten thousand brackets', 'SDJWT_TOO_DEEP', forgeText(`{${base},"a":${'['.repeat(10_000)}}`)],
  ['a signature in standard base64', 'SDJWT_SIGNATURE_ENCODING', swap(2, (part) => `+${part.slice(1)}`)],
  [
    'a signature in DER',
    'SDJWT_SIGNATURE',
    swap(2, (part) => toBase64Url(p256.Signature.fromBytes(fromBase64Url(part)).toBytes('der'))),
  ],
  [
    'a signature of 65 bytes',
    'SDJWT_SIGNATURE',
    swap(2, (part) => toBase64Url(Uint8Array.of(...fromBase64Url(part), 0))),
  ],
  ['a signature whose s is the order of the curve', 'SDJWT_SIGNATURE', swap(2, (part) => overflow(part))],
  ['a JWS of five parts', 'SDJWT_PARTS', `${parts[0]}.a.b~`],
  ['JSON serialization', 'SDJWT_NO_TILDE', JSON.stringify({ payload: 'e30', signatures: [] })],
];

function overflow(part: string): string {
  const bytes = fromBase64Url(part);
  bytes.set(fromBase64Url('_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE'), 32);
  return toBase64Url(bytes);
}

describe.each([
  ['what is hidden inside', nested],
  ['encoding', encoding],
] as const)('refuses: %s', (_, cases) => {
  it.for(cases)('%s → %s', async ([, code, token, how]) => {
    expect(await verifyCredential(await token, how ?? options())).toMatchObject({
      verdict: 'false',
      code,
      claims: null,
    });
  });
});

it('takes an empty list of digests, which RFC 9901 allows, only where it is asked to', async () => {
  const token = await forge({ ...BASE, _sd: [] });
  expect(await verifyCredential(token, { ...options(), emptyDigests: true })).toMatchObject({
    verdict: 'proven',
  });
  const listed = await forge({ ...BASE, _sd: ['abc'] });
  expect(await verifyCredential(listed, { ...options(), emptyDigests: true })).toMatchObject({
    code: 'SDJWT_DIGEST_FORM',
  });
});
