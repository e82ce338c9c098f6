/** The supply side in a browser: a maker makes, labels, ships and recalls; a distributor receives what is not quite that. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { en } from '@zhenmei/web/src/words/en.ts';
import { type Words, zh } from '@zhenmei/web/src/words/zh.ts';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import {
  englishWords,
  fitsEveryScreen,
  goTo,
  joinDesk,
  openSeat,
  openTogether,
  type Seat,
  shot,
} from './browser.ts';

const here = openTogether();
beforeAll(() => {
  const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  prepareZXingModule({ overrides: { wasmBinary: readFileSync(wasm).buffer as ArrayBuffer } });
});

/** The same in every language: names of standards, numbers of things, units of measure. */
const SAME = /GS1|DataMatrix|QR|CSV|Farbridge|DN-\S+|https?:\S+|[A-Z0-9.-]{4,}|\([0-9]{2}\)\S+/g;
const MAKER = { 'zh-CN': '澄川生物', en: 'Chengchuan Biotech' } as const;
const TRADER = { 'zh-CN': '远桥医药物流', en: 'Farbridge Medical Logistics' } as const;
const CLINIC = { 'zh-CN': '梅园', en: 'Plum Garden' } as const;
const UNITS = { 'zh-CN': '件', en: 'units?' } as const;
type Locale = keyof typeof MAKER;

const read = async <T>(pathname: string): Promise<T> =>
  (await (await fetch(`${here.house.url}${pathname}`)).json()) as T;
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const open = (page: Page, name: string) => page.getByRole('link', { name, exact: true }).click();
const serialOf = (epc: string): string => epc.split('/21/')[1]!;

/** A logger's file: a reading every ten minutes up to now. */
const loggerFile = (celsius: readonly number[]) => ({
  name: 'logger.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(
    [
      'Time,Temperature (°C)',
      ...celsius.map((c, i) => `${new Date(Date.now() - (celsius.length - i) * 600_000).toISOString()},${c}`),
    ].join('\n'),
  ),
});
const readings = (length: number, at: (i: number) => number) => Array.from({ length }, (_, i) => at(i));

/** An organisation's desk, and what is said and checked there. */
async function desk(locale: Locale, w: Words, width: number, name: string, tag: string) {
  const seat: Seat = await openSeat(here.browser, { width, height: 900, locale, prf: true });
  await joinDesk(seat.page, here.house.url, w, name);
  const check = async (what: string) => {
    await fitsEveryScreen(seat.page, `${tag}-${what}`);
    if (locale === 'zh-CN') expect(await englishWords(seat.page, SAME, 'main'), what).toEqual([]);
  };
  const close = async () => {
    expect(seat.problems).toEqual([]);
    await seat.context.close();
  };
  return { page: seat.page, check, close };
}

/** The units that the shipment on the screen holds. */
async function onBoard(page: Page): Promise<string[]> {
  const digest = /0x[0-9a-f]{64}/.exec(page.url())![0];
  const found = (await page.evaluate(
    async (address) => (await fetch(address, { headers: { 'zm-seat': 'desk' } })).json(),
    `/api/handovers/${digest}`,
  )) as { event: { epcList: string[] } };
  return found.event.epcList;
}

