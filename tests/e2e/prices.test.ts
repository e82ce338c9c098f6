/** Prices: a list by version, a quote that says what differs, and an upsell that is never for today. */
import { en } from '@zhenmei/web/src/words/en.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { englishWords, fitsEveryScreen, goTo, openSeat, openTogether } from './browser.ts';
import { agreeToVisit, bookVisit, press } from './pay-steps.ts';

const place = openTogether();

describe.each([
  { locale: 'zh-CN', w: zh, width: 390, gel: '澄润 1.0 mL', more: '再加一支' },
  { locale: 'en', w: en, width: 1440, gel: 'Chengrun 1.0 mL', more: 'One more syringe' },
] as const)('prices in $locale on $width px', ({ locale, w, width, gel, more }) => {
  it('are listed, quoted, and added to only on another day', async () => {
    const { browser, house } = place;
    const patient = await openSeat(browser, { width, height: 844, locale, prf: true });
    const desk = await openSeat(browser, { width, height: 844, locale, prf: true });
    const [p, d] = [patient.page, desk.page];
    const look = async (page: Page, name: string) => {
      await fitsEveryScreen(page, `prices-${locale}-${name}`);
      if (locale === 'zh-CN') expect(await englishWords(page, /English|mL|PDF/g, 'main'), name).toEqual([]);
    };
    const start = (key: keyof typeof w) => new RegExp(w[key].split('{')[0]!.trim().replace(/[“"]$/, ''));
    await d.goto(`${house.url}/desk`);
    await press(d, w['desk.join']);
    await d.getByRole('navigation').waitFor();
    await goTo(d, w, w['prices.title']);
    const price = d.getByLabel(
      w['prices.each'].replace('{item}', gel).replace('{money}', w['currency.CNY']),
      { exact: true },
    );
    await price.fill('nothing');
    await press(d, w['prices.publish']);
    await d.getByRole('alert').waitFor();
    await price.fill('3080');
    await press(d, w['prices.publish']);
    await d.getByText('¥3,080.00').first().waitFor();
    await look(d, 'desk-list');

    await bookVisit(house.url, p, d, w);
    const visit = p.url();
    // the newest is on top, once the list has been read again
    await d.reload();
    await d.locator('main li a', { hasText: w['state.quoted'] }).first().click();
    await d.getByText(w['quote.edit'], { exact: true }).click();
    await d
      .getByLabel(w['prices.each'].replace('{item}', gel).replace('{money}', w['currency.CNY']), {
        exact: true,
      })
      .fill('3000.50');
    await press(d, w['quote.save']);
    await d.getByRole('alert').waitFor();
    await d.getByLabel(w['quote.reason'].replace('{item}', gel), { exact: true }).fill('老顾客优惠');
    await d.getByLabel(w['quote.reasonEn'], { exact: true }).fill('A returning customer');
    await press(d, w['quote.save']);
    await d.getByText('¥4,000.50').first().waitFor();
    await look(d, 'desk-quote');
    await press(d, w['desk.offer']);
    await p.getByText(start('prices.differs')).waitFor();
    await look(p, 'offer');
    await agreeToVisit(p, w);
    await press(p, w['visit.pay']);
    await p.getByText(w['money.active']).waitFor();

    await d.getByText(w['change.propose'], { exact: true }).click();
    for (const [key, text] of [
      ['change.item', '再加一支'],
      ['change.itemEn', 'One more syringe'],
      ['change.price', '1500'],
      ['change.reason', '左侧较深'],
      ['change.reasonEn', 'The left fold is deeper'],
    ] as const)
      await d.getByLabel(w[key].replace('{money}', w['currency.CNY']), { exact: true }).fill(text);
    await look(d, 'desk-change');
    await press(d, w['change.send']);
    await d.getByText(w['change.sent']).waitFor();
    await p.getByText(w['change.title']).waitFor();
    await look(p, 'change');
    await p.getByRole('link', { name: w['change.yes'] }).click();
    await p.getByText(start('change.booking')).waitFor();
    await look(p, 'another-day');
    await p.locator('main .grid button').first().click();
    await press(p, w['clinic.book']);
    await p.getByText(w['visit.waitOffer']).waitFor();
    expect(p.url()).not.toBe(visit);
    await p.getByText('¥1,500.00').first().waitFor();
    // within the page: the vault stays open
    await p.getByRole('link', { name: w['nav.visits'], exact: true }).click();
    await p.locator(`a[href="${new URL(visit).pathname}"]`).click();
    await p.getByText(w['change.state.accepted']).waitFor();
    // today's agreement is what it was
    await p.getByText('¥4,000.50').first().waitFor();
    expect(await p.getByText(more).count()).toBeGreaterThan(0);
    expect([patient.problems, desk.problems]).toEqual([[], []]);
    for (const seat of [patient, desk]) await seat.context.close();
  });
});
