/** Small checks that the rules for EPCIS documents are made of. Each reports what is wrong at a JSON pointer. */
import { canonicalJson, type Json } from '@zhenmei/kernel';
import { isDateTime } from './event-time.ts';
import type { Vocabulary } from './vocabulary.ts';
import { termOf, webForm } from './vocabulary.ts';

export const ISSUES = {
  missing: ['缺少必填项 {detail}', 'the required member {detail} is missing'],
  object: ['应为对象', 'must be an object'],
  array: ['应为数组', 'must be an array'],
  string: ['应为文本', 'must be a text'],
  number: ['应为数字', 'must be a number'],
  boolean: ['应为 true 或 false', 'must be true or false'],
  'unknown-member': [
    'EPCIS 没有这个字段；自有扩展要用带前缀的名称',
    'EPCIS has no such member; own extensions need a name with a prefix',
  ],
  uri: ['应为完整的 URI', 'must be an absolute URI'],
  time: ['应为带时区、真实存在的时间（RFC 3339）', 'must be a time that exists, with a zone (RFC 3339)'],
  offset: ['时区应写作 +08:00 这样的形式', 'must be an offset such as +08:00'],
  term: [
    '不是标准词表中的词，也不是完整的 URI',
    'is neither a term of the standard vocabulary nor an absolute URI',
  ],
  action: ['应为 ADD、OBSERVE 或 DELETE', 'must be ADD, OBSERVE or DELETE'],
  uom: ['应为 UN/CEFACT 第 20 号建议书的计量单位代码', 'must be a unit code of UN/CEFACT Recommendation 20'],
  'hex-binary': ['应为十六进制文本', 'must be hexadecimal text'],
  version: ['版本号应如 2.0', 'must be a version such as 2.0'],
  empty: ['不能为空', 'must not be empty'],
  duplicate: ['同一项出现了两次', 'holds the same item twice'],
  'event-type': ['不是 EPCIS 的事件类型', 'is no type of EPCIS event'],
  'document-type': ['不是 EPCIS 文档或事件', 'is neither an EPCIS document nor an event'],
  'nothing-observed': ['事件没有说明对象：缺少 {detail}', 'the event names no object: it needs {detail}'],
  'ilmd-without-add': ['只有动作为 ADD 的事件可以带 ilmd', 'only an event with action ADD may carry ilmd'],
} as const satisfies Record<string, readonly [string, string]>;

export type IssueRule = keyof typeof ISSUES;

export interface Issue {
  /** RFC 6901 pointer into the document. */
  readonly pointer: string;
  readonly rule: IssueRule;
  readonly zh: string;
  readonly en: string;
}

export type Report = (pointer: string, rule: IssueRule, detail?: string) => void;
export type Check = (value: Json, pointer: string, report: Report) => void;

export type JsonObject = { [key: string]: Json };

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const at = (pointer: string, key: string | number): string =>
  `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;

const pattern =
  (regex: RegExp, rule: IssueRule): Check =>
  (value, pointer, report) => {
    if (typeof value !== 'string') report(pointer, 'string');
    else if (!regex.test(value)) report(pointer, rule);
  };

export const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/;

export const uri = pattern(URI, 'uri');
export const offset = pattern(/^[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00)$/, 'offset');
export const uom = pattern(/^[A-Z0-9]{2,3}$/, 'uom');
export const hexBinary = pattern(/^[A-Fa-f0-9]+$/, 'hex-binary');
export const version = pattern(/^\d+(?:\.\d+)*$/, 'version');
export const action = pattern(/^(?:ADD|OBSERVE|DELETE)$/, 'action');

export const text: Check = (value, pointer, report) => {
  if (typeof value !== 'string') report(pointer, 'string');
};
export const decimal: Check = (value, pointer, report) => {
  if (typeof value !== 'number') report(pointer, 'number');
};
export const truth: Check = (value, pointer, report) => {
  if (typeof value !== 'boolean') report(pointer, 'boolean');
};
export const time: Check = (value, pointer, report) => {
  if (typeof value !== 'string') report(pointer, 'string');
  else if (!isDateTime(value)) report(pointer, 'time');
};

/** A bare standard term, one of its URNs or IRIs, or a URI of somebody else's vocabulary. */
export const term =
  (vocabulary: Vocabulary): Check =>
  (value, pointer, report) => {
    if (typeof value !== 'string') return report(pointer, 'string');
    const known = termOf(vocabulary, webForm(value));
    if (!vocabulary.terms.has(known) && (!URI.test(value) || vocabulary.own.test(value)))
      report(pointer, 'term');
  };

/** Addresses of contexts and objects with prefixes, each once. */
export const context: Check = (value, pointer, report) => {
  const one: Check = (part, where, tell) => {
    if (typeof part === 'string') uri(part, where, tell);
    else if (!isObject(part)) tell(where, 'object');
  };
  if (!Array.isArray(value)) return one(value, pointer, report);
  const seen = new Set<string>();
  value.forEach((part, i) => {
    if (seen.has(canonicalJson(part))) report(at(pointer, i), 'duplicate');
    seen.add(canonicalJson(part));
    one(part, at(pointer, i), report);
  });
};

export const list =
  (item: Check, { least = 0, unique = false }: { least?: number; unique?: boolean } = {}): Check =>
  (value, pointer, report) => {
    if (!Array.isArray(value)) return report(pointer, 'array');
    if (value.length < least) report(pointer, 'empty');
    const seen = new Set<Json>();
    value.forEach((one, i) => {
      if (unique && typeof one === 'string' && seen.has(one)) report(at(pointer, i), 'duplicate');
      seen.add(one);
      item(one, at(pointer, i), report);
    });
  };

export const either =
  (single: Check, several: Check): Check =>
  (value, pointer, report) =>
    Array.isArray(value) ? several(value, pointer, report) : single(value, pointer, report);

export interface Shape {
  readonly members: Readonly<Record<string, Check>>;
  readonly required?: readonly string[];
  /** May it carry extensions, under names with a prefix, or under any name? */
  readonly open?: boolean | 'any name';
}

export const object =
  ({ members, required = [], open = false }: Shape, further?: Check): Check =>
  (value, pointer, report) => {
    if (!isObject(value)) return report(pointer, 'object');
    for (const name of required) if (value[name] === undefined) report(pointer, 'missing', name);
    for (const [name, member] of Object.entries(value)) {
      const check = Object.hasOwn(members, name) ? members[name] : undefined;
      if (check) check(member, at(pointer, name), report);
      else if (
        open !== 'any name' &&
        !(open && (URI.test(name) || /^\{[^}]+\}./.test(name))) &&
        name !== 'rdfs:comment' &&
        !name.startsWith('@xmlns')
      )
        report(at(pointer, name), 'unknown-member');
    }
    further?.(value, pointer, report);
  };