describe.each([
  { locale: 'en', w: en as Words, width: 1440, gtin: '09521234200017' },
  { locale: 'zh-CN', w: zh as Words, width: 390, gtin: '09521234200024' },
] as const)('making and moving in $locale at $width px', ({ locale, w, width, gtin }) => {
  const tag = `supply-${locale}`;
  const said = (key: keyof Words, values: Record<string, string | number> = {}) =>
    Object.entries(values).reduce<string>(
      (text, [name, value]) =>
        text
          .replace(
            new RegExp(`\\{${name}, plural, one \\{([^}]*)\\} other \\{([^}]*)\\}\\}`),
            (_, one, other) => (value === 1 ? one : other).replace('#', String(value)),
          )
          .replace(`{${name}}`, String(value)),
      w[key],
    );
  const lot = `T${gtin.slice(-3)}`;
  const link = `https://id.gs1.org/01/${gtin}/10/${lot}`;

  it('goes from a product to goods sent on, and back with a recall', async () => {
    const [maker, trader] = await Promise.all([
      desk(locale, w, width, MAKER[locale], tag),
      desk(locale, w, width, TRADER[locale], tag),
    ]);
    const [m, d] = [maker.page, trader.page];

    await maker.check('products');
    await m.getByLabel(w['products.search']).fill('no such thing');
    await m.getByText(said('products.notFound', { q: 'no such thing' })).waitFor();
    await m.getByLabel(w['products.search']).fill('');

    // what is missing is marked; a wrong check digit is refused; then approvals of two regions
    await open(m, w['products.new']);
    await press(m, w['products.register']);
    await m.getByText(w['approvals.wrong']).waitFor();
    await maker.check('product-empty');
    await m.getByLabel(w['field.gtin'], { exact: true }).fill(gtin.replace(/.$/, '9'));
    await m.getByLabel(w['field.name.zh']).fill('澄舒 透明质酸钠凝胶');
    await m.getByLabel(w['field.name.en']).fill('Chengshu hyaluronate gel');
    await m.getByLabel(w['field.registration']).fill('T-2026-0001');
    await m.getByRole('checkbox', { name: w['route.intradermal-injection'] }).check();
    await m.getByLabel(w['field.indications']).fill('法令纹');
    await press(m, w['approvals.add']);
    const second = m.getByRole('group', { name: said('approvals.one', { n: 2 }), exact: true });
    await second.getByRole('combobox', { name: w['field.region'] }).click();
    await m.getByRole('option', { name: w['region.SG'] }).click();
    await second.getByRole('combobox', { name: w['field.class'] }).click();
    await m.getByRole('option', { name: w['class.II'], exact: true }).click();
    await second.getByRole('checkbox', { name: w['route.topical'] }).check();
    await second.getByLabel(w['field.approvalNumber']).fill('SG-2026-07');
    await second.getByLabel(w['field.until']).fill('2031-06-30');
    await m.getByLabel(w['field.amountOf']).fill('1000');
    await m
      .getByLabel(w['field.ingredients'])
      .fill(locale === 'en' ? 'Hyaluronic acid' : '透明质酸、利多卡因');
    await press(m, w['products.register']);
    await m.getByRole('alert').waitFor();
    await m.getByLabel(w['field.gtin'], { exact: true }).fill(gtin);
    await press(m, w['products.register']);
    await m.getByText(w['products.first']).waitFor();
    await open(m, w['products.edit']);
    await m.getByLabel(w['field.maxC']).fill('30');
    await m.getByLabel(w['products.why'], { exact: true }).fill('稳定性试验');
    await maker.check('product-edit');
    await press(m, w['products.save']);
    await m.getByText(said('products.version', { version: 2 }), { exact: true }).waitFor();
    await m.getByText('稳定性试验').waitFor();
    await maker.check('product');

    await open(m, w['lots.new']);
    await m.getByLabel(w['field.lot'], { exact: true }).fill(lot);
    await m.getByLabel(w['field.count'], { exact: true }).fill('130');
    await m.getByText(w['lots.pack']).click();
    await m.getByLabel(w['field.perBox']).fill('10');
    await m.getByLabel(w['field.perCase']).fill('5');
    await maker.check('lot-new');
    await m.getByRole('button', { name: said('lots.order', { n: 130 }) }).click();
    await m.getByText(said('lots.stated', { made: 130, units: 130 })).waitFor();
    await m.getByText(said('lots.stated', { made: 16, units: 16 })).waitFor();
    await press(m, w['lots.publishNow']);
    await m.getByText(w['lots.agrees']).waitFor();
    await maker.check('lot');
    const { units } = await read<{ units: string[] }>(`/api/lots?link=${encodeURIComponent(link)}`);
    expect(units).toHaveLength(130);

    await open(m, w['labels.title']);
    await m.locator('.label').nth(59).waitFor();
    await maker.check('labels');
    for (const [kind, symbology] of [
      ['labels.datamatrix', ']d2'],
      ['labels.link', ']Q1'],
    ] as const) {
      await m.getByRole('radio', { name: w[kind] }).check();
      const picture = await m.locator('.label').first().screenshot({ scale: 'device' });
      const [found] = await readBarcodes(new Uint8Array(picture), { tryHarder: true, tryDownscale: false });
      expect(found?.symbologyIdentifier).toBe(symbology);
      const text = new TextDecoder().decode(found!.bytes);
      for (const part of [gtin, serialOf(units[0]!), lot]) expect(text).toContain(part);
    }
    const saved = m.waitForEvent('download');
    await press(m, w['labels.saveList']);
    const list = readFileSync(await (await saved).path(), 'utf8').trim();
    expect(list.split('\r\n')).toHaveLength(131);
    await m.emulateMedia({ media: 'print' });
    expect(await m.locator('nav').isVisible()).toBe(false);
    await shot(m, `${tag}-labels-print`);
    // sixty labels on one sheet
    const sheet = await m.pdf({ preferCSSPageSize: true, format: 'A4' });
    expect(sheet.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
    await m.emulateMedia({ media: null });

    // a closed case and three loose units of another lot go to the distributor
    await goTo(m, w, w['nav.shipments']);
    await open(m, w['ship.title']);
    await m.getByLabel(w['ship.carrier'], { exact: true }).fill('Farbridge');
    await m.getByLabel(w['ship.reference'], { exact: true }).fill(`DN-${lot}`);
    const stock = m.getByRole('combobox', { name: w['goods.fromStock'] });
    await stock.click();
    await m
      .getByRole('option', { name: new RegExp(`50 ${UNITS[locale]}`) })
      .first()
      .click();
    await press(m, w['goods.take']);
    await stock.click();
    await m.getByRole('option', { name: /L0001A/ }).click();
    await m.getByLabel(w['goods.count'], { exact: true }).fill('3');
    await press(m, w['goods.take']);
    await m.getByRole('button', { name: said('ship.sign', { n: 53 }) }).waitFor();
    await maker.check('ship');
    await m.getByRole('button', { name: said('ship.sign', { n: 53 }) }).click();
    await m.getByText(said('handover.signedBy', { name: MAKER[locale] })).waitFor();
    await maker.check('shipment');
    await goTo(m, w, w['nav.shipments']);
    await m.getByRole('link', { name: new RegExp(`DN-${lot}`) }).waitFor();
    await maker.check('shipments');

    // one does not arrive, and one bears another lot than its record: both are shown before anybody signs
    await trader.check('coming');
    await d.getByRole('link', { name: new RegExp(`DN-${lot}`) }).click();
    await d.getByRole('link', { name: w['receive.this'], exact: true }).waitFor();
    const moved = await onBoard(d);
    await open(d, w['receive.this']);
    await d.getByRole('button', { name: said('receive.all', { n: 53 }) }).waitFor();
    const loose = moved.filter((epc) => epc.includes('/21/'));
    const container = moved.find((epc) => epc.includes('/00/'))!;
    const [first, relabelled, missing] = loose.map(serialOf) as [string, string, string];
    const box = d.getByLabel(w['goods.scan'], { exact: true });
    const scan = async (code: string) => {
      await box.fill(code);
      await box.press('Enter');
      await expect.poll(() => box.inputValue()).toBe('');
    };
    await scan('(01)09521234200019(21)X');
    await d.getByText(/校验|check digit/).waitFor();
    await scan(`(00)${container.split('/00/')[1]}`);
    await scan(loose[0]!);
    await scan(`(01)${/\/01\/(\d{14})/.exec(loose[1]!)![1]}(10)OTHER(21)${relabelled}`);
    await d.getByText(said('receive.missing', { n: 1 })).waitFor();
    await d.getByText(missing).waitFor();
    await d.getByText(said('receive.label.lot', { what: relabelled })).waitFor();
    await d
      .locator('input[type=file][accept*=csv]')
      .setInputFiles(loggerFile(readings(60, (i) => 6 + (i % 5))));
    await d.getByRole('img', { name: w['logger.curve'] }).waitFor();
    await trader.check('receive');
    await d.getByRole('button', { name: new RegExp(locale === 'en' ? '^Sign for' : '^签收') }).click();
    await d
      .getByText(said('handover.short', { arrived: 51, units: 53 }))
      .or(d.getByText(said('handover.short', { arrived: 52, units: 53 })))
      .waitFor();
    await trader.check('received');

    const short = locale === 'en' ? 'Fewer received than shipped' : '收到的比发出的少';
    const cased = (page: Page) => page.getByRole('link', { name: new RegExp(short) }).first();
    await goTo(d, w, w['nav.inbox']);
    await cased(d).waitFor();
    await trader.check('inbox');
    await goTo(d, w, w['nav.stock']);
    await d.getByText(said('lots.lot', { lot })).first().waitFor();
    await trader.check('stock');

    // what arrived goes on to a clinic
    await goTo(d, w, w['nav.shipments']);
    await open(d, w['ship.title']);
    await d.getByRole('combobox', { name: w['ship.receiver'] }).click();
    await d.getByRole('option', { name: new RegExp(CLINIC[locale]) }).click();
    await box.fill(loose[0]!);
    await box.press('Enter');
    await d.getByText(first).waitFor();
    await d.getByRole('button', { name: said('ship.sign', { n: 1 }) }).click();
    await d.getByText(w['handover.moving']).waitFor();

    // the maker sees the same case, and corrects it: what did not arrive never left
    await goTo(m, w, w['nav.inbox']);
    await maker.check('inbox-maker');
    await cased(m).click();
    await m.getByText(missing).waitFor();
    await m.getByLabel(w['case.note']).fill('正在查找');
    await press(m, w['case.addNote']);
    await m.getByText('正在查找').waitFor();
    await press(m, w['case.takeOn']);
    await m.getByText(w['case.clarifying']).first().waitFor();
    await maker.check('case');
    await press(m, w['case.void']);
    await m.getByText(w['entry.resolved']).waitFor();
    await maker.check('case-settled');

    // recalled by lot: the distributor cannot send it on
    await m.goto(`${here.house.url}/desk/lots/${gtin}/${lot}`);
    await open(m, w['lots.recall']);
    expect(await m.getByRole('checkbox', { name: lot, exact: true }).isChecked()).toBe(true);
    await m.getByRole('cell', { name: TRADER[locale] }).waitFor();
    await m.getByRole('radio').first().check();
    await m.getByLabel(w['recallNew.reasonZh']).fill('灭菌记录不完整');
    await m.getByLabel(w['recallNew.reasonEn']).fill('The sterilisation record is incomplete');
    await maker.check('recall-new');
    await press(m, w['recallNew.go']);
    await press(m, w['recallNew.yes']);
    await m.getByText(w['recallView.progress']).waitFor();
    await maker.check('recall');
    await goTo(d, w, w['desk.siteNotices']);
    await d.locator('main section', { hasText: lot }).getByText(w['siteNotices.confirm']).waitFor();
    await trader.check('site-notice');
    await goTo(d, w, w['nav.stock']);
    const row = d.locator('main li', { hasText: lot });
    await row
      .getByText(said('holdings.locked', { n: 50 }))
      .first()
      .waitFor();
    await trader.check('stock-locked');
    await goTo(d, w, w['nav.shipments']);
    await open(d, w['ship.title']);
    await box.fill(`(00)${container.split('/00/')[1]}`);
    await box.press('Enter');
    await d.getByText(w['ship.locked']).waitFor();
    await trader.check('ship-locked');
    expect(await d.getByRole('button', { name: said('ship.sign', { n: 50 }) }).isDisabled()).toBe(true);
    await maker.close();
    await trader.close();
  });

  it('sets aside what a logger shows to have been too warm, until its maker releases it with a reason', async () => {
    const [maker, trader] = await Promise.all([
      desk(locale, w, width, MAKER[locale], `${tag}-warm`),
      desk(locale, w, width, TRADER[locale], `${tag}-warm`),
    ]);
    const [m, d] = [maker.page, trader.page];
    const reference = `DN-WARM-${lot}`;
    // two units of a product that may be out of its range for two hours
    await m.goto(`${here.house.url}/desk/shipments/new`);
    await m.getByLabel(w['ship.reference'], { exact: true }).fill(reference);
    await m.getByRole('combobox', { name: w['goods.fromStock'] }).click();
    await m.getByRole('option', { name: /L0004A/ }).click();
    await m.getByLabel(w['goods.count'], { exact: true }).fill('2');
    await press(m, w['goods.take']);
    await m.getByRole('button', { name: said('ship.sign', { n: 2 }) }).click();
    await m.getByText(w['handover.moving']).waitFor();
    const [unit] = await onBoard(m);
    const verdict = async () =>
      (await read<{ level: string }>(`/api/verify?code=${encodeURIComponent(unit!)}`)).level;
    expect(await verdict()).toBe('green');

    await d.goto(`${here.house.url}/desk/shipments`);
    await d.getByRole('link', { name: new RegExp(reference) }).click();
    await open(d, w['receive.this']);
    await press(d, said('receive.all', { n: 2 }));
    await d
      .locator('input[type=file][accept*=csv]')
      .setInputFiles(loggerFile(readings(60, (i) => (i >= 20 && i < 41 ? 13 : 5))));
    await d.getByText(new RegExp(said('logger.bad', { name: '' }).replace(/^[:：]\s*/, ''))).waitFor();
    await trader.check('receive');
    await d.getByRole('button', { name: said('receive.sign', { n: 2 }) }).click();
    await d.getByText(w['handover.arrived']).waitFor();
    expect(await verdict()).toBe('amber');
    await goTo(d, w, w['nav.stock']);
    await d
      .locator('li', { hasText: 'L0004A' })
      .getByText(/封存|set aside/)
      .waitFor();

    await goTo(m, w, w['nav.inbox']);
    await m
      .getByRole('link', { name: locale === 'en' ? /Out of temperature range/ : /超温|温度/ })
      .filter({ hasText: new RegExp(`\\b2 ${UNITS[locale]}`) })
      .first()
      .click();
    await m.getByText(serialOf(unit!)).waitFor();
    const release = m.getByRole('button', { name: w['case.release'], exact: true });
    expect(await release.isDisabled()).toBe(true);
    await m.getByLabel(w['case.reason'], { exact: true }).fill('12 号稳定性试验：15 °C 下 6 小时');
    await maker.check('excursion');
    await release.click();
    await m.getByText(w['entry.resolved']).waitFor();
    expect(await verdict()).toBe('green');
    await maker.close();
    await trader.close();
  });
});
