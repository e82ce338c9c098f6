/** EPCIS 2.0 REST binding: events, and what they are of: types, things, steps, places, dispositions. */
import type { RouteContract } from '@zhenmei/kernel';
import { z } from 'zod';
import { Collection, discovery, EventParameters, epcisRoute, Paging, QueryDocument } from './epcis-frame.ts';

const QUERY_ERRORS = ['QUERY_PARAMETER_UNKNOWN', 'QUERY_INVALID', 'QUERY_TOO_LARGE', 'QUERY_TOO_COMPLEX'];

const list = (path: string, zh: string, en: string) =>
  epcisRoute({
    method: 'GET',
    path,
    summary: { zh, en },
    auth: 'public',
    query: Paging,
    response: { 200: Collection },
    errors: ['QUERY_INVALID'],
  });
const member = (path: string, zh: string, en: string) =>
  epcisRoute({
    method: 'GET',
    path: `${path}/:value`,
    summary: { zh, en },
    auth: 'public',
    params: z.object({ value: z.string().min(1).max(2_000) }),
    response: { 200: Collection },
    errors: ['RESOURCE_UNKNOWN'],
  });
const eventsOf = (path: string, zh: string, en: string) =>
  epcisRoute({
    method: 'GET',
    path: `${path}/:value/events`,
    summary: { zh, en },
    auth: 'public',
    params: z.object({ value: z.string().min(1).max(2_000) }),
    query: EventParameters,
    response: { 200: QueryDocument },
    errors: ['RESOURCE_UNKNOWN', ...QUERY_ERRORS],
  });
const GET = 'OPTIONS, GET';

export const eventsApi = {
  discoverRoot: discovery('/', GET),
  root: epcisRoute({
    method: 'GET',
    path: '/',
    summary: { zh: 'EPCIS 仓库的顶层资源', en: 'Top-level resources of the EPCIS repository' },
    auth: 'public',
    page: true,
    response: { 200: Collection },
    errors: [],
  }),
  discoverEvents: discovery('/events', 'OPTIONS, GET, POST'),
  events: epcisRoute({
    method: 'GET',
    path: '/events',
    summary: { zh: '查询已记录的事件', en: 'Query captured events' },
    auth: 'public',
    query: EventParameters,
    response: { 200: QueryDocument },
    errors: QUERY_ERRORS,
  }),
  discoverEvent: discovery('/events/:eventID', GET),
  event: epcisRoute({
    method: 'GET',
    path: '/events/:eventID',
    summary: { zh: '一个事件及其更正声明', en: 'One event and the declarations that it was wrong' },
    auth: 'public',
    params: z.object({ eventID: z.string().min(1).max(2_000) }),
    response: { 200: QueryDocument },
    errors: ['EVENT_UNKNOWN'],
  }),
  discoverEventTypes: discovery('/eventTypes', GET),
  eventTypes: list('/eventTypes', '事件类型', 'Types of events'),
  discoverEventType: discovery('/eventTypes/:value', GET),
  eventType: member('/eventTypes', '一种事件', 'A type of events'),
  discoverEventTypeEvents: discovery('/eventTypes/:value/events', GET),
  eventTypeEvents: eventsOf('/eventTypes', '这种类型的事件', 'Events of this type'),
  discoverEpcs: discovery('/epcs', GET),
  epcs: list('/epcs', '事件提到的物品', 'Things that events speak of'),
  discoverEpc: discovery('/epcs/:value', GET),
  epc: member('/epcs', '一件物品', 'A thing'),
  discoverEpcEvents: discovery('/epcs/:value/events', GET),
  epcEvents: eventsOf('/epcs', '提到这件物品的事件', 'Events that speak of this thing'),
  discoverBizSteps: discovery('/bizSteps', GET),
  bizSteps: list('/bizSteps', '业务步骤', 'Business steps'),
  discoverBizStep: discovery('/bizSteps/:value', GET),
  bizStep: member('/bizSteps', '一个业务步骤', 'A business step'),
  discoverBizStepEvents: discovery('/bizSteps/:value/events', GET),
  bizStepEvents: eventsOf('/bizSteps', '这个步骤的事件', 'Events of this step'),
  discoverBizLocations: discovery('/bizLocations', GET),
  bizLocations: list('/bizLocations', '业务地点', 'Business locations'),
  discoverBizLocation: discovery('/bizLocations/:value', GET),
  bizLocation: member('/bizLocations', '一个业务地点', 'A business location'),
  discoverBizLocationEvents: discovery('/bizLocations/:value/events', GET),
  bizLocationEvents: eventsOf('/bizLocations', '这个地点的事件', 'Events at this location'),
  discoverReadPoints: discovery('/readPoints', GET),
  readPoints: list('/readPoints', '读取点', 'Read points'),
  discoverReadPoint: discovery('/readPoints/:value', GET),
  readPoint: member('/readPoints', '一个读取点', 'A read point'),
  discoverReadPointEvents: discovery('/readPoints/:value/events', GET),
  readPointEvents: eventsOf('/readPoints', '这个读取点的事件', 'Events at this read point'),
  discoverDispositions: discovery('/dispositions', GET),
  dispositions: list('/dispositions', '物品状态', 'Dispositions'),
  discoverDisposition: discovery('/dispositions/:value', GET),
  disposition: member('/dispositions', '一种物品状态', 'A disposition'),
  discoverDispositionEvents: discovery('/dispositions/:value/events', GET),
  dispositionEvents: eventsOf('/dispositions', '这种状态的事件', 'Events of this disposition'),
  endPageToken: epcisRoute({
    method: 'DELETE',
    path: '/nextPageToken/:token',
    summary: { zh: '交还一个分页令牌', en: 'Give a page token back' },
    auth: 'public',
    perMinute: 60,
    params: z.object({ token: z.string().min(1).max(2_000) }),
    success: 204,
    response: { 200: z.null() },
    errors: [],
  }),
} satisfies Record<string, RouteContract>;
