/** OpenAPI 3.1 (JSON Schema 2020-12) from the route contracts. */
import { errorCatalogue, type RouteContract } from '@zhenmei/kernel';
import { z } from 'zod';
import type { GENERAL } from './errors.ts';
import { acceptedBy, metaOf } from './validate.ts';

const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'retryable', 'traceId', 'texts'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string' },
    retryable: { type: 'boolean' },
    traceId: { type: 'string' },
    params: { type: 'object' },
    texts: { type: 'object', description: 'title and detail in zh-CN and en' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          in: { enum: ['params', 'query', 'body'] },
          pointer: { type: 'string', format: 'json-pointer' },
          zh: { type: 'string' },
          en: { type: 'string' },
        },
      },
    },
  },
};

export type Json = Record<string, unknown>;

export function jsonSchema(schema: z.core.$ZodType, io: 'input' | 'output'): Json {
  const { contentType } = metaOf(schema);
  if (contentType === 'application/octet-stream') return { type: 'string', contentMediaType: contentType };
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    unrepresentable: 'any',
  });
  return rest as Json;
}

export function openApi(routes: readonly RouteContract[], base: string, version: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = openApiPath(route.path);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Zhenmei 真美', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: base }],
    paths,
    components: {
      schemas: { Problem: PROBLEM },
      securitySchemes: {
        patient: {
          type: 'apiKey',
          in: 'cookie',
          name: 'zm_patient',
          description: 'with the header `zm-seat: patient`',
        },
        desk: {
          type: 'apiKey',
          in: 'cookie',
          name: 'zm_desk',
          description: 'with the header `zm-seat: desk`',
        },
        operator: { type: 'http', scheme: 'bearer' },
        key: { type: 'http', scheme: 'bearer', description: 'API key of an organisation' },
      },
    },
  };
}

/** `/a/:id/*` → `/a/{id}/{rest}` */
export function openApiPath(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}').replace('*', '{rest}');
}

function operation(route: RouteContract): Json {
  const status = String(route.success ?? 200);
  const silent = route.success && route.response[200]._zod.def.type === 'null';
  const responses: Record<string, Json> = {
    [status]: { description: 'OK', ...(silent ? {} : { content: success(route) }) },
  };
  for (const [status, codes] of Object.entries(problemsByStatus(route))) {
    const schema = {
      allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { code: { enum: codes } } }],
    };
    responses[status] = {
      description: codes.join(', '),
      content: { 'application/problem+json': { schema } },
    };
  }
  const parameters = [...members(route.params, 'path'), ...members(route.query, 'query')];
  for (const name of route.reads ?? [])
    parameters.push({ name, in: 'header', required: false, schema: { type: 'string' } });
  if (route.method === 'POST' || route.method === 'PUT')
    parameters.push({
      name: 'Idempotency-Key',
      in: 'header',
      required: false,
      schema: { type: 'string', minLength: 16, maxLength: 128 },
    });
  return {
    summary: `${route.summary.zh} · ${route.summary.en}`,
    'x-summary': route.summary,
    operationId: `${route.method.toLowerCase()}${route.path.replace(/[^a-zA-Z0-9]+(.)?/g, (_, c?: string) => (c ?? '').toUpperCase())}`,
    security: security(route),
    ...(parameters.length ? { parameters } : {}),
    ...(route.body
      ? {
          requestBody: {
            required: true,
            content: Object.fromEntries(
              acceptedBy(route).map((type) => [type, { schema: jsonSchema(route.body!, 'input') }]),
            ),
          },
        }
      : {}),
    responses,
  };
}

function security(route: RouteContract): Json[] {
  if (route.auth === 'public') return [];
  const key = route.keyScope === undefined ? [] : [{ key: [] }];
  if (route.auth === 'desk') return [{ desk: [] }, ...key];
  return route.auth === 'signed-in' ? [{ patient: [] }, { desk: [] }] : [{ [route.auth]: [] }];
}

function success(route: RouteContract): Json {
  const schema = route.response[200];
  const { contentType } = metaOf(schema);
  const types = typeof contentType === 'string' ? [contentType] : (route.produces ?? ['application/json']);
  return Object.fromEntries(types.map((type) => [type, { schema: jsonSchema(schema, 'output') }]));
}

function members(schema: z.core.$ZodType | undefined, where: 'path' | 'query'): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
    properties?: Json;
    required?: string[];
  };
  return Object.entries(properties).map(([name, each]) => ({
    name: name === '*' ? 'rest' : name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: each,
  }));
}

/** The route's own codes and the general ones that can meet it, by status. */
export function problemsByStatus(route: RouteContract): Record<string, string[]> {
  const general: (keyof typeof GENERAL)[] = ['RATE_LIMITED', 'UNEXPECTED'];
  if (route.params || route.query || route.body) general.push('VALIDATION_FAILED');
  if (route.body) general.push('BODY_NOT_JSON', 'BODY_TOO_LARGE', 'MEDIA_TYPE_UNSUPPORTED');
  if (route.auth !== 'public') general.push('NOT_SIGNED_IN', 'SEAT_WRONG');
  if (route.method !== 'GET' && route.method !== 'OPTIONS') general.push('ORIGIN_REFUSED');
  if (route.produces) general.push('NOT_ACCEPTABLE');
  if (route.longestAddress !== undefined) general.push('ADDRESS_TOO_LONG');
  if (route.keyScope !== undefined) general.push('KEY_NOT_ALLOWED');
  const out: Record<string, string[]> = {};
  for (const code of new Set([...route.errors, ...general])) {
    const status = String(errorCatalogue().get(code)?.status ?? 500);
    out[status] = [...(out[status] ?? []), code];
  }
  return out;
}
