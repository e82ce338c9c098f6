import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { type AppError, canonicalJson, derive, fromBase64Url, toBase64Url, utf8 } from '@zhenmei/kernel';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  addMethod,
  createKeyset,
  Keyset,
  openKeyset,
  removeMethod,
  rotateRoot,
  unlockKeyset,
} from './keyset.ts';
import { readRecoveryCode, recoveryCode } from './recovery-code.ts';
import { SEAL_RANDOM, sealKeys, sealTo } from './seal.ts';
import { assertPassphrase, type Unlock } from './unlock.ts';

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const codeOf = (p: Promise<unknown>) =>
  p.then(
    () => 'none',
    (e: AppError) => e.code,
  );
const passkey = (n: number): Unlock => ({
  kind: 'passkey',
  id: `cred-${n}`,
  secret: new Uint8Array(32).fill(n),
});
const phrase = (text: string): Unlock => ({ kind: 'passphrase', id: 'phrase', secret: utf8(text) });
const paper: Unlock = { kind: 'recovery', id: 'paper', secret: readRecoveryCode(recoveryCode(random(26))) };

let three: Keyset;
let root: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  const made = await createKeyset(passkey(1), random);
  root = made.root;
  three = await addMethod(made.keyset, root, phrase('correct horse battery'), random);
  three = await addMethod(three, root, paper, random);
});

