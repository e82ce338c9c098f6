/** Where public test data lie. They are no part of this repository; `VECTORS_DIR` names another place. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(process.env.VECTORS_DIR ?? join(import.meta.dirname, '../../../shared/vectors'));

/** The folder of one kind of vectors, or null; says once that it is absent. */
export function vectors(kind: string): string | null {
  const folder = join(ROOT, kind);
  if (existsSync(folder)) return folder;
  console.warn(`no vectors in ${folder}: the conformance tests of ${kind} are skipped`);
  return null;
}
