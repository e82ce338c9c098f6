/** Who may change a vault: keysets signed by the open vault, devices that come and go, pairings in order. */
import { sha256, toBase64Url, utf8 } from '@zhenmei/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { vaultApi } from '../api.ts';
import { assertRevealed, handOver, pairingDigits, startPairing, takeOver } from '../core/devices/pairing.ts';
import {
  addMethod,
  createKeyset,
  openKeyset,
  removeMethod,
  rotateRoot,
  type Unlock,
  unlockKeyset,
} from '../core/keyset.ts';
import { ownerKey, ownerStatement, signAsOwner, signKeyset } from '../core/owner.ts';
import { readRecoveryCode, recoveryCode, recoveryUnlock } from '../core/recovery-code.ts';
import { codeOf, idOf, openRig, passkey, type Rig, random } from './rig.property.ts';

let rig: Rig;
let as: Rig['as'];
beforeAll(async () => {
  rig = await openRig();
  as = rig.as;
});
afterAll(async () => {
  await rig?.close();
});

const registration = (id: string) => ({
  id,
  rawId: id,
  type: 'public-key' as const,
  response: { clientDataJSON: toBase64Url(utf8(`challenge of ${id}`)), attestationObject: 'AAAA' },
});

describe('the keyset', () => {
  it('is kept as it is, by revision, signed by the one before', async () => {
    expect(await codeOf(as('readKeyset', 'ann'))).toBe('KEYSET_UNKNOWN');
    const { keyset, root } = await createKeyset(passkey(1), random);
    await as('writeKeyset', 'ann', { body: signKeyset(keyset, root) });
    expect(await as('readKeyset', 'ann')).toEqual(keyset);
    const next = await addMethod(keyset, root, passkey(2), random);
    const body = signKeyset(next, root);
    await as('writeKeyset', 'ann', { body });
    await as('writeKeyset', 'ann', { body });
    expect(await unlockKeyset(await as('readKeyset', 'ann'), passkey(2))).toEqual(root);
    expect(await codeOf(as('readKeyset', 'bo'))).toBe('KEYSET_UNKNOWN');

    const other = await addMethod(keyset, root, passkey(3), random);
    for (const made of [keyset, other, { ...next, revision: 9 }])
      expect(await codeOf(as('writeKeyset', 'ann', { body: signKeyset(made, root) }))).toBe(
        'KEYSET_CONFLICT',
      );
    expect(await as('readKeyset', 'ann')).toEqual(next);
  });

  it('is not replaced by a session that cannot open the vault', async () => {
    const stored = await as('readKeyset', 'ann');
    const thief = await createKeyset(passkey(9), random);
    const theirs = { ...thief.keyset, revision: stored.revision + 1 };
    for (const body of [
      signKeyset(theirs, thief.root),
      { ...signKeyset(theirs, thief.root), next: ownerKey(await unlockKeyset(stored, passkey(1))) },
    ])
      expect(await codeOf(as('writeKeyset', 'ann', { body }))).toBe('OWNER_SIGNATURE_WRONG');
    expect(await as('readKeyset', 'ann')).toEqual(stored);
    expect(vaultApi.writeKeyset.body!.safeParse(theirs).success).toBe(false);
  });

  it('passes to a new root by the signature of the old one only', async () => {
    const stored = await as('readKeyset', 'ann');
    const root = await unlockKeyset(stored, passkey(1));
    const turned = await rotateRoot(stored, root, random);
    const alone = signKeyset(turned.keyset, turned.root);
    expect(await codeOf(as('writeKeyset', 'ann', { body: alone }))).toBe('OWNER_SIGNATURE_WRONG');
    await as('writeKeyset', 'ann', { body: signKeyset(turned.keyset, turned.root, root) });
    expect((await openKeyset(await as('readKeyset', 'ann'), passkey(2))).roots).toEqual([root, turned.root]);
    const back = await addMethod(turned.keyset, turned.root, passkey(4), random);
    expect(await codeOf(as('writeKeyset', 'ann', { body: signKeyset(back, turned.root, root) }))).toBe(
      'OWNER_SIGNATURE_WRONG',
    );
  });

  it('is written by one of two devices, and not in the middle of nothing', async () => {
    const { keyset, root } = await createKeyset(passkey(1), random);
    const write = (made: Parameters<typeof signKeyset>[0], by: Uint8Array, before = by) =>
      codeOf(as('writeKeyset', 'bo', { body: signKeyset(made, by, before) }));
    expect(await write({ ...keyset, revision: 2 }, root)).toBe('KEYSET_CONFLICT');
    const first = await createKeyset(passkey(1), random);
    const both = await Promise.all([write(keyset, root), write(first.keyset, first.root)]);
    expect(both.sort()).toEqual(['KEYSET_CONFLICT', 'none']);
    const winner = await as('readKeyset', 'bo');
    const won = winner.mac === keyset.mac ? root : first.root;
    const turned = await Promise.all([1, 2].map(() => rotateRoot(winner, won, random)));
    const results = await Promise.all(turned.map((t) => write(t.keyset, t.root, won)));
    expect(results.sort()).toEqual(['KEYSET_CONFLICT', 'none']);
  });

  it('is found by a recovery code as long as that code is one of the ways in', async () => {
    const code = recoveryCode(random(26));
    const paper = recoveryUnlock(code);
    const made = await createKeyset(passkey(1), random);
    await as('writeKeyset', 'cy', { body: signKeyset(made.keyset, made.root) });
    expect(await codeOf(as('findKeyset', null, { params: { locator: paper.id } }))).toBe('KEYSET_UNKNOWN');
    const with_ = await addMethod(made.keyset, made.root, paper, random);
    await as('writeKeyset', 'cy', { body: signKeyset(with_, made.root) });
    const found = await as('findKeyset', null, { params: { locator: recoveryUnlock(code).id } });
    expect(await unlockKeyset(found, { ...paper, secret: readRecoveryCode(code.toLowerCase()) })).toEqual(
      made.root,
    );
    const gone = await removeMethod(with_, made.root, paper, random);
    await as('writeKeyset', 'cy', { body: signKeyset(gone.keyset, gone.root, made.root) });
    expect(await codeOf(as('findKeyset', null, { params: { locator: paper.id } }))).toBe('KEYSET_UNKNOWN');
  });
});

