/**
 * Fields that carry health or identity are marked in their schema with `.meta({ phi: true })`. From the mark follow
 * the paths that logs redact, and the refusal of whatever writes to a place where such fields may never go.
 */
import { AppError, defineErrors } from '@zhenmei/kernel';
import { z } from 'zod';

defineErrors({
  PHI_NOT_ALLOWED: {
    status: 500,
    retryable: false,
    zh: '{path} 含有健康或身份信息，不能写到这里。请去掉它，或改存到加密档案。',
    en: '{path} carries health or identity data and may not be written here. Leave it out, or keep it in the encrypted record.',
  },
});

/** Stands for any array index or any key of a record. */
const ANY = '*';
export type MarkedPath = readonly string[];

type Def = z.core.$ZodTypeDef & Record<string, unknown>;
const defOf = (schema: z.core.$ZodType): Def => schema._zod.def as Def;

export function isMarked(schema: z.core.$ZodType): boolean {
  return (z.globalRegistry.get(schema) as { phi?: unknown } | undefined)?.phi === true;
}

/** All paths of marked fields in a schema; `*` for the members of arrays, tuples, records, maps and sets. */
export function markedPaths(schema: z.core.$ZodType): MarkedPath[] {
  const found = new Map<string, MarkedPath>();
  walk(schema, [], new Set(), (path) => found.set(JSON.stringify(path), path));
  return [...found.values()];
}

function walk(
  schema: z.core.$ZodType,
  path: MarkedPath,
  above: ReadonlySet<unknown>,
  found: (path: MarkedPath) => void,
): void {
  if (isMarked(schema)) {
    found(path);
    return;
  }
  // A schema that contains itself has already said what it marks.
  if (above.has(schema)) return;
  const seen = new Set(above).add(schema);
  for (const [step, inner] of members(schema))
    walk(inner, step === null ? path : [...path, step], seen, found);
}

/** What a schema is made of: the step to each part, null where the part stands in the same place. */
function* members(schema: z.core.$ZodType): Generator<[string | null, z.core.$ZodType]> {
  const def = defOf(schema);
  switch (def.type) {
    case 'object':
      for (const [key, inner] of Object.entries(def.shape as Record<string, z.core.$ZodType>))
        yield [key, inner];
      if (def.catchall) yield [ANY, def.catchall as z.core.$ZodType];
      return;
    case 'array':
      yield [ANY, def.element as z.core.$ZodType];
      return;
    case 'tuple':
      for (const inner of def.items as z.core.$ZodType[]) yield [ANY, inner];
      if (def.rest) yield [ANY, def.rest as z.core.$ZodType];
      return;
    case 'record':
    case 'map':
      yield [ANY, def.valueType as z.core.$ZodType];
      // A marked key is itself a value that must not be shown: then the whole member goes.
      if (isMarked(def.keyType as z.core.$ZodType)) yield [ANY, def.keyType as z.core.$ZodType];
      return;
    case 'set':
      yield [ANY, def.valueType as z.core.$ZodType];
      return;
    case 'union':
      for (const inner of def.options as z.core.$ZodType[]) yield [null, inner];
      return;
    case 'intersection':
      yield [null, def.left as z.core.$ZodType];
      yield [null, def.right as z.core.$ZodType];
      return;
    case 'lazy':
      yield [null, (def.getter as () => z.core.$ZodType)()];
      return;
    case 'pipe':
      yield [null, def.in as z.core.$ZodType];
      yield [null, def.out as z.core.$ZodType];
      return;
    default:
      // optional, nullable, default, prefault, readonly, catch, nonoptional, success, promise
      if (def.innerType) yield [null, def.innerType as z.core.$ZodType];
  }
}

/**
 * For whatever writes where health and identity may never go (the chain, an export). A marked field that is absent,
 * null or undefined is fine; anything else throws PHI_NOT_ALLOWED with the field's path, never its value.
 */
export function refuseMarked(schema: z.core.$ZodType, value: unknown): void {
  for (const path of markedPaths(schema)) {
    const at = firstAt(value, path, '');
    if (at !== null) throw new AppError('PHI_NOT_ALLOWED', { path: at || '/' });
  }
}

function firstAt(value: unknown, path: MarkedPath, at: string): string | null {
  if (value === undefined || value === null) return null;
  const [step, ...rest] = path;
  if (step === undefined) return at;
  for (const [key, inner] of entriesOf(value, step)) {
    const found = firstAt(inner, rest, step === ANY && !Array.isArray(value) ? `${at}/*` : `${at}/${key}`);
    if (found !== null) return found;
  }
  return null;
}

function entriesOf(value: unknown, step: string): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [];
  if (step !== ANY) return [[step, (value as Record<string, unknown>)[step]]];
  if (value instanceof Map || value instanceof Set)
    return [...value.values()].map((inner, i) => [String(i), inner]);
  return Object.entries(value);
}

/** A copy in which every marked field reads `[redacted]`. Values of other shapes than the schema's are kept. */
export function redactMarked(paths: readonly MarkedPath[], value: unknown): unknown {
  return paths.reduce(redactOne, value);
}

export const REDACTED = '[redacted]';

function redactOne(value: unknown, path: MarkedPath): unknown {
  if (value === undefined || value === null) return value;
  const [step, ...rest] = path;
  if (step === undefined) return REDACTED;
  if (Array.isArray(value)) return step === ANY ? value.map((inner) => redactOne(inner, rest)) : value;
  if (value instanceof Map || value instanceof Set) return REDACTED;
  if (typeof value !== 'object') return value;
  const copy: Record<string, unknown> = { ...(value as Record<string, unknown>) };
  for (const key of Object.keys(copy))
    if (step === ANY || step === key) copy[key] = redactOne(copy[key], rest);
  return copy;
}
