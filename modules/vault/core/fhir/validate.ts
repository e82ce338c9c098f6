/**
 * Is this a valid FHIR R4 (4.0.1) resource? Elements, types, cardinality, required bindings, references and the rules
 * that matter for a health record, each fault with its path. Pure, the same in browser and Node; ADR 0008 says why own.
 */
import { AppError, fromUtf8, type Json, strictJson } from '@zhenmei/kernel';
import { conceptIn, isInValueSet } from './bindings.ts';
import { type Issue, type IssueCode, invalid } from './issue.ts';
import { isPrimitive, primitiveFault } from './primitives.ts';
import { referenceFault } from './references.ts';
import { broken } from './rules.ts';
import { type Field, isChecked, isResourceType, shapeOf } from './schema.ts';

export type Resource = { readonly resourceType: string; readonly id?: string } & { [key: string]: Json };

/** What a stranger's file may be at most. */
export const LIMITS = { bytes: 20_000_000, depth: 40, nodes: 500_000, issues: 100 } as const;

type Obj = { [key: string]: Json };
const isObject = (value: unknown): value is Obj =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Walk {
  readonly issues: Issue[];
  nodes: number;
  /** Ids of the contained resources of the resource that is walked. */
  contained: ReadonlySet<string>;
}

class Enough extends Error {}

function say(walk: Walk, path: string, code: IssueCode, detail = '', mild = false): undefined {
  walk.issues.push({ path, code, detail, mild });
  if (walk.issues.length >= LIMITS.issues) throw new Enough();
}

