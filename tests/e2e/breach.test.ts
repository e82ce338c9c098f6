/** A breach drill on the regulator's desk, the real thing asked twice, and the operator who may tell people. */
import { en } from '@zhenmei/web/src/words/en.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { englishWords, fitsEveryScreen, joinDesk, openSeat, openTogether, type Seat } from './browser.ts';
import { confirmed, go, keepPhoto, newDesk, newVault, press, state } from './vault-seat.ts';

const place = openTogether();

describe.each([
  { locale: 'zh-CN', w: zh, width: 390, office: /监督管理局/, photo: '正面照', me: '小安' },
  { locale: 'en', w: en, width: 1440, office: /Aesthetic Medicine Authority/, photo: 'Front view', me: 'An' },
] as const)('a breach drill in $locale on $width px', ({ locale, w, width, office, photo, me }) => {
  const seats: Seat[] = [];
  let phone: Page;
  let bureau: Page;
  let count = 0;
  const seat = async () => {
    const opened = await openSeat(place.browser, { width, height: 844, locale, prf: true });
    seats.push(opened);
    return opened.page;
  };
  afterAll(async () => {
    for (const { problems, context } of seats) {
      expect(problems).toEqual([]);
      await context.close();
    }
  });
  const look = async (page: Page, name: string) => {
    await fitsEveryScreen(page, `breach-${locale}-${name}`);
    if (locale !== 'zh-CN') return;
    // the English draft is English on purpose
    const drafts = await page.locator('[lang="en"][data-draft]').allTextContents();
    const words = await englishWords(page, /English/g, 'main');
    const meant: readonly string[] = drafts.join(' ').match(/[A-Za-z]{3,}/g) ?? [];
    expect(
      words.filter((word) => !meant.includes(word)),
      name,
    ).toEqual([]);
  };
  const people = async (page: Page) =>
    Number(await page.locator('dt', { hasText: w['breach.people'] }).locator('+ dd').textContent());
  const ask = (page: Page) => press(page, w['breach.do']);

  it('is asked by the regulator: numbers, kinds, clocks and drafts, and it says that it is a drill', async () => {
    const mine = await newVault(place.browser, place.house, w, { width, locale });
    seats.push(mine);
    phone = mine.page;
    await keepPhoto(phone, w, photo);
    const desk = await seat();
    const clinic = await newDesk(desk, place.house, w);
    await go(phone, '/vault/permissions');
    await phone.getByRole('link', { name: w['may.give'] }).click();
    await phone.getByRole('combobox', { name: w['may.new.clinic'] }).click();
    await phone.getByRole('option', { name: clinic, exact: true }).click();
    await phone
      .getByRole('checkbox', { name: new RegExp(w['keep.face-photos']) })
      .first()
      .check();
    await phone.getByRole('radio', { name: /^90/ }).check();
    await phone.getByLabel(w['may.new.name']).fill(me);
    await press(phone, w['may.new.agree']);
    await state(phone, w['may.now']).waitFor();
    await desk.getByRole('heading', { name: me }).waitFor();
    await press(desk, w['shared.list']);
    await desk.getByRole('button', { name: `${w['shared.open']} ${photo}` }).waitFor();

    bureau = await seat();
    await joinDesk(bureau, place.house.url, w, office);
    await bureau.goto(`${place.house.url}/desk/breach`);
    await bureau.getByText(w['breach.region']).waitFor();
    await look(bureau, 'form');
    await ask(bureau);
    await state(bureau, w['breach.isDrill']).first().waitFor();
    expect(await state(bureau, w['breach.isDrill']).count()).toBe(2);
    count = await people(bureau);
    expect(count).toBeGreaterThan(0);
    await bureau.getByText(w['breach.to.authority']).first().waitFor();
    expect(await bureau.locator('[data-draft]').count()).toBe(2);
    expect(await bureau.getByRole('button', { name: w['breach.tell'], exact: true }).count()).toBe(0);
    await look(bureau, 'result');
    await bureau.emulateMedia({ media: 'print' });
    expect(await bureau.getByRole('button', { name: w['breach.again'] }).isVisible()).toBe(false);
    expect(await bureau.locator('[data-draft]').first().isVisible()).toBe(true);
    await bureau.emulateMedia({ media: 'screen' });
  });

  it('is real only after two questions, and a wrong period is refused', async () => {
    await press(bureau, w['breach.again']);
    await bureau.getByRole('radio', { name: w['breach.real'] }).check();
    await ask(bureau);
    await confirmed(bureau, w['ask.no']);
    expect(await bureau.locator('[data-draft]').count()).toBe(0);
    await ask(bureau);
    await confirmed(bureau, w['breach.real.yes']);
    await bureau.getByText(w['breach.real.clock']).waitFor();
    await look(bureau, 'twice');
    await confirmed(bureau, w['breach.real.do']);
    await state(bureau, w['breach.isReal']).first().waitFor();
    expect(await people(bureau)).toBe(count);
    await press(bureau, w['breach.again']);
    await bureau.getByLabel(w['breach.toDay']).fill('2026-01-01');
    await ask(bureau);
    await bureau.getByRole('alert').waitFor();
  });

  it('is refused to a stranger, and the operator tells the people, who read that it was a drill', async () => {
    const operator = await seat();
    await operator.goto(`${place.house.url}/operator/breach`);
    await operator.getByLabel(w['breach.token']).fill('not the password');
    await ask(operator);
    await operator.getByRole('alert').waitFor();
    await operator.getByLabel(w['breach.token']).fill(place.house.house.operatorToken);
    await ask(operator);
    await state(operator, w['breach.isDrill']).first().waitFor();
    await press(operator, w['breach.tell']);
    await confirmed(operator, w['breach.tell']);
    await state(operator, w['breach.told']).waitFor();
    await look(operator, 'told');
    await phone.getByRole('link', { name: w['nav.vault'] }).first().click();
    await go(phone, '/vault/keys');
    await phone.getByText(w['notice.breach-drill']).waitFor();
  });
});
