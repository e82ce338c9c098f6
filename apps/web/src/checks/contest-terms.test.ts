import { i18n } from '@lingui/core';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { en } from '../words/en.ts';
import { zh } from '../words/zh.ts';
import { ContestTerms } from './contest-terms.tsx';

beforeAll(() => void vi.stubGlobal('document', { documentElement: { dataset: {} } }));
afterAll(() => void vi.unstubAllGlobals());

describe('what an objection is told before it is paid for', () => {
  it.each([
    ['zh-CN', zh, '确认提出后 11 天内'],
    ['en', en, '11 days after you confirm'],
  ] as const)('counts from its confirmation, not from now (%s)', (lang, words, text) => {
    i18n.load(lang, words);
    i18n.activate(lang);
    const page = renderToStaticMarkup(
      createElement(ContestTerms, { contest: { deposit: '12000', reward: '3000' } }),
    );
    expect(page).toContain(text);
    expect(page).toContain('120');
  });
});
