/** The steps of a visit up to where it is paid for, on both screens. */
import type { Words } from '@zhenmei/web/src/words/zh.ts';
import type { Page } from 'playwright-core';

export const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();

/** The desk joins the demo clinic, the patient makes an account and books. */
export async function bookVisit(url: string, p: Page, d: Page, w: Words): Promise<void> {
  await d.goto(`${url}/desk/visits`);
  const join = d.getByRole('button', { name: w['desk.join'], exact: true });
  await join.or(d.getByRole('navigation')).first().waitFor();
  if (await join.isVisible()) await join.click();
  await d.getByRole('navigation').waitFor();
  await d.goto(`${url}/desk/visits`);
  await d.getByText(w['desk.empty']).or(d.locator('main li a').first()).first().waitFor();
  await p.goto(url);
  await p.locator('main ul li a').first().click();
  await p.getByRole('radio').first().check();
  await p.locator('main .grid button').first().click();
  await press(p, w['account.create']);
  await press(p, w['clinic.book']);
  await p.getByText(w['visit.waitOffer']).waitFor();
}

/** The clinic has offered: the patient answers the questions and signs. */
export async function agreeToVisit(p: Page, w: Words): Promise<void> {
  await p.getByText(w['visit.readOffer']).waitFor();
  for (const [i, question] of [1, 0].entries())
    await p.getByRole('radiogroup').nth(i).getByRole('radio').nth(question).check();
  await press(p, w['visit.agree']);
  await p.getByRole('button', { name: w['visit.pay'], exact: true }).waitFor();
}

/** From nothing to the signed agreement. */
export async function signVisit(url: string, p: Page, d: Page, w: Words): Promise<void> {
  await bookVisit(url, p, d, w);
  await d.locator('main li a', { hasText: w['state.quoted'] }).first().click();
  await press(d, w['desk.offer']);
  await agreeToVisit(p, w);
}
