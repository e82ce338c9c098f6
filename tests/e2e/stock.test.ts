/** A clinic's stock in a browser: scans with their answers, also without network; waste, stock-take, a visit, the alert. */
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stockApi } from '@zhenmei/care/stock-api.ts';
import { openClinic, openPatient, type Place, VisitPlay } from '@zhenmei/cli/visit-play.ts';
import { en } from '@zhenmei/web/src/words/en.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';
import { goTo, joinDesk, openSeat, openTogether, overflow, shot, violations } from './browser.ts';

const here = openTogether();

const GS = '\u001d';

/** As a hand scanner does: fast, the separator as Ctrl+], Enter at the end. */
function burst(page: Page, code: string): Promise<void> {
  return page.evaluate(
    ([text, separator]) => {
      const strokes = [...text!].map((key) => (key === separator ? { key: ']', ctrlKey: true } : { key }));
      for (const stroke of [...strokes, { key: 'Enter' }]) {
        const init = { ...stroke, bubbles: true, cancelable: true };
        (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', init));
      }
    },
    [code, GS],
  );
}

/** The label as a GS1 DataMatrix, as it is printed on packages. */
async function pictureOf(code: string): Promise<Buffer> {
  const wasm = fileURLToPath(import.meta.resolve('zxing-wasm/writer/zxing_writer.wasm'));
  const { buffer, byteOffset, byteLength } = fs.readFileSync(wasm);
  prepareZXingModule({
    overrides: { wasmBinary: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer },
  });
  const [fixed, serial] = code.split(`${GS}21`) as [string, string];
  const [, gtin, expiry, lot] = /^\]d201(\d{14})17(\d{6})10(.+)$/.exec(fixed)!;
  const text = `(01)${gtin}(17)${expiry}(10)${lot}(21)${serial}`;
  const { image } = await writeBarcode(text, { format: 'DataMatrix', options: 'gs1', scale: 8 } as never);
  return Buffer.from(await image!.arrayBuffer());
}

interface Label {
  readonly key: string;
  readonly code: string;
}

const labelsOf = async (page: Page): Promise<(key: string) => string> => {
  const { labels } = await page.evaluate(
    async () =>
      (await (await fetch('/api/demo/labels', { headers: { 'zm-seat': 'desk' } })).json()) as {
        labels: Label[];
      },
  );
  return (key) => labels.find((label) => label.key === key)!.code;
};

const PERSON = { 'zh-CN': '陈护士', en: 'Nurse Chen' } as const;
const SECOND = { 'zh-CN': '林医生', en: 'Dr Lin' } as const;
const CLINIC = { 'zh-CN': '梅园医疗美容门诊部', en: 'Plum Garden Aesthetic Clinic' } as const;

