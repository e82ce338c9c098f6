import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import { AppError, DAY, defineErrors, defineRoute, HOUR, MINUTE } from '@zhenmei/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createHttpServer, type HttpSchema, type HttpServer, httpMigrations } from './index.ts';

defineErrors({
  CUP_EMPTY: {
    status: 409,
    retryable: false,
    zh: '{name}杯子空了。请先倒水。',
    en: 'The cup {name} is empty. Fill it first.',
  },
  CUP_BUSY: { status: 503, retryable: true, zh: '杯子正忙。', en: 'The cup is busy.' },
});

const Cup = z.object({ name: z.string().min(2), size: z.int().positive() });
const api = {
  read: defineRoute({
    method: 'GET',
    path: '/api/cups/:id',
    summary: { zh: '看一个杯子', en: 'Read a cup' },
    auth: 'public',
    params: z.object({ id: z.string().regex(/^\d+$/) }),
    query: z.object({ deep: z.stringbool().optional() }),
    response: { 200: z.object({ id: z.string(), lang: z.string(), deep: z.boolean().nullable() }) },
    errors: ['CUP_EMPTY'],
  }),
  make: defineRoute({
    method: 'POST',
    path: '/api/cups',
    summary: { zh: '做一个杯子', en: 'Make a cup' },
    auth: 'public',
    body: Cup,
    response: { 200: Cup.extend({ made: z.int() }) },
    errors: ['CUP_EMPTY', 'CUP_BUSY'],
    bodyLimit: 1_000,
    perMinute: 1_000,
  }),
  signIn: defineRoute({
    method: 'POST',
    path: '/api/sign-in',
    summary: { zh: '登录', en: 'Sign in' },
    auth: 'public',
    body: z.object({ seat: z.enum(['patient', 'desk']), account: z.string() }),
    response: { 200: z.object({ sessionId: z.string() }) },
    errors: [],
  }),
  signOut: defineRoute({
    method: 'POST',
    path: '/api/sign-out',
    summary: { zh: '退出', en: 'Sign out' },
    auth: 'signed-in',
    response: { 200: z.object({}) },
    errors: [],
  }),
  mine: defineRoute({
    method: 'GET',
    path: '/api/mine',
    summary: { zh: '我是谁', en: 'Who am I' },
    auth: 'patient',
    response: { 200: z.object({ account: z.string() }) },
    errors: [],
    perMinute: 3,
  }),
  any: defineRoute({
    method: 'GET',
    path: '/api/any',
    summary: { zh: '登录即可', en: 'Anyone signed in' },
    auth: 'signed-in',
    response: { 200: z.object({ seat: z.string() }) },
    errors: [],
  }),
  operate: defineRoute({
    method: 'POST',
    path: '/api/operate',
    summary: { zh: '运营', en: 'Operate' },
    auth: 'operator',
    response: { 200: z.object({}) },
    errors: [],
  }),
  wrong: defineRoute({
    method: 'GET',
    path: '/api/wrong',
    summary: { zh: '出错', en: 'Goes wrong' },
    auth: 'public',
    query: z.object({ how: z.string() }),
    response: { 200: z.object({ n: z.int() }) },
    errors: [],
  }),
  tile: defineRoute({
    method: 'GET',
    path: '/api/tile/*',
    summary: { zh: '字节', en: 'Bytes' },
    auth: 'public',
    params: z.object({ '*': z.string() }),
    response: {
      200: z
        .instanceof(Uint8Array)
        .meta({ contentType: 'application/octet-stream', cacheControl: 'public, max-age=9' }),
    },
    errors: [],
  }),
};
const ticks = defineRoute({
  method: 'GET',
  path: '/api/ticks',
  summary: { zh: '滴答', en: 'Ticks' },
  auth: 'public',
  response: { 200: z.object({ n: z.int() }) },
  errors: [],
});

const folder = mkdtempSync(join(tmpdir(), 'http-'));
const site = join(folder, 'site');
const base = 'http://localhost:8080';
let database: TestDatabase;
let http: HttpServer;
let now = 1_800_000_000_000;
let made = 0;
let sourceEnded = 0;
const logged: unknown[] = [];
const keep = (fields: object, message: string): void => void logged.push({ ...fields, message });
let healthy = true;

