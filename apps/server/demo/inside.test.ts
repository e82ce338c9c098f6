import { createHttpServer } from '@zhenmei/http';
import { afterAll, describe, expect, it } from 'vitest';
import { insideFetch } from './inside.ts';

// none of these routes asks the database
const { app } = await createHttpServer({
  log: { info: () => undefined, error: () => undefined },
  clock: { now: () => 0 },
  publicUrl: 'http://localhost:1',
  db: {} as never,
});
app.all('/echo', (request, reply) =>
  reply
    .header('set-cookie', ['a=1', 'b=2'])
    .send({ ip: request.ip, host: request.host, cookie: request.headers.cookie, body: request.body }),
);
app.get('/nothing', (_, reply) => reply.code(204).send());
app.get('/bytes', (_, reply) => reply.send(Buffer.from([0, 255])));
afterAll(() => app.close());

const send = insideFetch({ app } as never, '2001:db8:7::1');

describe('a request from inside', () => {
  it('comes from its own address, with its headers and body, and brings every cookie back', async () => {
    const reply = await send('http://localhost:1/echo?q=1', {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: 'c=3' },
      body: '{"n":1}',
    });
    expect(await reply.json()).toEqual({
      ip: '2001:db8:7::1',
      host: 'localhost:1',
      cookie: 'c=3',
      body: { n: 1 },
    });
    expect(reply.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });

  it('carries bytes both ways, and an answer without any', async () => {
    const reply = await send('http://x/echo', {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: new Uint8Array([7, 8]),
    });
    expect((await reply.json()) as object).toMatchObject({ body: { 0: 7, 1: 8 } });
    expect(new Uint8Array(await (await send('http://x/bytes')).arrayBuffer())).toEqual(
      new Uint8Array([0, 255]),
    );
    expect((await send('http://x/nothing')).status).toBe(204);
  });

  it('is refused as any other', async () => {
    expect((await send('http://x/unknown')).status).toBe(404);
    expect((await send('http://x/bytes', { method: 'POST' })).ok).toBe(false);
  });
});
