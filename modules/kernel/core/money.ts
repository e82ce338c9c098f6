/** Money is minor units in a bigint with an ISO 4217 currency; never a float (law 4). */
import { AppError, type Lang } from './errors.ts';
import { numberFormat } from './formats.ts';

export type Currency = 'CNY' | 'HKD' | 'SGD' | 'EUR' | 'USD';

export interface Money {
  readonly minor: bigint;
  readonly currency: Currency;
}

export function money(minor: bigint, currency: Currency): Money {
  return { minor, currency };
}

export function addMoney(a: Money, b: Money): Money {
  if (a.currency !== b.currency)
    throw new AppError('MONEY_MISMATCH', { left: a.currency, right: b.currency });
  return { minor: a.minor + b.minor, currency: a.currency };
}

export function sumMoney(parts: readonly Money[], currency: Currency): Money {
  return parts.reduce(addMoney, { minor: 0n, currency });
}

/** `parts.length` shares of `total` in proportion to basis points; the rest goes to the last share. */
export function splitMoney(total: Money, bps: readonly number[]): Money[] {
  if (bps.reduce((a, b) => a + b, 0) !== 10_000)
    throw new AppError('MONEY_INVALID', { value: bps.join('+') });
  const shares = bps.map((b) => (total.minor * BigInt(b)) / 10_000n);
  const given = shares.slice(0, -1).reduce((a, b) => a + b, 0n);
  shares[shares.length - 1] = total.minor - given;
  return shares.map((minor) => ({ minor, currency: total.currency }));
}

/** Shown to people: ¥3,980.00, exact, tabular. */
export function formatMoney(value: Money, lang: Lang): string {
  const sign = value.minor < 0n ? '-' : '';
  const abs = value.minor < 0n ? -value.minor : value.minor;
  const text = `${abs / 100n}.${String(abs % 100n).padStart(2, '0')}`;
  return (
    sign +
    numberFormat(lang, {
      style: 'currency',
      currency: value.currency,
      currencyDisplay: 'narrowSymbol',
    }).format(text as unknown as number)
  );
}

/** Reads a decimal text such as "3980" or "3980.50". Throws MONEY_INVALID. */
export function parseMoney(text: string, currency: Currency): Money {
  const match = /^(\d{1,13})(?:\.(\d{1,2}))?$/.exec(text.trim());
  if (!match) throw new AppError('MONEY_INVALID', { value: text.slice(0, 40) });
  return { minor: BigInt(match[1]!) * 100n + BigInt((match[2] ?? '').padEnd(2, '0')), currency };
}
