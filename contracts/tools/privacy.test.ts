import { type Abi, parseAbi } from 'viem';
import { describe, expect, it } from 'vitest';
import { ABIS, privacyFaults, TABLE, writtenBy } from './privacy.ts';

const faultsOf = (text: string, own: object): string[] =>
  privacyFaults({ Thing: parseAbi([text]) as Abi }, { Thing: own });

describe('what stands on chain', () => {
  it('is public, a commitment, a root, or a call: every field of every contract', () => {
    expect(privacyFaults(ABIS, TABLE)).toEqual([]);
    expect(Object.entries(ABIS).flatMap(([name, abi]) => writtenBy(name, abi)).length).toBeGreaterThan(500);
  });

  it.each([
    ['a new field of an event', 'event Treated(bytes32 patientName)', {}],
    ['a new field of a call', 'function treat(string diagnosis)', { public: ['name'] }],
    [
      'a field within a struct',
      'function treat((bytes32 a, string diagnosis) record)',
      { commitment: { a: 'x' } },
    ],
  ])('refuses %s that nobody has judged', (_what, text, own) => {
    expect(faultsOf(text, own).some((fault) => fault.includes('is of no kind'))).toBe(true);
  });

  it.each([
    [
      'of two kinds',
      'event Treated(bytes32 a)',
      { public: ['a'], commitment: { a: 'x' } },
      'of no kind, or of two',
    ],
    ['too small to hide', 'event Treated(uint32 a)', { commitment: { a: 'x' } }, 'too small'],
    ['a text that is to hide', 'event Treated(string a)', { commitment: { a: 'x' } }, 'too small'],
    ['a root of 8 bytes', 'event Treated(bytes8 a)', { root: { a: 'x' } }, 'cannot be a root'],
    ['a number as a call', 'function treat(uint256 a)', { call: ['a'] }, 'cannot be a call'],
    ['written by nothing', 'event Treated(bytes32 a)', { public: ['a', 'b'] }, 'b is not written'],
  ])('refuses what is %s', (_what, text, own, fault) => {
    expect(faultsOf(text, own).join()).toContain(fault);
  });

  it('needs no judgement for what only reads', () => {
    expect(faultsOf('function read(string anything) view returns (uint256)', {})).toEqual([]);
  });

  it('refuses a table of contracts that are not there', () => {
    expect(privacyFaults({}, { Gone: { public: ['a'] } })).toEqual(['Gone.a is not written by anything']);
  });
});
