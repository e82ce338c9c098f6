/** Which of our two languages a request wants. */
import type { Lang } from '@zhenmei/kernel';
import { readCookie } from './cookies.ts';

interface Headers {
  readonly cookie?: string | undefined;
  readonly 'accept-language'?: string | undefined;
}

/** The chosen language (`zm_lang` as cookie or in the query), else the best of Accept-Language, else Chinese. */
export function languageOf(headers: Headers, query: unknown = {}): Lang {
  const asked = (query as { zm_lang?: unknown } | null)?.zm_lang ?? readCookie(headers.cookie, 'zm_lang');
  if (typeof asked === 'string' && asked) return toLang(asked) ?? 'zh-CN';
  const ranked = (headers['accept-language'] ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...rest] = part.trim().split(';');
      const q = rest.map((r) => /^\s*q=([\d.]+)$/.exec(r)?.[1]).find(Boolean);
      return { lang: toLang(tag), q: q === undefined ? 1 : Number(q) };
    })
    .filter((each) => each.lang && each.q > 0)
    .sort((a, b) => b.q - a.q);
  return ranked[0]?.lang ?? 'zh-CN';
}

function toLang(tag: string): Lang | null {
  if (/^zh\b/i.test(tag)) return 'zh-CN';
  return /^en\b/i.test(tag) ? 'en' : null;
}
