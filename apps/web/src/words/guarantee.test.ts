/** A clinic's own promise is no insurance, and must not be called so; only the licensed profile may. */
import { describe, expect, it } from 'vitest';
import { guaranteeEn } from './guarantee-en.ts';
import { guaranteeZh } from './guarantee-zh.ts';

const LICENSED = ['guarantee.insurer'];
const found = (words: Record<string, string>) =>
  Object.entries(words)
    .filter(([, text]) => /保险|insur/i.test(text))
    .map(([key]) => key);

describe('the word insurance', () => {
  it('stands in the licensed profile alone, in both languages', () => {
    expect(found(guaranteeZh)).toEqual(LICENSED);
    expect(found(guaranteeEn)).toEqual(LICENSED);
  });

  it('is found where it does not belong', () => {
    expect(found({ a: '效果保险', b: 'Insured outcome', c: '效果保障' })).toEqual(['a', 'b']);
  });
});
