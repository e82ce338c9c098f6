/** The application identifiers, ready for parsing. Compiled once from the generated dictionary. */
import type { CharacterSet } from './characters.ts';
import { DICTIONARY } from './generated/dictionary.ts';
import { LINTERS, type Linter, type LinterName } from './linters.ts';

export interface Component {
  readonly set: CharacterSet;
  readonly min: number;
  readonly max: number;
  readonly optional: boolean;
  readonly linters: readonly { readonly name: LinterName; readonly check: Linter }[];
}

export interface Identifier {
  readonly ai: string;
  /** Data title of the General Specifications, e.g. `BATCH/LOT`. */
  readonly title: string;
  /** True if its length is predefined, so that no separator has to follow. */
  readonly fixed: boolean;
  /** True if it may be an attribute in the query of a Digital Link. */
  readonly attribute: boolean;
  readonly components: readonly Component[];
  readonly min: number;
  readonly max: number;
  /** Each requirement is met if all identifiers of one of its groups are present (`n` stands for any digit). */
  readonly requires: readonly (readonly (readonly string[])[])[];
  readonly excludes: readonly string[];
  /** Orders of key qualifiers if it is a primary key of a Digital Link, otherwise null. */
  readonly qualifiers: readonly (readonly string[])[] | null;
}

const COMPONENT = /^(\[)?([NXYZ])(\.\.)?(\d+)\]?(?:,(.+))?$/;

function component(text: string): Component {
  const [, optional, set, upTo, length, linters] = COMPONENT.exec(text)!;
  const max = Number(length);
  const names = (linters?.split(',') ?? []) as LinterName[];
  return {
    set: set as CharacterSet,
    min: upTo ? 1 : max,
    max,
    optional: optional !== undefined,
    linters: names.map((name) => ({ name, check: LINTERS[name] })),
  };
}

function entries(row: string): Identifier[] {
  const [range, flags, spec, attributes, title] = row.split(';') as [string, string, string, string, string];
  const components = spec.split(' ').map(component);
  const attribute = attributes.split(' ').filter(Boolean);
  const valuesOf = (key: string) =>
    attribute.filter((a) => a.startsWith(`${key}=`)).map((a) => a.slice(key.length + 1));
  const isKey = attribute.some((a) => a === 'dlpkey' || a.startsWith('dlpkey='));
  const [first, last = first] = range.split('-') as [string, string?];
  const count = Number(last) - Number(first) + 1;
  return Array.from({ length: count }, (_, i) => ({
    ai: String(Number(first) + i).padStart(first.length, '0'),
    title,
    fixed: flags.includes('*'),
    attribute: flags.includes('?'),
    components,
    min: components.reduce((sum, c) => sum + (c.optional ? 0 : c.min), 0),
    max: components.reduce((sum, c) => sum + c.max, 0),
    requires: valuesOf('req').map((groups) => groups.split(',').map((group) => group.split('+'))),
    excludes: valuesOf('ex').flatMap((list) => list.split(',')),
    qualifiers: isKey
      ? (valuesOf('dlpkey')[0]
          ?.split('|')
          .map((order) => order.split(',')) ?? [[]])
      : null,
  }));
}

export const IDENTIFIERS: ReadonlyMap<string, Identifier> = new Map(
  DICTIONARY.split('\n')
    .flatMap(entries)
    .map((entry) => [entry.ai, entry]),
);

/** By the first two digits: how many digits an identifier has (0 if none begins so). */
const LENGTHS = new Uint8Array(100);
for (const ai of IDENTIFIERS.keys()) LENGTHS[Number(ai.slice(0, 2))] = ai.length;

/** The identifier that `text` begins with at `at`, if it is a known one. */
export function identifierAt(text: string, at: number): Identifier | undefined {
  const [a, b] = [text.charCodeAt(at) - 48, text.charCodeAt(at + 1) - 48];
  if (!(a >= 0 && a <= 9 && b >= 0 && b <= 9)) return undefined;
  const length = LENGTHS[a * 10 + b]!;
  return length === 0 ? undefined : IDENTIFIERS.get(text.slice(at, at + length));
}

/** Does `ai` fit a pattern of the dictionary, such as `310n`? */
export function fits(ai: string, pattern: string): boolean {
  const fixed = pattern.indexOf('n');
  return fixed < 0 ? ai === pattern : ai.length === pattern.length && ai.startsWith(pattern.slice(0, fixed));
}
