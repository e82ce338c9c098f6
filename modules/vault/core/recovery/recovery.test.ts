import { type AppError, toBase64Url } from '@zhenmei/kernel';
import fc from 'fast-check';
import { combine, split } from 'shamir-secret-sharing';
import { describe, expect, it } from 'vitest';
import { readShortCode, shortCode } from '../devices/code.ts';
import { addMethod, createKeyset, unlockKeyset } from '../keyset.ts';
import { sealKeys } from '../seal.ts';
import {
  approve,
  assertGuardian,
  chooseGuardians,
  combineApprovals,
  guardianCode,
  guardianKeys,
  openShare,
  requestCode,
} from './guardians.ts';
import { combineShares, splitSecret } from './shamir.ts';

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const codeOf = (p: Promise<unknown>) =>
  p.then(
    () => 'none',
    (e: AppError) => e.code,
  );

describe('shares of a secret', () => {
  it('are those of the field of AES: a fixed vector', () => {
    // secret 0x53, polynomial 0x53 + 0xCA·x over GF(2^8): 0x53·0xCA = 1, so f(0x53) = 0x53 ^ 1
    const shares = splitSecret(new Uint8Array([0x53]), 2, 0x53, (n) => new Uint8Array(n).fill(0xca));
    expect([...shares[0x52]!]).toEqual([0x52, 0x53]);
    expect([...shares[0]!]).toEqual([0x53 ^ 0xca, 1]);
    expect([...shares[1]!]).toEqual([0x53 ^ 0x8f, 2]);
    // quadratic: 0x00 + 0x01·x + 0x02·x², at 3: 3 ^ 2·(3·3 = 5) = 3 ^ 10
    let call = 0;
    const square = splitSecret(new Uint8Array([0]), 3, 3, (n) => new Uint8Array(n).fill(++call));
    expect(square[2]![0]).toBe(3 ^ 10);
  });

  it('give the secret from any k of n, in any order, and the same as another implementation', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        fc.integer({ min: 2, max: 6 }),
        fc.integer({ min: 0, max: 4 }),
        fc.infiniteStream(fc.nat()),
        async (bytes, need, more, order) => {
          const secret = new Uint8Array(bytes);
          const mine = splitSecret(secret, need, need + more, random);
          const chosen = [...mine].sort(() => (order.next().value! % 2 === 0 ? 1 : -1)).slice(0, need);
          expect(combineShares(chosen)).toEqual(secret);
          expect(await combine(chosen)).toEqual(secret);
          const theirs = await split(secret, Math.max(need + more, 2), need);
          expect(combineShares(theirs.slice(-need))).toEqual(secret);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('say nothing when one is missing: every secret is as likely', () => {
    const secret = new Uint8Array([7]);
    const seen = new Set<number>();
    for (let coefficient = 0; coefficient < 256; coefficient++)
      seen.add(splitSecret(secret, 2, 2, () => new Uint8Array([coefficient]))[0]![0]!);
    expect(seen.size).toBe(256);
    const three = splitSecret(random(32), 3, 5, random);
    expect(combineShares(three.slice(0, 2))).not.toEqual(combineShares(three.slice(0, 3)));
  });

  it('are refused when they cannot belong together', () => {
    const shares = splitSecret(random(4), 2, 3, random);
    for (const wrong of [
      [],
      [shares[0]!],
      [shares[0]!, shares[0]!],
      [shares[0]!, shares[1]!.slice(1)],
      [shares[0]!, new Uint8Array([1, 2, 3, 4, 0])],
    ])
      expect(() => combineShares(wrong)).toThrow(/SHARES_WRONG/);
    for (const [need, count] of [
      [1, 3],
      [4, 3],
      [2, 256],
    ] as const)
      expect(() => splitSecret(random(4), need, count, random)).toThrow(/SHARES_WRONG/);
  });
});

describe('a short code', () => {
  it('is read however a person types it', () => {
    const code = shortCode(new Uint8Array([0, 1, 255, 16, 200]), 8);
    expect(code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    expect(readShortCode(` ${code.toLowerCase().replace('-', ' – ')} `)).toBe(code);
    expect(readShortCode('OIL0')).toBe('0110');
    expect(readShortCode('')).toBe('');
  });
});

describe('guardians', () => {
  const people = Array.from({ length: 5 }, () => guardianKeys(random(32)));
  const guardians = people.map(({ publicKey }) => ({ code: guardianCode(publicKey), publicKey }));

  it('three of five and the server together open the vault; nobody else does', async () => {
    const { setup, unlock } = await chooseGuardians(guardians, 3, 48, '小安', random);
    const made = await createKeyset({ kind: 'passkey', id: 'p', secret: random(32) }, random);
    const keyset = await addMethod(made.keyset, made.root, unlock, random);
    const device = sealKeys(random(32));
    const request = {
      id: 'r-1',
      publicKey: device.publicKey,
      code: requestCode(setup.recovery, device.publicKey).toLowerCase(),
    };
    const agreed = await Promise.all(
      [4, 1, 2].map((i) => approve(people[i]!, setup.recovery, setup.shares[i]!.sealed, request, random)),
    );
    const open = (approvals: string[], server = setup.serverShare, id = request.id) =>
      combineApprovals(device, setup.recovery, id, approvals, server);
    expect(await unlockKeyset(keyset, await open(agreed))).toEqual(made.root);

    for (const wrong of [
      await open(agreed.slice(1)),
      await open(agreed, toBase64Url(random(32))),
      { ...(await open(agreed)), id: 'another' },
    ])
      expect(await codeOf(unlockKeyset(keyset, wrong))).toBe('VAULT_LOCKED');
    expect(await codeOf(open(agreed, setup.serverShare, 'r-2'))).toBe('VAULT_DAMAGED');
    expect(
      await codeOf(combineApprovals(sealKeys(random(32)), setup.recovery, 'r-1', agreed, setup.serverShare)),
    ).toBe('VAULT_DAMAGED');
  });

  it('help only the device whose code was read to them, with their own share', async () => {
    const { setup } = await chooseGuardians(guardians, 2, 72, '', random);
    const device = sealKeys(random(32));
    const code = requestCode(setup.recovery, device.publicKey);
    const request = { id: 'r', publicKey: device.publicKey, code };
    const [sealed, other] = [setup.shares[0]!.sealed, setup.shares[1]!.sealed];
    expect(await openShare(people[0]!, setup.recovery, sealed)).toMatchObject({ need: 2, ward: '' });
    for (const wrong of [
      { ...request, code: '0000-0000-0000' },
      { ...request, publicKey: people[1]!.publicKey },
    ])
      expect(await codeOf(approve(people[0]!, setup.recovery, sealed, wrong, random))).toBe(
        'PAIRING_NOT_SAME',
      );
    expect(await codeOf(approve(people[0]!, setup.recovery, other, request, random))).toBe('VAULT_DAMAGED');
    expect(await codeOf(openShare(people[0]!, 'AAAA-AAAA-AAAA-AAAA', sealed))).toBe('VAULT_DAMAGED');
  });

  it('are chosen by codes that name their keys, and not too few', async () => {
    const choose = (list: typeof guardians, need = 2, hours = 48) =>
      codeOf(chooseGuardians(list, need, hours, '', random));
    const [a, b, c] = guardians as [(typeof guardians)[0], (typeof guardians)[0], (typeof guardians)[0]];
    expect(await choose([a, b])).toBe('GUARDIANS_COUNT');
    expect(await choose([a, b, c], 1)).toBe('GUARDIANS_COUNT');
    expect(await choose([a, b, c], 4)).toBe('GUARDIANS_COUNT');
    expect(await choose([a, b, c], 2, 47)).toBe('GUARDIANS_COUNT');
    expect(await choose([a, b, c], 2, 73)).toBe('GUARDIANS_COUNT');
    expect(await choose([a, b, a])).toBe('GUARDIAN_TWICE');
    expect(await choose([a, b, { ...c, code: a.code }])).toBe('GUARDIAN_UNKNOWN');
    expect(() => assertGuardian(a.code.toLowerCase(), a.publicKey)).not.toThrow();
    expect(() => assertGuardian(b.code, a.publicKey)).toThrow(/GUARDIAN_UNKNOWN/);
  });
});
