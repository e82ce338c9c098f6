/** A vault over a whole house: what devices do through the public API, with real passkeys in software. */
import { p256 } from '@noble/curves/nist.js';
import { apiAt, type Place, random } from '@zhenmei/cli/visit-play.ts';
import { softwarePasskey } from '@zhenmei/client/software-passkey.ts';
import {
  addUnlock,
  answerPairing,
  beginPairing,
  completePairing,
  continuePairing,
  dropDevices,
  joinAccount,
  rootByCode,
} from '@zhenmei/client/vault/devices.ts';
import {
  agreeTo,
  askGuardians,
  becomeGuardian,
  chooseGuardians,
  rootByGuardians,
  wards,
} from '@zhenmei/client/vault/guardians.ts';
import type { VaultIo } from '@zhenmei/client/vault/io.ts';
import { Vault } from '@zhenmei/client/vault/vault.ts';
import { visitOf } from '@zhenmei/client/vault/visits.ts';
import { identityApi } from '@zhenmei/identity/api.ts';
import { fromBase64Url, fromHex, HOUR, toBase64Url, toHex0x, utf8 } from '@zhenmei/kernel';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { agreementKey } from '@zhenmei/vault/core/derive.ts';
import type { Unlock } from '@zhenmei/vault/core/keyset.ts';
import { recoveryCode, recoveryUnlock } from '@zhenmei/vault/core/recovery-code.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
let place: Place;
beforeAll(async () => {
  house = await openTestHouse();
  place = { baseUrl: house.url, origin: house.url, patience: 0 };
});
afterAll(async () => {
  await house?.close();
});

const codeOf = (p: Promise<unknown>) =>
  p.then(
    () => 'done',
    (e: { code?: string }) => e.code ?? String(e),
  );

interface Device {
  readonly io: VaultIo;
  readonly passkey: ReturnType<typeof softwarePasskey>;
}

const device = (): Device => ({
  io: { api: apiAt(place, 'patient'), now: () => house.house.deps.clock.now(), random },
  passkey: softwarePasskey(random(32), place.origin),
});

/** A new person on a new phone. */
async function newcomer(): Promise<{ phone: Device; vault: Vault; unlock: Unlock }> {
  const phone = device();
  const { api } = phone.io;
  const { challenge, rpId } = await api.call(identityApi.challenge, { body: { purpose: 'patient' } });
  const { json, prf } = await phone.passkey.register({ challenge, rpId, userName: 'x' });
  await api.call(identityApi.registerPatient, { body: { registration: json } });
  const unlock: Unlock = { kind: 'passkey', id: json.id, secret: prf! };
  return { phone, vault: await Vault.create(phone.io, unlock), unlock };
}

const reopened = async (io: VaultIo, unlock: Unlock) =>
  Vault.open(io, await io.api.call(vaultApi.readKeyset), unlock);
const photo = (content: Uint8Array<ArrayBuffer>) =>
  ({
    facts: {
      compartment: 'face-photos',
      kind: 'photo',
      title: '正面',
      at: '2026-11-24',
      mime: 'image/jpeg',
    } as const,
    content,
  }) as const;

describe('a vault', () => {
  it('keeps large objects, reads ranges of them, and deletes them', async () => {
    const { phone, vault, unlock } = await newcomer();
    const { facts, content } = photo(random(2_500_000));
    const item = await vault.put(facts, content);
    const again = await reopened(phone.io, unlock);
    expect(again.contents.items).toEqual([item]);
    expect(Buffer.from(await again.read(item)).equals(Buffer.from(content))).toBe(true);
    const part = await again.readRange(item, 1_000_000, 1_000_100);
    expect(Buffer.from(part).equals(Buffer.from(content.subarray(1_000_000, 1_000_100)))).toBe(true);
    await again.put({ ...facts, title: '正面（新）' }, utf8('v2'), item);
    expect(again.contents.items).toMatchObject([{ version: 2, title: '正面（新）', size: 2 }]);
    await again.remove(again.contents.items[0]!);
    expect(again.contents.items).toEqual([]);
    expect(await codeOf(again.read(item))).toBe('OBJECT_UNKNOWN');
  });

  it('keeps what two devices write at the same time', async () => {
    const { phone, vault, unlock } = await newcomer();
    const other = await reopened(phone.io, unlock);
    const { facts } = photo(utf8(''));
    await Promise.all([
      vault.put({ ...facts, title: 'a' }, utf8('a')),
      other.put({ ...facts, title: 'b' }, utf8('b')),
      vault.rememberVisit(note('v1', 0)),
      other.rememberVisit(note('v2', 1)),
    ]);
    const third = await reopened(phone.io, unlock);
    expect(third.contents.items.map((i) => i.title).sort()).toEqual(['a', 'b']);
    expect(third.visits.map((v) => v.id).sort()).toEqual(['v1', 'v2']);
  });
});

