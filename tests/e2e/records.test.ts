/** Records on both screens: sealed together, amended, on the timeline; files brought in, taken back, and taken along. */
import fs from 'node:fs';
import { canonicalJson } from '@zhenmei/kernel';
import { en } from '@zhenmei/web/src/words/en.ts';
import { zh } from '@zhenmei/web/src/words/zh.ts';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { englishWords, fitsEveryScreen, openSeat, openTogether, type Seat, shot } from './browser.ts';
import { openUnitTogether } from './visit-steps.ts';

const both = openTogether();
const PHRASE = 'seven quiet herons at dusk';

/** JPEG with the time at which it was taken, and where: EXIF before the picture. */
function taken(jpeg: Buffer, at: string): Buffer {
  const tiff = Buffer.alloc(120);
  tiff.write('MM\0*', 0, 'latin1');
  tiff.writeUInt32BE(8, 4);
  tiff.writeUInt16BE(1, 8);
  tiff.writeUInt16BE(0x8769, 10);
  tiff.writeUInt16BE(4, 12);
  tiff.writeUInt32BE(1, 14);
  tiff.writeUInt32BE(26, 18);
  tiff.writeUInt16BE(1, 26);
  tiff.writeUInt16BE(0x9003, 28);
  tiff.writeUInt16BE(2, 30);
  tiff.writeUInt32BE(20, 32);
  tiff.writeUInt32BE(60, 36);
  tiff.write(`${at}\0`, 60, 'latin1');
  tiff.write('Hangzhou', 90, 'latin1');
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const head = Buffer.from([0xff, 0xe1, (body.length + 2) >> 8, (body.length + 2) & 255]);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

const table = (rows: number): string =>
  [
    '就诊日期,治疗项目,部位,产品,用量,单位,医生',
    ...Array.from({ length: rows }, (_, i) =>
      i === 7
        ? '03/04/2023,看不明白的日期,额头,,,,王医生'
        : `2023-0${1 + (i % 9)}-1${i % 9},光子嫩肤,${i % 2 ? '额头' : '下巴'},,1,次,王医生`,
    ),
  ].join('\n');

const bundle = (code: string) =>
  canonicalJson({
    resourceType: 'Bundle',
    type: 'collection',
    entry: [
      {
        resource: {
          resourceType: 'Procedure',
          status: 'completed',
          subject: { reference: 'Patient/77' },
          performedDateTime: '2019-02-03',
          code: { text: code },
          bodySite: [{ coding: [{ system: 'http://snomed.info/sct', code: '45206002' }] }],
        },
      },
      { resource: { resourceType: 'Procedure', status: 'nonsense', subject: { reference: 'Patient/77' } } },
      {
        resource: {
          resourceType: 'AllergyIntolerance',
          clinicalStatus: {
            coding: [
              { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' },
            ],
          },
          code: { text: code },
          patient: { reference: 'Patient/77' },
        },
      },
    ],
  });

describe.each([
  {
    locale: 'zh-CN',
    w: zh,
    width: 390,
    note: '左侧轻微淤青',
    more: '两天后复查，无不适',
    why: '漏写了复查',
    old: '隆鼻手术',
  },
  {
    locale: 'en',
    w: en,
    width: 1440,
    note: 'A small bruise on the left',
    more: 'Seen after two days, no complaints',
    why: 'The check-up was left out',
    old: 'Rhinoplasty',
  },
] as const)('records in $locale on $width px', ({ locale, w, width, note, more, why, old }) => {
  const seats: Seat[] = [];
  let phone: Page;
  let desk: Page;
  const seat = async (wide: number): Promise<Page> => {
    const opened = await openSeat(both.browser, { width: wide, height: 844, locale, prf: true });
    seats.push(opened);
    return opened.page;
  };
  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
  const state = (page: Page, word: string) => page.getByText(new RegExp(`^[✓!✕?·]${word}$`)).first();
  const go = async (page: Page, to: string) => {
    await page.locator('nav a[href="/vault"]').first().click();
    await page.locator(`main a[href="${to}"]`).first().click();
  };
  /** Fits every screen, and in Chinese says nothing in English but what is a name. */
  const look = async (page: Page, name: string) => {
    await fitsEveryScreen(page, `records-${locale}-${name}`);
    if (locale !== 'zh-CN') return;
    const same =
      /\b(?:FHIR|JSON|PDF|JPEG|PNG|WebP|HEIC|CSV|AGE-SECRET-KEY|age1?|ZIP|mL|QR)\b|Bundle[\w.[\]]*|event-status|[\d.]+\s?[kM]?B|\S+\.(?:csv|json|jpg|pdf|age|zip|bin)\S*|BDDE|[A-Z0-9]{4,}(?:-[A-Z0-9]+)*|Linux/g;
    expect(await englishWords(page, same, 'main'), name).toEqual([]);
  };

  afterAll(async () => {
    for (const { context, problems } of seats) {
      await context.close();
      expect(problems).toEqual([]);
    }
  });

  it('seals the record with both signatures, read on the phone before it is confirmed', async () => {
    [phone, desk] = [await seat(width), await seat(820)];
    await desk.goto(`${both.house.url}/desk`);
    await press(desk, w['desk.join']);
    await desk.getByText(w['desk.empty']).or(desk.locator('main li a').first()).first().waitFor();
    await openUnitTogether(both.house.url, phone, desk, w);
    await desk.getByLabel(w['desk.note']).fill(note);
    await press(desk, w['desk.perform']);
    const digits = desk.locator('main p.text-5xl');
    await digits.waitFor();
    await phone.getByText(w['sealed.read']).waitFor();
    await phone.getByText(note).waitFor();
    await phone.getByLabel(w['visit.code']).fill((await digits.textContent())!.trim());
    await look(phone, 'confirm');
    await press(phone, w['visit.confirm.perform']);
    await phone.getByRole('link', { name: w['sealed.open'] }).click();
    await phone.getByRole('heading', { name: w['sealed.first'] }).waitFor();
    await phone.getByText(note).waitFor();
    await state(phone, w['sealed.waiting'].replace('{n}', '1')).waitFor({ state: 'detached' });
    await look(phone, 'sealed');
  });

  it('takes an amendment beside it, with what changed, and the patient’s confirmation', async () => {
    await desk.getByRole('link', { name: w['sealed.open'] }).click();
    await desk.getByRole('heading', { name: w['sealed.amend'] }).waitFor();
    await desk.getByLabel(w['sealed.amend.reason']).fill(why);
    await desk.getByLabel(w['sealed.amend.note']).fill(more);
    await look(desk, 'desk');
    await press(desk, w['sealed.amend.do']);
    const second = w['sealed.version'].replace('{n}', '2');
    await desk.getByRole('heading', { name: second }).waitFor();
    await state(desk, w['sealed.notYet']).waitFor();
    await phone.getByRole('heading', { name: second }).waitFor();
    await phone.getByText(why).waitFor();
    expect(await phone.locator('del').first().textContent()).toBe(note);
    expect(await phone.locator('ins').first().textContent()).toBe(more);
    await look(phone, 'amended');
    await press(phone, w['sealed.acknowledge']);
    await phone.getByRole('button', { name: w['sealed.acknowledge'] }).waitFor({ state: 'detached' });
    await desk.getByText(w['sealed.notYet']).waitFor({ state: 'detached' });
    await look(desk, 'desk-amended');
  });

  it('brings files in: looked at first, tried, kept once, and taken back as a whole', async () => {
    await go(phone, '/vault/import');
    await phone.getByText(w['bring.past.none']).waitFor();
    await look(phone, 'import-empty');
    const picture = await phone.evaluate(async () => {
      const canvas = new OffscreenCanvas(64, 48);
      const draw = canvas.getContext('2d')!;
      draw.fillStyle = '#c88';
      draw.fillRect(0, 0, 64, 48);
      const blob = await canvas.convertToBlob({ type: 'image/jpeg' });
      return [...new Uint8Array(await blob.arrayBuffer())];
    });
    const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/octet-stream', buffer });
    const files = [
      file('a.csv', Buffer.from(table(60))),
      file('b.json', Buffer.from(bundle(old))),
      file('c.jpg', taken(Buffer.from(picture), '2024:03:05 14:02:00')),
      file('d.pdf', Buffer.from('%PDF-1.7\n%âãÏÓ')),
      file('e.bin', Buffer.from([0, 1, 2, 3])),
    ];
    const choose = () => phone.getByLabel(w['bring.choose']).setInputFiles(files);
    await choose();
    await phone.getByText(w['bring.failed'].replace('{name}', 'e.bin')).waitFor();
    await phone.getByText('Bundle.entry[1].resource.status', { exact: false }).waitFor();
    await press(phone, w['bring.trial'].replace('{n}', '50'));
    await state(phone, w['bring.trial.good'].replace('{n}', '49').replace('{of}', '50')).waitFor();
    await phone
      .getByText(
        w['bring.fault']
          .replace('{row}', '9')
          .replace('{column}', '1')
          .replace('{reason}', w['bring.date-unclear']),
      )
      .waitFor();
    await press(phone, w['bring.rest'].replace('{n}', '10'));
    await state(phone, w['bring.all'].replace('{n}', '59').replace('{of}', '60')).waitFor();
    await look(phone, 'import-preview');
    await press(phone, w['bring.do']);
    await phone.getByRole('link', { name: w['bring.see'] }).waitFor();
    await look(phone, 'import-done');
    // the same files once more add nothing
    await choose();
    await phone.getByText(w['bring.tryFirst']).waitFor();
    await press(phone, w['bring.do']);
    await state(phone, locale === 'en' ? '0 items kept' : w['bring.done'].replace('{n}', '0')).waitFor();
  });

  it('shows all of it on a timeline that is narrowed by area, kind, year and words', async () => {
    await go(phone, '/vault/timeline');
    await phone.getByRole('heading', { name: old, exact: true }).first().waitFor();
    await look(phone, 'timeline');
    const part = phone.getByRole('group', { name: w['line.picture'] }).getByRole('button');
    const nose = locale === 'en' ? 'Nose' : '鼻';
    await part.and(phone.getByLabel(nose, { exact: true })).focus();
    await phone.keyboard.press('Enter');
    const rows = phone.locator('main ol > li');
    await expect.poll(() => rows.count()).toBe(1);
    expect(await phone.getByRole('button', { name: nose, pressed: true }).count()).toBe(2);
    await look(phone, 'timeline-nose');
    await press(phone, w['line.clear']);
    await phone.getByRole('button', { name: '2019 1', exact: true }).click();
    await expect.poll(() => rows.count()).toBe(1);
    await phone.getByLabel(w['line.search']).fill('nothing like this');
    await phone.getByText(w['line.none']).waitFor();
    await press(phone, w['line.clear']);
    await phone.getByLabel(w['line.search']).fill('光子');
    await expect.poll(() => rows.count()).toBe(59);
    await press(phone, w['line.clear']);
    await phone.emulateMedia({ media: 'print' });
    expect(await phone.getByRole('group', { name: w['line.picture'] }).isVisible()).toBe(false);
    await shot(phone, `records-${locale}-print`);
    await phone.emulateMedia({ media: 'screen' });
  });

  it('takes the import back, and everything along', async () => {
    await go(phone, '/vault/export');
    await phone.getByLabel(w['take.phrase']).fill(PHRASE);
    await look(phone, 'export');
    const download = phone.waitForEvent('download');
    await press(phone, w['take.do']);
    const path = (await (await download).path())!;
    await go(phone, '/vault/import');
    await phone.getByRole('button', { name: w['bring.undo'], exact: true }).first().click();
    await phone.getByRole('dialog').getByRole('button', { name: w['bring.undo'], exact: true }).click();
    await phone.getByText(w['bring.past.none']).waitFor();
    const other = await seat(width);
    await other.goto(`${both.house.url}/vault`);
    await press(other, w['account.create']);
    await other.getByRole('heading', { name: w['keep.title'] }).waitFor();
    await go(other, '/vault/timeline');
    await other.getByText(w['line.empty']).waitFor();
    await look(other, 'timeline-empty');
    await go(other, '/vault/import');
    const buffer = fs.readFileSync(path);
    await other
      .getByLabel(w['bring.choose'])
      .setInputFiles({ name: 'all.zip.age', mimeType: 'application/octet-stream', buffer });
    await other.getByLabel(w['move.phrase']).last().fill('another passphrase entirely');
    await press(other, w['move.open']);
    await other.getByRole('alert').waitFor();
    await look(other, 'move-refused');
    await other.getByLabel(w['move.phrase']).last().fill(PHRASE);
    await press(other, w['move.open']);
    await state(other, w['move.whole']).waitFor();
    await state(other, w['move.proven']).waitFor();
    await look(other, 'move');
    await press(other, w['bring.do']);
    await other.getByRole('link', { name: w['bring.see'] }).click();
    await other.getByRole('heading', { name: old, exact: true }).first().waitFor();
  });
});
