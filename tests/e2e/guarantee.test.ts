/** A promise about the outcome in a browser: bond, promise, claim, a panel that judges pictures; once paid and once refused. */
import { barePhoto } from '@zhenmei/vault/core/photos/bare-photo.ts';
import { en } from '@zhenmei/web/src/words/en.ts';
import { type Words, zh } from '@zhenmei/web/src/words/zh.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gradedBy, seatedAssessors, vote } from '../house/assessor-play.ts';
import { drawFace } from '../house/drawn-face.ts';
import { differencesIn } from '../house/reconciled.ts';
import { openTestHouse, type TestHouse } from '../house/test-house.ts';
import { englishWords, fitsEveryScreen, goTo, joinDesk, openBrowser, openSeat, shot } from './browser.ts';
import { joinWithCode, payIn, registerInsurer, wherePoolsAreAllowed } from './insurer-steps.ts';
import { finishTreatment, holdTogether, openUnitTogether } from './visit-steps.ts';

const here = {} as { browser: Browser; house: TestHouse };
beforeAll(async () => {
  // the first house of a run makes the world, its eighteen assessors included
  [here.browser, here.house] = await Promise.all([openBrowser(), openTestHouse()]);
}, 600_000);
afterAll(async () => {
  await here.browser?.close();
  await here.house?.close();
});
const CLINIC = { 'zh-CN': '梅园医疗美容门诊部', en: 'Plum Garden Aesthetic Clinic' };
const REGULATOR = { 'zh-CN': '真安市医疗美容监督管理局', en: 'Zhen’an Aesthetic Medicine Authority' };
/** Names of the demo, and the sample's units. */
const SAME = /mL|PDF|PRF|Zhenmei/g;
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** The rest of the visit: treated, claimed, accepted. */
async function finish(p: Page, d: Page, w: Words): Promise<void> {
  await finishTreatment(p, d, w);
  await press(d, w['desk.claim']);
  await p.getByRole('button', { name: w['visit.accept'] }).click();
  await p.getByRole('link', { name: w['visit.receipt'] }).waitFor();
}

