/** The lost phone: guardians, the waiting period, and every way to stop an impostor. */
import { HOUR } from '@zhenmei/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addMethod, createKeyset, type Keyset, removeMethod, unlockKeyset } from '../core/keyset.ts';
import { ownerStatement, signAsOwner, signKeyset } from '../core/owner.ts';
import {
  approve,
  chooseGuardians,
  combineApprovals,
  type GuardianSetup,
  guardianKeys,
  requestCode,
} from '../core/recovery/guardians.ts';
import { sealKeys } from '../core/seal.ts';
import { codeOf, openRig, passkey, type Rig, random } from './rig.property.ts';

let rig: Rig;
let as: Rig['as'];
const names = ['g1', 'g2', 'g3', 'g4', 'g5'];
const keys = names.map(() => guardianKeys(random(32)));
let guardians: { code: string; publicKey: string }[];
beforeAll(async () => {
  rig = await openRig();
  as = rig.as;
  guardians = [];
  for (const [i, name] of names.entries()) {
    const { publicKey } = keys[i]!;
    const { code } = await as('becomeGuardian', name, { body: { publicKey } });
    guardians.push({ code, publicKey });
  }
});
afterAll(async () => {
  await rig?.close();
});

let person = 0;
let me: string;
let keyset: Keyset;
let root: Uint8Array<ArrayBuffer>;
let setup: GuardianSetup;
beforeEach(async () => {
  me = `p${person++}`;
  const made = await createKeyset(passkey(1), random);
  root = made.root;
  await as('writeKeyset', me, { body: signKeyset(made.keyset, root) });
  const chosen = await chooseGuardians(guardians, 3, 48, me, random);
  setup = chosen.setup;
  keyset = await addMethod(made.keyset, root, chosen.unlock, random);
  await as('writeKeyset', me, { body: signKeyset(keyset, root) });
  await as('chooseGuardians', me, {
    body: { ...setup, signature: signAsOwner(root, ownerStatement.guardians(setup)) },
  });
});

async function start(recovery = setup.recovery) {
  const device = sealKeys(random(32));
  const asked = await as('startRecovery', null, { body: { recovery, publicKey: device.publicKey } });
  const bearer = { params: { id: asked.id }, bearer: asked.token };
  return { device, ...asked, bearer };
}

async function agree(name: string, code: string): Promise<string> {
  const i = names.indexOf(name);
  const { shares } = await as('entrusted', name);
  const mine = shares.find((s) => s.recovery === setup.recovery)!;
  const request = { id: mine.request!.id, publicKey: mine.request!.publicKey, code };
  const sealed = await approve(keys[i]!, mine.recovery, mine.sealed, request, random);
  return codeOf(as('approveRecovery', name, { params: { id: request.id }, body: { sealed } }));
}

