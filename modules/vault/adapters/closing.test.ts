/** After a death: who may close a vault, what is handed over, and everything by which it is stopped. */
import { DAY, fromBase64Url, toBase64Url, toIso } from '@zhenmei/kernel';
import { openNote } from '@zhenmei/tlog';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eraseDue } from '../app/erase-due.ts';
import { deathNonce, openLegacy, sealLegacy } from '../core/closing/wish.ts';
import { readCertificate } from '../core/erasure/certificate.ts';
import { addMethod, createKeyset } from '../core/keyset.ts';
import { ownerStatement, signAsOwner, signKeyset } from '../core/owner.ts';
import { chooseGuardians, guardianKeys } from '../core/recovery/guardians.ts';
import { keep, newPerson } from './giving.property.ts';
import { codeOf, openRig, passkey, type Rig, random, verifierKeys } from './rig.property.ts';

let rig: Rig;
let as: Rig['as'];
const names = ['g1', 'g2', 'g3', 'g4', 'g5'];
const keys = names.map(() => guardianKeys(random(32)));
const codes: string[] = [];
beforeAll(async () => {
  rig = await openRig();
  as = rig.as;
  for (const [i, name] of names.entries())
    codes.push((await as('becomeGuardian', name, { body: { publicKey: keys[i]!.publicKey } })).code);
});
afterAll(async () => {
  await rig?.close();
});

let count = 0;
let me: string;
let root: Uint8Array<ArrayBuffer>;
let recovery: string;
beforeEach(async () => {
  me = `w${count++}`;
  const made = await createKeyset(passkey(1), random);
  root = made.root;
  await as('writeKeyset', me, { body: signKeyset(made.keyset, root) });
  await newPerson(rig, me, root);
  const guardians = codes.map((code, i) => ({ code, publicKey: keys[i]!.publicKey }));
  const { setup, unlock } = await chooseGuardians(guardians, 2, 48, me, random);
  recovery = setup.recovery;
  // the arrangement belongs to a keyset that knows it
  await as('writeKeyset', me, {
    body: signKeyset(await addMethod(made.keyset, root, unlock, random), root),
  });
  await as('chooseGuardians', me, {
    body: { ...setup, signature: signAsOwner(root, ownerStatement.guardians(setup)) },
  });
});

const wish = (change: object = {}, key = root) => {
  const asked = { kind: 'erase' as const, region: 'CN', heir: null, sealed: null, objects: [], ...change };
  return as('makeWish', me, { body: { ...asked, signature: signAsOwner(key, ownerStatement.wish(asked)) } });
};
const shown = (i: number, ward = recovery) => `${ward} ${deathNonce(recovery, codes[i]!)}`;
const report = (i = 0, presentation = shown(i)) =>
  as('reportDeath', names[i]!, { body: { recovery, presentation } });
const agree = (i: number, id: string) => codeOf(as('agreeToClosing', names[i]!, { params: { id } }));
const execute = (id: string, who = 'g1') => codeOf(as('carryOutClosing', who, { params: { id } }));