describe.each([
  { locale: 'zh-CN', w: zh, width: 390, paid: true },
  { locale: 'en', w: en, width: 1440, paid: false },
] as const)('a promised outcome in $locale', ({ locale, w, width, paid }) => {
  it(paid
    ? 'is paid when the panel sees no improvement'
    : 'is not paid when the panel sees one', async () => {
    const seat = { width, height: 900, locale, prf: true };
    const [patient, clinic, authority, drawn] = await Promise.all([
      openSeat(here.browser, seat),
      openSeat(here.browser, { ...seat, width: 1440 }),
      openSeat(here.browser, { ...seat, width: 1440 }),
      openSeat(here.browser, seat),
    ]);
    const [p, d, r, a] = [patient.page, clinic.page, authority.page, drawn.page];
    const { url } = here.house;
    const tag = `guarantee-${locale}`;

    // the bond first
    await joinDesk(d, url, w, CLINIC[locale]);
    await goTo(d, w, w['guarantee.desk']);
    await d.getByText(w['guarantee.covers.none']).or(d.getByText(w['guarantee.sum'])).first().waitFor();
    await payIn(d, w, '100000', w['guarantee.bond.place']);
    await d.getByRole('button', { name: w['guarantee.bond.reclaim'] }).waitFor();
    await shot(d, `${tag}-bond`);

    // then the promise, while the money is held
    await d.goto(`${url}/desk/visits`);
    await openUnitTogether(url, p, d, w, async () => {
      await press(d, w['guarantee.give']);
      await d.getByText(w['guarantee.given']).waitFor();
      await p.getByRole('link', { name: w['guarantee.open'] }).waitFor();
    });
    await finish(p, d, w);
    await p.getByRole('link', { name: w['guarantee.open'] }).click();
    await p.getByText(w['guarantee.not.1']).waitFor();
    await fitsEveryScreen(p, `${tag}-shown`);
    await press(p, w['guarantee.demoTime']);

    // the claim, in two steps
    await p.getByRole('button', { name: w['guarantee.claim'], exact: true }).click();
    await p.getByRole('radio', { name: w['guarantee.case.2'] }).check();
    await press(p, w['guarantee.claim.next']);
    await fitsEveryScreen(p, `${tag}-claim`);
    await press(p, w['guarantee.claim.send']);
    await p.getByText(w['guarantee.state.claimed']).first().waitFor();
    await shot(p, `${tag}-claimed`);

    await goTo(d, w, w['guarantee.desk']);
    await d.getByText(w['guarantee.state.claimed']).first().waitFor();
    await fitsEveryScreen(d, `${tag}-desk`);

    // the authority sees who decides, and looks after the register
    await joinDesk(r, url, w, REGULATOR[locale]);
    await goTo(r, w, w['guarantee.book']);
    await r.getByText(w['guarantee.solvency.enough']).waitFor();
    await r.getByText(w['claimcase.waiting'].split('{until}')[0]!).first().waitFor();
    await fitsEveryScreen(r, `${tag}-book`);
    await goTo(r, w, w['assessors.title']);
    await r.getByRole('button', { name: w['assessors.end'] }).first().waitFor();
    await fitsEveryScreen(r, `${tag}-assessors`);

    // the patient chooses two pictures, and calls the panel
    // the device takes everything but the picture out
    const files = {
      earlier: barePhoto(drawFace(1, 'x').file).bytes,
      later: barePhoto(drawFace(2, 'x').file).bytes,
    };
    for (const which of ['earlier', 'later'] as const)
      await p.locator(`#picture-${which}`).setInputFiles({
        name: `${which}.png`,
        mimeType: 'image/png',
        buffer: Buffer.from(files[which]),
      });
    await p.getByText(w['claimcase.pictures.check']).click();
    await fitsEveryScreen(p, `${tag}-pictures`);
    await press(p, w['claimcase.pictures.offer']);
    await p.getByText(w['claimcase.pictures.ready']).waitFor();
    await press(p, w['claimcase.call']);
    await d.goto(`${url}/desk/visits`);
    await d.locator('main li a').first().click();
    await d.getByRole('link', { name: w['claimcase.open'] }).click();
    await press(d, w['dispute.join']);
    await fitsEveryScreen(d, `${tag}-clinic`);
    await p.getByText(w['dispute.next.voting']).waitFor();

    // five look at them: one in a browser, who sees no difference anywhere, and four with good eyes on no screen
    const { modules } = here.house.house;
    const { panel_id: panel } = await modules.money.db
      .selectFrom('money.claim_case')
      .select('panel_id')
      .where('phase', '=', 'voting')
      .executeTakeFirstOrThrow();
    const last = await modules.money.db
      .selectFrom('money.dispute_seat')
      .select('assessor')
      .where('panel_id', '=', panel)
      .orderBy('place', 'desc')
      .executeTakeFirstOrThrow();
    const { name } = await modules.identity.db
      .selectFrom('identity.organisation')
      .select('name')
      .where('account', '=', last.assessor)
      .executeTakeFirstOrThrow();
    if (locale === 'zh-CN') expect(await englishWords(r, SAME, 'main')).toEqual([]);
    expect(await r.locator('main').textContent()).not.toMatch(/保险|insur/i);
    await r.goto('about:blank');
    await joinDesk(a, url, w, new RegExp(name[locale === 'en' ? 'en' : 'zh']));
    const five = await seatedAssessors(here.house, panel, 0);
    // the page gives its key again, and the patient's device seals the pictures to it
    await a.reload();
    const title = w['panels.caseOfClaim'].replace('{id}', panel.slice(1));
    await a.getByText(title).first().waitFor();
    await a.getByText(w['deposit.out.seated']).waitFor();
    await fitsEveryScreen(a, `${tag}-queue`);
    await p.getByText(w['claimcase.pictures.sent'].replace('{n}', '5').replace('{sent}', '5')).waitFor();
    await a.getByText(title).first().click();
    await a.getByText(w['pairs.lead']).waitFor();
    await a.getByText(w['pairs.missing']).waitFor({ state: 'detached' });
    // sealed to the key that the page gave last
    await a.getByText(w['pairs.other']).waitFor({ state: 'detached' });
    const moderate = a.getByRole('radio', { name: w['pairs.grade.2'], exact: true });
    expect(await moderate.count()).toBe(8);
    for (let i = 0; i < 8; i++) await moderate.nth(i).check();
    await fitsEveryScreen(a, `${tag}-pairs`);
    await press(a, w['pairs.seal']);
    await a.getByText(w['panels.todo.wait']).waitFor();
    const four = five.filter(({ desk }) => desk.account !== last.assessor);
    const opinions = await Promise.all(four.map((one) => gradedBy(one, panel, files, 3, paid ? 3 : 1)));
    await vote(four, panel, 0, (i) => opinions[i]!);
    await press(a, w['panels.reveal']);
    const found = w[paid ? 'claimcase.ruling.2' : 'claimcase.ruling.0'];
    await p.getByText(found, { exact: true }).waitFor();
    await fitsEveryScreen(p, `${tag}-ruled`);
    await press(p, w['claimcase.demoTime']);

    const outcome = paid ? w['guarantee.paid'].split('{amount}')[1]! : w['guarantee.refused'];
    await p.getByText(outcome).waitFor();
    await fitsEveryScreen(p, `${tag}-outcome`);
    if (locale === 'zh-CN')
      for (const page of [p, d, a]) expect(await englishWords(page, SAME, 'main')).toEqual([]);
    // nobody in this profile may call it that
    for (const page of [p, d]) expect(await page.locator('main').textContent()).not.toMatch(/保险|insur/i);
    expect(await differencesIn(here.house)).toEqual([]);
    for (const { problems, context } of [patient, clinic, authority, drawn]) {
      // that its papers are gone is what the assessor's page is told in the end
      expect(problems.filter((text) => !text.includes('410 (Gone)'))).toEqual([]);
      await context.close();
    }
  }, 600_000);
});

