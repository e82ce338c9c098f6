/** What the binding refuses, each by its name: keys for something else, and all that can be wrong. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Binding, openBinding } from './epcis-repository.ts';
import { CONTEXT, document, event, link, OTHER, SITE } from './epcis-samples.ts';

let binding: Binding;
let key: string;
const call: Binding['call'] = (...given) => binding.call(...given);

beforeAll(async () => {
  binding = await openBinding();
  key = binding.keyFor(SITE);
  for (const serial of ['P1', 'P2'])
    await call('POST', '/events', { key, body: { '@context': CONTEXT, ...event(serial) } });
  await call('POST', '/queries', { key, body: { name: 'a', query: { EQ_bizStep: ['storing'] } } });
});
afterAll(() => binding?.close());

describe('a key', () => {
  it.each([
    ['query', 'POST', '/capture', document([event('S1')])],
    ['query', 'GET', '/capture', undefined],
    ['query', 'POST', '/events', { '@context': CONTEXT, ...event('S1') }],
    ['capture', 'GET', '/queries', undefined],
    ['capture', 'POST', '/queries', { name: 'c', query: {} }],
    ['capture', 'GET', '/queries/a/events', undefined],
    ['capture', 'DELETE', '/queries/a', undefined],
    ['capture', 'POST', '/queries/a/subscriptions', { dest: 'https://receiver.example/', stream: true }],
  ] as const)('for %s alone may not %s %s', async (scope, method, url, body) => {
    const reply = await call(method, url, { key: binding.keyFor(SITE, scope), body });
    expect(reply.json()).toMatchObject({
      status: 403,
      code: 'KEY_NOT_ALLOWED',
      type: 'epcisException:SecurityException',
    });
  });
});

describe('what is wrong has a name', () => {
  const get = (url: string, headers: Record<string, string> = {}) =>
    ['GET', url, undefined, headers] as const;
  const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
    ['POST', url, body, headers] as const;
  const subscription = (more: object) =>
    post('/queries/a/subscriptions', { dest: 'https://receiver.example/', ...more });

  it.each([
    ['RESOURCE_UNKNOWN', get('/bizSteps/dancing')],
    ['RESOURCE_UNKNOWN', get('/epcs/urn:x:nobody/events')],
    ['RESOURCE_UNKNOWN', get(`/bizLocations/${encodeURIComponent(link('P1'))}`)],
    ['EVENT_UNKNOWN', get('/events/urn:uuid:00000000-0000-4000-8000-000000000000')],
    ['EPCIS_HEADER_INVALID', get('/events', { 'gs1-epc-format': 'Always' })],
    ['EPCIS_HEADER_INVALID', get('/events', { 'gs1-extensions': 'ex' })],
    ['EPCIS_HEADER_INVALID', get('/events', { 'gs1-extensions': 'ex=nowhere' })],
    ['EPCIS_HEADER_INVALID', get('/events', { 'gs1-epcis-version': 'two' })],
    ['EPCIS_HEADER_INVALID', post('/capture', document([]), { 'gs1-capture-error-behaviour': 'try' })],
    ['EPCIS_VERSION_NOT_OFFERED', get('/events', { 'gs1-epcis-version': '3.0' })],
    ['EPCIS_VERSION_NOT_OFFERED', get('/events', { 'gs1-epcis-max': '1.2' })],
    ['EPCIS_VERSION_NOT_OFFERED', get('/events', { 'gs1-cbv-min': '2.1' })],
    ['QUERY_INVALID', get('/bizSteps/storing/events?EQ_bizStep=shipping')],
    ['QUERY_INVALID', get('/events?GE_eventTime=yesterday')],
    ['QUERY_INVALID', get('/events?perPage=0')],
    ['QUERY_PARAMETER_UNKNOWN', get('/events?EQ_ex%3Anote=P1')],
    ['QUERY_PARAMETER_UNKNOWN', get('/queries/a/events?EQ_bizStep=storing')],
    ['QUERY_PARAMETER_UNKNOWN', post('/queries', { name: 'c', query: { EQ_colour: 'red' } })],
    ['QUERY_TOO_LARGE', get('/events?maxEventCount=1')],
    ['NAMED_QUERY_UNKNOWN', get('/queries/nobody')],
    ['NAMED_QUERY_EXISTS', post('/queries', { name: 'a', query: {} })],
    ['SUBSCRIPTION_UNKNOWN', get('/queries/a/subscriptions/nobody')],
    ['SUBSCRIPTION_BY_WEBHOOK', get('/queries/a/events?minute=5')],
    ['SUBSCRIPTION_INVALID', subscription({})],
    ['SUBSCRIPTION_INVALID', subscription({ stream: true, schedule: { minute: '1' } })],
    ['SUBSCRIPTION_INVALID', subscription({ schedule: { minute: '60' } })],
    ['CAPTURE_JOB_UNKNOWN', get('/capture/nobody')],
    ['EPCIS_NOT_A_DOCUMENT', post('/capture', { type: 'ObjectEvent' })],
    ['XML_INVALID', post('/capture', '<a', { 'content-type': 'application/xml' })],
    ['XML_REFUSED', post('/capture', '<!DOCTYPE a><a/>', { 'content-type': 'application/xml' })],
    ['EVENT_INVALID', post('/events', { '@context': CONTEXT, ...event('W', { action: 'SING' }) })],
    ['EVENT_NOT_YOURS', post('/events', { '@context': CONTEXT, ...event('W', {}, OTHER) })],
    [
      'EVENT_TOO_LARGE',
      post('/events', { '@context': CONTEXT, ...event('W', { 'ex:note': 'x'.repeat(70_000) }) }),
    ],
  ] as const)('%s', async (code, [method, url, body, headers]) => {
    const reply = await call(method, url, { key, body, headers });
    expect(reply.json()).toMatchObject({
      code,
      status: reply.status,
      type: expect.stringMatching(/^epcisException:\w+Exception$/),
      texts: {
        'zh-CN': { detail: expect.stringMatching(/[一-鿿]/) },
        en: { detail: expect.stringMatching(/^[^一-鿿]+$/) },
      },
    });
    expect((await call('GET', `/epcs/${encodeURIComponent(link('W'))}`)).status).toBe(404);
  });
});
