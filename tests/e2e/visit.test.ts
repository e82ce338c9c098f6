/** The main job in a browser: scan → choose → agree → hold → be treated → release → receipt, on a phone and a tablet. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { en } from '@zhenmei/web/src/words/en.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHouse, type TestHouse } from '../house/test-house.ts';
import { fitsEveryScreen, openBrowser, openSeat } from './browser.ts';
import { finishTreatment } from './visit-steps.ts';

let browser: Browser;
let house: TestHouse;

beforeAll(async () => {
  [browser, house] = await Promise.all([openBrowser(), openTestHouse()]);
});
afterAll(async () => {
  await browser?.close();
  await house?.close();
});

/** Looked at on a phone and on a desk, with pictures for people: SHOTS=folder. */
const shot = (page: Page, name: string): Promise<void> =>
  process.env.SHOTS ? fitsEveryScreen(page, name) : Promise.resolve();

/** Lines on which an element's text stands; runs in the page. */
function linesOf(element: Element): number {
  const text = document.createRange();
  text.selectNodeContents(element);
  return new Set([...text.getClientRects()].map(({ top }) => top)).size;
}

/** Exit code of the command line, given only what the code says and the trust file. */
async function verifyOffline(text: string): Promise<number> {
  const trust = path.join(house.dataDir, 'certificate-trust.json');
  fs.writeFileSync(trust, await (await fetch(`${house.url}/zhenmei-trust.json`)).text());
  const zhenmei = path.resolve(import.meta.dirname, '../../bin/zhenmei.mjs');
  const run = promisify(execFile)(process.execPath, [zhenmei, 'verify', '--qr', text, '--trust', trust]);
  return run.then(
    () => 0,
    (error: { code: number }) => error.code,
  );
}

describe.each([
  { locale: 'zh-CN', w: zh, prf: true, phone: 390 },
  { locale: 'en', w: en, prf: false, phone: 1440 },
])('a visit in $locale on $phone px, PRF $prf', ({ locale, w, prf, phone }) => {
  it('goes from scan to receipt', async () => {
    const patient = await openSeat(browser, { width: phone, height: 844, locale, prf, keepsShell: true });
    const desk = await openSeat(browser, { width: 820, height: 1100, locale, prf });
    const p = patient.page;
    const d = desk.page;
    const tag = `${locale}-${phone}`;
    const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

    await p.goto(house.url);
    await p.getByRole('heading', { name: w.brand }).waitFor();
    await shot(p, `${tag}-home`);
    await p.goto(`${house.url}/verify`);
    await p.locator('main li a').first().click();
    await p.getByText(w['verdict.green']).first().waitFor();
    await shot(p, `${tag}-verify`);

    await d.goto(`${house.url}/desk`);
    await press(d, w['desk.join']);
    await d.getByText(w['desk.empty']).or(d.locator('main li a').first()).first().waitFor();
    await shot(d, `${tag}-desk`);

    await p.goto(house.url);
    await p.locator('main ul li a').first().click();
    await p.getByRole('radio').first().check();
    await p.locator('main .grid button').first().click();
    await press(p, w['account.create']);
    if (!prf) {
      await p.getByLabel(w['account.passphrase']).fill('a long and quiet passphrase');
      await press(p, w['account.continue']);
    }
    await press(p, w['clinic.book']);
    await p.getByText(w['visit.waitOffer']).waitFor();
    await shot(p, `${tag}-booked`);

    await d.locator('main li a', { hasText: w['state.quoted'] }).click();
    await press(d, w['desk.offer']);
    await p.getByText(w['visit.readOffer']).waitFor();
    for (const [i, question] of [1, 0].entries())
      await p.getByRole('radiogroup').nth(i).getByRole('radio').nth(question).check();
    await shot(p, `${tag}-consent`);
    await press(p, w['visit.agree']);
    await press(p, w['visit.pay']);
    await p.getByText(w['money.active']).waitFor();
    await shot(p, `${tag}-held`);
    await press(p, w['visit.demoTime']);
    await p.getByRole('button', { name: new RegExp(w['visit.allergyNone']) }).click();
    await p.getByText(w['visit.waitClinic']).waitFor();

    const digits = async () => {
      const shown = d.locator('main p.text-5xl');
      await shown.waitFor();
      return (await shown.textContent())!.trim();
    };
    const confirm = async (step: 'check-in' | 'unseal') => {
      const code = await digits();
      await p.getByLabel(w['visit.code']).fill(code);
      await shot(p, `${tag}-${step}`);
      await press(p, w[`visit.confirm.${step}`]);
    };
    await press(d, w['desk.checkIn']);
    await shot(d, `${tag}-desk-code`);
    await confirm('check-in');
    await press(d, w['desk.unseal']);
    await confirm('unseal');
    await press(d, w['desk.open']);
    await finishTreatment(p, d, w);
    await press(d, w['desk.claim']);
    await d.getByText(w['state.claimed.desk'], { exact: true }).waitFor();
    await p.getByRole('button', { name: w['visit.accept'] }).waitFor();
    await shot(p, `${tag}-claimed`);
    await press(p, w['visit.accept']);
    await p.getByRole('link', { name: w['visit.receipt'] }).click();
    await expect.poll(() => p.getByText(w['part.proven']).count()).toBe(5);
    await shot(p, `${tag}-receipt`);
    const printed = await p.getByAltText(w['certificate.image']).screenshot();
    const text = (await p.locator('[data-certificate]').textContent())!;
    expect(await verifyOffline(text)).toBe(0);
    expect(await verifyOffline(text.replace(/.$/, (end) => (end === '0' ? '1' : '0')))).toBe(1);
    const paper = await openSeat(browser, { width: phone, height: 844, locale, prf });
    await paper.page.goto(`${house.url}/check`);
    await paper.page
      .locator('input[accept="image/*"]')
      .setInputFiles({ name: 'paper.png', mimeType: 'image/png', buffer: printed });
    await paper.page.getByText(w['certificate.proven']).waitFor();
    expect(await paper.page.getByLabel(w['check.code']).inputValue()).toBe(text);
    await shot(paper.page, `${tag}-certificate`);
    expect(paper.problems).toEqual([]);
    await paper.context.close();
    await p.getByRole('link', { name: w['nav.vault'] }).click();
    await p.getByText(w['vault.product']).waitFor();
    await shot(p, `${tag}-vault`);
    await d.getByRole('link', { name: new RegExp(w.back) }).click();
    await press(d, w['desk.withdraw']);
    await d.getByText(w['desk.withdrawn']).waitFor();
    await shot(d, `${tag}-desk-end`);
    await d.setViewportSize({ width: 390, height: 844 });
    const state = d.getByText(w['state.closed'], { exact: true }).first();
    expect(await state.evaluate(linesOf)).toBe(1);

    expect(patient.problems).toEqual([]);
    expect(desk.problems).toEqual([]);
    await patient.context.close();
    await desk.context.close();
  });
});
