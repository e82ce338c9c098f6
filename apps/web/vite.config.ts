import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Compiles the catalogues, so that the browser needs no parser of messages. */
const catalogues: Plugin = {
  name: 'catalogues',
  async load(id) {
    const [file] = id.split('?');
    const name = /\/src\/words\/(zh|en)\.ts$/.exec(file!)?.[1];
    if (!name) return null;
    for (const part of [file!, file!.replace(/(zh|en)\.ts$/, 'stock.$1.ts')]) this.addWatchFile(part);
    const words = (await import(`${pathToFileURL(file!).href}?at=${Date.now()}`)) as Record<
      string,
      Record<string, string>
    >;
    const compiled = Object.fromEntries(
      Object.entries(words[name]!).map(([key, text]) => [key, compileMessage(text)]),
    );
    return `export const ${name} = JSON.parse(${JSON.stringify(JSON.stringify(compiled))});`;
  },
};

/** What the worker keeps on the device: pages, scripts and styles; fonts and the reader of codes once they are used. */
const KEPT = /\.(?:html|js|css|svg|webmanifest)$/;

/** Tells the worker which files this build has; their names carry the hash of their content. */
const shell: Plugin = {
  name: 'shell',
  enforce: 'post',
  generateBundle(_options, bundle) {
    const worker = bundle['worker.js'];
    if (worker?.type !== 'chunk') throw new Error('the worker is missing');
    const built = Object.keys(bundle).filter((name) => KEPT.test(name) && name !== 'worker.js');
    const files = [...built, ...readdirSync(new URL('public', import.meta.url)).filter((n) => KEPT.test(n))]
      .filter((name) => !name.includes('noto-sans'))
      .map((name) => `/${name}`)
      .sort();
    const hash = createHash('sha256').update(files.join('\n'));
    const page = bundle['index.html'];
    if (page?.type !== 'asset') throw new Error('the page is missing');
    const name = hash.update(page.source).digest('hex').slice(0, 16);
    worker.code = worker.code
      .replaceAll('SHELL_FILES', JSON.stringify(files))
      .replaceAll('SHELL_NAME', JSON.stringify(`shell-${name}`));
  },
};

export default defineConfig({
  plugins: [catalogues, react(), tailwind(), shell],
  server: {
    port: 5173,
    proxy: {
      '/api': 'http://localhost:4800',
      '/capture': 'http://localhost:4800',
      '/events': 'http://localhost:4800',
      '/log': 'http://localhost:4800',
      '/zhenmei-trust.json': 'http://localhost:4800',
    },
  },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: {
        index: fileURLToPath(new URL('index.html', import.meta.url)),
        worker: fileURLToPath(new URL('src/offline/worker.ts', import.meta.url)),
      },
      output: {
        // what the first page always needs comes as one file, not as thirty
        codeSplitting: { groups: [{ name: 'start', tags: ['$initial'], test: /^(?!.*offline.worker)/ }] },
        entryFileNames: ({ name }) => (name === 'worker' ? 'worker.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
});
