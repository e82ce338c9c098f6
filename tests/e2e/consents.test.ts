/** Consents in a browser: given, signed by both sides, read, taken back in as many steps, and asked again after a change. */
import fs from 'node:fs';
import { DAY, toIso } from '@zhenmei/kernel';
import { NOTICES } from '@zhenmei/vault/core/consent/notices.ts';
import { readReceipt } from '@zhenmei/vault/core/consent/receipt.ts';
import { signaturesOf } from '@zhenmei/vault/core/consent/signatures.ts';
import { en } from '@zhenmei/web/src/words/en.ts';
import { type Words, zh } from '@zhenmei/web/src/words/zh.ts';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { openSeat, openTogether, type Seat } from './browser.ts';
import {
  go,
  keepPhoto,
  look,
  newDesk,
  newVault,
  nowIn,
  passTime,
  press,
  signIn,
  state,
} from './vault-seat.ts';

/** Six weeks before the second version of the notice, whatever the day. */
const place = openTogether(Date.parse('2026-11-20T01:00:00.000Z'));
const seats: Seat[] = [];
const people: {
  readonly locale: string;
  readonly w: Words;
  readonly photo: string;
  readonly me: string;
  readonly phone: Page;
  readonly desk: Page;
}[] = [];
afterAll(async () => {
  for (const { context } of seats) await context.close();
});

/** Presses of one kind, counted. */
function counting() {
  let steps = 0;
  return {
    get steps() {
      return steps;
    },
    press: async (page: Page, name: string) => {
      steps++;
      await press(page, name);
    },
  };
}

describe.each([
  { locale: 'zh-CN', w: zh, width: 390, photo: '正面照', me: '小安' },
  { locale: 'en', w: en, width: 1440, photo: 'Front view', me: 'An' },
] as const)('consents in $locale on $width px', ({ locale, w, width, photo, me }) => {
  let phone: Page;
  let desk: Page;
  let clinic = '';
  /** From the vault's first page to the form, filled in; the notice is on the screen. */
  async function fillForm(): Promise<void> {
    await go(phone, '/vault/permissions');
    await phone.getByRole('link', { name: w['may.give'] }).click();
    await phone.getByRole('combobox', { name: w['may.new.clinic'] }).click();
    await phone.getByRole('option', { name: clinic, exact: true }).click();
    await phone
      .getByRole('checkbox', { name: new RegExp(w['keep.face-photos']) })
      .first()
      .check();
    await phone.getByRole('radio', { name: /^90/ }).check();
    await phone.getByLabel(w['may.new.name']).fill(me);
  }

  it('are none at first, and appear when a permission is given', async () => {
    const mine = await newVault(place.browser, place.house, w, { width, locale });
    const theirs = await openSeat(place.browser, { width: 820, height: 844, locale, prf: true });
    seats.push(mine, theirs);
    [phone, desk] = [mine.page, theirs.page];
    await keepPhoto(phone, w, photo);
    await go(phone, '/vault/consents');
    await phone.getByText(w['agree.none']).waitFor();
    await look(phone, 'consents-none', locale);
    clinic = await newDesk(desk, place.house, w);
    await go(phone, '/vault');
    await fillForm();
    await press(phone, w['may.new.agree']);
    await state(phone, w['may.now']).waitFor();
    await go(phone, '/vault');
    await go(phone, '/vault/consents');
    await state(phone, w['agree.holds']).waitFor();
    await phone.getByText(w['agree.signed.wait']).waitFor();
    await look(phone, 'consents-given', locale);
  });

  it('are signed by the clinic when it first opens something, and can be read, printed and saved', async () => {
    await desk.getByRole('heading', { name: me }).waitFor();
    await press(desk, w['shared.list']);
    await desk.getByRole('button', { name: `${w['shared.open']} ${photo}` }).waitFor();
    await signIn(phone, w);
    await phone.getByText(w['agree.signed.signed']).waitFor();
    await phone.getByRole('link', { name: w['agree.open'] }).click();
    await phone.getByRole('heading', { name: w['agree.events'] }).waitFor();
    expect(await state(phone, w['agree.signed.signed']).count()).toBe(2);
    const said = locale === 'en' ? NOTICES[0]!.en : NOTICES[0]!.zh;
    for (const line of said) await phone.getByText(line, { exact: true }).waitFor();
    await look(phone, 'consent-receipt', locale);
    const saved = async (name: string) => {
      const download = phone.waitForEvent('download');
      await press(phone, name);
      return JSON.parse(fs.readFileSync((await (await download).path())!, 'utf8')) as Record<string, unknown>;
    };
    const receipt = readReceipt(await saved(w['agree.save']));
    expect(signaturesOf(receipt)).toEqual({ principal: 'signed', controller: 'signed' });
    expect(await saved(w['agree.saveFhir'])).toMatchObject({
      resourceType: 'Consent',
      status: 'active',
      provision: { purpose: [{ code: 'TREAT' }] },
    });
    await phone.emulateMedia({ media: 'print' });
    expect(await phone.getByRole('button', { name: w['agree.back'] }).isVisible()).toBe(false);
    expect(await phone.getByText(said[0]!, { exact: true }).isVisible()).toBe(true);
    await phone.emulateMedia({ media: 'screen' });
  });

  it('are taken back in as many steps as they were given', async () => {
    await go(phone, '/vault/consents');
    const giving = counting();
    const taking = counting();
    await taking.press(phone, w['agree.back']);
    await state(phone, w['agree.ended']).waitFor();
    await look(phone, 'consents-ended', locale);
    await desk.getByText(w['shared.ended']).waitFor();
    await go(phone, '/vault');
    await fillForm();
    await giving.press(phone, w['may.new.agree']);
    await state(phone, w['may.now']).waitFor();
    expect(taking.steps).toBe(giving.steps);
    expect(taking.steps).toBe(1);
    people.push({ locale, w, photo, me, phone, desk });
  });
});

describe('a notice that changed', () => {
  it('asks again, saying what is new, and nothing opens until then', async () => {
    const next = NOTICES.find(({ id, version }) => id === 'treat' && version === '2')!;
    const since = Date.parse(next.since!);
    expect(await nowIn(place.house)).toBeLessThan(since);
    await passTime(place.house, toIso(since + DAY));
    expect(people).toHaveLength(2);
    for (const { locale, w, photo, me, phone, desk } of people) {
      const list = desk
        .locator('section')
        .filter({ has: desk.getByRole('heading', { name: me, exact: true }) })
        .getByRole('button', { name: w['shared.list'], exact: true });
      await phone.goto(`${place.house.url}/vault/consents`);
      await press(phone, w['account.signIn']);
      await state(phone, w['agree.changed']).waitFor();
      await phone.getByText(locale === 'en' ? next.change!.en : next.change!.zh).waitFor();
      await look(phone, 'consents-changed', locale);
      await desk.reload();
      await list.click();
      await desk.getByRole('alert').waitFor();
      await look(desk, 'consents-changed-desk', locale);
      // lists that the browser holds are a month old by the house's clock only
      const cdp = await phone.context().newCDPSession(phone);
      await cdp.send('Network.clearBrowserCache');
      await press(phone, w['agree.again']);
      await state(phone, w['agree.holds']).waitFor();
      await desk.reload();
      await list.click();
      await desk.getByRole('button', { name: `${w['shared.open']} ${photo}` }).waitFor();
    }
    for (const { problems } of seats) expect(problems).toEqual([]);
  });
});
