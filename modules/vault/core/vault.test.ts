import { type AppError, fromBase64Url, toBase64Url, utf8 } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allergyGate } from './allergy.ts';
import { agreementKey, agreementSealKeys, payoutReference, readSecret, reviewCommitment } from './derive.ts';
import {
  addMethod,
  createKeyset,
  readRecoveryCode,
  recoveryCode,
  rotateRoot,
  type Unlock,
  unlockKeyset,
} from './keyset.ts';
import { TreatmentRecord, treatmentRecord } from './record.ts';
import { openSealed, sealKeys, sealTo } from './seal.ts';

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const codeOf = (p: Promise<unknown>) =>
  p.then(
    () => 'none',
    (e: AppError) => e.code,
  );
const root = new Uint8Array(32).fill(5);

describe('sealing', () => {
  const keys = sealKeys(new Uint8Array(32).fill(1));

  it('opens for the key it was sealed to, and for its purpose only', async () => {
    const sealed = await sealTo(keys.publicKey, utf8('a secret'), 'visit/1', random(76));
    expect(new TextDecoder().decode(await openSealed(keys.secretKey, sealed, 'visit/1'))).toBe('a secret');
    expect(await codeOf(openSealed(keys.secretKey, sealed, 'visit/2'))).toBe('VAULT_DAMAGED');
    expect(await codeOf(openSealed(sealKeys(new Uint8Array(32).fill(2)).secretKey, sealed, 'visit/1'))).toBe(
      'VAULT_DAMAGED',
    );
  });

  it('refuses any altered byte, a cut and an extension', async () => {
    const bytes = fromBase64Url(await sealTo(keys.publicKey, utf8('a secret'), 'p', random(76)));
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
    expect(await codeOf(openSealed(keys.secretKey, toBase64Url(bytes.slice(0, -1)), 'p'))).toBe(
      'VAULT_DAMAGED',
    );
    expect(await codeOf(openSealed(keys.secretKey, toBase64Url(new Uint8Array([...bytes, 0])), 'p'))).toBe(
      'VAULT_DAMAGED',
    );
  });
});

describe('the keyset', () => {
  const passkey = (n: number): Unlock => ({
    kind: 'passkey',
    id: `cred-${n}`,
    secret: new Uint8Array(32).fill(n),
  });

  it('opens with each of its methods and with nothing else', async () => {
    const { keyset, root: made } = await createKeyset(passkey(1), random);
    const phrase: Unlock = { kind: 'passphrase', id: 'phrase', secret: utf8('correct horse battery') };
    const both = await addMethod(keyset, made, phrase, random);
    expect(await unlockKeyset(both, passkey(1))).toEqual(made);
    expect(await unlockKeyset(both, phrase)).toEqual(made);
    expect(await codeOf(unlockKeyset(both, passkey(2)))).toBe('VAULT_LOCKED');
    expect(await codeOf(unlockKeyset(both, { ...passkey(2), id: 'cred-1' }))).toBe('VAULT_LOCKED');
    expect(await codeOf(unlockKeyset(both, { ...phrase, secret: utf8('correct horse batterx') }))).toBe(
      'VAULT_LOCKED',
    );
  });

  it('renews its root with one method present; the others still open it, the removed one does not', async () => {
    const first = await createKeyset(passkey(1), random);
    let keyset = first.keyset;
    for (const n of [2, 3]) keyset = await addMethod(keyset, first.root, passkey(n), random);
    const rotated = await rotateRoot(keyset, { kind: 'passkey', id: 'cred-2' }, random);
    expect(rotated.root).not.toEqual(first.root);
    for (const n of [1, 3]) expect(await unlockKeyset(rotated.keyset, passkey(n))).toEqual(rotated.root);
    expect(await codeOf(unlockKeyset(rotated.keyset, passkey(2)))).toBe('VAULT_LOCKED');
  });

  it('refuses a weak passphrase', async () => {
    expect(await codeOf(createKeyset({ kind: 'passphrase', id: 'x', secret: utf8('short') }, random))).toBe(
      'PASSPHRASE_WEAK',
    );
  });

  it('notices a typing error in a recovery code', () => {
    const code = recoveryCode(random(21));
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(readRecoveryCode(code.toLowerCase().replaceAll('-', ' '))).toEqual(readRecoveryCode(code));
    const wrong = `${code[0] === '2' ? '3' : '2'}${code.slice(1)}`;
    expect(() => readRecoveryCode(wrong)).toThrow();
    expect(() => readRecoveryCode(code.slice(0, -1))).toThrow();
  });
});

describe('keys from the root', () => {
  it('are the same again, and differ between agreements', () => {
    expect(agreementKey(root, 0)).toEqual(agreementKey(root, 0));
    const all = [0, 1].flatMap((i) => [
      agreementKey(root, i).address,
      agreementSealKeys(root, i).publicKey,
      readSecret(root, i).token,
      payoutReference(root, i),
      reviewCommitment(root, i),
    ]);
    expect(new Set(all).size).toBe(all.length);
  });

  it('give the identity that Semaphore gives', async () => {
    // its ES module build imports a CommonJS package by name, which Node refuses; the CommonJS build works
    const { createRequire } = await import('node:module');
    const { Identity } = createRequire(import.meta.url)(
      '@semaphore-protocol/identity',
    ) as typeof import('@semaphore-protocol/identity');
    const { derive } = await import('@zhenmei/kernel');
    expect(reviewCommitment(root, 3)).toBe(
      new Identity(derive(root, 'zhenmei/review/3') as never).commitment.toString(),
    );
  });
});

describe('the allergy gate', () => {
  it('is clear, blocked, or asks', () => {
    expect(allergyGate({ answered: true, substances: [] }, ['lidocaine'])).toEqual({ outcome: 'clear' });
    expect(
      allergyGate({ answered: true, substances: ['lidocaine'] }, ['hyaluronic-acid', 'lidocaine']),
    ).toEqual({ outcome: 'blocked', conflicts: ['lidocaine'] });
    expect(allergyGate({ answered: false, substances: [] }, ['lidocaine'])).toEqual({ outcome: 'unknown' });
    expect(allergyGate({ answered: false, substances: ['lidocaine'] }, ['lidocaine']).outcome).toBe(
      'blocked',
    );
  });
});

describe('the record', () => {
  it('keeps its own shape', () => {
    const record = treatmentRecord({
      at: '2026-11-24T08:00:00.000Z',
      procedure: { code: 'filler-nasolabial', name: '鼻唇沟填充' },
      doctor: '林书宁',
      zones: [{ zone: 'nasolabial-left', amount: 500 }],
      amountUnit: 'uL',
      product: { gtin: '09521234100011', serial: 'A1', lot: 'L1', name: '澄润' },
    });
    expect(TreatmentRecord.parse(record)).toEqual(record);
    expect(TreatmentRecord.safeParse({ ...record, type: 'message' }).success).toBe(false);
  });
});