describe.each([
  { locale: 'zh-CN', w: zh, width: 820 },
  { locale: 'en', w: en, width: 390 },
] as const)('a clinic’s shelf in $locale at $width px', ({ locale, w, width }) => {
  it('receives, finds, wastes with two people, counts', async () => {
    const first = await openSeat(here.browser, { width, height: 1100, locale, prf: true, keepsShell: true });
    const second = await openSeat(here.browser, { width: 1440, height: 900, locale, prf: true });
    const p = first.page;
    const tag = `${locale}-${width}`;
    const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
    await joinDesk(p, here.house.url, w, CLINIC[locale]);
    await joinDesk(second.page, here.house.url, w, CLINIC[locale]);

    await goTo(p, w, w['nav.goodsIn']);
    await p.getByRole('heading', { name: w['goods.title'], exact: true }).waitFor();
    const code = await labelsOf(p);
    const answer = async (text: string) => {
      await p.locator('[role=alert] .verdict', { hasText: text }).waitFor();
    };
    const scan = async (key: string, write = code(key)) => {
      await p.getByRole('heading', { name: w['goods.title'], exact: true }).click();
      await burst(p, write);
    };
    await scan('good');
    await p.getByText(w['person.needed']).waitFor();
    await p.getByLabel(w['person.label']).fill(PERSON[locale]);

    // three refusals, each its own
    await scan('check-digit');
    await answer(locale === 'en' ? 'the check digit is wrong' : '校验码不对');
    await shot(p, `${tag}-goods-refused`);
    await scan('expired');
    await answer(locale === 'en' ? 'past its expiry date' : '已过有效期');
    await scan('received');
    await answer(locale === 'en' ? 'has been received already' : '已经收过了');
    await scan('not-approved');
    await answer('stock-product-approved');
    await scan('other-lot');
    await answer(locale === 'en' ? 'Label and record differ' : '标签与记录不一致');
    await shot(p, `${tag}-goods-held`);
    // a picture of the label
    const picture = await pictureOf(code('received'));
    await p
      .locator('input[type=file]')
      .setInputFiles({ name: 'label.png', mimeType: 'image/png', buffer: picture });
    await answer(locale === 'en' ? 'has been received already' : '已经收过了');
    // typed into the field, the separator in a scanner's own writing
    await p.getByLabel(w['goods.scan']).fill(code('good').replace(GS, '^]'));
    await press(p, w['goods.send']);
    await answer(w['goods.accepted']);
    await shot(p, `${tag}-goods-accepted`);
    const list = p.locator('section', { has: p.getByRole('heading', { name: w['goods.list'] }) });
    const goods = list.locator('> ul > li');
    await goods.first().getByRole('button', { name: w['goods.undo'] }).click();
    await p.getByRole('dialog').getByRole('button', { name: w['goods.undo'], exact: true }).click();
    await goods.first().getByText(w['goods.undone']).waitFor();

    // without network the scans wait, and are delivered in their order
    await first.context.setOffline(true);
    await scan('good');
    await scan('received');
    await p.getByText(w['goods.waiting'].replace('{count}', '2')).waitFor();
    await shot(p, `${tag}-goods-offline`);
    await first.context.setOffline(false);
    await answer(locale === 'en' ? 'has been received already' : '已经收过了');
    await p.getByText(w['goods.waiting'].replace('{count}', '2')).waitFor({ state: 'detached' });
    await expect.poll(() => goods.nth(0).textContent()).toContain(w['goods.refused']);
    expect(await goods.nth(1).textContent()).toContain(w['goods.accepted']);

    await goTo(p, w, w['nav.stock']);
    await p.getByRole('heading', { name: w['stock.title'], exact: true }).waitFor();
    await p.getByText(w['stock.state.quarantined']).first().waitFor();
    await shot(p, `${tag}-stock`);
    await p.getByRole('button', { name: new RegExp(`^${w['stock.state.open']}`) }).click();
    await expect.poll(() => p.locator('main a[href*="/desk/stock/unit"]').count()).toBeGreaterThan(0);
    // the vial that is in use
    await p.locator('main li a', { hasText: w['stock.state.open'] }).first().click();
    await p.getByRole('heading', { name: w['stock.timeline'] }).waitFor();
    await shot(p, `${tag}-unit`);
    await p.getByRole('radio', { name: w['stock.request.waste'] }).check();
    await p.getByLabel(/^(报损量|Wasted)/).fill('5');
    await press(p, w['stock.ask']);
    await p.getByText(w['stock.asked']).waitFor();
    await p.getByText(w['stock.ownDevice']).waitFor();
    await shot(p, `${tag}-waste-asked`);
    const other = second.page;
    await goTo(other, w, w['nav.stock']);
    await other.getByLabel(w['person.label']).fill(SECOND[locale]);
    await press(other, w['stock.confirm']);
    await other.getByText(w['stock.requests']).waitFor({ state: 'detached' });
    await p.reload();
    await p.getByText(w['stock.second'].replace('{second}', SECOND[locale])).waitFor();
    await shot(p, `${tag}-unit-wasted`);

    // a stock-take of what is held as recalled: one is seen, the others are missing
    await goTo(other, w, w['nav.stock']);
    await other.getByRole('button', { name: new RegExp(`^${w['stock.state.recalled']}`) }).click();
    const group = other.locator('main li', { hasText: w['stock.state.recalled'] }).first();
    const name = (await group.locator('.font-medium').first().textContent())!.trim();
    await group.locator('summary').click();
    await shot(other, `${tag}-group`);
    const serial = (await group.locator('a').first().textContent())!.trim();
    await other.getByRole('link', { name: w['count.go'] }).click();
    await other.getByRole('combobox', { name: w['count.what'] }).click();
    await other.getByRole('option', { name: new RegExp(plainly(name)) }).click();
    await other.getByLabel(w['person.label']).fill(SECOND[locale]);
    await press(other, w['count.start']);
    await other.getByLabel(w['goods.scan'], { exact: true }).waitFor();
    await other.getByRole('heading', { name: w['count.title'], exact: true }).click();
    await burst(other, `(01)09521234100126(21)${serial}`);
    await other.getByText(w['count.ok'].replace('{serial}', serial)).waitFor();
    await shot(other, `${tag}-count`);
    await press(other, w['count.close']);
    await other.getByRole('dialog').getByRole('button', { name: w['count.close'], exact: true }).click();
    await other.getByText(w['count.before']).waitFor();
    await goTo(other, w, w['nav.stock']);
    // a list from before the stock-take would move under the pointer
    await other.reload();
    await other.getByText(w['stock.case.missing']).first().waitFor();
    await shot(other, `${tag}-cases`);
    const missing = other.locator('main li', { hasText: w['stock.case.missing'] });
    const unit = await missing.first().getByRole('link').getAttribute('href');
    const one = missing.filter({ has: other.locator(`a[href="${unit}"]`) });
    await one.getByRole('button', { name: w['stock.case.found'] }).click();
    await one.waitFor({ state: 'detached' });

    await goTo(p, w, w['nav.devices']);
    await p.getByText(w['device.unfit']).waitFor();
    await p.getByText(locale === 'en' ? 'no calibration that is valid now' : '有效期内的校准').waitFor();
    await shot(p, `${tag}-devices`);
    await goTo(p, w, w['nav.toxin']);
    const download = p.waitForEvent('download');
    await press(p, w['toxin.csv']);
    const csv = fs.readFileSync(await (await download).path(), 'utf8');
    expect(csv).toContain(w['stock.move.received']);
    expect(csv).toContain(SECOND[locale]);
    await shot(p, `${tag}-toxin`);

    expect(first.problems.filter((text) => !/ERR_INTERNET_DISCONNECTED|Failed to fetch/.test(text))).toEqual(
      [],
    );
    expect(second.problems).toEqual([]);
    await first.context.close();
    await second.context.close();
  });
});

