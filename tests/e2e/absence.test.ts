/**
 * Visits that did not take place, on both screens: what the clinic keeps is set in its price list, shown by date before
 * the signature, and kept to the cent when the patient cancels late or does not come; nothing is kept where she objects
 * or the clinic was not there. What the clinic promises on top if it does not come is set there too, put aside for the
 * visit, and paid to her to the cent.
 */
import { apiAt } from '@zhenmei/cli/visit-play.ts';
import { toIso } from '@zhenmei/kernel';
import { demoApi } from '@zhenmei/server/api/contract.ts';
import { en } from '@zhenmei/web/src/words/en.ts';
import { type Words, zh } from '@zhenmei/web/src/words/zh.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { differencesIn, owedToPatients } from '../house/reconciled.ts';
import { openTestHouse, type TestHouse } from '../house/test-house.ts';
import { englishWords, fitsEveryScreen, openBrowser, openSeat, type Seat } from './browser.ts';
import { payIn } from './insurer-steps.ts';
import { press } from './pay-steps.ts';
import { holdTogether } from './visit-steps.ts';

const at = {} as { browser: Browser; house: TestHouse };
beforeAll(async () => {
  // the first house of a run makes the world
  [at.browser, at.house] = await Promise.all([openBrowser(), openTestHouse()]);
}, 600_000);
afterAll(async () => {
  await at.browser?.close();
  await at.house?.close();
});
/** The brand's and the clinic's Latin marks; the demo's amounts. */
const SAME = /Zhenmei|Plum Garden|mL|PDF|English|EN/g;
const DAY = 86_400_000;

async function pressTwice(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
}

const looks = async (page: Page, name: string, locale: string): Promise<void> => {
  await fitsEveryScreen(page, name);
  if (locale === 'zh-CN') expect(await englishWords(page, SAME, 'main'), name).toEqual([]);
};

/** Everything that is said with these amounts, whatever the dates in it. */
const saying = (text: string, values: Record<string, string>): RegExp => {
  const literal = (part: string) => part.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  return new RegExp(
    text
      .split(/(\{\w+\})/)
      .map((part) =>
        /^\{\w+\}$/.test(part) ? literal(values[part.slice(1, -1)] ?? '') || '.+' : literal(part),
      )
      .join(''),
  );
};

/** What the clinic keeps: ¥199.00 from two days before the appointment on, ¥398.00 once it began. */
const RULE = [
  ['48', '5'],
  ['0', '10'],
] as const;

/** A quarter and a bit of ¥3,980.00, which the clinic pays if it does not come. */
const ON_TOP = '¥1,014.90';

async function setRule(d: Page, w: Words, service: string, locale: string): Promise<void> {
  await d.goto(`${at.house.url}/desk/prices`);
  const form = d.locator('fieldset', { hasText: service });
  await form.getByText(w['cancel.title'], { exact: true }).click();
  const field = (key: 'cancel.hours' | 'cancel.share', n: number) =>
    form.getByLabel(w[key].replace('{n}', String(n)), { exact: true });
  const publish = d.getByRole('button', { name: w['prices.publish'], exact: true });
  for (const [i, [hours, share]] of RULE.entries()) {
    await field('cancel.hours', i + 1).fill(hours);
    // what does not hold is said at once; what the region forbids when it is published
    await field('cancel.share', i + 1).fill('0');
    await form.getByText(w['cancel.wrong']).waitFor();
    expect(await publish.isDisabled()).toBe(true);
    await field('cancel.share', i + 1).fill(share);
  }
  await form.getByText(saying(w['cancel.price.late'], { kept: '¥398.00' })).waitFor();
  await form.getByText(w['pledge.title'], { exact: true }).click();
  const onTop = form.getByLabel(w['pledge.share'], { exact: true });
  for (const none of ['0', '101', '25.555']) {
    await onTop.fill(none);
    await form.getByText(w['pledge.wrong']).waitFor();
    expect(await publish.isDisabled()).toBe(true);
  }
  await onTop.fill('25.5');
  await form.getByText(saying(w['pledge.price'], { sum: ON_TOP })).waitFor();
  await looks(d, `absence-${locale}-desk-rule`, locale);
  // the region's bound
  await field('cancel.share', 2).fill('25');
  await publish.click();
  await d.getByRole('alert').filter({ hasText: '20' }).waitFor();
  await field('cancel.share', 2).fill('10');
  await publish.click();
  const version = d.locator('section').filter({ has: d.getByRole('heading', { level: 3 }) });
  await version
    .getByText(saying(w['cancel.price.late'], { kept: '¥398.00' }))
    .first()
    .waitFor();
  await expect
    .poll(async () => {
      await d.reload();
      await d.getByText(w['prices.next'], { exact: true }).waitFor();
      return d.getByText(w['prices.notYet']).count();
    })
    .toBe(0);
}

