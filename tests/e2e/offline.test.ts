/** The app opens without network from what the device keeps, which is the shell and nothing about anybody. */
import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { WEB_DIST } from '@zhenmei/cli/web-build.ts';
import { describe, expect, it } from 'vitest';
import { en } from '../../apps/web/src/words/en.ts';
import { zh } from '../../apps/web/src/words/zh.ts';
import { openSeat, openTogether } from './browser.ts';

const here = openTogether();

describe.each([
  { locale: 'zh-CN', words: zh },
  { locale: 'en', words: en },
])('without network, in $locale', ({ locale, words }) => {
  it('opens, says so, shows what needs no network, and goes on when it is back', async () => {
    const { context, page, problems } = await openSeat(here.browser, {
      width: 390,
      height: 844,
      locale,
      prf: true,
      keepsShell: true,
    });
    await page.goto(here.house.url);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
    await page.getByRole('link', { name: words['nav.scan'], exact: true }).waitFor();

    await context.setOffline(true);
    await page.reload();
    await page.getByText(words['offline.now']).waitFor();
    await page.goto(`${here.house.url}/check`);
    await page.getByRole('heading', { level: 1, name: words['check.title'] }).waitFor();
    // an address of the server is the server's to answer
    await expect(page.goto(`${here.house.url}/docs/api`)).rejects.toThrow('ERR_INTERNET_DISCONNECTED');

    await context.setOffline(false);
    await page.goto(here.house.url);
    await page.locator('main ul li a').first().waitFor();
    expect(await page.getByText(words['offline.now']).count()).toBe(0);
    expect(problems.filter((text) => !/net::ERR_(?:INTERNET_DISCONNECTED|FAILED)/.test(text))).toEqual([]);
    await context.close();
  });
});

it('keeps no answer about products, clinics or people on the device', async () => {
  const { context, page } = await openSeat(here.browser, {
    width: 390,
    height: 844,
    locale: 'en',
    prf: true,
    keepsShell: true,
  });
  await page.goto(here.house.url);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.goto(`${here.house.url}/verify`);
  await page.locator('h1').first().waitFor();
  const kept = await page.evaluate(async () => {
    const paths: string[] = [];
    for (const name of await caches.keys())
      for (const { url } of await (await caches.open(name)).keys()) paths.push(new URL(url).pathname);
    return paths;
  });
  expect(kept).toContain('/index.html');
  expect(kept.filter((at) => !/^\/(?:assets\/[^/]+|[^/]+\.(?:html|svg|png|webmanifest))$/.test(at))).toEqual(
    [],
  );
  await context.close();
});

it('needs at most 150 kB of packed scripts and styles for the first page', () => {
  const page = fs.readFileSync(path.join(WEB_DIST, 'index.html'), 'utf8');
  const linked = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, file]) => file!);
  expect(linked.length).toBeGreaterThan(1);
  const bytes = linked.map(
    (file) => gzipSync(fs.readFileSync(path.join(WEB_DIST, file)), { level: 9 }).length,
  );
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(150_000);
});
