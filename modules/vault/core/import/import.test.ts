/** Files that people bring: told apart by what is in them, read with row and column, and never guessed. */
import { type AppError, concat, fromBase64, utf8 } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY, type Item } from '../contents.ts';
import { validateResource } from '../fhir/validate.ts';
import { SAMPLES } from '../photos/samples.test-support.ts';
import { batchesOf, batchSource, sameContent } from './batch.ts';
import { readFhir } from './fhir-records.ts';
import { fileKind } from './file-kind.ts';
import { readTable, TABLE_LIMITS, tableText } from './table.ts';
import { dateOf, guessMapping, readRow, readRows } from './table-records.ts';
import { photoFacts } from './taken-at.ts';

const failure = (work: () => unknown): string => {
  try {
    work();
    return 'none';
  } catch (e) {
    const { code, params } = e as AppError;
    return [code, params.row, params.column].filter((part) => part !== undefined).join(' ');
  }
};

describe('a file is known by what is in it', () => {
  it.each([
    ['pdf', utf8('%PDF-1.7\n')],
    ['export', utf8('age-encryption.org/v1\n-> scrypt')],
    ['export', utf8('-----BEGIN AGE ENCRYPTED FILE-----\n')],
    ['photo', fromBase64(SAMPLES.baseline)],
    ['photo', fromBase64(SAMPLES.lossy)],
    ['photo', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)],
    ['heic', concat(Uint8Array.of(0, 0, 0, 24), utf8('ftypheic'))],
    ['fhir', utf8(' \n{"resourceType":"Bundle"}')],
    ['fhir', concat(Uint8Array.of(0xef, 0xbb, 0xbf), utf8('{}'))],
    ['table', utf8('日期,项目\n2024-01-01,水光')],
    ['table', utf8('a;b\n1;2')],
    [null, utf8('just a sentence')],
    [null, utf8('')],
    [null, utf8('   ')],
    [null, Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0)],
    [null, utf8('MZ\u0000\u0001,')],
    [null, concat(Uint8Array.of(0, 0, 0, 24), utf8('ftypmp42'))],
  ] as const)('%s', (kind, bytes) => {
    expect(fileKind(bytes)).toBe(kind);
  });
});

describe('a photo says when it was taken', () => {
  /** EXIF as cameras write it: IFD0 with the way it was held, the Exif IFD with time and offset. */
  function exif(little: boolean, taken: string, offset: string | null, turned = 6): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(200);
    const view = new DataView(out.buffer);
    const u16 = (at: number, value: number) => view.setUint16(at, value, little);
    const u32 = (at: number, value: number) => view.setUint32(at, value, little);
    out.set(utf8(little ? 'II' : 'MM'));
    u16(2, 42);
    u32(4, 8);
    u16(8, 2);
    const field = (at: number, tag: number, type: number, count: number, value: number) => {
      u16(at, tag);
      u16(at + 2, type);
      u32(at + 4, count);
      if (type === 3) u16(at + 8, value);
      else u32(at + 8, value);
    };
    field(10, 0x0112, 3, 1, turned);
    field(22, 0x8769, 4, 1, 40);
    u16(40, offset ? 2 : 1);
    field(42, 0x9003, 2, 20, 100);
    if (offset) field(54, 0x9011, 2, 7, 130);
    out.set(utf8(taken), 100);
    if (offset) out.set(utf8(offset), 130);
    return out;
  }
  const jpeg = (tiff: Uint8Array) =>
    concat(Uint8Array.of(0xff, 0xd8, 0xff, 0xe1, 0, 208), utf8('Exif\0\0'), tiff);

  it.each([true, false])('in both byte orders, with the way it was held (%s)', (little) => {
    expect(photoFacts(jpeg(exif(little, '2024:03:05 14:02:00', '+08:00')))).toEqual({
      takenAt: '2024-03-05T14:02:00+08:00',
      orientation: 6,
    });
    expect(photoFacts(jpeg(exif(little, '2024:03:05 14:02:00', null))).takenAt).toBe('2024-03-05T14:02:00');
  });
  it('in PNG and WebP chunks and in HEIC', () => {
    const tiff = exif(false, '2019:12:31 23:59:59', null);
    for (const head of [utf8('....eXIf'), utf8('....EXIF\0\0\0\0'), utf8('ftypheic....Exif\0\0')])
      expect(photoFacts(concat(head, tiff)).takenAt).toBe('2019-12-31T23:59:59');
  });
  it.each(['0000:00:00 00:00:00', '2024:02:30 10:00:00', '2024-03-05 14:02:00', '1970:01:01 00:00:00'])(
    'but not %s',
    (taken) => {
      expect(photoFacts(jpeg(exif(true, taken, null))).takenAt).toBeNull();
    },
  );
  it('and whatever the bytes are, it never fails', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.boolean(), (noise, little) => {
        const tiff = exif(little, '2024:03:05 14:02:00', null);
        tiff.set(noise.slice(0, 150), 8);
        const { orientation } = photoFacts(jpeg(tiff));
        expect(orientation).toBeGreaterThanOrEqual(1);
        expect(orientation).toBeLessThanOrEqual(8);
      }),
    );
    expect(photoFacts(fromBase64(SAMPLES.baseline))).toEqual({ takenAt: null, orientation: 1 });
  });
});

