/** The vault in a browser: a new patient, a new clinic, taking back while it reads, a second phone, a lost phone. */
import fs from 'node:fs';
import path from 'node:path';
import { apiAt, type Place, random } from '@zhenmei/cli/visit-play.ts';
import { softwarePasskey } from '@zhenmei/client/software-passkey.ts';
import { readAge } from '@zhenmei/client/vault/age-file.ts';
import { agreeTo, becomeGuardian, wards } from '@zhenmei/client/vault/guardians.ts';
import { Vault } from '@zhenmei/client/vault/vault.ts';
import { identityApi } from '@zhenmei/identity/api.ts';
import { HOUR, toIso } from '@zhenmei/kernel';
import { demoApi, houseApi } from '@zhenmei/server/api/contract.ts';
import { readZip } from '@zhenmei/vault/core/export/zip.ts';
import { en } from '@zhenmei/web/src/words/en.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawFace } from '../house/drawn-face.ts';
import { openTestHouse, type TestHouse } from '../house/test-house.ts';
import { englishWords, openBrowser, openSeat, overflow, type Seat, violations } from './browser.ts';

let browser: Browser;
let house: TestHouse;
const shots = process.env.SHOTS;
beforeAll(async () => {
  [browser, house] = await Promise.all([openBrowser(), openTestHouse()]);
});
afterAll(async () => {
  await browser?.close();
  await house?.close();
});

const PHRASE = 'seven quiet herons at dusk';
const face = drawFace(7, 'Hangzhou 30.27N 120.15E');

