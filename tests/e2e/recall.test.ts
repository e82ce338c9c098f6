import { en } from '@zhenmei/web/src/words/en.ts';
import type { Words } from '@zhenmei/web/src/words/zh.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHouse, type TestHouse } from '../house/test-house.ts';
import { openBrowser, openSeat, overflow, type Seat, shot, violations } from './browser.ts';
import { openUnitTogether } from './visit-steps.ts';

let browser: Browser;
let house: TestHouse;

beforeAll(async () => {
  [browser, house] = await Promise.all([openBrowser(), openTestHouse()]);
});
afterAll(async () => {
  await browser?.close();
  await house?.close();
});

async function joined(locale: string, w: Words, organisation: string, width: number): Promise<Seat> {
  const seat = await openSeat(browser, { width, height: 1_000, locale, prf: true });
  await seat.page.goto(`${house.url}/desk`);
  await seat.page.getByRole('radio', { name: organisation }).check();
  await seat.page.getByRole('button', { name: w['desk.join'], exact: true }).click();
  await seat.page.getByRole('navigation').first().waitFor();
  return seat;
}

describe.each([
  {
    locale: 'zh-CN',
    w: zh as Words,
    width: 390,
    names: { clinic: '梅园医疗美容门诊部', maker: '澄川生物', regulator: '真安市医疗美容监督管理局' },
  },
  {
    locale: 'en',
    w: en,
    width: 1440,
    names: {
      clinic: 'Plum Garden Aesthetic Clinic',
      maker: 'Chengchuan Biotech',
      regulator: 'Zhen’an Aesthetic Medicine Authority',
    },
  },
])('a recall in $locale at $width px', ({ locale, w, width, names }) => {
  it('reaches the phone of the patient it concerns within a minute, and nobody else', async () => {
    const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
    const patient = await openSeat(browser, { width, height: 844, locale, prf: true });
    const stranger = await openSeat(browser, { width, height: 844, locale, prf: true });
    const clinic = await joined(locale, w, names.clinic, 820);
    const [p, d] = [patient.page, clinic.page];
    await d.getByText(w['desk.empty']).or(d.locator('main li a').first()).first().waitFor();
    await openUnitTogether(house.url, p, d, w);
    await p.goto(`${house.url}/verify`);
    await stranger.page.goto(`${house.url}/verify`);
    const asked: string[] = [];
    p.on('request', async (request) => {
      const { pathname, search } = new URL(request.url());
      if (!pathname.startsWith('/recalls')) return;
      const headers = await request.allHeaders().catch(() => ({}) as Record<string, string>);
      asked.push(
        `${pathname}${search} ${headers.cookie ?? ''}${headers.authorization ?? ''}${headers.referer ?? ''}`.trim(),
      );
    });

    const maker = await joined(locale, w, names.maker, 1440);
    const m = maker.page;
    await m.getByRole('link', { name: w['desk.recalls'], exact: true }).filter({ visible: true }).click();
    await m.getByRole('link', { name: w['recalls.new'] }).click();
    await m.getByRole('checkbox').first().check();
    await m.getByText(w['recallNew.reach'], { exact: true }).waitFor();
    await m.getByRole('cell', { name: names.clinic }).waitFor();
    expect(await violations(m)).toEqual([]);
    await m.getByRole('radio').first().check();
    await m.getByLabel(w['recallNew.reasonZh']).fill('灭菌记录不完整');
    await m.getByLabel(w['recallNew.reasonEn']).fill('The sterilisation record is incomplete');
    await shot(m, `recall-new-${locale}`);
    await press(m, w['recallNew.go']);
    const clicked = Date.now();
    await press(m, w['recallNew.yes']);
    await m.getByText(w['recallView.progress']).waitFor();

    await p.getByText(w['recall.banner']).waitFor();
    expect(Date.now() - clicked).toBeLessThan(60_000);
    expect(await violations(p)).toEqual([]);
    await shot(p, `recall-banner-${locale}`);
    await p.getByRole('link', { name: w['recall.look'] }).click();
    await p.getByText(w['recall.whose']).waitFor();
    expect(await violations(p)).toEqual([]);
    expect(await overflow(p)).toBeLessThanOrEqual(0);
    await shot(p, `recall-page-${locale}`);
    expect(asked.length).toBeGreaterThan(0);
    // everybody asks in the same words, and says nothing of themselves
    for (const one of asked) expect(one).toMatch(/^\/recalls\/(head|\d+\/\d+)$/);
    await stranger.page.reload();
    await stranger.page.getByRole('heading', { name: w['scan.title'] }).waitFor();
    await stranger.page.waitForLoadState('networkidle');
    expect(await stranger.page.getByText(w['recall.banner']).count()).toBe(0);

    await d.goto(`${house.url}/desk/site-notices`);
    await d.getByLabel(w['siteNotices.locked']).waitFor();
    expect(await violations(d)).toEqual([]);
    await shot(d, `recall-clinic-${locale}`);
    await press(d, w['siteNotices.confirm']);
    await d.getByText(/✓/).first().waitFor();
    await m.getByText(w['recallView.blocked']).waitFor();
    await m.getByRole('row', { name: names.clinic }).getByText(/✓/).nth(1).waitFor();
    expect(await violations(m)).toEqual([]);
    await shot(m, `recall-progress-${locale}`);

    const regulator = await joined(locale, w, names.regulator, 1440);
    const r = regulator.page;
    await r.getByRole('link', { name: w['desk.recalls'], exact: true }).filter({ visible: true }).click();
    await r.locator('main li a').first().click();
    await r.getByRole('row', { name: names.clinic }).waitFor();
    await shot(r, `recall-regulator-${locale}`);

    await m.getByLabel(w['recallView.whyZh']).fill('灭菌记录已找到');
    await m.getByLabel(w['recallView.whyEn']).fill('The record was found');
    await press(m, w['recallView.withdraw']);
    await m
      .getByRole('dialog')
      .getByRole('button', { name: w['recallView.withdrawYes'], exact: true })
      .click();
    await m.getByText(w['recalls.state.withdrawn']).waitFor();
    await p.getByText(w['recall.banner']).waitFor({ state: 'detached' });
    // its maker cannot let the lot be opened again, the regulator can
    expect(await m.getByRole('button', { name: w['recallView.release'] }).count()).toBe(0);
    await r.getByRole('button', { name: w['recallView.release'], exact: true }).click();
    await r.getByText(w['recallView.released']).waitFor();
    for (const seat of [patient, stranger, clinic, maker, regulator]) {
      expect(seat.problems).toEqual([]);
      await seat.context.close();
    }
  });
});
