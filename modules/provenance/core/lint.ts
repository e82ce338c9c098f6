/** Values that the public reference of the event hash treats in ways that lose something. Valid, but to be avoided. */
import type { Json } from '@zhenmei/kernel';
import { at, isObject } from './checks.ts';

export const LINTS = {
  'long-digits': [
    '超过 15 位的数字串会被事件哈希截断，请写成 URN 或 Digital Link',
    'a digit string of more than 15 digits loses its end in the event hash; write it as a URN or Digital Link',
  ],
  'leading-zero': [
    '数字串开头的零会在事件哈希中消失，请写成 URN 或 Digital Link',
    'leading zeros of a digit string vanish in the event hash; write it as a URN or Digital Link',
  ],
  'number-like': ['这个文本会被事件哈希当作数字改写', 'the event hash rewrites this text as a number'],
  'time-precision': [
    '时间超过毫秒的部分会在事件哈希中被舍入',
    'a time finer than milliseconds is rounded in the event hash',
  ],
  'time-lost': ['这个时间会让参考实现丢掉整个事件', 'this time makes the reference lose the whole event'],
  boolean: [
    '参考实现把布尔值写成 True、False，其他实现不同',
    'the reference writes booleans as True and False; others do not',
  ],
  'member-order': [
    '参考实现的结果取决于这两项的先后，请把 type 写在前面',
    'the result of the reference depends on the order of these members; put type first',
  ],
  'certification-info': [
    '各实现对 certificationInfo 是否计入哈希不一致',
    'implementations disagree on whether certificationInfo is hashed',
  ],
} as const satisfies Record<string, readonly [string, string]>;

export interface Lint {
  readonly pointer: string;
  readonly rule: keyof typeof LINTS;
  readonly zh: string;
  readonly en: string;
}

const TIME_NAMES = new Set(['eventTime', 'time', 'startTime', 'endTime']);
const IGNORED = new Set(['@context', 'recordTime', 'eventID', 'errorDeclaration', 'comment', 'rdfs:comment']);

/** @param event as it was written, before normalisation */
export function lintEvent(event: Json, pointer = ''): Lint[] {
  const found: Lint[] = [];
  const report = (where: string, rule: Lint['rule']) =>
    found.push({ pointer: where, rule, zh: LINTS[rule][0], en: LINTS[rule][1] });
  const visit = (value: Json, where: string, key: string): void => {
    if (typeof value === 'boolean') report(where, 'boolean');
    else if (typeof value === 'string') text(value, where, key, report);
    else if (Array.isArray(value)) {
      for (const [i, item] of value.entries()) visit(item, at(where, i), key);
    } else if (isObject(value)) {
      const names = Object.keys(value);
      const kept = names.findIndex(
        (name) => name === 'bizTransaction' || name === 'source' || name === 'destination',
      );
      if (kept >= 0 && names.indexOf('type') > kept) report(where, 'member-order');
      for (const name of names) {
        if (IGNORED.has(name)) continue;
        if (name === 'certificationInfo') report(at(where, name), 'certification-info');
        visit(value[name]!, at(where, name), name);
      }
    }
  };
  visit(event, pointer, '');
  return found;
}

function text(
  value: string,
  where: string,
  key: string,
  report: (where: string, rule: Lint['rule']) => void,
): void {
  if (TIME_NAMES.has(key)) {
    const fraction = /\.(\d+)/.exec(value)?.[1] ?? '';
    if (/[1-9]/.test(fraction.slice(3)))
      report(where, Number(fraction.slice(0, 6).padEnd(6, '0')) > 999_500 ? 'time-lost' : 'time-precision');
    return;
  }
  const plain = value.trim();
  if (/^[+-]?\d+$/.test(plain)) {
    if (plain.replace(/^[+-]/, '').length > 15) report(where, 'long-digits');
    else if (/^[+-]?0\d/.test(plain)) report(where, 'leading-zero');
    else if (plain.startsWith('+')) report(where, 'number-like');
  } else if (
    /^[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(plain) &&
    String(Number(plain)) !== plain
  )
    report(where, 'number-like');
}
