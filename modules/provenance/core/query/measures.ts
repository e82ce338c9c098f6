/** Parameters about amounts: quantities and sensor readings, in any unit of the same kind. */
import { SECTIONS } from './paths.ts';
import type { Comparison, Condition } from './query.ts';
import { inAllUnits } from './units.ts';

export const OPERATORS: Readonly<Record<string, Comparison>> = {
  EQ: '=',
  GT: '>',
  GE: '>=',
  LT: '<',
  LE: '<=',
};

const QUANTITIES = '$.keyvalue() ? (@.key like_regex "[qQ]uantityList$").value[*]';

/** What was computed may differ in the last digits from what was written. */
const nearly = (value: number): number => Math.max(Math.abs(value), 1e-6) * 1e-9;

function compared(field: string, op: Comparison, value: number, slack: number, variables: Variables): string {
  const add = (v: number): string => {
    const name = `v${Object.keys(variables).length}`;
    variables[name] = v;
    return `$${name}`;
  };
  switch (op) {
    case '=':
      return slack === 0
        ? `@.${field} == ${add(value)}`
        : `@.${field} >= ${add(value - slack)} && @.${field} <= ${add(value + slack)}`;
    case '>':
    case '<=':
      return `@.${field} ${op} ${add(value + slack)}`;
    default:
      return `@.${field} ${op} ${add(value - slack)}`;
  }
}
type Variables = Record<string, string | number | boolean>;

/** @param uom a unit, or null for whatever unit it has */
function measured(
  base: string,
  field: string,
  op: Comparison,
  values: readonly number[],
  uom: string | null,
): Condition {
  const variables: Variables = {};
  const tests = values.flatMap((value) => {
    if (uom === null) return [`(${compared(field, op, value, 0, variables)})`];
    return inAllUnits(value, uom).map((one) => {
      const slack = one.converted ? nearly(one.value) : 0;
      return `(@.uom == ${JSON.stringify(one.uom)} && ${compared(field, op, one.value, slack, variables)})`;
    });
  });
  return { on: 'path', path: `${base} ? (${tests.join(' || ')})`, variables };
}

export const quantity = (op: Comparison, values: readonly number[], uom: string | null): Condition =>
  measured(QUANTITIES, 'quantity', op, values, uom);

export const reading = (
  field: string,
  op: Comparison,
  values: readonly number[],
  uom: string | null,
): Condition => measured(SECTIONS.SENSORREPORT, field, op, values, uom);
