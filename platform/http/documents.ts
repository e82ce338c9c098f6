/** Public addresses whose answer the caller chooses: a page, JSON or a redirect, by Accept and query. Any origin may read them. */
import type { RouteContract, RouteInput } from '@zhenmei/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Admitted } from './admit.ts';

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
    });
    reply.headers({ 'cache-control': 'no-store', ...headers, 'content-type': contentType });
    if (headers?.etag !== undefined && request.headers['if-none-match'] === headers.etag)
      return reply.code(304).send();
    return reply.code(status).send(typeof body === 'string' ? body : Buffer.from(body));
  });
}
