/** A phone collects a certificate that the demo's regulator entered for its owner. */
import { enter } from '@zhenmei/identity';
import { makeOffer } from '@zhenmei/identity/app/openid/issue.ts';
import type { NewEntry } from '@zhenmei/identity/app/register/enter.ts';
import { readActors } from '@zhenmei/server/demo/actors.ts';
import type { Words } from '@zhenmei/web/src/words/zh.ts';
import type { Page } from 'playwright-core';
import type { TestHouse } from '../house/test-house.ts';

/** The page is left on the wallet; an open vault is closed by that. */
export async function collect(page: Page, house: TestHouse, w: Words, entry: NewEntry): Promise<void> {
  const { identity } = house.house.modules;
  const { regulator } = readActors(house.dataDir)!;
  const { id } = await enter(identity, regulator.id, entry);
  const { uri } = await makeOffer(identity, regulator.id, id, false);
  await page.goto(`${house.url}/wallet?open=${encodeURIComponent(uri)}`);
  await page.getByRole('button', { name: w['wallet.take'], exact: true }).click();
  await page.getByText(/^[✓]/).first().waitFor();
}
