/** A visit paid by instalments in a browser: offered, agreed to, paid twice, and refunded in the middle. */

import { en } from '@zhenmei/web/src/words/en.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { differencesIn } from '../house/reconciled.ts';
import { englishWords, fitsEveryScreen, joinDesk, openSeat, openTogether } from './browser.ts';
import { state } from './vault-seat.ts';
import { yuanText } from './yuan.ts';

const place = openTogether();
const press = (page: Page, name: string | RegExp) =>
  page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name }).click();
/** The words before the first value in a text. */
const begins = (text: string) => new RegExp(text.split('{')[0]!.trim());
/** Names of people, products and proofs that are the same in every language. */
const SAME = /mL|EN|PDF|0x[0-9a-f]+/g;

describe.each([
  { locale: 'zh-CN', w: zh, width: 390, lender: /恒信消费金融/ },
  { locale: 'en', w: en, width: 1440, lender: /Evertrust/ },
] as const)('instalments in $locale on $width px', ({ locale, w, width, lender }) => {
  it('pay the held account, are paid twice, and unwind with a refund: the loan first, the patient the rest', async () => {
    const { browser, house } = place;
    const patient = await openSeat(browser, { width, height: 844, locale, prf: true });
    const clinic = await openSeat(browser, { width: 820, height: 1100, locale, prf: true });
    const bank = await openSeat(browser, { width: 1440, height: 900, locale, prf: true });
    const [p, d, l] = [patient.page, clinic.page, bank.page];
    const look = async (page: Page, name: string) => {
      await fitsEveryScreen(page, `${locale}-${name}`);
      if (locale === 'zh-CN') expect(await englishWords(page, SAME, 'main')).toEqual([]);
    };

    await d.goto(`${house.url}/desk`);
    await press(d, w['desk.join']);
    await d.getByText(w['desk.empty']).or(d.locator('main li a').first()).first().waitFor();
    await joinDesk(l, house.url, w, lender);
    await l.getByText(w['lend.applications.none']).waitFor();

    await p.goto(house.url);
    await p.locator('main ul li a').first().click();
    await p.getByRole('radio').first().check();
    await p.locator('main .grid button').nth(8).click();
    await press(p, w['account.create']);
    await p.getByRole('radio', { name: w['loan.how.parts'] }).check();
    await press(p, w['clinic.book']);
    await p.getByText(w['visit.waitOffer']).waitFor();
    await d.locator('main li a', { hasText: w['state.quoted'] }).first().click();
    await press(d, w['desk.offer']);
    await p.getByText(w['visit.readOffer']).waitFor();
    for (const [i, question] of [1, 0].entries())
      await p.getByRole('radiogroup').nth(i).getByRole('radio').nth(question).check();
    await press(p, w['visit.agree']);

    // a student, or somebody whose age is not known, is refused with the rule and what to do
    await p.getByRole('radio', { name: w['loan.months.n'].replace('{n}', '6'), exact: true }).check();
    await p.getByRole('checkbox', { name: w['loan.age20'] }).check();
    await look(p, 'loan-ask');
    await press(p, w['loan.ask']);
    await p.getByRole('alert').getByText('borrower-no-student').waitFor();
    await p.getByRole('checkbox', { name: w['loan.notStudent'] }).check();
    await press(p, w['loan.ask']);
    await p.getByText(begins(w['loan.asked'])).waitFor();

    // the lender cannot offer what it did not assess, or what is dearer than the law allows
    await l.getByLabel(w['lend.rate']).fill('25');
    await l.getByText(begins(w['lend.rate.wrong'])).waitFor();
    expect(await l.getByRole('button', { name: w['lend.offer'] }).isDisabled()).toBe(true);
    await l.getByLabel(w['lend.rate']).fill('12');
    await look(l, 'lend-application');
    await press(l, w['lend.offer']);
    await l.getByRole('alert').getByText('borrower-affordable').waitFor();
    await l.getByRole('checkbox', { name: w['lend.affordable'] }).check();
    await press(l, w['lend.offer']);
    await state(l, w['lend.state.offered']).waitFor();

    await p.getByText(w['loan.cost'], { exact: true }).waitFor();
    await p.getByText(w['loan.cost.percent'].replace('{percent}', '12.00')).waitFor();
    expect(await p.getByRole('row').count()).toBe(6);
    await look(p, 'loan-offer');
    await press(p, w['loan.accept']);
    await p.getByRole('dialog').getByRole('button', { name: w['loan.accept'], exact: true }).click();
    await p.getByText(begins(w['loan.accepted'])).waitFor();
    await look(p, 'loan-accepted');

    // a day later the pool pays the held account
    await press(p, w['visit.demoTime']);
    await p.getByText(w['money.active']).waitFor();
    await state(p, w['loan.state.live']).waitFor();
    const rows = p.getByRole('row');
    const each = (await rows.first().locator('td').last().textContent())!.trim();
    for (const n of [1, 2]) {
      await press(p, begins(w['loan.pay.next']));
      await expect.poll(() => p.getByText(w['loan.row.paid'], { exact: true }).count()).toBe(n);
    }
    await look(p, 'loan-running');
    await state(l, w['lend.state.live']).first().waitFor();

    // she leaves within the cooling-off period of the treatment
    await press(p, w['visit.coolingCancel']);
    await p.getByRole('dialog').getByRole('button', { name: w['visit.coolingCancel'], exact: true }).click();
    await p.getByText(w['loan.unwound.none']).waitFor();
    const [lent, back] = await facts(p, [w['loan.unwound.loan'], w['loan.unwound.you']]);
    expect(back).toBe(2n * yuanText(each));
    expect(lent! + back!).toBe(398_000n);
    await look(p, 'loan-unwound');
    await state(l, w['lend.state.closed']).first().waitFor();
    await look(l, 'lend-closed');

    // lent, paid in parts, refunded and paid home: to the cent
    expect(await differencesIn(house)).toEqual([]);
    for (const { problems } of [patient, clinic, bank]) expect(problems).toEqual([]);
    for (const { context } of [patient, clinic, bank]) await context.close();
  });
});

/** Amounts beside these labels, in minor units. */
async function facts(page: Page, labels: readonly string[]): Promise<bigint[]> {
  return Promise.all(
    labels.map(async (label) =>
      yuanText(
        (await page
          .locator('dt', { hasText: label })
          .locator('xpath=following-sibling::dd[1]')
          .textContent())!,
      ),
    ),
  );
}
