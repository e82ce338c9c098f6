import { p256 } from '@noble/curves/nist.js';
import { type AppError, fromBase64Url, toBase64Url, utf8 } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AgreementKey,
  CONTENT_ENCRYPTIONS,
  decryptJwe,
  deriveContentKey,
  encryptJwe,
  webCryptoAgreement,
} from './jwe.ts';
import { jwkPoint, pointJwk } from './jwk.ts';

const agreement = (secret: Uint8Array): AgreementKey => ({
  jwk: pointJwk(p256.getPublicKey(secret, false)),
  agree: async (other) => p256.getSharedSecret(secret, jwkPoint(other)).subarray(1),
});
/** RFC 7518 appendix C: Alice's ephemeral key and Bob's key. */
const alice = agreement(fromBase64Url('0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo'));
const bob = agreement(fromBase64Url('VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw'));
const header = { apu: toBase64Url(utf8('Alice')), apv: toBase64Url(utf8('Bob')) };
const iv = new Uint8Array(12).fill(7);
const input = { to: bob.jwk, kid: 'bob', enc: 'A128GCM', ephemeral: alice, iv } as const;
const codeOf = (p: Promise<unknown>) =>
  p.then(
    () => 'none',
    (e: AppError) => e.code,
  );

describe('ECDH-ES', () => {
  it('derives the key of RFC 7518 appendix C, from either side', async () => {
    expect(bob.jwk.x).toBe('weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ');
    for (const shared of [await alice.agree(bob.jwk), await bob.agree(alice.jwk)])
      expect(toBase64Url(deriveContentKey(shared, 'A128GCM', header))).toBe('VqqN6vgjbSBcIijNcacQGg');
  });

  it('gives a key as long as the encryption needs', async () => {
    const shared = await alice.agree(bob.jwk);
    expect(CONTENT_ENCRYPTIONS.map((enc) => deriveContentKey(shared, enc, {}).length)).toEqual([16, 32]);
  });

  it('opens what was sealed, whatever the text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.constantFrom(...CONTENT_ENCRYPTIONS),
        fc.boolean(),
        async (text, enc, named) => {
          const token = await encryptJwe(text, { ...input, enc, kid: named ? 'bob' : undefined });
          expect(await decryptJwe(token, bob, named ? 'bob' : undefined)).toBe(text);
          expect(await codeOf(decryptJwe(token, alice))).toBe('JWE_SEAL');
        },
      ),
      { numRuns: 50 },
    );
  });

  it('agrees over WebCrypto as over any other curve code', async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, [
      'deriveBits',
    ]);
    const phone = await webCryptoAgreement(pair);
    expect(await phone.agree(bob.jwk)).toEqual(new Uint8Array(await bob.agree(phone.jwk)));
  });
});

describe('is refused', () => {
  const part = (value: object) => toBase64Url(utf8(JSON.stringify(value)));
  const token = async (at: number, change: (part: string) => string) => {
    const parts = (await encryptJwe('{"a":1}', input)).split('.');
    return parts.with(at, change(parts[at]!)).join('.');
  };
  const head = (change: object) =>
    token(0, (text) => part({ ...JSON.parse(Buffer.from(text, 'base64url').toString()), ...change }));

  it.each<[string, string, () => Promise<string>]>([
    ['too few parts', 'JWE_FORM', async () => 'a.b.c.d'],
    ['too many parts', 'JWE_FORM', async () => 'a.b.c.d.e.f'],
    ['more than a million characters', 'JWE_FORM', async () => 'a'.repeat(1_000_001)],
    ['a header that is no JSON', 'JWE_FORM', () => token(0, () => toBase64Url(utf8('x')))],
    ['a header that is a list', 'JWE_FORM', () => token(0, () => part([]))],
    [
      'a header with a name twice',
      'JWE_FORM',
      () => token(0, () => toBase64Url(utf8('{"alg":"a","alg":"b"}'))),
    ],
    ['a wrapped key', 'JWE_FORM', () => token(1, () => 'AAAA')],
    ['a short initialisation vector', 'JWE_FORM', () => token(2, () => 'AAAA')],
    ['a short tag', 'JWE_FORM', () => token(4, () => 'AAAA')],
    ['padding', 'JWE_FORM', () => token(3, (text) => `${text}=`)],
    ['another way to agree', 'JWE_ALGORITHM', () => head({ alg: 'ECDH-ES+A256KW' })],
    ['a key that both know', 'JWE_ALGORITHM', () => head({ alg: 'dir' })],
    ['another encryption', 'JWE_ALGORITHM', () => head({ enc: 'A192GCM' })],
    ['an encryption that every object has', 'JWE_ALGORITHM', () => head({ enc: 'constructor' })],
    ['compression', 'JWE_ALGORITHM', () => head({ zip: 'DEF' })],
    ['what must be understood', 'JWE_ALGORITHM', () => head({ crit: ['x'] })],
    ['another key’s name', 'JWE_KEY', () => head({ kid: 'eve' })],
    ['no key at all', 'JWE_KEY', () => head({ epk: undefined })],
    ['a point off the curve', 'JWE_KEY', () => head({ epk: { ...alice.jwk, y: alice.jwk.x } })],
    ['a key of another curve', 'JWE_KEY', () => head({ epk: { ...alice.jwk, crv: 'P-384' } })],
    ['a party that is no text', 'JWE_FORM', () => head({ apu: 1 })],
    ['a header changed by one member', 'JWE_SEAL', () => head({ apu: 'AAAA' })],
    ['a header with a member more', 'JWE_SEAL', () => head({ note: 'x' })],
    ['a changed text', 'JWE_SEAL', () => token(3, (text) => (text[0] === 'A' ? 'B' : 'A') + text.slice(1))],
    ['a changed vector', 'JWE_SEAL', () => token(2, (text) => (text[0] === 'A' ? 'B' : 'A') + text.slice(1))],
    ['a changed tag', 'JWE_SEAL', () => token(4, (text) => (text[0] === 'A' ? 'B' : 'A') + text.slice(1))],
  ])('%s → %s', async (_, code, make) => {
    expect(await codeOf(decryptJwe(await make(), bob, 'bob'))).toBe(code);
  });
});