describe('the keyset', () => {
  it('opens with each of its methods', async () => {
    expect(Keyset.parse(JSON.parse(JSON.stringify(three)))).toEqual(three);
    for (const unlock of [passkey(1), phrase('correct horse battery'), paper])
      expect(await unlockKeyset(three, unlock)).toEqual(root);
    expect(await unlockKeyset(three, phrase('  correct  horse battery '))).toEqual(root);
  });

  it('opens with nothing else', async () => {
    const wrong: Unlock[] = [
      passkey(2),
      { ...passkey(2), id: 'cred-1' },
      { ...passkey(1), kind: 'recovery' },
      { ...passkey(1), secret: new Uint8Array(16) },
      phrase('correct horse batterx'),
      { ...paper, secret: utf8('0'.repeat(28)) },
    ];
    for (const unlock of wrong) expect(await codeOf(unlockKeyset(three, unlock))).toBe('VAULT_LOCKED');
  });

  it('refuses any altered character, wherever it stands', async () => {
    const text = JSON.stringify(three);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: text.length - 1 }),
        fc.constantFrom('A', '1', '-'),
        async (at, to) => {
          fc.pre(text[at] !== to);
          const changed = text.slice(0, at) + to + text.slice(at + 1);
          let keyset: Keyset;
          try {
            keyset = Keyset.parse(JSON.parse(changed));
          } catch {
            return;
          }
          expect(await codeOf(unlockKeyset(keyset, passkey(1)))).toMatch(/^VAULT_(LOCKED|DAMAGED)$/);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('refuses a method that was taken away, doubled, moved or slipped in, and another revision', async () => {
    const [a, b, c] = three.methods;
    const intruder = (await createKeyset(passkey(9), random)).keyset.methods[0]!;
    for (const methods of [
      [a!, b!],
      [a!, b!, c!, c!],
      [b!, a!, c!],
      [a!, b!, c!, intruder],
      [{ ...a!, publicKey: intruder.publicKey }, b!, c!],
    ])
      expect(await codeOf(unlockKeyset({ ...three, methods }, passkey(1)))).toBe('VAULT_DAMAGED');
    for (const change of [{ revision: 9 }, { generation: 2 }, { earlier: [a!.confirm] }])
      expect(await codeOf(unlockKeyset({ ...three, ...change }, passkey(1)))).toBe('VAULT_DAMAGED');
  });

  it('refuses a root that the server made up and sealed to the public keys it knows', async () => {
    const evil = random(32);
    const target = three.methods[0]!;
    const purpose = canonicalJson({
      version: 1,
      use: 'root',
      kind: target.kind,
      id: target.id,
      generation: 1,
    });
    for (const bound of [{}, { psk: evil }]) {
      const sealed = await sealTo(target.publicKey, evil, purpose, random(SEAL_RANDOM), bound);
      const rest = {
        version: 1 as const,
        revision: 1,
        generation: 1,
        methods: [{ ...target, root: sealed }],
        earlier: [],
      };
      const mac = hmac(sha256, derive(evil, 'zhenmei/keyset/mac/v1'), utf8(canonicalJson(rest)));
      expect(await codeOf(unlockKeyset({ ...rest, mac: toBase64Url(mac) }, passkey(1)))).toBe(
        'VAULT_DAMAGED',
      );
    }
  });

  it('does not let one method stand for another, even with the same secret', async () => {
    const [a, , c] = three.methods;
    const swapped = { ...three, methods: [{ ...a!, wrapped: c!.wrapped }, ...three.methods.slice(1)] };
    expect(await codeOf(unlockKeyset(swapped, passkey(1)))).toBe('VAULT_LOCKED');
    const twin: Unlock = { ...passkey(1), id: 'cred-twin' };
    const twins = await addMethod(three, root, twin, random);
    expect(await unlockKeyset(twins, twin)).toEqual(root);
    const [one, other] = [twins.methods[0]!, twins.methods[3]!];
    const crossed = { ...twins, methods: [{ ...one, wrapped: other.wrapped }, ...twins.methods.slice(1)] };
    expect(await codeOf(unlockKeyset(crossed, passkey(1)))).toBe('VAULT_LOCKED');
  });
});

describe('a renewed root', () => {
  it('is opened by all methods though only one was at hand, and keeps the earlier roots', async () => {
    const at = await openKeyset(three, passkey(1));
    const first = await rotateRoot(three, at.root, random);
    const again = await rotateRoot(first.keyset, first.root, random);
    expect(new Set([root, first.root, again.root].map(toBase64Url)).size).toBe(3);
    for (const unlock of [passkey(1), phrase('correct horse battery'), paper]) {
      const opened = await openKeyset(again.keyset, unlock);
      expect(opened.root).toEqual(again.root);
      expect(opened.roots).toEqual([root, first.root, again.root]);
    }
    expect(again.keyset).toMatchObject({ revision: three.revision + 2, generation: 3 });
    expect(Keyset.parse(again.keyset)).toEqual(again.keyset);
  });

  it('is not for a method that was removed', async () => {
    const removed = await removeMethod(three, root, { kind: 'passkey', id: 'cred-1' }, random);
    expect(await unlockKeyset(removed.keyset, paper)).toEqual(removed.root);
    expect(await codeOf(unlockKeyset(removed.keyset, passkey(1)))).toBe('VAULT_LOCKED');
    const stale = { ...removed.keyset, methods: [three.methods[0]!, ...removed.keyset.methods] };
    expect(await codeOf(unlockKeyset(stale, passkey(1)))).toBe('VAULT_DAMAGED');
    const back = await addMethod(removed.keyset, removed.root, passkey(1), random);
    expect(await unlockKeyset(back, passkey(1))).toEqual(removed.root);
  });

  it('is refused where it would do harm', async () => {
    const only = await createKeyset(passkey(1), random);
    const name = { kind: 'passkey', id: 'cred-1' } as const;
    expect(await codeOf(removeMethod(only.keyset, only.root, name, random))).toBe('KEYSET_LAST_METHOD');
    expect(await codeOf(removeMethod(three, root, { ...name, id: 'x' }, random))).toBe(
      'KEYSET_METHOD_UNKNOWN',
    );
    expect(await codeOf(addMethod(three, root, passkey(1), random))).toBe('KEYSET_METHOD_KNOWN');
    const intruder = (await createKeyset(passkey(9), random)).keyset.methods[0]!;
    const altered = { ...three, methods: [...three.methods, intruder] };
    expect(await codeOf(rotateRoot(altered, root, random))).toBe('VAULT_DAMAGED');
    expect(await codeOf(removeMethod(altered, root, name, random))).toBe('VAULT_DAMAGED');
    expect(await codeOf(addMethod(altered, root, passkey(3), random))).toBe('VAULT_DAMAGED');
    expect(await codeOf(rotateRoot(three, random(32), random))).toBe('VAULT_DAMAGED');
  });
});

describe('a passphrase', () => {
  const judge = (text: string) => {
    try {
      assertPassphrase(utf8(text));
      return 'fine';
    } catch (e) {
      return (e as AppError).code;
    }
  };

  it('is refused with the reason', async () => {
    for (const short of ['short', '', '           ', '春眠不觉晓处处闻啼鸟'])
      expect(judge(short)).toBe('PASSPHRASE_SHORT');
    for (const weak of [
      'aaaaaaaaaaaaaaaa',
      'abcdefghijklmnop',
      '1234567890123',
      'Password123456',
      'abababababababab',
      '138001380001',
      'qwertyqwertyqwerty',
    ])
      expect(judge(weak)).toBe('PASSPHRASE_PREDICTABLE');
    expect(await codeOf(createKeyset(phrase('short'), random))).toBe('PASSPHRASE_SHORT');
  });

  it('is taken when it is long and mixed', () => {
    for (const fine of [
      'correct horse battery',
      '青椒 自行车 雨伞 三月 钢琴',
      'demo passphrase 1',
      'Tr0mbone-lamp-orbit',
    ])
      expect(judge(fine)).toBe('fine');
  });

  it('is stretched by the stored parameters, which nobody can weaken', async () => {
    const method = three.methods[1]!;
    expect(method.params).toMatchObject({ memoryKiB: 47_104, passes: 2, lanes: 1 });
    expect(
      Keyset.safeParse({ ...three, methods: [{ ...method, params: { ...method.params, memoryKiB: 8 } }] })
        .success,
    ).toBe(false);
    expect(
      Keyset.safeParse({
        ...three,
        methods: [{ ...method, params: { ...method.params, memoryKiB: 2 ** 31 } }],
      }).success,
    ).toBe(false);
    const salted = { ...method, params: { ...method.params!, salt: toBase64Url(random(16)) } };
    expect(await codeOf(unlockKeyset({ ...three, methods: [salted] }, phrase('correct horse battery')))).toBe(
      'VAULT_LOCKED',
    );
    const bare = { ...method, params: null };
    expect(await codeOf(unlockKeyset({ ...three, methods: [bare] }, phrase('correct horse battery')))).toBe(
      'VAULT_LOCKED',
    );
  });
});

it('gives the same unlock keys for the same seed only', () => {
  const seed = random(32);
  expect(sealKeys(seed)).toEqual(sealKeys(seed));
  expect(fromBase64Url(sealKeys(seed).publicKey)).toHaveLength(1_216);
});
