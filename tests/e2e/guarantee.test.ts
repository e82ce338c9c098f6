/** A promise about the outcome in a browser: bond, promise, claim, decision; once paid and once refused. */
import { en } from '@zhenmei/web/src/words/en.ts';
import { type Words, zh } from '@zhenmei/web/src/words/zh.ts';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { differencesIn } from '../house/reconciled.ts';
import { englishWords, fitsEveryScreen, goTo, joinDesk, openSeat, openTogether, shot } from './browser.ts';
import { finishTreatment, openUnitTogether } from './visit-steps.ts';

const here = openTogether();
const CLINIC = { 'zh-CN': '梅园医疗美容门诊部', en: 'Plum Garden Aesthetic Clinic' };
const REGULATOR = { 'zh-CN': '真安市医疗美容监督管理局', en: 'Zhen’an Aesthetic Medicine Authority' };
/** Names of the demo, and the sample's units. */
const SAME = /mL|PDF|PRF|Zhenmei/g;
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** The rest of the visit: treated, claimed, accepted. */
async function finish(p: Page, d: Page, w: Words): Promise<void> {
  await finishTreatment(p, d, w);
  await press(d, w['desk.claim']);
  await p.getByRole('button', { name: w['visit.accept'] }).click({ timeout: 30_000 });
  await p.getByRole('link', { name: w['visit.receipt'] }).waitFor({ timeout: 60_000 });
}

describe.each([
  { locale: 'zh-CN', w: zh, width: 390, finding: '2', paid: true },
  { locale: 'en', w: en, width: 1440, finding: '0', paid: false },
] as const)('a promised outcome in $locale', ({ locale, w, width, finding, paid }) => {
  it(
    paid ? 'is paid when the decision finds no improvement' : 'is not paid when the decision refuses',
    async () => {
      const seat = { width, height: 900, locale, prf: true };
      const [patient, clinic, authority] = await Promise.all([
        openSeat(here.browser, seat),
        openSeat(here.browser, { ...seat, width: 1440 }),
        openSeat(here.browser, { ...seat, width: 1440 }),
      ]);
      const [p, d, r] = [patient.page, clinic.page, authority.page];
      const { url } = here.house;
      const tag = `guarantee-${locale}`;

      // the bond first
      await joinDesk(d, url, w, CLINIC[locale]);
      await goTo(d, w, w['guarantee.desk']);
      await d.getByText(w['guarantee.covers.none']).or(d.getByText(w['guarantee.sum'])).first().waitFor();
      await d.getByLabel(w['guarantee.bond.add']).fill('100000');
      await press(d, w['guarantee.bond.order']);
      await press(d, w['guarantee.bond.demo']);
      await d
        .getByRole('button', { name: new RegExp(`^${w['guarantee.bond.place']}`) })
        .click({ timeout: 30_000 });
      await d.getByRole('button', { name: w['guarantee.bond.reclaim'] }).waitFor({ timeout: 30_000 });
      await shot(d, `${tag}-bond`);

      // then the promise, while the money is held
      await d.goto(`${url}/desk/visits`);
      await openUnitTogether(url, p, d, w, async () => {
        await press(d, w['guarantee.give']);
        await d.getByText(w['guarantee.given']).waitFor({ timeout: 30_000 });
        await p.getByRole('link', { name: w['guarantee.open'] }).waitFor({ timeout: 30_000 });
      });
      await finish(p, d, w);
      await p.getByRole('link', { name: w['guarantee.open'] }).click({ timeout: 30_000 });
      await p.getByText(w['guarantee.not.1']).waitFor();
      await fitsEveryScreen(p, `${tag}-shown`);
      await press(p, w['guarantee.demoTime']);

      // the claim, in two steps
      await p.getByRole('button', { name: w['guarantee.claim'], exact: true }).click({ timeout: 30_000 });
      await p.getByRole('radio', { name: w['guarantee.case.2'] }).check();
      await press(p, w['guarantee.claim.next']);
      await fitsEveryScreen(p, `${tag}-claim`);
      await press(p, w['guarantee.claim.send']);
      await p.getByText(w['guarantee.state.claimed']).first().waitFor({ timeout: 30_000 });
      await shot(p, `${tag}-claimed`);

      await goTo(d, w, w['guarantee.desk']);
      await d.getByText(w['guarantee.state.claimed']).first().waitFor({ timeout: 30_000 });
      await fitsEveryScreen(d, `${tag}-desk`);

      // the decision
      await joinDesk(r, url, w, REGULATOR[locale]);
      await goTo(r, w, w['guarantee.book']);
      await r.getByText(w['guarantee.solvency.enough']).waitFor();
      await r.getByRole('radio', { name: w[`guarantee.decide.${finding}`] }).check();
      await fitsEveryScreen(r, `${tag}-book`);
      await press(r, w['guarantee.decide.send']);
      await r
        .getByRole('dialog')
        .getByRole('button', { name: w['guarantee.decide.send'], exact: true })
        .click();
      await r.getByText(w['guarantee.claims.none']).waitFor({ timeout: 30_000 });

      const outcome = paid ? w['guarantee.paid'].split('{amount}')[1]! : w['guarantee.refused'];
      await p.getByText(outcome).waitFor({ timeout: 30_000 });
      await fitsEveryScreen(p, `${tag}-outcome`);
      if (locale === 'zh-CN')
        for (const page of [p, d, r]) expect(await englishWords(page, SAME, 'main')).toEqual([]);
      // nobody in this profile may call it that
      for (const page of [p, d, r])
        expect(await page.locator('main').textContent()).not.toMatch(/保险|insur/i);
      expect(await differencesIn(here.house)).toEqual([]);
      for (const { problems, context } of [patient, clinic, authority]) {
        expect(problems).toEqual([]);
        await context.close();
      }
    },
  );
});
