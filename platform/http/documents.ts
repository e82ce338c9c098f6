/** Public addresses whose answer the caller chooses: a page, JSON or a redirect, by Accept and query. Any origin may read them. */
import { createHmac, randomBytes } from 'node:crypto';
import type { RouteContract, RouteInput } from '@zhenmei/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { prefixOf } from './limiter.ts';
import type { Admitted } from './mount.ts';

export interface Document {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Uint8Array;
  /** More headers; they replace those that every answer has. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the request was, beyond its contract. */
export interface Asked {
  /** Path and query as they were written. */
  readonly url: string;
  readonly accept: string;
  /** A name for the caller's part of the network; says nothing about the address, and is another after each start. */
  readonly network: string;
}

export type DocumentHandler<R extends RouteContract> = (
  input: RouteInput<R>,
  asked: Asked,
) => Promise<Document>;

const OPEN = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, HEAD, OPTIONS',
  'access-control-allow-headers': 'accept, accept-language',
  'access-control-expose-headers': 'link, location, etag',
  'cross-origin-resource-policy': 'cross-origin',
};

const SALT = randomBytes(32);
const nameOf = (ip: string): string =>
  createHmac('sha256', SALT).update(prefixOf(ip)).digest('base64url').slice(0, 16);

export function documents<R extends RouteContract>(
  app: FastifyInstance,
  route: R,
  admitted: (request: FastifyRequest) => Promise<Admitted>,
  handler: DocumentHandler<R>,
): void {
  app.options(route.path, async (_, reply: FastifyReply) =>
    reply
      .headers({ ...OPEN, allow: 'GET, HEAD, OPTIONS' })
      .code(204)
      .send(),
  );
  app.get(route.path, async (request, reply) => {
    reply.headers(OPEN);
    const { input } = await admitted(request);
    const { status, contentType, body, headers } = await handler(input as RouteInput<R>, {
      url: request.raw.url ?? '/',
      accept: request.headers.accept ?? '*/*',
      network: nameOf(request.ip),
    });
    reply.headers({ 'cache-control': 'no-store', ...headers, 'content-type': contentType });
    if (headers?.etag !== undefined && request.headers['if-none-match'] === headers.etag)
      return reply.code(304).send();
    return reply.code(status).send(typeof body === 'string' ? body : Buffer.from(body));
  });
}

/**
 * The best of the media types on offer by the caller's Accept (RFC 9110, 12.5.1); the first if it names none of them.
 * A wildcard means the first.
 */
export function preferred<T extends string>(accept: string, offered: readonly T[]): T {
  const ranges = accept.split(',').map((part) => {
    const [name = '', ...parameters] = part.trim().toLowerCase().split(';');
    const q = parameters.map((p) => /^\s*q=([\d.]+)\s*$/.exec(p)?.[1]).find((found) => found !== undefined);
    return { name: name.trim(), q: q === undefined ? 1 : Number(q) };
  });
  const quality = (type: string): number => {
    const fitting = [type, `${type.split('/')[0]}/*`, '*/*'].map((name) =>
      ranges.find((range) => range.name === name),
    );
    return fitting.find((range) => range !== undefined)?.q ?? 0;
  };
  return offered.reduce((best, type) => (quality(type) > quality(best) ? type : best));
}
