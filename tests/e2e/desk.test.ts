/** One device, several organisations: join, change, leave; and who is not let in. */
import { en } from '@zhenmei/web/src/words/en.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import { describe, expect, it } from 'vitest';
import { openSeat, openTogether, overflow, shot, violations } from './browser.ts';

const here = openTogether();

const CLINIC = { 'zh-CN': '梅园医疗美容门诊部', en: 'Plum Garden Aesthetic Clinic' } as const;
const MAKER = { 'zh-CN': '澄川生物', en: 'Chengchuan Biotech' } as const;

describe.each([
  { locale: 'zh-CN', w: zh, width: 390 },
  { locale: 'en', w: en, width: 1440 },
] as const)('the desk in $locale at $width px', ({ locale, w, width }) => {
  it('changes between organisations with one prompt, and leaves', async () => {
    const { context, page, problems } = await openSeat(here.browser, {
      width,
      height: 844,
      locale,
      prf: true,
    });
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
    const heading = (name: string) => page.getByRole('heading', { name, exact: true }).waitFor();

    await page.goto(`${here.house.url}/desk/visits`);
    await press(w['desk.join']);
    await page.getByText(w['desk.empty']).waitFor();
    expect(await page.getByRole('navigation').getByRole('link').allInnerTexts()).toContain(w['desk.visits']);

    // a clinic has more places than a tablet's bar, too
    await page.setViewportSize({ width: 820, height: 1100 });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await press(w['nav.more']);
    await page.getByRole('dialog').getByRole('link', { name: w['signin.title'] }).waitFor();
    expect(await page.getByRole('dialog').getByRole('link', { name: w['nav.stock'] }).isVisible()).toBe(
      false,
    );
    await shot(page, `desk-tablet-${locale}`);
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width, height: 844 });

    await page.getByRole('link', { name: CLINIC[locale] }).first().click();
    await heading(CLINIC[locale]);
    await page.getByRole('radio', { name: MAKER[locale] }).check();
    await press(w['desk.join']);
    await page.getByRole('link', { name: MAKER[locale] }).filter({ visible: true }).click();
    await heading(MAKER[locale]);
    // a maker has more places than a phone's bar: the rest is on a sheet
    if (width === 390) {
      await press(w['nav.more']);
      await page.getByRole('dialog').getByRole('link', { name: w['desk.recalls'] }).waitFor();
      expect(await violations(page)).toEqual([]);
      await shot(page, `desk-more-${locale}`);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    // a clinic's section is not a maker's
    expect(await page.getByRole('link', { name: w['desk.visits'], exact: true }).count()).toBe(0);

    await press(w['desk.enter'].replace('{name}', CLINIC[locale]));
    await page.getByText(w['desk.empty']).waitFor();
    await page.getByRole('link', { name: CLINIC[locale] }).filter({ visible: true }).click();
    await press(w['account.out']);
    await page.getByText(w['desk.lead']).waitFor();
    await page.reload();
    await page.getByText(w['desk.lead']).waitFor();
    await page.getByRole('button', { name: CLINIC[locale] }).waitFor();
    expect(problems).toEqual([]);
    await context.close();
  });

  it('lets nobody in with a code that was not given', async () => {
    const { context, page } = await openSeat(here.browser, { width, height: 844, locale, prf: true });
    await page.goto(`${here.house.url}/desk`);
    await page.getByLabel(w['desk.code.label']).fill('not-an-invitation');
    await page.getByRole('button', { name: w['desk.code.join'], exact: true }).click();
    await page.getByRole('alert').waitFor();
    await page.getByText(w['desk.lead']).waitFor();
    await context.close();
  });
});

describe('the demo’s door', () => {
  const knock = (body?: unknown) =>
    fetch(`${here.house.url}/api/demo/desk`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  it('names an organisation that it does not have, and one it was not asked about properly', async () => {
    const unknown = await knock({ organisation: 'nobody' });
    expect([unknown.status, ((await unknown.json()) as { code: string }).code]).toEqual([
      404,
      'DEMO_DESK_UNKNOWN',
    ]);
    expect((await knock({ organisation: 7 })).status).toBe(400);
    expect((await knock({ organization: 'meiyuan' })).status).toBe(400);
  });

  it('equips nobody who has not joined', async () => {
    const reply = await fetch(`${here.house.url}/api/demo/desk/equip`, {
      method: 'POST',
      headers: { 'zm-seat': 'desk' },
    });
    expect(reply.status).toBe(401);
  });
});
