import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react(), tailwind()],
  server: {
    port: 5173,
    proxy: {
      '/api': 'http://localhost:4800',
      '/capture': 'http://localhost:4800',
      '/log': 'http://localhost:4800',
      '/zhenmei-trust.json': 'http://localhost:4800',
    },
  },
  build: { target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});
