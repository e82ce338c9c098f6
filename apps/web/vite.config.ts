import { pathToFileURL } from 'node:url';
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
    this.addWatchFile(file!);
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

export default defineConfig({
  plugins: [catalogues, react(), tailwind()],
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
  build: { target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});
