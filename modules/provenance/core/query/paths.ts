/** JSON paths (SQL/JSON) into events: where standard and extension fields are. */
import { expandName, type Prefixes, ZM } from '../context.ts';
import type { Condition } from './query.ts';

/** A member's name inside a path; JSON strings and path strings are written alike. */
export const member = (name: string): string => JSON.stringify(name);

/** Objects that may carry extensions, by how query parameters name them. */
export const SECTIONS = {
  '': '$',
  ILMD: '$.ilmd',
  ERROR_DECLARATION: '$.errorDeclaration',
  SENSORELEMENT: '$.sensorElementList[*]',
  SENSORMETADATA: '$.sensorElementList[*].sensorMetadata',
  SENSORREPORT: '$.sensorElementList[*].sensorReport[*]',
  readPoint: '$.readPoint',
  bizLocation: '$.bizLocation',
} as const;
export type Section = keyof typeof SECTIONS;

/** The name of an extension as events have it, or null if it is none or its prefix is not declared. */
export function extensionName(written: string, prefixes: Prefixes): string | null {
  // EPCIS 1.2 parted namespace and name by a number sign
  const parted = /^(?<namespace>[a-z][a-z0-9+.-]*:[^#]*[^/#:])#(?<local>[^#/:]+)$/i.exec(written)?.groups;
  if (parted) return houseName(`{${parted.namespace}}${parted.local}`);
  const colon = written.indexOf(':');
  if (colon <= 0 || colon === written.length - 1) return null;
  const known = Object.hasOwn(prefixes, written.slice(0, colon));
  if (!known && !/^(?:https?:\/\/|urn:)./i.test(written)) return null;
  return houseName(expandName(prefixes, written));
}

const houseName = (name: string): string => (name.startsWith(ZM) ? `zm:${name.slice(ZM.length)}` : name);

/** Every value of an extension: directly in its section, or anywhere within the section's extensions (`inner`). */
export function extensionPath(section: Section, name: string, inner: boolean): string {
  const base = SECTIONS[section];
  return inner
    ? `${base}.keyvalue() ? (@.key like_regex ":|^[{]").value.**.${member(name)}[*]`
    : `${base}.${member(name)}[*]`;
}

/** Whether one of the items at a path equals one of these values. */
export function pathIn(path: string, values: readonly (string | number | boolean)[]): Condition {
  const variables = Object.fromEntries(values.map((value, i) => [`v${i}`, value]));
  const tests = values.map((_, i) => `@ == $v${i}`).join(' || ');
  return { on: 'path', path: `${path} ? (${tests})`, variables };
}

export const pathThere = (path: string): Condition => ({ on: 'path', path, variables: {} });

/** Compares texts of one form, such as times of events, in their order. */
export const pathCompared = (path: string, op: string, value: string | number): Condition => ({
  on: 'path',
  path: `${path} ? (@ ${op} $v)`,
  variables: { v: value },
});
