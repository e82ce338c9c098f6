/** What the binding does over HTTP beside answering: pages, capture jobs, formats and names. */
import type { Json } from '@zhenmei/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Binding, openBinding, type Reply } from './epcis-repository.ts';
import { CONTEXT, document, event, link, NS, OTHER, SITE } from './epcis-samples.ts';

let binding: Binding;
let key: string;
let otherKey: string;
const call: Binding['call'] = (...given) => binding.call(...given);

const serialsOf = (reply: Reply): string[] =>
  reply
    .json<{ epcisBody: { queryResults: { resultsBody: { eventList: { epcList: string[] }[] } } } }>()
    .epcisBody.queryResults.resultsBody.eventList.map(({ epcList }) => epcList[0]!.split('/').at(-1)!);

/** Follows `rel="next"` to the end. */
async function pages(url: string, given: { key?: string } = {}): Promise<Reply[]> {
  const all: Reply[] = [];
  for (let next: string | undefined = url; next !== undefined; ) {
    const reply = await call('GET', next, given);
    expect(reply.status, next).toBe(200);
    all.push(reply);
    next = /^<(.+)>; rel="next"$/.exec(reply.headers.link ?? '')?.[1];
    expect(next === undefined).toBe(reply.headers['gs1-next-page-token-expires'] === undefined);
  }
  return all;
}

/** A job from the POST to its end. */
async function captured(body: unknown, headers: Record<string, string> = {}) {
  const sent = await call('POST', '/capture', { key, body, headers });
  expect([sent.status, sent.text]).toEqual([202, '']);
  await binding.work();
  const job = await call('GET', sent.headers.location!, { key });
  return job.json<{ running: boolean; success: boolean; errors: Record<string, Json>[] }>();
}
const found = async (serial: string): Promise<number> =>
  (await call('GET', `/epcs/${encodeURIComponent(link(serial))}/events`)).status === 200 ? 1 : 0;

beforeAll(async () => {
  binding = await openBinding();
  key = binding.keyFor(SITE);
  otherKey = binding.keyFor(OTHER);
  for (let i = 1; i <= 7; i++)
    await call('POST', '/events', {
      key,
      body: { '@context': CONTEXT, ...event(`P${i}`, { eventTime: `2026-03-0${i}T00:00:00Z` }) },
    });
  for (const name of ['a', 'b', '采购 / 今天?#%']) {
    await call('POST', '/queries', { key, body: { name, query: { EQ_bizStep: ['storing'] } } });
    for (let i = 0; i < 3; i++)
      await call('POST', `/queries/${encodeURIComponent(name)}/subscriptions`, {
        key,
        body: { dest: `https://receiver.example/${i}`, stream: true },
      });
  }
  for (let i = 0; i < 3; i++) await captured(document([event(`P${i + 1}`)]));
});
afterAll(() => binding?.close());