describe('a closing after a death', () => {
  it('begins only with a proven certificate for this person, shown by a guardian, and where something was chosen', async () => {
    expect(await codeOf(report())).toBe('CLOSING_NO_WISH');
    await wish();
    expect(await codeOf(report(0, shown(1)))).toBe('DEATH_NOT_PROVEN');
    expect(await codeOf(report(0, shown(0, 'SOMEBODY-ELSE')))).toBe('DEATH_NOT_PROVEN');
    const stranger = { body: { recovery, presentation: shown(0) } };
    expect(await codeOf(as('reportDeath', 'stranger', stranger))).toBe('GUARDIAN_UNKNOWN');
    const { dueAt } = await report();
    expect(dueAt).toBe(toIso(rig.clock.at + 7 * DAY));
    expect(await codeOf(report(1))).toBe('CLOSING_RUNNING');
    expect((await as('readNotices', me)).notices.at(-1)).toMatchObject({ kind: 'closing-started' });
  });

  it('erases what the person wanted erased, after the waiting period and with three guardians', async () => {
    const file = await keep(rig, { name: me, root, logKey: root }, `${me}-a`);
    await wish();
    const { id } = await report();
    expect(await agree(1, id)).toBe('none');
    rig.clock.at += 7 * DAY;
    // two would do for a recovery, not for this
    expect(await execute(id)).toBe('CLOSING_WAITING');
    expect(await codeOf(as('agreeToClosing', 'stranger', { params: { id } }))).toBe('GUARDIAN_UNKNOWN');
    expect(await agree(1, id)).toBe('none');
    expect(await execute(id)).toBe('CLOSING_WAITING');
    expect(await agree(2, id)).toBe('none');
    rig.clock.at -= 1;
    expect(await execute(id)).toBe('CLOSING_WAITING');
    rig.clock.at += 1;
    expect(await execute(id, 'stranger')).toBe('GUARDIAN_UNKNOWN');
    expect(await execute(id)).toBe('none');
    expect(await eraseDue(rig.ctx)).toBe(1);
    expect(await codeOf(as('readObject', me, { params: { name: file.object } }))).toBe('OBJECT_UNKNOWN');
    expect(await codeOf(as('readKeyset', me))).toBe('KEYSET_UNKNOWN');
    const row = await rig.ctx.db
      .selectFrom('vault.erasure')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const { certificate } = readCertificate(openNote(row.certificate!, verifierKeys).text);
    expect(certificate).toMatchObject({ cause: 'death', scope: 'everything' });
    expect(row.patient_id).toBeNull();
  });

  it('is stopped by any device of the person', async () => {
    await wish();
    const { id } = await report();
    for (const i of [1, 2]) await agree(i, id);
    expect(await codeOf(as('stopClosing', 'stranger', { params: { id } }))).toBe('CLOSING_UNKNOWN');
    await as('stopClosing', me, { params: { id } });
    rig.clock.at += 8 * DAY;
    expect(await execute(id)).toBe('CLOSING_UNKNOWN');
    expect(await agree(3, id)).toBe('CLOSING_UNKNOWN');
    expect((await as('readNotices', me)).notices.at(-1)).toMatchObject({ kind: 'closing-stopped' });
    // and can be reported anew
    expect((await report(1)).id).not.toBe(id);
  });

  it('hands over the chosen files to the chosen guardian only, then erases everything', async () => {
    const person = { name: me, root, logKey: root };
    const [a, b] = [await keep(rig, person, `${me}-a`), await keep(rig, person, `${me}-b`)];
    const legacy = {
      note: '给你',
      files: [
        { object: a.object, version: 1, key: toBase64Url(a.contentKey), title: 'x', mime: 'image/png' },
      ],
    };
    const sealed = await sealLegacy(legacy, codes[1]!, keys[1]!.publicKey, random);
    const chosen = { kind: 'hand-over', heir: codes[1]!, sealed, objects: [a.object] };
    expect(await codeOf(wish({ ...chosen, objects: [] }))).toBe('WISH_INVALID');
    expect(await codeOf(wish({ ...chosen, heir: null }))).toBe('WISH_INVALID');
    expect(await codeOf(wish(chosen, random(32)))).toBe('OWNER_SIGNATURE_WRONG');
    expect(await codeOf(wish({ ...chosen, region: 'ZZ' }))).toBe('ERASURE_REGION');
    await wish(chosen);
    const { id } = await report();
    for (const i of [1, 2]) await agree(i, id);
    const read = (who: string) => as('readLegacy', who, { params: { id } });
    expect(await codeOf(read('g2'))).toBe('CLOSING_WAITING');
    rig.clock.at += 7 * DAY;
    expect(await execute(id)).toBe('none');
    expect(await execute(id)).toBe('none');
    expect(await codeOf(read('g1'))).toBe('CLOSING_UNKNOWN');
    expect(await codeOf(read('stranger'))).toBe('GUARDIAN_UNKNOWN');
    const given = await openLegacy(keys[1]!, codes[1]!, (await read('g2')).sealed);
    expect(fromBase64Url(given.files[0]!.key)).toEqual(a.contentKey);
    expect(await codeOf(openLegacy(keys[0]!, codes[1]!, sealed))).toBe('VAULT_DAMAGED');
    const file = (name: string, who = 'g2') => as('readLegacyFile', who, { params: { id, name } });
    expect(Buffer.from((await file(a.object)).bytes).equals(Buffer.from(a.content))).toBe(true);
    expect(await codeOf(file(b.object))).toBe('OBJECT_UNKNOWN');
    expect(await codeOf(file(a.object, 'g1'))).toBe('CLOSING_UNKNOWN');
    rig.clock.at += 30 * DAY;
    expect(await eraseDue(rig.ctx)).toBe(1);
    expect(await codeOf(file(a.object))).toBe('CLOSING_UNKNOWN');
  });

  it('is listed for the person and for guardians only, and says to whom it goes once it is carried out', async () => {
    const list = (who: string) => as('listClosings', who);
    const chosen = { kind: 'hand-over', heir: codes[1]!, sealed: 'AAAA', objects: [`${me}-a`] };
    await wish(chosen);
    expect((await as('readWish', me)).wish).toMatchObject({ kind: 'hand-over', heir: codes[1]! });
    expect((await as('readWish', 'stranger')).wish).toBeNull();
    const of = async (i: number) =>
      (await list(names[i]!)).wards.find((ward) => ward.recovery === recovery)!.closing;
    expect(await of(0)).toBeNull();
    const { id } = await report();
    expect((await list(me)).mine).toMatchObject({ id, have: 1, need: 3, ready: false });
    expect(await list('stranger')).toEqual({ mine: null, wards: [] });
    expect(await of(0)).toMatchObject({ id, agreed: true, forMe: false });
    expect(await of(1)).toMatchObject({ id, agreed: false, forMe: false });
    for (const i of [1, 2]) await agree(i, id);
    expect(await of(1)).toMatchObject({ agreed: true, have: 3, ready: false });
    rig.clock.at += 7 * DAY;
    expect(await of(1)).toMatchObject({ ready: true, forMe: false });
    expect(await execute(id)).toBe('none');
    expect(await of(1)).toMatchObject({ forMe: true });
    expect(await of(0)).toMatchObject({ forMe: false });
  });

  it('cannot be carried out after the person took the wish back, which takes her own signature', async () => {
    await wish();
    const back = (key = root) =>
      as('withdrawWish', me, {
        body: { signature: signAsOwner(key, ownerStatement.wish({ kind: 'nothing' })) },
      });
    const { id } = await report();
    for (const i of [1, 2]) await agree(i, id);
    expect(await codeOf(back(random(32)))).toBe('OWNER_SIGNATURE_WRONG');
    expect((await as('readWish', me)).wish).not.toBeNull();
    await back();
    expect((await as('readWish', me)).wish).toBeNull();
    rig.clock.at += 8 * DAY;
    expect(await execute(id)).toBe('CLOSING_NO_WISH');
    expect(await codeOf(report(1))).toBe('CLOSING_NO_WISH');
  });
});
