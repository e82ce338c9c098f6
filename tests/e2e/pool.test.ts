/** A study in a browser: registered and paid in at a desk, looked at, agreed to, answered with noise, published, paid, and left. */
import { apiAt, random } from '@zhenmei/cli/visit-play.ts';
import { softwarePasskey } from '@zhenmei/client/software-passkey.ts';
import type { VaultIo } from '@zhenmei/client/vault/io.ts';
import { joinStudy, myStudies } from '@zhenmei/client/vault/pool.ts';
import { Vault } from '@zhenmei/client/vault/vault.ts';
import { identityApi } from '@zhenmei/identity/api.ts';
import { DAY, toIso } from '@zhenmei/kernel';
import { QUESTIONS } from '@zhenmei/vault/core/pool/questions.ts';
import { en } from '@zhenmei/web/src/words/en.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { goTo, joinDesk, openSeat, openTogether, type Seat } from './browser.ts';
import { go, look, newVault, nowIn, passTime, press, signIn, state } from './vault-seat.ts';

/** A payment reference is alike in both languages. */
const REFERENCE = /[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}/g;
const place = openTogether();
const seats: Seat[] = [];
afterAll(async () => {
  for (const { context } of seats) await context.close();
});

let clock = 0;
let other: Vault | undefined;
/** Somebody else with an empty vault. */
async function another(): Promise<Vault> {
  const { url } = place.house;
  const api = apiAt({ baseUrl: url, origin: url }, 'patient');
  const io: VaultIo = { api, now: () => clock, random };
  const passkey = softwarePasskey(random(32), url);
  const { challenge, rpId } = await io.api.call(identityApi.challenge, { body: { purpose: 'patient' } });
  const { json, prf } = await passkey.register({ challenge, rpId, userName: 'x' });
  await io.api.call(identityApi.registerPatient, { body: { registration: json } });
  return Vault.create(io, { kind: 'passkey', id: json.id, secret: prf! });
}
/** Another agrees on her own device; what a hundred more sent is put where it would be. */
async function othersJoin(title: string): Promise<void> {
  other ??= await another();
  const study = (await myStudies(other)).find(({ plan }) => plan.title.en === title)!;
  await joinStudy(other, study, 'en');
  const { db } = place.house.house.engines.database;
  const { id } = study.plan;
  await sql`INSERT INTO vault.pool_member (study, handle) SELECT ${id}, 'p' || i FROM generate_series(1, 100) i`.execute(
    db,
  );
  await sql`
    INSERT INTO vault.pool_answer (study, release, handle, answers)
    SELECT ${id}, 0, 'p' || i, jsonb_build_object(
      'treatments-year', CASE WHEN i <= 40 THEN 0 WHEN i <= 75 THEN 1 ELSE 2 END,
      'event-14-days', CASE WHEN i <= 40 THEN 0 WHEN i <= 78 THEN 1 ELSE 2 END)
    FROM generate_series(1, 100) i`.execute(db);
}

