/** A company's own system plugged into a real house: keys, capture jobs, signed messages, and a server that is killed. */
import { createHmac } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import type net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { p256 } from '@noble/curves/nist.js';
import { Api, cookieFetch } from '@zhenmei/client/api.ts';
import { type Desk, joinDesk } from '@zhenmei/client/desk.ts';
import { softwarePasskey } from '@zhenmei/client/software-passkey.ts';
import { identityApi } from '@zhenmei/identity/api.ts';
import type { Json } from '@zhenmei/kernel';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { document, event, SITE } from '../conformance/epcis-samples.ts';
import { type ServerProcess, up } from './server-process.ts';
import { freePort } from './test-house.ts';

const ENV = { WEBHOOKS_PRIVATE: 'on' };
const TOKEN = '13df38d8275b13f05704629e5f1cf3d45d6132d5';
const MANY = 5_000;

let root: string;
let folder: string;
let house: ServerProcess;
let desk: Desk;
let receiver: http.Server;
let hook: string;
const messages: { signature: string | undefined; body: string }[] = [];

function apiOf(origin: string): Api {
  return new Api({
    baseUrl: origin,
    seat: 'desk',
    lang: () => 'en',
    newKey: () => crypto.randomUUID(),
    fetch: cookieFetch(origin),
  });
}

/** The first desk of a distributor at the site. */
async function openDesk(origin: string): Promise<Desk> {
  const api = apiOf(origin);
  const { operatorToken } = JSON.parse(fs.readFileSync(path.join(folder, 'secrets.json'), 'utf8'));
  const text = (zh: string, en: string) => ({ zh, en });
  const { invitation } = await api.call(identityApi.createOrganisation, {
    bearer: operatorToken,
    body: {
      kind: 'distributor',
      name: text('远桥医药物流', 'Farbridge Medical Logistics'),
      city: text('真安', 'Zhen’an'),
      address: text('物流大道 6 号', '6 Logistics Avenue'),
      region: 'CN',
      gln: SITE,
      licensedForToxin: true,
    },
  });
  const key = p256.utils.randomSecretKey();
  return joinDesk(
    api,
    softwarePasskey(crypto.getRandomValues(new Uint8Array(32)), origin),
    {
      point: p256.getPublicKey(key, false),
      sign: async (message) => p256.sign(message, key, { prehash: true }),
    },
    invitation,
    'desk',
  );
}

