/** A stranger scans a box: the address itself answers, without an app, an account or a script; the app says the same. */
import fs from 'node:fs';
import path from 'node:path';
import { en } from '@zhenmei/web/src/words/en.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHouse, type TestHouse } from '../house/test-house.ts';
import { openBrowser, openSeat, overflow, shot, violations } from './browser.ts';

let browser: Browser;
let house: TestHouse;
const units: Record<string, string> = {};

beforeAll(async () => {
  [browser, house] = await Promise.all([openBrowser(), openTestHouse()]);
  const { codes } = (await (await fetch(`${house.url}/api/demo/codes`)).json()) as {
    codes: { key: string; code: string }[];
  };
  for (const { key, code } of codes) units[key] = code.replace('https://id.gs1.org', '');
});
afterAll(async () => {
  await browser?.close();
  await house?.close();
});

/** What a person sees. */
// biome-ignore lint/performance/useDomNodeTextContent: hidden text does not count
const shown = (page: Page) => page.locator('h1').innerText();

interface Case {
  readonly locale: 'zh-CN' | 'en';
  readonly width: number;
  readonly dark: boolean;
}
const CASES: readonly Case[] = [
  { locale: 'zh-CN', width: 390, dark: false },
  { locale: 'en', width: 390, dark: true },
  { locale: 'zh-CN', width: 1440, dark: true },
  { locale: 'en', width: 1440, dark: false },
];
const WORDS = {
  'zh-CN': {
    green: '没有发现矛盾',
    red: '不要使用',
    amber: '需要留意',
    grey: '无法判断',
    other: 'English',
    code: '包装上的代码',
    verify: '验真',
    compare: '一起核对',
    dose: '含量，例如 100 单位',
    place: '你在哪家机构（准备使用时填）',
  },
  en: {
    green: 'No contradiction found',
    red: 'Do not use it',
    amber: 'Take care',
    grey: 'Cannot be judged',
    other: '中文',
    code: 'Code on the package',
    verify: 'Verify',
    compare: 'Compare',
    dose: 'Content, for example 100 U',
    place: 'The clinic where you are, if it is about to be used',
  },
} as const;

describe.each(CASES)('without JavaScript, in $locale at $width px, dark $dark', ({ locale, width, dark }) => {
  const w = WORDS[locale];
  const open = (javaScriptEnabled: boolean): Promise<BrowserContext> =>
    browser.newContext({
      javaScriptEnabled,
      locale,
      viewport: { width, height: 844 },
      colorScheme: dark ? 'dark' : 'light',
    });

  it('says one word, one sentence, reasons, way and proof, and loads no script', async () => {
    const context = await open(false);
    const page = await context.newPage();
    const loaded: string[] = [];
    page.on('request', (request) =>
      loaded.push(`${request.resourceType()} ${new URL(request.url()).origin}`),
    );
    for (const [key, word] of [
      ['filler', w.green],
      ['recalled', w.red],
      ['broken-trail', w.amber],
    ] as const) {
      await page.goto(house.url + units[key]);
      expect(await shown(page)).toBe(word);
      expect(await page.locator('.map').count()).toBe(1);
      expect(await page.locator('.timeline li').count()).toBeGreaterThan(2);
      await shot(page, `public-${key}-${locale}-${width}`);
    }
    expect(loaded.filter((one) => one.startsWith('script'))).toEqual([]);
    expect(new Set(loaded.map((one) => one.split(' ')[1]))).toEqual(new Set([house.url]));
    await context.close();
  });

  it('takes a typed code, compares the label, and changes the language', async () => {
    const context = await open(false);
    const page = await context.newPage();
    await page.goto(`${house.url}/code`);
    const gtin = units.filler!.split('/')[2];
    await page.getByLabel(w.code).fill(`(01)${gtin}(21)${units.filler!.split('/')[4]}`);
    await page.getByRole('button', { name: w.verify }).click();
    expect(new URL(page.url()).pathname).toBe(units.filler);
    expect(await shown(page)).toBe(w.green);
    await page.getByLabel(w.place).fill(locale === 'en' ? 'Clear River Skin Clinic' : 'nowhere');
    await page.getByLabel(w.dose).fill('1 mL');
    await page.getByRole('button', { name: w.compare }).click();
    expect(new URL(page.url()).searchParams.get('dose')).toBe('1 mL');
    await page.getByRole('link', { name: w.other }).click();
    const changed = WORDS[locale === 'en' ? 'zh-CN' : 'en'];
    expect(Object.values(changed)).toContain(await shown(page));
    await page.goto(`${house.url}/code?text=81234567890123456781&lang=${locale === 'en' ? 'en' : 'zh'}`);
    expect(await shown(page)).toBe(w.grey);
    await shot(page, `public-typed-${locale}-${width}`);
    await context.close();
  });

  it('is accessible, fits the screen, and prints on one sheet', async () => {
    const context = await open(true);
    const page = await context.newPage();
    for (const address of [
      units.filler!,
      units.recalled!,
      units.expired!,
      '/code',
      `${units.filler}?large=1`,
      '/01/12345678901234',
    ]) {
      await page.goto(house.url + address);
      expect(await violations(page), address).toEqual([]);
      expect(await overflow(page), address).toBeLessThanOrEqual(0);
    }
    await page.goto(house.url + units['broken-trail']);
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page\b(?!s)/g)).toHaveLength(1);
    if (process.env.SHOTS)
      fs.writeFileSync(
        path.join(process.env.SHOTS, `public-${locale}-${width}.pdf`),
        Buffer.from(pdf, 'latin1'),
      );
    await context.close();
  });
});