const note = (id: string, index: number, generation = 1) => ({
  id,
  index,
  generation,
  clinic: { zh: '梅园', en: 'Plum' },
  service: { zh: '填充', en: 'Filler' },
  at: '2026-12-01T02:00:00.000Z',
});

describe('a second phone', () => {
  it('adds a way in although the first one changed the keyset meanwhile, but not over a renewed root', async () => {
    const { phone, vault, unlock } = await newcomer();
    const other = await reopened(phone.io, unlock);
    await addUnlock(vault, recoveryUnlock(recoveryCode(random(26))));
    await addUnlock(other, recoveryUnlock(recoveryCode(random(26))));
    expect(other.keyset.methods.map((m) => m.kind)).toEqual(['passkey', 'recovery', 'recovery']);
    await vault.rotate();
    expect(vault.keyset.methods).toHaveLength(3);
    expect(await codeOf(addUnlock(other, recoveryUnlock(recoveryCode(random(26)))))).toBe('KEYSET_CONFLICT');
  });

  it('comes in by six digits, opens everything, and each opens alone after a renewal by one', async () => {
    const { phone, vault, unlock } = await newcomer();
    const item = await vault.put(photo(utf8('face')).facts, utf8('face'));
    await vault.rememberVisit(note('v', 0));
    const second = device();
    const waiting = await beginPairing(second.io);
    const nonce = await answerPairing(phone.io, waiting.code.toLowerCase());
    const { digits } = await continuePairing(second.io, waiting);
    expect(await codeOf(completePairing(vault, waiting.code, nonce, '000000'))).toBe('PAIRING_NOT_SAME');
    expect(await completePairing(vault, waiting.code, nonce, digits!)).toBe(true);
    const { roots } = await continuePairing(second.io, waiting);
    const joined = await joinAccount(second.io, second.passkey, roots!.at(-1)!);
    expect(Buffer.from(await joined.vault.read(item)).toString()).toBe('face');

    const one = await reopened(phone.io, unlock);
    await one.rotate();
    for (const [io, way] of [
      [phone.io, unlock],
      [second.io, joined.unlock!],
    ] as const) {
      const opened = await reopened(io, way);
      expect(Buffer.from(await opened.read(opened.contents.items[0]!)).toString()).toBe('face');
      // the keys of a visit that was booked before the renewal are the same
      expect(agreementKey(visitOf(opened, 'v')!.root, 0)).toEqual(agreementKey(vault.root, 0));
    }
    expect((await phone.io.api.call(vaultApi.listDevices)).devices).toHaveLength(2);
    const { notices } = await phone.io.api.call(vaultApi.readNotices);
    expect(notices.map((n) => n.kind)).toEqual(['device-added']);
  });
});

