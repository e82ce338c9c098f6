/** Values of query parameters: from an address (`a|b`) or from JSON. Each throws QUERY_INVALID with the parameter's name. */
import { AppError } from '@zhenmei/kernel';
import { URI } from '../checks.ts';
import { expand, type Prefixes } from '../context.ts';
import '../errors.ts';
import { isDateTime, normaliseTime } from '../event-time.ts';
import { termOf, type Vocabulary, webForm } from '../vocabulary.ts';

export interface Given {
  readonly name: string;
  readonly value: unknown;
}

/** How names and identifiers are read. */
export interface Reading {
  readonly prefixes: Prefixes;
  /** The canonical Digital Link of an identifier, or null if it is none of GS1's. */
  readonly canonical: (uri: string) => string | null;
}

export function wrong({ name }: Given): never {
  throw new AppError('QUERY_INVALID', { name });
}

/** At least one text. */
export function texts(given: Given): string[] {
  const items = (Array.isArray(given.value) ? given.value : [given.value]).flatMap((item): string[] => {
    if (typeof item === 'number' || typeof item === 'boolean') return [String(item)];
    if (typeof item !== 'string') return wrong(given);
    return item.split('|');
  });
  if (items.length === 0 || items.some((item) => item === '')) wrong(given);
  return items;
}

export function single(given: Given): string {
  const [item, ...more] = texts(given);
  return more.length > 0 ? wrong(given) : item!;
}

export function number(given: Given): number {
  const value = Number(single(given));
  return Number.isFinite(value) && single(given).trim() !== '' ? value : wrong(given);
}

export function numbers(given: Given): number[] {
  return texts(given).map((item) => number({ name: given.name, value: item }));
}

export function count(given: Given, least: number): number {
  const value = number(given);
  return Number.isInteger(value) && value >= least && value <= 2 ** 31 - 1 ? value : wrong(given);
}

/** A parameter that only has to be there: no value, `true` or 1. @returns false if it says that it does not count */
export function flag(given: Given): boolean {
  const { value } = given;
  if (value === null || value === '' || value === true || value === 1) return true;
  if (value === false || value === 0) return false;
  if (value === 'true' || value === '1') return true;
  return value === 'false' || value === '0' ? false : wrong(given);
}

export function truth(given: Given): boolean {
  const text = single(given);
  return text === 'true' ? true : text === 'false' ? false : wrong(given);
}

/** UTC at milliseconds, as events have it. */
export function time(given: Given): string {
  const text = single(given);
  return isDateTime(text) ? normaliseTime(text) : wrong(given);
}

export function oneOf<T extends string>(given: Given, allowed: readonly T[]): T[] {
  return texts(given).map((item) => allowed.find((one) => one === item) ?? wrong(given));
}

/** Bare terms where they are standard, otherwise IRIs. */
export function terms(given: Given, vocabulary: Vocabulary, { prefixes }: Reading): string[] {
  return texts(given).map((item) => {
    const iri = webForm(expand(prefixes, item.trim()));
    const term = termOf(vocabulary, iri);
    return vocabulary.terms.has(term) || URI.test(term) ? term : wrong(given);
  });
}

/** Identifiers in their one form. */
export function uris(given: Given, reading: Reading): string[] {
  return texts(given).map((item) => {
    const iri = webForm(expand(reading.prefixes, item.trim()));
    return URI.test(iri) ? (reading.canonical(iri) ?? iri) : wrong(given);
  });
}
