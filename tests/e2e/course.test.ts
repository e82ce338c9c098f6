/** A course of ten: chosen with its price, deposit, three sessions, time of the fourth; then the clinic closes. */
import { en } from '@zhenmei/web/src/words/en.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { englishWords, fitsEveryScreen, openSeat, openTogether } from './browser.ts';
import { agreeToVisit, press } from './pay-steps.ts';
import { finishTreatment } from './visit-steps.ts';

const place = openTogether();

const SEATS = [
  { locale: 'zh-CN', w: zh, width: 390, course: '水光注射疗程' },
  { locale: 'en', w: en, width: 1440, course: 'Skin booster course' },
] as const;

/** The page learns what time it is after everything else that the time changes: nothing more comes that would draw it again. */
async function hearsTheTimeLast(page: Page): Promise<void> {
  const answered = (path: RegExp) =>
    page.waitForResponse((answer) => path.test(new URL(answer.url()).pathname), { timeout: 0 });
  const config = '**/api/config';
  let asked = 0;
  await page.route(config, async (route) => {
    const isFirst = asked++ === 0;
    if (isFirst) {
      // what is shown once the appointment is near asks for it, too
      await answered(/^\/api\/config$/);
      await answered(/^\/api\/visits\/[^/]+$/);
    }
    await route.continue();
    if (isFirst) await page.unroute(config);
  });
}

describe.each(SEATS)('a course in $locale on $width px', ({ locale, w, width, course }) => {
  it('is paid session by session, and what was not done comes back', async () => {
    const { browser, house } = place;
    const patient = await openSeat(browser, { width, height: 844, locale, prf: true });
    const desk = await openSeat(browser, { width, height: 844, locale, prf: true });
    const [p, d] = [patient.page, desk.page];
    const look = async (page: Page, name: string) => {
      await fitsEveryScreen(page, `course-${locale}-${name}`);
      if (locale === 'zh-CN')
        expect(
          await englishWords(page, /English|mL|PDF|[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/g, 'main'),
          name,
        ).toEqual([]);
    };
    const session = (n: number) => w['course.session'].replace('{n}', String(n)).replace('{of}', '10');
    const both = async (step: 'check-in' | 'unseal') => {
      const shown = d.locator('main p.text-5xl');
      await shown.waitFor();
      await p.getByLabel(w['visit.code']).fill((await shown.textContent())!.trim());
      await press(p, w[`visit.confirm.${step}`]);
    };

    await d.goto(`${house.url}/desk`);
    await press(d, w['desk.join']);
    await d.getByRole('navigation').waitFor();
    await d.goto(`${house.url}/desk/visits`);
    await p.goto(house.url);
    await p.locator('main ul li a').first().click();
    await p.getByRole('radio', { name: course }).check();
    await p.getByText('¥1,152.00').first().waitFor();
    await p.getByText(w['course.promise']).waitFor();
    await p.locator('main .grid button').first().click();
    await look(p, 'choose');
    await press(p, w['account.create']);
    await press(p, w['clinic.book']);
    await p.getByText(w['visit.waitOffer']).waitFor();
    await look(p, 'booked');

    await d.locator('main li a', { hasText: w['state.quoted'] }).first().click();
    await press(d, w['desk.offer']);
    await agreeToVisit(p, w);
    await look(p, 'agreed');
    await press(p, w['visit.pay']);
    await p.getByText(w['money.active']).waitFor();
    await look(p, 'deposit');
    await press(p, w['course.demoTime']);
    await p.getByText(w['course.deposit.open']).waitFor();
    await d.getByRole('button', { name: w['course.deposit.claim'] }).waitFor();
    await look(d, 'desk-deposit');
    await press(d, w['course.deposit.claim']);
    await p.getByRole('button', { name: w['visit.accept'] }).waitFor();
    await look(p, 'deposit-claimed');
    await press(p, w['visit.accept']);

    const attended = async (n: number) => {
      await p.getByText(session(n)).waitFor();
      if (n === 2) await hearsTheTimeLast(p);
      await press(p, w['visit.demoTime']);
      // the times go on, and the page knows what day it is
      await p.getByText(w['course.dayBefore']).waitFor({ state: 'detached' });
      // also of the later ones, days after: what may have changed since is asked again
      await p.getByRole('button', { name: new RegExp(w['visit.allergyNone']) }).click();
      await p.getByText(w['visit.waitClinic']).waitFor();
      if (n === 1) await look(d, 'desk-session');
      await press(d, w['desk.checkIn']);
      await both('check-in');
      await press(d, w['desk.unseal']);
      await both('unseal');
      await press(d, w['desk.open']);
      await finishTreatment(p, d, w);
      await press(d, w['desk.claim']);
      await p.getByRole('button', { name: w['visit.accept'] }).waitFor();
      await press(p, w['visit.accept']);
      await p.getByText(session(n + 1)).waitFor();
      await p.getByRole('button', { name: w['course.time.pick'] }).waitFor();
      if (n === 1) await look(p, 'next-time');
      await p.locator('main .grid button').first().click();
      await press(p, w['course.time.pick']);
      await p.getByText(w['course.time.change']).waitFor();
    };
    await p.getByText(session(1)).waitFor();
    await look(p, 'first');
    for (const n of [1, 2, 3]) await attended(n);
    await look(p, 'fourth');

    await look(d, 'desk-fourth');
    await press(d, w['course.close']);
    await d.getByRole('dialog').getByRole('button', { name: w['course.close'] }).click();
    // three are paid, less the platform's hundredth; seven were not done
    const paid = w['money.paid'].replace('{paid}', '¥4,688.64').replace('{refunded}', '¥8,064.00');
    await p.getByText(paid).waitFor();
    expect(await p.getByText(w['course.state.returned'], { exact: true }).count()).toBe(7);
    await p.getByRole('link', { name: w['visit.receipt'] }).waitFor();
    await look(p, 'closed');
    await p.getByRole('link', { name: w['visit.receipt'] }).click();
    await expect.poll(() => p.getByText(w['part.proven']).count()).toBe(5);

    expect([patient.problems, desk.problems]).toEqual([[], []]);
    for (const seat of [patient, desk]) await seat.context.close();
  });
});

describe.each(SEATS)('a price list in $locale on $width px', ({ locale, w, width, course }) => {
  it('divides a price, with what does not hold said at once', async () => {
    const { browser, house } = place;
    const desk = await openSeat(browser, { width, height: 844, locale, prf: true });
    const d = desk.page;
    await d.goto(`${house.url}/desk`);
    await press(d, w['desk.join']);
    await d.getByRole('navigation').waitFor();
    await d.goto(`${house.url}/desk/prices`);
    const form = d.locator('fieldset', { hasText: course });
    await form.getByText(w['plan.title']).click();
    await form.getByLabel(w['plan.sessions']).fill('11');
    expect(await d.getByRole('button', { name: w['prices.publish'] }).isDisabled()).toBe(true);
    await form.getByLabel(w['plan.sessions']).fill('8');
    await form.getByLabel(w['plan.followUp'], { exact: true }).fill('5');
    await fitsEveryScreen(d, `course-${locale}-prices`);
    await press(d, w['prices.publish']);
    const eight = w['course.price'].split('{n}')[1]!.split('{')[0]!;
    await d
      .getByText(new RegExp(`8${eight}`))
      .first()
      .waitFor();
    await fitsEveryScreen(d, `course-${locale}-prices-done`);
    expect(desk.problems).toEqual([]);
    await desk.context.close();
  });
});
