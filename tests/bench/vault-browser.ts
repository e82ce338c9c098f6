/** The vault in Chromium, beside the targets; nothing is measured elsewhere and called Chromium. */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { findChromium, openBrowser } from '../e2e/browser-launch.ts';
import type { BenchRow } from './log.ts';
import type { BrowserTimes, times } from './vault-browser-work.ts';

const PAGE = 'https://vault.example/';
const round = (value: number) => Number(value.toPrecision(3));

async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL('./vault-browser-work.ts', import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, lib: { entry, formats: ['iife'], name: 'work' } },
  });
  const output = (Array.isArray(built) ? built : [built]) as { output: { code: string }[] }[];
  return output[0]!.output[0]!.code;
}

async function measure(): Promise<BrowserTimes> {
  const code = await bundle();
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    // a page that may use WebCrypto
    await page.route(`${PAGE}**`, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>vault</title>' }),
    );
    await page.goto(PAGE);
    await page.addScriptTag({ content: `${code}\nglobalThis.work = work;` });
    return await page.evaluate(() =>
      (globalThis as unknown as { work: { times: typeof times } }).work.times(),
    );
  } finally {
    await browser.close();
  }
}

export async function browserRows(): Promise<BenchRow[]> {
  if (!findChromium()) return [{ name: 'Chromium: not found, nothing measured', value: 0, unit: 'ms' }];
  const found = await measure();
  const row = (name: string, value: number, target: number): BenchRow => ({
    name: `Chromium: ${name}`,
    value: round(value),
    unit: 'ms',
    floor: { name: 'at most', value: target },
  });
  return [
    row('open the vault with what the passkey gave', found.unlock, 10),
    row('encrypt a photo of 5 MB', found.photo, 50),
    { name: 'Chromium: the same in one piece, plain', value: round(found.plainPhoto), unit: 'ms' },
    row('a permission for ten photos', found.grant, 10),
    row('wrap 1,000 content keys anew', found.rewrap, 1_000),
  ];
}
