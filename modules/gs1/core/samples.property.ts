/** Valid content for any application identifier, from its components: for tests only. */
import fc from 'fast-check';
import { SET_82 } from './characters.ts';
import { checkDigit, checkPair } from './check-digit.ts';
import type { LinterName } from './linters.ts';
import { type Component, IDENTIFIERS, type Identifier } from './table.ts';

const DIGITS = '0123456789';
const SETS = {
  N: DIGITS,
  X: SET_82,
  Y: '#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  Z: 'ABCXYZabcxyz0123456789-_',
};

const text = (characters: string, min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(...characters), minLength: min, maxLength: max });
const pick = (...values: string[]) => fc.constantFrom(...values);
const pad = (n: number, width: number) => String(n).padStart(width, '0');
const date = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
  .map(([m, d]) => pad(m, 2) + pad(d, 2));

const SPECIAL: Partial<Record<LinterName, (c: Component) => fc.Arbitrary<string>>> = {
  csum: ({ max }) => text(DIGITS, max - 1, max - 1).map((body) => body + checkDigit(body)),
  csumalpha: ({ max }) =>
    fc
      .tuple(text(DIGITS, 5, 5), text(SET_82, 1, max - 9))
      .map(([a, b]) => `${a}A${b}`)
      .map((body) => body + checkPair(body)),
  gcppos1: ({ set, max }) => fc.tuple(text(DIGITS, 4, 4), text(SETS[set], 0, max - 4)).map(([a, b]) => a + b),
  couponcode: () => pick('012345612345611110123', '01234561234561111012332712314270101' + '900' + '01'),
  couponposoffer: () => pick('00123456123456' + '0' + '123456'),
  hasnondigit: () => pick('12345A'),
  hh: () => pick('00', '23'),
  hhmi: () => pick('0000', '2359'),
  mi: () => pick('00', '59'),
  ss: () => pick('00', '59'),
  hyphen: () => pick('-'),
  iban: () => pick('GB82WEST12345698765432', 'DE89370400440532013000'),
  importeridx: () => text('-_AZaz09', 1, 1),
  iso3166: () => pick('156', '056'),
  iso3166999: () => pick('156', '999'),
  iso3166alpha2: () => pick('CN', 'BE'),
  iso4217: () => pick('156', '978'),
  iso5218: () => pick('0', '1', '2', '9'),
  latitude: () => pick('0000000000', '1800000000'),
  longitude: () => pick('0000000000', '3600000000'),
  mediatype: () => pick('01', '10', '80', '99'),
  nonzero: ({ max }) => fc.integer({ min: 1, max: 10 ** max - 1 }).map((n) => pad(n, max)),
  nozeroprefix: () => pick('0', '1', '123456789012'),
  packagetype: () => pick('1A', '8', 'ZZ', 'APE'),
  pcenc: ({ max }) =>
    text('ABCabc019', 1, Math.min(max, 20)).map((s) => (s.length + 3 <= max ? `${s}%2F` : s)),
  pieceoftotal: () => pick('0101', '0102', '9999'),
  posinseqslash: () => pick('1/1', '2/9'),
  winding: () => pick('0', '1', '9'),
  yesno: () => pick('0', '1'),
  yymmd0: () =>
    fc.oneof(
      date.map((d) => `27${d}`),
      pick('270200', '240229'),
    ),
  yymmdd: () => date.map((d) => `27${d}`),
  yyyymmdd: () => date.map((d) => `1990${d}`),
  zero: ({ max }) => pick('0'.repeat(max)),
};

function componentSample(component: Component): fc.Arbitrary<string> {
  const special = component.linters.map(({ name }) => SPECIAL[name]).find(Boolean);
  if (special) return special(component);
  return text(SETS[component.set], component.min, component.max);
}

/** Content that is valid by every rule of the identifier itself. */
export function contentOf(identifier: Identifier): fc.Arbitrary<string> {
  const parts = identifier.components.map(componentSample);
  const whole = fc.tuple(...parts).map((values) => values.join(''));
  const firstOptional = identifier.components.findIndex(({ optional }) => optional);
  return firstOptional < 1
    ? whole
    : fc.oneof(
        whole,
        fc.tuple(...parts.slice(0, firstOptional)).map((values) => values.join('')),
      );
}

/** The identifier with its content and with all it requires, free of what it excludes; null if that cannot be had. */
export function company(ai: string, seen: readonly string[] = []): string[] | null {
  const identifier = IDENTIFIERS.get(ai)!;
  let set = [...new Set([...seen, ai])];
  for (const groups of identifier.requires) {
    const found = groups
      .map((group) =>
        group.reduce<string[] | null>((all, pattern) => {
          const wanted = [...IDENTIFIERS.keys()].find(
            (other) => other.length === pattern.length && other.startsWith(pattern.replace(/n+$/, '')),
          );
          return all && wanted ? (all.includes(wanted) ? all : company(wanted, all)) : null;
        }, set),
      )
      .find((candidate) => candidate !== null && !conflicts(candidate));
    if (!found) return null;
    set = found;
  }
  return set;
}

const conflicts = (set: readonly string[]) =>
  set.some((ai) =>
    IDENTIFIERS.get(ai)!.excludes.some((pattern) =>
      set.some(
        (other) =>
          other !== ai && other.length === pattern.length && other.startsWith(pattern.replace(/n+$/, '')),
      ),
    ),
  );
