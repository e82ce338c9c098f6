import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['platform/db/testing-run.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'modules/**/*.test.ts',
            'platform/**/*.test.ts',
            'apps/**/*.test.ts',
            'contracts/**/*.test.ts',
            'bin/*.test.mjs',
          ],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      { test: { name: 'conformance', include: ['tests/conformance/**/*.test.ts'], testTimeout: 120_000 } },
      {
        test: {
          name: 'journeys',
          include: ['tests/{e2e,house,chaos}/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 180_000,
          expect: { poll: { timeout: 15_000 } },
          fileParallelism: false,
        },
      },
    ],
  },
});
