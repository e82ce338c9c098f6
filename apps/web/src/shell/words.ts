/** Words in both languages. Only the active catalogue is loaded; the build compiles it, so no parser comes along. */
import { i18n, type Messages } from '@lingui/core';
import type { Lang } from '@zhenmei/kernel/core/errors.ts';
import { dateFormat, numberFormat } from '@zhenmei/kernel/core/formats.ts';
import { type Currency, formatMoney as kernelMoney } from '@zhenmei/kernel/core/money.ts';
import type { Words } from '../words/zh.ts';

export type Key = keyof Words;

const CATALOGUES: Record<Lang, () => Promise<Messages>> = {
  'zh-CN': async () => (await import('../words/zh.ts')).zh,
  en: async () => (await import('../words/en.ts')).en,
};

function initial(): Lang {
  const kept = localStorage.getItem('zm-lang');
  if (kept === 'en' || kept === 'zh-CN') return kept;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

/** Loads the catalogue of the language that is kept or that the browser prefers; once, before anything is shown. */
export async function startWords(lang: Lang = initial()): Promise<void> {
  i18n.load(lang, await CATALOGUES[lang]());
  i18n.activate(lang);
  document.documentElement.lang = lang;
}

export function keepLanguage(lang: Lang): void {
  localStorage.setItem('zm-lang', lang);
}

/** A person who chose large text is addressed as 您. */
export const isElder = (): boolean => document.documentElement.dataset.elder !== undefined;
export const language = (): Lang => i18n.locale as Lang;
export const isChinese = (): boolean => i18n.locale === 'zh-CN';
const politely = (text: string): string => (isChinese() && isElder() ? text.replaceAll('你', '您') : text);
export const t = (key: Key, values?: Record<string, string | number>): string =>
  politely(i18n._(key, values));
/** The text of a value that comes in both languages. */
export const say = (text: { zh: string; en: string }): string => (isChinese() ? politely(text.zh) : text.en);

/** @param currency of the price; yuan where nothing else is said */
export const yuan = (minor: string, currency: Currency = 'CNY'): string =>
  kernelMoney({ minor: BigInt(minor), currency }, language());

/** "1 mL", "20 units", "900 shots": amounts as people say them; a litre's millionth is shown in millilitres. */
export function amountOf(amount: number, unit: string): string {
  if (unit === 'uL') return `${decimal(amount / 1_000)} mL`;
  if (unit === 'mg' && amount >= 10_000) return `${decimal(amount / 1_000)} g`;
  const key = `unit.${unit}`;
  const known = i18n.messages[key] !== undefined;
  return known ? t(key as Key, { amount: decimal(amount) }) : `${decimal(amount)} ${unit}`;
}
const decimal = (value: number): string => numberFormat(language()).format(value);

let zone: string | undefined;
/** Times are shown where the clinics are; to somebody elsewhere with the name of the zone. */
export function showTimesOf(timeZone: string): void {
  zone = timeZone;
}
const here = new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** `YYYY-MM-DD` by the calendar of the zone. */
export const calendarDay = (ms: number): string =>
  dateFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(ms);

const dayOf = (ms: number): number => Date.parse(`${calendarDay(ms)}T00:00:00Z`) / 86_400_000;

/** The first instant of a day of the zone. @param day `YYYY-MM-DD` */
export function startOfDay(day: string): number {
  const wanted = Date.parse(`${day}T00:00:00Z`);
  const clock = dateFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  const ahead = (ms: number) => Date.parse(`${clock.format(ms).replace(' ', 'T')}Z`) - ms;
  // the zone may have changed its clocks between the first guess and the answer
  const guess = wanted - ahead(wanted);
  return wanted - ahead(guess);
}

/** "26/11, 08:25": for places with little room, such as the end of a curve. */
export const shortMoment = (ms: number): string =>
  dateFormat(isChinese() ? 'zh-CN' : 'en-GB', {
    timeZone: zone,
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).format(ms);

/** "26/11/2026, 08:25": for tables that are kept for years. */
export const fullMoment = (iso: string): string =>
  dateFormat(isChinese() ? 'zh-CN' : 'en-GB', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(new Date(iso));

/** "Thu 3 Dec (in 10 days)", “12月3日 周四（10天后）”; with a year when it is far away. */
export function date(iso: string, now: number, withTime = false): string {
  const at = new Date(iso);
  const days = dayOf(at.getTime()) - dayOf(now);
  // before the house's time was had, a device whose clock is wrong would count from a wrong day
  const far = zone === undefined || Math.abs(days) > 300;
  const part = (options: Intl.DateTimeFormatOptions) =>
    dateFormat(isChinese() ? 'zh-CN' : 'en-GB', { timeZone: zone, ...options }).format(at);
  const day = part({
    month: isChinese() ? 'long' : 'short',
    day: 'numeric',
    ...(far ? { year: 'numeric' } : {}),
  });
  const weekday = far ? '' : part({ weekday: 'short' });
  const elsewhere = zone !== undefined && zone !== here;
  const time = withTime
    ? part({
        hour: '2-digit',
        minute: '2-digit',
        ...(elsewhere ? { timeZoneName: 'shortGeneric' } : {}),
      })
    : '';
  const words = (isChinese() ? [day, weekday, time] : [weekday, day, time]).filter(Boolean).join(' ');
  if (far) return words;
  const rel = new Intl.RelativeTimeFormat(language(), { numeric: 'auto' }).format(days, 'day');
  return isChinese() ? `${words}（${rel}）` : `${words} (${rel})`;
}