describe('a table', () => {
  it('is read with quotes, breaks, other separators and a byte order mark', () => {
    const table = readTable(
      '\uFEFF日期;项目;备注\r\n2024-01-02;"玻尿酸; 1 支";"第一行\n第二行"\r\n;;\n2024-01-03;"他说""好""";\n',
    );
    expect(table.header).toEqual(['日期', '项目', '备注']);
    expect(table.rows).toEqual([
      { line: 2, cells: ['2024-01-02', '玻尿酸; 1 支', '第一行\n第二行'] },
      { line: 5, cells: ['2024-01-03', '他说"好"', ''] },
    ]);
  });
  it('is read from GB 18030 too', () => {
    const gbk = Uint8Array.of(0xc8, 0xd5, 0xc6, 0xda, 0x2c, 0xcf, 0xee, 0xc4, 0xbf);
    expect(tableText(gbk)).toBe('日期,项目');
    expect(tableText(utf8('日期'))).toBe('日期');
  });
  it.each([
    ['no rows', 'a,b\n', 'FILE_EMPTY'],
    ['nothing', '', 'FILE_EMPTY'],
    ['more columns than named', 'a,b\n1,2\n1,2,3', 'FILE_TABLE 3 3'],
    ['an open quote', 'a,b\n1,"2', 'FILE_TABLE 2 2'],
    ['text behind a quote', 'a,b\n"1"x,2', 'FILE_TABLE 2 1'],
    ['a cell without end', `a,b\n1,${'x'.repeat(TABLE_LIMITS.cell + 1)}`, 'FILE_TABLE 2 2'],
    [
      'too many columns',
      `${'a,'.repeat(TABLE_LIMITS.columns)}b\n1`,
      `FILE_TABLE 1 ${TABLE_LIMITS.columns + 1}`,
    ],
    [
      'too many rows',
      `a,b\n${'1,2\n'.repeat(TABLE_LIMITS.rows + 2)}`,
      `FILE_TABLE ${TABLE_LIMITS.rows + 2} 1`,
    ],
  ])('with %s is refused', (_, text, code) => {
    expect(failure(() => readTable(text))).toBe(code);
  });
  it('is read back as it was written', () => {
    const cell = fc.string({ maxLength: 12 }).map((text) => text.trim());
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }), (rows) => {
        const kept = rows.filter((row) => row.some((text) => text !== ''));
        fc.pre(kept.length > 0);
        const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const text = [['a', 'b'], ...rows].map((row) => row.map(quote).join(',')).join('\n');
        expect(readTable(text).rows.map(({ cells }) => cells)).toEqual(kept);
      }),
    );
  });
});

