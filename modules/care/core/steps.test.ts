import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { type AppError, type Hex, toHex0x } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertPresence, presenceCode, presenceHash } from './presence.ts';
import {
  addressOf,
  assertFollows,
  FIRST,
  signAsPatient,
  stepDigest,
  stepHash,
  type VisitStep,
  verifyDevice,
  verifyPatient,
} from './steps.ts';

const key = new Uint8Array(32).fill(7);
const address = addressOf(secp256k1.getPublicKey(key, false));
const step: VisitStep = {
  visit: '0192f0c1-2b3c-7d4e-8f50-123456789abc',
  type: 'agree',
  sequence: 2,
  previous: `0x${'ab'.repeat(32)}`,
  at: '2026-11-24T08:00:00.000Z',
  data: { agreement: `0x${'cd'.repeat(32)}` },
};
const code = (fn: () => unknown): string => {
  try {
    fn();
  } catch (error) {
    return (error as AppError).code;
  }
  return 'none';
};

describe('the patient’s signature', () => {
  const signature = signAsPatient(step, key);

  it('is accepted for this step and this key', () => {
    expect(() => verifyPatient(step, signature, address)).not.toThrow();
  });

  it('is refused for any other step: replayed, reordered, foreign, edited', () => {
    const others: VisitStep[] = [
      { ...step, sequence: 3 },
      { ...step, previous: FIRST },
      { ...step, visit: '0192f0c1-2b3c-7d4e-8f50-123456789abd' },
      { ...step, type: 'cancel' },
      { ...step, data: { agreement: `0x${'ce'.repeat(32)}` } },
      { ...step, at: '2026-11-24T08:00:01.000Z' },
    ];
    for (const other of others)
      expect(code(() => verifyPatient(other, signature, address))).toBe('STEP_SIGNATURE_WRONG');
  });

  it('is refused when any bit of it changes, and in its malleable form', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 65 * 8 - 1 }), (bit) => {
        const bytes = Buffer.from(signature.slice(2), 'hex');
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        expect(code(() => verifyPatient(step, toHex0x(bytes), address))).toBe('STEP_SIGNATURE_WRONG');
      }),
      { numRuns: 120 },
    );
    const bytes = Buffer.from(signature.slice(2), 'hex');
    const s = BigInt(`0x${bytes.subarray(32, 64).toString('hex')}`);
    const high = (secp256k1.Point.Fn.ORDER - s).toString(16).padStart(64, '0');
    const twin = `0x${bytes.subarray(0, 32).toString('hex')}${high}${bytes[64] === 27 ? '1c' : '1b'}` as Hex;
    expect(code(() => verifyPatient(step, twin, address))).toBe('STEP_SIGNATURE_WRONG');
  });
});

describe('the device’s signature', () => {
  const device = new Uint8Array(32).fill(9);
  const publicKey = p256.getPublicKey(device, false);
  const signature = toHex0x(p256.sign(stepDigest(step), device, { prehash: true }));

  it('is accepted from this device only', () => {
    expect(() => verifyDevice(step, signature, publicKey)).not.toThrow();
    expect(code(() => verifyDevice(step, signature, p256.getPublicKey(key, false)))).toBe(
      'STEP_SIGNATURE_WRONG',
    );
    expect(code(() => verifyDevice({ ...step, sequence: 9 }, signature, publicKey))).toBe(
      'STEP_SIGNATURE_WRONG',
    );
    expect(code(() => verifyDevice(step, '0x00', publicKey))).toBe('STEP_SIGNATURE_WRONG');
  });

  it('interoperates with WebCrypto', async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign']);
    const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
    const made = await crypto.subtle.sign(
      { name: 'ECDSA', hash: 'SHA-256' },
      pair.privateKey,
      stepDigest(step),
    );
    expect(() => verifyDevice(step, toHex0x(new Uint8Array(made)), raw)).not.toThrow();
  });
});

describe('order', () => {
  it('accepts only the next step', () => {
    const first = { ...step, sequence: 1, previous: FIRST };
    expect(() => assertFollows(first, undefined)).not.toThrow();
    const second = { ...step, sequence: 2, previous: stepHash(first) };
    expect(() => assertFollows(second, { sequence: 1, hash: stepHash(first) })).not.toThrow();
    expect(code(() => assertFollows(second, undefined))).toBe('STEP_OUT_OF_ORDER');
    expect(code(() => assertFollows(second, { sequence: 2, hash: stepHash(second) }))).toBe(
      'STEP_OUT_OF_ORDER',
    );
  });
});

describe('presence', () => {
  const visit = step.visit;
  it('accepts the shown code for 60 seconds', () => {
    const shown = presenceCode(new Uint8Array([1, 2, 3, 4]));
    const hash = presenceHash(visit, shown);
    expect(shown).toMatch(/^\d{6}$/);
    expect(() => assertPresence(visit, hash, shown, 0, 60_000)).not.toThrow();
    expect(code(() => assertPresence(visit, hash, shown, 0, 60_001))).toBe('PRESENCE_EXPIRED');
    expect(code(() => assertPresence(visit, hash, '000000', 0, 1))).toBe('PRESENCE_WRONG');
    expect(code(() => assertPresence('other', hash, shown, 0, 1))).toBe('PRESENCE_WRONG');
  });
});
