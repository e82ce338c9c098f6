/** Licences on screen: the regulator's register, the doctor's page, a badge, a request with consent, an offer. */
import { en } from '@zhenmei/web/src/words/en.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHouse, type TestHouse } from '../house/test-house.ts';
import { openBrowser, openSeat } from './browser.ts';

let browser: Browser;
let house: TestHouse;
beforeAll(async () => {
  [browser, house] = await Promise.all([openBrowser(), openTestHouse()]);
});
afterAll(async () => {
  await browser?.close();
  await house?.close();
});

const NAMES = {
  'zh-CN': {
    authority: '真安市医疗美容监督管理局',
    maker: '澄川生物',
    clinic: '梅园医疗美容门诊部',
    doctor: '林书宁',
  },
  en: {
    authority: 'Zhen’an Aesthetic Medicine Authority',
    maker: 'Chengchuan Biotech',
    clinic: 'Plum Garden Aesthetic Clinic',
    doctor: 'Dr Lin Shuning',
  },
} as const;
const SHOTS = process.env.SHOTS;
/** A state as the pieces show it: its mark, then the word. */
const pill = (scope: Page | Locator, word: string) =>
  scope
    .locator('span')
    .filter({ hasText: new RegExp(`^.${word}$`) })
    .first();

describe.each([
  { locale: 'zh-CN', w: zh, width: 390 },
  { locale: 'en', w: en, width: 1440 },
] as const)('licences in $locale at $width px', ({ locale, w, width }) => {
  const names = NAMES[locale];
  const seat = async () => openSeat(browser, { width, height: 900, locale, prf: true });
  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
  const shoot = async (page: Page, name: string) => {
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}-${locale}-${width}.png`, fullPage: true });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
  };
  async function join(page: Page, organisation: string, path: string): Promise<void> {
    await page.goto(`${house.url}/desk`);
    await page.getByRole('radio', { name: organisation }).check();
    await press(page, w['desk.join']);
    await page.getByRole('link', { name: organisation }).first().waitFor({ state: 'attached' });
    await page.goto(`${house.url}${path}`);
  }
  async function clinicId(): Promise<string> {
    const reply = (await (await fetch(`${house.url}/api/clinics`)).json()) as {
      clinics: { id: string; name: { en: string } }[];
    };
    return reply.clinics.find(({ name }) => name.en === NAMES.en.clinic)!.id;
  }

  it('a suspension is on the doctor’s page and in the free times at once, and is lifted', async () => {
    const { context, page, problems } = await seat();
    await join(page, names.authority, '/desk/register');
    await page.getByLabel(w['register.search']).fill('Lin Shuning');
    const card = page.locator('section.card').filter({ hasText: names.doctor }).first();
    await pill(card, w['register.state.valid']).waitFor();
    await shoot(page, 'register');

    const doctor = await openSeat(browser, { width, height: 900, locale, prf: true });
    await doctor.page.goto(`${house.url}/clinics/${await clinicId()}`);
    await doctor.page.getByRole('link', { name: names.doctor }).click();
    await doctor.page.getByText(w['licence.valid']).first().waitFor();
    await shoot(doctor.page, 'doctor');

    await card.getByRole('button', { name: w['register.do.suspended'], exact: true }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: w['register.do.suspended'], exact: true })
      .click();
    await pill(card, w['register.state.suspended']).waitFor();
    await doctor.page.reload();
    await doctor.page.getByText(w['licence.invalid']).first().waitFor();
    await shoot(doctor.page, 'doctor-suspended');
    const free = async () => {
      const { doctors, slots } = (await (
        await fetch(`${house.url}/api/clinics/${await clinicId()}`)
      ).json()) as {
        doctors: { id: string; name: { en: string } }[];
        slots: { doctorId: string; free: boolean }[];
      };
      const id = doctors.find(({ name }) => name.en === NAMES.en.doctor)!.id;
      return slots.filter((slot) => slot.doctorId === id && slot.free).length;
    };
    expect(await free()).toBe(0);
    await card.getByRole('button', { name: w['register.do.valid'], exact: true }).click();
    await pill(card, w['register.state.valid']).waitFor();
    expect(await free()).toBeGreaterThan(0);
    expect([...problems, ...doctor.problems]).toEqual([]);
    await context.close();
    await doctor.context.close();
  });

  it('whoever booked sees that the licence fell away, on the visit and in the list, and that it holds again', async () => {
    const patient = await seat();
    const p = patient.page;
    await p.goto(`${house.url}/clinics/${await clinicId()}`);
    await p.getByRole('radio').first().check();
    await p.locator('main .grid button').first().click();
    await press(p, w['account.create']);
    await press(p, w['clinic.book']);
    await p.getByText(w['visit.waitOffer']).waitFor();
    const isLin = (await p.getByText(names.doctor).count()) > 0;

    const { context, page, problems } = await seat();
    await join(page, names.authority, '/desk/register');
    await page.getByLabel(w['register.search']).fill(isLin ? 'Lin Shuning' : 'Zhou Yi');
    const card = page.locator('section.card').filter({ hasText: w['register.until'] }).first();
    await card.getByRole('button', { name: w['register.do.suspended'], exact: true }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: w['register.do.suspended'], exact: true })
      .click();
    await pill(card, w['register.state.suspended']).waitFor();

    await p.getByRole('alert').getByText(w['visit.warning.doctor']).waitFor();
    await p.getByText(w['visit.warning.other-doctor']).waitFor();
    await shoot(p, 'warned');
    await p.getByRole('link', { name: w['nav.visits'] }).click();
    await p.getByText(w['visit.warning.look']).waitFor();
    await shoot(p, 'warned-list');

    await card.getByRole('button', { name: w['register.do.valid'], exact: true }).click();
    await pill(card, w['register.state.valid']).waitFor();
    await p.locator('main li a').first().click();
    await p.getByText(w['visit.warning.doctor']).waitFor({ state: 'detached' });
    await p.getByText(w['visit.waitOffer']).waitFor();
    expect([...problems, ...patient.problems]).toEqual([]);
    await context.close();
    await patient.context.close();
  });

  it('a table is shown first, with every fault at its place, and entered whole', async () => {
    const { context, page } = await seat();
    await join(page, names.authority, '/desk/register');
    // where short words are shown comes with a slow network only after there are some
    const shownAt = Promise.withResolvers<void>();
    await page.route(/\/after-[^/]+\.js$/, async (route) => {
      await shownAt.promise;
      await route.continue();
    });
    await page.reload();
    const csv = (number: string) =>
      `subject,name.zh,name.en,licenceNumber,leadSpecialties,practisesAt,region\n01980000-0000-7000-8000-0000000000${(width % 90) + 10},表一,Table One,${number},,01980000-0000-7000-8000-000000000009,CN\n`;
    const choose = (content: string) =>
      page
        .locator('input[type=file][accept*=csv]')
        .setInputFiles({ name: 't.csv', mimeType: 'text/csv', buffer: Buffer.from(content) });
    await page.getByText(w['import.title']).waitFor();
    // the physician licence is the first kind of a regulator
    await choose(csv(''));
    await page
      .getByText(
        w['import.at']
          .replace('{line}', '2')
          .replace(
            '{column}',
            locale === 'en' ? 'Licence number (licenceNumber)' : '执业证编号（licenceNumber）',
          ),
      )
      .waitFor();
    await shoot(page, 'import-fault');
    await choose(csv(`N${width}`));
    await page.getByText(w['import.good'].replace('{count}', '1')).waitFor();
    await press(page, w['import.do'].replace('{count}', '1'));
    await page.getByText(w['import.good'].replace('{count}', '1')).waitFor({ state: 'detached' });
    shownAt.resolve();
    await page.getByText(w['import.done'].replace('{count}', '1')).waitFor();
    await context.close();
  });

  it('a badge is checked on another device without asking anybody, and not when it is damaged', async () => {
    const { context, page, problems } = await seat();
    await join(page, names.clinic, '/desk/badge');
    await page.getByText(w['badge.text']).click();
    const badge = (await page.getByTestId('badge').textContent())!;
    expect(badge).toMatch(/^ZM1:/);
    await page.getByRole('img', { name: /./ }).last().waitFor();
    await shoot(page, 'badge');

    const other = await openSeat(browser, { width, height: 900, locale, prf: true, keepsShell: true });
    await other.page.goto(`${house.url}/check`);
    const check = async (text: string) => {
      await other.page.getByLabel(w['check.code']).fill(text);
      await press(other.page, w['check.codeGo']);
    };
    await check(badge);
    await pill(other.page, w['licence.valid']).waitFor();
    await shoot(other.page, 'check');
    // what the page took once is enough
    await other.context.setOffline(true);
    await check(`${badge}\n`);
    await pill(other.page, w['licence.valid']).waitFor();
    const ms = Number(
      /\d+/.exec((await other.page.getByText(w['check.badgeMs'].split('{ms}')[0]!).textContent())!)![0],
    );
    expect(ms).toBeLessThan(100);
    await check(badge.slice(0, -2));
    await other.page.getByRole('alert').waitFor();
    expect(problems).toEqual([]);
    await context.close();
    await other.context.close();
  });

  it('a request says who, what and why; what is shown arrives, and a no is a no', async () => {
    const maker = await seat();
    await join(maker.page, names.maker, '/desk/ask');
    const tablet = await seat();
    await join(tablet.page, names.clinic, '/desk/visits');
    const ask = async () => {
      await press(maker.page, w['askfor.do']);
      return (await maker.page.getByRole('link', { name: w['askfor.here'] }).getAttribute('href'))!;
    };
    await tablet.page.goto(house.url + (await ask()));
    await tablet.page.getByText(w['wallet.asks'].replace('{who}', names.maker)).waitFor();
    await tablet.page
      .getByText(
        locale === 'en'
          ? 'Training on a product: to see that you may practise'
          : '报名产品培训，确认执业资格',
      )
      .waitFor();
    await shoot(tablet.page, 'wallet');
    await press(tablet.page, w['wallet.show']);
    await pill(tablet.page, w['wallet.shown']).waitFor();
    await maker.page.getByText(w['askfor.shown']).waitFor();
    await shoot(maker.page, 'asked');
    await maker.page.reload();
    await tablet.page.goto(house.url + (await ask()));
    await press(tablet.page, w['wallet.decline']);
    await maker.page.getByText(w['askfor.refused']).waitFor();
    expect([...maker.problems, ...tablet.problems]).toEqual([]);
    await maker.context.close();
    await tablet.context.close();
  });

  it('an offer with a code is collected by a wallet of its own', async () => {
    const { context, page } = await seat();
    await join(page, names.authority, '/desk/register');
    await page.getByLabel(w['register.search']).fill('Lin Shuning');
    const card = page.locator('section.card').filter({ hasText: names.doctor }).first();
    await card.getByRole('button', { name: w['register.offer'], exact: true }).click();
    const uri = (await card.locator('code').last().textContent())!;
    const code = /\d{6}/.exec((await card.getByText(/\d{6}/).last().textContent())!)![0];
    await shoot(page, 'offer');
    const wallet = await seat();
    await wallet.page.goto(`${house.url}/wallet?open=${encodeURIComponent(uri)}`);
    await wallet.page.getByLabel(w['wallet.code']).fill(code === '111111' ? '222222' : '111111');
    await press(wallet.page, w['wallet.take']);
    await wallet.page.getByRole('alert').waitFor();
    await wallet.page.getByLabel(w['wallet.code']).fill(code);
    await press(wallet.page, w['wallet.take']);
    await wallet.page.getByText(w['wallet.taken'].replace('{count}', '1')).waitFor();
    await wallet.page.getByText(names.doctor).first().waitFor();
    await shoot(wallet.page, 'collected');
    await context.close();
    await wallet.context.close();
  });
});
