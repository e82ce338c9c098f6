/** The vault's core gives the same bytes in Chromium and in Node, and each opens what the other sealed. */
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from './browser.ts';
import { makeSample, openSample, refuseSample, type VaultSample } from './vault-sample.ts';

const URL_OF_PAGE = 'https://vault.example/';
type InPage = {
  makeSample: typeof makeSample;
  openSample: typeof openSample;
  refuseSample: typeof refuseSample;
};

let browser: Browser;
let page: Page;
let code: string;

/** The core as one script for the browser; a Node built-in in it would fail here or on the page. */
async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL('./vault-sample.ts', import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'sample' } },
  });
  const output = (Array.isArray(built) ? built : [built]) as { output: { code: string }[] }[];
  return output[0]!.output[0]!.code;
}

beforeAll(async () => {
  code = await bundle();
  browser = await openBrowser();
  page = await browser.newPage();
  await page.route(`${URL_OF_PAGE}**`, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>vault</title>' }),
  );
  await page.goto(URL_OF_PAGE);
  await page.addScriptTag({ content: `${code}\nglobalThis.sample = sample;` });
});
afterAll(async () => {
  await browser?.close();
});

const inPage = <K extends keyof InPage>(
  name: K,
  sample?: VaultSample,
): Promise<Awaited<ReturnType<InPage[K]>>> =>
  page.evaluate(
    ([work, given]) =>
      (globalThis as unknown as { sample: Record<string, (s: unknown) => Promise<never>> }).sample[work!]!(
        given,
      ),
    [name, sample] as [string, unknown],
  );

describe('the vault’s core', () => {
  test('gives the same bytes in Chromium as in Node', async () => {
    expect(await inPage('makeSample')).toEqual(await makeSample());
  });

  test('opens in each place what the other sealed, and refuses the same', async () => {
    const [here, there] = [await makeSample(), await inPage('makeSample')];
    expect(await inPage('openSample', here)).toBe(await openSample(there));
    expect(await refuseSample(there)).toBe('VAULT_DAMAGED');
    expect(await inPage('refuseSample', here)).toBe('VAULT_DAMAGED');
  });

  test('needs no Node built-in', () => {
    expect(code).not.toMatch(/__vite-browser-external|require\(["'](?:node:|crypto|buffer)/);
  });
});
