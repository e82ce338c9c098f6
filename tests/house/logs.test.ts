/** What logs must not show follows from the schemas of every route, so every route must be known. */
import { CONTRACTS } from '@zhenmei/server/compose/contracts.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await openTestHouse();
});
afterAll(async () => {
  await house?.close();
});

it('is read from every route that the house serves', async () => {
  const answer = await fetch(`${house.url}/openapi.json`);
  const { paths } = (await answer.json()) as { paths: Record<string, object> };
  const served = Object.keys(paths);
  const known = new Set(CONTRACTS.map(({ path }) => path.replace(/:(\w+)/g, '{$1}').replace('*', '{rest}')));
  expect(served.length).toBeGreaterThan(100);
  expect(served.filter((path) => !known.has(path))).toEqual([]);
});
