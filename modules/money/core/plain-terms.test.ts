import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SENTENCES } from './plain-sentences.ts';
import { type PlainTerms, parseTerms, renderTerms } from './plain-terms.ts';
import { amount, moment, share, span } from './plain-values.ts';

const LANGS = ['zh-CN', 'en'] as const;
const bytes = (n: number) =>
  fc.uint8Array({ minLength: n, maxLength: n }).map((b) => `0x${Buffer.from(b).toString('hex')}` as const);
const time = fc.integer({ min: 0, max: 10_000_000_000 });
const seconds = fc.oneof(
  fc.integer({ min: 0, max: 5_000_000 }),
  fc.integer({ min: 0, max: 400 }).map((d) => d * 86_400),
);
const bps = fc.integer({ min: 0, max: 10_000 });
const part = fc.record({
  amount: fc.bigInt({ min: 0n, max: 2n ** 88n }).map(String),
  dueBy: time,
  window: seconds,
  performed: fc.boolean(),
});
/** A deposit perhaps, sessions at equal distances, a follow-up perhaps. */
const course = fc
  .record({
    before: fc.array(part, { maxLength: 2 }),
    first: part,
    count: fc.integer({ min: 2, max: 10 }),
    step: fc.integer({ min: 1, max: 5_000_000 }),
    after: fc.array(part, { maxLength: 2 }),
  })
  .map(({ before, first, count, step, after }) => [
    ...before,
    ...Array.from({ length: count }, (_, i) => ({ ...first, dueBy: first.dueBy + i * step })),
    ...after,
  ]);
const terms: fc.Arbitrary<PlainTerms> = fc.record({
  patient: bytes(20),
  clinic: bytes(20),
  token: bytes(20),
  arbiter: bytes(20),
  feeTo: bytes(20),
  // a reference of the patient's own, or an account as a word: the book of a loan
  payout: fc.oneof(
    bytes(32),
    bytes(20).map((account) => `0x${'0'.repeat(24)}${account.slice(2)}` as const),
  ),
  standard: bytes(32),
  quote: bytes(32),
  review: fc.bigInt({ min: 0n, max: 2n ** 254n }).map(String),
  openBy: time,
  coolingOff: seconds,
  arbiterWindow: seconds,
  feeBps: bps,
  defaultSplitBps: bps,
  schedule: fc.array(fc.record({ before: seconds, bps }), { maxLength: 4 }),
  milestones: fc.oneof(fc.array(part, { minLength: 1, maxLength: 12 }), course),
  salt: bytes(32),
});

