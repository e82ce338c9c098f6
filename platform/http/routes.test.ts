import { MINUTE } from '@zhenmei/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { base, createWorld, type World } from './fixtures/cups.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  // Every test starts with full buckets.
  world.now += 10 * MINUTE;
});

describe('contracts', () => {
  test('what is given is checked and typed; what is not in the contract does not leave', async () => {
    const { json } = await world.call('GET', '/api/cups/7?deep=true&zm_lang=en');
    expect(json()).toEqual({ id: '7', lang: 'en', deep: true });
  });

  test('wrong values are named by pointer in both languages, without repeating them', async () => {
    const { status, json, headers } = await world.call('POST', '/api/cups', {
      body: { name: 'x', size: 'hunter2' },
    });
    expect(status).toBe(400);
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    const problem = json();
    expect(problem).toMatchObject({
      code: 'VALIDATION_FAILED',
      type: `${base}/problems/VALIDATION_FAILED`,
      retryable: false,
    });
    expect(problem.errors.map((e: { pointer: string }) => e.pointer)).toEqual(['/name', '/size']);
    expect(problem.errors[0].zh).toMatch(/[\u4e00-\u9fff]/);
    expect(problem.errors[0].en).toMatch(/expected/);
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });

  test('parameters and query are checked too', async () => {
    expect((await world.call('GET', '/api/cups/seven')).json().errors).toMatchObject([
      { in: 'params', pointer: '/id' },
    ]);
    expect((await world.call('GET', '/api/cups/7?deep=perhaps')).json().errors).toMatchObject([
      { in: 'query', pointer: '/deep' },
    ]);
  });

  test.each([
    ['{"name":', 400, 'BODY_NOT_JSON'],
    ['', 400, 'BODY_NOT_JSON'],
    ['{"__proto__":{"a":1},"name":"ok","size":1}', 400, 'BODY_NOT_JSON'],
    [JSON.stringify({ name: 'x'.repeat(2_000), size: 1 }), 413, 'BODY_TOO_LARGE'],
  ])('the body %.20s is refused', async (payload, status, code) => {
    const reply = await world.http.app.inject({
      method: 'POST',
      url: '/api/cups',
      headers: { 'content-type': 'application/json' },
      payload,
    });
    expect(reply.statusCode).toBe(status);
    expect(reply.json().code).toBe(code);
  });

  test('another media type is refused', async () => {
    const reply = await world.http.app.inject({
      method: 'POST',
      url: '/api/cups',
      headers: { 'content-type': 'application/xml' },
      payload: '<cup/>',
    });
    expect(reply.json()).toMatchObject({ status: 415, code: 'MEDIA_TYPE_UNSUPPORTED' });
  });

  test('a malformed address is refused', async () => {
    expect((await world.call('GET', '/api/cups/%E0%A4')).json()).toMatchObject({
      status: 400,
      code: 'REQUEST_MALFORMED',
    });
  });

  test('an answer that breaks the contract is held back', async () => {
    expect((await world.call('GET', '/api/wrong?how=shape')).json()).toMatchObject({
      status: 500,
      code: 'RESPONSE_INVALID',
    });
  });

  test('bytes go out as bytes, with their type and caching', async () => {
    const { text, headers } = await world.call('GET', '/api/tile/a/b');
    expect(text).toBe('a/b');
    expect(headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'cache-control': 'public, max-age=9',
    });
  });
});

