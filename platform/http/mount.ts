/** Serves one route of a contract, with an answer that keeps to the contract. */
import { createHash } from 'node:crypto';
import { AppError, type Lang, type RouteContract, type RouteHandler, type RouteInput } from '@zhenmei/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { admit, type MountContext } from './admit.ts';
import type { Remembered } from './idempotency.ts';
import { languageOf } from './language.ts';
import { chooseType } from './negotiate.ts';
import { asAppError, toProblem } from './problem.ts';
import type { Answer } from './sessions.ts';
import { metaOf } from './validate.ts';

export type AnyHandler = (input: RouteInput<RouteContract>) => Promise<unknown>;

export function mount<R extends RouteContract>(ctx: MountContext, route: R, handler: RouteHandler<R>): void {
  const bodyLimit = route.bodyLimit ?? ctx.bodyLimit;
  ctx.app.route({
    method: route.method,
    url: route.path,
    bodyLimit,
    config: { contract: route },
    handler: async (request, reply) => {
      if (route.page && ctx.pages && isForPage(request)) return reply.callNotFound();
      const contentType = answerType(route, request);
      const { input, answer, headers } = await admit(ctx, route, request);
      const work = (again: boolean): Promise<Remembered | Raw> =>
        ctx.sessions.during(answer, async () => ({
          ...encode(route, await (handler as AnyHandler)({ ...input, again }), contentType),
          headers,
        }));
      const key = input.idempotencyKey;
      const result =
        key !== null && (route.method === 'POST' || route.method === 'PUT')
          ? await remembered(ctx, request, reply, input, answer, key, work)
          : await work(false);
      for (const cookie of answer.cookies) reply.header('set-cookie', cookie);
      reply.headers({ ...route.answerHeaders, ...result.headers });
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', cacheOf(route));
      if (result.body === '') return reply.code(result.status).send();
      reply.header('content-type', result.contentType);
      if ('place' in result && result.place) reply.headers(result.place);
      return reply.code(result.status).send(result.body);
    },
  });
}

const JSON_TYPE = 'application/json';

/** A browser that opens an address wants the page; whoever asks for JSON by name does not. */
function isForPage({ headers }: FastifyRequest): boolean {
  return chooseType(headers.accept, ['text/html', JSON_TYPE, 'application/ld+json']) === 'text/html';
}

/** Throws NOT_ACCEPTABLE. */
function answerType({ produces }: RouteContract, { headers }: FastifyRequest): string {
  if (!produces) return JSON_TYPE;
  const chosen = chooseType(headers.accept, produces);
  if (chosen === null) throw new AppError('NOT_ACCEPTABLE', { types: produces.join(', ') });
  return chosen;
}

interface Raw {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers that say which part of the file this is. */
  readonly place?: Readonly<Record<string, string>>;
}

/** Only what the contract names leaves the house: unknown members are dropped, a wrong shape is held back. */
function encode(route: RouteContract, value: unknown, type: string): Raw & Remembered {
  const schema = route.response[200];
  const checked = z.safeParse(schema, value);
  if (!checked.success) {
    const at = checked.error.issues.map((issue) => `/${issue.path.join('/')} ${issue.code}`).join(', ');
    throw new AppError('RESPONSE_INVALID', {}, { cause: new Error(`${route.method} ${route.path}: ${at}`) });
  }
  const { contentType, ranges } = metaOf(schema);
  if (ranges === true) return partOf(String(contentType), checked.data as BytePart);
  if (typeof contentType === 'string') {
    const { data } = checked;
    const body =
      data instanceof Uint8Array ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : String(data);
    return { status: 200, contentType, body: body as string };
  }
  return {
    status: route.success ?? 200,
    contentType: `${type}; charset=utf-8`,
    body: checked.data == null && route.success ? '' : JSON.stringify(checked.data ?? null),
  };
}

/** What a handler gives where `meta.ranges` says that part of a file may be asked for. */
interface BytePart {
  readonly bytes: Uint8Array;
  /** Place of the first byte in the file. */
  readonly from: number;
  /** Bytes of the whole file. */
  readonly total: number;
}

function partOf(contentType: string, { bytes, from, total }: BytePart): Raw & Remembered {
  const whole = bytes.length === total;
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const place: Record<string, string> = { 'accept-ranges': 'bytes' };
  if (!whole) place['content-range'] = `bytes ${from}-${from + bytes.length - 1}/${total}`;
  return { status: whole ? 200 : 206, contentType, body: body as Buffer & string, place };
}

function cacheOf(route: RouteContract): string {
  const { cacheControl } = metaOf(route.response[200]);
  return typeof cacheControl === 'string' ? cacheControl : 'no-store';
}

/** Bytes by their hash. */
const contentOf = (body: unknown): unknown =>
  body instanceof Uint8Array ? createHash('sha256').update(body).digest('hex') : body;

/** A refusal is an answer too: it is remembered, unless trying again may help. */
async function remembered(
  ctx: MountContext,
  request: FastifyRequest,
  reply: FastifyReply,
  input: RouteInput<RouteContract>,
  answer: Answer,
  key: string,
  work: (again: boolean) => Promise<Remembered | Raw>,
): Promise<Remembered> {
  const scope = input.caller?.accountId ?? input.bearer ?? '';
  const route = `${request.method} ${request.url}`;
  const content = contentOf(request.body);
  const done = await ctx.idempotency.once({ key, scope, route, content }, async (again) => {
    try {
      const result = (await work(again)) as Remembered;
      // An answer that sets a cookie is for this browser only.
      return { answer: result, final: answer.cookies.length === 0 && typeof result.body === 'string' };
    } catch (e) {
      const error = asAppError(e, ctx.bodyLimit, ctx.databaseFull());
      if (error.retryable || error.status >= 500) throw e;
      return { answer: problemAnswer(ctx, error, input.lang, request), final: true };
    }
  });
  if (done.replayed) reply.header('idempotency-replayed', 'true');
  return done.answer;
}

function problemAnswer(ctx: MountContext, error: AppError, lang: Lang, request: FastifyRequest): Remembered {
  const type = contractOf(request)?.problemType?.(error.code, error.status);
  const body = JSON.stringify(toProblem(error, lang, request.id, ctx.base, type));
  return { status: error.status, contentType: 'application/problem+json; charset=utf-8', body };
}

const contractOf = (request: FastifyRequest): RouteContract | undefined =>
  (request.routeOptions?.config as { contract?: RouteContract } | undefined)?.contract;

/** Every error of the server leaves as a problem (RFC 9457). */
export function sendProblem(
  ctx: MountContext,
  e: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const error = asAppError(e, request.routeOptions.bodyLimit ?? ctx.bodyLimit, ctx.databaseFull());
  if (error.status >= 500) ctx.onUnexpected(error.cause ?? error, request.id);
  if (error.code === 'RATE_LIMITED') reply.header('retry-after', String(error.params.seconds));
  else if (error.retryable && error.status === 503) reply.header('retry-after', '2');
  const { status, contentType, body } = problemAnswer(
    ctx,
    error,
    languageOf(request.headers, request.query),
    request,
  );
  return reply
    .headers({ ...contractOf(request)?.answerHeaders })
    .code(status)
    .header('content-type', contentType)
    .header('cache-control', 'no-store')
    .send(body);
}