describe('a lost phone', () => {
  it('is dead after the paper brought the person back: it neither signs in nor opens', async () => {
    const { phone: lost, vault, unlock } = await newcomer();
    const item = await vault.put(photo(utf8('face')).facts, utf8('face'));
    const paper = recoveryCode(random(26));
    await addUnlock(vault, recoveryUnlock(paper));
    const old = vault.keyset;

    const found = device();
    const root = await rootByCode(found.io, ` ${paper.toLowerCase()} `);
    const { vault: mine, credential } = await joinAccount(found.io, found.passkey, root);
    expect(Buffer.from(await mine.read(item)).toString()).toBe('face');
    await dropDevices(mine, [unlock], [lost.passkey.credentialId], credential);

    expect(await codeOf(lost.io.api.call(vaultApi.readKeyset))).toBe('NOT_SIGNED_IN');
    expect(await codeOf(signIn(lost))).toBe('PASSKEY_UNKNOWN');
    // even if it kept everything it knew: the server takes nothing from it, and new things it cannot read
    const fresh = await mine.put(photo(utf8('new')).facts, utf8('new'));
    const stale = await Vault.open(found.io, old, unlock);
    expect(await codeOf(stale.contentKey(fresh))).toBe('VAULT_DAMAGED');
    expect(await codeOf(stale.rotate())).toBe('KEYSET_CONFLICT');
    expect(await codeOf(joinAccount(device().io, device().passkey, vault.root))).toBe('OWNER_UNKNOWN');
    expect((await found.io.api.call(vaultApi.listDevices)).devices.map((d) => d.credential)).toEqual([
      credential,
    ]);
  });

  it('comes back with three of five guardians after the wait, though the thief tries first', async () => {
    const { phone, vault, unlock } = await newcomer();
    const item = await vault.put(photo(utf8('face')).facts, utf8('face'));
    const friends = await Promise.all([1, 2, 3, 4, 5].map(newcomer));
    const codes = await Promise.all(friends.map(({ vault: v }) => becomeGuardian(v)));
    const chosen = codes.map((code, i) => ({ code, name: `friend ${i}` }));
    await chooseGuardians(vault, chosen, { need: 3, hours: 48, ward: '小安' });
    await friends[4]!.vault.rotate();

    const [ward] = await wards(friends[0]!.vault);
    expect(ward).toMatchObject({ name: '小安', request: null });
    const thief = await askGuardians(device().io, ward!.recovery);
    const { notices } = await phone.io.api.call(vaultApi.readNotices);
    expect(notices.at(-1)).toMatchObject({ kind: 'recovery-started', facts: { id: thief.id } });
    await phone.io.api.call(vaultApi.cancelRecovery, { params: { id: thief.id } });

    const found = device();
    const asking = await askGuardians(found.io, ward!.recovery.toLowerCase());
    for (const i of [0, 2, 4]) {
      const [mine] = await wards(friends[i]!.vault);
      expect(await codeOf(agreeTo(friends[i]!.vault, mine!, '0000-0000-0000'))).toBe('PAIRING_NOT_SAME');
      await agreeTo(friends[i]!.vault, mine!, asking.code);
    }
    expect(await codeOf(rootByGuardians(found.io, asking))).toBe('RECOVERY_WAITING');
    house.house.deps.clock.advance(48 * HOUR);
    const root = await rootByGuardians(found.io, asking);
    const { vault: mine, credential } = await joinAccount(found.io, found.passkey, root);
    const guardianWay = mine.keyset.methods.find((m) => m.kind === 'guardians')!;
    await dropDevices(mine, [unlock, guardianWay], [phone.passkey.credentialId], credential);
    expect(Buffer.from(await mine.read(mine.contents.items[0]!)).toString()).toBe('face');
    expect(mine.contents.items[0]!.object).toBe(item.object);
    expect(await codeOf(phone.io.api.call(vaultApi.readKeyset))).toBe('NOT_SIGNED_IN');
    expect(await wards(friends[0]!.vault)).toEqual([]);
  });
});

async function signIn({ io, passkey }: Device): Promise<void> {
  const { challenge, rpId } = await io.api.call(identityApi.challenge, { body: { purpose: 'sign-in' } });
  const signed = await passkey.sign(toHex0x(fromBase64Url(challenge)), rpId);
  const signature = new p256.Signature(BigInt(signed.r), BigInt(signed.s)).toBytes('der');
  const json = {
    id: passkey.credentialId,
    rawId: passkey.credentialId,
    type: 'public-key' as const,
    response: {
      clientDataJSON: toBase64Url(utf8(signed.clientDataJSON)),
      authenticatorData: toBase64Url(fromHex(signed.authenticatorData)),
      signature: toBase64Url(signature),
    },
    clientExtensionResults: {},
  };
  await io.api.call(identityApi.signIn, { body: { assertion: json } });
}
