/** From the terms in plain words to the clinic's invoice: what is said before signing is what the statement shows. */
import { X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import { drawPaper } from '@zhenmei/server/compose/paper.ts';
import { verifyPaper } from '@zhenmei/verifier/paper/verify-paper.ts';
import { en } from '@zhenmei/web/src/words/en.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { englishWords, fitsEveryScreen, goTo, openSeat, openTogether } from './browser.ts';
import { agreeToVisit, bookVisit, press } from './pay-steps.ts';
import { finishTreatment } from './visit-steps.ts';

const place = openTogether();

const download = async (
  page: Page,
  name: string | RegExp,
  role: 'button' | 'link' = 'button',
): Promise<Buffer> => {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page
      .getByRole(role, { name, exact: typeof name === 'string' })
      .first()
      .click(),
  ]);
  return fs.readFileSync(await file.path());
};

describe.each([
  { locale: 'zh-CN', w: zh, width: 390, cooling: /付款后7天之内/ },
  { locale: 'en', w: en, width: 1440, cooling: /Within 7 days of paying/ },
] as const)('settlement in $locale on $width px', ({ locale, w, width, cooling }) => {
  it('says what happens to the money, and shows that it did', async () => {
    const { browser, house } = place;
    const patient = await openSeat(browser, { width, height: 844, locale, prf: true });
    const desk = await openSeat(browser, { width, height: 844, locale, prf: true });
    const [p, d] = [patient.page, desk.page];
    const look = async (page: Page, name: string) => {
      await fitsEveryScreen(page, `settlement-${locale}-${name}`);
      if (locale === 'zh-CN') expect(await englishWords(page, /English|mL|PDF/g, 'main'), name).toEqual([]);
    };
    await bookVisit(house.url, p, d, w);
    await d.locator('main li a', { hasText: w['state.quoted'] }).first().click();
    await press(d, w['desk.offer']);
    await p.getByText(cooling).first().waitFor();
    await look(p, 'before-signing');
    await agreeToVisit(p, w);
    const paper = await download(p, w['terms.paper']);
    expect(paper.subarray(0, 5).toString()).toBe('%PDF-');
    const seal = await download(p, w['seal.certificate'], 'link');
    const certificates = [new Uint8Array(new X509Certificate(seal).raw)];
    const issued = () => false;
    const sealed = { certificates, issued, print: drawPaper, bytes: new Uint8Array(paper) };
    expect(await verifyPaper(sealed)).toMatchObject({ exit: 0, kind: 'agreement', address: house.url });
    await press(p, w['visit.pay']);
    await p.getByText(w['money.active']).waitFor();
    await p.getByText(cooling).first().waitFor();
    await look(p, 'held');
    await press(p, w['visit.demoTime']);
    await p.getByRole('button', { name: new RegExp(w['visit.allergyNone']) }).click();
    for (const step of ['check-in', 'unseal'] as const) {
      await press(d, w[step === 'check-in' ? 'desk.checkIn' : 'desk.unseal']);
      const digits = d.locator('main p.text-5xl');
      await digits.waitFor();
      await p.getByLabel(w['visit.code']).fill((await digits.textContent())!.trim());
      await press(p, w[`visit.confirm.${step}`]);
    }
    await press(d, w['desk.open']);
    await finishTreatment(p, d, w);
    await press(d, w['desk.claim']);
    await p.getByRole('button', { name: w['visit.accept'] }).click();
    await p.getByText(w['money.closed']).waitFor();

    await goTo(d, w, w['settle.title']);
    await d.getByText(w['settle.paid'], { exact: true }).first().waitFor();
    await expect
      .poll(async () => {
        await d.reload();
        await d.getByText(w['settle.notTax']).waitFor();
        await d.waitForLoadState('networkidle');
        return d.getByText(new RegExp(w['settle.invoice'].split('{')[0]!)).count();
      })
      .toBeGreaterThan(0);
    await look(d, 'desk');
    const table = (await download(d, w['settle.csv'])).toString('utf8');
    expect(table.charCodeAt(0)).toBe(0xfeff);
    expect(table.trim().split('\r\n').at(-1)).toMatch(/^(合计,1,3980|Total,2,7960)\.00,/);
    expect((await download(d, w['settle.pdf'])).subarray(0, 5).toString()).toBe('%PDF-');
    const invoice = await download(d, new RegExp(`${w['settle.pdf']} 20`));
    expect(await verifyPaper({ ...sealed, bytes: new Uint8Array(invoice) })).toMatchObject({
      exit: 0,
      kind: 'sealed',
    });
    expect([patient.problems, desk.problems]).toEqual([[], []]);
    for (const seat of [patient, desk]) await seat.context.close();
  });
});