describe.each(LANGS)('terms in plain words, %s', (lang) => {
  it('say everything: what is read back is what was written', () => {
    fc.assert(
      fc.property(terms, (t) => {
        expect(parseTerms(renderTerms(t, lang), lang)).toEqual(t);
      }),
      { numRuns: 1_500 },
    );
  });

  it('say that a lender is paid first, exactly where the money goes back to an account not the patient’s', () => {
    fc.assert(
      fc.property(terms, (t) => {
        const lent = SENTENCES[lang].byLoan.write({} as never);
        const own = { ...t, payout: `0x${'0'.repeat(24)}${t.patient.slice(2)}` as const };
        expect(renderTerms(t, lang).summary.includes(lent)).toBe(t.payout.startsWith(`0x${'0'.repeat(24)}`));
        expect(renderTerms(own, lang).summary.includes(lent)).toBe(false);
      }),
    );
  });

  it('say something else when any of the terms is another', () => {
    fc.assert(
      fc.property(
        terms,
        terms,
        fc.constantFrom(...(Object.keys(KEYS) as (keyof PlainTerms)[])),
        (a, b, key) => {
          const other = { ...a, [key]: b[key] };
          fc.pre(JSON.stringify(other) !== JSON.stringify(a));
          expect(renderTerms(other, lang)).not.toEqual(renderTerms(a, lang));
        },
      ),
    );
  });

  it('are not read once a sentence is missing, double, moved or altered', () => {
    fc.assert(
      fc.property(terms, fc.nat(), fc.constantFrom('drop', 'double', 'swap', 'digit'), (t, n, how) => {
        const { summary, numbers } = renderTerms(t, lang);
        const lines = [...summary, ...numbers];
        const at = n % lines.length;
        const spoiled = {
          drop: () => lines.toSpliced(at, 1),
          double: () => lines.toSpliced(at, 0, lines[at]!),
          swap: () =>
            lines
              .toSpliced(at, 1, lines[(at + 1) % lines.length]!)
              .toSpliced((at + 1) % lines.length, 1, lines[at]!),
          digit: () =>
            lines.with(
              at,
              lines[at]!.replace(/\d/, (d) => String((Number(d) + 1) % 10)),
            ),
        }[how]();
        fc.pre(spoiled.join('\n') !== lines.join('\n'));
        const read = parseTerms({ summary: spoiled, numbers: [] }, lang);
        expect(read).not.toEqual(t);
        // a digit may make other terms, but then it says those
        if (read)
          expect([...renderTerms(read, lang).summary, ...renderTerms(read, lang).numbers]).toEqual(spoiled);
      }),
    );
  });

  it('say the sessions of a course in one sentence, and a deposit in another', () => {
    fc.assert(
      fc.property(
        terms,
        fc.integer({ min: 2, max: 10 }),
        fc.integer({ min: 1, max: 9_000_000 }),
        (t, n, step) => {
          const deposit = { amount: '128000', dueBy: 1_800_000_000, window: 259_200, performed: false };
          const sessions = Array.from({ length: n }, (_, i) => ({
            amount: '115200',
            dueBy: 1_802_592_000 + i * step,
            window: 604_800,
            performed: true,
          }));
          const one = renderTerms({ ...t, milestones: [{ ...sessions[0]! }] }, lang).summary.length;
          const all = renderTerms({ ...t, milestones: [deposit, ...sessions] }, lang);
          expect(all.summary).toHaveLength(one + 1);
          expect(parseTerms(all, lang)?.milestones).toEqual([deposit, ...sessions]);
        },
      ),
    );
  });

  it('speak of absence where something is attended and the ledger takes reports, and are read back either way', () => {
    fc.assert(
      fc.property(terms, fc.boolean(), (t, absences) => {
        const said = renderTerms(t, lang, { absences });
        const ready = SENTENCES[lang].absentClinic.write({});
        expect(parseTerms(said, lang)).toEqual(t);
        expect(said.summary.includes(ready)).toBe(absences && t.milestones.some((m) => m.performed));
        // one side's sentence without the other's is not what was agreed
        const half = said.summary.filter((line) => line !== ready);
        if (half.length < said.summary.length)
          expect(parseTerms({ ...said, summary: half }, lang)).toBeNull();
      }),
    );
  });

  it('date what cancelling costs where there is one part, with its amount', () => {
    const dueBy = Date.parse('2027-01-04T18:00:00+08:00') / 1000;
    fc.assert(
      fc.property(terms, (t) => {
        const one: PlainTerms = {
          ...t,
          milestones: [{ amount: '100001', dueBy, window: 86_400, performed: true }],
          schedule: [
            { before: 32 * 86_400, bps: 1_000 },
            { before: 30 * 86_400, bps: 2_000 },
          ],
        };
        const said = renderTerms(one, lang);
        expect(said.summary.slice(2, 5)).toEqual(
          lang === 'en'
            ? [
                'After that you may still cancel: until 3 Dec 2026, 18:00 whatever has not been paid out comes back to you.',
                'If you cancel after 3 Dec 2026, 18:00, the clinic keeps ¥100.00 (10%) and the rest comes back to you.',
                'If you cancel after 5 Dec 2026, 18:00, the clinic keeps ¥200.00 (20%) and the rest comes back to you.',
              ]
            : [
                '之后你仍可以取消：2026年12月3日 18:00及以前取消，没有付出的钱全部退给你。',
                '过了2026年12月3日 18:00取消，机构留下 ¥100.00（10%），其余退给你。',
                '过了2026年12月5日 18:00取消，机构留下 ¥200.00（20%），其余退给你。',
              ],
        );
        expect(parseTerms(said, lang)).toEqual(one);
        // an amount that does not follow from the share is not read
        const other = said.summary.map((line) => line.replace('¥100.00', '¥100.01'));
        expect(parseTerms({ ...said, summary: other }, lang)).toBeNull();
      }),
      { numRuns: 50 },
    );
  });

  it('are not read in the other language', () => {
    fc.assert(
      fc.property(terms, (t) => {
        expect(parseTerms(renderTerms(t, lang), lang === 'en' ? 'zh-CN' : 'en')).toBeNull();
      }),
      { numRuns: 50 },
    );
  });
});

const KEYS: Record<keyof PlainTerms, true> = {
  patient: true,
  clinic: true,
  token: true,
  arbiter: true,
  feeTo: true,
  payout: true,
  standard: true,
  quote: true,
  review: true,
  openBy: true,
  coolingOff: true,
  arbiterWindow: true,
  feeBps: true,
  defaultSplitBps: true,
  schedule: true,
  milestones: true,
  salt: true,
};

describe('values', () => {
  it('are written as people do', () => {
    expect(['0', '5', '99', '100', '398000', '123456789012'].map(amount.write)).toEqual([
      '¥0.00',
      '¥0.05',
      '¥0.99',
      '¥1.00',
      '¥3,980.00',
      '¥1,234,567,890.12',
    ]);
    const at = Date.parse('2026-12-05T14:00:00+08:00') / 1000;
    expect(LANGS.map((lang) => moment[lang].write(at))).toEqual(['2026年12月5日 14:00', '5 Dec 2026, 14:00']);
    expect(LANGS.map((lang) => span[lang].write(604_800))).toEqual(['7天', '7 days']);
    expect(LANGS.map((lang) => span[lang].write(90_061))).toEqual([
      '1天1小时1分钟1秒',
      '1 day 1 hour 1 minute 1 second',
    ]);
    expect([0, 1, 50, 250, 10_000].map(share.write)).toEqual(['0%', '0.01%', '0.5%', '2.5%', '100%']);
  });
});
