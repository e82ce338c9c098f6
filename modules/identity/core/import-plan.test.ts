import { utf8 } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsv } from './csv.ts';
import { planImport } from './import-plan.ts';

const ID = '01980000-0000-7000-8000-00000000000';
const HEAD = 'subject,name.zh,name.en,licenceNumber,leadSpecialties,practisesAt,region,validUntil';
const row = (n: number, change: Partial<Record<string, string>> = {}) =>
  [
    change.subject ?? `${ID}${n}`,
    change.zh ?? '林晓',
    change.en ?? 'Lin Xiao',
    change.number ?? `11031000001234${n}`,
    change.specialties ?? 'aesthetic-dermatology;aesthetic-surgery',
    change.at ?? `${ID}9`,
    change.region ?? 'CN',
    change.until ?? '2027-12-31',
  ].join(',');
const plan = (...lines: string[]) => planImport('physicianLicence', utf8(lines.join('\r\n')));
const faults = (...lines: string[]) =>
  plan(...lines).faults.map(({ line, column, code }) => `${line} ${column} ${code}`);

describe('a table', () => {
  it('is read as RFC 4180 writes it', () => {
    const csv = readCsv(utf8('\ufeffa,"b ""x"", y"\r\n"two\nlines",\n'));
    expect('rows' in csv && csv.rows.map((cells) => cells.map(({ text }) => text))).toEqual([
      ['a', 'b "x", y'],
      ['two\nlines', ''],
    ]);
    const after = readCsv(utf8('"two\nlines",b\nc'));
    expect('rows' in after && after.rows[1]![0]).toEqual({ text: 'c', line: 3, column: 1 });
    expect('rows' in after && after.rows[0]![1]).toMatchObject({ text: 'b', line: 1 + 1 });
  });

  it('comes back whatever is in it', () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 12 });
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
        (rows) => {
          const text = rows
            .map((cells) => cells.map((c) => `"${c.replaceAll('"', '""')}"`).join(','))
            .join('\r\n');
          const csv = readCsv(utf8(text));
          expect('rows' in csv && csv.rows.map((cells) => cells.map((c) => c.text))).toEqual(rows);
        },
      ),
    );
  });

  it.each([
    ['an open quotation', 'a,"b', 1],
    ['a quotation inside a word', 'a,b"c', 1],
    ['text behind a quotation', 'a\n"b"c', 2],
  ])('has %s refused at its place', (_, text, line) => {
    expect(readCsv(utf8(text))).toMatchObject({ fault: { line, code: 'CSV_QUOTE' } });
  });

  it('must be UTF-8', () => {
    expect(readCsv(Uint8Array.of(0xc1, 0xd6))).toMatchObject({ fault: { code: 'CSV_ENCODING' } });
  });
});

describe('a plan', () => {
  it('has what would be issued, with lists, two languages and the end of the last day', () => {
    const { rows, faults } = plan(HEAD, row(1), row(2, { specialties: '', until: '' }), '');
    expect(faults).toEqual([]);
    expect(rows).toHaveLength(2);
    expect(rows[0]).toEqual({
      line: 2,
      claims: {
        subject: `${ID}1`,
        name: { zh: '林晓', en: 'Lin Xiao' },
        licenceNumber: '110310000012341',
        leadSpecialties: ['aesthetic-dermatology', 'aesthetic-surgery'],
        practisesAt: `${ID}9`,
        region: 'CN',
      },
      expires: Date.parse('2028-01-01T00:00:00Z'),
    });
    expect(rows[1]!.claims.leadSpecialties).toEqual([]);
    expect(rows[1]).not.toHaveProperty('expires');
  });

  it('reads yes, no and columns in any order', () => {
    const { rows, faults } = planImport(
      'distributorLicence',
      utf8(`toxin,gln,name.en,name.zh,subject\ntrue,6900000000017,Farbridge,远桥,${ID}1`),
    );
    expect(faults).toEqual([]);
    expect(rows[0]!.claims).toMatchObject({ toxin: true, name: { zh: '远桥', en: 'Farbridge' } });
  });

  it('names every fault with line and column', () => {
    expect(
      faults(
        HEAD,
        row(1, { subject: 'Lin', at: '' }),
        row(2, { zh: '', until: '2027-02-30' }),
        row(3),
        row(3),
        `${row(4)},more`,
        row(5, { region: 'China', until: 'next year' }),
        row(6, { number: ' 7' }),
      ),
    ).toEqual([
      '2 subject VALUE_WRONG',
      '2 practisesAt VALUE_MISSING',
      '3 validUntil DATE_WRONG',
      '3 name.zh VALUE_MISSING',
      '5 subject ROW_TWICE',
      '6 9 ROW_LENGTH',
      '7 validUntil DATE_WRONG',
      '7 region VALUE_WRONG',
      '8 licenceNumber VALUE_SPACE',
    ]);
  });

  it('stops at a heading that does not fit', () => {
    expect(faults('subject,subject,colour', 'a,b,c')).toEqual([
      '1 subject COLUMN_TWICE',
      '1 colour COLUMN_UNKNOWN',
      '1 name.zh COLUMN_MISSING',
      '1 name.en COLUMN_MISSING',
      '1 licenceNumber COLUMN_MISSING',
      '1 leadSpecialties COLUMN_MISSING',
      '1 practisesAt COLUMN_MISSING',
    ]);
    expect(plan('').rows).toEqual([]);
    expect(plan(HEAD).columns).toEqual([
      'subject',
      'name.zh',
      'name.en',
      'licenceNumber',
      'leadSpecialties',
      'practisesAt',
      'region?',
      'validUntil?',
    ]);
  });

  it('takes five thousand rows and no more', () => {
    const many = Array.from({ length: 5_001 }, () => row(1));
    expect(faults(HEAD, ...many)).toEqual(['5002 1 ROW_TOO_MANY']);
  });
});
