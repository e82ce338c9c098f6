import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csv, dayOf, dayStarts, decimalText, type StatementLine, statementDays } from './statement.ts';

const START = dayStarts('2026-11-20');
const line = fc.record({
  at: fc.integer({ min: START, max: START + 5 * 86_400_000 }),
  kind: fc.constantFrom(
    'in' as const,
    'paid' as const,
    'fee' as const,
    'refunded' as const,
    'withdrawn' as const,
  ),
  agreementId: fc.constant(null),
  amount: fc.bigInt({ min: 1n, max: 10n ** 9n }),
});
const lines = fc.array(line, { maxLength: 40 }).map((all) => all.toSorted((a, b) => a.at - b.at));

describe('statementDays', () => {
  it('keeps in = paid + fee + refunded + held to the cent, wherever the days are cut', () => {
    fc.assert(
      fc.property(lines, (all) => {
        const days = statementDays(all, '0000', '9999');
        const sum = (key: 'in' | 'paid' | 'fee' | 'refunded' | 'withdrawn') =>
          days.reduce((a, d) => a + d[key], 0n);
        const last = days.at(-1);
        expect(sum('in')).toBe(sum('paid') + sum('fee') + sum('refunded') + (last?.held ?? 0n));
        expect(sum('paid') - sum('withdrawn')).toBe(last?.credit ?? 0n);
        for (const { day } of days) {
          const cut = [...statementDays(all, '0000', day), ...statementDays(all, nextDay(day), '9999')];
          expect(cut).toEqual(days);
        }
      }),
    );
  });
  it('ends a day at midnight in China', () => {
    const at = (text: string): StatementLine => ({
      at: Date.parse(text),
      kind: 'in',
      agreementId: null,
      amount: 1n,
    });
    expect(
      statementDays([at('2026-11-20T15:59:59.999Z'), at('2026-11-20T16:00:00Z')], '0', '9').map((d) => d.day),
    ).toEqual(['2026-11-20', '2026-11-21']);
    expect(dayOf(dayStarts('2026-11-20'))).toBe('2026-11-20');
    expect(dayOf(dayStarts('2026-11-20') - 1)).toBe('2026-11-19');
  });
});

const nextDay = (day: string): string => dayOf(dayStarts(day) + 86_400_000);

describe('csv', () => {
  it('is read back to the same cells', () => {
    expect(
      csv([
        ['a', 'b,"c"\nd'],
        ['-5.00', ''],
      ]),
    ).toBe('a,"b,""c""\nd"\r\n-5.00,\r\n');
  });
  it.each(['=1+1', '+1', '@x', '-x', '\tx'])('runs nothing: %s', (text) =>
    expect(csv([[text]])).toContain(`'${text}`),
  );
  it('writes amounts exactly', () => {
    expect([0n, 5n, -5n, 398_000n, -100n].map(decimalText)).toEqual([
      '0.00',
      '0.05',
      '-0.05',
      '3980.00',
      '-1.00',
    ]);
  });
});
