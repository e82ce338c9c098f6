/** What routes of a published standard need beyond our own: other statuses and media types, keys, headers, problem types. */
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import { AppError, type Caller, defineErrors, defineRoute, type Handlers } from '@zhenmei/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createHttpServer, type HttpSchema, type HttpServer, httpMigrations } from './index.ts';
import { chooseType } from './negotiate.ts';

defineErrors({
  PARCEL_LOST: { status: 404, retryable: false, zh: '没有这个包裹。', en: 'There is no such parcel.' },
});

const typed = (code: string, status: number) => `standard:${code}/${status}`;
const api = {
  root: defineRoute({
    method: 'GET',
    path: '/',
    summary: { zh: '根', en: 'root' },
    auth: 'public',
    page: true,
    produces: ['application/json', 'application/ld+json'],
    response: { 200: z.object({ root: z.literal(true) }) },
    errors: [],
  }),
  discover: defineRoute({
    method: 'OPTIONS',
    path: '/parcels',
    summary: { zh: '能力', en: 'abilities' },
    auth: 'public',
    success: 204,
    answerHeaders: { allow: 'OPTIONS, POST' },
    response: { 200: z.null() },
    errors: [],
  }),
  send: defineRoute({
    method: 'POST',
    path: '/parcels',
    summary: { zh: '寄', en: 'send' },
    auth: 'desk',
    keyScope: 'send',
    accepts: ['application/json', 'application/ld+json', 'application/xml'],
    produces: ['application/json'],
    reads: ['x-size'],
    answerHeaders: { 'x-limit': '7' },
    longestAddress: 60,
    problemType: typed,
    bodyLimit: 200,
    body: z.union([z.object({ to: z.string() }), z.string()]),
    success: 202,
    response: { 200: z.object({ to: z.string() }).nullable() },
    errors: ['PARCEL_LOST'],
  }),
};

let database: TestDatabase;
let http: HttpServer;
let sent = 0;
const seen: { body: unknown; caller: Caller | null; headers: unknown }[] = [];
const handlers: Handlers<typeof api> = {
  root: async () => ({ root: true as const }),
  discover: async () => null,
  send: async ({ body, caller, http: more }) => {
    seen.push({ body, caller, headers: more?.headers });
    if (typeof body === 'object' && body.to === 'nowhere') throw new AppError('PARCEL_LOST');
    more?.header('location', `/parcels/${++sent}`);
    return typeof body === 'string' ? null : body;
  },
};

const lines: object[] = [];
beforeAll(async () => {
  database = await testDatabase([httpMigrations]);
  http = await createHttpServer({
    log: { info: (fields) => void lines.push(fields), error: () => undefined },
    clock: { now: () => Date.now() },
    publicUrl: 'http://localhost:8080',
    db: database.as<HttpSchema>(),
    limits: { perMinute: 1_000 },
    keyOf: async (secret) =>
      secret === 'good' || secret === 'other'
        ? {
            caller: { seat: 'desk', accountId: 'key-1', organisationId: 'post', sessionId: 'key/1' },
            scopes: secret === 'good' ? ['send'] : ['look'],
          }
        : null,
  });
  http.mountAll(api, handlers);
});
afterAll(async () => {
  await http.close();
  await database.close();
});

