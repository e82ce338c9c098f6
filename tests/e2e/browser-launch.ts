/** Chromium, where this machine has it; without anything of a test runner, so that measures can use it. */
import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../../bin/chromium.mjs';

export { findChromium };

export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('Chromium was not found: install it or set CHROME_PATH');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