beforeAll(async () => {
  mkdirSync(join(site, 'assets'), { recursive: true });
  writeFileSync(join(site, 'index.html'), '<!doctype html><title>app</title>');
  writeFileSync(join(site, 'assets', 'app-Ab12Cd34.js'), `console.log(${JSON.stringify('x'.repeat(5_000))})`);
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  symlinkSync(join(folder, 'secret.txt'), join(site, 'link.txt'));
  database = await testDatabase([httpMigrations]);
  http = await createHttpServer({
    log: { info: keep, error: keep },
    clock: { now: () => now },
    publicUrl: base,
    db: database.as<HttpSchema>(),
    staticDir: site,
    operatorToken: 'operator-secret',
    limits: { perMinute: 500 },
    checks: {
      database: async () => {
        if (!healthy) throw new AppError('CUP_BUSY');
        return { version: 18 };
      },
    },
  });
  http.mountAll(api, {
    read: async ({ params, query, lang }) => {
      if (params.id === '404') throw new AppError('CUP_EMPTY', { name: '青花' });
      return { id: params.id, lang, deep: query.deep ?? null, secret: 'never shown' };
    },
    make: async ({ body }) => {
      made++;
      if (body.name === 'empty') throw new AppError('CUP_EMPTY', { name: body.name });
      if (body.name === 'busy') throw new AppError('CUP_BUSY');
      if (body.name === 'slow') await slow;
      return { ...body, made };
    },
    signIn: async ({ body }) => {
      const { sessionId } = await http.sessions.open({ seat: body.seat, accountId: body.account });
      return { sessionId };
    },
    signOut: async () => {
      await http.sessions.close();
      return {};
    },
    mine: async ({ caller }) => ({ account: caller!.accountId }),
    any: async ({ caller }) => ({ seat: caller!.seat }),
    operate: async () => ({}),
    wrong: async ({ query }) => {
      if (query.how === 'throw') throw new Error('password=hunter2');
      return { n: 'not a number' } as unknown as { n: number };
    },
    tile: async ({ params }) => new TextEncoder().encode(params['*']),
  });
  http.events(ticks, async function* (_, { lastEventId, signal }) {
    try {
      for (let n = Number(lastEventId ?? 0) + 1; n <= 3; n++)
        yield { id: String(n), event: 'tick', data: { n } };
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    } finally {
      sourceEnded++;
    }
  });
});
let release: () => void = () => undefined;
const slow = new Promise<void>((resolve) => {
  release = resolve;
});
afterAll(async () => {
  await http.close();
  await database.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  // Every test starts with full buckets.
  now += 10 * MINUTE;
});

