import { ml_kem768_x25519 as kem } from '@noble/post-quantum/hybrid.js';
import { type AppError, fromBase64Url, fromHex, toBase64Url, toHex, utf8 } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hpkeKeys, hpkeOneMessage } from './hpke.ts';
import { openSealed, SEAL_RANDOM, sealKeys, sealTo } from './seal.ts';
import { RFC9180, XWING } from './vectors.test-support.ts';

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const codeOf = (p: Promise<unknown>) =>
  p.then(
    () => 'none',
    (e: AppError) => e.code,
  );

describe('against published vectors', () => {
  it('has the key schedule of RFC 9180 in mode base, and its first message', async () => {
    const { suite, info, base } = RFC9180;
    const keys = hpkeKeys(suite, fromHex(base.shared), fromHex(info));
    expect([toHex(keys.key), toHex(keys.baseNonce)]).toEqual([base.key, base.nonce]);
    const cipher = await hpkeOneMessage('encrypt', keys, fromHex(base.aad), fromHex(base.text));
    expect(toHex(cipher)).toBe(base.cipher);
    expect(toHex(await hpkeOneMessage('decrypt', keys, fromHex(base.aad), cipher))).toBe(base.text);
  });

  it('has the key schedule of RFC 9180 in mode psk', () => {
    const { suite, info, psk } = RFC9180;
    const keys = hpkeKeys(suite, fromHex(psk.shared), fromHex(info), {
      secret: fromHex(psk.secret),
      id: fromHex(psk.id),
    });
    expect([toHex(keys.key), toHex(keys.baseNonce)]).toEqual([psk.key, psk.nonce]);
  });

  it('encapsulates as X-Wing', () => {
    const keys = sealKeys(fromHex(XWING.seed));
    const publicKey = toHex(fromBase64Url(keys.publicKey));
    expect(publicKey).toHaveLength(2 * 1_216);
    expect(publicKey.startsWith(XWING.publicKeyStart) && publicKey.endsWith(XWING.publicKeyEnd)).toBe(true);
    const made = kem.encapsulate(fromHex(publicKey), fromHex(XWING.coins));
    expect(toHex(made.cipherText).startsWith(XWING.cipherStart)).toBe(true);
    expect(toHex(made.cipherText).endsWith(XWING.cipherEnd)).toBe(true);
    expect(toHex(made.sharedSecret)).toBe(XWING.shared);
    expect(toHex(kem.decapsulate(made.cipherText, keys.secretKey))).toBe(XWING.shared);
  });
});

describe('sealing', () => {
  const keys = sealKeys(new Uint8Array(32).fill(1));
  const other = sealKeys(new Uint8Array(32).fill(2));

  it('opens for the key it was sealed to, and for nothing else', async () => {
    const sealed = await sealTo(keys.publicKey, utf8('a secret'), 'visit/1', random(SEAL_RANDOM));
    expect(await openSealed(keys.secretKey, sealed, 'visit/1')).toEqual(utf8('a secret'));
    expect(await codeOf(openSealed(keys.secretKey, sealed, 'visit/2'))).toBe('VAULT_DAMAGED');
    expect(await codeOf(openSealed(other.secretKey, sealed, 'visit/1'))).toBe('VAULT_DAMAGED');
  });

  it('binds what travels beside it and the secret both sides share', async () => {
    const bound = { aad: utf8('grant 7'), psk: new Uint8Array(32).fill(9) };
    const sealed = await sealTo(keys.publicKey, utf8('x'), 'p', random(SEAL_RANDOM), bound);
    expect(await openSealed(keys.secretKey, sealed, 'p', bound)).toEqual(utf8('x'));
    for (const changed of [
      {},
      { aad: bound.aad },
      { psk: bound.psk },
      { ...bound, aad: utf8('grant 8') },
      { ...bound, psk: new Uint8Array(32).fill(8) },
    ])
      expect(await codeOf(openSealed(keys.secretKey, sealed, 'p', changed))).toBe('VAULT_DAMAGED');
  });

  it('refuses any altered byte, a cut, an extension and what is no seal at all', async () => {
    const bytes = fromBase64Url(await sealTo(keys.publicKey, utf8('a secret'), 'p', random(SEAL_RANDOM)));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: bytes.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const changed = bytes.slice();
          changed[at]! ^= by;
          expect(await codeOf(openSealed(keys.secretKey, toBase64Url(changed), 'p'))).toBe('VAULT_DAMAGED');
        },
      ),
      { numRuns: 60 },
    );
    for (const wrong of [
      toBase64Url(bytes.slice(0, -1)),
      toBase64Url(new Uint8Array([...bytes, 0])),
      toBase64Url(bytes.slice(0, 1_121)),
      '',
      '~',
    ])
      expect(await codeOf(openSealed(keys.secretKey, wrong, 'p'))).toBe('VAULT_DAMAGED');
  });

  it('refuses to seal to what is no key', async () => {
    for (const wrong of [
      '',
      '~',
      toBase64Url(new Uint8Array(32)),
      toBase64Url(new Uint8Array(1_216).fill(255)),
    ])
      expect(await codeOf(sealTo(wrong, utf8('x'), 'p', random(SEAL_RANDOM)))).toBe('SEAL_KEY_WRONG');
    expect(await codeOf(sealTo(keys.publicKey, utf8('x'), 'p', random(10)))).toBe('SEAL_KEY_WRONG');
  });
});
