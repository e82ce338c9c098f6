/**
 * Paying in a coin where a region provides for it. No region does yet, so this house and its ledger are told that its
 * clinics' does (`openCoinHouse`); all else is the real house.
 */
import { en } from '@zhenmei/web/src/words/en.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CoinHouse, openCoinHouse } from '../house/coin-house.ts';
import { englishWords, fitsEveryScreen, openBrowser, openSeat } from './browser.ts';
import { bookVisit, press } from './pay-steps.ts';

const COINS = 3_980_000_000n;
const NAMED = '0xABaBaBaBABabABabAbAbABAbABabababaBaBABaB';
let browser: Browser;
let house: CoinHouse;

beforeAll(async () => {
  [browser, house] = await Promise.all([openBrowser(), openCoinHouse()]);
});
afterAll(async () => {
  await browser?.close();
  await house?.close();
});

describe.each([
  { locale: 'zh-CN', w: zh, width: 390 },
  { locale: 'en', w: en, width: 1440 },
] as const)('coins in $locale on $width px', ({ locale, w, width }) => {
  it('address, wrong coin, too much, held, sent home', async () => {
    const patient = await openSeat(browser, { width, height: 844, locale, prf: true });
    const desk = await openSeat(browser, { width: 820, height: 1100, locale, prf: true });
    const [p, d] = [patient.page, desk.page];
    const look = async (page: Page, name: string) => {
      await fitsEveryScreen(page, `coins-${locale}-${name}`);
      if (locale === 'zh-CN')
        expect(
          await englishWords(
            page,
            /English|mL|STC|Testnet|0x(?: ?[0-9a-fA-F]{4}){10}|[A-Z]{3}-[0-9A-F]{12}/g,
            'main',
          ),
          name,
        ).toEqual([]);
    };
    const says = (key: keyof typeof zh, values: Record<string, string>) =>
      Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), w[key]);

    await bookVisit(house.url, p, d, w);
    await d.locator('main li a', { hasText: w['state.quoted'] }).first().click();
    await press(d, w['desk.offer']);
    await p.getByText(w['visit.readOffer']).waitFor();
    for (const [i, question] of [1, 0].entries())
      await p.getByRole('radiogroup').nth(i).getByRole('radio').nth(question).check();
    await press(p, w['visit.agree']);
    const to = (await p.getByLabel(w['coin.to']).locator('code').textContent())!.trim();
    await p.getByRole('img', { name: w['coin.qr'] }).waitFor();
    await p.getByText(w['coin.state.waiting']).waitFor();
    await look(p, 'pay');

    const address = to.toLowerCase() as `0x${string}`;
    await house.mint(house.other, address, 7n);
    await house.mint(house.coin, address, COINS - 1_000_000n);
    await p
      .getByText(says('coin.state.part', { amount: '3,979.00', missing: '1.00', coin: 'STC' }))
      .waitFor({ timeout: 30_000 });
    await p.getByText(says('coin.why.wrong-token', { coin: 'STC' })).waitFor();
    await look(p, 'part');
    await house.mint(house.coin, address, 3_500_000n);
    await p.getByText(w['coin.state.complete']).waitFor({ timeout: 30_000 });
    await look(p, 'complete');
    await press(p, w['coin.hold']);
    await p.getByText(w['money.active']).waitFor({ timeout: 30_000 });

    const home = p.getByRole('region', { name: w['coin.home.title'] });
    await home.getByText('2.50 STC').waitFor();
    const form = home.locator('form', { hasText: '2.50 STC' });
    await form.getByLabel(w['coin.home.to']).fill(`${NAMED.slice(0, -1)}b`);
    await form.getByText(w['coin.home.wrong']).waitFor();
    await form.getByLabel(w['coin.home.to']).fill(NAMED);
    await form.getByRole('button', { name: w['coin.home.sign'] }).click();
    await look(p, 'home');
    await p.getByRole('dialog').getByRole('button', { name: w['coin.home.sign'] }).click();
    await home.getByText(w['coin.home.sent'], { exact: true }).waitFor({ timeout: 30_000 });
    await look(p, 'sent');
    expect((await house.balance(house.coin, NAMED)) > 0n).toBe(true);
    expect([patient.problems, desk.problems]).toEqual([[], []]);
    for (const seat of [patient, desk]) await seat.context.close();
  });
});
