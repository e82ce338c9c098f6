/** Somebody under age and a guardian, each on a phone of their own: booking, consent and money, signed one by one. */
import { careApi } from '@zhenmei/care/api.ts';
import { openClinic } from '@zhenmei/cli/visit-play.ts';
import { readActors } from '@zhenmei/server/demo/actors.ts';
import { en } from '@zhenmei/web/src/words/en.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import type { TestHouse } from '../house/test-house.ts';
import { englishWords, fitsEveryScreen, joinDesk, openSeat, openTogether, type Seat } from './browser.ts';
import { confirmed, press } from './vault-seat.ts';
import { collect } from './wallet-seat.ts';

const place = openTogether();

describe.each([
  {
    locale: 'zh-CN',
    w: zh,
    width: 390,
    clinic: /梅园/,
    noCard: '没有这个孩子的监护证明',
    no: '监护人没有同意',
  },
  {
    locale: 'en',
    w: en,
    width: 1440,
    clinic: /Plum Garden/,
    noCard: 'no certificate of guardianship for this child',
    no: 'The guardian did not agree',
  },
] as const)('a guardian in $locale on $width px', ({ locale, w, width, clinic, noCard, no }) => {
  const seats: Seat[] = [];
  let child: Page;
  let guardian: Page;
  let number = '';
  const seat = async () => {
    const opened = await openSeat(place.browser, { width, height: 844, locale, prf: true });
    seats.push(opened);
    return opened.page;
  };
  afterAll(async () => {
    for (const { problems, context } of seats) {
      expect(problems).toEqual([]);
      await context.close();
    }
  });
  const look = async (page: Page, name: string) => {
    await fitsEveryScreen(page, `guardian-${locale}-${name}`);
    const same = /[0-9A-Z]{4}(-[0-9A-Z]{4})+|[A-Za-z0-9_-]{43}/g;
    if (locale === 'zh-CN') expect(await englishWords(page, same, 'main'), name).toEqual([]);
  };
  const codeOn = async (page: Page) => (await page.locator('[data-guardian-code]').textContent())!.trim();
  const day = (days: number) =>
    new Date(place.house.house.deps.clock.now() + days * 86_400_000).toISOString().slice(0, 10);
  const guardianOf = (of: string) => ({
    kind: 'guardianOf' as const,
    claims: { child: of, relation: 'parent', until: day(700) },
  });
  const openCode = async (code: string) => {
    await guardian.getByLabel(w['ward.code']).fill(code.toLowerCase().replaceAll('-', ' '));
    await press(guardian, w['ward.open.do']);
  };

  it('needs a certificate for this child; a refusal reaches the child’s phone and nothing is booked', async () => {
    child = await seat();
    await child.goto(`${place.house.url}/me`);
    await press(child, w['account.create']);
    await child.locator('main a[href="/guardian"]').click();
    number = (await child.locator('[data-child-number]').textContent())!.trim();
    await look(child, 'number');
    await child.getByRole('navigation').getByRole('link', { name: w['nav.home'], exact: true }).click();
    await child.locator('main ul li a').first().click();
    await child.getByRole('radio').first().check();
    await child
      .locator('main .grid button')
      .nth(width === 390 ? 0 : 1)
      .click();
    await child.getByText(w['age.own']).waitFor();
    await child.getByRole('checkbox', { name: w['minor.under'] }).check();
    await press(child, w['clinic.book']);
    const code = await codeOn(child);
    await look(child, 'asked');

    guardian = await seat();
    await collect(guardian, place.house, w, guardianOf('A'.repeat(43)));
    await guardian.goto(`${place.house.url}/guardian#${code}`);
    await press(guardian, w['account.create']);
    await guardian.getByText(noCard).waitFor();
    await look(guardian, 'no-card');
    await collect(guardian, place.house, w, guardianOf(number));
    await guardian.goto(`${place.house.url}/guardian#${code}`);
    await press(guardian, w['account.signIn']);
    await guardian.getByRole('heading', { name: w['ward.asks.book'] }).waitFor();
    await guardian.getByText(clinic).first().waitFor();
    await look(guardian, 'booking');
    await press(guardian, w['ward.refuse']);
    await confirmed(guardian, w['ward.refuse']);
    await guardian.getByText(w['ward.refused']).waitFor();
    await child.getByText(no).waitFor();
    await look(child, 'refused');
  });

  it('signs the booking by code, and the child’s phone goes on by itself', async () => {
    await press(child, w['clinic.book']);
    await openCode(await codeOn(child));
    await press(guardian, w['ward.sign.book']);
    await guardian.getByText(w['ward.complete']).waitFor();
    await child.getByText(w['visit.waitOffer']).waitFor();
    await openCode('0000-0000-0000-0000-0000-0000-0000');
    await guardian.getByRole('alert').waitFor();
  });

  it('signs consent and money each on its own; one is not enough', async () => {
    const desk = await seat();
    await joinDesk(desk, place.house.url, w, clinic);
    await desk.goto(`${place.house.url}/desk/visits`);
    await desk.locator('main li a', { hasText: w['state.quoted'] }).first().click();
    await press(desk, w['desk.offer']);
    await child.getByText(w['visit.readOffer']).waitFor();
    await child.getByText(w['ward.needed']).waitFor();
    for (const [i, question] of [1, 0].entries())
      await child.getByRole('radiogroup').nth(i).getByRole('radio').nth(question).check();
    await press(child, w['visit.agree']);
    await openCode(await codeOn(child));
    await guardian.getByRole('heading', { name: w['ward.asks.agree'] }).waitFor();
    await look(guardian, 'agree');
    await press(guardian, w['ward.sign.consent']);
    const signed = child.locator('section').filter({ has: child.locator('[data-guardian-code]') });
    await signed.getByText(`✓${w['ward.signed']}`, { exact: true }).waitFor();
    expect(await signed.getByText(`!${w['ward.waiting']}`, { exact: true }).count()).toBe(1);
    await look(child, 'half');
    await press(guardian, w['ward.sign.money']);
    await child.getByRole('button', { name: w['visit.pay'], exact: true }).waitFor();
  });

  it('sees the visit’s course and money, nothing of health, and the child sees the look', async () => {
    await guardian.goto(`${place.house.url}/guardian`);
    await press(guardian, w['account.signIn']);
    const list = guardian.locator('[data-ward-visits]');
    await list.locator('li').first().waitFor();
    await list.getByText(clinic).first().waitFor();
    // what a person sees, not what the document holds
    // biome-ignore lint/performance/useDomNodeTextContent: hidden text does not count
    expect(await guardian.locator('main').innerText()).not.toMatch(/过敏|[Aa]llerg/);
    await look(guardian, 'visits');
    await child.reload();
    await press(child, w['account.signIn']);
    await child.getByText(w['ward.seen']).waitFor();
    expect(await child.locator('[data-guardian-seen]').textContent()).not.toBe(w['ward.seen.never']);
    await look(child, 'seen');
  });

  it('is not needed by whoever shows a certificate of age', async () => {
    const grown = await seat();
    await collect(grown, place.house, w, { kind: 'ageOver', claims: { age: 18, reached: true } });
    await grown.goto(place.house.url);
    await grown.locator('main ul li a').first().click();
    await grown.getByRole('radio').first().check();
    await grown.locator('main .grid button').nth(2).click();
    await press(grown, w['account.create']);
    await grown.getByText(w['age.proven'].replace('{age}', '18')).waitFor();
    expect(await grown.getByRole('checkbox', { name: w['minor.under'] }).count()).toBe(0);
    await grown.getByText(w['age.kept']).waitFor();
    await look(grown, 'age');
  });

  it('and a graded operation is booked with that certificate only', async () => {
    const operation = await listOperation(place.house);
    const choose = async (page: Page) => {
      await page.goto(`${place.house.url}/clinics/${operation.clinic}`);
      await page.getByRole('radio', { name: locale === 'en' ? /Liposuction/ : /吸脂术/ }).check();
      await page
        .locator('main .grid button')
        .nth(width === 390 ? 4 : 5)
        .click();
    };
    const stated = await seat();
    await choose(stated);
    await press(stated, w['account.create']);
    await stated.getByText(w['age.asked']).waitFor();
    expect(await stated.getByRole('button', { name: w['clinic.book'], exact: true }).isDisabled()).toBe(true);
    await look(stated, 'age-asked');
    await collect(stated, place.house, w, { kind: 'ageOver', claims: { age: 18, reached: true } });
    await choose(stated);
    await press(stated, w['account.signIn']);
    await stated.getByText(w['age.shown']).waitFor();
    await look(stated, 'age-shown');
    await press(stated, w['clinic.book']);
    await stated.getByText(w['visit.waitOffer']).waitFor();
  });
});

/** The demo's clinic lists an operation of grade 3, once. @returns the clinic's id */
async function listOperation(house: TestHouse): Promise<{ clinic: string }> {
  const at = await openClinic({ baseUrl: house.url, origin: house.url, patience: 0 });
  const params = { id: at.desk.organisationId };
  const { services } = await at.desk.api.call(careApi.readClinic, { params });
  if (!services.some(({ body }) => body.procedure.code === 'liposuction')) {
    const { gtin: _, ...body } = services[0]!.body;
    const { route: __, ...procedure } = body.procedure;
    const surgery = 'aesthetic-surgery';
    await at.desk.api.call(careApi.publishService, {
      body: {
        ...body,
        doctors: [readActors(house.dataDir)!.doctors.lin!.id],
        procedure: {
          ...procedure,
          code: 'liposuction',
          name: { zh: '吸脂术', en: 'Liposuction' },
          department: surgery,
          specialty: surgery,
          needsLead: true,
          usesProduct: false,
        },
      },
    });
  }
  return { clinic: params.id };
}