describe.each([
  { locale: 'zh-CN', w: zh, prf: true, width: 390, photo: '正面照', other: '侧面照', me: '小安' },
  { locale: 'en', w: en, prf: false, width: 1440, photo: 'Front view', other: 'Side view', me: 'An' },
] as const)('a vault in $locale on $width px, PRF $prf', ({ locale, w, prf, width, photo, other, me }) => {
  const seats: Seat[] = [];
  const seat = async (wide: number = width): Promise<Page> => {
    const opened = await openSeat(browser, { width: wide, height: 844, locale, prf });
    seats.push(opened);
    return opened.page;
  };
  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
  const confirmed = (page: Page, name: string) =>
    page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
  /** A word with its mark. */
  const state = (page: Page, word: string) => page.getByText(new RegExp(`^[✓!✕?·]${word}$`));
  const go = (page: Page, to: string) => page.locator(`main a[href="${to}"]`).first().click();
  /** What somebody who looks at the page would complain about. */
  const look = async (page: Page, name: string): Promise<void> => {
    await page.locator('h1').first().waitFor();
    expect(await violations(page), name).toEqual([]);
    expect(await overflow(page), name).toBe(0);
    if (locale === 'zh-CN') {
      const same = /[0-9A-Z]{4}(-[0-9A-Z]{4})+|[\d.]+\s?[kM]?B|\b(?:QR|age|ZIP)\b|Linux|BDDE|PDRN|DNA/g;
      expect(await englishWords(page, same, 'main'), name).toEqual([]);
    }
    if (!shots) return;
    fs.mkdirSync(shots, { recursive: true });
    await page.screenshot({ path: path.join(shots, `vault-${locale}-${name}.png`), fullPage: true });
  };
  const unlocked = async (page: Page) => {
    if (!prf) {
      await page.getByLabel(w['account.passphrase']).fill(PHRASE);
      await press(page, w['account.continue']);
    }
    await page.getByRole('heading', { name: w['keep.title'] }).waitFor();
  };

  let phone: Page;
  let desk: Page;
  let paper = '';
  const friends: Vault[] = [];

  afterAll(async () => {
    for (const { context } of seats) await context.close();
  });

  it('is made by a new patient, who keeps allergies and photos without their metadata', async () => {
    phone = await seat();
    await phone.goto(`${house.url}/vault`);
    await look(phone, 'locked');
    await press(phone, w['account.create']);
    await unlocked(phone);
    await look(phone, 'empty');
    for (const title of [photo, other]) {
      await phone
        .getByLabel(w['keep.add.file'])
        .setInputFiles({ name: 'IMG_1.png', mimeType: 'image/png', buffer: Buffer.from(face.file) });
      await phone.getByLabel(w['keep.add.name']).fill(title);
      await press(phone, w['keep.add.do']);
      await phone.getByText(title, { exact: true }).first().waitFor();
    }
    await press(phone, w['keep.allergies.edit']);
    await phone.getByRole('checkbox').first().check();
    await look(phone, 'allergies');
    await press(phone, w['keep.allergies.save']);
    await phone.getByText(w['keep.allergies.list'], { exact: true }).first().waitFor();
    await phone.getByRole('button', { name: `${w['keep.open']} ${photo}` }).click();
    await phone.getByRole('img', { name: photo }).waitFor();
    const download = phone.waitForEvent('download');
    await press(phone, w['keep.download']);
    const kept = fs.readFileSync((await (await download).path())!);
    expect(face.file.length).toBeGreaterThan(kept.length);
    expect(kept.includes('Hangzhou')).toBe(false);
    await look(phone, 'kept');
  });

  it('gives to a new clinic, which reads in place; the phone says what was opened and proves it', async () => {
    desk = await seat(820);
    await desk.goto(`${house.url}/desk`);
    await press(desk, w['desk.join']);
    await desk.getByRole('link', { name: w['shared.title'] }).click();
    await desk.getByText(w['shared.none']).waitFor();
    await look(desk, 'desk-none');

    await go(phone, '/vault/permissions');
    await phone.getByText(w['may.none']).waitFor();
    await phone.getByRole('link', { name: w['may.give'] }).click();
    const clinic = (await desk.locator('a[href="/desk/organisation"] span').first().textContent())!;
    await phone.getByRole('combobox', { name: w['may.new.clinic'] }).click();
    await phone.getByRole('option', { name: clinic, exact: true }).click();
    await phone
      .getByRole('checkbox', { name: new RegExp(w['keep.face-photos']) })
      .first()
      .check();
    await phone.getByRole('checkbox', { name: w['may.new.write'] }).check();
    await phone.getByLabel(w['may.new.name']).fill(me);
    await look(phone, 'give');
    await press(phone, w['may.new.agree']);
    await state(phone, w['may.now']).waitFor();

    await desk.getByRole('heading', { name: me }).waitFor();
    await look(desk, 'desk-given');
    await press(desk, w['shared.list']);
    await desk.getByRole('button', { name: `${w['shared.open']} ${photo}` }).click();
    await desk.getByRole('img', { name: photo }).waitFor();
    await look(desk, 'desk-reading');
    await desk.getByLabel(w['shared.leave.text']).fill(locale === 'en' ? 'Come back in May.' : '五月复诊。');
    await press(desk, w['shared.leave.do']);
    await desk.getByText(w['shared.left']).waitFor();

    await phone.reload();
    await press(phone, w['account.signIn']);
    if (!prf) {
      await phone.getByLabel(w['account.passphrase']).fill(PHRASE);
      await press(phone, w['account.continue']);
    }
    await phone.getByText(w['may.opened.honest']).waitFor();
    await look(phone, 'permissions');
    await go(phone, '/vault');
    await go(phone, '/vault/log');
    await state(phone, w['log.good']).waitFor();
    expect(await phone.locator('main ol > li').count()).toBe(4);
    await phone.getByText(photo).waitFor();
    await look(phone, 'log');
    await go(phone, '/vault');
    await phone
      .getByText(locale === 'en' ? /^File from/ : /放入的文件$/)
      .first()
      .waitFor();
  });

  it('takes back while the clinic reads: within a second nothing is on its screen', async () => {
    await go(phone, '/vault/permissions');
    await press(phone, w['may.back']);
    await look(phone, 'take-back');
    const gone = desk.getByText(w['shared.ended']).waitFor();
    const since = performance.now();
    const revoked = phone.waitForResponse((reply) => reply.url().endsWith('/revocation'));
    await confirmed(phone, w['may.back']);
    await revoked;
    const answered = performance.now();
    await gone;
    expect(performance.now() - answered).toBeLessThan(1_000);
    expect(since).toBeLessThan(answered);
    expect(await desk.getByRole('img', { name: photo }).count()).toBe(0);
    await look(desk, 'desk-ended');
    await state(phone, w['may.ended']).waitFor();
    await phone.getByText(w['may.law']).waitFor();
    await look(phone, 'taken-back');
  });

  it('lets a second phone in by six digits', async () => {
    const second = await seat();
    await second.goto(`${house.url}/vault`);
    await second.getByRole('link', { name: w['join.link'] }).click();
    await look(second, 'join');
    await press(second, w['join.start']);
    const code = (await second.locator('[data-pairing]').textContent())!;
    await second.getByRole('img', { name: w['join.qr'] }).waitFor();
    await look(second, 'join-code');
    await go(phone, '/vault');
    await go(phone, '/vault/keys');
    await phone.getByLabel(w['mykeys.pair.code']).fill(code.toLowerCase());
    await press(phone, w['mykeys.pair.find']);
    const digits = (await second.locator('[data-digits]').textContent())!;
    await look(second, 'join-digits');
    await phone.getByLabel(w['mykeys.pair.digits']).fill('000000');
    await press(phone, w['mykeys.pair.give']);
    await phone.getByRole('alert').waitFor();
    await phone.getByLabel(w['mykeys.pair.digits']).fill(digits);
    await press(phone, w['mykeys.pair.give']);
    await press(second, w['join.enter']);
    await state(second, w['join.in']).waitFor();
    await look(second, 'join-in');
    await second.getByRole('link', { name: w['nav.vault'] }).click();
    await second.getByText(photo, { exact: true }).first().waitFor();
  });

  it('comes back on another phone with the code on paper, and the lost one is out', async () => {
    await press(phone, w['mykeys.paper.make']);
    paper = (await phone.locator('[data-recovery]').textContent())!.trim();
    await look(phone, 'keys');
    const found = await seat();
    await found.goto(`${house.url}/join`);
    await found
      .getByLabel(w['join.paper.code'])
      .fill(`${paper.slice(0, -1)}${paper.endsWith('0') ? '1' : '0'}`);
    await press(found, w['join.paper.open']);
    await found.getByRole('alert').waitFor();
    await found.getByLabel(w['join.paper.code']).fill(paper);
    await press(found, w['join.paper.open']);
    await found.getByRole('link', { name: w['join.toKeys'] }).click();
    await found.getByRole('button', { name: w['mykeys.lost'] }).first().waitFor();
    expect(await found.getByRole('button', { name: w['mykeys.lost'] }).count()).toBe(2);
    await found.getByRole('button', { name: w['mykeys.lost'] }).first().click();
    await confirmed(found, w['mykeys.lost']);
    await found.getByText(w['mykeys.removed']).waitFor();
    await expect.poll(() => found.getByRole('button', { name: w['mykeys.lost'] }).count()).toBe(1);
    await found
      .getByText(w['notice.device-removed'])
      .or(found.getByText(w['notice.device-added']))
      .first()
      .waitFor();
    await look(found, 'keys-after-loss');
    await phone.goto(`${house.url}/vault`);
    await press(phone, w['account.signIn']);
    await phone.getByRole('alert').waitFor();
    phone = found;
  });

  it('comes back with three of five guardians after the wait, though somebody else tries first', async () => {
    const place: Place = { baseUrl: house.url, origin: house.url, patience: 0 };
    const api = apiAt(place, 'patient');
    for (let i = 0; i < 4; i++) friends.push(await friend(place));
    const near = await seat();
    await near.goto(`${house.url}/vault`);
    await press(near, w['account.create']);
    await unlocked(near);
    await go(near, '/vault/keys');
    await press(near, w['guard.show']);
    const codes = [
      (await near.locator('[data-guardian]').textContent())!,
      ...(await Promise.all(friends.map(becomeGuardian))),
    ];
    await press(phone, w['guard.choose']);
    for (const [i, code] of codes.entries()) {
      await phone.getByLabel(w['guard.name'].replace('{n}', String(i + 1))).fill(`${me} ${i + 1}`);
      await phone.getByLabel(w['guard.code'].replace('{n}', String(i + 1))).fill(code);
    }
    await phone.getByLabel(w['guard.ward']).fill(me);
    await look(phone, 'guardians');
    await press(phone, w['guard.save']);
    await phone.getByRole('button', { name: w['guard.change'], exact: true }).waitFor();
    await near.reload();
    await press(near, w['account.signIn']);
    if (!prf) {
      await near.getByLabel(w['account.passphrase']).fill(PHRASE);
      await press(near, w['account.continue']);
    }
    const ward = (await near.locator('[data-ward]').textContent())!;

    const thief = await seat();
    await thief.goto(`${house.url}/join`);
    await thief.getByLabel(w['join.friends.code']).fill(ward);
    await press(thief, w['join.friends.ask']);
    await thief.locator('[data-asking]').waitFor();
    await phone.getByRole('link', { name: w['nav.vault'] }).click();
    await state(phone, w['guard.running']).waitFor();
    await look(phone, 'somebody-asks');
    await press(phone, w['guard.cancel']);
    await thief.getByText(w['join.friends.ended']).waitFor();

    const found = await seat();
    await found.goto(`${house.url}/join`);
    await found.getByLabel(w['join.friends.code']).fill(ward);
    await press(found, w['join.friends.ask']);
    const check = (await found.locator('[data-asking]').textContent())!;
    for (const vault of friends.slice(0, 2)) await agreeTo(vault, (await wards(vault))[0]!, check);
    await near.reload();
    await press(near, w['account.signIn']);
    if (!prf) {
      await near.getByLabel(w['account.passphrase']).fill(PHRASE);
      await press(near, w['account.continue']);
    }
    await near.getByLabel(w['guard.askCode']).fill(check);
    await look(near, 'guarding');
    await press(near, w['guard.agree']);
    await state(near, w['guard.agreed']).waitFor();
    const take = found.getByRole('button', { name: w['join.friends.open'] });
    await expect.poll(() => take.isEnabled()).toBe(true);
    await take.click();
    await found.getByRole('alert').waitFor();
    await look(found, 'asking');
    const until = Date.parse((await api.call(houseApi.readConfig)).now) + 72 * HOUR;
    await api.call(demoApi.advanceTime, { body: { to: toIso(until) } });
    await take.click();
    await found.getByRole('link', { name: w['join.toKeys'] }).click();
    await found.getByRole('link', { name: w['nav.vault'] }).click();
    await found.getByText(photo, { exact: true }).first().waitFor();
    phone = found;
  });

  it('goes along in one file that any age tool opens', async () => {
    await go(phone, '/vault/export');
    await phone.getByLabel(w['take.phrase']).fill(PHRASE);
    const download = phone.waitForEvent('download');
    await press(phone, w['take.do']);
    const file = new Uint8Array(fs.readFileSync((await (await download).path())!));
    await phone.getByText(w['take.done']).waitFor();
    await look(phone, 'export');
    expect(Buffer.from(file).subarray(0, 21).toString()).toBe('age-encryption.org/v1');
    const files = readZip(await readAge(file, { passphrase: PHRASE }));
    const index = JSON.parse(Buffer.from(files[0]!.bytes).toString()) as {
      items: { title: string; file: string }[];
    };
    const entry = index.items.find(({ title }) => title === photo)!;
    const png = Buffer.from(files.find(({ name }) => name === entry.file)!.bytes);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    for (const { problems } of seats) expect(problems).toEqual([]);
  });
});

/** Somebody else with a vault, on a phone without a screen. */
async function friend(place: Place): Promise<Vault> {
  const io = { api: apiAt(place, 'patient'), now: () => house.house.deps.clock.now(), random };
  const passkey = softwarePasskey(random(32), place.origin);
  const { challenge, rpId } = await io.api.call(identityApi.challenge, { body: { purpose: 'patient' } });
  const { json, prf } = await passkey.register({ challenge, rpId, userName: 'x' });
  await io.api.call(identityApi.registerPatient, { body: { registration: json } });
  return Vault.create(io, { kind: 'passkey', id: json.id, secret: prf! });
}
