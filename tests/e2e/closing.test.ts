/** After a death: chosen in life, stopped by any device, carried out with three guardians, received by the heir. */
import fs from 'node:fs';
import { becomeGuardian } from '@zhenmei/client/vault/guardians.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { DAY, toIso } from '@zhenmei/kernel';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { en } from '@zhenmei/web/src/words/en.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { drawFace } from '../house/drawn-face.ts';
import { newFriend } from '../house/friend.ts';
import { openTogether, type Seat, shot } from './browser.ts';
import {
  confirmed,
  go,
  keepPhoto,
  look,
  newVault,
  nowIn,
  passTime,
  press,
  signIn,
  state,
} from './vault-seat.ts';
import { collect } from './wallet-seat.ts';

const place = openTogether();

describe.each([
  { locale: 'zh-CN', w: zh, width: 390, photo: '正面照', me: '小安', note: '留给你。' },
  { locale: 'en', w: en, width: 1440, photo: 'Front view', me: 'An', note: 'For you.' },
] as const)('a closing in $locale on $width px', ({ locale, w, width, photo, me, note }) => {
  const seats: Seat[] = [];
  const friends: Vault[] = [];
  let phone: Page;
  let near: Page;
  let ward = '';
  afterAll(async () => {
    for (const { problems, context } of seats) {
      expect(problems).toEqual([]);
      await context.close();
    }
  });
  const see = async (page: Page, name: string) => {
    await look(page, `closing-${locale}-${name}`, locale, /[0-9A-Z]{4}(-[0-9A-Z]{4})+/g);
    await shot(page, `closing-${locale}-${name}`);
  };
  const seat = async () => {
    const opened = await newVault(place.browser, place.house, w, { width, locale });
    seats.push(opened);
    return opened.page;
  };
  /** The guardian's page, after a visit to the wallet or to another page. */
  const guardian = async () => {
    await near.goto(`${place.house.url}/vault/after`);
    await press(near, w['account.signIn']);
  };
  const report = async () => {
    await press(near, w['after.report']);
    await confirmed(near, w['after.report']);
    await state(near, w['after.waits']).waitFor();
  };

  it('is chosen in life, can be taken back, and without guardians cannot be chosen', async () => {
    [phone, near] = [await seat(), await seat()];
    await keepPhoto(phone, w, photo);
    await go(phone, '/vault/after');
    await phone.getByText(w['after.noGuardians']).waitFor();
    await see(phone, 'no-guardians');
    for (let i = 0; i < 4; i++) friends.push(await newFriend(place.house));
    await go(near, '/vault/keys');
    await press(near, w['guard.show']);
    const codes = [
      (await near.locator('[data-guardian]').textContent())!,
      ...(await Promise.all(friends.map(becomeGuardian))),
    ];
    await go(phone, '/vault/keys');
    await press(phone, w['guard.choose']);
    for (const [i, code] of codes.entries()) {
      await phone.getByLabel(w['guard.name'].replace('{n}', String(i + 1))).fill(`${me} ${i + 1}`);
      await phone.getByLabel(w['guard.code'].replace('{n}', String(i + 1))).fill(code);
    }
    await phone.getByLabel(w['guard.ward']).fill(me);
    await press(phone, w['guard.save']);
    await phone.getByRole('button', { name: w['guard.change'], exact: true }).waitFor();
    await go(phone, '/vault/after');
    await state(phone, w['after.is.nothing']).waitFor();
    await press(phone, w['after.choose']);
    await phone.getByRole('radio', { name: w['after.pick.erase'] }).check();
    await press(phone, w['after.save']);
    await state(phone, w['after.is.erase']).waitFor();
    await press(phone, w['after.undo']);
    await state(phone, w['after.is.nothing']).waitFor();
    await press(phone, w['after.choose']);
    await phone.getByRole('radio', { name: w['after.pick.hand-over'] }).check();
    await phone.getByRole('checkbox', { name: new RegExp(photo) }).check();
    await phone.getByLabel(w['after.note']).fill(note);
    await see(phone, 'choosing');
    await press(phone, w['after.save']);
    await state(phone, w['after.is.hand-over']).waitFor();
    await see(phone, 'chosen');
  });

  it('begins with a certificate from the wallet, is seen on the person’s device and stopped there', async () => {
    await guardian();
    await near.getByText(w['after.noCertificate']).waitFor();
    await see(near, 'no-certificate');
    ward = (await near.locator('[data-ward-code]').textContent())!.trim();
    const claims = { ward, on: toIso(await nowIn(place.house)).slice(0, 10) };
    await collect(near, place.house, w, { kind: 'deathCertificate', claims });
    await guardian();
    await state(near, w['after.certificate']).waitFor();
    await see(near, 'certificate');
    await report();
    await see(near, 'waiting');
    await phone.getByRole('link', { name: w['nav.vault'] }).first().click();
    await state(phone, w['after.running']).waitFor();
    await see(phone, 'running');
    await press(phone, w['after.alive']);
    await state(phone, w['after.running']).waitFor({ state: 'detached' });
    await state(near, w['after.certificate']).waitFor();
  });

  it('is carried out after the wait with three guardians; the heir receives and saves the file', async () => {
    await report();
    for (const { io } of friends.slice(0, 2)) {
      const { wards } = await io.api.call(vaultApi.listClosings);
      const { id } = wards.find(({ recovery }) => recovery === ward)!.closing!;
      await io.api.call(vaultApi.agreeToClosing, { params: { id } });
    }
    await passTime(place.house, toIso((await nowIn(place.house)) + 31 * DAY));
    await signIn(near, w);
    await press(near, w['after.carryOut']);
    await state(near, w['after.opened']).waitFor();
    await press(near, w['after.receive']);
    await near.getByText(note).waitFor();
    await see(near, 'received');
    const download = near.waitForEvent('download');
    await near.getByRole('button', { name: `${w['after.saveFile']} ${photo}` }).click();
    const bytes = fs.readFileSync((await (await download).path())!);
    expect(bytes.length).toBeGreaterThan(1_000);
    // the vault keeps a photo without what a camera adds; the picture itself is the same
    expect(bytes.subarray(0, 8)).toEqual(Buffer.from(drawFace(7, 'x').file).subarray(0, 8));
  });
});
