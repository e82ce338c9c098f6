/** Only the licensed company's own profile may name its trade; the clinic's promise and the pool never. */
import { describe, expect, it } from 'vitest';
import { backingEn } from './backing-en.ts';
import { backingZh } from './backing-zh.ts';

const OWN = /^(insurer\.|kind\.insurer$)/;
const found = (words: Record<string, string>) =>
  Object.entries(words)
    .filter(([key, text]) => !OWN.test(key) && /保险|insur/i.test(text))
    .map(([key]) => key);

describe('the word insurance', () => {
  it('stands in the licensed profile alone, in both languages', () => {
    expect(found(backingZh)).toEqual([]);
    expect(found(backingEn)).toEqual([]);
    expect(backingZh['insurer.behind']).toContain('保险');
    expect(backingEn['insurer.behind']).toMatch(/insur/i);
  });

  it('is found where it does not belong', () => {
    const words = { 'backing.pool': '保险资金池', 'insurer.desk': '保险', 'pool.insurer.x': 'insured' };
    expect(found(words)).toEqual(['backing.pool', 'pool.insurer.x']);
  });
});
