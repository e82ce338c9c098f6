import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterKey, type Burst, type Key, NO_BURST } from './keyboard.ts';

const key = (name: string, timeStamp: number, ctrlKey = false): Key => ({ key: name, ctrlKey, timeStamp });
const send = (keys: readonly Key[]) => {
  let burst: Burst = NO_BURST;
  const codes: string[] = [];
  for (const one of keys) {
    const after = afterKey(burst, one);
    burst = after.burst;
    if (after.code !== null) codes.push(after.code);
  }
  return codes;
};
const typed = (text: string, gap: number, from = 0): Key[] =>
  [...text].flatMap((c, i) => {
    const at = from + i * gap;
    if (c === '\u001d') return [key('Control', at), key(']', at, true)];
    return /[A-Z(]/.test(c) ? [key('Shift', at), key(c, at)] : [key(c, at)];
  });

describe('a scanner that types', () => {
  it('gives its code with the separators that a text field would lose', () => {
    const code = ']d20109521234100014\u001d10L1\u001d21S1';
    expect(send([...typed(code, 8), key('Enter', code.length * 8 + 5)])).toEqual([code]);
    const f8 = [...typed('0109521234100014', 5), key('F8', 82), ...typed('21S1', 5, 85), key('Tab', 110)];
    expect(send(f8)).toEqual(['0109521234100014\u001d21S1']);
  });

  it('gives one code after the other', () => {
    const one = [...typed('0109521234100014', 5), key('Enter', 90)];
    const two = [...typed('0109521234100021', 5, 500), key('Enter', 590)];
    expect(send([...one, ...two])).toEqual(['0109521234100014', '0109521234100021']);
  });

  it.each([
    ['a person', [...typed('0109521234100014', 120), key('Enter', 2_000)]],
    ['a short word', [...typed('abc', 5), key('Enter', 20)]],
    ['Enter long after', [...typed('0109521234100014', 5), key('Enter', 900)]],
    ['Enter alone', [key('Enter', 5)]],
    ['shortcuts', Array.from({ length: 12 }, (_, i) => key('c', i * 5, true)).concat(key('Enter', 61))],
  ])('is not %s', (_what, keys) => {
    expect(send(keys)).toEqual([]);
  });

  it('is told from a person before it whatever was typed', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), (before) => {
        const slow = typed(before, 150);
        const from = before.length * 150 + 500;
        expect(send([...slow, ...typed('0109521234100014', 6, from), key('Enter', from + 100)])).toEqual([
          '0109521234100014',
        ]);
      }),
    );
  });
});
