/** Appointments that one side did not keep, on both screens: nobody objects, and the patient objects. */
import { en } from '@zhenmei/web/src/words/en.ts';
import type { Words } from '@zhenmei/web/src/words/zh.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHouse, type TestHouse } from '../house/test-house.ts';
import { englishWords, fitsEveryScreen, openBrowser, openSeat } from './browser.ts';
import { holdTogether } from './visit-steps.ts';

const at = {} as { browser: Browser; house: TestHouse };
beforeAll(async () => {
  // the first house of a run makes the world
  [at.browser, at.house] = await Promise.all([openBrowser(), openTestHouse()]);
}, 600_000);
afterAll(async () => {
  await at.browser?.close();
  await at.house?.close();
});
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
/** The brand's and the clinic's Latin marks; the demo's amounts. */
const SAME = /Zhenmei|Plum Garden|mL|PDF|English|EN/g;
const SOON = { timeout: 60_000 };

async function pressTwice(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click(SOON);
  await page
    .getByRole('dialog')
    .or(page.getByRole('alertdialog'))
    .getByRole('button', { name, exact: true })
    .click();
}

const looks = async (page: Page, name: string, locale: string): Promise<void> => {
  await fitsEveryScreen(page, name);
  if (locale === 'zh-CN') expect(await englishWords(page, SAME, 'main')).toEqual([]);
};

/** The money is held, and it is half an hour past the appointment. */
async function nobodyCame(p: Page, d: Page, w: Words): Promise<void> {
  await holdTogether(at.house.url, p, d, w);
  await press(p, w['visit.demoTime']);
  await p.getByRole('button', { name: w['absence.demo.late'], exact: true }).click(SOON);
}

describe.each([
  { locale: 'zh-CN', w: zh, width: 390 },
  { locale: 'en', w: en, width: 1440 },
])('an appointment that was not kept in $locale on $width px', ({ locale, w, width }) => {
  it('is reported, answered or not, and settled', async () => {
    const { browser, house } = at;
    const seat = { width, height: 900, locale, prf: true };
    const [patient, desk] = await Promise.all([openSeat(browser, seat), openSeat(browser, seat)]);
    const [p, d] = [patient.page, desk.page];
    await d.goto(`${house.url}/desk`);
    await press(d, w['desk.join']);
    await d.getByText(w['desk.empty']).or(d.locator('main li a').first()).first().waitFor();

    // the clinic was not there, and says nothing to it
    await nobodyCame(p, d, w);
    await p.getByText(w['absence.ask.patient']).waitFor(SOON);
    await looks(p, `absence-${locale}-ask`, locale);
    await pressTwice(p, w['absence.report.patient']);
    await p.getByText(w['absence.of.other.patient']).waitFor(SOON);
    await d.getByText(w['absence.of.you.clinic']).waitFor(SOON);
    await looks(p, `absence-${locale}-wait`, locale);
    await looks(d, `absence-${locale}-desk`, locale);
    await press(p, w['absence.demo.over']);
    await p.getByText(w['absence.settled.clinic']).waitFor(SOON);
    await p.getByText(w['state.cancelled']).first().waitFor();

    // the patient did not come, as the clinic says, and she objects
    await d.goto(`${house.url}/desk/visits`);
    await nobodyCame(p, d, w);
    await d.getByText(w['absence.ask.clinic']).waitFor(SOON);
    await looks(d, `absence-${locale}-desk-ask`, locale);
    await pressTwice(d, w['absence.report.clinic']);
    await d.getByText(w['absence.of.other.clinic']).waitFor(SOON);
    await p.getByText(w['absence.of.you.patient']).waitFor(SOON);
    await looks(p, `absence-${locale}-answer`, locale);
    await pressTwice(p, w['absence.object']);
    await p.getByRole('link', { name: w['dispute.open'] }).waitFor(SOON);
    await d.getByRole('link', { name: w['dispute.open'] }).waitFor(SOON);
    expect([...patient.problems, ...desk.problems]).toEqual([]);
    await Promise.all([patient.context.close(), desk.context.close()]);
  });
});
