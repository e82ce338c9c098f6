/** The REST binding against the official OpenAPI document: every address and method, every status, every shape. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Binding, openBinding, type Reply } from './epcis-repository.ts';
import { vectors } from './vectors.ts';

type Node = { [key: string]: Node } & { $ref?: string };
type Operation = { responses: Node; parameters?: Node[] };

const schemas = vectors('epcis-schema');
const api = schemas
  ? (JSON.parse(readFileSync(join(schemas, 'openapi.json'), 'utf8')) as {
      paths: Record<string, Record<string, Operation>>;
      components: { responses: Node };
    })
  : null;
const METHODS = ['get', 'post', 'put', 'delete', 'options'];
const operations = Object.entries(api?.paths ?? {}).flatMap(([path, item]) =>
  METHODS.flatMap((method) => (item[method] ? [{ path, method, operation: item[method] }] : [])),
);

/** Where the official document contradicts its own example, the example counts. */
const CONTRADICTED = new Set([
  // says an array, shows one query
  'get /queries/{queryName} 200',
  // every job fits both of the two shapes of which it must fit exactly one
  'get /capture 200',
  'get /capture/{captureID} 200',
]);
/** Misspelt in the schema, right in the example beside it. */
const MISSPELT: Record<number, string> = {
  409: 'epcisException:ResourceAlreadyExistsException',
  415: 'epcisException:UnsupportedMediaTypeException',
};

function shapeOf({ responses }: Operation, status: number): Node | null {
  const given = responses[status];
  if (!given) return null;
  const response = given.$ref ? api!.components.responses[given.$ref.split('/').at(-1)!]! : given;
  const content = (response.content ?? {}) as Node;
  return (content['application/json'] ?? content['application/problem+json'])?.schema ?? null;
}

let ajv: Ajv;
function faults(schema: Node, value: unknown): string[] {
  const text = JSON.stringify(schema).replaceAll('"#/', '"openapi#/');
  const check = ajv.compile(JSON.parse(text));
  return check(value) ? [] : (check.errors ?? []).map((e) => `${e.instancePath} ${e.message}`);
}

function mustConform(path: string, method: string, reply: Reply): void {
  const operation = api!.paths[path]![method]!;
  // what queries answer when a parameter is wrong is listed for most addresses with events, and meant for all
  expect(Object.keys(operation.responses), `${method} ${path}`).toContain(String(reply.status));
  const schema = shapeOf(operation, reply.status);
  const misspelt = MISSPELT[reply.status];
  if (misspelt) expect(reply.json()).toMatchObject({ type: misspelt, status: reply.status });
  else if (schema && !CONTRADICTED.has(`${method} ${path} ${reply.status}`))
    expect(faults(schema, reply.json()), `${method} ${path} ${reply.status}`).toEqual([]);
  if (reply.status >= 400) {
    expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(reply.json()).toMatchObject({
      code: expect.any(String),
      texts: { 'zh-CN': {}, en: {} },
      type: expect.stringMatching(/^epcisException:/),
    });
  }
}

const SITE = '9521000000018';
const EVENT = {
  '@context': [
    'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
    { ex: 'https://ns.example.com/' },
  ],
  type: 'ObjectEvent',
  eventTime: '2026-03-01T08:00:00.000+08:00',
  eventTimeZoneOffset: '+08:00',
  action: 'OBSERVE',
  bizStep: 'storing',
  disposition: 'in_progress',
  epcList: ['https://id.gs1.org/01/09521000000018/21/A1'],
  readPoint: { id: `https://id.gs1.org/414/${SITE}` },
  bizLocation: { id: `https://id.gs1.org/414/${SITE}` },
  'ex:note': 'x',
};
const document = (events: unknown[]) => ({
  '@context': EVENT['@context'],
  type: 'EPCISDocument',
  schemaVersion: '2.0',
  creationDate: '2026-03-01T08:00:00Z',
  epcisBody: { eventList: events },
});

