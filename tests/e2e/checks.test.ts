/** Paid checks in a browser: a clinic asks and pays, a drawn verifier answers, everybody reads the result, the authority withdraws it. */
import { apiAt } from '@zhenmei/cli/visit-play.ts';
import { answerTask } from '@zhenmei/client/check.ts';
import { DAY } from '@zhenmei/kernel';
import { SOURCES } from '@zhenmei/money/core/verification-papers.ts';
import { demoApi } from '@zhenmei/server/api/contract.ts';
import { en } from '@zhenmei/web/src/words/en.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assessorsAt } from '../house/assessor-play.ts';
import { openTestHouse, type TestHouse } from '../house/test-house.ts';
import { englishWords, fitsEveryScreen, goTo, joinDesk, openBrowser, openSeat } from './browser.ts';

const here = {} as { browser: Browser; house: TestHouse };
beforeAll(async () => {
  // the first house of a run makes the world
  [here.browser, here.house] = await Promise.all([openBrowser(), openTestHouse()]);
}, 600_000);
afterAll(async () => {
  await here.browser?.close();
  await here.house?.close();
});
const CLINIC = { 'zh-CN': '梅园医疗美容门诊部', en: 'Plum Garden Aesthetic Clinic' };
const REGULATOR = { 'zh-CN': '真安市医疗美容监督管理局', en: 'Zhen’an Aesthetic Medicine Authority' };
/** What only a result that stands says. */
const STANDS = { 'zh-CN': '有效期至', en: 'Good until' };
/** The brand, the clinic's mark, and numbers as the registers have them. */
const SAME = /Zhenmei|Plum Garden|PDY|CN|PDF|mL|English|EN/g;
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click();
const db = () => here.house.house.modules.money.db;

const looks = async (page: Page, name: string, locale: string): Promise<void> => {
  await fitsEveryScreen(page, name);
  if (locale === 'zh-CN') expect(await englishWords(page, SAME, 'main')).toEqual([]);
};

