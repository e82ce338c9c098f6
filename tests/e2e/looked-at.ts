/** What a page looks like to somebody: faults of accessibility, and words too wide for the screen. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Violations of axe with `target-size` on. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const run = (globalThis as unknown as { axe: typeof import('axe-core') }).axe.run;
    const { violations: found } = await run(document, { rules: { 'target-size': { enabled: true } } });
    return found.map((v) => `${v.id}: ${v.nodes[0]?.html.slice(0, 160)}`);
  });
}

/** Pixels by which the page can be scrolled sideways. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
