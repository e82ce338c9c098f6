/** A person at a phone or a desk with a vault of their own, and the clinic that she deals with. */
import { apiAt } from '@zhenmei/cli/visit-play.ts';
import { demoApi, houseApi } from '@zhenmei/server/api/contract.ts';
import type { Words } from '@zhenmei/web/src/words/zh.ts';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { drawFace } from '../house/drawn-face.ts';
import type { TestHouse } from '../house/test-house.ts';
import { englishWords, openSeat, overflow, type Seat, shot, violations } from './browser.ts';

export const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
export const confirmed = (page: Page, name: string) =>
  page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
export const go = (page: Page, to: string) => page.locator(`main a[href="${to}"]`).first().click();
/** A word with its mark. */
export const state = (page: Page, word: string) => page.getByText(new RegExp(`^[✓!✕?·]${word}$`));

/** What somebody who looks at the page would complain about. @param same words that are alike in both languages */
export async function look(page: Page, name: string, locale: string, same = /$^/g): Promise<void> {
  await page.locator('h1').first().waitFor();
  await page.waitForLoadState('networkidle');
  expect(await violations(page), name).toEqual([]);
  expect(await overflow(page), name).toBe(0);
  if (locale === 'zh-CN') {
    const alike = new RegExp(`${same.source}|\\b[0-9a-f]{8}\\b|[\\d.]+\\s?[kM]?B|Linux|BDDE|PDRN|DNA`, 'g');
    expect(await englishWords(page, alike, 'main'), name).toEqual([]);
  }
  await shot(page, `${name}-${locale}`);
}

/** A new account with an empty vault, opened. */
export async function newVault(
  browser: Browser,
  house: TestHouse,
  w: Words,
  { width, locale, prf = true }: { width: number; locale: string; prf?: boolean },
): Promise<Seat> {
  const seat = await openSeat(browser, { width, height: 844, locale, prf });
  await seat.page.goto(`${house.url}/vault`);
  await press(seat.page, w['account.create']);
  if (!prf) {
    // a passkey that gives no key: a passphrase does
    await seat.page.getByLabel(w['account.passphrase']).fill('seven quiet herons at dusk');
    await press(seat.page, w['account.continue']);
  }
  await seat.page.getByRole('heading', { name: w['keep.title'] }).waitFor();
  return seat;
}

export async function keepPhoto(page: Page, w: Words, title: string, n = 7): Promise<void> {
  await page
    .getByLabel(w['keep.add.file'])
    .setInputFiles({ name: 'IMG_1.png', mimeType: 'image/png', buffer: Buffer.from(drawFace(n, 'x').file) });
  await page.getByLabel(w['keep.add.name']).fill(title);
  await press(page, w['keep.add.do']);
  await page.getByText(title, { exact: true }).first().waitFor();
}

/** The demo clinic's tablet, ready to receive. @returns its name as the page shows it */
export async function newDesk(page: Page, house: TestHouse, w: Words): Promise<string> {
  await page.goto(`${house.url}/desk`);
  await press(page, w['desk.join']);
  await page.getByRole('link', { name: w['shared.title'] }).click();
  await page.getByText(w['shared.none']).waitFor();
  return (await page.locator('a[href="/desk/organisation"] span').first().textContent())!;
}

/** Back in after the page was loaded anew. */
export async function signIn(page: Page, w: Words): Promise<void> {
  await page.reload();
  await press(page, w['account.signIn']);
}

const api = (house: TestHouse) => apiAt({ baseUrl: house.url, origin: house.url }, 'patient');
export const nowIn = async (house: TestHouse) => Date.parse((await api(house).call(houseApi.readConfig)).now);
export async function passTime(house: TestHouse, to: string): Promise<void> {
  await api(house).call(demoApi.advanceTime, { body: { to } });
}