/** The newest task and who was drawn for it. */
async function newest() {
  const task = await db()
    .selectFrom('money.check_task')
    .select('id')
    .orderBy('asked_at', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  const seats = await db()
    .selectFrom('money.check_seat')
    .select('verifier')
    .where('task_id', '=', task.id)
    .where('round', '=', 0)
    .execute();
  return { id: task.id, verifiers: seats.map(({ verifier }) => verifier) };
}

async function later(ms: number): Promise<void> {
  const { house } = here.house;
  const api = apiAt({ baseUrl: here.house.url, origin: here.house.url }, 'patient');
  await api.call(demoApi.advanceTime, {
    body: { to: new Date(house.deps.clock.now() + ms).toISOString() },
  });
}

async function clinicPage(page: Page, name: string): Promise<void> {
  const row = await here.house.house.modules.identity.db
    .selectFrom('identity.organisation')
    .select(['id', 'name'])
    .where('kind', '=', 'clinic')
    .execute();
  const { id } = row.find((one) => one.name.zh === name || one.name.en === name)!;
  await page.goto(`${here.house.url}/clinics/${id}`);
}

describe.each([
  { locale: 'zh-CN', w: zh, width: 390 },
  { locale: 'en', w: en, width: 1440 },
] as const)('a check in $locale on $width px', ({ locale, w, width }) => {
  it('is asked for, drawn, answered, shown and withdrawn', async () => {
    const seat = { width, height: 900, locale, prf: true };
    const [clinic, drawn, patient, authority] = await Promise.all([
      openSeat(here.browser, seat),
      openSeat(here.browser, seat),
      openSeat(here.browser, seat),
      openSeat(here.browser, seat),
    ]);
    const [d, a, p, r] = [clinic.page, drawn.page, patient.page, authority.page];
    const { url } = here.house;
    const tag = `check-${locale}`;

    await joinDesk(d, url, w, CLINIC[locale]);
    await goTo(d, w, w['check.name']);
    await d.getByLabel(w['check.ask.licence']).waitFor();
    await looks(d, `${tag}-ask`, locale);
    await d.getByLabel(w['check.ask.licence']).fill('PDY10023-5');
    await d.getByLabel(w['check.ask.scope']).fill('美容外科\n美容皮肤科');
    await d.getByLabel(w['check.ask.doctors']).fill('110000000000123');
    await press(d, w['check.fee.order']);
    await press(d, w['deposit.demo']);
    const pay = w['check.ask.submit'].split('{')[0]!;
    await d.locator('button[type=submit]:not([disabled])', { hasText: pay }).click({ timeout: 30_000 });
    await d.getByText(w['check.phase.answering']).waitFor({ timeout: 60_000 });
    await looks(d, `${tag}-running`, locale);

    // one of the two in a browser, the other on no screen
    const { id, verifiers } = await newest();
    const [one, two] = verifiers;
    const other = (await assessorsAt(here.house, [two!]))[0]!;
    const { name } = await here.house.house.modules.identity.db
      .selectFrom('identity.organisation')
      .select('name')
      .where('account', '=', one!)
      .executeTakeFirstOrThrow();
    await joinDesk(a, url, w, new RegExp(name[locale === 'en' ? 'en' : 'zh']));
    await goTo(a, w, w['check.queue']);
    await a.getByText(w['check.task'].replace('{id}', id)).first().waitFor();
    await looks(a, `${tag}-queue`, locale);
    await a.getByText(w['check.task'].replace('{id}', id)).first().click();
    await a.getByRole('button', { name: w['check.answer.submit'] }).waitFor();
    for (const fits of await a.getByRole('radio', { name: w['check.answer.fits'] }).all()) await fits.check();
    for (const said of await a.getByLabel(w['check.answer.said']).all())
      await said.fill(locale === 'en' ? 'The same number and name.' : '编号与名称一致。');
    await looks(a, `${tag}-answer`, locale);
    await press(a, w['check.answer.submit']);
    await a.getByText(w['check.todo.wait']).waitFor({ timeout: 30_000 });
    await answerTask(other, id, {
      failed: [],
      pages: SOURCES.map((source) => ({ source, where: '公示网站', said: '一致' })),
      at: here.house.house.deps.clock.now(),
    });
    await d.getByText(w['check.pill.open']).first().waitFor({ timeout: 60_000 });
    await looks(d, `${tag}-open`, locale);
    await clinicPage(p, CLINIC[locale]);
    await p.getByText(w['check.pill.open']).first().waitFor();
    await looks(p, `${tag}-public`, locale);

    await later(14 * DAY + 60_000);
    await d.getByText(STANDS[locale]).first().waitFor({ timeout: 60_000 });
    await p.reload();
    await p.getByText(STANDS[locale]).first().waitFor();

    await joinDesk(r, url, w, REGULATOR[locale]);
    await goTo(r, w, w['check.queue']);
    await press(r, w['check.stand.revoke']);
    await r
      .getByRole('dialog')
      .or(r.getByRole('alertdialog'))
      .getByRole('button', { name: w['check.stand.revoke'] })
      .click();
    await r.getByText(w['check.stand.none']).waitFor({ timeout: 30_000 });
    await looks(r, `${tag}-authority`, locale);
    await p.reload();
    await p.getByText(w['check.pill.revoked']).first().waitFor();
    await looks(p, `${tag}-revoked`, locale);
    expect([clinic, drawn, patient, authority].flatMap(({ problems }) => problems)).toEqual([]);
  }, 300_000);

  it('is run by an operator who sees fee, fakes and misses', async () => {
    const { page, problems } = await openSeat(here.browser, { width, height: 900, locale, prf: true });
    await page.goto(`${here.house.url}/operator/checks`);
    await page.getByLabel(w['op.token']).fill(here.house.house.operatorToken!);
    await press(page, w['op.open']);
    await page.getByText(w['check.op.tasks'], { exact: true }).waitFor();
    await page.getByText(w['check.phase.revoked']).first().waitFor();
    await looks(page, `check-${locale}-operator`, locale);
    await page.getByLabel(w['check.op.pay']).fill('5');
    await press(page, w['check.op.pay.save']);
    await page.getByRole('alert').waitFor();
    expect(problems).toEqual([]);
  });
});