interface Reply {
  status: number;
  headers: Record<string, unknown>;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
  json: () => Record<string, any>;
}
const call = async (
  method: 'GET' | 'POST',
  url: string,
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Reply> => {
  const payload = body === undefined ? {} : { payload: body as object };
  const reply = await http.app.inject({ method, url, headers, ...payload });
  return { status: reply.statusCode, headers: reply.headers, text: reply.body, json: () => reply.json() };
};
const signIn = async (seat: 'patient' | 'desk', account = 'ann'): Promise<string> => {
  const reply = await call('POST', '/api/sign-in', { body: { seat, account } });
  return String(reply.headers['set-cookie']).split(';')[0]!;
};

describe('contracts', () => {
  test('what is given is checked and typed; what is not in the contract does not leave', async () => {
    const { json } = await call('GET', '/api/cups/7?deep=true&zm_lang=en');
    expect(json()).toEqual({ id: '7', lang: 'en', deep: true });
  });

  test('wrong values are named by pointer in both languages, without repeating them', async () => {
    const { status, json, headers } = await call('POST', '/api/cups', {
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
    expect((await call('GET', '/api/cups/seven')).json().errors).toMatchObject([
      { in: 'params', pointer: '/id' },
    ]);
    expect((await call('GET', '/api/cups/7?deep=perhaps')).json().errors).toMatchObject([
      { in: 'query', pointer: '/deep' },
    ]);
  });

  test.each([
    ['{"name":', 400, 'BODY_NOT_JSON'],
    ['', 400, 'BODY_NOT_JSON'],
    ['{"__proto__":{"a":1},"name":"ok","size":1}', 400, 'BODY_NOT_JSON'],
    [JSON.stringify({ name: 'x'.repeat(2_000), size: 1 }), 413, 'BODY_TOO_LARGE'],
  ])('the body %.20s is refused', async (payload, status, code) => {
    const reply = await http.app.inject({
      method: 'POST',
      url: '/api/cups',
      headers: { 'content-type': 'application/json' },
      payload,
    });
    expect(reply.statusCode).toBe(status);
    expect(reply.json().code).toBe(code);
  });

  test('another media type is refused', async () => {
    const reply = await http.app.inject({
      method: 'POST',
      url: '/api/cups',
      headers: { 'content-type': 'application/xml' },
      payload: '<cup/>',
    });
    expect(reply.json()).toMatchObject({ status: 415, code: 'MEDIA_TYPE_UNSUPPORTED' });
  });

  test('a malformed address is refused', async () => {
    expect((await call('GET', '/api/cups/%E0%A4')).json()).toMatchObject({
      status: 400,
      code: 'REQUEST_MALFORMED',
    });
  });

  test('an answer that breaks the contract is held back', async () => {
    expect((await call('GET', '/api/wrong?how=shape')).json()).toMatchObject({
      status: 500,
      code: 'RESPONSE_INVALID',
    });
  });

  test('bytes go out as bytes, with their type and caching', async () => {
    const { text, headers } = await call('GET', '/api/tile/a/b');
    expect(text).toBe('a/b');
    expect(headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'cache-control': 'public, max-age=9',
    });
  });
});

describe('problems', () => {
  test('speak the language asked for and carry both', async () => {
    const zh = (
      await call('GET', '/api/cups/404', { headers: { 'accept-language': 'fr, zh;q=0.8, en;q=0.2' } })
    ).json();
    expect(zh).toMatchObject({
      status: 409,
      code: 'CUP_EMPTY',
      detail: '青花杯子空了。请先倒水。',
      title: '…杯子空了',
    });
    const en = (await call('GET', '/api/cups/404', { headers: { 'accept-language': 'en-GB' } })).json();
    expect(en.detail).toBe('The cup 青花 is empty. Fill it first.');
    expect(en.texts).toEqual(zh.texts);
    const cookie = await call('GET', '/api/cups/404', {
      headers: { cookie: 'a=b; zm_lang=en', 'accept-language': 'zh' },
    });
    expect(cookie.json().title).toBe('The cup … is empty');
    expect((await call('GET', '/api/cups/404')).json().detail).toMatch(/杯子/);
  });

  test('an unexpected error says nothing of itself, but is in the log under its trace id', async () => {
    const traceId = 'a'.repeat(32);
    const reply = await call('GET', '/api/wrong?how=throw', {
      headers: { traceparent: `00-${traceId}-${'b'.repeat(16)}-01` },
    });
    expect(reply.json()).toMatchObject({ status: 500, code: 'UNEXPECTED', traceId, retryable: true });
    expect(reply.headers['trace-id']).toBe(traceId);
    expect(reply.text).not.toContain('hunter2');
    expect(logged).toContainEqual(expect.objectContaining({ traceId, message: 'a request failed' }));
  });

  test('a code has a page in both languages; an unknown one does not', async () => {
    const page = await call('GET', '/problems/CUP_EMPTY');
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    expect(page.text).toContain('‹name›杯子空了');
    expect(page.text).not.toMatch(/<script|style=|https?:\/\//);
    expect((await call('GET', '/problems/NO_SUCH')).json().code).toBe('NOT_FOUND');
    expect((await call('GET', '/api/nowhere')).json().code).toBe('NOT_FOUND');
  });

  test('the access log holds neither query nor body nor ids', async () => {
    logged.length = 0;
    await call('GET', '/api/cups/123456?deep=true');
    await call('POST', '/api/cups', { body: { name: 'private', size: 3 } });
    expect(logged).toHaveLength(2);
    expect(logged[0]).toMatchObject({
      method: 'GET',
      route: '/api/cups/:id',
      status: 200,
      message: 'request',
    });
    expect(JSON.stringify(logged)).not.toMatch(/123456|deep|private/);
  });
});

describe('seats', () => {
  test('one cookie per seat, unreadable for scripts, hashed at rest', async () => {
    const reply = await call('POST', '/api/sign-in', { body: { seat: 'patient', account: 'ann' } });
    const cookie = String(reply.headers['set-cookie']);
    expect(cookie).toMatch(/^zm_patient=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/);
    const token = /=([\w-]{43})/.exec(cookie)![1]!;
    const { rows } = await database.pool.query('select * from http.session where id = $1', [
      reply.json().sessionId,
    ]);
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(Buffer.compare(rows[0].token_hash, Buffer.from(token, 'base64url'))).not.toBe(0);
  });

  test('a request is only in the seat it names', async () => {
    const patient = await signIn('patient', 'ann');
    const desk = await signIn('desk', 'clinic');
    const cookie = `${patient}; ${desk}`;
    const mine = await call('GET', '/api/mine', { headers: { cookie, 'zm-seat': 'patient' } });
    expect(mine.json()).toEqual({ account: 'ann' });
    expect((await call('GET', '/api/any', { headers: { cookie, 'zm-seat': 'desk' } })).json()).toEqual({
      seat: 'desk',
    });
    expect((await call('GET', '/api/mine', { headers: { cookie, 'zm-seat': 'desk' } })).json().code).toBe(
      'SEAT_WRONG',
    );
    expect((await call('GET', '/api/mine', { headers: { cookie } })).json().code).toBe('NOT_SIGNED_IN');
    expect((await call('GET', '/api/any', { headers: { cookie } })).json().code).toBe('NOT_SIGNED_IN');
    const swapped = desk.replace('zm_desk', 'zm_patient');
    const other = await call('GET', '/api/any', { headers: { cookie: swapped, 'zm-seat': 'patient' } });
    expect(other.json().code).toBe('NOT_SIGNED_IN');
  });

  test('other origins cannot change anything; our own names can', async () => {
    const body = { name: 'cup', size: 1 };
    for (const origin of ['https://evil.example', 'null', 'http://localhost:9999'])
      expect((await call('POST', '/api/cups', { body, headers: { origin } })).json().code).toBe(
        'ORIGIN_REFUSED',
      );
    for (const origin of ['http://localhost:8080', 'http://127.0.0.1:8080'])
      expect((await call('POST', '/api/cups', { body, headers: { origin } })).status).toBe(200);
  });

  test('signing out ends the session and removes the cookie', async () => {
    const cookie = await signIn('patient');
    const headers = { cookie, 'zm-seat': 'patient' };
    const out = await call('POST', '/api/sign-out', { headers });
    expect(out.headers['set-cookie']).toMatch(/^zm_patient=; Path=\/; Max-Age=0/);
    expect((await call('GET', '/api/mine', { headers })).json().code).toBe('NOT_SIGNED_IN');
  });

  test('signing in again replaces the session; all sessions of an account can be ended', async () => {
    const first = await signIn('patient', 'bob');
    const reply = await call('POST', '/api/sign-in', {
      body: { seat: 'patient', account: 'bob' },
      headers: { cookie: first, 'zm-seat': 'patient' },
    });
    const second = String(reply.headers['set-cookie']).split(';')[0]!;
    const as = (cookie: string) => call('GET', '/api/any', { headers: { cookie, 'zm-seat': 'patient' } });
    expect((await as(first)).status).toBe(401);
    expect((await as(second)).status).toBe(200);
    await http.sessions.closeAll('bob');
    expect((await as(second)).status).toBe(401);
  });

  test('a session ends after idle time, and after its total time in any case', async () => {
    const headers = { cookie: await signIn('desk'), 'zm-seat': 'desk' };
    const ok = async (): Promise<boolean> => {
      const reply = await call('GET', '/api/any', { headers });
      const fresh = reply.headers['set-cookie'];
      if (fresh) headers.cookie = String(fresh).split(';')[0]!;
      return reply.status === 200;
    };
    now += 11 * HOUR;
    expect(await ok()).toBe(true);
    now += 13 * HOUR;
    expect(await ok()).toBe(false);
    headers.cookie = await signIn('desk');
    for (let i = 0; i < 20; i++) {
      now += 8 * HOUR;
      expect(await ok()).toBe(true);
    }
    now += 8 * HOUR;
    expect(await ok()).toBe(false);
    await http.sweep();
    const { rows } = await database.pool.query("select 1 from http.session where seat = 'desk'");
    expect(rows).toEqual([]);
  });

  test('the token changes once a day; the old one stays good for a minute and no longer', async () => {
    const old = await signIn('patient');
    now += DAY;
    const reply = await call('GET', '/api/mine', { headers: { cookie: old, 'zm-seat': 'patient' } });
    const fresh = String(reply.headers['set-cookie']).split(';')[0]!;
    expect(fresh).not.toBe(old);
    const as = (cookie: string) => call('GET', '/api/any', { headers: { cookie, 'zm-seat': 'patient' } });
    const grace = await as(old);
    expect(grace.status).toBe(200);
    expect(grace.headers['set-cookie']).toBeUndefined();
    now += 2 * MINUTE;
    expect((await as(old)).status).toBe(401);
    expect((await as(fresh)).status).toBe(200);
  });

  test('the operator is known by a token', async () => {
    const operate = (authorization: string) => call('POST', '/api/operate', { headers: { authorization } });
    expect((await operate('Bearer operator-secret')).status).toBe(200);
    expect((await operate('Bearer guess')).json().code).toBe('NOT_SIGNED_IN');
    expect((await call('POST', '/api/operate')).json().code).toBe('NOT_SIGNED_IN');
  });
});

describe('limits', () => {
  test('too many calls are refused with the time to wait, and each caller counts alone', async () => {
    const ask = async (account: string): Promise<Reply> => {
      const cookie = cookies.get(account)!;
      return call('GET', '/api/mine', { headers: { cookie, 'zm-seat': 'patient' } });
    };
    const cookies = new Map([['carl', await signIn('patient', 'carl')]]);
    for (let i = 0; i < 3; i++) expect((await ask('carl')).status).toBe(200);
    const refused = await ask('carl');
    expect(refused.json()).toMatchObject({ status: 429, code: 'RATE_LIMITED', retryable: true });
    expect(refused.headers['retry-after']).toBe('20');
    cookies.set('dan', await signIn('patient', 'dan'));
    expect((await ask('dan')).status).toBe(200);
    now += 21_000;
    expect((await ask('carl')).status).toBe(200);
  });
});

describe('idempotency', () => {
  const key = (n: number): Record<string, string> => ({ 'idempotency-key': `0123456789abcdef-${n}` });

  test('the same request twice is done once and answered alike', async () => {
    const body = { name: 'twice', size: 2 };
    const first = await call('POST', '/api/cups', { body, headers: key(1) });
    const second = await call('POST', '/api/cups', { body, headers: key(1) });
    expect(second.text).toBe(first.text);
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect((await call('POST', '/api/cups', { body, headers: key(2) })).text).not.toBe(first.text);
    const { rows } = await database.pool.query('select * from http.answer');
    expect(Buffer.concat(rows.map((row) => row.sealed)).includes('twice')).toBe(false);
  });

  test('the same key with other content is refused', async () => {
    await call('POST', '/api/cups', { body: { name: 'one', size: 1 }, headers: key(3) });
    const reply = await call('POST', '/api/cups', { body: { name: 'two', size: 1 }, headers: key(3) });
    expect(reply.json()).toMatchObject({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  test('a final refusal is remembered, a passing one is not', async () => {
    const empty = { body: { name: 'empty', size: 1 }, headers: key(4) };
    const first = await call('POST', '/api/cups', empty);
    const before = made;
    const again = await call('POST', '/api/cups', empty);
    expect(again.status).toBe(409);
    expect(again.text).toBe(first.text);
    expect(made).toBe(before);
    const busy = { body: { name: 'busy', size: 1 }, headers: key(5) };
    const passing = await call('POST', '/api/cups', busy);
    expect(passing.headers['retry-after']).toBe('2');
    await call('POST', '/api/cups', busy);
    expect(made).toBe(before + 2);
  });

  test('a second request while the first is under way is told so; one lost with its server can be done again', async () => {
    const request = { body: { name: 'slow', size: 1 }, headers: key(6) };
    const first = call('POST', '/api/cups', request);
    const pending = async () =>
      (await database.pool.query('select 1 from http.answer where sealed is null')).rows.length;
    await expect.poll(pending).toBe(1);
    expect((await call('POST', '/api/cups', request)).json()).toMatchObject({
      status: 409,
      code: 'IDEMPOTENCY_IN_PROGRESS',
    });
    now += 3 * MINUTE;
    const takeover = call('POST', '/api/cups', request);
    release();
    expect((await first).status).toBe(200);
    expect((await takeover).status).toBe(200);
  });

  test('a short key is refused, an answer with a cookie is never remembered, old answers are forgotten', async () => {
    const short = await call('POST', '/api/cups', {
      body: { name: 'cup', size: 1 },
      headers: { 'idempotency-key': 'x' },
    });
    expect(short.json().code).toBe('IDEMPOTENCY_KEY_INVALID');
    const request = { body: { seat: 'patient', account: 'dora' }, headers: key(7) };
    const one = await call('POST', '/api/sign-in', request);
    const two = await call('POST', '/api/sign-in', request);
    expect(one.headers['set-cookie']).not.toBe(two.headers['set-cookie']);
    now += 2 * DAY;
    await http.sweep();
    expect((await database.pool.query('select 1 from http.answer')).rows).toEqual([]);
  });
});

describe('documentation, health and files', () => {
  test('OpenAPI 3.1 comes from the contracts', async () => {
    const document = (await call('GET', '/openapi.json')).json();
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
    const { text } = await call('GET', '/docs/api');
    expect(text).toContain('做一个杯子');
    expect(text).toContain('Make a cup');
    expect(text).not.toMatch(/<script|style=|src=|href="https?:/);
    expect((await call('GET', '/docs/style.css')).headers['content-type']).toMatch(/^text\/css/);
  });

  test('alive, ready, and not ready when something it needs is down', async () => {
    expect((await call('GET', '/livez')).json()).toEqual({ status: 'ok' });
    expect((await call('GET', '/readyz')).json()).toMatchObject({
      ready: true,
      checks: { database: { ok: true, version: 18 } },
    });
    healthy = false;
    const down = await call('GET', '/readyz');
    expect(down).toMatchObject({ status: 503 });
    expect(down.json().checks.database).toMatchObject({ ok: false, code: 'CUP_BUSY' });
    healthy = true;
  });

  test('every answer carries the security headers', async () => {
    const { headers } = await call('GET', '/livez');
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
      const reply = await call('GET', file, { headers: { 'accept-encoding': accept } });
      expect(reply.headers['content-encoding']).toBe(encoding);
      expect(reply.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    }
    const page = await call('GET', '/visits/7', { headers: { accept: 'text/html' } });
    expect(page.text).toContain('<title>app</title>');
    expect(page.headers['cache-control']).toBe('no-cache');
    const again = await call('GET', '/', { headers: { 'if-none-match': String(page.headers.etag) } });
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
    const reply = await call('GET', url);
    expect(reply.text).not.toContain('secret');
    expect([400, 404]).toContain(reply.status);
  });
});

describe('streams and drain', () => {
  test('events resume after the last one seen, and a closing server ends them and refuses to be ready', async () => {
    const address = await http.listen({ port: 0 });
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
    await http.close();
    expect(performance.now() - started).toBeLessThan(5_000);
    while (!(await reader.read()).done);
    await expect(fetch(`${address}/livez`)).rejects.toThrow();
    await expect.poll(() => sourceEnded).toBe(2);
  });
});
