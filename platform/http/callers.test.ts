import { DAY, HOUR, MINUTE } from '@zhenmei/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { api, createWorld, type Reply, type World } from './fixtures/cups.ts';
import { createIdempotency } from './idempotency.ts';
import type { HttpSchema } from './schema.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  // Every test starts with full buckets.
  world.now += 10 * MINUTE;
});

describe('seats', () => {
  test('one cookie per seat, unreadable for scripts, hashed at rest', async () => {
    const reply = await world.call('POST', '/api/sign-in', { body: { seat: 'patient', account: 'ann' } });
    const cookie = String(reply.headers['set-cookie']);
    expect(cookie).toMatch(/^zm_patient=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/);
    const token = /=([\w-]{43})/.exec(cookie)![1]!;
    const { rows } = await world.database.pool.query('select * from http.session where id = $1', [
      reply.json().sessionId,
    ]);
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(Buffer.compare(rows[0].token_hash, Buffer.from(token, 'base64url'))).not.toBe(0);
  });

  test('a request is only in the seat it names', async () => {
    const patient = await world.signIn('patient', 'ann');
    const desk = await world.signIn('desk', 'clinic');
    const cookie = `${patient}; ${desk}`;
    const mine = await world.call('GET', '/api/mine', { headers: { cookie, 'zm-seat': 'patient' } });
    expect(mine.json()).toEqual({ account: 'ann' });
    expect((await world.call('GET', '/api/any', { headers: { cookie, 'zm-seat': 'desk' } })).json()).toEqual({
      seat: 'desk',
    });
    expect(
      (await world.call('GET', '/api/mine', { headers: { cookie, 'zm-seat': 'desk' } })).json().code,
    ).toBe('SEAT_WRONG');
    expect((await world.call('GET', '/api/mine', { headers: { cookie } })).json().code).toBe('NOT_SIGNED_IN');
    expect((await world.call('GET', '/api/any', { headers: { cookie } })).json().code).toBe('NOT_SIGNED_IN');
    const swapped = desk.replace('zm_desk', 'zm_patient');
    const other = await world.call('GET', '/api/any', { headers: { cookie: swapped, 'zm-seat': 'patient' } });
    expect(other.json().code).toBe('NOT_SIGNED_IN');
  });

  test('other origins cannot change anything; our own names can', async () => {
    const body = { name: 'cup', size: 1 };
    for (const origin of ['https://evil.example', 'null', 'http://localhost:9999'])
      expect((await world.call('POST', '/api/cups', { body, headers: { origin } })).json().code).toBe(
        'ORIGIN_REFUSED',
      );
    for (const origin of ['http://localhost:8080', 'http://127.0.0.1:8080'])
      expect((await world.call('POST', '/api/cups', { body, headers: { origin } })).status).toBe(200);
  });

  test('signing out ends the session and removes the cookie', async () => {
    const cookie = await world.signIn('patient');
    const headers = { cookie, 'zm-seat': 'patient' };
    const out = await world.call('POST', '/api/sign-out', { headers });
    expect(out.headers['set-cookie']).toMatch(/^zm_patient=; Path=\/; Max-Age=0/);
    expect((await world.call('GET', '/api/mine', { headers })).json().code).toBe('NOT_SIGNED_IN');
  });

  test('signing in again replaces the session; all sessions of an account can be ended', async () => {
    const first = await world.signIn('patient', 'bob');
    const reply = await world.call('POST', '/api/sign-in', {
      body: { seat: 'patient', account: 'bob' },
      headers: { cookie: first, 'zm-seat': 'patient' },
    });
    const second = String(reply.headers['set-cookie']).split(';')[0]!;
    const as = (cookie: string) =>
      world.call('GET', '/api/any', { headers: { cookie, 'zm-seat': 'patient' } });
    expect((await as(first)).status).toBe(401);
    expect((await as(second)).status).toBe(200);
    await world.http.sessions.closeAll('bob');
    expect((await as(second)).status).toBe(401);
  });

  test('a session ends after idle time, and after its total time in any case', async () => {
    const headers = { cookie: await world.signIn('desk'), 'zm-seat': 'desk' };
    const ok = async (): Promise<boolean> => {
      const reply = await world.call('GET', '/api/any', { headers });
      const fresh = reply.headers['set-cookie'];
      if (fresh) headers.cookie = String(fresh).split(';')[0]!;
      return reply.status === 200;
    };
    world.now += 11 * HOUR;
    expect(await ok()).toBe(true);
    world.now += 13 * HOUR;
    expect(await ok()).toBe(false);
    headers.cookie = await world.signIn('desk');
    for (let i = 0; i < 20; i++) {
      world.now += 8 * HOUR;
      expect(await ok()).toBe(true);
    }
    world.now += 8 * HOUR;
    expect(await ok()).toBe(false);
    await world.http.sweep();
    const { rows } = await world.database.pool.query("select 1 from http.session where seat = 'desk'");
    expect(rows).toEqual([]);
  });

  test('the token changes once a day; the old one stays good for a minute and no longer', async () => {
    const old = await world.signIn('patient');
    world.now += DAY;
    const reply = await world.call('GET', '/api/mine', { headers: { cookie: old, 'zm-seat': 'patient' } });
    const fresh = String(reply.headers['set-cookie']).split(';')[0]!;
    expect(fresh).not.toBe(old);
    const as = (cookie: string) =>
      world.call('GET', '/api/any', { headers: { cookie, 'zm-seat': 'patient' } });
    const grace = await as(old);
    expect(grace.status).toBe(200);
    expect(grace.headers['set-cookie']).toBeUndefined();
    world.now += 2 * MINUTE;
    expect((await as(old)).status).toBe(401);
    expect((await as(fresh)).status).toBe(200);
  });

  test('the operator is known by a token', async () => {
    const operate = (authorization: string) =>
      world.call('POST', '/api/operate', { headers: { authorization } });
    expect((await operate('Bearer operator-secret')).status).toBe(200);
    expect((await operate('Bearer guess')).json().code).toBe('NOT_SIGNED_IN');
    expect((await world.call('POST', '/api/operate')).json().code).toBe('NOT_SIGNED_IN');
  });
});