/** The money is held, and it is ten minutes before the appointment. */
async function nearlyThere(p: Page, d: Page, w: Words, offered?: () => Promise<void>): Promise<void> {
  await d.goto(`${at.house.url}/desk/visits`);
  await holdTogether(at.house.url, p, d, w, offered);
  await press(p, w['visit.demoTime']);
  await p.getByText(saying(w['cancel.now'], { back: '¥3,781.00', kept: '¥199.00' })).waitFor();
}

/** Half an hour past the appointment. */
const nobodyCame = (p: Page, w: Words): Promise<void> =>
  p.getByRole('button', { name: w['absence.demo.late'], exact: true }).click();

/** What the bank has paid to whoever was last paid this amount; minor units, smallest first. */
async function bookedWith(amount: string): Promise<string[]> {
  const booked = at.house.house.modules.money.db
    .selectFrom('money.rail_payment')
    .select(['party', 'amount'])
    .where('state', '=', 'booked');
  const last = await booked.where('amount', '=', amount).orderBy('created_at', 'desc').executeTakeFirst();
  if (!last) return [];
  const rows = await booked.where('party', '=', last.party).execute();
  return rows.map((row) => String(row.amount)).sort((a, b) => Number(BigInt(a) - BigInt(b)));
}

/** How it ended, on both screens; nothing waits for anybody. */
async function ended(p: Page, w: Words, paid: string, refunded: string): Promise<void> {
  await p
    .getByText(w['money.paid'].replace('{paid}', paid).replace('{refunded}', refunded))
    .first()
    .waitFor();
  expect(await differencesIn(at.house)).toEqual([]);
  expect(await owedToPatients(at.house)).toBe(0n);
}

