/** Prices of a house whose region counts in another money than yuan. */
import { i18n } from '@lingui/core';
import { createElement, type ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { en } from '../words/en.ts';
import { zh } from '../words/zh.ts';
import { BookedChange } from './booked-change.tsx';
import { CancelPrice } from './cancel-price.tsx';
import { CoursePrice } from './course-price.tsx';
import { PledgePrice } from './pledge.tsx';

// nothing is asked of a house here, and no vault is opened
vi.mock('../state/apis.ts', () => ({ now: Date.now, patientApi: null }));
vi.mock('../state/vault.ts', () => ({}));
beforeAll(() => void vi.stubGlobal('document', { documentElement: { dataset: {} } }));
afterAll(() => void vi.unstubAllGlobals());

const plan = {
  sessions: 3,
  everyDays: 14,
  deposit: { bps: 1_000, windowDays: 3 },
  followUp: { bps: 500, afterDays: 30 },
};
const cancellation = [{ hours: 48, bps: 1_000 }];
const LINES = [
  ['a course', CoursePrice, { plan }],
  ['cancelling', CancelPrice, { cancellation }],
  ['an absence of the clinic', PledgePrice, { bps: 3_333 }],
] as const;

describe.each([
  ['zh-CN', zh],
  ['en', en],
] as const)('in %s', (lang, words) => {
  beforeEach(() => {
    i18n.load(lang, words);
    i18n.activate(lang);
  });
  const shown = (of: (props: never) => ReactElement, props: object) =>
    renderToStaticMarkup(createElement(of as never, { total: '300000', ...props }));

  it.each(LINES)('%s is priced in the money of its price', (_, of, props) => {
    const euros = shown(of as never, { ...props, currency: 'EUR' });
    expect(euros).toContain('€');
    expect(euros).not.toContain('¥');
    expect(shown(of as never, { ...props, currency: 'CNY' })).toContain('¥');
  });

  it('a change order says what its visit is paid in', () => {
    const items = [{ name: { zh: '再加一支', en: 'One more' }, quantity: 2, unitPrice: '150000' }];
    const page = shown(BookedChange as never, { order: { currency: 'SGD', items } });
    expect(page).toContain('3,000.00');
    expect(page).not.toContain('¥');
  });
});
