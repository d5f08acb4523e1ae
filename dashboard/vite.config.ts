import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { compress } from './build/compress';

// `npm run dev` talks to a running fleet server; the built dashboard is served by that server itself.
const server = process.env['FLEET_SERVER_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react(), compress()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy: { '/api': server, '/openapi': server } },
  build: {
    target: 'es2023',
    // Inlined assets would be data: URLs, which `default-src 'self'` refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: {
    // Files of components ask for jsdom in their first line: it takes a second for each.
    environment: 'node',
    include: ['tests/unit/**/*.test.{ts,tsx}'],
    setupFiles: ['tests/unit/setup.ts'],
    restoreMocks: true,
    // A machine that builds something beside is slow, not wrong.
    testTimeout: 60_000,
  },
});
