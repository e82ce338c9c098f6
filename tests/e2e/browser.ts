/** Chromium with a passkey authenticator, and a house of its own for a test file. */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Words } from '@zhenmei/web/src/words/zh.ts';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { openTestHouse, type TestHouse } from '../house/test-house.ts';
import { openBrowser } from './browser-launch.ts';

export { openBrowser };

/** What the people of failed journeys saw; printed at the end of a run in CI. */
const SEEN = fileURLToPath(new URL('../.artifacts/seen.txt', import.meta.url));

const successors = new WeakMap<Browser, Promise<Browser>>();

/** A browser that fell between two tests, on a machine with much to do, says nothing of the product: another goes on. */
async function standing(browser: Browser): Promise<Browser> {
  if (browser.isConnected()) return browser;
  const next = successors.get(browser) ?? openBrowser();
  successors.set(browser, next);
  return standing(await next);
}

/** Milliseconds after which something will not come any more, however much the machine has to do. */
const PATIENCE = 90_000;

export interface Seat {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors of the page's console and uncaught ones. */
  readonly problems: string[];
  /** Answers that refused something: status, method, path. */
  readonly refused: string[];
}

/**
 * A person's own browser.
 * @param options.keepsShell whether it has service workers, as most have: each first visit then loads the whole app in the
 *   background, a quarter of what a journey costs a machine. Left out where nothing of the journey goes without network
 */
export async function openSeat(
  browser: Browser,
  options: {
    width: number;
    height: number;
    locale: string;
    prf: boolean;
    dark?: boolean;
    keepsShell?: boolean;
  },
): Promise<Seat> {
  const context = await (await standing(browser)).newContext({
    viewport: { width: options.width, height: options.height },
    locale: options.locale,
    colorScheme: options.dark ? 'dark' : 'light',
    // an animation draws sixty pictures a second, which a machine without graphics pays for
    reducedMotion: 'reduce',
  });
  if (!options.keepsShell)
    await context.addInitScript(() => {
      Reflect.deleteProperty(Navigator.prototype, 'serviceWorker');
    });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (401|403|404|409|422)/.test(message.text()))
      problems.push(message.text());
  });
  const refused: string[] = [];
  page.on('response', (answer) => {
    if (answer.status() >= 400)
      refused.push(`${answer.status()} ${answer.request().method()} ${new URL(answer.url()).pathname}`);
  });
  const cdp = await context.newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      hasPrf: options.prf,
    },
  });
  const seat = { context, page, problems, refused };
  seats.push(seat);
  return seat;
}

/** The seats of the test that runs. */
const seats: Seat[] = [];

// a journey that failed tells what its people saw
afterEach(async ({ task }) => {
  const used = seats.splice(0);
  if (task.result?.state !== 'fail') return;
  for (const { page, problems, refused } of used) {
    // biome-ignore lint/performance/useDomNodeTextContent: what a person saw
    const shown = page.isClosed() ? '(closed)' : await page.locator('body').innerText().catch(String);
    const seen = [page.url(), shown.slice(0, 3_000), ...problems.slice(-5), ...refused.slice(-10)];
    const said = `${task.suite?.name} > ${task.name}:\n${seen.join('\n')}\n`;
    console.error(said);
    fs.mkdirSync(path.dirname(SEEN), { recursive: true });
    fs.appendFileSync(SEEN, said);
  }
});

/** A browser and a house for one test file: there before its first test, closed after its last. @param at as `openTestHouse` has it */
export function openTogether(at: number | null = null): {
  readonly browser: Browser;
  readonly house: TestHouse;
} {
  const both = {} as { browser: Browser; house: TestHouse };
  beforeAll(async () => {
    [both.browser, both.house] = await Promise.all([openBrowser(), openTestHouse(undefined, at)]);
  });
  afterAll(async () => {
    await both.browser?.close();
    await both.house?.close();
  });
  return both;
}

/** Joins an organisation of the demo as its desk. */
export async function joinDesk(page: Page, url: string, w: Words, name: string | RegExp): Promise<void> {
  await page.goto(`${url}/desk`);
  await page.getByRole('radio', { name }).check();
  await page.getByRole('button', { name: w['desk.join'], exact: true }).click();
  await page.getByRole('link', { name }).first().waitFor({ state: 'attached' });
}

/** Goes to a place of the navigation, on a phone also to one that is behind “More”. */
export async function goTo(page: Page, w: Words, name: string): Promise<void> {
  // what waits there is read out after its name
  const link = { name: new RegExp(`^${name}(?: |$)`) };
  const place = page.getByRole('navigation').getByRole('link', link);
  await page.getByRole('navigation').waitFor();
  if (await place.isVisible()) return place.click();
  await page.getByRole('button', { name: w['nav.more'], exact: true }).click();
  await page.getByRole('dialog').getByRole('link', link).click();
}

/** A picture of the whole page, for people: SHOTS=folder. */
export async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env.SHOTS;
  if (!folder) return;
  fs.mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
}

/** What axe finds, WCAG 2.2's target size included. */
export async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const run = (globalThis as unknown as { axe: typeof import('axe-core') }).axe.run;
    const { violations: found } = await run(document, { rules: { 'target-size': { enabled: true } } });
    return found.map((v) => `${v.id}: ${v.nodes[0]?.html.slice(0, 160)}`);
  });
}

/** By how many pixels the page, or a bar that stands fixed on it, is wider than the screen. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() =>
    Math.max(
      ...[document.documentElement, ...document.querySelectorAll('nav')].map(
        (element) => element.scrollWidth - element.clientWidth,
      ),
    ),
  );

/** English words that a person sees. @param same words that are the same in every language */
export async function englishWords(page: Page, same: RegExp, part = 'body'): Promise<string[]> {
  // what a person sees, not what the document holds
  // biome-ignore lint/performance/useDomNodeTextContent: hidden text does not count
  const text = await page.locator(part).innerText();
  // PDF is called so in Chinese, too
  return (
    text
      .replace(same, '')
      .replace(/\bPDF\b/g, '')
      .match(/[A-Za-z]{3,}/g) ?? []
  );
}

/** The page as it stands is accessible and fits a phone and a desk; it is left at the size it had. */
export async function fitsEveryScreen(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle');
  const before = page.viewportSize()!;
  for (const width of [before.width === 390 ? 1440 : 390, before.width]) {
    await page.setViewportSize({ ...before, width });
    expect(await violations(page), `${name} at ${width}`).toEqual([]);
    expect(await overflow(page), `horizontal scroll on ${name} at ${width}`).toBeLessThanOrEqual(0);
    await shot(page, `${name}-${width}`);
  }
}
