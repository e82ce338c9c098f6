/** Sizes and names that several pages of the vault show. */
import { ApiError } from '@zhenmei/client/api.ts';
import { AppError } from '@zhenmei/kernel';
import { dateFormat, numberFormat } from '@zhenmei/kernel/core/formats.ts';
import type { Compartment } from '@zhenmei/vault/core/content-keys.ts';
import type { Item } from '@zhenmei/vault/core/contents.ts';
import { date, language, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';

export const compartmentName = (compartment: Compartment): string => t(`keep.${compartment}`);

/** 1.2 MB, 34 kB: a thousand at each step. */
export function sizeOf(bytes: number): string {
  const [value, unit] =
    bytes >= 1_000_000
      ? [bytes / 1_000_000, 'megabyte']
      : bytes >= 1_000
        ? [bytes / 1_000, 'kilobyte']
        : [bytes, 'byte'];
  const options = {
    style: 'unit',
    unit,
    unitDisplay: unit === 'byte' ? 'long' : 'short',
    maximumFractionDigits: value < 10 && unit !== 'byte' ? 1 : 0,
  } as const;
  return numberFormat(language(), options).format(value);
}

export const titleOf = (item: Item): string =>
  item.kind === 'receipt' ? t('keep.receipt', { name: item.title }) : item.title;

export const codeOf = (error: unknown): string | null =>
  error instanceof ApiError || error instanceof AppError ? error.code : null;

/** As exactly as it is known: a year, a month, a day, or a moment; a camera's time without a zone is shown as it stands. */
export function whenText(at: string): string {
  const zoned = /T.*(?:Z|[+-]\d{2}:\d{2})$/.test(at);
  if (zoned || at.length === 10) return date(at, now(), zoned);
  const month: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'long' };
  const options: Intl.DateTimeFormatOptions =
    at.length === 4
      ? { year: 'numeric' }
      : at.length === 7
        ? month
        : { ...month, day: 'numeric', hour: '2-digit', minute: '2-digit' };
  const text = at.length > 10 ? `${at}Z` : at;
  const locale = language() === 'en' ? 'en-GB' : 'zh-CN';
  return dateFormat(locale, { ...options, timeZone: 'UTC' }).format(new Date(text));
}
