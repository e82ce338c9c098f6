/** Disputes in a browser: talk fails, the mediator fails, five rule for the patient; and one that the clinic wins first and eleven others turn. */

import { en } from '@zhenmei/web/src/words/en.ts';
import type { Words } from '@zhenmei/web/src/words/zh.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seatedAssessors, vote } from '../house/assessor-play.ts';
import { openTestHouse, type TestHouse } from '../house/test-house.ts';
import { englishWords, fitsEveryScreen, joinDesk, openBrowser, openSeat } from './browser.ts';
import { finishTreatment, openUnitTogether } from './visit-steps.ts';

const at = {} as { browser: Browser; house: TestHouse };
beforeAll(async () => {
  // the first house of a run makes the world, its eighteen assessors included
  [at.browser, at.house] = await Promise.all([openBrowser(), openTestHouse()]);
}, 600_000);
afterAll(async () => {
  await at.browser?.close();
  await at.house?.close();
});
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
/** The brand's and the clinic's Latin marks; the demo's amounts. */
const SAME = /Zhenmei|Plum Garden|mL|PDF|English|EN/g;

/** A visit whose unit was opened, claimed, and disputed by the patient; both are on their dispute pages. */
async function disputed(p: Page, d: Page, w: Words): Promise<void> {
  const { house } = at;
  await d.goto(`${house.url}/desk`);
  await press(d, w['desk.join']);
  await d.getByText(w['desk.empty']).or(d.locator('main li a').first()).first().waitFor();
  await openUnitTogether(house.url, p, d, w);
  await finishTreatment(p, d, w);
  await press(d, w['desk.claim']);
  await p.getByRole('button', { name: w['visit.dispute'] }).click();
  await p
    .getByRole('dialog')
    .or(p.getByRole('alertdialog'))
    .getByRole('button', { name: w['visit.dispute'] })
    .click();
  await p.getByRole('link', { name: w['dispute.open'] }).click();
  await d.getByRole('link', { name: w['dispute.open'] }).click();
  await p.getByText(w['dispute.stage.talk']).first().waitFor();
}

const looks = async (page: Page, name: string, locale: string): Promise<void> => {
  await fitsEveryScreen(page, name);
  if (locale === 'zh-CN') expect(await englishWords(page, SAME, 'main')).toEqual([]);
};

/** Number of the newest case. */
const newest = async (): Promise<string> => {
  const row = await at.house.house.modules.money.db
    .selectFrom('money.dispute')
    .select('panel_id')
    .where('panel_id', 'is not', null)
    .orderBy('disputed_at', 'desc')
    .executeTakeFirstOrThrow();
  return row.panel_id!;
};

describe.each([
  { locale: 'zh-CN', w: zh, width: 390 },
  { locale: 'en', w: en, width: 1440 },
])('a dispute in $locale on $width px', ({ locale, w, width }) => {
  it('is ruled, appealed and paid', async () => {
    const { browser, house } = at;
    const seat = { width, height: 900, locale, prf: true };
    const [patient, desk, drawn] = await Promise.all([
      openSeat(browser, seat),
      openSeat(browser, seat),
      openSeat(browser, seat),
    ]);
    const [p, d, a] = [patient.page, desk.page, drawn.page];
    const tag = `dispute-${locale}`;
    await disputed(p, d, w);
    await looks(p, `${tag}-talk`, locale);

    // an offer of either side stands while the rest goes on
    await d.getByLabel(w['dispute.settle.refund'].replace('{money}', w['currency.CNY'])).fill('100');
    await press(d, w['dispute.settle.sign']);
    await p
      .getByText(/¥\s?100\.00/)
      .first()
      .waitFor();
    await press(p, w['dispute.end.talk']);
    await p.getByText(w['dispute.stage.mediation']).first().waitFor();
    await looks(p, `${tag}-mediation`, locale);
    await press(p, w['dispute.end.mediation']);
    await press(p, w['dispute.call']);
    await press(d, w['dispute.join']);

    // the clinic wins before the first five: one of them in a browser, four on no screen
    await p.getByText(w['dispute.next.voting']).waitFor();
    const panel = await newest();
    const five = await seatedAssessors(house, panel, 0);
    const last = five.at(-1)!;
    const names = await house.house.modules.identity.db
      .selectFrom('identity.organisation')
      .select('name')
      .where('id', '=', last.desk.organisationId)
      .executeTakeFirstOrThrow();
    await joinDesk(a, house.url, w, new RegExp(names.name[locale === 'en' ? 'en' : 'zh']));
    await a.getByText(w['panels.case'].replace('{id}', panel)).first().waitFor();
    await looks(a, `${tag}-cases`, locale);
    const said = locale === 'en' ? 'One side is higher than the other.' : '一边高一边低，说好的复查没有做。';
    await p.getByLabel(w['dispute.papers.text']).fill(said);
    await looks(p, `${tag}-papers`, locale);
    await press(p, w['dispute.papers.send']);
    await a.getByText(w['panels.case'].replace('{id}', panel)).first().click();
    await a.getByText(said).waitFor();
    await looks(a, `${tag}-case`, locale);
    await a.getByRole('radio', { name: w['panels.finding.kept'] }).check();
    await press(a, w['panels.commit']);
    await a.getByText(w['panels.todo.wait']).waitFor();
    await vote(five.slice(0, -1), panel, 0, () => 'kept');
    await press(a, w['panels.reveal']);
    await p.getByText(w['dispute.ruling.none']).waitFor();
    await looks(p, `${tag}-ruled`, locale);

    // eleven others turn it
    await press(p, w['dispute.appeal']);
    await p
      .getByRole('dialog')
      .or(p.getByRole('alertdialog'))
      .getByRole('button', { name: w['dispute.appeal'] })
      .click();
    await press(d, w['dispute.join']);
    await p.getByText(w['dispute.stage.appeal']).first().waitFor();
    await p.getByText(w['dispute.next.voting']).waitFor();
    await vote(await seatedAssessors(house, panel, 1), panel, 1, () => 'failed');
    await p.getByText(w['dispute.stage.settled']).first().waitFor();
    await p.getByText(w['dispute.ruling.all']).waitFor();
    await looks(p, `${tag}-end`, locale);
    await d.getByText(w['dispute.stage.settled']).first().waitFor();
    await looks(d, `${tag}-clinic-end`, locale);

    for (const one of [patient, desk, drawn]) {
      // that its papers are gone is what the assessor's page is told in the end
      expect(one.problems.filter((text) => !text.includes('410 (Gone)'))).toEqual([]);
      await one.context.close();
    }
  }, 300_000);
});
