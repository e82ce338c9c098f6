/** Reads the parameters of a simple event query. What nobody knows is refused, never left out. */
import { AppError } from '@zhenmei/kernel';
import '../errors.ts';
import { expand } from '../context.ts';
import { SOURCE_DESTINATION, TRANSACTION, termOf, type Vocabulary, webForm } from '../vocabulary.ts';
import { fieldCondition, fieldOf } from './fields.ts';
import { OPERATORS, quantity, reading as readingOf } from './measures.ts';
import { extensionName, extensionPath } from './paths.ts';
import type { Condition, EventQuery, OrderBy } from './query.ts';
import { STANDARD } from './standard.ts';
import { count, type Given, number, numbers, oneOf, type Reading, single, uris, wrong } from './values.ts';

export type Parameters = Readonly<Record<string, unknown>>;

/** Parameters that say which part of the result is wanted; not conditions. */
const FRAME = new Set(['orderBy', 'orderDirection', 'eventCountLimit', 'maxEventCount']);

/** Throws QUERY_PARAMETER_UNKNOWN, QUERY_INVALID. */
export function readQuery(parameters: Parameters, reading: Reading): EventQuery {
  const conditions = Object.entries(parameters).flatMap(([name, value]) => {
    if (FRAME.has(name)) return [];
    const given = { name, value };
    mustBeStorable(given);
    return conditionsOf(given, reading);
  });
  const given = (name: string): Given | null =>
    parameters[name] === undefined ? null : { name, value: parameters[name] };
  const [order, direction, limit, most] = [
    'orderBy',
    'orderDirection',
    'eventCountLimit',
    'maxEventCount',
  ].map(given);
  if (limit && most) wrong(limit);
  if (limit && !order) wrong(limit);
  return {
    conditions,
    orderBy: order ? orderOf(order, reading) : 'eventTime',
    descending: direction
      ? oneOf(direction, ['ASC', 'DESC']).join() === 'DESC'
      : order !== null && order !== undefined,
    eventCountLimit: limit ? count(limit, 1) : null,
    maxEventCount: most ? count(most, 0) : null,
  };
}

/** PostgreSQL has no text with this character. */
function mustBeStorable(given: Given): void {
  if (`${given.name}${JSON.stringify(given.value)}`.match(/\0|\\u0000/)) wrong(given);
}

function conditionsOf(given: Given, reading: Reading): Condition[] {
  const { name } = given;
  if (Object.hasOwn(STANDARD, name)) return STANDARD[name]!(given, reading);
  const found = measure(given) ?? pair(given, reading);
  if (found) return [found];
  const field = fieldOf(name, reading);
  if (field) return fieldCondition(field, given, reading);
  throw new AppError('QUERY_PARAMETER_UNKNOWN', { name: name.slice(0, 100) });
}

const AMOUNT =
  /^(EQ|GT|GE|LT|LE)_(quantity|value|minValue|maxValue|meanValue|sDev|percValue|percRank)(?:_([A-Z0-9]{2,3}))?$/;

/** `GE_value_CEL`, `EQ_quantity`; readings need a unit, a rank has none. */
function measure(given: Given): Condition | null {
  const [, op, field, uom = null] = AMOUNT.exec(given.name) ?? [];
  if (op === undefined) return null;
  if (field === 'percRank' ? uom !== null : uom === null && field !== 'quantity') return null;
  const values = op === 'EQ' ? numbers(given) : [number(given)];
  return field === 'quantity'
    ? quantity(OPERATORS[op]!, values, uom)
    : readingOf(field!, OPERATORS[op]!, values, uom);
}

const PAIRS: Readonly<Record<string, { readonly list: string; readonly types: Vocabulary }>> = {
  bizTransaction: { list: 'bizTransactionList', types: TRANSACTION },
  source: { list: 'sourceList', types: SOURCE_DESTINATION },
  destination: { list: 'destinationList', types: SOURCE_DESTINATION },
};

/** `EQ_source_possessing_party`: the type is part of the name. */
function pair(given: Given, reading: Reading): Condition | null {
  const [, kind, written] = /^EQ_(bizTransaction|source|destination)_(.+)$/.exec(given.name) ?? [];
  if (kind === undefined) return null;
  const { list, types } = PAIRS[kind]!;
  const type = termOf(types, webForm(expand(reading.prefixes, written!)));
  if (!types.terms.has(type) && !type.includes(':')) return null;
  const values = uris(given, reading);
  const variables = { type, ...Object.fromEntries(values.map((value, i) => [`v${i}`, value])) };
  const tests = values.map((_, i) => `@.${kind} == $v${i}`).join(' || ');
  return { on: 'path', path: `$.${list}[*] ? (@.type == $type && (${tests}))`, variables };
}

function orderOf(given: Given, { prefixes }: Reading): OrderBy {
  const name = single(given);
  if (name === 'eventTime' || name === 'recordTime') return name;
  const extension = extensionName(name, prefixes);
  return extension ? { path: extensionPath('', extension, false) } : wrong(given);
}