/** As a company's system calls. */
async function call(method: string, url: string, key: string, body?: unknown) {
  const reply = await fetch(new URL(url, house.url), {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  return {
    status: reply.status,
    headers: reply.headers,
    json: (text === '' ? null : JSON.parse(text)) as never,
  };
}
const newKey = (scopes: ('capture' | 'query')[]) =>
  desk.api.call(identityApi.makeApiKey, { body: { name: 'ERP', scopes } });
const jobAt = async (url: string, key: string) =>
  (await call('GET', url, key)).json as { running: boolean; success: boolean; errors: Json[] };

/** Serials of one sort that were told to the subscriber. */
const told = (sort: string): Set<string> =>
  new Set(messages.flatMap(({ body }) => body.match(new RegExp(`/21/${sort}\\d+(?=")`, 'g')) ?? []));

beforeAll(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-epcis-'));
  folder = path.join(root, 'house');
  house = await up({ folder, port: await freePort(), env: ENV });
  desk = await openDesk(house.url);
  receiver = http.createServer((request, reply) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += String(chunk);
    });
    request.on('end', () => {
      messages.push({ signature: request.headers['gs1-signature'] as string | undefined, body });
      reply.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  hook = `http://127.0.0.1:${(receiver.address() as net.AddressInfo).port}/hook`;
});
afterAll(async () => {
  house?.child.kill('SIGTERM');
  await house?.ended;
  receiver?.closeAllConnections();
  receiver?.close();
  fs.rmSync(root, { recursive: true, force: true });
});

describe('a system of a company', () => {
  it('captures and asks by its key, until the desk ends it', async () => {
    const { id, secret } = await newKey(['capture', 'query']);
    const sent = await call('POST', '/capture', secret, document([event('K1'), event('K2')]));
    expect(sent.status).toBe(202);
    const job = sent.headers.get('location')!;
    await expect.poll(() => jobAt(job, secret)).toMatchObject({ running: false, success: true });
    const found = await fetch(`${house.url}/events?EQ_bizStep=storing`, {
      headers: { accept: 'application/json' },
    });
    expect(await found.text()).toMatch(/21\/K1".*21\/K2"/s);
    const { keys } = await desk.api.call(identityApi.listApiKeys);
    expect(keys).toEqual([
      expect.objectContaining({
        id,
        scopes: ['capture', 'query'],
        usedAt: expect.any(String),
        revokedAt: null,
      }),
    ]);
    await desk.api.call(identityApi.revokeApiKey, { params: { id } });
    for (const [method, url] of [
      ['GET', '/capture'],
      ['GET', '/queries'],
      ['POST', '/events'],
    ] as const)
      expect((await call(method, url, secret, method === 'POST' ? event('K3') : undefined)).status).toBe(401);
  });

  it('may do only what its key is for, and makes no keys', async () => {
    const { secret } = await newKey(['query']);
    expect((await call('POST', '/capture', secret, document([event('K4')]))).status).toBe(403);
    expect((await call('GET', '/queries', secret)).status).toBe(200);
    for (const [method, url] of [
      ['GET', '/api/organisations/keys'],
      ['POST', '/api/organisations/keys'],
      ['POST', '/api/organisations/invitations'],
    ] as const)
      expect(
        (await call(method, url, secret, method === 'POST' ? {} : undefined)).status,
      ).toBeGreaterThanOrEqual(401);
  });

  it('is captured for by a desk, with its session alone', async () => {
    const { eventID } = (await desk.api.call(provenanceApi.captureEvent, {
      body: { '@context': (document([]) as { '@context': Json })['@context'], ...event('D1') } as never,
    })) as { eventID: string };
    expect(eventID).toMatch(/^ni:\/\/\/sha-256;/);
  });
});

describe('a server that is killed', () => {
  it('goes on with capture and tells subscribers everything, signed', async () => {
    const { secret } = await newKey(['capture', 'query']);
    const made = await call('POST', '/queries', secret, { name: 'mine', query: { EQ_action: ['OBSERVE'] } });
    expect(made.status).toBe(201);
    const subscribed = await call('POST', '/queries/mine/subscriptions', secret, {
      dest: hook,
      signatureToken: TOKEN,
      stream: true,
    });
    expect(subscribed.status).toBe(201);
    const events = Array.from({ length: MANY }, (_, i) => event(`M${i}`));
    const jobs: string[] = [];
    for (const behaviour of ['proceed', 'rollback']) {
      const reply = await fetch(`${house.url}/capture`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${secret}`,
          'content-type': 'application/json',
          'gs1-capture-error-behaviour': behaviour,
        },
        body: JSON.stringify(
          document(behaviour === 'proceed' ? events : events.map((_, i) => event(`N${i}`))),
        ),
      });
      expect(reply.status).toBe(202);
      jobs.push(reply.headers.get('location')!);
    }
    // some of it is stored, and some of it is told
    await expect.poll(() => told('M').size, { interval: 50 }).toBeGreaterThan(0);
    process.kill(house.pids.server, 'SIGKILL');
    await house.ended;
    const before = told('M').size;
    expect(before).toBeLessThan(MANY);

    house = await up({ folder, port: await freePort(), env: ENV });
    for (const job of jobs)
      await expect
        .poll(() => jobAt(job, secret), { timeout: 120_000, interval: 250 })
        .toMatchObject({ running: false, success: true, errors: [] });
    for (const sort of ['M', 'N'])
      await expect.poll(() => told(sort).size, { timeout: 120_000, interval: 250 }).toBe(MANY);
    for (const { signature, body } of messages)
      expect(signature).toBe(createHmac('sha256', TOKEN).update(body).digest('hex'));

    const seen: string[] = [];
    for (let next: string | undefined = '/queries/mine/events?perPage=1000'; next !== undefined; ) {
      const page = await call('GET', next, secret);
      seen.push(...(JSON.stringify(page.json).match(/\/21\/[MN]\d+(?=")/g) ?? []));
      next = /^<(.+)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1];
    }
    expect([seen.length, new Set(seen).size]).toEqual([2 * MANY, 2 * MANY]);
  });
});