describe.each([
  { locale: 'zh-CN', w: zh, width: 390 },
  { locale: 'en', w: en, width: 1440 },
] as const)('the app in $locale at $width px', ({ locale, w, width }) => {
  it('says the same, shows the way, and checks the proof in the page', async () => {
    const { context, page, problems } = await openSeat(browser, { width, height: 844, locale, prf: true });
    await page.goto(`${house.url}/verify?code=${encodeURIComponent(`https://id.gs1.org${units.filler}`)}`);
    await page.getByRole('heading', { name: w['verdict.green'] }).waitFor();
    expect(await page.locator('.way-map').count()).toBe(1);
    await page.getByRole('button', { name: w['verify.checkHere'], exact: true }).click();
    await expect.poll(() => page.locator('[data-verdict=proven]').count()).toBe(7);
    await page.getByText(w['verdict.green']).nth(1).waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await shot(page, `app-verify-${locale}-${width}`);
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: w['verify.download'], exact: true }).click();
    const file = await (await waiting).path();
    await page.goto(`${house.url}/check`);
    await page.locator('#receipt').setInputFiles(file);
    await expect.poll(() => page.locator('[data-verdict=proven]').count()).toBe(7);
    fs.writeFileSync(
      `${file}.bent`,
      fs.readFileSync(file, 'utf8').replace('"commissioning"', '"inspecting"'),
    );
    await page.locator('#receipt').setInputFiles(`${file}.bent`);
    await page.locator('[data-verdict=false]').first().waitFor();
    await shot(page, `app-check-${locale}-${width}`);
    expect(problems).toEqual([]);
    await context.close();
  });

  it('reads a handheld scanner that types, wherever the cursor is', async () => {
    const { context, page } = await openSeat(browser, { width, height: 844, locale, prf: true });
    await page.goto(`${house.url}/verify`);
    await page.getByLabel(w['scan.code']).waitFor();
    await page.getByText(w['scan.camera']).waitFor();
    await page.locator('body').click({ position: { x: 5, y: 5 } });
    const gtin = units.filler!.split('/')[2];
    await page.keyboard.type(`]d201${gtin}21${units.filler!.split('/')[4]}`, { delay: 2 });
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: w['verdict.green'] }).waitFor();
    await context.close();
  });
});
