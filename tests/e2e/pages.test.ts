/** Every page that needs no account: both languages, phone and desk, light, dark and large text. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { englishWords, openSeat, openTogether, overflow, violations } from './browser.ts';

const here = openTogether();

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
    const { codes } = (await (await fetch(`${here.house.url}/api/demo/codes`)).json()) as {
      codes: { code: string }[];
    };
    return `${here.house.url}/verify?code=${encodeURIComponent(codes[0]!.code)}`;
  }
  if (path === '/clinics') {
    await page.goto(here.house.url);
    const href = await page.locator('main ul li a').first().getAttribute('href');
    return `${here.house.url}${href}`;
  }
  return `${here.house.url}${path}`;
}

/** Words that are the same in every language. */
const SAME = /Zhenmei|English|GS1|UDI|https?:\S+|[A-Z0-9-]{4,}|mL|Ctrl/g;

describe.each([
  { locale: 'zh-CN', width: 390, dark: false, elder: false },
  { locale: 'zh-CN', width: 1440, dark: true, elder: false },
  { locale: 'en', width: 390, dark: true, elder: true },
  { locale: 'en', width: 1440, dark: false, elder: false },
])('$locale at $width px, dark $dark, large text $elder', ({ locale, width, dark, elder }) => {
  it('is accessible, fits the screen, and speaks one language', async () => {
    const { context, page, problems } = await openSeat(here.browser, {
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
      expect(await overflow(page), `horizontal scroll on ${path}`).toBeLessThanOrEqual(0);
      if (locale === 'zh-CN') expect(await englishWords(page, SAME), path).toEqual([]);
    }
    expect(problems).toEqual([]);
    await context.close();
  });
});

describe('a page that is not there', () => {
  it('says so and leads home', async () => {
    const { context, page } = await openSeat(here.browser, {
      width: 390,
      height: 844,
      locale: 'en',
      prf: true,
    });
    await page.goto(`${here.house.url}/nowhere`);
    await page.getByText('There is no such page.').waitFor();
    await context.close();
  });
});
