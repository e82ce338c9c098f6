/** The supply side in a browser: a maker makes, labels and ships; a distributor receives one too few, and ships on. */

/** The supply side in a browser: a maker makes, labels and ships; a distributor receives one too few, and ships on. */
import fs, { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { en } from '@zhenmei/web/src/words/en.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { openBrowser, openSeat, openTestHouse, type TestHouse } from './browser.ts';

let browser: Browser;
let house: TestHouse;
const shots = process.env.SHOTS;

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  prepareZXingModule({ overrides: { wasmBinary: readFileSync(wasm).buffer as ArrayBuffer } });
  [browser, house] = await Promise.all([openBrowser(), openTestHouse()]);
});
afterAll(async () => {
  await browser?.close();
  await house?.close();
});

/** Words that are the same in every language: numbers, names of standards, what the demo's people wrote themselves. */
const ALLOWED =
  /English|GS1|DataMatrix|QR|CSV|GLN|Farbridge|DN-\S+|https?:\S+|[A-Z0-9.-]{4,}|\([0-9]{2}\)\S+|mL|°C|uL|Chengshu|gel|test|intradermal|injection|hyaluronic|acid|topical|yuanqiao/g;

/** Fits the screen, is accessible and, in Chinese, speaks Chinese. */
async function fine(page: Page, locale: string, name: string): Promise<void> {
  await page.waitForLoadState('networkidle');
  if (shots) {
    fs.mkdirSync(shots, { recursive: true });
    await page.screenshot({ path: path.join(shots, `${name}.png`), fullPage: true });
  }
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `horizontal scroll on ${name}`).toBeLessThanOrEqual(0);
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const run = (globalThis as unknown as { axe: typeof import('axe-core') }).axe.run;
    const { violations: found } = await run(document, { rules: { 'target-size': { enabled: true } } });
    return found.map((v) => `${v.id}: ${v.nodes[0]?.html.slice(0, 160)}`);
  });
  expect(violations, name).toEqual([]);
  if (locale !== 'zh-CN') return;
  // what a person sees, not what the document holds
  // biome-ignore lint/performance/useDomNodeTextContent: hidden text does not count
  const text = (await page.locator('main').innerText()).replace(ALLOWED, '');
  expect(text.match(/[A-Za-z]{3,}/g) ?? [], name).toEqual([]);
}

async function join(page: Page, organisation: RegExp, button: string): Promise<void> {
  await page.goto(`${house.url}/desk`);
  await page.getByRole('radio', { name: organisation }).check();
  await page.getByRole('button', { name: button, exact: true }).click();
  await page.getByRole('navigation').getByRole('link').first().waitFor();
}

interface Lot {
  units: string[];
}
const read = async <T>(pathname: string): Promise<T> =>
  (await (await fetch(`${house.url}${pathname}`)).json()) as T;