describe.each([
  {
    locale: 'zh-CN',
    w: zh,
    width: 390,
    office: /监督管理局/,
    title: { zh: '治疗后的反应', en: 'Events after treatment' },
  },
  {
    locale: 'en',
    w: en,
    width: 1440,
    office: /Aesthetic Medicine Authority/,
    title: { zh: '一年的治疗', en: 'A year of treatments' },
  },
] as const)('a study in $locale on $width px', ({ locale, w, width, office, title }) => {
  const said = (text: { zh: string; en: string }) => (locale === 'en' ? text.en : text.zh);
  let phone: Page;
  let bureau: Page;
  const own = (page: Page) =>
    page.locator('section').filter({ has: page.getByRole('heading', { name: said(title), exact: true }) });

  async function payIn(): Promise<void> {
    const section = own(bureau).locator('[data-study-fund]');
    await section.getByLabel(w['fund.answers']).fill('59');
    await section.getByText(w['fund.answers.wrong'].replace('{n}', '60')).waitFor();
    expect(await section.getByRole('button', { name: w['fund.order'] }).isDisabled()).toBe(true);
    await section.getByLabel(w['fund.answers']).fill('400');
    await section.getByRole('button', { name: w['fund.order'] }).click();
    await section.getByText(/[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}/).waitFor();
    await section.getByText('2,200.00').first().waitFor();
    await look(bureau, 'study-order', locale, REFERENCE);
    await section.getByRole('button', { name: w['fund.demo'] }).click();
    await section.getByText(w['fund.ready']).waitFor();
    await look(bureau, 'study-funded', locale);
  }

  it('is registered at the regulator’s desk and does not ask what is not on the list', async () => {
    const seat = await openSeat(place.browser, { width: 1440, height: 844, locale, prf: true });
    seats.push(seat);
    bureau = seat.page;
    await joinDesk(bureau, place.house.url, w, office);
    await goTo(bureau, w, w['study.title']);
    await bureau.getByRole('heading', { name: w['study.new'] }).waitFor();
    expect(await bureau.getByRole('button', { name: w['study.register'] }).isDisabled()).toBe(true);
    await bureau.getByLabel(w['study.name.zh']).fill(title.zh);
    await bureau.getByLabel(w['study.name.en']).fill(title.en);
    await bureau.getByLabel(w['study.why.zh']).fill('了解治疗后多久会有反应。');
    await bureau.getByLabel(w['study.why.en']).fill('To learn how often something happens afterwards.');
    await bureau.getByRole('checkbox', { name: said(QUESTIONS['event-14-days'].text) }).check();
    await bureau.getByRole('checkbox', { name: said(QUESTIONS['treatments-year'].text) }).check();
    await bureau.getByRole('combobox', { name: w['study.every'] }).click();
    await bureau.getByRole('option', { name: w['study.every.7'], exact: true }).click();
    await bureau.getByLabel(w['study.k']).fill('19');
    expect(await bureau.getByRole('button', { name: w['study.register'] }).isDisabled()).toBe(true);
    await bureau.getByLabel(w['study.k']).fill('20');
    await bureau.getByLabel(w['study.pay']).fill('5.50');
    await look(bureau, 'study-form', locale);
    await press(bureau, w['study.register']);
    await own(bureau).getByText(w['pool.published.none']).waitFor();
    await look(bureau, 'study-registered', locale);
  });

  it('is off by default; she sees what would leave her device before anything does', async () => {
    const mine = await newVault(place.browser, place.house, w, { width, locale });
    seats.push(mine);
    phone = mine.page;
    const sent: string[] = [];
    phone.on('request', (request) => {
      if (request.url().includes('/vault/pool/')) sent.push(request.method());
    });
    await go(phone, '/vault/pool');
    await own(phone).getByText(w['pool.state.none']).waitFor();
    // nothing is promised that is not paid in
    await own(phone).getByText(w['pool.fund.missing']).waitFor();
    expect(await own(phone).getByRole('button', { name: w['pool.look'] }).count()).toBe(0);
    await phone.getByText(w['earn.none']).waitFor();
    await look(phone, 'study-unfunded', locale);
    await payIn();
    await go(phone, '/vault');
    await go(phone, '/vault/pool');
    await own(phone).getByRole('button', { name: w['pool.look'] }).click();
    const none = QUESTIONS['treatments-year'].choices[0].text;
    await own(phone)
      .getByText(w['pool.would.truth'].replace('{truth}', said(none)), { exact: true })
      .waitFor();
    await look(phone, 'study-would', locale);
    expect(sent.filter((method) => method !== 'GET')).toEqual([]);
  });

  it('is agreed to: what left and what is promised are shown, and the budget that was used', async () => {
    const answer = phone.waitForRequest((request) => request.url().endsWith('/pool/answers'));
    await own(phone).getByRole('button', { name: w['pool.agree'], exact: true }).click();
    const body = (await answer).postDataJSON() as Record<string, unknown>;
    expect(Object.keys(body).sort()).toEqual([
      'answers',
      'pseudonym',
      'release',
      'signature',
      'study',
      'token',
    ]);
    await state(phone, w['pool.state.joined']).waitFor();
    await own(phone).getByText(w['earn.pending'].replace('{n}', '1')).waitFor();
    await own(phone).getByText('5.50').first().waitFor();
    await own(phone)
      .getByText(w['pool.budget.used'].replace('{used}', '33').replace('{each}', '33'))
      .waitFor();
    await look(phone, 'study-joined', locale);
    await go(phone, '/vault');
    await go(phone, '/vault/consents');
    await state(phone, w['agree.holds']).waitFor();
    await look(phone, 'study-consent', locale);
  });

  it('asks her again when its notice has changed', async () => {
    const { db } = place.house.house.engines.database;
    await sql`UPDATE vault.pool_member SET notice = '2' WHERE token_hash IS NOT NULL`.execute(db);
    // what was read a moment ago is shown again as it was
    await expect
      .poll(async () => {
        await go(phone, '/vault');
        await go(phone, '/vault/pool');
        await own(phone).waitFor();
        return own(phone).getByText(w['pool.changed']).count();
      })
      .toBe(1);
    await own(phone).getByRole('button', { name: w['pool.changed.look'] }).click();
    await own(phone).getByRole('button', { name: w['agree.again'], exact: true }).waitFor();
    await look(phone, 'study-changed', locale);
    await own(phone).getByRole('button', { name: w['agree.again'], exact: true }).click();
    await own(phone).getByText(w['pool.changed']).waitFor({ state: 'detached' });
    await state(phone, w['pool.state.joined']).waitFor();
  });

  it('publishes what enough people said, and of a choice that too few took only that', async () => {
    const at = await nowIn(place.house);
    clock = at;
    await othersJoin(title.en);
    await passTime(place.house, toIso(at + 7 * DAY + 60_000));
    await bureau.reload();
    const many = w['pool.published.people'].replace('{n}', '102');
    await expect
      .poll(async () => {
        await bureau.reload();
        await bureau.getByRole('heading', { name: w['study.new'] }).waitFor();
        return own(bureau).getByText(many).count();
      })
      .toBe(1);
    // six or more treatments: at most the two who answered here said so
    await own(bureau).getByText(w['pool.published.hidden']).first().waitFor();
    const about = new RegExp(w['pool.published.share'].split('{')[0]!);
    expect(await own(bureau).getByText(about).count()).toBeGreaterThanOrEqual(5);
    await look(bureau, 'study-published', locale);
  });

  it('is answered for the next release as soon as the vault opens, on whatever page', async () => {
    await phone.goto(`${place.house.url}/me`);
    const answer = phone.waitForRequest((request) => request.url().endsWith('/pool/answers'));
    await press(phone, w['account.signIn']);
    expect((await answer).postDataJSON()).toMatchObject({ release: 1 });
    expect((await (await answer).response())!.ok()).toBe(true);
    await phone.getByRole('navigation').getByRole('link', { name: w['nav.vault'], exact: true }).click();
    await go(phone, '/vault/pool');
    await own(phone).getByText(w['earn.pending'].replace('{n}', '1')).waitFor();
    await phone.locator('[data-pool-budget]').waitFor();
    await look(phone, 'study-second', locale);
  });

  it('has earned with its release, waits until she says where to, and is paid the night after', async () => {
    await expect.poll(() => phone.locator('[data-pool-earned]').textContent()).toContain('5.50');
    await phone.getByText(w['earn.asks'].split('{amount}')[1]!).waitFor();
    // whoever is about to erase everything hears of it before
    await go(phone, '/vault');
    await go(phone, '/vault/erase');
    expect(await phone.locator('[data-unclaimed]').textContent()).toContain('5.50');
    await look(phone, 'study-unclaimed', locale);
    await phone.getByRole('link', { name: w['wipe.all.claim'] }).click();
    await press(phone, w['earn.name']);
    await phone.getByText(w['earn.tonight'].split('{amount}')[1]!).waitFor();
    await look(phone, 'study-named', locale);
    await passTime(place.house, toIso((await nowIn(place.house)) + DAY));
    const paid = own(phone)
      .locator('[data-study-money]')
      .getByText(w['earn.paid.at'].split('{when}')[0]!.split('{amount}')[1]!);
    await phone.goto(`${place.house.url}/vault/pool`);
    await signIn(phone, w);
    await expect
      .poll(async () => {
        await go(phone, '/vault');
        await go(phone, '/vault/pool');
        await own(phone).locator('[data-study-money]').waitFor();
        return paid.count();
      })
      .toBe(1);
    await look(phone, 'study-paid', locale);
    const few = w['fund.few'].replace('{n}', '20');
    await bureau.reload();
    await own(bureau).locator('[data-study-fund]').getByText(few).first().waitFor();
    await look(bureau, 'study-paid-desk', locale);
  });

  it('is left in one step; published numbers stay, and it cannot be joined again', async () => {
    await phone.goto(`${place.house.url}/vault/pool`);
    await signIn(phone, w);
    await own(phone).getByText(w['pool.published.noise']).waitFor();
    await own(phone).getByRole('button', { name: w['pool.leave'] }).click();
    await own(phone).getByText(w['pool.left.means']).waitFor();
    await own(phone).getByText(w['pool.published.noise']).waitFor();
    expect(await own(phone).getByRole('button', { name: w['pool.look'] }).count()).toBe(0);
    await look(phone, 'study-left', locale);
    await go(phone, '/vault');
    await go(phone, '/vault/consents');
    await state(phone, w['agree.ended']).first().waitFor();
    for (const { problems } of seats) expect(problems).toEqual([]);
  });
});
