import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Each worker of the journeys has a house of its own, with a database, a ledger and a browser. */
const maxWorkers = Math.min(4, availableParallelism());
/** What kills, fills or starts whole machines has the machine to itself. */
const ALONE = ['tests/chaos/**/*.test.ts', 'tests/house/{engines,full-disk,start,unfinished}.test.ts'];
const journeys = {
  globalSetup: ['tests/house/web-ready.ts'],
  testTimeout: 300_000,
  // the first house of a worker makes its world
  hookTimeout: 600_000,
  expect: { poll: { timeout: 60_000 } },
};

export default defineConfig({
  test: {
    globalSetup: ['platform/db/testing-run.ts'],
    maxWorkers,
    projects: [
      {
        test: {
          name: 'unit',
          maxWorkers,
          include: [
            'modules/**/*.test.ts',
            'platform/**/*.test.ts',
            'apps/**/*.test.ts',
            'contracts/**/*.test.ts',
            'bin/*.test.mjs',
          ],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 60_000 } },
        },
      },
      {
        test: {
          name: 'conformance',
          maxWorkers,
          include: ['tests/conformance/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...journeys,
          name: 'journeys',
          maxWorkers,
          include: ['tests/{e2e,house}/**/*.test.ts'],
          exclude: ALONE,
        },
      },
      { test: { ...journeys, name: 'alone', include: ALONE, fileParallelism: false } },
    ],
  },
});
