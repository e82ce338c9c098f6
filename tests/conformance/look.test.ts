/** The public page has its own small style sheet; its colours are those of the app. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8').replace(/\s+/g, '');

/** Name and light and dark value of every colour of the first `:root` block. */
function colours(css: string): Map<string, string> {
  const root = css.slice(css.indexOf(':root{'));
  return new Map(
    [...root.slice(0, root.indexOf('}')).matchAll(/(--[a-z-]+):(light-dark\(#\w{6},#\w{6}\))/g)].map(
      ([, name, value]) => [name!, value!],
    ),
  );
}

describe('one look', () => {
  it('gives the public page every colour of the app, light and dark', () => {
    const app = colours(read('apps/web/src/look/tokens.css'));
    expect(app.size).toBeGreaterThanOrEqual(11);
    expect(colours(read('modules/provenance/adapters/page/style.ts'))).toEqual(app);
  });
});
