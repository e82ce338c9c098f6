import { describe, expect, it } from 'vitest';
import { paidFirst } from './study-draft.ts';

describe('what a study is paid in for first', () => {
  it('is the smallest group in every release', () => {
    expect(paidFirst({ k: '20', times: '3', pay: '5.50' })).toBe(60);
    expect(paidFirst({ k: '25', times: '12', pay: '0.01' })).toBe(300);
  });

  it.each([
    ['nothing is promised', '20', '0'],
    ['the amount is none', '20', '5.505'],
    ['letters stand for the group', 'abc', '5'],
    ['a part of the group is typed', '2o', '5'],
    ['no group is typed', '', '5'],
  ])('is not said while %s', (_, k, pay) => {
    expect(paidFirst({ k, times: '3', pay })).toBeNull();
  });
});