describe('a recovery', () => {
  it('opens after the waiting period with three of five; the old phone is dead afterwards', async () => {
    const { device, id, bearer } = await start();
    const code = requestCode(setup.recovery, device.publicKey);
    expect((await as('readNotices', me)).notices.at(-1)).toMatchObject({
      kind: 'recovery-started',
      facts: { id },
    });
    expect(await codeOf(as('openRecovery', null, bearer))).toBe('RECOVERY_WAITING');
    expect(await agree('g1', code)).toBe('none');
    expect(await agree('g1', code)).toBe('none');
    expect(await agree('g4', code)).toBe('none');
    rig.clock.at += 48 * HOUR - 1;
    expect(await as('readRecovery', null, bearer)).toMatchObject({ state: 'waiting', need: 3, approvals: 2 });
    rig.clock.at += 1;
    expect(await codeOf(as('openRecovery', null, bearer))).toBe('RECOVERY_NOT_APPROVED');
    expect(await agree('g5', code)).toBe('none');
    expect((await as('readRecovery', null, bearer)).state).toBe('open');
    const given = await as('openRecovery', null, bearer);
    expect(await as('openRecovery', null, bearer)).toEqual(given);
    const unlock = await combineApprovals(
      device,
      setup.recovery,
      id,
      given.approvals.slice(0, 3),
      given.serverShare,
    );
    expect(await unlockKeyset(given.keyset, unlock)).toEqual(root);

    const mine = await addMethod(given.keyset, root, passkey(7), random);
    const once = await removeMethod(mine, root, passkey(1), random);
    const twice = await removeMethod(once.keyset, once.root, unlock, random);
    await as('writeKeyset', me, { body: signKeyset(mine, root) });
    await as('writeKeyset', me, { body: signKeyset(once.keyset, once.root, root) });
    await as('writeKeyset', me, { body: signKeyset(twice.keyset, twice.root, once.root) });
    const now = await as('readKeyset', me);
    expect(await unlockKeyset(now, passkey(7))).toEqual(twice.root);
    expect(await codeOf(unlockKeyset(now, passkey(1)))).toBe('VAULT_LOCKED');
    expect(await codeOf(unlockKeyset(now, unlock))).toBe('VAULT_LOCKED');
    expect(await as('readGuardianship', me)).toEqual({ arrangement: null, running: null });
    expect(await codeOf(as('openRecovery', null, bearer))).toBe('RECOVERY_ENDED');
    expect(await codeOf(start())).toBe('RECOVERY_UNKNOWN');
    const old = signKeyset(await addMethod(keyset, root, passkey(8), random), root);
    expect(await codeOf(as('writeKeyset', me, { body: old }))).toBe('KEYSET_CONFLICT');
  });

  it('of an impostor is cancelled by any device, whatever the guardians agreed to', async () => {
    const { device, id, bearer } = await start();
    const code = requestCode(setup.recovery, device.publicKey);
    for (const name of ['g1', 'g2', 'g3']) expect(await agree(name, code)).toBe('none');
    expect((await as('readGuardianship', me)).running).toMatchObject({ id, approvals: 3 });
    expect(await codeOf(as('cancelRecovery', 'g1', { params: { id } }))).toBe('RECOVERY_UNKNOWN');
    await as('cancelRecovery', me, { params: { id } });
    rig.clock.at += 72 * HOUR;
    expect(await codeOf(as('openRecovery', null, bearer))).toBe('RECOVERY_ENDED');
    expect((await as('readRecovery', null, bearer)).state).toBe('cancelled');
    expect(await codeOf(as('cancelRecovery', me, { params: { id } }))).toBe('RECOVERY_ENDED');
    expect(await codeOf(as('approveRecovery', 'g4', { params: { id }, body: { sealed: 'AAAA' } }))).toBe(
      'RECOVERY_ENDED',
    );
    expect((await as('readNotices', me)).notices.at(-1)!.kind).toBe('recovery-cancelled');
  });

  it('is one at a time and three a week', async () => {
    const first = await start();
    expect(await codeOf(start())).toBe('RECOVERY_RUNNING');
    await as('cancelRecovery', me, { params: { id: first.id } });
    for (let i = 0; i < 2; i++) await as('cancelRecovery', me, { params: { id: (await start()).id } });
    expect(await codeOf(start())).toBe('RECOVERY_TOO_OFTEN');
    rig.clock.at += 7 * 24 * HOUR;
    expect(await codeOf(start())).toBe('none');
    rig.clock.at += 40 * 24 * HOUR;
    expect(await codeOf(start())).toBe('none');
  });

  it('is nobody else’s: without the token, without being a guardian, without the code', async () => {
    const { id, bearer } = await start();
    for (const token of [null, 'AAAA'])
      for (const route of ['readRecovery', 'openRecovery'] as const)
        expect(await codeOf(as(route, null, { ...bearer, bearer: token }))).toBe('RECOVERY_UNKNOWN');
    expect(await codeOf(as('approveRecovery', 'stranger', { params: { id }, body: { sealed: 'AA' } }))).toBe(
      'GUARDIAN_UNKNOWN',
    );
    expect(await codeOf(start('0000-0000-0000-0000'))).toBe('RECOVERY_UNKNOWN');
    expect(await as('entrusted', 'stranger')).toEqual({ code: null, shares: [] });
  });
});

describe('an arrangement', () => {
  const put = (made: GuardianSetup, by = root) =>
    codeOf(
      as('chooseGuardians', me, {
        body: { ...made, signature: signAsOwner(by, ownerStatement.guardians(made)) },
      }),
    );

  it('is refused unless the open vault signed it and every guardian is somebody else', async () => {
    expect(await put(setup, random(32))).toBe('OWNER_SIGNATURE_WRONG');
    const shares = [...setup.shares.slice(0, 2), setup.shares[0]!];
    expect(await put({ ...setup, shares })).toBe('GUARDIAN_TWICE');
    expect(await put({ ...setup, need: 6 })).toBe('GUARDIANS_COUNT');
    const strange = setup.shares.map((s, i) => (i === 0 ? { ...s, code: '0000-0000-0000-0000' } : s));
    expect(await put({ ...setup, shares: strange })).toBe('GUARDIAN_UNKNOWN');
    const { publicKey } = guardianKeys(root);
    const { code } = await as('becomeGuardian', me, { body: { publicKey } });
    const own = setup.shares.map((s, i) => (i === 0 ? { ...s, code } : s));
    expect(await put({ ...setup, shares: own })).toBe('GUARDIAN_TWICE');
    expect((await as('readGuardianship', me)).arrangement).toMatchObject({ need: 3, hours: 48 });
  });

  it('gives a guardian’s key only for its code', async () => {
    const { publicKey } = await as('readGuardian', me, { params: { code: guardians[0]!.code } });
    expect(publicKey).toBe(guardians[0]!.publicKey);
    expect(await codeOf(as('readGuardian', me, { params: { code: '0000-0000-0000-0000' } }))).toBe(
      'GUARDIAN_UNKNOWN',
    );
  });
});
