import { describe, expect, it } from 'vitest';
import { preferred } from './media.ts';

describe('content negotiation', () => {
  it.each([
    ['*/*', 'text/html'],
    ['', 'text/html'],
    ['application/json', 'application/json'],
    ['text/html;q=0.4, application/json;q=0.5', 'application/json'],
    ['text/html, application/json', 'text/html'],
    ['application/*', 'application/json'],
    ['*/*, text/html;q=0', 'application/json'],
    ['image/png', 'text/html'],
  ])('Accept %s prefers %s', (accept, type) => {
    expect(preferred(accept, ['text/html', 'application/json'])).toBe(type);
  });
});
