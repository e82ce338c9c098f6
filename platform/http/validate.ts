/** Checks what came in against the contract and says what is wrong in both languages, by JSON pointer (RFC 6901). */
import type { RouteContract } from '@zhenmei/kernel';
import { z } from 'zod';
import { en, zhCN } from 'zod/locales';

export interface FieldError {
  readonly in: 'params' | 'query' | 'body';
  /** RFC 6901, from the root of that part. */
  readonly pointer: string;
  readonly zh: string;
  readonly en: string;
}

const ENGLISH = { error: en().localeError };
const CHINESE = { error: zhCN().localeError };

export type Checked = { ok: true; value: unknown } | { ok: false; errors: FieldError[] };

/** Messages name what was expected, never what was sent. */
export function check(schema: z.core.$ZodType, value: unknown, where: FieldError['in']): Checked {
  const result = z.safeParse(schema, value, ENGLISH);
  if (result.success) return { ok: true, value: result.data };
  const chinese = z.safeParse(schema, value, CHINESE).error?.issues ?? [];
  const errors = result.error.issues.map((issue, i) => ({
    in: where,
    pointer: pointerOf(issue.path),
    zh: chinese[i]?.message ?? issue.message,
    en: issue.message,
  }));
  return { ok: false, errors };
}

export function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

export function metaOf(schema: z.core.$ZodType): Record<string, unknown> {
  return z.globalRegistry.get(schema) ?? {};
}

/** Media types of a route's body: those it names, otherwise that of its schema, otherwise JSON. */
export const acceptedBy = ({ accepts, body }: RouteContract): readonly string[] =>
  accepts ?? [String((body && metaOf(body).contentType) ?? 'application/json')];
