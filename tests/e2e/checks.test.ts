/**
 * Paid checks in a browser: a verifier is admitted and puts its bond down, a clinic asks and pays, a patient objects, the
 * verifier takes its pay, the authority withdraws the result and suspends the verifier.
 */
import { apiAt, deviceOf, random, until } from '@zhenmei/cli/visit-play.ts';
import { answerTask, type CheckSeat } from '@zhenmei/client/check.ts';
import { type Desk, joinDesk as joinAt, operate } from '@zhenmei/client/desk.ts';
import { softwarePasskey } from '@zhenmei/client/software-passkey.ts';
import { type AdmissionRow, readAdmissions } from '@zhenmei/client/verifier.ts';
import type { Hex } from '@zhenmei/kernel';
import { SOURCES } from '@zhenmei/money/core/verification-papers.ts';
import { disputeApi } from '@zhenmei/money/dispute-api.ts';
import { demoApi, houseApi } from '@zhenmei/server/api/contract.ts';
import { checkCall } from '@zhenmei/server/compose/verification.ts';
import { ASSESSORS } from '@zhenmei/server/demo/world-assessors.ts';
import { en } from '@zhenmei/web/src/words/en.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assessorsAt } from '../house/assessor-play.ts';
import { openTestHouse, type TestHouse } from '../house/test-house.ts';
import { englishWords, fitsEveryScreen, goTo, joinDesk, openBrowser, openSeat } from './browser.ts';

const here = {} as { browser: Browser; house: TestHouse; authority: Desk };
beforeAll(async () => {
  // the first house of a run makes the world
  [here.browser, here.house] = await Promise.all([openBrowser(), openTestHouse()]);
  const { url } = here.house;
  const api = apiAt({ baseUrl: url, origin: url }, 'desk');
  const { invitation } = await api.call(demoApi.inviteDesk, { body: { organisation: 'regulator' } });
  here.authority = await joinAt(
    api,
    softwarePasskey(random(32), url),
    deviceOf(random(32)),
    invitation,
    'desk',
  );
  await api.call(demoApi.equipDesk);
}, 600_000);
afterAll(async () => {
  await here.browser?.close();
  await here.house?.close();
});
const CLINIC = { 'zh-CN': '梅园医疗美容门诊部', en: 'Plum Garden Aesthetic Clinic' };
const REGULATOR = { 'zh-CN': '真安市医疗美容监督管理局', en: 'Zhen’an Aesthetic Medicine Authority' };
/** What only a result that stands says. */
const STANDS = { 'zh-CN': '有效期至', en: 'Good until' };
/** The brand, the clinic's mark, and numbers as the registers have them, and references of payments. */
const SAME = /[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}|Zhenmei|Plum Garden|PDY|CN|PDF|mL|English|EN/g;
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click();
const db = () => here.house.house.modules.money.db;

const looks = async (page: Page, name: string, locale: string): Promise<void> => {
  await fitsEveryScreen(page, name);
  if (locale === 'zh-CN') expect(await englishWords(page, SAME, 'main')).toEqual([]);
};

