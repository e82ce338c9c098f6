/** Interest, yearly cost, schedules and rounding come out of Chromium as they come out of Node, digit for digit. */
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from './browser.ts';
import { numbers } from './instalment-sample.ts';

const LIVES = 300;
let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
});

test('a loan costs the same in the browser', async () => {
  const entry = fileURLToPath(new URL('./instalment-sample.ts', import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, lib: { entry, formats: ['iife'], name: 'sample' } },
  });
  const output = (Array.isArray(built) ? built : [built]) as { output: { code: string }[] }[];
  const page = await browser.newPage();
  await page.addScriptTag({ content: `${output[0]!.output[0]!.code}\nglobalThis.sample = sample;` });
  const there = await page.evaluate(
    (lives) => (globalThis as unknown as { sample: { numbers: typeof numbers } }).sample.numbers(lives),
    LIVES,
  );
  const here = numbers(LIVES);
  expect(here.length).toBeGreaterThan(LIVES + 15);
  expect(new Set(here).size).toBe(here.length);
  expect(there).toEqual(here);
});
