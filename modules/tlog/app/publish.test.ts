import { expect, test } from 'vitest';
import { isDue } from './publish.ts';

test('when a checkpoint is due', () => {
  const policy = { entries: 10, ms: 1000, when: 'either' } as const;
  expect([
    isDue(0, 9e9, policy),
    isDue(1, 999, policy),
    isDue(1, 1000, policy),
    isDue(10, 0, policy),
  ]).toEqual([false, false, true, true]);
  const both = { ...policy, when: 'both' } as const;
  expect([isDue(10, 999, both), isDue(9, 1000, both), isDue(10, 1000, both), isDue(0, 1000, both)]).toEqual([
    false,
    false,
    true,
    false,
  ]);
});
