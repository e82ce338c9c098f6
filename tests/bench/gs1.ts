/**
 * How fast codes are read, with every rule of the GS1 General Specifications checked, beside a regular expression that
 * only cuts the same text. `node tests/bench/gs1.ts` prints the rows.
 */
import { buildDigitalLink, canonicalLink, read } from '@zhenmei/gs1';
import type { BenchRow } from './log.ts';

const COUNT = 50_000;
const YEAR = { year: 2026 };
const GS = '\u001d';

/** The same kinds of code, with another lot and serial each time. */
const CODES: Readonly<Record<string, { write(n: number): string; cut: RegExp }>> = {
  'scan of a DataMatrix': {
    write: (n) => `]d2010952123410001017280925211MG${n}${GS}10L${n}A`,
    cut: new RegExp(`^]d201(\\d{14})17(\\d{6})21([^${GS}]{1,20})${GS}10([^${GS}]{1,20})$`),
  },
  'element string in brackets': {
    write: (n) => `(01)09521234100010(17)280925(10)L${n}A(21)1MG${n}`,
    cut: /^\(01\)(\d{14})\(17\)(\d{6})\(10\)([^(]{1,20})\(21\)([^(]{1,20})$/,
  },
  'Digital Link': {
    write: (n) => `https://id.gs1.org/01/09521234100010/10/L${n}A/21/1MG${n}?17=280925`,
    cut: /^https?:\/\/[^/]+\/01\/(\d{14})\/10\/([^/]{1,20})\/21\/([^/?]{1,20})\?17=(\d{6})$/,
  },
  'GTIN-13': { write: (n) => withCheckDigit(`952123${String(n % 1e6).padStart(6, '0')}`), cut: /^(\d{13})$/ },
  'drug trace code': {
    write: (n) => `8${String(1234567000000000000n + BigInt(n))}`,
    cut: /^(\d{20})$/,
  },
};

function withCheckDigit(digits: string): string {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) sum += Number(digits.at(-1 - i)) * (i % 2 === 0 ? 3 : 1);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

/** How many a second, in the fastest of some runs: the least disturbed by other processes. */
function rate(codes: readonly string[], work: (code: string) => boolean): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const started = performance.now();
    for (const code of codes) if (!work(code)) throw new Error(`not read: ${code}`);
    best = Math.min(best, performance.now() - started);
  }
  return Number(((codes.length / best) * 1000).toPrecision(3));
}

export async function run(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const all: string[] = [];
  for (const [name, { write, cut }] of Object.entries(CODES)) {
    const codes = Array.from({ length: COUNT }, (_, n) => write(n));
    all.push(...codes.slice(0, COUNT / 5));
    rows.push({
      name,
      value: rate(codes, (code) => read(code, YEAR).ok),
      unit: 'codes/s',
      floor: { name: 'one regular expression', value: rate(codes, (code) => cut.test(code)) },
    });
  }
  rows.push({
    name: 'all of them in turn',
    value: rate(all, (code) => read(code, YEAR).ok),
    unit: 'codes/s',
  });
  const wrong = all.map((code) =>
    code.replace('09521234100010', '09521234100011').replace(/^952123/, '952124'),
  );
  rows.push({
    name: 'all of them, most with a wrong check digit',
    value: rate(wrong, (code) => typeof read(code, YEAR).ok === 'boolean'),
    unit: 'codes/s',
  });
  const links = Array.from({ length: COUNT }, (_, n) => CODES['Digital Link']!.write(n));
  rows.push({
    name: 'Digital Link to its one form',
    value: rate(links, (link) => canonicalLink(link) !== null),
    unit: 'codes/s',
  });
  const elements = [
    { ai: '01', value: '09521234100010' },
    { ai: '21', value: '1MG7' },
  ];
  rows.push({
    name: 'elements to a Digital Link',
    value: rate(links, () => buildDigitalLink(elements) !== null),
    unit: 'codes/s',
  });
  return rows;
}

if (import.meta.main)
  console.table(
    (await run()).map(({ floor, ...row }) => ({ ...row, floor: floor && `${floor.value} (${floor.name})` })),
  );