describe.skipIf(!api)('the official OpenAPI document of the binding', () => {
  let binding: Binding;
  let key: string;
  /** What stands for each parameter of an address. */
  const known: Record<string, string> = {
    eventType: 'ObjectEvent',
    epc: EVENT.epcList[0]!,
    bizStep: 'storing',
    bizLocation: EVENT.bizLocation.id,
    readPoint: EVENT.readPoint.id,
    disposition: 'in_progress',
    queryName: 'mine',
    token: 'none',
  };
  const filled = (path: string, values: Record<string, string>) =>
    path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name]!));

  beforeAll(async () => {
    ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
    addFormats.default(ajv);
    // patterns of another dialect
    const text = JSON.stringify(api, (name, value: unknown) =>
      name === 'pattern' && typeof value === 'string' && value.includes('\\g<') ? undefined : value,
    );
    ajv.addSchema(JSON.parse(text), 'openapi');
    binding = await openBinding();
    key = binding.keyFor(SITE);
    const made = await binding.call('POST', '/events', { key, body: EVENT });
    known.eventID = made.json<{ eventID: string }>().eventID;
    const job = await binding.call('POST', '/capture', { key, body: document([EVENT]) });
    known.captureID = job.headers.location!.split('/').at(-1)!;
    await binding.work();
    await binding.call('POST', '/queries', {
      key,
      body: { name: 'mine', query: { EQ_bizStep: ['storing'] } },
    });
    const subscription = await binding.call('POST', '/queries/mine/subscriptions', {
      key,
      body: { dest: 'https://receiver.example/hook', stream: true },
    });
    known.subscriptionID = subscription.json<{ subscriptionID: string }>().subscriptionID;
  });
  afterAll(() => binding?.close());

  it('has 29 addresses with 63 operations', () => {
    expect([Object.keys(api!.paths).length, operations.length]).toEqual([29, 63]);
  });

  it.each([...CONTRADICTED])('contradicts its own example in %s', (name) => {
    const [method, path, status] = name.split(' ') as [string, string, string];
    const operation = api!.paths[path]![method]!;
    const content = operation.responses[status]!.content as Node;
    expect(faults(shapeOf(operation, Number(status))!, content['application/json']!.example)).not.toEqual([]);
  });

  const body = (path: string, n: number): unknown =>
    ({
      '/capture': document([EVENT]),
      '/events': { ...EVENT, 'ex:note': `again ${n}` },
      '/queries': { name: `other ${n}`, query: { eventType: ['ObjectEvent'] } },
      '/queries/{queryName}/subscriptions': {
        dest: 'https://receiver.example/hook',
        signatureToken: '13df38d8275b13f05704629e5f1cf3d45d6132d5',
        reportIfEmpty: true,
        schedule: { hour: '1', minute: '5' },
      },
    })[path];

  it.each(operations.filter(({ method }) => method !== 'delete'))(
    '$method $path answers as listed',
    async ({ path, method }) => {
      const url = filled(path, known);
      const reply = await binding.call(method.toUpperCase(), url, {
        key,
        headers: { accept: 'application/json' },
        ...(method === 'post' ? { body: body(path, 1) } : {}),
      });
      expect(reply.status).toBeLessThan(300);
      mustConform(path, method, reply);
      if (method === 'options') {
        const wanted = ((api!.components.responses as Node)[
          api!.paths[path]!.options!.responses['204']!.$ref!.split('/').at(-1)!
        ]!.headers ?? {}) as Node;
        for (const header of Object.keys(wanted).filter((one) => one !== 'GS1-Query-Min-Record-Time'))
          expect(reply.headers, header).toHaveProperty(header.toLowerCase());
        expect(reply.headers.allow!.split(', ').sort()).toEqual(
          METHODS.filter((one) => api!.paths[path]![one])
            .map((one) => one.toUpperCase())
            .sort(),
        );
      } else expect(reply.headers['gs1-epcis-version']).toBe('2.0.0');
    },
  );

  it.each(
    operations.filter(
      ({ path, method }) => /\{/.test(path) && method !== 'options' && !path.includes('token'),
    ),
  )('$method $path knows nothing of what is not there', async ({ path, method }) => {
    const url = filled(path, {
      ...Object.fromEntries(Object.keys(known).map((name) => [name, 'urn:x:nobody'])),
      eventType: 'https://ns.example.com/NoEvent',
    });
    const reply = await binding.call(method.toUpperCase(), url, {
      key,
      ...(method === 'post' ? { body: body(path, 2) } : {}),
    });
    expect(reply.status).toBe(404);
    mustConform(path, method, reply);
  });

  it.each(
    operations
      .filter(({ path }) => /^\/(?:capture|queries)/.test(path))
      .filter(({ method }) => method !== 'options'),
  )('$method $path is for those who show who they are', async ({ path, method }) => {
    for (const wrong of [undefined, 'key-nobody']) {
      const reply = await binding.call(method.toUpperCase(), filled(path, known), {
        ...(wrong === undefined ? {} : { key: wrong }),
        ...(method === 'post' ? { body: body(path, 3) } : {}),
      });
      expect(reply.status).toBe(401);
      mustConform(path, method, reply);
    }
  });

  it.each(operations.filter(({ method, path }) => method !== 'options' && !path.includes('token')))(
    '$method $path refuses formats and versions it does not have',
    async ({ path, method }) => {
      for (const headers of [
        { accept: 'application/xml' },
        { accept: 'application/json', 'gs1-epcis-min': '3.0' },
      ]) {
        const reply = await binding.call(method.toUpperCase(), filled(path, known), {
          key,
          headers: headers as Record<string, string>,
          ...(method === 'post' ? { body: body(path, 4) } : {}),
        });
        // POST /capture and its like read the version of what they are given, not of what they answer
        if (method === 'post' && 'gs1-epcis-min' in headers && path === '/capture') continue;
        expect(reply.status).toBe(406);
        mustConform(path, method, reply);
      }
    },
  );

  it.each(operations.filter(({ method }) => method === 'post'))(
    '$method $path refuses other media types, what is too large, and what is wrong',
    async ({ path, method }) => {
      const url = filled(path, known);
      const other = await binding.call('POST', url, {
        key,
        body: 'x',
        headers: { 'content-type': 'text/csv' },
      });
      expect(other.status).toBe(415);
      mustConform(path, method, other);
      const wrong = await binding.call('POST', url, { key, body: '{"a":' });
      expect(wrong.status).toBe(400);
      if ('400' in operationOf(path, method).responses) mustConform(path, method, wrong);
    },
  );
  const operationOf = (path: string, method: string) => api!.paths[path]![method]!;

  it('gives the names of the standard to what goes wrong', async () => {
    const many = document(Array.from({ length: 5_001 }, () => EVENT));
    const large = await binding.call('POST', '/capture', { key, body: many });
    expect([large.status, large.headers['gs1-epcis-capture-limit']]).toEqual([413, '5000']);
    mustConform('/capture', 'post', large);
    const bytes = await binding.call('POST', '/capture', { key, body: `"${'x'.repeat(10_000_001)}"` });
    expect(bytes.status).toBe(413);
    mustConform('/capture', 'post', bytes);
    const long = await binding.call('GET', `/events?EQ_stringValue=${'x'.repeat(8_000)}`);
    expect(long.status).toBe(414);
    mustConform('/events', 'get', long);
    const again = await binding.call('POST', '/queries', { key, body: { name: 'mine', query: {} } });
    expect(again.status).toBe(409);
    mustConform('/queries', 'post', again);
    const named = { ...EVENT, eventID: 'urn:uuid:6e0b3f0e-8a4c-4a8f-9f0e-0d7a3a6f1a11' };
    expect((await binding.call('POST', '/events', { key, body: named })).status).toBe(201);
    const other = await binding.call('POST', '/events', {
      key,
      body: { ...named, eventTime: '2026-03-02T08:00:00Z', 'ex:note': 'z' },
    });
    expect([other.status, (await binding.call('POST', '/events', { key, body: named })).status]).toEqual([
      201, 201,
    ]);
    const taken = await binding.call('POST', '/events', {
      key,
      body: { ...named, 'ex:note': 'yet another' },
    });
    expect(taken.status).toBe(409);
    mustConform('/events', 'post', taken);
    const foreign = await binding.call('POST', '/events', {
      key: binding.keyFor('9521000000025'),
      body: EVENT,
    });
    expect(foreign.status).toBe(403);
    mustConform('/events', 'post', foreign);
    const unknown = await binding.call('GET', `/bizSteps/storing/events?EQ_colour=red`);
    expect(unknown.json()).toMatchObject({ status: 400, type: 'epcisException:QueryParameterException' });
    mustConform('/bizSteps/{bizStep}/events', 'get', unknown);
    const tooMany = await binding.call('GET', `/events?maxEventCount=1`);
    expect(tooMany.json()).toMatchObject({ status: 413, type: 'epcisException:QueryTooLargeException' });
    const live = await binding.call('GET', '/queries/mine/events?stream=true', { key });
    expect(live.json()).toMatchObject({ type: 'epcisException:SubscriptionControlsException' });
    mustConform('/queries/{queryName}/events', 'get', live);
  });

  it('deletes as listed', async () => {
    for (const [path, wanted] of [
      ['/queries/{queryName}/subscriptions/{subscriptionID}', 204],
      ['/queries/{queryName}', 204],
      ['/nextPageToken/{token}', 204],
    ] as const) {
      const reply = await binding.call('DELETE', filled(path, known), { key });
      expect([reply.status, reply.text]).toEqual([wanted, '']);
      mustConform(path, 'delete', reply);
    }
    expect((await binding.call('GET', '/queries/mine', { key })).status).toBe(404);
  });
});