describe('rows become records', () => {
  it('by the names of the columns, in both languages', () => {
    expect(
      guessMapping(['就诊日期', '治疗项目', '部位', '产品', '批号', '用量', '单位', '医生', '机构', '备注']),
    ).toEqual({
      date: 0,
      treatment: 1,
      area: 2,
      product: 3,
      lot: 4,
      amount: 5,
      unit: 6,
      doctor: 7,
      clinic: 8,
      note: 9,
    });
    expect(guessMapping(['Treatment date', 'Treatment', 'Area', 'Units'])).toEqual({
      date: 0,
      treatment: 1,
      area: 2,
      unit: 3,
    });
    expect(guessMapping(['x', 'y'])).toEqual({});
  });
  it.each([
    ['2024-03-05', '2024-03-05'],
    ['2024/3/5', '2024-03-05'],
    ['2024年3月5日', '2024-03-05'],
    ['２０２４．３．５', null],
    ['20240305', '2024-03-05'],
    ['2024-03-05 14:00', '2024-03-05'],
    ['2024-02-30', null],
    ['03/04/2024', null],
    ['1824-01-01', null],
    ['last spring', null],
  ])('the date %s', (text, date) => {
    expect(dateOf(text)).toBe(date);
  });
  const header = ['日期', '项目', '部位', '产品', '批号', '用量', '单位', '医生', '机构', '备注'];
  const row = (...cells: string[]) => ({ line: 7, cells });
  const read = (...cells: string[]) => readRow(row(...cells), guessMapping(header), '2026-01-01');
  it('that are valid FHIR and lose nothing', () => {
    const { record, faults } = read(
      '2024/3/5',
      '肉毒素除皱',
      '眉间、鱼尾纹',
      '衡力',
      'L1',
      '20',
      'U',
      '王医生',
      '美丽诊所',
      '无不适',
    );
    expect(faults).toEqual([]);
    expect(validateResource(record)).toEqual([]);
    for (const said of [
      '肉毒素除皱',
      '眉间、鱼尾纹',
      '衡力',
      'LOT L1',
      '20 U',
      '王医生',
      '美丽诊所',
      '无不适',
    ])
      expect(JSON.stringify(record)).toContain(said);
    expect(JSON.stringify(record)).toContain('"code":"forehead"');
  });
  it.each([
    ['no date', ['', '水光'], 'date-missing 1'],
    ['an unclear date', ['03/04/2024', '水光'], 'date-unclear 1'],
    ['a date to come', ['2027-01-01', '水光'], 'date-future 1'],
    ['no treatment', ['2024-01-01', ''], 'treatment-missing 2'],
    ['an unclear amount', ['2024-01-01', '水光', '', '', '', '约两支'], 'amount-unclear 6'],
  ])('and with %s they say where', (_, cells, fault) => {
    expect(
      read(...cells).faults.map(({ code, column, row: line }) => `${code} ${column}${line === 7 ? '' : '?'}`),
    ).toEqual([fault]);
  });
  it('the first fifty by themselves, then the rest', () => {
    const table = readTable(
      `日期,项目\n${Array.from({ length: 80 }, (_, i) => `2024-01-01,第${i}次`).join('\n')}\n坏,的`,
    );
    const mapping = guessMapping(table.header);
    expect(readRows(table, mapping, '2026-01-01', 0, 50)).toMatchObject({ kept: 50, faults: [] });
    const all = readRows(table, mapping, '2026-01-01');
    expect(all.kept).toBe(80);
    expect(all.faults).toEqual([{ row: 82, column: 1, code: 'date-unclear' }]);
    expect(validateResource(all.bundle)).toEqual([]);
    expect(readRows(table, {}, '2026-01-01').bundle).toBeNull();
  });
});

describe('a FHIR file', () => {
  const ok = { resourceType: 'Condition', subject: { reference: 'Patient/1' }, code: { text: 'x' } };
  const file = (value: unknown) => utf8(JSON.stringify(value));
  it('keeps what is understood and names the rest', () => {
    const { understood, faults } = readFhir(
      file({
        resourceType: 'Bundle',
        type: 'collection',
        entry: [{ resource: ok }, { resource: { ...ok, code: 7 } }, { resource: { resourceType: 'Claim' } }],
      }),
    );
    expect(understood).toHaveLength(1);
    expect(faults.map(({ path, code }) => `${path} ${code}`)).toEqual([
      'Bundle.entry[1].resource.code wrong-type',
      'Bundle.entry[2].resource not-checked',
    ]);
    expect(readFhir(file(ok)).understood).toHaveLength(1);
    expect(readFhir(file({ ...ok, subject: undefined })).understood).toEqual([]);
  });
  it.each(['{"a":1}', '[]', '{"resourceType":7}'])('is refused if it is none: %s', (text) => {
    expect(failure(() => readFhir(utf8(text)))).toBe('FHIR_INVALID');
  });
});

describe('an import', () => {
  const item = (object: string, source: string, digest = object) =>
    ({ object, source, digest }) as unknown as Item;
  it('is found as a whole, and the same content only once', () => {
    const a = batchSource('import', 'aaaaaaaa');
    const contents = {
      ...EMPTY,
      items: [
        item('1', 'self'),
        item('2', a),
        item('3', 'clinic:x'),
        item('4', a),
        item('5', batchSource('moved', 'bbbbbbbb')),
      ],
    };
    expect(batchesOf(contents).map(({ kind, items }) => [kind, items.map(({ object }) => object)])).toEqual([
      ['import', ['2', '4']],
      ['moved', ['5']],
    ]);
    expect(sameContent(contents, '3')?.object).toBe('3');
    expect(sameContent(contents, '9')).toBeUndefined();
  });
});
