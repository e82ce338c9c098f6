/** Chromium with a passkey authenticator, and a house of its own for a test file. */
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { WEB_DIST } from '@zhenmei/cli/house.ts';
import { ensureWeb } from '@zhenmei/cli/web-build.ts';
import { type House, startHouse } from '@zhenmei/server';
import { readConfig } from '@zhenmei/server/config.ts';
import { seedWorld } from '@zhenmei/server/demo/seed.ts';
import { createLogger, type Log } from '@zhenmei/telemetry';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const CANDIDATES = [
  process.env.CHROME_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

export async function openBrowser(): Promise<Browser> {
  const executablePath = CANDIDATES.find((file) => file && fs.existsSync(file));
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

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** What the house of a test had to say, for whoever looks for a fault: ZM_TEST_LOG=file. */
const silent = createLogger({
  level: process.env.ZM_TEST_LOG ? 'debug' : 'silent',
  destination: { write: (line) => fs.appendFileSync(process.env.ZM_TEST_LOG!, line) },
});

export interface TestHouse {
  readonly url: string;
  readonly house: House;
  readonly dataDir: string;
  close(): Promise<void>;
}

/** A seeded house in a folder that is removed afterwards. */
export async function openTestHouse(log: Log = silent): Promise<TestHouse> {
  ensureWeb();
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-e2e-'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const config = { ...readConfig({ PORT: String(port) }), dataDir, publicUrl: url };
  const house = await startHouse({ config, webDir: WEB_DIST, log });
  await seedWorld({
    baseUrl: url,
    origin: url,
    operatorToken: house.operatorToken,
    dataDir,
    now: () => house.deps.clock.now(),
  });
  return {
    url,
    house,
    dataDir,
    async close() {
      await house.close();
      fs.rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export interface Seat {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors of the page's console and uncaught ones. */
  readonly problems: string[];
}

export async function openSeat(
  browser: Browser,
  options: { width: number; height: number; locale: string; prf: boolean; dark?: boolean },
): Promise<Seat> {
  const context = await browser.newContext({
    viewport: { width: options.width, height: options.height },
    locale: options.locale,
    colorScheme: options.dark ? 'dark' : 'light',
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (401|403|404|409|422)/.test(message.text()))
      problems.push(message.text());
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
  return { context, page, problems };
}
