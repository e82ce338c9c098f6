/** Parameters about extensions: `EQ_INNER_ILMD_example:name` and its like. */
import { isDateTime } from '../event-time.ts';
import { OPERATORS } from './measures.ts';
import { extensionName, extensionPath, SECTIONS, type Section } from './paths.ts';
import type { Condition, ValueTest } from './query.ts';
import { flag, type Given, type Reading, single, texts, wrong } from './values.ts';

const SHAPE = new RegExp(
  `^(EQ|GT|GE|LT|LE|EXISTS)_(INNER_)?(?:(${Object.keys(SECTIONS)
    .filter((name) => name !== '')
    .join('|')})_)?(.+)$`,
);

export interface Field {
  readonly op: string;
  readonly path: string;
}

/** @returns null if the parameter does not name an extension */
export function fieldOf(name: string, { prefixes }: Reading): Field | null {
  const [, op, inner, section = '', written] = SHAPE.exec(name) ?? [];
  if (op === undefined) return null;
  const extension = extensionName(written!, prefixes);
  return extension === null
    ? null
    : { op, path: extensionPath(section as Section, extension, inner !== undefined) };
}

/** @returns nothing for `EXISTS_…=false`, which restricts nothing */
export function fieldCondition({ op, path }: Field, given: Given, reading: Reading): Condition[] {
  if (op === 'EXISTS') return flag(given) ? [{ on: 'field', path, test: { is: 'there' } }] : [];
  const test: ValueTest = op === 'EQ' ? equal(given, reading) : compared(op, given);
  return [{ on: 'field', path, test }];
}

/** As it was written, or as the identifier it is; a number also equals a number that is written otherwise. */
function equal(given: Given, { canonical }: Reading): ValueTest {
  const items = texts(given);
  const forms = items.flatMap((item) => [item, canonical(item) ?? item]);
  const numbers = items.filter((item) => item.trim() !== '').map(Number);
  return { is: 'one of', texts: [...new Set(forms)], numbers: numbers.filter(Number.isFinite) };
}

function compared(op: string, given: Given): ValueTest {
  const text = single(given);
  if (isDateTime(text)) return { is: 'time', op: OPERATORS[op]!, at: text };
  const value = Number(text);
  return text.trim() !== '' && Number.isFinite(value)
    ? { is: 'number', op: OPERATORS[op]!, value }
    : wrong(given);
}
