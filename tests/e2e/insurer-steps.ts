/** An insurance company of its own for a journey, and the world in which a pool is allowed. */
import { apiAt } from '@zhenmei/cli/visit-play.ts';
import { identityApi } from '@zhenmei/identity/api.ts';
import { backingApi } from '@zhenmei/money/backing-api.ts';
import { cn } from '@zhenmei/policy';
import type { Words } from '@zhenmei/web/src/words/zh.ts';
import type { Page } from 'playwright-core';
import type { TestHouse } from '../house/test-house.ts';

const apiOf = ({ url }: TestHouse) => apiAt({ baseUrl: url, origin: url }, 'desk');

/** Registered by the operator; nobody of it has joined. @returns its invitation code */
export async function registerInsurer(
  house: TestHouse,
  name: { zh: string; en: string },
  gln: string,
): Promise<string> {
  const { invitation } = await apiOf(house).call(identityApi.createOrganisation, {
    bearer: house.house.operatorToken,
    body: {
      kind: 'insurer',
      name,
      city: { zh: '真安', en: 'Zhen’an' },
      address: { zh: '真安市金融街 20 号', en: '20 Finance Street, Zhen’an' },
      region: 'CN',
      gln,
      licensedForToxin: false,
    },
  });
  return invitation;
}

export async function joinWithCode(page: Page, url: string, w: Words, code: string): Promise<void> {
  await page.goto(`${url}/desk`);
  await page.getByLabel(w['desk.code.label']).fill(code);
  await page.getByRole('button', { name: w['desk.code.join'], exact: true }).click();
  await page.getByRole('navigation').waitFor();
}

/** Pays into whatever the page asks money for, at the demo's bank, and puts it there. */
export async function payIn(page: Page, w: Words, amount: string, place: string): Promise<void> {
  await page.getByLabel(w['deposit.add']).fill(amount);
  await page.getByRole('button', { name: w['deposit.order'], exact: true }).click();
  await page.getByRole('button', { name: w['deposit.demo'], exact: true }).click();
  const put = page.getByRole('button', { name: new RegExp(`^${place}`) });
  await put.click();
  await put.waitFor({ state: 'detached' });
}

/** A region whose pack says nothing against a pool, for as long as `look` takes. */
export async function wherePoolsAreAllowed(house: TestHouse, look: () => Promise<void>): Promise<void> {
  const { backing } = house.house.modules.money;
  const requirements = cn.requirements.filter(({ id }) => id !== 'guarantee-pool-off');
  const license = (licensed: boolean) =>
    apiOf(house).call(backingApi.licensePool, {
      bearer: house.house.operatorToken,
      body: { licensed },
    });
  Object.assign(backing, { packs: [{ ...cn, requirements }] });
  await license(true);
  await look();
  await license(false);
  Object.assign(backing, { packs: [cn] });
}
