/** Words in both languages. Lingui formats them; both catalogues have the same keys by type, and a test compares them. */
import { i18n } from '@lingui/core';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import { formatMoney as kernelMoney, type Lang } from '@zhenmei/kernel';
import { en } from '../words/en.ts';
import { type Words, zh } from '../words/zh.ts';

i18n.setMessagesCompiler(compileMessage);

export type Key = keyof Words;

function initial(): Lang {
  const kept = localStorage.getItem('zm-lang');
  if (kept === 'en' || kept === 'zh-CN') return kept;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

export function setLanguage(lang: Lang): void {
  i18n.load({ 'zh-CN': zh, en });
  i18n.activate(lang);
  localStorage.setItem('zm-lang', lang);
  document.documentElement.lang = lang;
}
setLanguage(initial());

export const language = (): Lang => i18n.locale as Lang;
export const isChinese = (): boolean => i18n.locale === 'zh-CN';
export const t = (key: Key, values?: Record<string, string | number>): string => i18n._(key, values);
/** The text of a value that comes in both languages. */
export const say = (text: { zh: string; en: string }): string => (isChinese() ? text.zh : text.en);

export const yuan = (minor: string): string =>
  kernelMoney({ minor: BigInt(minor), currency: 'CNY' }, language());

/** "Thu 3 Dec (in 10 days)", 12月3日 周四(10 天后). */
export function date(iso: string, now: number, withTime = false): string {
  const at = new Date(iso);
  const days = Math.round((at.getTime() - now) / 86_400_000);
  const form = new Intl.DateTimeFormat(language(), {
    ...(Math.abs(days) > 300 ? { year: 'numeric' } : { weekday: 'short' }),
    month: 'short',
    day: 'numeric',
    ...(withTime ? { hour: '2-digit', minute: '2-digit' } : {}),
  }).format(at);
  const rel = new Intl.RelativeTimeFormat(language(), { numeric: 'auto' }).format(days, 'day');
  return isChinese() ? `${form}（${rel}）` : `${form} (${rel})`;
}