const call = async (
  method: string,
  url: string,
  { key, body, headers = {} }: { key?: string; body?: unknown; headers?: Record<string, string> } = {},
) => {
  const reply = await http.app.inject({
    method: method as 'GET',
    url,
    headers: {
      ...(key ? { authorization: `Bearer ${key}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: reply.statusCode, headers: reply.headers, text: reply.body, json: () => reply.json() };
};

describe('a key', () => {
  test('speaks for its organisation where the route allows it, and is logged without its secret', async () => {
    const reply = await call('POST', '/parcels', { key: 'good', body: { to: 'here' } });
    expect([reply.status, reply.json()]).toEqual([202, { to: 'here' }]);
    expect(seen.at(-1)!.caller).toMatchObject({ seat: 'desk', organisationId: 'post' });
    expect(lines.at(-1)).toMatchObject({ route: '/parcels', status: 202, key: 'key-1' });
    expect(JSON.stringify(lines)).not.toContain('good');
  });
  test.each([
    [undefined, 401, 'NOT_SIGNED_IN'],
    ['none', 401, 'NOT_SIGNED_IN'],
    ['other', 403, 'KEY_NOT_ALLOWED'],
  ])('%s gives %d', async (key, status, code) => {
    const reply = await call('POST', '/parcels', { ...(key ? { key } : {}), body: { to: 'here' } });
    expect(reply.status).toBe(status);
    expect(reply.json()).toMatchObject({ code, type: `standard:${code}/${status}` });
  });
  test('counts for nothing beside a seat that is named', async () => {
    const reply = await call('POST', '/parcels', {
      key: 'good',
      body: { to: 'here' },
      headers: { 'zm-seat': 'patient' },
    });
    expect(reply.json().code).toBe('SEAT_WRONG');
  });
});

describe('an answer', () => {
  test('has the status and headers of its route, also when it is remembered', async () => {
    const headers = { 'idempotency-key': 'a-key-of-sixteen-characters' };
    const first = await call('POST', '/parcels', { key: 'good', body: { to: 'once' }, headers });
    const again = await call('POST', '/parcels', { key: 'good', body: { to: 'once' }, headers });
    expect(again.headers['idempotency-replayed']).toBe('true');
    for (const reply of [first, again])
      expect([reply.status, reply.headers.location, reply.headers['x-limit']]).toEqual([
        202,
        first.headers.location,
        '7',
      ]);
  });
  test('without content has none', async () => {
    const headers = { 'content-type': 'application/xml' };
    const made = await call('POST', '/parcels', { key: 'good', body: '<a/>', headers });
    expect([made.status, made.text, made.headers['content-type']]).toEqual([202, '', undefined]);
    const reply = await call('OPTIONS', '/parcels', { headers: { origin: 'https://elsewhere.example' } });
    expect([reply.status, reply.text, reply.headers.allow]).toEqual([204, '', 'OPTIONS, POST']);
    expect(reply.headers['access-control-allow-origin']).toBeUndefined();
  });
  test('that is a refusal has the route’s headers and the standard’s type', async () => {
    const reply = await call('POST', '/parcels', { key: 'good', body: { to: 'nowhere' } });
    expect(reply.json()).toMatchObject({
      status: 404,
      type: 'standard:PARCEL_LOST/404',
      code: 'PARCEL_LOST',
    });
    expect(reply.headers['x-limit']).toBe('7');
  });
});

describe('a request', () => {
  test('may bring the media types of its route; what is not JSON comes as text', async () => {
    await call('POST', '/parcels', {
      key: 'good',
      body: { to: 'ld' },
      headers: { 'content-type': 'application/ld+json; charset=utf-8', 'x-size': '3', 'x-other': '4' },
    });
    expect(seen.at(-1)).toMatchObject({ body: { to: 'ld' }, headers: { 'x-size': '3' } });
    const xml = await call('POST', '/parcels', {
      key: 'good',
      body: '<parcel/>',
      headers: { 'content-type': 'application/xml' },
    });
    expect([xml.status, seen.at(-1)!.body]).toEqual([202, '<parcel/>']);
  });
  test.each([
    ['text/xml', 415, 'MEDIA_TYPE_UNSUPPORTED'],
    ['text/plain', 415, 'MEDIA_TYPE_UNSUPPORTED'],
    ['application/json', 400, 'BODY_NOT_JSON'],
    ['application/ld+json', 400, 'BODY_NOT_JSON'],
  ])('of %s is refused with %d', async (type, status, code) => {
    const reply = await call('POST', '/parcels', {
      key: 'good',
      body: '{"__proto__":1}',
      headers: { 'content-type': type },
    });
    expect([reply.status, reply.json().code]).toEqual([status, code]);
  });
  test('may not be too long, in its address or its body', async () => {
    const long = await call('POST', `/parcels?${'x'.repeat(60)}`, { key: 'good', body: { to: 'x' } });
    expect([long.status, long.json().code]).toEqual([414, 'ADDRESS_TOO_LONG']);
    const large = await call('POST', '/parcels', { key: 'good', body: { to: 'x'.repeat(300) } });
    expect([large.status, large.json().type, large.headers['x-limit']]).toEqual([
      413,
      'standard:BODY_TOO_LARGE/413',
      '7',
    ]);
  });
  test('for another format is refused', async () => {
    const reply = await call('POST', '/parcels', {
      key: 'good',
      body: { to: 'x' },
      headers: { accept: 'text/csv' },
    });
    expect([reply.status, reply.json().code]).toEqual([406, 'NOT_ACCEPTABLE']);
  });
});

test.each([
  ['', 'a/json'],
  ['*/*', 'a/json'],
  ['a/*', 'a/json'],
  ['a/ld', 'a/ld'],
  ['a/json;q=0.5, a/ld', 'a/ld'],
  ['a/json;q=0, */*', 'a/ld'],
  ['A/LD;q=0.1', 'a/ld'],
  ['b/c', null],
  ['a/json;q=0', null],
])('Accept: %s chooses %s', (accept, wanted) => {
  expect(chooseType(accept, ['a/json', 'a/ld'])).toBe(wanted);
});

test('the document names statuses, media types, headers and keys', () => {
  const { paths } = http.openApi() as { paths: Record<string, Record<string, Record<string, unknown>>> };
  const send = paths['/parcels']!.post!;
  expect(Object.keys(send.responses as object)).toEqual(
    expect.arrayContaining(['202', '401', '403', '404', '406', '413', '414', '415']),
  );
  expect(Object.keys((send.requestBody as { content: object }).content)).toContain('application/xml');
  expect(send.security).toEqual([{ desk: [] }, { key: [] }]);
  expect(send.responses).toHaveProperty(['202', 'content', 'application/json']);
  expect((paths['/parcels']!.options!.responses as Record<string, object>)['204']).toEqual({
    description: 'OK',
  });
});

test('a page of the app has the address unless JSON is asked for', async () => {
  expect((await call('GET', '/', { headers: { accept: 'application/json' } })).json()).toEqual({
    root: true,
  });
  expect(
    (await call('GET', '/', { headers: { accept: 'application/ld+json' } })).headers['content-type'],
  ).toMatch(/^application\/ld\+json/);
  const pages = await createHttpServer({
    log: { info: () => undefined, error: () => undefined },
    clock: { now: () => Date.now() },
    publicUrl: 'http://localhost:8080',
    db: database.as<HttpSchema>(),
    staticDir: new URL('./fixtures/page', import.meta.url).pathname,
  });
  pages.mountAll(api, handlers);
  const get = async (accept: string | undefined) =>
    (await pages.app.inject({ method: 'GET', url: '/', headers: accept ? { accept } : {} })).headers[
      'content-type'
    ];
  expect(await get('text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8')).toMatch(/^text\/html/);
  expect(await get('*/*')).toMatch(/^text\/html/);
  expect(await get(undefined)).toMatch(/^text\/html/);
  expect(await get('application/json')).toMatch(/^application\/json/);
  await pages.close();
});
