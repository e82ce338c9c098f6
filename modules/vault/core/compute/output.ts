/**
 * What a program may give back: a small shape of numbers, dates and codes, agreed before it runs. There is no shape for
 * free text or bytes, so that no picture and no sentence can leave by it.
 */
import { AppError, canonicalJson, sha256, toBase64Url, utf8 } from '@zhenmei/kernel';
import { z } from 'zod';
import './errors.ts';

export type Shape =
  | { readonly type: 'number'; readonly min: number; readonly max: number }
  | { readonly type: 'date' }
  /** GTIN of a product, 14 digits. */
  | { readonly type: 'gtin' }
  | { readonly type: 'choice'; readonly of: readonly string[] }
  | { readonly type: 'list'; readonly most: number; readonly of: Shape }
  | { readonly type: 'object'; readonly fields: Readonly<Record<string, Shape>> };

const Name = z.string().regex(/^[a-zA-Z][a-zA-Z0-9]{0,30}$/);
export const ShapeSchema: z.ZodType<Shape> = z.lazy(() =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('number'), min: z.number(), max: z.number() }),
    z.strictObject({ type: z.literal('date') }),
    z.strictObject({ type: z.literal('gtin') }),
    z.strictObject({ type: z.literal('choice'), of: z.array(z.string().max(30)).min(1).max(20) }),
    z.strictObject({ type: z.literal('list'), most: z.int().min(1).max(200), of: ShapeSchema }),
    z.strictObject({ type: z.literal('object'), fields: z.record(Name, ShapeSchema) }),
  ]),
);

/** Values in a result at most: far below a picture of a face. */
export const MOST_VALUES = 1_000;

export const shapeDigest = (shape: Shape): string =>
  toBase64Url(sha256(utf8(`zhenmei/compute/output/v1\n${canonicalJson(shape)}`)));

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** The path only: a value may be anybody's health, and a field's name may be chosen by the program. */
function refuse(path: string): never {
  throw new AppError('COMPUTE_RESULT_OUTSIDE', { path: path || '(root)' });
}

/** Throws COMPUTE_RESULT_OUTSIDE with the path, never the value. */
export function assertWithinShape(shape: Shape, value: unknown): void {
  let values = 0;
  const check = (of: Shape, found: unknown, path: string): void => {
    if (++values > MOST_VALUES) refuse(path);
    if (of.type === 'list') {
      if (!Array.isArray(found) || found.length > of.most) refuse(path);
      for (const [i, item] of found.entries()) check(of.of, item, `${path}[${i}]`);
    } else if (of.type === 'object') {
      if (typeof found !== 'object' || found === null || Array.isArray(found)) refuse(path);
      const names = Object.keys(of.fields);
      if (Object.keys(found).some((name) => !names.includes(name))) refuse(`${path}.*`);
      const held = found as Record<string, unknown>;
      for (const name of names) check(of.fields[name]!, held[name], path ? `${path}.${name}` : name);
    } else if (!isScalar(of, found)) refuse(path);
  };
  check(shape, value, '');
}

function isScalar(of: Exclude<Shape, { type: 'list' | 'object' }>, found: unknown): boolean {
  if (of.type === 'number')
    return typeof found === 'number' && Number.isFinite(found) && found >= of.min && found <= of.max;
  if (typeof found !== 'string') return false;
  if (of.type === 'gtin') return /^\d{14}$/.test(found);
  if (of.type === 'choice') return of.of.includes(found);
  return DATE.test(found) && !Number.isNaN(Date.parse(found));
}
