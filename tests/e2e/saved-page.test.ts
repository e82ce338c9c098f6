/** The verifier's saved page, opened from a disk, without any network. */
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { playVisit } from '@zhenmei/cli/play-visit.ts';
import { WEB_DIST } from '@zhenmei/cli/web-build.ts';
import { certificateOf } from '@zhenmei/verifier/receipt-certificate.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openTestHouse } from '../house/test-house.ts';
import { openBrowser } from './browser.ts';

let browser: Browser;
let folder: string;
let files: { receipt: string; trust: string; other: string; page: string; unit: string; bent: string };
let certificate: string;

beforeAll(async () => {
  const house = await openTestHouse();
  folder = fs.mkdtempSync(path.join(house.dataDir, '..', 'zm-saved-'));
  try {
    const { receipt, trust } = await playVisit({
      baseUrl: house.url,
      origin: house.url,
      onStep: () => undefined,
    });
    const keep = (name: string, text: string) => {
      fs.writeFileSync(path.join(folder, name), text);
      return path.join(folder, name);
    };
    const changed = receipt.replace('"amount":"', '"amount":"1');
    expect(changed).not.toBe(receipt);
    const { codes } = (await (await fetch(`${house.url}/api/demo/codes`)).json()) as {
      codes: { code: string }[];
    };
    const unit = await vi.waitFor(
      async () => {
        const reply = await fetch(`${house.url}/api/units/proof?unit=${encodeURIComponent(codes[0]!.code)}`);
        expect(reply.status).toBe(200);
        return reply.text();
      },
      { interval: 500 },
    );
    certificate = certificateOf(JSON.parse(receipt))!;
    files = {
      unit: keep('unit.json', unit),
      bent: keep('bent.json', unit.replace('"shipping"', '"storing"')),
      receipt: keep('receipt.json', receipt),
      trust: keep('trust.json', trust),
      other: keep('changed.json', changed),
      page: keep('page.html', fs.readFileSync(path.join(WEB_DIST, 'zhenmei-verify.html'), 'utf8')),
    };
  } finally {
    await house.close();
  }
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  if (folder) fs.rmSync(folder, { recursive: true, force: true });
});

/** What a person sees, not what is folded away. */
function seen(page: Page): Promise<string> {
  // biome-ignore lint/performance/useDomNodeTextContent: hidden text does not count
  return page.locator('main').innerText();
}

async function open(locale: string): Promise<{ page: Page; asked: string[]; problems: string[] }> {
  const context = await browser.newContext({ locale, viewport: { width: 390, height: 844 }, offline: true });
  const page = await context.newPage();
  const asked: string[] = [];
  const problems: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(pathToFileURL(files.page).href);
  return { page, asked, problems };
}

it('proves five from the disk, in both languages, and asks nobody', async () => {
  const { page, asked, problems } = await open('zh-CN');
  await page.getByText('先选信任文件').waitFor();
  await page.locator('#trust').setInputFiles(files.trust);
  await page.locator('#receipt').setInputFiles(files.receipt);
  await expect.poll(() => page.locator('[data-verdict=proven]').count()).toBe(5);
  const chinese = await seen(page);
  expect(chinese).toContain('账本状态仅由运营者作证');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Check a receipt, proof or certificate' }).waitFor();
  expect(await page.locator('[data-verdict=proven]').count()).toBe(5);
  expect(await seen(page)).not.toMatch(/[\u4e00-\u9fff]{3,}/);
  expect(asked.every((url) => url.startsWith('file:'))).toBe(true);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  expect(problems).toEqual([]);
  if (process.env.SHOTS)
    await page.screenshot({ path: `${process.env.SHOTS}/saved-page.png`, fullPage: true });
});

it('judges the proof of a unit and a certificate’s code from the disk', async () => {
  const { page, asked, problems } = await open('en');
  await page.locator('#trust').setInputFiles(files.trust);
  await page.locator('#receipt').setInputFiles(files.unit);
  await expect.poll(() => page.locator('[data-verdict=proven]').count()).toBe(7);
  expect(await page.locator('[data-level=green]').count()).toBe(1);
  await page.locator('#receipt').setInputFiles(files.bent);
  await expect.poll(() => page.locator('[data-verdict=false]').count()).toBeGreaterThan(0);
  await page.locator('#code').fill(certificate);
  await page.getByRole('button', { name: 'Check the certificate' }).click();
  await expect.poll(() => page.locator('[data-verdict=proven]').count()).toBe(1);
  expect(await seen(page)).toMatch(/id\.gs1\.org\/01\/\d{14}\/21\//);
  await page.locator('#code').fill(certificate.replace(/.$/, (c) => (c === '0' ? '1' : '0')));
  await page.getByRole('button', { name: 'Check the certificate' }).click();
  await expect.poll(() => page.locator('[data-verdict=false]').count()).toBe(1);
  expect(asked.every((url) => url.startsWith('file:'))).toBe(true);
  expect(problems).toEqual([]);
});

it('names the part that was changed', async () => {
  const { page } = await open('en');
  await page.locator('#trust').setInputFiles(files.trust);
  await page.locator('#receipt').setInputFiles(files.other);
  await expect.poll(() => page.locator('[data-verdict=false]').count()).toBeGreaterThan(0);
});

it('refuses a trust file that is none, and asks for no receipt before', async () => {
  const { page } = await open('en');
  await page.locator('#trust').setInputFiles(files.receipt);
  await page.getByRole('alert').waitFor();
  expect(await page.locator('#receipt').count()).toBe(0);
});