describe('bytes', () => {
  const OCTETS = { 'content-type': 'application/octet-stream' };

  test('are taken as they are, where the contract takes them', async () => {
    const bytes = Buffer.from([0, 255, 10, 13]);
    const put = (body: Buffer, headers: Record<string, string> = OCTETS) =>
      world.call('PUT', '/api/cups/7/water', { body, headers });
    expect((await put(bytes)).json()).toEqual({ bytes: 4 });
    expect((await put(Buffer.alloc(1_001))).status).toBe(413);
    const text = await world.call('PUT', '/api/cups/7/water', { body: { a: 1 } });
    expect([text.status, text.json().code]).toEqual([415, 'MEDIA_TYPE_UNSUPPORTED']);
    const other = await world.call('POST', '/api/cups', { body: bytes, headers: OCTETS });
    expect([other.status, other.json().code]).toEqual([415, 'MEDIA_TYPE_UNSUPPORTED']);
    const key = { ...OCTETS, 'idempotency-key': 'k'.repeat(20) };
    expect((await put(bytes, key)).json()).toEqual({ bytes: 4 });
    expect((await put(bytes, key)).headers['idempotency-replayed']).toBe('true');
    expect((await put(Buffer.from([1]), key)).json().code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  test('are given in part when a range is asked for', async () => {
    const get = (range?: string) =>
      world.call('GET', '/api/cups/7/water', range ? { headers: { range } } : {});
    const whole = await get();
    expect([whole.status, whole.text, whole.headers['accept-ranges']]).toEqual([200, '0123456789', 'bytes']);
    const part = await get('bytes=2-4');
    expect([part.status, part.text, part.headers['content-range']]).toEqual([206, '234', 'bytes 2-4/10']);
    expect((await get('bytes=8-')).text).toBe('89');
    expect((await get('bytes=8-99')).headers['content-range']).toBe('bytes 8-9/10');
    for (const strange of ['bytes=4-2', 'bytes=-3', 'items=1-2', 'bytes=1-2,4-5', 'bytes=x-y'])
      expect((await get(strange)).status).toBe(200);
    expect((await get('bytes=10-')).status).toBe(409);
    const schema = world.http.openApi() as { paths: Record<string, { put?: { requestBody: object } }> };
    expect(JSON.stringify(schema.paths['/api/cups/{id}/water']!.put!.requestBody)).toContain('octet-stream');
  });
});

describe('problems', () => {
  test('speak the language asked for and carry both', async () => {
    const zh = (
      await world.call('GET', '/api/cups/404', { headers: { 'accept-language': 'fr, zh;q=0.8, en;q=0.2' } })
    ).json();
    expect(zh).toMatchObject({
      status: 409,
      code: 'CUP_EMPTY',
      detail: '青花杯子空了。请先倒水。',
      title: '…杯子空了',
    });
    const en = (await world.call('GET', '/api/cups/404', { headers: { 'accept-language': 'en-GB' } })).json();
    expect(en.detail).toBe('The cup 青花 is empty. Fill it first.');
    expect(en.texts).toEqual(zh.texts);
    const cookie = await world.call('GET', '/api/cups/404', {
      headers: { cookie: 'a=b; zm_lang=en', 'accept-language': 'zh' },
    });
    expect(cookie.json().title).toBe('The cup … is empty');
    expect((await world.call('GET', '/api/cups/404')).json().detail).toMatch(/杯子/);
  });

  test('an unexpected error says nothing of itself, but is in the log under its trace id', async () => {
    const traceId = 'a'.repeat(32);
    const reply = await world.call('GET', '/api/wrong?how=throw', {
      headers: { traceparent: `00-${traceId}-${'b'.repeat(16)}-01` },
    });
    expect(reply.json()).toMatchObject({ status: 500, code: 'UNEXPECTED', traceId, retryable: true });
    expect(reply.headers['trace-id']).toBe(traceId);
    expect(reply.text).not.toContain('hunter2');
    expect(world.logged).toContainEqual(expect.objectContaining({ traceId, message: 'a request failed' }));
  });

  test('a database whose disk is full is named, and trying again is said to help', async () => {
    const reply = await world.call('GET', '/api/wrong?how=full', { headers: { 'accept-language': 'en' } });
    expect(reply.json()).toMatchObject({ status: 503, code: 'STORAGE_FULL', retryable: true });
    expect(reply.headers['retry-after']).toBe('2');
    expect(reply.json().texts['zh-CN'].detail).toMatch(/^服务器的存储空间已满/);
    expect(reply.text).not.toContain('base/5');
  });

  test('a code has a page in both languages; an unknown one does not', async () => {
    const page = await world.call('GET', '/problems/CUP_EMPTY');
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    expect(page.text).toContain('‹name›杯子空了');
    expect(page.text).not.toMatch(/<script|style=|https?:\/\//);
    expect((await world.call('GET', '/problems/NO_SUCH')).json().code).toBe('NOT_FOUND');
    expect((await world.call('GET', '/api/nowhere')).json().code).toBe('NOT_FOUND');
  });

  test('the access log holds neither query nor body nor ids', async () => {
    world.logged.length = 0;
    await world.call('GET', '/api/cups/123456?deep=true');
    await world.call('POST', '/api/cups', { body: { name: 'private', size: 3 } });
    expect(world.logged).toHaveLength(2);
    expect(world.logged[0]).toMatchObject({
      method: 'GET',
      route: '/api/cups/:id',
      status: 200,
      message: 'request',
    });
    expect(JSON.stringify(world.logged)).not.toMatch(/123456|deep|private/);
  });
});
