/** No message leaves for our own network, whatever a stranger writes; what is sent is limited in time and size. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createWebhooks, isPublic } from './webhook.ts';

const outside = createWebhooks({ allowPrivate: false, timeoutMs: 2_000 });
const inside = createWebhooks({ allowPrivate: true, timeoutMs: 500 });
const body = new TextEncoder().encode('{"a":1}');

const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
async function serve(handler: http.RequestListener): Promise<string> {
  const server = http.createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('addresses', () => {
  test.each([
    ['https://example.com/hook', null],
    ['https://93.184.215.14/hook', null],
    ['https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/', null],
    ['http://example.com/hook', 'https'],
    ['ftp://example.com/hook', 'https'],
    ['file:///etc/passwd', 'https'],
    ['not an address', 'https'],
    ['', 'https'],
    ['https://user:secret@example.com/', 'user:password@'],
    ['https://127.0.0.1/', 'private address'],
    ['https://127.1/', 'private address'],
    ['https://2130706433/', 'private address'],
    ['https://0x7f.0.0.1/', 'private address'],
    ['https://017700000001/', 'private address'],
    ['https://[::1]/', 'private address'],
    ['https://[::ffff:127.0.0.1]/', 'private address'],
    ['https://[::ffff:8.8.8.8]/', 'private address'],
    ['https://[64:ff9b::7f00:1]/', 'private address'],
    ['https://[fd00::1]/', 'private address'],
    ['https://[fe80::1]/', 'private address'],
    ['https://[2002:7f00:1::]/', 'private address'],
    ['https://10.1.2.3/', 'private address'],
    ['https://172.31.0.1/', 'private address'],
    ['https://192.168.1.1/', 'private address'],
    ['https://169.254.169.254/latest/meta-data', 'private address'],
    ['https://100.64.0.1/', 'private address'],
    ['https://0.0.0.0/', 'private address'],
    ['https://224.0.0.1/', 'private address'],
    ['https://255.255.255.255/', 'private address'],
  ])('%s: %s', async (address, wanted) => {
    expect(outside.objection(address)).toBe(wanted);
    if (wanted !== null)
      await expect(outside.post(address, body, {})).rejects.toMatchObject({ code: 'WEBHOOK_REFUSED' });
  });

  test('that are no addresses at all are not public', () => {
    expect([isPublic('example.com'), isPublic(''), isPublic('8.8.8.8')]).toEqual([false, false, true]);
  });

  test('behind a name are looked at when the call is made, and one of them inside is enough', async () => {
    let asked = 0;
    const names: Record<string, string[]> = {
      'rebound.example': ['127.0.0.1'],
      'mixed.example': ['93.184.215.14', '10.0.0.7'],
      'empty.example': [],
    };
    const hooks = createWebhooks({
      allowPrivate: false,
      resolve: async (host) => {
        asked++;
        return names[host]!.map((address) => ({ address, family: 4 }));
      },
    });
    for (const host of Object.keys(names)) {
      expect(hooks.objection(`https://${host}/`)).toBeNull();
      await expect(hooks.post(`https://${host}/`, body, {})).rejects.toMatchObject({
        code: 'WEBHOOK_REFUSED',
      });
    }
    expect(asked).toBe(3);
  });

  test('are asked for once, and the connection goes to what was looked at', async () => {
    const address = await serve((_, reply) => reply.end());
    const { port } = new URL(address);
    let asked = 0;
    const hooks = createWebhooks({
      allowPrivate: true,
      // a second question would lead elsewhere
      resolve: async () => [{ address: asked++ === 0 ? '127.0.0.1' : '203.0.113.1', family: 4 }],
    });
    expect(await hooks.post(`http://rebound.example:${port}/`, body, {})).toBe(200);
    expect(asked).toBe(1);
  });

  test('of this machine are not reached through its name', async () => {
    await expect(outside.post('https://localhost:1/', body, {})).rejects.toMatchObject({
      code: 'WEBHOOK_REFUSED',
    });
  });
});

describe('a message', () => {
  test('arrives as it is, where the operator allows the private network', async () => {
    const seen: { method: string; headers: http.IncomingHttpHeaders; text: string }[] = [];
    const address = await serve((request, reply) => {
      let text = '';
      request.on('data', (chunk) => {
        text += String(chunk);
      });
      request.on('end', () => {
        seen.push({ method: request.method!, headers: request.headers, text });
        reply.writeHead(202).end('thanks');
      });
    });
    expect(await inside.post(`${address}/hook`, body, { 'gs1-signature': 'x' })).toBe(202);
    expect(seen).toMatchObject([{ method: 'POST', text: '{"a":1}', headers: { 'gs1-signature': 'x' } }]);
    await expect(outside.post(`${address}/hook`, body, {})).rejects.toMatchObject({
      code: 'WEBHOOK_REFUSED',
    });
    expect(seen).toHaveLength(1);
  });

  test('is not carried on to where it is redirected', async () => {
    let second = 0;
    const target = await serve((_, reply) => {
      second++;
      reply.end();
    });
    const address = await serve((_, reply) => reply.writeHead(307, { location: target }).end());
    expect(await inside.post(address, body, {})).toBe(307);
    expect(second).toBe(0);
  });

  test('does not wait for ever, nor read for ever', async () => {
    const silent = await serve(() => undefined);
    await expect(inside.post(silent, body, {})).rejects.toThrow(/abort|timeout/i);
    const endless = await serve((_, reply) => {
      const chunk = Buffer.alloc(64 * 1024);
      const more = () => {
        while (!reply.destroyed && reply.write(chunk));
      };
      reply.on('drain', more);
      more();
    });
    await expect(inside.post(endless, body, {})).rejects.toThrow(/too long/);
    await expect(inside.post('http://127.0.0.1:1/', body, {})).rejects.toThrow(/ECONNREFUSED/);
  });
});
