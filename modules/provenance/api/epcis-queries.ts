/** EPCIS 2.0 REST binding: named queries and subscriptions to them. */
import { z } from 'zod';
import { EPC_FORMATS } from '../core/present.ts';
import { BODY_TYPES, discovery, EventParameters, epcisRoute, Paging, QueryDocument } from './epcis-frame.ts';

const Name = z
  .string()
  .min(1)
  .max(100)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is refused
  .regex(/^[^\u0000-\u001f\u007f]+$/);
const named = z.object({ queryName: z.string().min(1).max(300) });
const NamedQuery = z.object({ name: z.string(), query: z.record(z.string(), z.unknown()) });

const Schedule = z.strictObject({
  second: z.string().max(200).optional(),
  minute: z.string().max(200).optional(),
  hour: z.string().max(200).optional(),
  dayOfMonth: z.string().max(200).optional(),
  month: z.string().max(200).optional(),
  dayOfWeek: z.string().max(200).optional(),
});

const Subscription = z.object({
  subscriptionID: z.string(),
  queryName: z.string(),
  dest: z.string(),
  createdAt: z.string(),
  lastNotifiedAt: z.string().optional(),
  initialRecordTime: z.string().optional(),
  minRecordTime: z.string(),
  epcFormat: z.enum(EPC_FORMATS),
  stream: z.literal(true).optional(),
  schedule: Schedule.optional(),
  reportIfEmpty: z.boolean().optional(),
  'zm:stopped': z.object({ code: z.string(), at: z.string() }).optional(),
  'zm:failures': z.int().optional(),
});

const KEPT = ['NAMED_QUERY_UNKNOWN', 'EVENT_NOT_YOURS'];

export const queriesApi = {
  discoverQueries: discovery('/queries', 'OPTIONS, GET, POST'),
  queries: epcisRoute({
    method: 'GET',
    path: '/queries',
    summary: { zh: '本机构保存的查询', en: 'Queries that this organisation keeps' },
    auth: 'desk',
    keyScope: 'query',
    query: Paging,
    response: { 200: z.array(NamedQuery) },
    errors: ['QUERY_INVALID', 'EVENT_NOT_YOURS'],
  }),
  createQuery: epcisRoute({
    method: 'POST',
    path: '/queries',
    summary: { zh: '保存一个查询', en: 'Keep a query under a name' },
    auth: 'desk',
    keyScope: 'query',
    accepts: [...BODY_TYPES],
    body: z.object({ name: Name, query: z.record(z.string(), z.json()) }),
    success: 201,
    response: { 200: z.null() },
    errors: [
      'QUERY_PARAMETER_UNKNOWN',
      'QUERY_INVALID',
      'NAMED_QUERY_EXISTS',
      'NAMED_QUERIES_TOO_MANY',
      'EVENT_NOT_YOURS',
    ],
  }),
  discoverQuery: discovery('/queries/:queryName', 'OPTIONS, GET, DELETE'),
  readQuery: epcisRoute({
    method: 'GET',
    path: '/queries/:queryName',
    summary: { zh: '一个保存的查询', en: 'A query that is kept' },
    auth: 'desk',
    keyScope: 'query',
    params: named,
    response: { 200: NamedQuery },
    errors: KEPT,
  }),
  deleteQuery: epcisRoute({
    method: 'DELETE',
    path: '/queries/:queryName',
    summary: { zh: '删除一个查询及其订阅', en: 'Delete a query and its subscriptions' },
    auth: 'desk',
    keyScope: 'query',
    params: named,
    success: 204,
    response: { 200: z.null() },
    errors: KEPT,
  }),
  discoverQueryEvents: discovery('/queries/:queryName/events', 'OPTIONS, GET'),
  queryEvents: epcisRoute({
    method: 'GET',
    path: '/queries/:queryName/events',
    summary: { zh: '一个保存的查询的结果', en: 'What a kept query finds' },
    auth: 'desk',
    keyScope: 'query',
    params: named,
    query: EventParameters,
    response: { 200: QueryDocument },
    errors: [
      ...KEPT,
      'QUERY_PARAMETER_UNKNOWN',
      'QUERY_INVALID',
      'QUERY_TOO_LARGE',
      'QUERY_TOO_COMPLEX',
      'SUBSCRIPTION_BY_WEBHOOK',
    ],
  }),
  discoverSubscriptions: discovery('/queries/:queryName/subscriptions', 'OPTIONS, GET, POST'),
  subscriptions: epcisRoute({
    method: 'GET',
    path: '/queries/:queryName/subscriptions',
    summary: { zh: '一个查询的订阅', en: 'Subscriptions to a query' },
    auth: 'desk',
    keyScope: 'query',
    params: named,
    query: Paging,
    response: { 200: z.array(Subscription) },
    errors: [...KEPT, 'QUERY_INVALID'],
  }),
  subscribe: epcisRoute({
    method: 'POST',
    path: '/queries/:queryName/subscriptions',
    summary: { zh: '用 webhook 订阅一个查询', en: 'Subscribe to a query by webhook' },
    auth: 'desk',
    keyScope: 'query',
    accepts: [...BODY_TYPES],
    params: named,
    body: z.strictObject({
      dest: z.string().min(1).max(2_000),
      signatureToken: z.string().min(1).max(500).optional(),
      stream: z.literal(true).optional(),
      schedule: Schedule.optional(),
      reportIfEmpty: z.boolean().optional(),
      initialRecordTime: z.iso.datetime({ offset: true }).optional(),
    }),
    success: 201,
    response: { 200: Subscription },
    errors: [...KEPT, 'SUBSCRIPTION_INVALID', 'SUBSCRIPTION_NOT_BOUNDED', 'NAMED_QUERIES_TOO_MANY'],
  }),
  discoverSubscription: discovery(
    '/queries/:queryName/subscriptions/:subscriptionID',
    'OPTIONS, DELETE, GET',
  ),
  readSubscription: epcisRoute({
    method: 'GET',
    path: '/queries/:queryName/subscriptions/:subscriptionID',
    summary: { zh: '一个订阅的情况', en: 'How a subscription stands' },
    auth: 'desk',
    keyScope: 'query',
    params: named.extend({ subscriptionID: z.string().max(100) }),
    response: { 200: Subscription },
    errors: [...KEPT, 'SUBSCRIPTION_UNKNOWN'],
  }),
  unsubscribe: epcisRoute({
    method: 'DELETE',
    path: '/queries/:queryName/subscriptions/:subscriptionID',
    summary: { zh: '退订', en: 'Unsubscribe' },
    auth: 'desk',
    keyScope: 'query',
    params: named.extend({ subscriptionID: z.string().max(100) }),
    success: 204,
    response: { 200: z.null() },
    errors: [...KEPT, 'SUBSCRIPTION_UNKNOWN'],
  }),
};