/** The newest task and who was drawn for a round of it. */
async function seated(round: number): Promise<{ id: string; verifiers: Hex[] }> {
  return until(async () => {
    const task = await db()
      .selectFrom('money.check_task')
      .select('id')
      .orderBy('asked_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    const seats = await db()
      .selectFrom('money.check_seat')
      .select('verifier')
      .where('task_id', '=', task?.id ?? '')
      .where('round', '=', round)
      .execute();
    return task && seats.length > 0
      ? { id: task.id, verifiers: seats.map(({ verifier }) => verifier) }
      : null;
  });
}

const onBook = async (name: string, all: readonly AdmissionRow[], more: readonly unknown[][]) => {
  const { contracts } = await here.authority.api.call(houseApi.readConfig);
  const to = contracts.ProviderVerification!;
  await operate(
    here.authority,
    all.map(({ account }, i) => ({ to, data: checkCall(name, [account, ...more[i]!]) })),
  );
};

/** All verifiers but one who lives far from the clinic are out for now: whoever is admitted next is drawn beside it. */
async function emptyRoster(clinic: string, fresh: string): Promise<AdmissionRow[]> {
  const { organisations } = await here.authority.api.call(disputeApi.candidates);
  const near = organisations.find(({ name }) => name.zh === clinic || name.en === clinic)!.tags[0];
  const rows = (await readAdmissions(here.authority)).filter(({ state }) => state === 'admitted');
  const stays = rows.find(({ tags, name }) => tags[0] !== near && name.zh !== fresh)!;
  const out = rows.filter((row) => row !== stays);
  await onBook(
    'dismiss',
    out,
    out.map(() => []),
  );
  return out.filter(({ name }) => name.zh !== fresh);
}

const everything = (who: CheckSeat, id: string) =>
  answerTask(who, id, {
    failed: [],
    pages: SOURCES.map((source) => ({ source, where: '公示网站', said: '一致' })),
    at: here.house.house.deps.clock.now(),
  });

async function clinicPage(page: Page, name: string): Promise<void> {
  const row = await here.house.house.modules.identity.db
    .selectFrom('identity.organisation')
    .select(['id', 'name'])
    .where('kind', '=', 'clinic')
    .execute();
  const { id } = row.find((one) => one.name.zh === name || one.name.en === name)!;
  await page.goto(`${here.house.url}/clinics/${id}`);
}

const FRESH = ASSESSORS[0]!.name;
const ABOUT = {
  'zh-CN': '在登记机关做过三年核对，和任何机构都没有关系。',
  en: 'Three years of comparing registers; connected with no clinic.',
};
const REASON = {
  'zh-CN': '有一次没有按时答复，先暂停三个月。',
  en: 'Late with one answer: suspended for three months.',
};
const GROUNDS = {
  'zh-CN': '公示的诊疗科目里没有美容外科，请复核。',
  en: 'Its register lists no aesthetic surgery; please look again.',
};

describe.each([
  { locale: 'zh-CN', w: zh, width: 390 },
  { locale: 'en', w: en, width: 1440 },
] as const)('a check in $locale on $width px', ({ locale, w, width }) => {
  it('is answered by who was admitted, contested by a patient, paid for, and withdrawn', async () => {
    const seat = { width, height: 900, locale, prf: true };
    const [clinic, fresh, patient, authority] = await Promise.all([
      openSeat(here.browser, seat),
      openSeat(here.browser, seat),
      openSeat(here.browser, seat),
      openSeat(here.browser, seat),
    ]);
    const [d, a, p, r] = [clinic.page, fresh.page, patient.page, authority.page];
    const { url } = here.house;
    const tag = `check-${locale}`;
    const name = FRESH[locale === 'en' ? 'en' : 'zh'];
    const rest = await emptyRoster(CLINIC[locale], FRESH.zh);

    // asks to be admitted
    await joinDesk(a, url, w, new RegExp(name));
    await goTo(a, w, w['check.queue']);
    // taken off the roster by the ledger alone, or suspended at the end of the other journey
    const out = new RegExp(`${w['verifier.state.ended']}|${w['verifier.state.suspended']}`);
    await a.getByText(out).first().waitFor();
    await a.getByLabel(w['verifier.about']).fill(ABOUT[locale]);
    await looks(a, `${tag}-admission`, locale);
    await press(a, w['verifier.ask.again']);
    await a.getByText(w['verifier.state.asked']).waitFor();
    await joinDesk(r, url, w, REGULATOR[locale]);
    await goTo(r, w, w['check.queue']);
    await r.getByText(ABOUT[locale]).waitFor();
    await looks(r, `${tag}-admissions`, locale);
    await r.getByRole('button', { name: w['verifier.admit'], exact: true }).click();
    await a.getByText(new RegExp(`${w['verifier.state.admitted']}$`)).waitFor();

    // the bond
    await a.getByLabel(w['deposit.add']).fill('100');
    await press(a, w['deposit.order']);
    await press(a, w['deposit.demo']);
    await press(a, new RegExp(w['verifier.bond.add'].split('{')[0]!));
    await a.getByRole('button', { name: w['deposit.order'] }).waitFor();

    // the clinic asks
    await joinDesk(d, url, w, CLINIC[locale]);
    await goTo(d, w, w['check.name']);
    await d.getByLabel(w['check.ask.licence']).waitFor();
    await looks(d, `${tag}-ask`, locale);
    await d.getByLabel(w['check.ask.licence']).fill('PDY10023-5');
    await d.getByLabel(w['check.ask.scope']).fill('美容外科\n美容皮肤科');
    await d.getByLabel(w['check.ask.doctors']).fill('110000000000123');
    await press(d, w['check.fee.order']);
    await press(d, w['deposit.demo']);
    const pay = w['check.ask.submit'].split('{')[0]!;
    await d.locator('button[type=submit]:not([disabled])', { hasText: pay }).click();
    await d.getByText(w['check.phase.answering']).waitFor();

    // one of the two in a browser, the other on no screen
    const { id, verifiers } = await seated(0);
    const end = Math.floor(here.house.house.deps.clock.now() / 1000) + 900 * 86_400;
    await onBook(
      'admit',
      rest,
      rest.map(({ tags }) => [tags, end]),
    );
    const mine = (await readAdmissions(here.authority)).find((row) => row.name.zh === FRESH.zh)!.account;
    expect(verifiers).toContain(mine);
    const [other] = await assessorsAt(
      here.house,
      verifiers.filter((one) => one !== mine),
    );
    await a
      .getByRole('link', { name: w['check.task'].replace('{id}', id) })
      .first()
      .click();
    await a.getByRole('button', { name: w['check.answer.submit'] }).waitFor();
    for (const fits of await a.getByRole('radio', { name: w['check.answer.fits'] }).all()) await fits.check();
    for (const said of await a.getByLabel(w['check.answer.said']).all())
      await said.fill(locale === 'en' ? 'The same number and name.' : '编号与名称一致。');
    await looks(a, `${tag}-answer`, locale);
    await press(a, w['check.answer.submit']);
    await a.getByText(w['check.todo.wait']).waitFor();
    await everything(other!, id);
    await d.getByText(w['check.pill.open']).first().waitFor();
    await looks(d, `${tag}-open`, locale);

    // a patient objects
    await clinicPage(p, CLINIC[locale]);
    await p.getByText(w['check.pill.open']).first().waitFor();
    await looks(p, `${tag}-public`, locale);
    await press(p, w['contest.start']);
    await press(p, w['account.create']);
    await p.getByLabel(w['contest.text']).fill(GROUNDS[locale]);
    await press(p, w['contest.order']);
    await p.getByText(w['contest.stage.open']).waitFor();
    await looks(p, `${tag}-contest`, locale);
    await press(p, w['deposit.demo']);
    await press(p, w['contest.send']);
    await p.getByText(w['contest.stage.drawing']).or(p.getByText(w['contest.stage.comparing'])).waitFor();
    const jury = await seated(2);
    for (const juror of await assessorsAt(here.house, jury.verifiers)) await everything(juror, id);
    await p.getByText(w['contest.stage.lost']).waitFor();
    await looks(p, `${tag}-contest-over`, locale);
    await d.getByText(STANDS[locale]).first().waitFor();

    // half of the pay and half of the loser's deposit now, the other half of the pay in a year
    await goTo(a, w, w['check.queue']);
    await press(a, new RegExp(`${w['verifier.credit.out'].split('{')[0]!.trim()} ?¥`));
    await a.getByText(w['verifier.credit.done']).waitFor();
    await a.getByText(w['verifier.later.one'].split('{id}')[1]!.split('{')[0]!).first().waitFor();
    await looks(a, `${tag}-purse`, locale);

    await press(r, w['check.stand.revoke']);
    await r
      .getByRole('dialog')
      .or(r.getByRole('alertdialog'))
      .getByRole('button', { name: w['check.stand.revoke'] })
      .click();
    await r.getByText(w['check.stand.none']).waitFor();
    await looks(r, `${tag}-authority`, locale);
    await p.reload();
    await p.getByText(w['check.pill.revoked']).first().waitFor();
    const card = r.locator('section.card', { hasText: name });
    await card.getByRole('button', { name: w['verifier.suspend'] }).click();
    await card.getByLabel(w['verifier.reason.text']).fill(REASON[locale]);
    await card.getByRole('button', { name: w['verifier.suspend'] }).click();
    await a.getByText(REASON[locale]).waitFor();
    expect([clinic, fresh, patient, authority].flatMap(({ problems }) => problems)).toEqual([]);
  }, 420_000);

  it('is run by an operator who sees fee, fakes and misses', async () => {
    const { page, problems } = await openSeat(here.browser, { width, height: 900, locale, prf: true });
    await page.goto(`${here.house.url}/operator/checks`);
    await page.getByLabel(w['op.token']).fill(here.house.house.operatorToken!);
    await press(page, w['op.open']);
    await page.getByText(w['check.op.tasks'], { exact: true }).waitFor();
    await page.getByText(w['check.phase.revoked']).first().waitFor();
    await looks(page, `check-${locale}-operator`, locale);
    await page.getByLabel(w['check.op.pay']).fill('5');
    await press(page, w['check.op.pay.save']);
    await page.getByRole('alert').waitFor();
    expect(problems).toEqual([]);
  });
});
