/** Facts about a person's health in an imported FHIR file: shown, and joined only once she says so. */
import { canonicalJson } from '@zhenmei/kernel';
import { vaultBundle } from '@zhenmei/vault/core/export/fhir-bundle.ts';
import { en } from '@zhenmei/web/src/words/en.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import { describe, expect, it } from 'vitest';
import { openTogether, shot } from './browser.ts';
import { go, look, newVault, press } from './vault-seat.ts';

const place = openTogether();
const item = {
  object: 'o',
  kind: 'health-facts' as const,
  title: 'x',
  at: '2026-11-20',
  zones: [],
  mime: 'application/json',
  size: 2,
};
/** An export of everything, as another house writes it; a day tells two files apart. */
const fileOf = (recordedOn: string) => ({
  name: 'health.json',
  mimeType: 'application/json',
  buffer: Buffer.from(
    canonicalJson(
      vaultBundle([
        {
          item,
          facts: {
            version: 1,
            facts: [
              { condition: 'pregnancy', present: true, zones: [], source: 'self', recordedOn },
              { condition: 'breastfeeding', present: false, zones: [], source: 'doctor', recordedOn },
            ],
          },
        },
      ]),
    ),
  ),
});

describe.each([
  { locale: 'zh-CN', w: zh, width: 390, pregnant: /怀孕或可能怀孕/ },
  { locale: 'en', w: en, width: 1440, pregnant: /Pregnant, or possibly so/ },
] as const)('imported facts in $locale on $width px', ({ locale, w, width, pregnant }) => {
  it('join only when the person says so', async () => {
    const { page, problems, context } = await newVault(place.browser, place.house, w, { width, locale });
    const join = w['bring.facts.join'].replace('{n}', '2');
    const bring = async (day: string) => {
      await page.getByLabel(w['bring.choose']).setInputFiles(fileOf(day));
      await page.getByText(w['bring.facts'], { exact: true }).waitFor();
      await page.getByRole('listitem').filter({ hasText: pregnant }).first().waitFor();
    };
    await go(page, '/vault/import');
    await bring('2026-11-20');
    expect(await page.getByRole('checkbox', { name: join }).isChecked()).toBe(false);
    await look(page, `facts-${locale}`, locale, /health\.json|FHIR|JSON|PDF|JPEG|PNG|WebP|HEIC|CSV/g);
    await shot(page, `facts-${locale}`);
    await press(page, w['bring.do']);
    await page.getByRole('link', { name: w['bring.see'] }).waitFor();
    await page.getByRole('link', { name: w['nav.vault'] }).first().click();
    expect(await page.getByText(w['health.list'], { exact: true }).count()).toBe(0);
    await go(page, '/vault/import');
    await bring('2026-11-21');
    await page.getByRole('checkbox', { name: join }).check();
    await press(page, w['bring.do']);
    await page.getByText(w['bring.factsDone'].replace('{n}', '2')).waitFor();
    await page.getByRole('link', { name: w['nav.vault'] }).first().click();
    await page.getByText(w['health.list'], { exact: true }).first().waitFor();
    expect(problems).toEqual([]);
    await context.close();
  });
});
