/** The HTTP server: Fastify, with everything that is the same for every route. */
import { randomBytes } from 'node:crypto';
import type { Clock, Handlers, RouteContract, RouteHandler, RouteInput } from '@zhenmei/kernel';
import { AppError } from '@zhenmei/kernel';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Kysely } from 'kysely';
import { admit, type KeyFinder, keyIn, type MountContext } from './admit.ts';
import { type DocumentHandler, documents } from './documents.ts';
import { allowedOrigins, type Csp, securityHeaders } from './headers.ts';
import { type ReadyCheck, readiness } from './health.ts';
import { createIdempotency } from './idempotency.ts';
import { createLimiter } from './limiter.ts';
import { mount, sendProblem } from './mount.ts';
import { openApi } from './openapi.ts';
import { apiPage, PAGE_STYLE, problemPage } from './pages.ts';
import type { HttpSchema } from './schema.ts';
import { createSessions, type Seat, type SessionRules, type Sessions } from './sessions.ts';
import { type ServerEvent, sse } from './sse.ts';
import { staticFiles } from './static.ts';

export interface HttpLog {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface HttpServerOptions {
  readonly log: HttpLog;
  readonly clock: Clock;
  /** What people type: scheme, host and port. Decides allowed origins, secure cookies and problem addresses. */
  readonly publicUrl: string;
  readonly db: Kysely<HttpSchema>;
  /** No other server shares the database: requests that were under way when the last one ended can be done again. */
  readonly alone?: boolean;
  /** True while the database is away because its disk is full. */
  readonly databaseFull?: () => boolean;
  readonly version?: string;
  readonly limits?: {
    /** Bytes; 256 kB by default. */
    readonly body?: number;
    /** Calls per minute, route and caller; 120 by default. */
    readonly perMinute?: number;
  };
  readonly csp?: Csp;
  /** More origins whose pages may send changes, e.g. the web app's development server. */
  readonly origins?: readonly string[];
  /** Addresses of proxies in front of us, whose X-Forwarded-For is believed. */
  readonly trustProxy?: boolean | string | readonly string[];
  /** Header (lower case) in which the operator's own proxy names the caller's country or region; never a finer place. */
  readonly regionHeader?: string;
  /** Folder of the built web app. */
  readonly staticDir?: string;
  readonly checks?: Readonly<Record<string, ReadyCheck>>;
  /** Bearer token for routes of the operator; without it nobody is the operator. */
  readonly operatorToken?: string;
  /** Whose API key a secret is; without it there are no keys. */
  readonly keyOf?: KeyFinder;
  readonly sessionRules?: Partial<Record<Seat, SessionRules>>;
}

/** @param stream what to resume after, and the signal that nobody listens any more */
export type EventHandler<R extends RouteContract> = (
  input: RouteInput<R>,
  stream: { readonly lastEventId: string | null; readonly signal: AbortSignal },
) => AsyncIterable<ServerEvent>;

export interface HttpServer {
  /** For what contracts cannot say; prefer `mount`. */
  readonly app: FastifyInstance;
  readonly sessions: Sessions;
  mount<R extends RouteContract>(route: R, handler: RouteHandler<R>): void;
  /** All routes of a module's contract, by the names of its handlers. */
  mountAll<T extends Record<string, RouteContract>>(routes: T, handlers: Handlers<T>): void;
  /** A GET route that streams server-sent events. */
  events<R extends RouteContract>(route: R, handler: EventHandler<R>): void;
  /** A public GET route whose answer may be a page, JSON or a redirect. */
  documents<R extends RouteContract>(route: R, handler: DocumentHandler<R>): void;
  openApi(): Record<string, unknown>;
  /** @returns the address it listens on */
  listen(at: { port: number; host?: string }): Promise<string>;
  /** Removes expired sessions and remembered answers; call it now and then. */
  sweep(): Promise<void>;
  /** Not ready any more, no new connections, running requests may finish. */
  close(): Promise<void>;
}

const DRAIN_MS = 8_000;
const TRACE = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;

export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { log, clock, db } = options;
  const base = new URL(options.publicUrl).origin;
  const secure = base.startsWith('https:');
  const sessions = createSessions({
    db,
    clock,
    secure,
    ...(options.sessionRules ? { rules: options.sessionRules } : {}),
  });
  const idempotency = createIdempotency(db, clock);
  if (options.alone) await idempotency.startOver();
  const bodyLimit = options.limits?.body ?? 256 * 1024;
  const headers = securityHeaders(options.csp, secure);
  const app = Fastify({
    logger: false,
    bodyLimit,
    trustProxy: (options.trustProxy as string | boolean | undefined) ?? false,
    forceCloseConnections: 'idle',
    requestTimeout: 60_000,
    routerOptions: { maxParamLength: 300 },
    frameworkErrors: (error, request, reply) => {
      sendProblem(ctx, error, request, reply.headers(headers));
    },
    genReqId: (raw) => {
      const id = TRACE.exec(String(raw.headers.traceparent ?? ''))?.[1];
      return id && !/^0+$/.test(id) ? id : randomBytes(16).toString('hex');
    },
  });
  // a form of another site may send plain text without asking first: only JSON is read here
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser(
    'application/ld+json',
    { parseAs: 'string' },
    app.getDefaultJsonParser('error', 'error'),
  );
  // only routes that say so are given these; a page of another site has to ask before it sends such a type
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_, body, done) =>
    done(null, new Uint8Array(body as Buffer)),
  );
  app.addContentTypeParser(['application/xml', 'text/xml'], { parseAs: 'string' }, (_, text, done) =>
    done(null, text),
  );
  const ctx: MountContext = {
    app,
    base,
    origins: allowedOrigins(base, options.origins),
    sessions,
    idempotency,
    limiter: createLimiter(clock),
    bodyLimit,
    perMinute: options.limits?.perMinute ?? 120,
    operatorToken: options.operatorToken ?? null,
    databaseFull: options.databaseFull ?? (() => false),
    regionHeader: options.regionHeader ?? null,
    keyOf: options.keyOf ?? (async () => null),
    pages: options.staticDir !== undefined,
    onUnexpected: (error, traceId) => {
      const { name, message, stack, code } = error as Error & { code?: string };
      log.error({ traceId, name, code, message, stack }, 'a request failed');
    },
  };
  const routes: RouteContract[] = [];
  const streams = new Set<() => void>();
  let draining = false;

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers);
    reply.header('trace-id', request.id);
    if (draining) reply.header('connection', 'close');
  });
  // Neither query strings nor bodies nor the ids in an address: the pattern of the route is enough.
  app.addHook('onResponse', async (request, reply) => {
    const { method, id: traceId } = request;
    const route = request.routeOptions.url ?? 'none';
    const key = keyIn(request);
    log.info(
      {
        traceId,
        method,
        route,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        ...(key ? { key } : {}),
      },
      'request',
    );
  });
  app.setErrorHandler((error, request, reply) => sendProblem(ctx, error, request, reply));
  const files = options.staticDir ? await staticFiles(options.staticDir) : null;
  app.setNotFoundHandler(async (request, reply) => {
    const readable = request.method === 'GET' || request.method === 'HEAD';
    const isApi = /^\/(api|log|problems)(\/|$|\?)/.test(request.url);
    if (readable && !isApi && files && (await files.serve(request, reply))) return reply;
    return sendProblem(ctx, new AppError('NOT_FOUND'), request, reply);
  });

  app.get('/livez', async (_, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }));
  app.get('/readyz', async (_, reply) => {
    const state = draining ? { ready: false, checks: {} } : await readiness(options.checks ?? {});
    return reply
      .code(state.ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(state);
  });
  const document = (): Record<string, unknown> => openApi(routes, base, options.version ?? '0');
  app.get('/openapi.json', async () => document());
  app.get('/docs/api', async (_, reply) => reply.type('text/html; charset=utf-8').send(apiPage(routes)));
  app.get('/docs/style.css', async (_, reply) => reply.type('text/css; charset=utf-8').send(PAGE_STYLE));
  app.get<{ Params: { code: string } }>('/problems/:code', async (request, reply) => {
    const found = problemPage(request.params.code);
    if (!found) throw new AppError('NOT_FOUND');
    return reply.type('text/html; charset=utf-8').send(found);
  });

  const add = <R extends RouteContract>(route: R, handler: RouteHandler<R>): void => {
    routes.push(route);
    mount(ctx, route, handler);
  };
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    draining = true;
    for (const end of streams) end();
    const late = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS);
    try {
      await app.close();
    } finally {
      clearTimeout(late);
    }
  };

  return {
    app,
    sessions,
    mount: add,
    mountAll(contract, handlers) {
      for (const name of Object.keys(contract))
        add(contract[name]!, handlers[name] as RouteHandler<RouteContract>);
    },
    events(route, handler) {
      routes.push(route);
      app.get(route.path, async (request, reply) => {
        const { input, answer } = await admit(ctx, route, request);
        for (const cookie of answer.cookies) reply.header('set-cookie', cookie);
        const last = request.headers['last-event-id'];
        const lastEventId = typeof last === 'string' ? last : null;
        const open = (signal: AbortSignal): AsyncIterable<ServerEvent> =>
          handler(input as RouteInput<typeof route>, { lastEventId, signal });
        await sse(request, reply, open, streams);
      });
    },
    documents(route, handler) {
      routes.push(route);
      documents(app, route, (request) => admit(ctx, route, request), handler);
    },
    openApi: document,
    listen: ({ port, host = '127.0.0.1' }) =>
      app.listen({ port, host }).catch((cause: NodeJS.ErrnoException) => {
        throw cause.code === 'EADDRINUSE' ? new AppError('PORT_TAKEN', { port }, { cause }) : cause;
      }),
    sweep: async () => {
      await Promise.all([sessions.sweep(), idempotency.sweep()]);
    },
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