describe.each([
  { locale: 'zh-CN', w: zh, width: 390, service: '鼻唇沟填充' },
  { locale: 'en', w: en, width: 1440, service: 'Nasolabial fold filling' },
] as const)('a visit that did not take place in $locale on $width px', ({ locale, w, width, service }) => {
  const seats: Seat[] = [];
  let d: Page;
  const sit = async (): Promise<Page> => {
    const seat = await openSeat(at.browser, { width, height: 900, locale, prf: true });
    seats.push(seat);
    return seat.page;
  };
  const says = (page: Page, key: `pledge.${string}` & keyof Words): Promise<void> =>
    page.getByText(saying(w[key], { sum: ON_TOP })).waitFor();
  const leave = async (whose: (seat: Seat) => boolean): Promise<void> => {
    for (const seat of seats.filter(whose)) {
      await seat.context.close();
      expect(seat.problems).toEqual([]);
      seats.splice(seats.indexOf(seat), 1);
    }
  };
  // an open page asks on, and all seats together are one network to the house
  afterEach(() => leave(({ page }) => page !== d));
  afterAll(() => leave(() => true));

  it('costs what the clinic has set in its price list', async () => {
    d = await sit();
    await d.goto(`${at.house.url}/desk`);
    await press(d, w['desk.join']);
    await d.getByRole('navigation').waitFor();
    await setRule(d, w, service, locale);
    // it stands beside the price, before anybody has an account
    const p = await sit();
    await p.goto(at.house.url);
    await p.locator('main ul li a').first().click();
    await p.getByText(w['cancel.price.until'].replace('{hours}', '48')).waitFor();
    await p.getByText(saying(w['pledge.price'], { sum: ON_TOP })).waitFor();
    await looks(p, `absence-${locale}-choose`, locale);
  });

  it('costs what the patient saw before she signed, if she cancels on the day', async () => {
    const p = await sit();
    await nearlyThere(p, d, w, async () => {
      const part = (back: string, kept: string) => p.getByText(saying(w['cancel.part'], { back, kept }));
      await p.getByText(saying(w['cancel.all'], { back: '¥3,980.00' })).waitFor();
      await part('¥3,781.00', '¥199.00').waitFor();
      await part('¥3,582.00', '¥398.00').waitFor();
      await p.getByText(saying(w['pledge.sign.text'], { sum: ON_TOP })).waitFor();
      await looks(p, `absence-${locale}-sign`, locale);
    });
    await p
      .getByText(saying(w['absence.if.patient.missed'], { back: '¥3,582.00', kept: '¥398.00' }))
      .waitFor();
    await p.getByText(saying(w['absence.if.patient.notReady'], { back: '¥3,980.00' })).waitFor();
    const early = saying(w['absence.from.patient'], {});
    expect(await p.getByRole('button', { name: early }).isDisabled()).toBe(true);
    await looks(p, `absence-${locale}-cancel`, locale);
    await pressTwice(p, w['leave.patient']);
    await ended(p, w, '¥197.01', '¥3,781.00');
  });

  it('costs the same as cancelling at that time, if she does not come and says nothing', async () => {
    const p = await sit();
    await nearlyThere(p, d, w);
    await d
      .getByText(saying(w['absence.if.clinic.missed'], { back: '¥3,582.00', kept: '¥398.00' }))
      .waitFor();
    await looks(d, `absence-${locale}-desk-early`, locale);
    await nobodyCame(p, w);
    await d.getByText(w['absence.ask.clinic']).waitFor();
    await p.getByText(saying(w['cancel.now'], { back: '¥3,582.00', kept: '¥398.00' })).waitFor();
    await looks(p, `absence-${locale}-late`, locale);
    await looks(d, `absence-${locale}-desk-ask`, locale);
    await pressTwice(d, w['absence.report.clinic']);
    await p.getByText(w['absence.of.you.patient']).waitFor();
    const follows = saying(w['absence.follows'], { clinic: '¥394.02', patient: '¥3,582.00' });
    for (const page of [p, d]) await page.getByText(follows).waitFor();
    // what is reported cannot be cancelled any more
    await p.getByRole('button', { name: w['leave.patient'], exact: true }).waitFor({ state: 'detached' });
    await looks(p, `absence-${locale}-answer`, locale);
    await press(d, w['absence.demo.over']);
    await p.getByText(w['absence.settled.patient']).waitFor();
    await ended(p, w, '¥394.02', '¥3,582.00');
    await looks(d, `absence-${locale}-desk-settled`, locale);
  });

  it('costs nothing and brings what the clinic promised, if it was not there and says nothing', async () => {
    const p = await sit();
    await nearlyThere(p, d, w);
    await says(p, 'pledge.patient.promised');
    await p.getByText(w['pledge.notFast']).waitFor();
    await looks(p, `absence-${locale}-promised`, locale);
    // the bond is empty: the visit says what is missing, and leads to where it is paid in
    const visit = d.url();
    await d.getByText(saying(w['pledge.give.short'], { free: '¥0.00', missing: ON_TOP })).waitFor();
    await looks(d, `absence-${locale}-desk-short`, locale);
    await d.getByRole('link', { name: w['pledge.give.bond'], exact: true }).click();
    await d.getByText(w['pledge.bond.empty']).waitFor();
    await looks(d, `absence-${locale}-desk-bond-empty`, locale);
    await payIn(d, w, '1500', w['pledge.bond.place']);
    await d.goto(visit);
    await press(d, w['pledge.give'].replace('{sum}', ON_TOP));
    await says(d, 'pledge.clinic.standing');
    await says(p, 'pledge.patient.standing');
    await p.getByText(w['pledge.fast']).waitFor();
    await looks(p, `absence-${locale}-made-fast`, locale);
    await nobodyCame(p, w);
    await p.getByText(w['absence.ask.patient']).waitFor();
    await looks(p, `absence-${locale}-ask`, locale);
    await pressTwice(p, w['absence.report.patient']);
    await p.getByText(w['absence.of.other.patient']).waitFor();
    await d.getByText(w['absence.of.you.clinic']).waitFor();
    await says(p, 'pledge.patient.reported');
    await says(d, 'pledge.clinic.reported');
    await looks(d, `absence-${locale}-desk`, locale);
    await press(p, w['absence.demo.over']);
    await p.getByText(w['absence.settled.clinic']).waitFor();
    await says(p, 'pledge.patient.paid');
    await says(d, 'pledge.clinic.paid');
    await ended(p, w, '¥0.00', '¥3,980.00');
    await looks(p, `absence-${locale}-paid-on-top`, locale);
    // both left for the bank account that she paid from
    await expect.poll(() => bookedWith('101490')).toEqual(['101490', '398000']);
    // what is left of the bond is the clinic's again
    await d.goto(`${at.house.url}/desk/guarantee`);
    await d.getByRole('list', { name: w['pledge.list'] }).getByText(w['pledge.state.paid']).first().waitFor();
    await looks(d, `absence-${locale}-desk-bond`, locale);
    const before = await bookedWith('48510');
    await press(d, w['pledge.bond.reclaim']);
    await d.getByText(w['pledge.bond.back']).waitFor();
    await expect.poll(() => bookedWith('48510')).toHaveLength(before.length + 1);
    expect(await differencesIn(at.house)).toEqual([]);
  });

  it('costs nothing if she objects and nobody rules', async () => {
    const p = await sit();
    await nearlyThere(p, d, w);
    await nobodyCame(p, w);
    await pressTwice(d, w['absence.report.clinic']);
    await pressTwice(p, w['absence.object']);
    for (const page of [p, d]) await page.getByRole('link', { name: w['dispute.open'] }).waitFor();
    await looks(p, `absence-${locale}-objected`, locale);
    await apiAt({ baseUrl: at.house.url, origin: at.house.url }, 'patient').call(demoApi.advanceTime, {
      body: { to: toIso(at.house.house.deps.clock.now() + 31 * DAY) },
    });
    await ended(p, w, '¥0.00', '¥3,980.00');
  });
});
