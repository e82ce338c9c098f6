/** The small parts that need no server. */
import { MINUTE } from '@zhenmei/kernel';
import { describe, expect, test } from 'vitest';
import { readCookie, sessionCookie } from './cookies.ts';
import { allowedOrigins, contentSecurityPolicy, securityHeaders } from './headers.ts';
import { readiness } from './health.ts';
import { languageOf } from './language.ts';
import { createLimiter, networkOf } from './limiter.ts';
import { asAppError, titleOf } from './problem.ts';

describe('headers', () => {
  test('over https cookies are secure and the browser remembers to stay there', () => {
    expect(sessionCookie('zm_desk', 'x', 60, true)).toMatch(/; Secure$/);
    expect(securityHeaders({}, true)).toHaveProperty('strict-transport-security');
  });

  test('the policy can be widened by directive, and only there', () => {
    const policy = contentSecurityPolicy({
      'script-src': ["'wasm-unsafe-eval'"],
      'trusted-types': ["'none'"],
    });
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(policy).toContain("trusted-types 'none'");
    expect(policy).toContain("style-src 'self';");
  });

  test('a public address has one origin, a local one its names, others must be given', () => {
    expect([...allowedOrigins('https://zhenmei.example/x')]).toEqual(['https://zhenmei.example']);
    expect(allowedOrigins('http://127.0.0.1:3000').has('http://localhost:3000')).toBe(true);
    expect(allowedOrigins('http://127.0.0.1:3000').has('http://localhost:5173')).toBe(false);
    expect(
      allowedOrigins('http://127.0.0.1:3000', ['http://localhost:5173']).has('http://localhost:5173'),
    ).toBe(true);
  });

  test('a cookie is found by its whole name', () => {
    expect(readCookie('xzm_desk=a; zm_desk=b=c ;zm_desk2=d', 'zm_desk')).toBe('b=c');
    expect(readCookie('zm_desks=a; =b; zm_desk', 'zm_desk')).toBeNull();
    expect(readCookie(undefined, 'zm_desk')).toBeNull();
  });

  test.each([
    [{}, 'zh-CN'],
    [{ 'accept-language': 'de, fr;q=0.5' }, 'zh-CN'],
    [{ 'accept-language': 'zh;q=0, en;q=0.1' }, 'en'],
    [{ 'accept-language': 'zh-TW;q=0.4, en-US;q=0.9' }, 'en'],
    [{ cookie: 'zm_lang=xx' }, 'zh-CN'],
  ])('the language of %j is %s', (headers, lang) => {
    expect(languageOf(headers)).toBe(lang);
  });
});

describe('limits', () => {
  test('a household with IPv6 is one network', () => {
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
    expect(networkOf('2001:db8::6')).toBe('2001:db8:0:0::/64');
    expect(networkOf('::1')).toBe('0:0:0:0::/64');
    expect(networkOf('192.0.2.1')).toBe('192.0.2.1');
  });

  test('tokens come back with time, also when the clock was set back, and old callers are forgotten', () => {
    let now = 0;
    const limiter = createLimiter({ now: () => now }, 2);
    expect([limiter.take('a', 2), limiter.take('a', 2), limiter.take('a', 2)]).toEqual([0, 0, 30]);
    now = -MINUTE;
    expect(limiter.take('a', 2)).toBe(30);
    now = 0;
    expect(limiter.take('a', 2)).toBe(0);
    limiter.take('b', 2);
    limiter.take('c', 2);
    expect([limiter.take('a', 2), limiter.take('a', 2)]).toEqual([0, 0]);
  });
});

describe('health and problems', () => {
  test('a check that does not answer, or fails without a name, is not ready', async () => {
    const { ready, checks } = await readiness(
      {
        slow: () => new Promise(() => undefined),
        bad: () => Promise.reject(new Error('x')),
        good: async () => undefined,
      },
      20,
    );
    expect(ready).toBe(false);
    expect(checks).toMatchObject({
      slow: { ok: false, code: 'TIMEOUT' },
      bad: { ok: false, code: 'FAILED' },
      good: { ok: true },
    });
  });

  test('a title is the first sentence without its values', () => {
    expect(titleOf('{name}杯子空了。请先倒水。')).toBe('…杯子空了');
    expect(titleOf('Version 1.2 of {x} is old. Update it.')).toBe('Version 1.2 of … is old');
    expect(titleOf('没有句号')).toBe('没有句号');
  });

  test('an error of the framework that we do not know is not shown as it is', () => {
    expect(asAppError({ statusCode: 431 }, 1).code).toBe('REQUEST_MALFORMED');
    expect(asAppError(new Error('secret'), 1).text('en')).not.toContain('secret');
    expect(asAppError('a text', 1).code).toBe('UNEXPECTED');
  });
});
