import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

// Everything becomes a file of our own with a hashed name: the server's Content-Security-Policy
// allows no inline script or style, no data: address and no other site.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
});