/** @returns every fault, at most 100; none of them if the resource is valid */
export function validateResource(value: unknown): readonly Issue[] {
  const walk: Walk = { issues: [], nodes: 0, contained: new Set() };
  try {
    resource(walk, value, isObject(value) ? String(value.resourceType ?? '(root)') : '(root)', 0);
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  return walk.issues;
}

/** Reads a file. Throws FHIR_INVALID with the first fault's path; JSON_INVALID and BYTES_NOT_UTF8 if it is no JSON. */
export function readResource(bytes: Uint8Array): { resource: Resource; issues: readonly Issue[] } {
  if (bytes.length > LIMITS.bytes)
    throw invalid({ path: '(root)', code: 'too-large', detail: '', mild: false });
  const value = parsed(bytes);
  if (!isObject(value) || typeof value.resourceType !== 'string')
    throw invalid({ path: '(root)', code: 'unknown-resource', detail: '', mild: false });
  return { resource: value as Resource, issues: validateResource(value) };
}

function parsed(bytes: Uint8Array): Json {
  const text = fromUtf8(bytes).replace(/^\uFEFF/, '');
  try {
    return strictJson(text, LIMITS.depth + 4);
  } catch (error) {
    if (error instanceof AppError && String(error.params.reason).startsWith('too deep'))
      throw invalid({ path: '(root)', code: 'too-deep', detail: '', mild: false });
    throw error;
  }
}

function resource(walk: Walk, value: unknown, path: string, depth: number): undefined {
  if (!isObject(value)) return say(walk, path, 'not-an-object');
  const type = value.resourceType;
  if (typeof type !== 'string' || !isResourceType(type))
    return say(walk, `${path}.resourceType`, 'unknown-resource');
  if (!isChecked(type)) return say(walk, path, 'not-checked', type, true);
  const before = walk.contained;
  const inner = Array.isArray(value.contained) ? value.contained : [];
  // what is contained refers to its neighbours by the container's ids
  walk.contained = new Set([...before, ...inner.flatMap((one) => (isObject(one) ? [String(one.id)] : []))]);
  object(walk, value, type, path, depth);
  walk.contained = before;
}

function object(walk: Walk, value: Obj, type: string, path: string, depth: number): undefined {
  if (depth > LIMITS.depth) return say(walk, path, 'too-deep');
  if (++walk.nodes > LIMITS.nodes) {
    say(walk, path, 'too-large');
    throw new Enough();
  }
  const { fields, required } = shapeOf(type);
  const isResource = isResourceType(type);
  const seen = new Map<string, string>();
  let content = 0;
  for (const [key, item] of Object.entries(value)) {
    if (key === 'resourceType' && isResource) continue;
    const name = key.startsWith('_') ? key.slice(1) : key;
    const field = fields.get(name);
    const at = `${path}.${key}`;
    if (!field || (key !== name && !isPrimitive(field.type))) {
      say(walk, at, 'unknown-element');
      continue;
    }
    const other = seen.get(field.name);
    if (other !== undefined && other !== name) say(walk, at, 'choice-twice', field.name);
    seen.set(field.name, name);
    if (name !== 'id' || isResource) content++;
    if (key === name) each(walk, item, field, value[`_${key}`], at, depth);
    else siblings(walk, item, field, value[name], at, depth);
  }
  for (const field of required) if (!seen.has(field.name)) say(walk, path, 'missing', field.name);
  if (content === 0) say(walk, path, 'empty');
  for (const rule of broken(type, value)) say(walk, path, 'rule', rule);
}

function each(
  walk: Walk,
  item: Json,
  field: Field,
  beside: Json | undefined,
  at: string,
  depth: number,
): undefined {
  if (!field.many) {
    if (Array.isArray(item)) return say(walk, at, 'not-single');
    return one(walk, item, field, at, depth);
  }
  if (!Array.isArray(item)) return say(walk, at, 'not-a-list');
  if (item.length === 0) return say(walk, at, 'empty');
  for (const [i, part] of item.entries()) {
    // a list of primitives has a gap where only the sibling says something
    if (part === null && isPrimitive(field.type) && Array.isArray(beside) && isObject(beside[i])) continue;
    one(walk, part, field, `${at}[${i}]`, depth);
  }
}

/** `_field`: id and extensions of a primitive. */
function siblings(
  walk: Walk,
  item: Json,
  field: Field,
  of: Json | undefined,
  at: string,
  depth: number,
): undefined {
  if (!field.many) {
    if (!isObject(item)) return say(walk, at, 'not-an-object');
    return object(walk, item, 'Element', at, depth + 1);
  }
  if (!Array.isArray(item)) return say(walk, at, 'not-a-list');
  for (const [i, part] of item.entries()) {
    if (part === null && Array.isArray(of) && of[i] !== null && of[i] !== undefined) continue;
    if (!isObject(part)) say(walk, `${at}[${i}]`, 'not-an-object');
    else object(walk, part, 'Element', `${at}[${i}]`, depth + 1);
  }
}

function one(walk: Walk, item: Json, field: Field, at: string, depth: number): undefined {
  const { type } = field;
  if (isPrimitive(type)) {
    const fault = primitiveFault(type, item);
    if (fault) return say(walk, at, fault, type);
    if (field.binding && !isInValueSet(field.binding, String(item)))
      say(walk, at, 'not-in-value-set', field.binding);
    return;
  }
  if (type === 'Resource') return resource(walk, item, at, depth + 1);
  if (!isObject(item)) return say(walk, at, 'wrong-type', type.slice(type.lastIndexOf('.') + 1));
  object(walk, item, type, at, depth + 1);
  if (type === 'Reference') {
    const fault = referenceFault(item, field.targets, walk.contained);
    if (fault)
      say(walk, `${at}.reference`, fault, fault === 'reference-target' ? field.targets.join(' | ') : '');
  }
  if (field.binding) bound(walk, item, field, at);
}

function bound(walk: Walk, item: Obj, { type, binding }: Field, at: string): undefined {
  const wrong =
    type === 'CodeableConcept'
      ? !conceptIn(binding, item)
      : typeof item.code === 'string' && !isInValueSet(binding, item.code);
  if (wrong)
    say(walk, type === 'CodeableConcept' ? `${at}.coding` : `${at}.code`, 'not-in-value-set', binding);
}
