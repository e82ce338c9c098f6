import { describe, expect, it } from 'vitest';
import { checkTrees, leavesOf, testsOf } from './trees.ts';

const TREE = `Registry.open
├── when the lot is blocked
│   └── it reverts when the lot is blocked
└── it opens a unit

close
└── it closes (once)
`;

describe('trees', () => {
  it('turns leaves into test names and leaves conditions out', () => {
    expect(leavesOf(TREE)).toEqual([
      'open_revertsWhenTheLotIsBlocked',
      'open_opensAUnit',
      'close_closesOnce',
    ]);
  });

  it('finds plain and fuzzed tests, but no helpers', () => {
    const source =
      'function test_open_opensAUnit() public {} function testFuzz_close_x(uint a) public {} function _open() {}';
    expect(testsOf(source)).toEqual(['open_opensAUnit', 'close_x']);
  });

  it('has no leaf without a test and no test without a leaf', () => {
    const { leaves, problems } = checkTrees();
    expect(leaves).toBeGreaterThan(200);
    expect(problems).toEqual([]);
  });
});