const plainly = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

describe('every page of the shelf', () => {
  it.each([
    { locale: 'zh-CN', w: zh, dark: false },
    { locale: 'en', w: en, dark: true },
  ] as const)('fits every screen in $locale, is accessible, and prints', async ({ locale, w, dark }) => {
    const { context, page, problems } = await openSeat(here.browser, {
      width: 1440,
      height: 900,
      locale,
      prf: true,
      dark,
    });
    await joinDesk(page, here.house.url, w, CLINIC[locale]);
    const paths = ['goods-in', 'stock?state=all', 'stock/count', 'devices', 'toxin'];
    await page.goto(`${here.house.url}/desk/stock`);
    await page.locator('main summary').first().click();
    const unit = await page.locator('main a[href*="/desk/stock/unit"]').first().getAttribute('href');
    for (const where of [...paths.map((one) => `/desk/${one}`), unit!]) {
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.goto(`${here.house.url}${where}`);
      await page.locator('h1').first().waitFor();
      await page.waitForLoadState('networkidle');
      expect(await violations(page), where).toEqual([]);
      for (const width of [1440, 820, 390]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await overflow(page), `horizontal scroll on ${where} at ${width}`).toBeLessThanOrEqual(0);
        await shot(page, `${locale}-page-${where.split('?')[0]!.replaceAll('/', '-')}-${width}`);
      }
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('nav').first().isVisible(), `navigation in print on ${where}`).toBe(false);
      await page.emulateMedia({ media: null });
    }
    expect(problems).toEqual([]);
    await context.close();
  });
});

describe('a used unit', () => {
  it('is not offered again, is refused when it is tried, and the regulator sees it', async () => {
    const place: Place = { baseUrl: here.house.url, origin: here.house.url, patience: 0 };
    const [ann, bo, clinic] = await Promise.all([openPatient(place), openPatient(place), openClinic(place)]);
    const plays = [new VisitPlay(place, ann, clinic), new VisitPlay(place, bo, clinic)];
    for (const play of plays) {
      await play.book(await play.choose('filler-nasolabial'));
      await play.offer();
      await play.agree();
      await play.hold();
    }
    await plays[0]!.passTime(
      Math.max(...plays.map((play) => Date.parse(play.choice.slot.startsAt))) - 60_000,
    );
    for (const play of plays) {
      await play.ready();
      await play.checkIn();
    }
    const { units } = await clinic.desk.api.call(stockApi.stock, {
      query: { gtin: plays[0]!.choice.service.gtin, state: 'in-stock' },
    });
    const unit = units.find(({ usable }) => usable)!;
    await plays[0]!.unseal(unit);
    await expect(plays[1]!.unseal(unit)).rejects.toMatchObject({ code: 'UNIT_ALREADY_USED' });

    const desk = await openSeat(here.browser, { width: 820, height: 1100, locale: 'zh-CN', prf: true });
    await joinDesk(desk.page, here.house.url, zh, CLINIC['zh-CN']);
    await desk.page.goto(`${here.house.url}/desk/stock/unit?unit=${encodeURIComponent(unit.unit)}`);
    await desk.page.locator('main .card').first().getByText(zh['stock.state.used']).waitFor();
    await shot(desk.page, 'unit-used');
    await desk.context.close();

    const regulator = await openSeat(here.browser, { width: 1440, height: 900, locale: 'zh-CN', prf: true });
    await joinDesk(regulator.page, here.house.url, zh, '真安市医疗美容监督管理局');
    await regulator.page.goto(`${here.house.url}/desk/alerts`);
    await regulator.page.getByText(zh['alerts.reuse-attempt']).waitFor();
    await regulator.page.getByText(unit.serial).first().waitFor();
    await shot(regulator.page, 'alerts');
    expect(regulator.problems).toEqual([]);
    await regulator.context.close();
  });
});