describe.each([
  { locale: 'en', w: en, width: 1440, gtin: '09521234200017', tag: 'en-1440' },
  { locale: 'zh-CN', w: zh, width: 390, gtin: '09521234200024', tag: 'zh-390' },
] as const)('making and moving in $locale at $width px', ({ locale, w, width, gtin, tag }) => {
  const said = (key: keyof typeof zh, values: Record<string, string | number> = {}) =>
    Object.entries(values).reduce<string>(
      (text, [name, value]) => text.replace(`{${name}}`, String(value)),
      w[key],
    );
  const lot = `T${gtin.slice(-3)}`;
  const link = `https://id.gs1.org/01/${gtin}/10/${lot}`;

  it('goes from a product to goods sent on', async () => {
    const makerSeat = await openSeat(browser, { width, height: 900, locale, prf: true });
    const traderSeat = await openSeat(browser, { width, height: 900, locale, prf: true });
    const [m, d] = [makerSeat.page, traderSeat.page];
    const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
    const open = (page: Page, name: string) => page.getByRole('link', { name, exact: true }).click();
    const section = (page: Page, name: string) => page.getByRole('navigation').getByText(name).click();
    const check = (page: Page, name: string) => fine(page, locale, `${tag}-${name}`);

    await join(m, /澄川|Chengchuan/, w['desk.join']);
    await check(m, 'products');
    await m.getByLabel(w['products.search']).fill('no such thing');
    await m.getByText(said('products.notFound', { q: 'no such thing' })).waitFor();
    await m.getByLabel(w['products.search']).fill('');

    await open(m, w['products.new']);
    await press(m, w['products.register']);
    await m.getByText(w['approvals.wrong']).waitFor();
    await check(m, 'product-empty');
    await m.getByLabel(w['field.gtin'], { exact: true }).fill(gtin.replace(/.$/, '9'));
    await m.getByLabel(w['field.name.zh']).fill('澄舒 透明质酸钠凝胶');
    await m.getByLabel(w['field.name.en']).fill('Chengshu test gel');
    await m.getByLabel(w['field.registration']).fill('T-2026-0001');
    await m.getByRole('checkbox', { name: w['route.intradermal-injection'] }).check();
    await m.getByLabel(w['field.indications']).fill('法令纹');
    await m.getByLabel(w['field.amountOf']).fill('1000');
    await m.getByLabel(w['field.ingredients']).fill('hyaluronic-acid');
    await press(m, w['products.register']);
    await m.getByRole('alert').waitFor();
    await m.getByLabel(w['field.gtin'], { exact: true }).fill(gtin);
    await press(m, w['products.register']);
    await m.getByText(w['products.first']).waitFor();
    await open(m, w['products.edit']);
    await m.getByLabel(w['field.maxC']).fill('30');
    await m.getByLabel(w['products.why'], { exact: true }).fill('稳定性试验');
    await check(m, 'product-edit');
    await press(m, w['products.save']);
    await m.getByText(said('products.version', { version: 2 }), { exact: true }).waitFor();
    await m.getByText('稳定性试验').waitFor();
    await check(m, 'product');

    await open(m, w['lots.new']);
    await m.getByLabel(w['field.lot'], { exact: true }).fill(lot);
    await m.getByLabel(w['field.count'], { exact: true }).fill('130');
    await m.getByText(w['lots.pack']).click();
    await m.getByLabel(w['field.perBox']).fill('10');
    await m.getByLabel(w['field.perCase']).fill('5');
    await check(m, 'lot-new');
    await m.getByRole('button', { name: said('lots.order', { n: 130 }) }).click();
    await m.getByText(said('lots.stated', { made: 130, units: 130 })).waitFor({ timeout: 60_000 });
    await m.getByText(said('lots.stated', { made: 16, units: 16 })).waitFor({ timeout: 60_000 });
    await press(m, w['lots.publishNow']);
    await m.getByText(w['lots.agrees']).waitFor({ timeout: 60_000 });
    await check(m, 'lot');
    const { units } = await read<Lot>(`/api/lots?link=${encodeURIComponent(link)}`);
    expect(units).toHaveLength(130);

    await open(m, w['labels.title']);
    await m.locator('.label').nth(59).waitFor();
    await check(m, 'labels');
    for (const [kind, symbology] of [
      ['labels.datamatrix', ']d2'],
      ['labels.link', ']Q1'],
    ] as const) {
      await m.getByRole('radio', { name: w[kind] }).check();
      const picture = await m.locator('.label').first().screenshot({ scale: 'device' });
      const [found] = await readBarcodes(new Uint8Array(picture), { tryHarder: true, tryDownscale: false });
      expect(found?.symbologyIdentifier).toBe(symbology);
      const text = new TextDecoder().decode(found!.bytes);
      expect(text).toContain(gtin);
      expect(text).toContain(units[0]!.split('/21/')[1]!);
      expect(text).toContain(lot);
    }
    const saved = m.waitForEvent('download');
    await press(m, w['labels.saveList']);
    const list = readFileSync(await (await saved).path(), 'utf8')
      .trim()
      .split('\r\n');
    expect(list).toHaveLength(131);
    await m.emulateMedia({ media: 'print' });
    expect(await m.locator('nav').isVisible()).toBe(false);
    if (shots) await m.screenshot({ path: path.join(shots, `${tag}-labels-print.png`) });
    await m.emulateMedia({ media: null });

    // a closed case and three loose units of another lot go to the distributor
    await section(m, w['nav.shipments']);
    await open(m, w['ship.title']);
    await m.getByLabel(w['ship.reference'], { exact: true }).fill(`DN-${lot}`);
    const stock = m.getByRole('combobox', { name: w['goods.fromStock'] });
    await stock.click();
    await m
      .getByRole('option', { name: /50 (units|件)/ })
      .first()
      .click();
    await press(m, w['goods.take']);
    await stock.click();
    await m.getByRole('option', { name: /L0001A/ }).click();
    await m.getByLabel(w['goods.count'], { exact: true }).fill('3');
    await press(m, w['goods.take']);
    await m.getByRole('button', { name: /53/ }).waitFor();
    await check(m, 'ship');
    await m.getByRole('button', { name: /53/ }).click();
    await m
      .getByText(said('handover.signedBy', { name: locale === 'en' ? 'Chengchuan Biotech' : '澄川生物' }))
      .waitFor();
    await check(m, 'shipment');

    await join(d, /远桥|Farbridge/, w['desk.join']);
    await check(d, 'coming');
    await d.getByRole('link', { name: new RegExp(`DN-${lot}`) }).click();
    await open(d, w['receive.this']);
    await d.getByRole('button', { name: said('receive.all', { n: 53 }) }).waitFor();
    // the case by its number, and two of the three loose units by what their labels say
    const moved = (await d.evaluate(
      async (address) => (await fetch(address, { headers: { 'zm-seat': 'desk' } })).json(),
      `/api/handovers/${new URL(d.url()).searchParams.get('shipment')?.replaceAll('"', '')}`,
    )) as { event: { epcList: string[] } };
    const loose = moved.event.epcList.filter((epc) => epc.includes('/21/'));
    const [container] = moved.event.epcList.filter((epc) => epc.includes('/00/'));
    const [first, second, third] = loose.map((epc) => epc.split('/21/')[1]!);
    const box = d.getByLabel(w['goods.scan'], { exact: true });
    const scan = async (code: string) => {
      await box.fill(code);
      await box.press('Enter');
      await expect.poll(() => box.inputValue()).toBe('');
    };
    await scan(`(00)${container!.split('/00/')[1]}`);
    await scan(loose[0]!);
    await scan(loose[1]!);
    await d.getByText(said('receive.missing', { n: 1 })).waitFor();
    await d.getByText(third!).waitFor();
    await d.getByText(said('receive.count', { arrived: 52, all: 53 })).waitFor();
    await box.fill('(01)09521234200019(21)X');
    await box.press('Enter');
    await d.getByText(/校验|check digit/).waitFor();
    await box.fill('');
    await d.locator('input[type=file][accept*=csv]').setInputFiles({
      name: 'logger.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(
        [
          'Time,Temperature (°C)',
          ...Array.from(
            { length: 60 },
            (_, i) => `${new Date(Date.now() - (60 - i) * 600_000).toISOString()},${6 + (i % 5)}`,
          ),
        ].join('\n'),
      ),
    });
    await d.getByRole('img', { name: w['logger.curve'] }).waitFor();
    await check(d, 'receive');
    await d.getByRole('button', { name: /52 (units|件)/ }).click();
    await d.getByText(said('handover.short', { arrived: 52, units: 53 })).waitFor();
    await check(d, 'received');

    await section(d, w['nav.inbox']);
    const short = locale === 'en' ? 'Fewer received than shipped' : '收到的比发出的少';
    const cased = (page: Page) =>
      page.getByRole('link', { name: new RegExp(short) }).filter({ hasText: /\b1\b|1 件/ });
    await cased(d).first().waitFor();
    await check(d, 'inbox');

    await section(d, w['nav.stock']);
    await d.getByText(said('lots.lot', { lot })).first().waitFor();
    await check(d, 'stock');
    await section(d, w['nav.shipments']);
    await open(d, w['ship.title']);
    await d.getByRole('combobox', { name: w['ship.receiver'] }).click();
    await d.getByRole('option', { name: /梅园|Plum Garden/ }).click();
    await d.getByLabel(w['goods.scan'], { exact: true }).fill(loose[0]!);
    await d.getByLabel(w['goods.scan'], { exact: true }).press('Enter');
    await d.getByText(first!).waitFor();
    await d.getByRole('button', { name: new RegExp(locale === 'en' ? 'ship 1 unit' : '发出 1 件') }).click();
    await d.getByText(w['handover.moving']).waitFor();

    // the maker sees the same case, and says that the third never left
    await section(m, w['nav.inbox']);
    await cased(m).first().click();
    await m.getByText(third!).waitFor();
    await m.getByLabel(w['case.note']).fill('正在查找');
    await press(m, w['case.addNote']);
    await m.getByText('正在查找').waitFor();
    await press(m, w['case.takeOn']);
    await m.getByText(w['case.clarifying']).first().waitFor();
    await check(m, 'case');
    await press(m, w['case.void']);
    await m
      .getByText(new RegExp(`${w['case.resolved']}$`))
      .first()
      .waitFor({ timeout: 20_000 });
    await m.getByText(w['entry.resolved']).waitFor();
    expect(second).toBeDefined();
    expect(makerSeat.problems).toEqual([]);
    expect(traderSeat.problems).toEqual([]);
    await makerSeat.context.close();
    await traderSeat.context.close();
  });
});

