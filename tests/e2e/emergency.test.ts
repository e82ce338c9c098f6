/** The emergency card: switched on, opened by a doctor, told, reviewed, answered by the regulator, and dead when it is off. */
import { en } from '@zhenmei/web/src/words/en.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import {
  englishWords,
  fitsEveryScreen,
  joinDesk,
  openSeat,
  openTogether,
  type Seat,
  shot,
} from './browser.ts';
import { newVault } from './vault-seat.ts';

const both = openTogether();

describe.each([
  {
    locale: 'zh-CN',
    w: zh,
    prf: true,
    width: 390,
    lidocaine: '利多卡因',
    pregnant: '怀孕',
    clinic: /梅园/,
    office: /监督管理局/,
  },
  {
    locale: 'en',
    w: en,
    prf: false,
    width: 1440,
    lidocaine: 'Lidocaine',
    pregnant: 'Pregnant',
    clinic: /Plum Garden/,
    office: /Aesthetic Medicine Authority/,
  },
] as const)(
  'an emergency card in $locale on $width px, PRF $prf',
  ({ locale, w, prf, width, lidocaine, pregnant, clinic, office }) => {
    const seats: Seat[] = [];
    const seat = async (wide: number): Promise<Page> => {
      const opened = await openSeat(both.browser, { width: wide, height: 844, locale, prf: true });
      seats.push(opened);
      return opened.page;
    };
    const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
    const confirmed = (page: Page, name: string) =>
      page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
    const go = (page: Page, to: string) => page.locator(`main a[href="${to}"]`).first().click();
    /** Accessible, fits, and on the Chinese page nothing English but what is the same in both. */
    const look = async (page: Page, name: string): Promise<void> => {
      await fitsEveryScreen(page, `emergency-${locale}-${name}`);
      const same = /[0-9A-Z]{4}(-[0-9A-Z]{4})+|BDDE|PDRN|DNA|JSON/g;
      if (locale === 'zh-CN') expect(await englishWords(page, same, 'main'), name).toEqual([]);
    };
    const codeOn = async (page: Page) => (await page.locator('[data-emergency]').textContent())!.trim();

    let phone: Page;
    let desk: Page;
    let code = '';

    afterAll(async () => {
      for (const { problems, context } of seats) {
        expect(problems).toEqual([]);
        await context.close();
      }
    });

    it('is switched on once there is something to show, and holds no medical word', async () => {
      const mine = await newVault(both.browser, both.house, w, { width, locale, prf });
      seats.push(mine);
      phone = mine.page;
      await go(phone, '/vault/emergency');
      await phone.getByText(w['emergency.empty']).waitFor();
      await look(phone, 'empty');
      await go(phone, '/vault');
      await press(phone, w['keep.allergies.edit']);
      await phone.getByRole('checkbox', { name: new RegExp(lidocaine) }).check();
      await press(phone, w['keep.allergies.save']);
      await phone.getByText(w['keep.allergies.list'], { exact: true }).first().waitFor();
      await press(phone, w['health.edit']);
      await phone.getByRole('checkbox', { name: new RegExp(pregnant) }).check();
      await look(phone, 'facts');
      await press(phone, w['health.save']);
      await phone.getByText(w['health.list'], { exact: true }).first().waitFor();
      await go(phone, '/vault/emergency');
      await look(phone, 'off');
      await press(phone, w['emergency.on']);
      await phone.getByRole('img', { name: w['emergency.qr'] }).waitFor();
      code = await codeOn(phone);
      expect(code).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){6}$/);
      await look(phone, 'on');
      await phone.emulateMedia({ media: 'print' });
      // what a person sees, not what the document holds
      // biome-ignore lint/performance/useDomNodeTextContent: hidden text does not count
      const printed = await phone.locator('main').innerText();
      await shot(phone, `emergency-${locale}-print`);
      await phone.emulateMedia({ media: 'screen' });
      expect(printed).toContain(code);
      for (const word of [lidocaine, pregnant, w['emergency.off']]) expect(printed).not.toContain(word);
    });

    it('leads whoever scans it to the desk, where a doctor with a licence and a reason sees this and nothing else', async () => {
      desk = await seat(820);
      await joinDesk(desk, both.house.url, w, clinic);
      await desk.goto(`${both.house.url}/emergency#${code}`);
      await look(desk, 'scanned');
      await desk.getByRole('link', { name: w['er.toDesk'] }).click();
      await desk.getByRole('heading', { name: w['er.title'] }).waitFor();
      expect(await desk.getByLabel(w['er.code']).inputValue()).toBe(code);
      expect(new URL(desk.url()).hash).toBe('');
      await desk.getByLabel(w['er.code']).fill(code.replace(/.$/, (end) => (end === '0' ? '1' : '0')));
      await desk.getByRole('combobox', { name: w['er.reason'] }).waitFor();
      await press(desk, w['er.open']);
      await desk.getByRole('alert').waitFor();
      await look(desk, 'typing-error');
      await desk.getByLabel(w['er.code']).fill(code.toLowerCase());
      await press(desk, w['er.open']);
      await desk.getByText(w['er.told']).waitFor();
      await desk.getByText(lidocaine).first().waitFor();
      await desk.getByText(pregnant).first().waitFor();
      await look(desk, 'opened');
      await press(desk, w['er.close']);
      await desk.getByLabel(w['er.code']).waitFor();
      // what a person sees, not what the document holds
      // biome-ignore lint/performance/useDomNodeTextContent: hidden text does not count
      expect(await desk.locator('main').innerText()).not.toContain(lidocaine);
    });

    it('is told at once, stands in the log, and the patient says what it was', async () => {
      await go(phone, '/vault');
      await phone.getByRole('link', { name: new RegExp(w['emergency.notice']) }).click();
      await phone.getByText(w['emergency.case.open']).waitFor();
      await look(phone, 'case');
      await press(phone, w['emergency.say.misuse']);
      await confirmed(phone, w['emergency.say.misuse']);
      await phone.getByText(w['emergency.case.misuse']).waitFor();
      await go(phone, '/vault');
      await go(phone, '/vault/log');
      await phone.getByText(w['log.good']).waitFor();
      await phone.getByText(w['log.emergency'].replace('{who}', w['log.someone'])).waitFor();
      await look(phone, 'log');
    });

    it('called misuse is on the regulator’s desk, without patient and without medicine; the answer comes back', async () => {
      const bureau = await seat(1440);
      await joinDesk(bureau, both.house.url, w, office);
      await bureau.getByRole('link', { name: w['nav.misuse'], exact: true }).first().click();
      await bureau.getByText(w['misuse.where'], { exact: true }).first().waitFor();
      // what a person sees, not what the document holds
      // biome-ignore lint/performance/useDomNodeTextContent: hidden text does not count
      const text = await bureau.locator('main').innerText();
      for (const word of [lidocaine, pregnant, code]) expect(text).not.toContain(word);
      await look(bureau, 'regulator');
      await bureau.getByRole('combobox', { name: w['misuse.answer'] }).click();
      await bureau.getByRole('option', { name: w['misuse.warned'], exact: true }).click();
      await press(bureau, w['misuse.do']);
      await bureau.getByText(w['misuse.empty']).waitFor();
      await go(phone, '/vault');
      await go(phone, '/vault/emergency');
      await phone.getByText(w['emergency.case.warned']).waitFor();
    });

    it('shows nothing while allergies are restricted, says so before and after, and goes on afterwards', async () => {
      await go(phone, '/vault');
      const item = phone.locator('li').filter({ hasText: w['keep.allergies.list'] }).first();
      await item.getByRole('button', { name: new RegExp(`^${w['keep.open']}`) }).click();
      await press(phone, w['rights.restrict']);
      await phone.getByRole('dialog').getByText(w['rights.pause.ask']).waitFor();
      await look(phone, 'pause-asked');
      await confirmed(phone, w['rights.restrict']);
      await item.getByText(w['rights.restricted']).waitFor();
      await desk.getByLabel(w['er.code']).fill(code);
      await press(desk, w['er.open']);
      await desk.getByRole('alert').waitFor();
      await look(desk, 'paused-desk');
      await go(phone, '/vault/emergency');
      await phone.getByText(w['emergency.paused']).waitFor();
      await look(phone, 'paused');
      await go(phone, '/vault');
      await item.getByRole('button', { name: new RegExp(`^${w['keep.open']}`) }).click();
      await press(phone, w['rights.lift']);
      await phone.getByText(w['rights.liftDone']).waitFor();
      await go(phone, '/vault/emergency');
      await phone.getByText(w['emergency.active']).waitFor();
    });

    it('is dead when another takes its place, and when it is off', async () => {
      const opens = async (with_: string) => {
        await desk.getByLabel(w['er.code']).fill(with_);
        const answer = desk.waitForResponse((reply) => reply.url().endsWith('/emergency/openings'));
        await press(desk, w['er.open']);
        const opened = (await answer).ok();
        await (opened ? desk.getByText(w['er.told']) : desk.getByRole('alert')).waitFor();
        return opened;
      };
      await press(phone, w['emergency.again']);
      await confirmed(phone, w['emergency.again']);
      await expect.poll(() => codeOn(phone)).not.toBe(code);
      const fresh = await codeOn(phone);
      expect(await opens(code)).toBe(false);
      await look(desk, 'refused');
      expect(await opens(fresh)).toBe(true);
      await press(desk, w['er.close']);
      await press(phone, w['emergency.off']);
      await confirmed(phone, w['emergency.off']);
      await phone.getByRole('button', { name: w['emergency.on'] }).waitFor();
      expect(await opens(fresh)).toBe(false);
    });
  },
);
