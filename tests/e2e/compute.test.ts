/**
 * An allergy that becomes known late stops the unsealing until a second doctor has decided; afterwards a program adds up
 * what was used, once, and not a second time without a new consent.
 */
import { en } from '@zhenmei/web/src/words/en.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { englishWords, fitsEveryScreen, joinDesk, openSeat, openTogether, type Seat } from './browser.ts';
import { finishTreatment } from './visit-steps.ts';

const both = openTogether();

describe.each([
  {
    locale: 'zh-CN',
    w: zh,
    width: 390,
    lidocaine: '利多卡因',
    clinic: /梅园/,
    note: '改用冰敷，不用利多卡因。',
  },
  {
    locale: 'en',
    w: en,
    width: 1440,
    lidocaine: 'Lidocaine',
    clinic: /Plum Garden/,
    note: 'Ice in place of lidocaine.',
  },
] as const)(
  'health and programs in $locale on $width px',
  ({ locale, w, width, lidocaine, clinic, note }) => {
    const seats: Seat[] = [];
    const seat = async (wide: number): Promise<Page> => {
      const opened = await openSeat(both.browser, { width: wide, height: 844, locale, prf: true });
      seats.push(opened);
      return opened.page;
    };
    const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
    const look = async (page: Page, name: string): Promise<void> => {
      await fitsEveryScreen(page, `compute-${locale}-${name}`);
      const same = /\b[0-9A-Z]{6,}\b|BDDE|PDRN|DNA|Linux|\bmL\b|\d+(\.\d+)?\s?[kM]?B/g;
      if (locale === 'zh-CN') expect(await englishWords(page, same, 'main'), name).toEqual([]);
    };
    let phone: Page;
    let desk: Page;
    let address = '';
    const together = async (step: 'check-in' | 'unseal') => {
      const digits = desk.locator('main p.text-5xl');
      await digits.waitFor();
      await phone.getByLabel(w['visit.code']).fill((await digits.textContent())!.trim());
      await press(phone, w[`visit.confirm.${step}`]);
    };

    afterAll(async () => {
      for (const { problems, context } of seats) {
        expect(problems).toEqual([]);
        await context.close();
      }
    });

    it('asks before the visit and keeps the answers; what was ticked stops a booking of the same', async () => {
      phone = await seat(width);
      desk = await seat(820);
      await joinDesk(desk, both.house.url, w, clinic);
      await phone.goto(both.house.url);
      await phone.locator('main ul li a').first().click();
      await phone.getByRole('radio').first().check();
      await phone.locator('main .grid button').first().click();
      await press(phone, w['account.create']);
      await press(phone, w['clinic.book']);
      await phone.getByText(w['visit.waitOffer']).waitFor();
      address = phone.url();
      await desk.locator('main li a', { hasText: w['state.quoted'] }).click();
      await press(desk, w['desk.offer']);
      await phone.getByText(w['visit.readOffer']).waitFor();
      for (const [i, question] of [1, 0].entries())
        await phone.getByRole('radiogroup').nth(i).getByRole('radio').nth(question).check();
      await press(phone, w['visit.agree']);
      await press(phone, w['visit.pay']);
      await phone.getByText(w['money.active']).waitFor();
      await press(phone, w['visit.demoTime']);
      const nothing = phone.getByRole('button', { name: new RegExp(w['visit.allergyNone']) });
      await nothing.waitFor();
      await look(phone, 'questions');
      await nothing.click();
      await phone.getByText(w['visit.waitClinic']).waitFor();
      await press(desk, w['desk.checkIn']);
      await together('check-in');
    });

    /** Where a decision from the table is shown: that no clinician confirmed it, its edition and its sources. */
    const unconfirmed = async (page: Page) => {
      const note = page.locator('[data-table-note]').first();
      await note.getByText(w['table.unreviewed']).waitFor();
      await note.getByText(w['table.edition'].split('{n}')[0]!.trim()).waitFor();
      await note.getByText(w['table.sources']).click();
      expect(await note.locator('li').count()).toBeGreaterThan(3);
    };

    it('stops the unsealing on both screens once an allergy becomes known after check-in', async () => {
      await desk.getByRole('button', { name: w['desk.unseal'], exact: true }).waitFor();
      await press(desk, w['desk.unseal']);
      await phone.getByLabel(w['visit.code']).waitFor();
      await press(phone, w['health.changed']);
      await phone.getByRole('checkbox', { name: new RegExp(lidocaine) }).check();
      await press(phone, w['health.save']);
      await phone.getByText(w['health.blocked'], { exact: true }).waitFor();
      await look(phone, 'blocked');
      await unconfirmed(phone);
      await desk.getByText(w['desk.gate.blocked']).waitFor();
      await desk.getByText(new RegExp(lidocaine)).first().waitFor();
      await look(desk, 'desk-blocked');
      await unconfirmed(desk);
      await desk.getByText(w['desk.gate.first']).waitFor();
      expect(await desk.getByRole('button', { name: w['desk.unseal'], exact: true }).count()).toBe(0);
    });

    it('goes on when a second doctor decides with a reason, which the patient reads', async () => {
      const treating = (await desk.locator('main dd').first().textContent())!;
      await desk.getByRole('combobox', { name: w['desk.gate.doctor'] }).click();
      expect(await desk.getByRole('option').allTextContents()).not.toContain(treating);
      await desk.getByRole('option').first().click();
      await desk.getByLabel(w['health.decided.note']).fill(note);
      await press(desk, w['desk.gate.decide']);
      await desk
        .getByText(new RegExp(w['desk.gate.decided'].split('{')[0]!.replace(/[()（]/g, '.')))
        .waitFor();
      await phone.getByText(w['health.decided.second'], { exact: true }).waitFor();
      await phone.getByText(note).waitFor();
      await phone.getByText(w['health.decided.proven']).waitFor();
      await look(phone, 'decided');
      await unconfirmed(phone);
      await look(desk, 'desk-decided');
      await press(desk, w['desk.unseal']);
      await together('unseal');
      await press(desk, w['desk.open']);
      await finishTreatment(phone, desk, w);
      await phone.getByText(w['state.performed']).first().waitFor();
      await phone.getByText(note).waitFor();
      // the next booking of what contains it is stopped at once
      await phone.getByRole('link', { name: w['nav.home'] }).first().click();
      await phone.locator('main ul li a').first().click();
      await phone
        .getByText(w['clinic.overrides'].replace('{n}', '1').replace('{of}', '1'))
        .or(phone.getByText(/2/))
        .first()
        .waitFor();
      await phone.getByRole('radio').first().check();
      await phone.getByText(w['health.booking.next']).waitFor();
      await unconfirmed(phone);
      await phone.locator('main .grid button').first().click();
      expect(await phone.getByRole('button', { name: w['clinic.book'], exact: true }).isDisabled()).toBe(
        true,
      );
      await look(phone, 'booking');
    });

    it('lets a program run once; the second time is refused, and a new consent runs again', async () => {
      await phone.getByRole('link', { name: w['nav.vault'] }).first().click();
      await phone.getByText(w['vault.product']).waitFor();
      await phone.locator('main a[href="/vault/runs"]').click();
      await press(phone, w['runs.look']);
      await phone.getByText(w['runs.attestation.software']).waitFor();
      await look(phone, 'agree');
      await press(phone, w['runs.agree']);
      await phone.locator('[data-result]').first().waitFor();
      await phone.getByText(w['runs.totals'].replace('{n}', '1')).first().waitFor();
      await look(phone, 'result');
      await press(phone, w['runs.again']);
      const refused = phone.getByRole('alert');
      await refused.waitFor();
      expect(await refused.textContent()).toMatch(
        locale === 'en' ? /One consent is for one run/ : /一次同意只能运行一次/,
      );
      await look(phone, 'refused');
      await press(phone, w['runs.anew']);
      await press(phone, w['runs.agree']);
      await phone.locator('[data-result]').first().waitFor();
      await expect.poll(() => phone.getByText(w['runs.state.done']).count()).toBe(2);
      await phone.getByRole('link', { name: w['runs.log'] }).click();
      await phone.getByText(w['log.good']).waitFor();
      expect(await phone.getByText(w['log.computed']).count()).toBe(2);
      await look(phone, 'log');
      expect(address).not.toBe('');
      await phone.locator('main a[href="/vault"]').first().click();
      await phone.locator('main a[href="/vault/consents"]').click();
      await phone.getByRole('heading', { name: w['agree.treatments'] }).waitFor();
      await phone.getByText(w['agree.sealed']).waitFor();
      await expect.poll(() => phone.getByText(w['runs.state.done']).count()).toBe(2);
      await look(phone, 'consents');
      await phone.getByRole('link', { name: w['agree.visit'] }).click();
      await phone.getByText(w['state.performed']).first().waitFor();
      await phone.getByRole('link', { name: w['nav.vault'] }).first().click();
      await phone.locator('main a[href="/vault/runs"]').click();
      await phone.getByRole('link', { name: w['runs.log'] }).click();
    });

    it('shows its devices with when they were used, and gives them names', async () => {
      await phone.goBack();
      await phone.locator('main a[href="/vault"]').first().click();
      await phone.locator('main a[href="/vault/keys"]').click();
      await phone.getByText(new RegExp(w['mykeys.used'].split('{')[0]!)).waitFor();
      await press(phone, w['mykeys.rename']);
      const name = locale === 'en' ? 'Kitchen tablet' : '厨房的平板';
      await phone.getByLabel(w['mykeys.rename.label']).fill(name);
      await press(phone, w['mykeys.rename.save']);
      await phone.getByText(name, { exact: true }).waitFor();
      await look(phone, 'devices');
    });
  },
);