describe('devices', () => {
  const account = idOf('dan');
  let root: Uint8Array<ArrayBuffer>;
  beforeAll(async () => {
    const made = await createKeyset(passkey(1), random);
    root = made.root;
    await as('writeKeyset', 'dan', { body: signKeyset(made.keyset, root) });
    rig.passkeys.set(account, ['cred-1']);
  });
  const add = (id: string, by = root, statement = ownerStatement.attach(registration(id))) =>
    as('addDevice', null, {
      body: { registration: registration(id), owner: ownerKey(by), signature: signAsOwner(by, statement) },
    });

  it('come in with the signature of the open vault, for one registration', async () => {
    expect(await add('cred-2')).toEqual({ accountId: account });
    expect(rig.passkeys.get(account)).toEqual(['cred-1', 'cred-2']);
    expect(rig.sessions.at(-1)).toBe(`in ${account}`);
    expect(await codeOf(add('cred-3', random(32)))).toBe('OWNER_UNKNOWN');
    expect(await codeOf(add('cred-3', root, ownerStatement.attach(registration('cred-2'))))).toBe(
      'OWNER_SIGNATURE_WRONG',
    );
    expect((await as('readNotices', 'dan')).notices.map((n) => n.kind)).toEqual(['device-added']);
    expect((await as('listDevices', 'dan')).devices).toHaveLength(2);
  });

  it('go out signed, never the last one, and their sessions end', async () => {
    const remove = (credentials: string[], keep: string, by = root) =>
      as('removeDevices', 'dan', {
        body: {
          credentials,
          keep,
          signature: signAsOwner(by, ownerStatement.removeDevices(credentials, keep)),
        },
      });
    expect(await codeOf(remove(['cred-1'], 'cred-2', random(32)))).toBe('OWNER_SIGNATURE_WRONG');
    expect(await codeOf(remove(['cred-9'], 'cred-2'))).toBe('VAULT_DEVICE_UNKNOWN');
    expect(await codeOf(remove(['cred-1', 'cred-2'], 'cred-2'))).toBe('DEVICE_LAST');
    expect(await codeOf(remove(['cred-1'], 'cred-9'))).toBe('DEVICE_LAST');
    await remove(['cred-1'], 'cred-2');
    expect(rig.passkeys.get(account)).toEqual(['cred-2']);
    expect(rig.sessions.at(-1)).toBe(`others out ${account}`);
    expect(await codeOf(remove(['cred-1'], 'cred-2'))).toBe('VAULT_DEVICE_UNKNOWN');
    expect((await as('readNotices', 'dan', { query: { after: '1' } })).notices).toMatchObject([
      { n: 2, kind: 'device-removed', facts: { count: 1 } },
    ]);
  });
});

