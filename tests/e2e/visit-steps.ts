/** The steps of a visit on both screens, up to the opened unit: for journeys that begin where it was used. */
import type { Words } from '@zhenmei/web/src/words/zh.ts';
import type { Page } from 'playwright-core';

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** From the home page to money that is held. The desk has joined the demo clinic. @param offered what the patient looks at before she signs */
export async function holdTogether(
  url: string,
  p: Page,
  d: Page,
  w: Words,
  offered: () => Promise<void> = async () => undefined,
): Promise<void> {
  await p.goto(url);
  await p.locator('main ul li a').first().click();
  await p.getByRole('radio').first().check();
  await p.locator('main .grid button').first().click();
  // whoever was here before has an account
  const create = p.getByRole('button', { name: w['account.create'], exact: true });
  const book = p.getByRole('button', { name: w['clinic.book'], exact: true });
  await create.or(book).first().waitFor();
  if (await create.isVisible()) await create.click();
  await press(p, w['clinic.book']);
  await p.getByText(w['visit.waitOffer']).waitFor();
  await d.locator('main li a', { hasText: w['state.quoted'] }).click();
  await press(d, w['desk.offer']);
  await p.getByText(w['visit.readOffer']).waitFor();
  await offered();
  for (const [i, question] of [1, 0].entries())
    await p.getByRole('radiogroup').nth(i).getByRole('radio').nth(question).check();
  await press(p, w['visit.agree']);
  await press(p, w['visit.pay']);
  await p.getByText(w['money.active']).waitFor();
}

/** @param held what happens once the money is held. The patient is at the home page's address, the desk has joined the demo clinic. @returns the visit's address */
export async function openUnitTogether(
  url: string,
  p: Page,
  d: Page,
  w: Words,
  held: () => Promise<void> = async () => undefined,
): Promise<string> {
  await holdTogether(url, p, d, w);
  await held();
  await press(p, w['visit.demoTime']);
  await p.getByRole('button', { name: new RegExp(w['visit.allergyNone']) }).click();
  await p.getByText(w['visit.waitClinic']).waitFor();
  for (const step of ['check-in', 'unseal'] as const) {
    await press(d, w[step === 'check-in' ? 'desk.checkIn' : 'desk.unseal']);
    const digits = d.locator('main p.text-5xl');
    await digits.waitFor();
    await p.getByLabel(w['visit.code']).fill((await digits.textContent())!.trim());
    await press(p, w[`visit.confirm.${step}`]);
  }
  await press(d, w['desk.open']);
  await d.getByRole('button', { name: w['desk.perform'], exact: true }).waitFor();
  // the phone has seen that the unit is open
  await p.waitForFunction(() => localStorage.getItem('zm-watch') !== null, null);
  return p.url();
}

/** The record is written, and the patient confirms it. */
export async function finishTreatment(p: Page, d: Page, w: Words): Promise<void> {
  await press(d, w['desk.perform']);
  const digits = d.locator('main p.text-5xl');
  await digits.waitFor();
  await p.getByLabel(w['visit.code']).fill((await digits.textContent())!.trim());
  await press(p, w['visit.confirm.perform']);
}
