/** Writes the verifier as one HTML file: `node build.ts FILE`. The script is inline and named by its hash in the CSP. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const [out] = process.argv.slice(2);
if (!out) throw new Error('usage: build.ts FILE');
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const built = await build({
  root: here('.'),
  configFile: false,
  logLevel: 'error',
  build: {
    write: false,
    target: 'es2023',
    lib: { entry: here('./page.ts'), formats: ['iife'], name: 'zhenmei' },
  },
});
const chunks = [built]
  .flat()
  .flatMap((result) => ('output' in result ? result.output : []))
  .filter((part) => part.type === 'chunk');
if (chunks.length !== 1) throw new Error('the page must be one script');
// what ends a script element must not stand inside one
const script = chunks[0]!.code!.replaceAll('</script', '<\\/script');
const hash = `sha256-${createHash('sha256').update(script).digest('base64')}`;
const page = fs
  .readFileSync(here('./page.html'), 'utf8')
  .replace('{{hash}}', () => hash)
  .replace('<script></script>', () => `<script>${script}</script>`);
fs.writeFileSync(out, page);
