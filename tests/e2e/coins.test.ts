/**
 * Paying in a coin where a region provides for it. No region does yet, so this house and its ledger are told that its
 * clinics' does (`openCoinHouse`); all else is the real house.
 */
import { apiAt } from '@zhenmei/cli/visit-play.ts';
import { organisations } from '@zhenmei/identity';
import { type Hex, toIso } from '@zhenmei/kernel';
import { demoApi } from '@zhenmei/server/api/contract.ts';
import { en } from '@zhenmei/web/src/words/en.ts';
import { type Words, zh } from '@zhenmei/web/src/words/zh.ts';
import type { Browser, Page } from 'playwright-core';
import { encodeFunctionData } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CoinHouse, MOCK, openCoinHouse } from '../house/coin-house.ts';
import { englishWords, fitsEveryScreen, openBrowser, openSeat } from './browser.ts';
import { bookVisit, press } from './pay-steps.ts';

const COINS = 3_980_000_000n;
const NAMED = '0xABaBaBaBABabABabAbAbABAbABabababaBaBABaB';
/** A network that the house does not know. */
const FAR = '8453';
let browser: Browser;
let house: CoinHouse;

beforeAll(async () => {
  [browser, house] = await Promise.all([openBrowser(), openCoinHouse()]);
});
afterAll(async () => {
  await browser?.close();
  await house?.close();
});

const pause = (paused: boolean) =>
  house.act(house.coin, encodeFunctionData({ abi: MOCK, functionName: 'setPaused', args: [paused] }));

const says = (w: Words, key: keyof Words, values: Record<string, string>) =>
  Object.entries(values).reduce<string>((text, [name, value]) => text.replaceAll(`{${name}}`, value), w[key]);

/** From nothing to the signed agreement. @returns the address to pay to */
async function agreed(p: Page, d: Page, w: Words): Promise<Hex> {
  await bookVisit(house.url, p, d, w);
  await d.locator('main li a', { hasText: w['state.quoted'] }).first().click();
  await press(d, w['desk.offer']);
  await p.getByText(w['visit.readOffer']).waitFor();
  for (const [i, question] of [1, 0].entries())
    await p.getByRole('radiogroup').nth(i).getByRole('radio').nth(question).check();
  await press(p, w['visit.agree']);
  const to = await p.getByLabel(w['coin.to']).locator('code').textContent();
  return to!.trim().toLowerCase() as Hex;
}

