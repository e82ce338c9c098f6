/** How amounts, days, spans of time and shares are written in plain words, and read again without loss. */
import type { Hex } from '@zhenmei/kernel';
import type { Codec } from './two-way.ts';

export type Lang = 'zh-CN' | 'en';

/** Clinics' clocks: China keeps one zone, eight hours ahead of UTC, all year. */
const AHEAD = 8 * 3600;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (n: number): string => String(n).padStart(2, '0');

/** Minor units of yuan as decimal text, e.g. `¥3,980.00`. */
export const amount: Codec<string> = {
  write(minor) {
    const text = minor.padStart(3, '0');
    return `¥${text.slice(0, -2).replaceAll(/\B(?=(\d{3})+$)/g, ',')}.${text.slice(-2)}`;
  },
  form: '¥[\\d,]+\\.\\d\\d',
  read: (text) => text.replaceAll(/[¥,.]/g, '').replace(/^0+(?=\d)/, ''),
};

/** Seconds since the epoch as a day and time in China; seconds only where there are any. */
export const moment: Readonly<Record<Lang, Codec<number>>> = {
  'zh-CN': {
    write(seconds) {
      const at = new Date((seconds + AHEAD) * 1000);
      return `${at.getUTCFullYear()}年${at.getUTCMonth() + 1}月${at.getUTCDate()}日 ${clock(at)}`;
    },
    form: '\\d+年\\d+月\\d+日 \\d\\d:\\d\\d(?::\\d\\d)?',
    read(text) {
      const [, y, m, d, h, min, s] = /(\d+)年(\d+)月(\d+)日 (\d+):(\d+)(?::(\d+))?/.exec(text)!;
      return Date.UTC(+y!, +m! - 1, +d!, +h!, +min!, +(s ?? 0)) / 1000 - AHEAD;
    },
  },
  en: {
    write(seconds) {
      const at = new Date((seconds + AHEAD) * 1000);
      return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}, ${clock(at)}`;
    },
    form: '\\d+ [A-Z][a-z]{2} \\d+, \\d\\d:\\d\\d(?::\\d\\d)?',
    read(text) {
      const [, d, m, y, h, min, s] = /(\d+) (\w+) (\d+), (\d+):(\d+)(?::(\d+))?/.exec(text)!;
      return Date.UTC(+y!, MONTHS.indexOf(m!), +d!, +h!, +min!, +(s ?? 0)) / 1000 - AHEAD;
    },
  },
};

function clock(at: Date): string {
  const seconds = at.getUTCSeconds();
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}${seconds === 0 ? '' : `:${two(seconds)}`}`;
}

const UNITS: readonly (readonly [seconds: number, zh: string, one: string, many: string])[] = [
  [86_400, '天', 'day', 'days'],
  [3_600, '小时', 'hour', 'hours'],
  [60, '分钟', 'minute', 'minutes'],
  [1, '秒', 'second', 'seconds'],
];

/** Seconds as days, hours, minutes and seconds, whichever are there. */
export const span: Readonly<Record<Lang, Codec<number>>> = {
  'zh-CN': {
    write: (seconds) => parts(seconds, (n, [, zh]) => `${n}${zh}`, '').replace(/^$/, '0天'),
    form: '(?:\\d+[天小时分钟秒]+)+',
    read: (text) => readParts(text),
  },
  en: {
    write: (seconds) =>
      parts(seconds, (n, [, , one, many]) => `${n} ${n === 1 ? one : many}`, ' ').replace(/^$/, '0 days'),
    form: '\\d+ (?:day|hour|minute|second)s?(?: \\d+ (?:day|hour|minute|second)s?)*',
    read: (text) => readParts(text),
  },
};

function parts(
  seconds: number,
  say: (n: number, unit: (typeof UNITS)[number]) => string,
  glue: string,
): string {
  let left = seconds;
  const said: string[] = [];
  for (const unit of UNITS) {
    const n = Math.floor(left / unit[0]);
    left -= n * unit[0];
    if (n > 0) said.push(say(n, unit));
  }
  return said.join(glue);
}

function readParts(text: string): number {
  let sum = 0;
  for (const [, n, word] of text.matchAll(/(\d+) ?(天|小时|分钟|秒|[a-z]+)/g))
    sum += Number(n) * UNITS.find(([, zh, one, many]) => [zh, one, many].includes(word!))![0];
  return sum;
}

/** Basis points as per cent, exactly: `2.5%`. */
export const share: Codec<number> = {
  write: (bps) => `${String(bps / 100)}%`,
  form: '\\d+(?:\\.\\d{1,2})?%',
  read: (text) => Math.round(Number(text.slice(0, -1)) * 100),
};

export const count: Codec<number> = { write: String, form: '\\d+', read: Number };
export const decimal: Codec<string> = { write: (text) => text, form: '\\d+', read: (text) => text };
export const hex: Codec<Hex> = {
  write: (text) => text,
  form: '0x[0-9a-f]*',
  read: (text) => text as Hex,
};
