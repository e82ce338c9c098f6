import { defineRoute, MINUTE, preferred } from '@zhenmei/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Document } from './documents.ts';
import { createWorld, type World } from './fixtures/cups.ts';
import { prefixOf } from './limiter.ts';

const pot = defineRoute({
  method: 'GET',
  path: '/pots/*',
  summary: { zh: '壶', en: 'A pot' },
  auth: 'public',
  params: z.object({ '*': z.string() }),
  query: z.object({ lid: z.string().max(3).optional() }),
  response: { 200: z.string().meta({ contentType: 'text/html; charset=utf-8' }) },
  errors: [],
  perMinute: 4,
});

let world: World;
const networks: string[] = [];
const regions: (string | null)[] = [];
beforeAll(async () => {
  world = await createWorld({
    extra: (http) =>
      http.documents(pot, async ({ query, lang, network, region }, { url, accept }): Promise<Document> => {
        networks.push(network);
        regions.push(region);
        if (query.lid === 'no')
          return { status: 307, contentType: 'text/plain', body: '', headers: { location: '/pots/x' } };
        return {
          status: 200,
          contentType: preferred(accept, ['text/html', 'application/json']),
          body: `${lang} ${url}`,
          headers: { 'content-security-policy': "default-src 'none'", etag: '"7"' },
        };
      }),
  });
});
afterAll(() => world.close());
beforeEach(() => {
  world.now += 10 * MINUTE;
});

describe('documents', () => {
  test('the handler sees the address as it was written, and chooses type, headers and status', async () => {
    const reply = await world.call('GET', '/pots/a%2Fb?lid=on', { headers: { accept: 'application/json' } });
    expect(reply).toMatchObject({ status: 200, text: 'zh-CN /pots/a%2Fb?lid=on' });
    expect(reply.headers).toMatchObject({
      'content-type': expect.stringMatching(/^application\/json/),
      'content-security-policy': "default-src 'none'",
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    const moved = await world.call('GET', '/pots/a?lid=no');
    expect(moved).toMatchObject({ status: 307 });
    expect(moved.headers.location).toBe('/pots/x');
  });

  test('any origin may read them, ask for headers only, and be told that nothing changed', async () => {
    const { headers } = await world.call('GET', '/pots/a');
    expect(headers).toMatchObject({
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
    });
    const head = await world.http.app.inject({ method: 'HEAD', url: '/pots/a' });
    expect(head).toMatchObject({ statusCode: 200, body: '' });
    const options = await world.http.app.inject({ method: 'OPTIONS', url: '/pots/a' });
    expect(options.statusCode).toBe(204);
    expect(options.headers.allow).toBe('GET, HEAD, OPTIONS');
    expect((await world.call('GET', '/pots/a', { headers: { 'if-none-match': '"7"' } })).status).toBe(304);
  });

  test('limits, validation and problems are those of every route', async () => {
    const wrong = await world.call('GET', '/pots/a?lid=long');
    expect(wrong).toMatchObject({ status: 400 });
    expect(wrong.json().code).toBe('VALIDATION_FAILED');
    for (let i = 0; i < 3; i++) await world.call('GET', '/pots/a');
    expect((await world.call('GET', '/pots/a')).json().code).toBe('RATE_LIMITED');
    expect(JSON.stringify(world.http.openApi())).toContain('/pots/{rest}');
  });

  test('the network has a name that is not its address and is shared with its neighbours', async () => {
    networks.length = 0;
    for (const remoteAddress of ['198.51.100.7', '198.51.100.8', '198.51.101.7'])
      await world.http.app.inject({ url: '/pots/a', remoteAddress });
    expect(networks[0]).toBe(networks[1]);
    expect(networks[2]).not.toBe(networks[0]);
    expect(networks[0]).toMatch(/^[\w-]{16}$/);
    expect(networks[0]).not.toContain('198');
  });

  test('a region is believed only from the header that the operator named, and only if it is one', async () => {
    regions.length = 0;
    const ask = (headers: Record<string, string>) => world.call('GET', '/pots/a', { headers });
    await ask({ 'x-region': 'CN-31' });
    await ask({ 'x-region': 'No. 1, Centre Road' });
    await ask({ 'cf-ipcountry': 'CN' });
    expect(regions).toEqual(['CN-31', null, null]);
  });

  test.each([
    ['198.51.100.7', '198.51.100.0/24'],
    ['::ffff:198.51.100.7', '198.51.100.0/24'],
    ['2001:db8:1:2::9', '2001:db8:1::/48'],
    ['2001:db8::1', '2001:db8:0::/48'],
  ])('%s lies in %s', (ip, prefix) => {
    expect(prefixOf(ip)).toBe(prefix);
  });
});