describe('goods that were too warm', () => {
  it('are set aside until the maker releases them with a reason', async () => {
    const { context, page, problems } = await openSeat(browser, {
      width: 820,
      height: 1100,
      locale: 'en',
      prf: true,
    });
    await join(page, /Chengchuan/, en['desk.join']);
    await page.goto(`${house.url}/desk/inbox`);
    await page.getByRole('link', { name: /Out of temperature range/ }).click();
    await page.getByText(/180 minutes out of range|minutes out of range, 120 allowed/).waitFor();
    const serial = (await page.locator('main p.font-mono').first().textContent())!.split(/\s+/)[0]!;
    const verdict = async () =>
      (
        await read<{ level: string }>(
          `/api/verify?code=${encodeURIComponent(`https://id.gs1.org/01/09521234100041/21/${serial}`)}`,
        )
      ).level;
    expect(await verdict()).toBe('amber');
    const release = page.getByRole('button', { name: en['case.release'], exact: true });
    expect(await release.isDisabled()).toBe(true);
    await page.getByLabel(en['case.reason'], { exact: true }).fill('Stability study 12: 6 hours at 15 °C');
    await fine(page, 'en', 'en-820-excursion');
    await release.click();
    await page.getByText(new RegExp(`${en['case.resolved']}$`)).waitFor({ timeout: 20_000 });
    expect(await verdict()).toBe('green');
    expect(problems).toEqual([]);
    await context.close();
  });
});