/** Asks twice, as the page does. */
async function sign(page: Page, form: ReturnType<Page['locator']>, name: string): Promise<void> {
  await form.getByRole('button', { name, exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
}

describe.each([
  { locale: 'zh-CN', w: zh, width: 390 },
  { locale: 'en', w: en, width: 1440 },
] as const)('coins in $locale on $width px', ({ locale, w, width }) => {
  const seat = { width, height: 844, locale, prf: true };
  const look = async (page: Page, name: string) => {
    await fitsEveryScreen(page, `coins-${locale}-${name}`);
    if (locale === 'zh-CN')
      expect(
        await englishWords(
          page,
          /English|mL|STC|Testnet|zhenmei money return|0x(?: ?[0-9a-fA-F]{4}){10}|[A-Z]{3}-[0-9A-F]{12}|[2-9A-Z]{4}(?:-[2-9A-Z]{4}){2}/g,
          'main',
        ),
        name,
      ).toEqual([]);
  };

  it('address, wrong coin, too much, held, sent home; on another network; earned by the clinic', async () => {
    const [patient, desk, operator] = await Promise.all([
      openSeat(browser, seat),
      openSeat(browser, { ...seat, width: 1440 }),
      openSeat(browser, seat),
    ]);
    const [p, d, o] = [patient.page, desk.page, operator.page];
    const address = await agreed(p, d, w);
    await p.getByRole('img', { name: w['coin.qr'] }).waitFor();
    await p.getByText(w['coin.state.waiting']).waitFor();
    await look(p, 'pay');

    await house.mint(house.other, address, 7n);
    await house.mint(house.coin, address, COINS - 1_000_000n);
    await p
      .getByText(says(w, 'coin.state.part', { amount: '3,979.00', missing: '1.00', coin: 'STC' }))
      .waitFor();
    await p.getByText(says(w, 'coin.why.wrong-token', { coin: 'STC' })).waitFor();
    await look(p, 'part');
    await house.mint(house.coin, address, 3_500_000n);
    await p.getByText(w['coin.state.complete']).waitFor();
    await look(p, 'complete');
    await press(p, w['coin.hold']);
    await p.getByText(w['money.active']).waitFor();

    const home = p.getByRole('region', { name: w['coin.home.title'] });
    await home.getByText('2.50 STC').waitFor();
    const form = home.locator('form', { hasText: '2.50 STC' });
    await form.getByLabel(w['coin.home.to']).fill(`${NAMED.slice(0, -1)}b`);
    await form.getByText(w['coin.home.wrong']).waitFor();
    await form.getByLabel(w['coin.home.to']).fill(NAMED);
    await form.getByRole('button', { name: w['coin.home.sign'] }).click();
    await look(p, 'home');
    // its issuer has stopped all: it waits, another signature would replace it, and the operator sees why
    await pause(true);
    expect(await home.getByText(w['coin.home.replaces']).count()).toBe(0);
    await p.getByRole('dialog').getByRole('button', { name: w['coin.home.sign'] }).click();
    await home.getByText(w['coin.trouble.waits']).waitFor();
    await home.getByText(w['coin.home.replaces']).waitFor();
    await look(p, 'waits');
    await o.goto(`${house.url}/operator/money`);
    await o.getByLabel(w['op.token']).fill(house.house.operatorToken);
    await press(o, w['op.open']);
    await o.getByText(w['op.coin.waits']).waitFor();
    await look(o, 'operator');
    await pause(false);
    await home.getByText(w['coin.home.sent'], { exact: true }).waitFor();
    await look(p, 'sent');
    expect((await house.balance(house.coin, NAMED)) > 0n).toBe(true);

    const far = p.locator('details', { has: p.getByText(w['coin.far.title'], { exact: true }) });
    await far.locator('summary').click();
    for (const [key, text] of [
      ['coin.far.network', FAR],
      ['coin.far.token', house.other],
      ['coin.far.amount', '12.5'],
      ['coin.home.to', NAMED],
    ] as const)
      await far.getByLabel(w[key], { exact: true }).fill(text);
    await look(p, 'far');
    await sign(p, far, w['coin.home.sign']);
    await far.getByText(w['coin.far.done']).waitFor();
    await far.getByText(w['coin.home.replaces']).waitFor();
    await home.getByText(says(w, 'coin.network.number', { n: FAR })).waitFor();
    await look(p, 'far-signed');

    for (const { account } of await organisations(house.house.modules.identity, { kind: 'clinic' }))
      if (account) await house.mint(house.coin, account, 7_000_000n);
    await d.goto(`${house.url}/desk/settlement`);
    await d.getByText('7.00 STC').first().waitFor();
    await d.getByText(/(3,980|7,960)\.00 STC/).waitFor();
    await d.getByLabel(w['coin.clinic.to']).fill(NAMED);
    await look(d, 'clinic');
    await sign(d, d.locator('main'), w['coin.clinic.take']);
    await d.getByText(w['coin.clinic.none']).waitFor();
    await look(d, 'clinic-taken');
    expect([patient.problems, desk.problems, operator.problems]).toEqual([[], [], []]);
    for (const one of [patient, desk, operator]) await one.context.close();
  });

  it('half of it, and the offer ends: sent home', async () => {
    const [patient, desk] = await Promise.all([
      openSeat(browser, seat),
      openSeat(browser, { ...seat, width: 1440 }),
    ]);
    const p = patient.page;
    await house.mint(house.coin, await agreed(p, desk.page, w), COINS / 2n);
    await p
      .getByText(says(w, 'coin.state.part', { amount: '1,990.00', missing: '1,990.00', coin: 'STC' }))
      .waitFor();
    await apiAt({ baseUrl: house.url, origin: house.url }, 'patient').call(demoApi.advanceTime, {
      body: { to: toIso(house.house.deps.clock.now() + 8 * 86_400_000) },
    });
    await p.getByText(w['state.expired']).first().waitFor();
    await p.getByText(w['coin.why.called-off']).waitFor();
    const home = p.getByRole('region', { name: w['coin.home.title'] });
    await home.getByText('1,990.00 STC').waitFor();
    await home.getByLabel(w['coin.home.to']).fill(NAMED);
    await look(p, 'half');
    await sign(p, home, w['coin.home.sign']);
    await home.getByText(w['coin.home.sent'], { exact: true }).waitFor();
    await look(p, 'half-home');
    expect([patient.problems, desk.problems]).toEqual([[], []]);
    for (const one of [patient, desk]) await one.context.close();
  });
});