describe('a pairing', () => {
  const begin = async () => {
    const device = startPairing(random);
    const { code, token } = await as('startPairing', null, { body: { commitment: device.commitment } });
    const revealed = { publicKey: device.keys.publicKey, opening: device.opening };
    return { device, code, token, revealed, params: { code } };
  };

  it('hands every root to the new device once the digits are the same on both', async () => {
    const { device, code, token, revealed, params } = await begin();
    const nonce = toBase64Url(random(32));
    await as('answerPairing', 'ann', { params, body: { nonce } });
    await as('revealPairing', null, { params, body: revealed, bearer: token });
    const seen = await as('readPairing', null, { params });
    assertRevealed(seen.commitment, seen.revealed!);
    expect(pairingDigits(seen.revealed!, nonce)).toBe(pairingDigits(revealed, seen.nonce!));
    expect(pairingDigits(revealed, nonce)).toMatch(/^\d{6}$/);
    const roots = [random(32), random(32)];
    await as('completePairing', 'ann', {
      params,
      body: { sealed: await handOver(code, seen.revealed!, roots, random) },
    });
    const { sealed } = await as('readPairing', null, { params });
    expect(await takeOver(code, device.keys, sealed!)).toEqual(roots);
    expect(await codeOf(takeOver('AAAA-AAAA', device.keys, sealed!))).toBe('VAULT_DAMAGED');
    expect(await codeOf(takeOver(code, startPairing(random).keys, sealed!))).toBe('VAULT_DAMAGED');
  });

  it('keeps to its order, to one account and to one writing of each message', async () => {
    const { token, revealed, params } = await begin();
    const nonce = toBase64Url(random(32));
    const key = { params, body: revealed, bearer: token };
    expect(await codeOf(as('revealPairing', null, key))).toBe('PAIRING_OUT_OF_ORDER');
    expect(await codeOf(as('completePairing', 'ann', { params, body: { sealed: 'AAAA' } }))).toBe(
      'PAIRING_OUT_OF_ORDER',
    );
    await as('answerPairing', 'ann', { params, body: { nonce } });
    expect(await codeOf(as('answerPairing', 'bo', { params, body: { nonce } }))).toBe('PAIRING_OUT_OF_ORDER');
    expect(await codeOf(as('revealPairing', null, { ...key, bearer: null }))).toBe('PAIRING_UNKNOWN');
    expect(await codeOf(as('revealPairing', null, { ...key, bearer: toBase64Url(random(32)) }))).toBe(
      'PAIRING_UNKNOWN',
    );
    await as('revealPairing', null, key);
    expect(await codeOf(as('revealPairing', null, key))).toBe('PAIRING_OUT_OF_ORDER');
    expect(await codeOf(as('completePairing', 'bo', { params, body: { sealed: 'AAAA' } }))).toBe(
      'PAIRING_OUT_OF_ORDER',
    );
    expect(await codeOf(as('readPairing', null, { params: { code: '0000-0000' } }))).toBe('PAIRING_UNKNOWN');
    rig.clock.at += 11 * 60_000;
    expect(await codeOf(as('readPairing', null, { params }))).toBe('PAIRING_UNKNOWN');
  });

  it('notices a key that was put in the middle after the nonce was known', async () => {
    const { device, revealed } = await begin();
    const middle = startPairing(random);
    const theirs = { publicKey: middle.keys.publicKey, opening: middle.opening };
    for (const shown of [theirs, { ...revealed, publicKey: theirs.publicKey }, { ...revealed, opening: 'A' }])
      expect(() => assertRevealed(device.commitment, shown)).toThrow(/PAIRING_NOT_SAME/);
    const nonce = toBase64Url(sha256(utf8('n')));
    expect(pairingDigits(theirs, nonce)).not.toBe(pairingDigits(revealed, nonce));
    expect(pairingDigits(revealed, toBase64Url(random(32)))).not.toBe(pairingDigits(revealed, nonce));
  });
});

it('keeps the second way in when a passkey without PRF is only there to sign in', async () => {
  const phrase: Unlock = { kind: 'passphrase', id: 'passphrase', secret: utf8('correct horse battery') };
  const made = await createKeyset(phrase, random);
  const three = await addMethod(
    await addMethod(made.keyset, made.root, passkey(1), random),
    made.root,
    passkey(2),
    random,
  );
  const turned = await rotateRoot(three, made.root, random);
  for (const unlock of [phrase, passkey(1), passkey(2)])
    expect(await unlockKeyset(turned.keyset, unlock)).toEqual(turned.root);
});