const COMPANY = {
  'zh-CN': {
    name: { zh: '安和财产保险', en: 'Anhe Insurance' },
    shown: '安和财产保险',
    gln: '6941234500981',
  },
  en: {
    name: { zh: '康泰健康保险', en: 'Kangtai Insurance' },
    shown: 'Kangtai Insurance',
    gln: '6941234500998',
  },
};
const LENDER = { 'zh-CN': '恒信消费金融', en: 'Evertrust Consumer Finance' };

describe.each([
  { locale: 'zh-CN', w: zh, width: 390 },
  { locale: 'en', w: en, width: 1440 },
] as const)('who stands behind a promise in $locale', ({ locale, w, width }) => {
  it('is licensed by the operator, signs at its desk, and is named to the patient', async () => {
    const seat = { width, height: 900, locale, prf: true };
    const [patient, clinic, insurer, operator] = await Promise.all([
      openSeat(here.browser, seat),
      openSeat(here.browser, { ...seat, width: 1440 }),
      openSeat(here.browser, seat),
      openSeat(here.browser, seat),
    ]);
    const [p, d, i, o] = [patient.page, clinic.page, insurer.page, operator.page];
    const { url } = here.house;
    const tag = `insurer-${locale}`;
    const { name, shown, gln } = COMPANY[locale];

    // the company joins, and may do nothing until the operator licenses it by its name
    await joinWithCode(i, url, w, await registerInsurer(here.house, name, gln));
    await goTo(i, w, w['insurer.desk']);
    await i.getByText(w['insurer.off']).waitFor();
    await fitsEveryScreen(i, `${tag}-off`);
    await o.goto(`${url}/operator/guarantee`);
    await o.getByLabel(w['op.token']).fill(here.house.house.operatorToken);
    await press(o, w['op.open']);
    await o.getByText(w['backing.op.region']).waitFor();
    await o.getByRole('switch', { name: shown }).click();
    await o.getByText(w['insurer.behind'].replace('{name}', shown)).waitFor();
    await fitsEveryScreen(o, `${tag}-operator`);
    await payIn(i, w, '20000', w['guarantee.bond.place']);
    await i.getByRole('button', { name: w['guarantee.bond.reclaim'] }).waitFor();

    // the clinic asks it, it signs for a premium, and the clinic opens the promise
    await joinDesk(d, url, w, CLINIC[locale]);
    await goTo(d, w, w['guarantee.desk']);
    await payIn(d, w, '10000', w['guarantee.bond.place']);
    await d.goto(`${url}/desk/visits`);
    await holdTogether(url, p, d, w);
    await d.getByRole('radio', { name: w['insurer.behind'].replace('{name}', shown) }).check();
    await d.getByText(w['backing.off']).click();
    await fitsEveryScreen(d, `${tag}-choice`);
    await press(d, w['insurer.ask'].replace('{name}', shown));
    await d.getByText(w['insurer.asked'].split('{until}')[0]!.replace('{name}', shown)).waitFor();
    await i.getByLabel(w['insurer.premium']).fill('200');
    await fitsEveryScreen(i, `${tag}-request`);
    await press(i, w['insurer.sign']);
    await i.getByRole('dialog').getByRole('button', { name: w['insurer.sign'] }).click();
    await d.getByRole('button', { name: w['insurer.open'] }).waitFor();
    await fitsEveryScreen(d, `${tag}-signed`);
    await press(d, w['insurer.open']);
    await d.getByText(w['guarantee.given']).waitFor();

    // the patient reads who pays, from which money; the insurer’s list names no person
    await p.getByRole('link', { name: w['guarantee.open'] }).click();
    await p.getByText(w['insurer.pays'].split('{name}')[0]!.split('{first}')[0]!).waitFor();
    await p.getByText(shown).waitFor();
    await fitsEveryScreen(p, `${tag}-patient`);
    await i.getByText(w['guarantee.state.open']).first().waitFor();
    const [file] = await Promise.all([i.waitForEvent('download'), press(i, w['insurer.csv'])]);
    expect(file.suggestedFilename()).toMatch(/^bordereau-\d{4}-\d{2}-\d{2}\.csv$/);
    await fitsEveryScreen(i, `${tag}-desk`);

    // the pool is off in this region, and its desk says so; elsewhere it takes capital
    await joinDesk(o, url, w, LENDER[locale]);
    await goTo(o, w, w['backing.pool.desk']);
    await o.getByText(w['backing.pool.off']).waitFor();
    await fitsEveryScreen(o, `${tag}-pool-off`);
    expect(await o.locator('main').textContent()).not.toMatch(/保险|insur/i);
    await wherePoolsAreAllowed(here.house, async () => {
      await payIn(o, w, '100000', w['backing.pool.place']);
      await o.getByRole('button', { name: w['backing.pool.ask'] }).waitFor();
      await fitsEveryScreen(o, `${tag}-pool`);
      expect(await o.locator('main').textContent()).not.toMatch(/保险|insur/i);
    });
    if (locale === 'zh-CN')
      for (const page of [p, d, i, o])
        expect(await englishWords(page, /CSV|PDF|mL|PRF/g, 'main')).toEqual([]);
    expect(await differencesIn(here.house)).toEqual([]);
    for (const { problems, context } of [patient, clinic, insurer, operator]) {
      expect(problems).toEqual([]);
      await context.close();
    }
  }, 300_000);
});
