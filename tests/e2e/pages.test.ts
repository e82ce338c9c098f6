/** Every page that needs no account: both languages, phone and desk, light, dark and large text. */
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, openSeat, openTestHouse, type TestHouse } from './browser.ts';

let browser: Browser;
let house: TestHouse;
beforeAll(async () => {
  [browser, house] = await Promise.all([openBrowser(), openTestHouse()]);
});
afterAll(async () => {
  await browser?.close();
  await house?.close();
});

const PAGES = [
  '/',
  '/verify',
  '/verify?sample',
  '/clinics',
  '/visits',
  '/me',
  '/vault',
  '/vault/keys',
  '/join',
  '/check',
  '/desk',
  '/try',
  '/kit',
];

async function addressOf(path: string, page: Page): Promise<string> {
  if (path === '/verify?sample') {
    const { codes } = (await (await fetch(`${house.url}/api/demo/codes`)).json()) as {
      codes: { code: string }[];
    };
    return `${house.url}/verify?code=${encodeURIComponent(codes[0]!.code)}`;
  }
  if (path === '/clinics') {
    await page.goto(house.url);
    const href = await page.locator('main ul li a').first().getAttribute('href');
    return `${house.url}${href}`;
  }
  return `${house.url}${path}`;
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const run = (globalThis as unknown as { axe: typeof import('axe-core') }).axe.run;
    const { violations: found } = await run(document, { rules: { 'target-size': { enabled: true } } });
    return found.map((v) => `${v.id}: ${v.nodes[0]?.html.slice(0, 160)}`);
  });
}

/** Words that are the same in every language. */
const ALLOWED = /Zhenmei|English|GS1|UDI|https?:\S+|[A-Z0-9-]{4,}|mL|Ctrl/g;

describe.each([
  { locale: 'zh-CN', width: 390, dark: false, elder: false },
  { locale: 'zh-CN', width: 1440, dark: true, elder: false },
  { locale: 'en', width: 390, dark: true, elder: true },
  { locale: 'en', width: 1440, dark: false, elder: false },
])('$locale at $width px, dark $dark, large text $elder', ({ locale, width, dark, elder }) => {
  it('is accessible, fits the screen, and speaks one language', async () => {
    const { context, page, problems } = await openSeat(browser, {
      width,
      height: 844,
      locale,
      prf: true,
      dark,
    });
    if (elder) await context.addInitScript(() => localStorage.setItem('zm-elder', '1'));
    for (const path of PAGES) {
      await page.goto(await addressOf(path, page));
      await page.locator('h1').first().waitFor();
      await page.waitForLoadState('networkidle');
      expect(await violations(page), path).toEqual([]);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, `horizontal scroll on ${path}`).toBeLessThanOrEqual(0);
      if (locale === 'zh-CN') {
        // what a person sees, not what the document holds
        // biome-ignore lint/performance/useDomNodeTextContent: hidden text does not count
        const text = (await page.locator('body').innerText()).replace(ALLOWED, '');
        expect(text.match(/[A-Za-z]{3,}/g) ?? [], path).toEqual([]);
      }
    }
    expect(problems).toEqual([]);
    await context.close();
  });
});

describe('a page that is not there', () => {
  it('says so and leads home', async () => {
    const { context, page } = await openSeat(browser, { width: 390, height: 844, locale: 'en', prf: true });
    await page.goto(`${house.url}/nowhere`);
    await page.getByText('There is no such page.').waitFor();
    await context.close();
  });
});
