import { createRequire } from 'node:module';
import { type AppError, fromHex, toHex, toHex0x } from '@zhenmei/kernel';
import { describe, expect, it } from 'vitest';
import {
  addressOf,
  agreementKey,
  agreementSealKeys,
  firstInRange,
  payoutReference,
  readSecret,
  reviewCommitment,
  reviewIdentity,
  visitValue,
} from './derive.ts';

const root = new Uint8Array(32).fill(5);
const ORDER = fromHex('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141');

describe('keys from the root', () => {
  it('are the same again, and differ between agreements and uses', () => {
    expect(agreementKey(root, 0)).toEqual(agreementKey(root, 0));
    const all = [0, 1].flatMap((i) => [
      toHex0x(agreementKey(root, i).privateKey),
      agreementKey(root, i).address,
      agreementSealKeys(root, i).publicKey,
      readSecret(root, i).token,
      payoutReference(root, i),
      reviewCommitment(root, i),
    ]);
    expect(new Set(all).size).toBe(all.length);
  });

  it('keep their values for ever', () => {
    expect(agreementKey(root, 0).address).toMatchInlineSnapshot(
      `"0x6a1ff36b0bec1ca364c8380a8c9d2b0e03f33c3f"`,
    );
    expect(payoutReference(root, 0)).toMatchInlineSnapshot(
      `"0x2b7c103f3720c9e942e4e1c70cf3af3846ed581bedd2a47f88f1892c5587817b"`,
    );
    expect(readSecret(root, 0).hash).toMatchInlineSnapshot(
      `"0x8a5245020d26395a7231062e990412bf9a802099554432d81ac2eb98302165ca"`,
    );
    expect(reviewCommitment(root, 0)).toMatchInlineSnapshot(
      `"3519012762643196698012193094714480462883096418741766676357173522110246688290"`,
    );
  });

  it('have the address that Ethereum gives to a known key', () => {
    const key = '4f3edf983ac636a65a842ce7c78d9aa706d3b113bce9c46f30d7d21715b23b1d';
    expect(addressOf(fromHex(key))).toBe('0x90f8bf6a479f320ead074411a4b0e7944ea8c9c1');
  });

  it('skip a candidate that is no private key', () => {
    const tried: number[] = [];
    const key = firstInRange((attempt) => {
      tried.push(attempt);
      return [new Uint8Array(32), ORDER, new Uint8Array(32).fill(255), new Uint8Array(32).fill(1)][attempt]!;
    });
    expect(tried).toEqual([0, 1, 2, 3]);
    expect(toHex(key)).toBe('01'.repeat(32));
  });

  it('refuse what is no index', () => {
    for (const index of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])
      for (const work of [
        agreementKey,
        agreementSealKeys,
        readSecret,
        payoutReference,
        reviewIdentity,
        visitValue.opener,
        visitValue.claimSalt,
      ])
        expect(() => work(root, index)).toThrow(
          expect.objectContaining({ code: 'KEY_INDEX_WRONG' }) as AppError,
        );
  });
});

describe('the review identity', () => {
  it('is the one that Semaphore derives from the same private key', () => {
    // its ES module build imports a CommonJS package by name, which Node refuses; the CommonJS build works
    const { Identity } = createRequire(import.meta.url)(
      '@semaphore-protocol/identity',
    ) as typeof import('@semaphore-protocol/identity');
    for (const index of [0, 1, 2, 3, 40]) {
      const mine = reviewIdentity(root, index);
      const theirs = new Identity(mine.privateKey as never);
      expect(mine.secretScalar).toBe(theirs.secretScalar);
      expect([...mine.publicKey]).toEqual(theirs.publicKey);
      expect(mine.commitment).toBe(theirs.commitment);
    }
  });

  it('does not follow from what the clinic knows', () => {
    expect(reviewCommitment(new Uint8Array(32).fill(6), 0)).not.toBe(reviewCommitment(root, 0));
  });
});

it('gives every place of a visit another value', () => {
  const secret = new Uint8Array(32).fill(7);
  const all = [
    visitValue.opener(secret, 0),
    visitValue.opener(secret, 1),
    visitValue.consentSalt(secret),
    toHex0x(visitValue.recordSalt(secret)),
    toHex0x(visitValue.claimSalt(secret, 0)),
    toHex0x(visitValue.claimSalt(secret, 1)),
    toHex0x(visitValue.quoteSalt(secret)),
    visitValue.licenceTag(secret),
    visitValue.mailbox(secret),
    toHex0x(visitValue.sealSecret(secret)),
  ];
  expect(new Set(all).size).toBe(all.length);
});