describe('limits', () => {
  test('too many calls are refused with the time to wait, and each caller counts alone', async () => {
    const ask = async (account: string): Promise<Reply> => {
      const cookie = cookies.get(account)!;
      return world.call('GET', '/api/mine', { headers: { cookie, 'zm-seat': 'patient' } });
    };
    const cookies = new Map([['carl', await world.signIn('patient', 'carl')]]);
    for (let i = 0; i < 3; i++) expect((await ask('carl')).status).toBe(200);
    const refused = await ask('carl');
    expect(refused.json()).toMatchObject({ status: 429, code: 'RATE_LIMITED', retryable: true });
    expect(refused.headers['retry-after']).toBe('20');
    cookies.set('dan', await world.signIn('patient', 'dan'));
    expect((await ask('dan')).status).toBe(200);
    world.now += 21_000;
    expect((await ask('carl')).status).toBe(200);
  });
});

describe('idempotency', () => {
  const key = (n: number): Record<string, string> => ({ 'idempotency-key': `0123456789abcdef-${n}` });

  test('the same request twice is done once and answered alike', async () => {
    const body = { name: 'twice', size: 2 };
    const first = await world.call('POST', '/api/cups', { body, headers: key(1) });
    const second = await world.call('POST', '/api/cups', { body, headers: key(1) });
    expect(second.text).toBe(first.text);
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect((await world.call('POST', '/api/cups', { body, headers: key(2) })).text).not.toBe(first.text);
    const { rows } = await world.database.pool.query('select * from http.answer');
    expect(Buffer.concat(rows.map((row) => row.sealed)).includes('twice')).toBe(false);
  });

  test('the same key with other content is refused', async () => {
    await world.call('POST', '/api/cups', { body: { name: 'one', size: 1 }, headers: key(3) });
    const reply = await world.call('POST', '/api/cups', { body: { name: 'two', size: 1 }, headers: key(3) });
    expect(reply.json()).toMatchObject({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  test('a final refusal is remembered, a passing one is not', async () => {
    const empty = { body: { name: 'empty', size: 1 }, headers: key(4) };
    const first = await world.call('POST', '/api/cups', empty);
    const before = world.made;
    const again = await world.call('POST', '/api/cups', empty);
    expect(again.status).toBe(409);
    expect(again.text).toBe(first.text);
    expect(world.made).toBe(before);
    const busy = { body: { name: 'busy', size: 1 }, headers: key(5) };
    const passing = await world.call('POST', '/api/cups', busy);
    expect(passing.headers['retry-after']).toBe('2');
    expect(world.again).toBe(false);
    await world.call('POST', '/api/cups', busy);
    expect(world.made).toBe(before + 2);
    // how far the first one came nobody knows
    expect(world.again).toBe(true);
  });

  test('a second request while the first is under way is told so; one lost with its server can be done again', async () => {
    const request = { body: { name: 'slow', size: 1 }, headers: key(6) };
    const first = world.call('POST', '/api/cups', request);
    const underWay = async () => {
      const { rows } = await world.database.pool.query(
        'select 1 from http.answer where sealed is null and started_at = $1',
        [new Date(world.now)],
      );
      return rows.length;
    };
    await expect.poll(underWay).toBe(1);
    expect((await world.call('POST', '/api/cups', request)).json()).toMatchObject({
      status: 409,
      code: 'IDEMPOTENCY_IN_PROGRESS',
    });
    // as long as its server lives, it stays under way
    world.now += 4_000;
    await expect.poll(underWay).toBe(1);
    world.now += 4_000;
    expect((await world.call('POST', '/api/cups', request)).json().code).toBe('IDEMPOTENCY_IN_PROGRESS');
    world.now += 6_000;
    const takeover = world.call('POST', '/api/cups', request);
    await expect.poll(() => world.again).toBe(true);
    world.release();
    expect((await first).status).toBe(200);
    expect((await takeover).status).toBe(200);
    const { headers } = await world.call('POST', '/api/cups', request);
    expect(headers['idempotency-replayed']).toBe('true');
  });

  test('a server that has its database to itself does at once what was lost with the one before', async () => {
    const request = { body: { name: 'left', size: 1 }, headers: key(8) };
    await world.call('POST', '/api/cups', request);
    await world.database.pool.query('update http.answer set sealed = null, started_at = $1', [
      new Date(world.now),
    ]);
    expect((await world.call('POST', '/api/cups', request)).json().code).toBe('IDEMPOTENCY_IN_PROGRESS');
    const clock = { now: () => world.now };
    await createIdempotency(world.database.as<HttpSchema>(), clock).startOver();
    expect((await world.call('POST', '/api/cups', request)).status).toBe(200);
    expect(world.again).toBe(true);
  });

  test('a short key is refused, an answer with a cookie is never remembered, old answers are forgotten', async () => {
    const short = await world.call('POST', '/api/cups', {
      body: { name: 'cup', size: 1 },
      headers: { 'idempotency-key': 'x' },
    });
    expect(short.json().code).toBe('IDEMPOTENCY_KEY_INVALID');
    const request = { body: { seat: 'patient', account: 'dora' }, headers: key(7) };
    const one = await world.call('POST', '/api/sign-in', request);
    const two = await world.call('POST', '/api/sign-in', request);
    expect(one.headers['set-cookie']).not.toBe(two.headers['set-cookie']);
    world.now += 2 * DAY;
    await world.http.sweep();
    expect((await world.database.pool.query('select 1 from http.answer')).rows).toEqual([]);
  });
});

test('a kind of caller that this server does not know admits nobody', async () => {
  const route = { ...api.mine, path: '/api/unknown-seat', auth: 'anyone-at-all' as 'patient' };
  const other = await createWorld({ extra: (http) => http.mount(route, async () => ({ account: 'x' })) });
  const reply = await other.call('GET', '/api/unknown-seat');
  expect(reply.json().code).toBe('SEAT_WRONG');
  await other.close();
});