describe('pages', () => {
  it('of events are joined by links that keep the other parameters', async () => {
    const all = await pages(
      '/events?perPage=3&EQ_bizStep=storing%7Cshipping&orderBy=eventTime&orderDirection=DESC',
    );
    expect(all.map((one) => serialsOf(one).length)).toEqual([3, 3, 3]);
    expect(new Set(all.flatMap(serialsOf))).toEqual(new Set(['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7']));
    expect(all.flatMap(serialsOf)[0]).toBe('P7');
    const hours = (Date.parse(all[0]!.headers['gs1-next-page-token-expires']!) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(23);
    expect(hours).toBeLessThanOrEqual(24);
  });

  it.each([
    ['/epcs', 7],
    ['/capture', 3],
    ['/queries', 3],
    [`/queries/${encodeURIComponent('采购 / 今天?#%')}/subscriptions`, 3],
  ])('of %s hold every item once', async (path, count) => {
    const all = await pages(`${path}?perPage=2`, { key });
    const items = all.flatMap((one) => {
      const body = one.json<{ member?: Json[] } | Json[]>();
      return Array.isArray(body) ? body : body.member!;
    });
    expect(all).toHaveLength(Math.ceil(count / 2));
    expect(new Set(items.map((item) => JSON.stringify(item))).size).toBe(count);
  });

  it('of a named query go on where they stood', async () => {
    const all = await pages(`/queries/${encodeURIComponent('采购 / 今天?#%')}/events?perPage=4`, { key });
    expect(all.flatMap(serialsOf)).toHaveLength(9);
    expect(all).toHaveLength(3);
  });

  it('are of their own list and query only', async () => {
    const token = async (url: string) =>
      new URL(
        (await call('GET', url, { key })).headers.link!.slice(1).split('>')[0]!,
        'http://x',
      ).searchParams.get('nextPageToken')!;
    const epcs = await token('/epcs?perPage=2');
    const events = await token('/events?perPage=2&EQ_action=OBSERVE');
    const a = await token('/queries/a/subscriptions?perPage=1');
    for (const url of [
      `/dispositions?nextPageToken=${epcs}`,
      `/events?nextPageToken=${epcs}`,
      `/epcs?nextPageToken=${events}`,
      `/events?perPage=2&nextPageToken=${events}`,
      `/events?perPage=2&EQ_action=ADD&nextPageToken=${events}`,
      `/queries/b/subscriptions?nextPageToken=${a}`,
      `/epcs?nextPageToken=${epcs.slice(0, -2)}`,
      '/capture?nextPageToken=x',
    ]) {
      const reply = await call('GET', url, { key });
      expect([url, reply.status, reply.json<{ code: string }>().code]).toEqual([url, 400, 'QUERY_INVALID']);
    }
  });

  it('end when their token is given back', async () => {
    const first = await call('GET', '/events?perPage=2');
    const next = /<(.+)>/.exec(first.headers.link!)![1]!;
    expect((await call('GET', next)).status).toBe(200);
    const token = new URL(next, 'http://x').searchParams.get('nextPageToken')!;
    for (let i = 0; i < 2; i++) expect((await call('DELETE', `/nextPageToken/${token}`)).status).toBe(204);
    expect((await call('GET', next)).json()).toMatchObject({ status: 400, code: 'QUERY_INVALID' });
  });
});

describe('capture', () => {
  const xml = (version: string, serial: string) => `<?xml version="1.0"?>
<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:${version[0]}" schemaVersion="${version}" creationDate="2026-03-04T11:00:30Z">
  <EPCISBody><EventList><ObjectEvent><eventTime>2026-03-04T10:00:30Z</eventTime>
  <eventTimeZoneOffset>+01:00</eventTimeZoneOffset><epcList><epc>urn:epc:id:sgtin:9521000.000001.${serial}</epc></epcList>
  <action>OBSERVE</action><bizStep>urn:epcglobal:cbv:bizstep:storing</bizStep>
  <readPoint><id>urn:epc:id:sgln:9521000.00001.0</id></readPoint>
  <bizLocation><id>urn:epc:id:sgln:9521000.00001.0</id></bizLocation></ObjectEvent></EventList></EPCISBody>
</epcis:EPCISDocument>`;

  it.each([
    ['1.2', 'application/xml'],
    ['2.0', 'text/xml; charset=utf-8'],
  ])('reads XML %s', async (version, type) => {
    const serial = `X${version.replace('.', '')}`;
    const job = await captured(xml(version, serial), { 'content-type': type });
    expect(job).toMatchObject({ running: false, success: true, errors: [] });
    expect(await found(serial)).toBe(1);
  });

  it('with rollback leaves nothing of a document that has a fault', async () => {
    const job = await captured(document([event('R1'), event('R2', {}, OTHER), event('R3')]));
    expect(job).toMatchObject({
      running: false,
      success: false,
      captureErrorBehaviour: 'rollback',
      errors: [
        {
          code: 'EVENT_NOT_YOURS',
          type: 'epcisException:SecurityException',
          status: 403,
          position: 1,
          pointer: '/epcisBody/eventList/1',
          texts: {
            'zh-CN': { detail: '你只能记录发生在自己场所的事。' },
            en: { detail: expect.stringMatching(/own site/) },
          },
        },
      ],
    });
    expect([await found('R1'), await found('R2'), await found('R3')]).toEqual([0, 0, 0]);
  });

  it('with proceed leaves out what has a fault, and says where it stands', async () => {
    const job = await captured(
      document([event('Q1'), event('Q2', {}, OTHER), event('Q3'), event('Q4', { action: 'SING' })]),
      { 'gs1-capture-error-behaviour': 'proceed' },
    );
    expect(job).toMatchObject({ running: false, success: false, captureErrorBehaviour: 'proceed' });
    expect(job.errors.map(({ code, position }) => [code, position])).toEqual([
      ['EVENT_NOT_YOURS', 1],
      ['EVENT_INVALID', 3],
    ]);
    expect([await found('Q1'), await found('Q2'), await found('Q3'), await found('Q4')]).toEqual([
      1, 0, 1, 0,
    ]);
  });

  it('keeps a job to its organisation', async () => {
    const sent = await call('POST', '/capture', { key, body: document([event('P1')]) });
    expect((await call('GET', sent.headers.location!, { key: otherKey })).json()).toMatchObject({
      status: 404,
      code: 'CAPTURE_JOB_UNKNOWN',
    });
    expect((await call('GET', '/capture', { key: otherKey })).json()).toEqual([]);
  });
});

describe('formats and names', () => {
  it('says the same as application/ld+json', async () => {
    const reply = await call('GET', '/events', { headers: { accept: 'application/ld+json' } });
    expect(reply.headers['content-type']).toMatch(/^application\/ld\+json/);
    expect(serialsOf(reply).length).toBeGreaterThan(0);
  });

  it('finds an identifier in either form, and writes the one that is asked for', async () => {
    const urn = 'urn:epc:id:sgtin:9521000.000001.P1';
    const reply = await call('GET', `/epcs/${encodeURIComponent(urn)}/events`, {
      headers: { 'gs1-epc-format': 'Always_EPC_URN' },
    });
    expect(reply.text).toContain(urn);
    expect(reply.text).not.toContain(link('P1'));
    const list = await call('GET', '/epcs?perPage=100', { headers: { 'gs1-epc-format': 'Always_EPC_URN' } });
    expect(list.json<{ member: string[] }>().member).toContain(urn);
  });

  it('finds by an extension field whose prefix is declared by a header, or by its IRI', async () => {
    for (const [name, headers] of [
      ['EQ_ex:note', { 'gs1-extensions': `zz=https://z.example/, ex=${NS}` }],
      [`EQ_${NS}note`, {}],
    ] as const) {
      const reply = await call('GET', `/events?${encodeURIComponent(name)}=P2`, { headers });
      expect(new Set(serialsOf(reply))).toEqual(new Set(['P2']));
    }
  });

  it('keeps named queries apart by organisation', async () => {
    const body = { name: 'a', query: { EQ_bizStep: ['shipping'] } };
    expect((await call('GET', '/queries/a', { key: otherKey })).status).toBe(404);
    expect((await call('DELETE', '/queries/a', { key: otherKey })).status).toBe(404);
    expect((await call('POST', '/queries', { key: otherKey, body })).status).toBe(201);
    expect((await call('GET', '/queries/a/subscriptions', { key: otherKey })).json()).toEqual([]);
    expect((await call('DELETE', '/queries/a', { key: otherKey })).status).toBe(204);
    expect((await call('GET', '/queries/a', { key })).json()).toEqual({
      name: 'a',
      query: { EQ_bizStep: ['storing'] },
    });
  });
});
