/** A person's rights in a browser: restrict, correct, erase a part, erase everything, think again, and be gone. */
import fs from 'node:fs';
import path from 'node:path';
import { apiAt } from '@zhenmei/cli/visit-play.ts';
import { parseTrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { canonicalJson, DAY, toIso } from '@zhenmei/kernel';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { verifyErasure } from '@zhenmei/verifier/erasure.ts';
import { en } from '@zhenmei/web/src/words/en.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { openSeat, openTogether, type Seat } from './browser.ts';
import {
  confirmed,
  go,
  keepPhoto,
  look,
  newDesk,
  newVault,
  nowIn,
  passTime,
  press,
  state,
} from './vault-seat.ts';

const place = openTogether();
const HEX = /[0-9a-f]{8}/g;

describe.each([
  {
    locale: 'zh-CN',
    w: zh,
    prf: true,
    width: 390,
    photo: '正面照',
    other: '侧面照',
    right: '左侧照',
    me: '小安',
  },
  {
    locale: 'en',
    w: en,
    prf: false,
    width: 1440,
    photo: 'Front',
    other: 'Side view',
    right: 'Left view',
    me: 'An',
  },
] as const)(
  'rights in $locale on $width px, PRF $prf',
  ({ locale, w, prf, width, photo, other, right, me }) => {
    const seats: Seat[] = [];
    let phone: Page;
    let desk: Page;
    afterAll(async () => {
      for (const { context } of seats) await context.close();
    });
    const open = (title: string) =>
      phone.getByRole('button', { name: `${w['keep.open']} ${title}`, exact: true }).click();
    const row = (title: string) => phone.locator('li').filter({ hasText: title });
    const onDesk = (title: string) => desk.getByRole('button', { name: `${w['shared.open']} ${title}` });

    it('restrict a file: the clinic that had it does not find it until that is lifted', async () => {
      const mine = await newVault(place.browser, place.house, w, { width, locale, prf });
      const theirs = await openSeat(place.browser, { width: 820, height: 844, locale, prf: true });
      seats.push(mine, theirs);
      [phone, desk] = [mine.page, theirs.page];
      await keepPhoto(phone, w, photo, 3);
      await keepPhoto(phone, w, other, 4);
      const clinic = await newDesk(desk, place.house, w);
      await go(phone, '/vault/permissions');
      await phone.getByRole('link', { name: w['may.give'] }).click();
      await phone.getByRole('combobox', { name: w['may.new.clinic'] }).click();
      await phone.getByRole('option', { name: clinic, exact: true }).click();
      await phone
        .getByRole('checkbox', { name: new RegExp(w['keep.face-photos']) })
        .first()
        .check();
      await phone.getByLabel(w['may.new.name']).fill(me);
      await press(phone, w['may.new.agree']);
      await state(phone, w['may.now']).waitFor();
      await go(phone, '/vault');
      await open(photo);
      await row(photo).getByRole('button', { name: w['rights.restrict'], exact: true }).click();
      await state(phone, w['rights.restricted']).waitFor();
      await look(phone, 'erase-restricted', locale);
      await desk.getByRole('heading', { name: me, exact: true }).waitFor();
      await press(desk, w['shared.list']);
      await onDesk(other).waitFor();
      expect(await onDesk(photo).count()).toBe(0);
      await row(photo).getByRole('button', { name: w['rights.lift'], exact: true }).click();
      await state(phone, w['rights.restricted']).waitFor({ state: 'detached' });
      await desk.reload();
      await press(desk, w['shared.list']);
      await onDesk(photo).waitFor();
    });

    it('correct what a file is called; the clinic sees the new name', async () => {
      await row(photo).getByRole('button', { name: w['rights.correct'], exact: true }).click();
      await phone.getByLabel(w['rights.correct.name'], { exact: true }).fill(right);
      await look(phone, 'erase-correct', locale);
      await press(phone, w['rights.correct.save']);
      await phone.getByText(right, { exact: true }).first().waitFor();
      await desk.reload();
      await press(desk, w['shared.list']);
      await onDesk(right).waitFor();
    });

    it('erase a part at once, with a certificate that holds without us', async () => {
      await go(phone, '/vault/erase');
      await phone.getByText(w['wipe.kept']).click();
      await look(phone, 'erase-page', locale);
      await phone.getByRole('button', { name: `${w['wipe.part.do']} ${w['keep.face-photos']}` }).click();
      await confirmed(phone, w['wipe.part.do']);
      await phone.getByRole('heading', { name: w['wipe.certs'] }).waitFor();
      await phone.getByText(w['wipe.part.none']).waitFor();
      await phone.getByRole('button', { name: new RegExp(`^${w['keep.open']} `) }).click();
      await state(phone, w['wiped.proven']).waitFor();
      await look(phone, 'erase-certificate', locale, HEX);
      const download = phone.waitForEvent('download');
      await press(phone, w['wipe.cert.save']);
      const text = fs.readFileSync((await (await download).path())!, 'utf8');
      const { url } = place.house;
      const trust = await apiAt({ baseUrl: url, origin: url }, 'patient').call(houseApi.readTrust);
      const { certificate, exit } = await verifyErasure(text, parseTrustFile(canonicalJson(trust)));
      expect(exit).toBe(0);
      expect(certificate).toMatchObject({
        scope: 'compartment',
        erased: [{ what: 'files', count: 2 }, {}, {}],
      });
      expect(certificate!.kept.map(({ rule }) => rule.split(' ').at(-1))).toContain('outpatient-record');
      await desk.reload();
      const listed = desk.waitForResponse((reply) => reply.url().endsWith('/readings'));
      await press(desk, w['shared.list']);
      await (await listed).finished();
      expect(await onDesk(other).count()).toBe(0);
      // anybody can check it at the public page
      await desk.goto(`${url}/check`);
      const file = { name: 'certificate.txt', mimeType: 'text/plain', buffer: Buffer.from(text) };
      await desk.locator('input#receipt').setInputFiles(file);
      await state(desk, w['wiped.proven']).waitFor();
      const forged = Buffer.from(text.replace('"count":2', '"count":9'));
      await desk.locator('input#receipt').setInputFiles({ ...file, buffer: forged });
      await state(desk, w['wiped.false']).waitFor();
    });

    it('erase everything after some days: undone once, then done, and nobody gets in again', async () => {
      await press(phone, w['wipe.all.do']);
      await confirmed(phone, w['wipe.all.do']);
      await state(phone, w['wipe.waiting']).waitFor();
      await look(phone, 'erase-waiting', locale);
      await desk.goto(`${place.house.url}/desk/shared`);
      await press(desk, w['shared.list']);
      await desk.getByRole('alert').waitFor();
      await press(phone, w['wipe.undo']);
      await phone.getByRole('button', { name: w['wipe.all.do'], exact: true }).waitFor();
      await press(phone, w['wipe.all.do']);
      await confirmed(phone, w['wipe.all.do']);
      await state(phone, w['wipe.waiting']).waitFor();
      await phone.getByRole('link', { name: w['wipe.link.open'] }).click();
      await state(phone, w['wiped.state.waiting']).waitFor();
      await look(phone, 'erased-waiting', locale);
      const link = phone.url();
      await passTime(place.house, toIso((await nowIn(place.house)) + 8 * DAY));
      await state(phone, w['wiped.state.done']).waitFor();
      await state(phone, w['wiped.proven']).waitFor();
      await look(phone, 'erased-done', locale, HEX);
      await phone.goto(`${place.house.url}/vault`);
      await press(phone, w['account.signIn']);
      await phone.getByRole('alert').waitFor();
      await desk.goto(link);
      await state(desk, w['wiped.proven']).waitFor();
      await desk.goto(`${link.slice(0, -3)}AAA`);
      await desk.reload();
      await desk.getByRole('alert').waitFor();
      expect(rows(place.house.dataDir, link)).toBe(false);
      for (const { problems } of seats) expect(problems).toEqual([]);
    });
  },
);

/** Whether the link's token is written down anywhere in the house. */
function rows(dataDir: string, link: string): boolean {
  const token = Buffer.from(link.slice(link.indexOf('#') + 1));
  const files = fs.readdirSync(dataDir, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile())
    .some((file) => fs.readFileSync(path.join(file.parentPath, file.name)).includes(token));
}
