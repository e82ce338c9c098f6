import { describe, expect, it } from 'vitest';
import { instructionsOf } from './mutate/bytecode.ts';
import { type Equivalent, equivalentClass, isTie, mutantsOf } from './mutate/operators.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
const map = (n: number) => `0:5:0${';'.repeat(n - 1)}`;
const read = (hex: string) => {
  const code = bytes(hex);
  return { code, list: instructionsOf(code, map(code.length)) };
};
const whatOf = (hex: string, text: string) =>
  mutantsOf(read(hex).list, () => text).map(
    ({ what, at, patch }) => `${at} ${what} ${Buffer.from(patch).toString('hex')}`,
  );

describe('altered bytecode', () => {
  it('reads instructions with their data and the source that a map repeats', () => {
    const list = instructionsOf(bytes('6001600201'), '7:3:2;;9:1');
    expect(list.map(({ at, opcode, start, length, file }) => [at, opcode, start, length, file])).toEqual([
      [0, 0x60, 7, 3, 2],
      [2, 0x60, 7, 3, 2],
      [4, 0x01, 9, 1, 2],
    ]);
    expect([...list[1]!.data]).toEqual([2]);
  });

  it.each([
    ['a sum', '01', 'a + b', ['0 ADD → SUB 03']],
    ['a border with its negation', '1115', 'a <= b', ['0 GT → LT 10', '0 border 105b', '1 not 5b']],
    ['a decision', '1561000957', 'if (a)', ['0 not 5b', '1 never 505b5b5b', '0 always 5061000956']],
    ['a number in the source', '6105dc', '1_500', ['2 1_500 + 1 dd']],
    ['a store', '55', 'x = y', ['0 SSTORE → TSTORE 5d']],
    ['a refusal', 'fd', 'require(a)', ['0 REVERT → RETURN f3']],
    ['who calls', '33', 'msg.sender', ['0 CALLER → ADDRESS 30']],
    ['a jump target, which is no number of ours', '6105dc', 'f(x)', []],
  ])('has the alterations of %s', (_what, hex, text, expected) => {
    expect(whatOf(hex, text)).toEqual(expected);
  });

  it('leaves alone what is not ours', () => {
    expect(mutantsOf(read('0155fd').list, () => null)).toEqual([]);
  });

  const panic = `${'15'}${'610006'}${'57'}${'610000'}${'61000f'}${'56'}${'0000'}${'5b'}${'7f4e487b71'}${'00'.repeat(28)}${'5f52'}${'6021'}`;
  it.each<[string, string, number, string, boolean, Equivalent | null]>([
    ['a sum in an event', '01', 0, 'a + b', true, 'event'],
    ['a sum', '01', 0, 'a + b', false, null],
    ['a pointer', '01', 0, 'terms.milestones', false, 'layout'],
    ['an index expression with an operator', '02', 0, '_sequence[s][n >> 64]', false, 'layout'],
    ['a product', '02', 0, 'a * b', false, null],
    ['packing', '17', 0, 'a.state = x', false, 'layout'],
    ['a bit set', '17', 0, 'a |= b', false, null],
    ['a shift of the source', '1b', 0, 'a << b', false, null],
    ['dispatch', '57', 0, 'contract A { }', false, 'layout'],
    ['the getter of a public variable', '57', 0, 'mapping(a => b) public c', false, 'layout'],
    ['what such a getter reads', '54', 0, 'mapping(a => b) public c', false, null],
    ['a whole record that is written', '54', 0, 'x[id] = a', false, 'overwritten'],
    ['a part that is written', '54', 0, 'x[id].amount = a', false, null],
    ['the place of an immutable', `7f${'00'.repeat(32)}`, 0, 'AUTHORITY', false, 'placeholder'],
    ['whether a callee has code', '3b1590', 1, 'x.f()', false, 'callee'],
    ['how much of an answer is copied', '3d8014', 2, 'x.call("")', false, 'layout'],
    ['how long a refusal is', '0390fd', 0, 'require(a - b >= c, E(a - b))', false, 'layout'],
    ['a difference that is refused', '03fd', 0, 'a - b', false, null],
    ['a decision', '57', 0, 'if (a)', false, null],
    ['a value that no enum has', panic, 0, 'a.state == b', false, 'enum'],
    ['the same decision without that refusal', panic.replace('6021', '6011'), 0, 'a.state == b', false, null],
  ])('judges %s by rule', (_what, hex, at, text, inEmit, expected) => {
    const { code, list } = read(hex);
    expect(equivalentClass(list, at, text, inEmit, code)).toBe(expected);
  });

  it.each([
    ['a < b', ' ? a : b;', true],
    ['x.a > s.sum', ') x.a = s.sum;', true],
    ['a > b', ' ? a - b : 0;', true],
    ['a > b', ' ? b : c;', false],
    ['a > b', ' ? a - b : 1;', false],
    ['a > b', ' ? a : b + 1;', false],
    ['a > b', ' ? a : bc;', false],
    ['a > b', ') revert E();', false],
    ['a == b', ' ? a : b;', false],
  ])('says of the border of %s%s whether it matters', (text, rest, same) => {
    expect(isTie(text, rest)).toBe(same);
  });
});
