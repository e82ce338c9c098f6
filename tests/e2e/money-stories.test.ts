/** What becomes of held money when somebody leaves, or says nothing: each side by itself, to the cent, and home. */
import { apiAt } from '@zhenmei/cli/visit-play.ts';
import { toIso } from '@zhenmei/kernel';
import { demoApi } from '@zhenmei/server/api/contract.ts';
import { en } from '@zhenmei/web/src/words/en.ts';
import { type Words, zh } from '@zhenmei/web/src/words/zh.ts';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { differencesIn, owedToPatients } from '../house/reconciled.ts';
import { englishWords, fitsEveryScreen, openSeat, openTogether } from './browser.ts';
import { press, signVisit } from './pay-steps.ts';
import { finishTreatment, openUnitTogether } from './visit-steps.ts';

const here = openTogether();
const DAY = 86_400_000;
/** Names of the demo, and the sample's units. */
const SAME = /mL|Zhenmei/g;

async function pass(days: number): Promise<void> {
  const { url, house } = here.house;
  await apiAt({ baseUrl: url, origin: url }, 'patient').call(demoApi.advanceTime, {
    body: { to: toIso(house.deps.clock.now() + days * DAY) },
  });
}

const divided = (w: Words, paid: string, refunded: string) =>
  w['money.paid'].replace('{paid}', paid).replace('{refunded}', refunded);

async function yes(page: Page, name: string): Promise<void> {
  await press(page, name);
  await page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
}

/** The visit is treated and claimed: the clinic waits for the patient's word. */
async function claimed(p: Page, d: Page, w: Words): Promise<void> {
  await openUnitTogether(here.house.url, p, d, w);
  await finishTreatment(p, d, w);
  await press(d, w['desk.claim']);
  await p.getByRole('button', { name: w['visit.accept'] }).waitFor();
}

async function held(p: Page, d: Page, w: Words): Promise<void> {
  await signVisit(here.house.url, p, d, w);
  await press(p, w['visit.pay']);
  await p.getByText(w['money.active']).waitFor();
}

interface Story {
  readonly name: string;
  readonly play: (p: Page, d: Page, w: Words) => Promise<void>;
  readonly paid: string;
  readonly refunded: string;
}

const STORIES: readonly Story[] = [
  {
    name: 'within the cooling-off period the patient gets everything',
    async play(p, d, w) {
      await held(p, d, w);
      await yes(p, w['visit.coolingCancel']);
    },
    paid: '¥0.00',
    refunded: '¥3,980.00',
  },
  {
    name: 'after it the patient gets what the terms say, here everything',
    async play(p, d, w) {
      await held(p, d, w);
      // the device's clock follows
      await press(p, w['visit.demoTime']);
      await p.getByRole('button', { name: new RegExp(w['visit.allergyNone']) }).waitFor();
      await yes(p, w['visit.coolingCancel']);
    },
    paid: '¥0.00',
    refunded: '¥3,980.00',
  },
  {
    name: 'where the clinic leaves, everything comes back',
    async play(p, d, w) {
      await held(p, d, w);
      await yes(d, w['leave.clinic']);
    },
    paid: '¥0.00',
    refunded: '¥3,980.00',
  },
  {
    name: 'where the clinic leaves after it asked for the money, too',
    async play(p, d, w) {
      await claimed(p, d, w);
      await yes(d, w['leave.clinic']);
    },
    paid: '¥0.00',
    refunded: '¥3,980.00',
  },
  {
    name: 'where the clinic stays silent until the last day, everything comes back by itself',
    async play(p, d, w) {
      await held(p, d, w);
      await pass(60);
    },
    paid: '¥0.00',
    refunded: '¥3,980.00',
  },
  {
    name: 'where the patient stays silent, the clinic is paid by itself after the window',
    async play(p, d, w) {
      await claimed(p, d, w);
      await pass(8);
    },
    paid: '¥3,940.20',
    refunded: '¥0.00',
  },
];

describe.each([
  { locale: 'zh-CN', w: zh, width: 390 },
  { locale: 'en', w: en, width: 1440 },
] as const)('held money in $locale on $width px', ({ locale, w, width }) => {
  it.each(STORIES)('$name', async ({ name, play, paid, refunded }) => {
    const seat = { width, height: 900, locale, prf: true };
    const [patient, desk] = await Promise.all([
      openSeat(here.browser, seat),
      openSeat(here.browser, { ...seat, width: 1440 }),
    ]);
    const [p, d] = [patient.page, desk.page];
    const number = STORIES.findIndex((story) => story.name === name);
    await d.goto(`${here.house.url}/desk`);
    await press(d, w['desk.join']);
    await d.getByText(w['desk.empty']).or(d.locator('main li a').first()).first().waitFor();
    await p.goto(here.house.url);
    await play(p, d, w);
    await p.getByText(divided(w, paid, refunded)).waitFor();
    await fitsEveryScreen(p, `story-${number}-${locale}`);
    await fitsEveryScreen(d, `story-${number}-${locale}-desk`);
    if (locale === 'zh-CN')
      for (const page of [p, d]) expect(await englishWords(page, SAME, 'main')).toEqual([]);
    // nobody has to come for it
    expect(await differencesIn(here.house)).toEqual([]);
    expect(await owedToPatients(here.house)).toBe(0n);
    for (const { problems, context } of [patient, desk]) {
      expect(problems).toEqual([]);
      await context.close();
    }
  });
});
