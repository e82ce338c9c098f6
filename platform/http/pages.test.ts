import { MINUTE } from '@zhenmei/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createWorld, type World } from './fixtures/cups.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  // Every test starts with full buckets.
  world.now += 10 * MINUTE;
});

describe('documentation, health and files', () => {
  test('OpenAPI 3.1 comes from the contracts', async () => {
    const document = (await world.call('GET', '/openapi.json')).json();
    expect(document.openapi).toBe('3.1.0');
    const make = document.paths['/api/cups'].post;
    expect(make.requestBody.content['application/json'].schema.properties.size.type).toBe('integer');
    expect(
      make.responses[409].content['application/problem+json'].schema.allOf[1].properties.code.enum,
    ).toContain('CUP_EMPTY');
    expect(document.paths['/api/cups/{id}'].get.parameters).toMatchObject([
      { name: 'id', in: 'path', required: true },
      { name: 'deep', in: 'query', required: false },
    ]);
    expect(document.paths['/api/mine'].get.security).toEqual([{ patient: [] }]);
    expect(document.paths['/api/tile/{rest}'].get.responses[200].content).toHaveProperty(
      'application/octet-stream',
    );
    const ids = Object.values(
      document.paths as Record<string, Record<string, { operationId: string }>>,
    ).flatMap((path) => Object.values(path).map((o) => o.operationId));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('the API page is readable in both languages and needs nothing foreign', async () => {
    const { text } = await world.call('GET', '/docs/api');
    expect(text).toContain('做一个杯子');
    expect(text).toContain('Make a cup');
    expect(text).not.toMatch(/<script|style=|src=|href="https?:/);
    expect((await world.call('GET', '/docs/style.css')).headers['content-type']).toMatch(/^text\/css/);
  });

  test('alive, ready, and not ready when something it needs is down', async () => {
    expect((await world.call('GET', '/livez')).json()).toEqual({ status: 'ok' });
    expect((await world.call('GET', '/readyz')).json()).toMatchObject({
      ready: true,
      checks: { database: { ok: true, version: 18 } },
    });
    world.healthy = false;
    const down = await world.call('GET', '/readyz');
    expect(down).toMatchObject({ status: 503 });
    expect(down.json().checks.database).toMatchObject({ ok: false, code: 'CUP_BUSY' });
    world.healthy = true;
  });

  test('every answer carries the security headers', async () => {
    const { headers } = await world.call('GET', '/livez');
    expect(headers['content-security-policy']).toMatch(/^default-src 'self'; script-src 'self'; /);
    expect(headers['content-security-policy']).not.toMatch(/unsafe-inline|\*/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
    });
    expect(headers).not.toHaveProperty('strict-transport-security');
  });

  test('files are packed, cached by their names, and one page answers all page addresses', async () => {
    const file = '/assets/app-Ab12Cd34.js';
    for (const [accept, encoding] of [
      ['gzip, deflate, br', 'br'],
      ['gzip', 'gzip'],
      ['br;q=0, gzip', 'gzip'],
      ['identity', undefined],
    ] as const) {
      const reply = await world.call('GET', file, { headers: { 'accept-encoding': accept } });
      expect(reply.headers['content-encoding']).toBe(encoding);
      expect(reply.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    }
    const page = await world.call('GET', '/visits/7', { headers: { accept: 'text/html' } });
    expect(page.text).toContain('<title>app</title>');
    expect(page.headers['cache-control']).toBe('no-cache');
    const again = await world.call('GET', '/', { headers: { 'if-none-match': String(page.headers.etag) } });
    expect(again.status).toBe(304);
  });

  test.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/link.txt',
    '/.env',
    '/missing.js',
    '/%00',
  ])('no file is served for %s', async (url) => {
    const reply = await world.call('GET', url);
    expect(reply.text).not.toContain('secret');
    expect([400, 404]).toContain(reply.status);
  });
});

describe('streams and drain', () => {
  test('events resume after the last one seen, and a closing server ends them and refuses to be ready', async () => {
    const address = await world.http.listen({ port: 0 });
    const stream = await fetch(`${address}/api/ticks`, { headers: { 'last-event-id': '1' } });
    expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('id: 3')) text += (await reader.read()).value;
    expect(text).toContain('id: 2\nevent: tick\ndata: {"n":2}\n\n');
    expect(text).not.toContain('id: 1\n');
    const left = await fetch(`${address}/api/ticks`);
    await left.body!.cancel();
    const started = performance.now();
    await world.http.close();
    expect(performance.now() - started).toBeLessThan(5_000);
    while (!(await reader.read()).done);
    await expect(fetch(`${address}/livez`)).rejects.toThrow();
    await expect.poll(() => world.sourceEnded).toBe(2);
  });
});
