/** Required bindings: a code must be in the value set that the standard names. */
import { CODES } from './generated/definitions.ts';

const sets = new Map<string, ReadonlySet<string>>();

/** Value sets without end, or kept by others, are judged by how their codes are written. */
const BY_FORM: Readonly<Record<string, RegExp>> = {
  mimetypes: /^[A-Za-z0-9!#$&^_.+-]+\/[A-Za-z0-9!#$&^_.+-]+(?:\s*;.*)?$/,
  languages: /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*$/,
  'all-languages': /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*$/,
  currencies: /^[A-Z]{3}$/,
  'ucum-units': /^[!-~]+$/,
  'all-types': /^[A-Za-z]+$/,
};

export function isInValueSet(name: string, code: string): boolean {
  const form = BY_FORM[name];
  if (form) return form.test(code);
  let set = sets.get(name);
  if (!set) {
    set = new Set((CODES[name] ?? '').split(' '));
    sets.set(name, set);
  }
  return set.has(code);
}

/** @returns whether one of its codings is in the value set; words alone are not a code */
export function conceptIn(name: string, value: unknown): boolean {
  const { coding } = value as { coding?: unknown };
  return (
    Array.isArray(coding) &&
    coding.some(
      (one: { code?: unknown } | null) => typeof one?.code === 'string' && isInValueSet(name, one.code),
    )
  );
}
