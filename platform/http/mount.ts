/** Serves one route of a contract: who may call, how often, with what; and an answer that keeps to the contract. */
import { createHash, timingSafeEqual } from 'node:crypto';
import {
  AppError,
  type ByteRange,
  type Caller,
  type Lang,
  type RouteContract,
  type RouteHandler,
  type RouteInput,
} from '@zhenmei/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Idempotency, Remembered } from './idempotency.ts';
import { languageOf } from './language.ts';
import { type Limiter, networkOf } from './limiter.ts';
import { asAppError, toProblem, ValidationError } from './problem.ts';
import { type Answer, SEATS, type Seat, type Sessions } from './sessions.ts';
import { check, type FieldError, metaOf } from './validate.ts';

export interface MountContext {
  readonly app: FastifyInstance;
  readonly base: string;
  readonly origins: ReadonlySet<string>;
  readonly sessions: Sessions;
  readonly idempotency: Idempotency;
  readonly limiter: Limiter;
  /** Bytes. */
  readonly bodyLimit: number;
  readonly perMinute: number;
  readonly operatorToken: string | null;
  /** An error that nobody expected, with its trace id. */
  readonly onUnexpected: (error: unknown, traceId: string) => void;
}

export type AnyHandler = (input: RouteInput<RouteContract>) => Promise<unknown>;

/** What a request brought, once it may be answered. */
export interface Admitted {
  readonly input: RouteInput<RouteContract>;
  readonly answer: Answer;
}

export function mount<R extends RouteContract>(ctx: MountContext, route: R, handler: RouteHandler<R>): void {
  const bodyLimit = route.bodyLimit ?? ctx.bodyLimit;
  ctx.app.route({
    method: route.method,
    url: route.path,
    bodyLimit,
    handler: async (request, reply) => {
      const { input, answer } = await admit(ctx, route, request);
      const work = (): Promise<Remembered | Raw> =>
        ctx.sessions.during(answer, async () => encode(route, await (handler as AnyHandler)(input)));
      const key = input.idempotencyKey;
      const result =
        key !== null && (route.method === 'POST' || route.method === 'PUT')
          ? await remembered(ctx, request, reply, input, answer, key, work)
          : await work();
      for (const cookie of answer.cookies) reply.header('set-cookie', cookie);
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', cacheOf(route));
      reply.header('content-type', result.contentType);
      if ('place' in result && result.place) reply.headers(result.place);
      return reply.code(result.status).send(result.body);
    },
  });
}

const NETWORK_SHARE = 10;

/** Origin, rate, seat and shape, in this order. Throws the general problems. */
export async function admit(
  ctx: MountContext,
  route: RouteContract,
  request: FastifyRequest,
): Promise<Admitted> {
  const { headers } = request;
  const changes = route.method !== 'GET';
  if (changes && headers.origin !== undefined && !ctx.origins.has(headers.origin))
    throw new AppError('ORIGIN_REFUSED');
  const perMinute = route.perMinute ?? ctx.perMinute;
  const from = networkOf(request.ip);
  const name = `${route.method} ${route.path}`;
  // Many people share one network: it may do more than each of them, and strangers share what one of them may do.
  throttle(ctx, `${name} network ${from}`, perMinute * NETWORK_SHARE);
  const cookies: string[] = [];
  const seat = seatOf(headers['zm-seat']);
  const caller = seat ? await ctx.sessions.find(seat, headers.cookie, cookies) : null;
  throttle(ctx, `${name} ${caller?.sessionId ?? from}`, perMinute);
  const bearer = bearerOf(headers.authorization);
  allow(ctx, route, caller, seat, bearer);
  const lang = languageOf(headers, request.query);
  const { params, query, body } = validate(route, request);
  const key = headers['idempotency-key'];
  const idempotencyKey = typeof key === 'string' ? key : null;
  const range = metaOf(route.response[200]).ranges === true ? rangeOf(headers.range) : null;
  const input = {
    params,
    query,
    body,
    caller,
    bearer,
    lang,
    idempotencyKey,
    range,
  } as RouteInput<RouteContract>;
  return { input, answer: { caller, cookies } };
}

function throttle(ctx: MountContext, key: string, perMinute: number): void {
  const seconds = ctx.limiter.take(key, perMinute);
  if (seconds > 0) throw new AppError('RATE_LIMITED', { seconds });
}

/** One range from a place on (RFC 9110, 14.2); what is not understood is ignored, as the standard asks. */
function rangeOf(header: string | undefined): ByteRange | null {
  const [, from, last] = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (from === undefined) return null;
  const range = { from: Number(from), to: last ? Number(last) + 1 : null };
  return range.to !== null && range.to <= range.from ? null : range;
}

function seatOf(header: string | string[] | undefined): Seat | null {
  return SEATS.find((seat) => seat === header) ?? null;
}

function bearerOf(header: string | undefined): string | null {
  return /^Bearer ([\x21-\x7e]{1,4096})$/i.exec(header ?? '')?.[1] ?? null;
}

function allow(
  ctx: MountContext,
  route: RouteContract,
  caller: Caller | null,
  seat: Seat | null,
  bearer: string | null,
): void {
  switch (route.auth) {
    case 'public':
      return;
    case 'operator':
      if (!isOperator(ctx.operatorToken, bearer)) throw new AppError('NOT_SIGNED_IN');
      return;
    case 'signed-in':
      if (!caller) throw new AppError('NOT_SIGNED_IN');
      return;
    case 'patient':
    case 'desk':
      if (seat !== null && seat !== route.auth) throw new AppError('SEAT_WRONG');
      if (!caller) throw new AppError('NOT_SIGNED_IN');
      return;
    default:
      // Deny by default: a word this server does not know admits nobody.
      throw new AppError('SEAT_WRONG');
  }
}

function isOperator(token: string | null, bearer: string | null): boolean {
  if (token === null || bearer === null) return false;
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(token), hash(bearer));
}

function validate(
  route: RouteContract,
  request: FastifyRequest,
): { params: unknown; query: unknown; body: unknown } {
  const errors: FieldError[] = [];
  const read = (schema: RouteContract['params'], value: unknown, where: FieldError['in']): unknown => {
    if (!schema) return undefined;
    const result = check(schema, value, where);
    if (result.ok) return result.value;
    errors.push(...result.errors);
    return undefined;
  };
  const params = read(route.params, request.params, 'params');
  const query = read(route.query, withoutLanguage(request.query), 'query');
  const body = read(route.body, request.body, 'body');
  if (errors.length > 0) throw new ValidationError(errors);
  return { params, query, body };
}

/** `zm_lang` is ours on every route and in no contract. */
function withoutLanguage(query: unknown): unknown {
  const { zm_lang: _, ...rest } = (query ?? {}) as Record<string, unknown>;
  return rest;
}

interface Raw {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Buffer;
  /** Headers that say which part of the file this is. */
  readonly place?: Readonly<Record<string, string>>;
}

/** Only what the contract names leaves the house: unknown members are dropped, a wrong shape is held back. */
function encode(route: RouteContract, value: unknown): Raw & Remembered {
  const schema = route.response[200];
  const checked = schema.safeParse(value);
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
    status: 200,
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify(checked.data ?? null),
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
  work: () => Promise<Remembered | Raw>,
): Promise<Remembered> {
  const scope = input.caller?.accountId ?? input.bearer ?? '';
  const route = `${request.method} ${request.url}`;
  const done = await ctx.idempotency.once(
    { key, scope, route, content: contentOf(request.body) },
    async () => {
      try {
        const result = (await work()) as Remembered;
        // An answer that sets a cookie is for this browser only.
        return { answer: result, final: answer.cookies.length === 0 && typeof result.body === 'string' };
      } catch (e) {
        const error = asAppError(e, ctx.bodyLimit);
        if (error.retryable || error.status >= 500) throw e;
        return { answer: problemAnswer(ctx, error, input.lang, request.id), final: true };
      }
    },
  );
  if (done.replayed) reply.header('idempotency-replayed', 'true');
  return done.answer;
}

function problemAnswer(ctx: MountContext, error: AppError, lang: Lang, traceId: string): Remembered {
  const body = JSON.stringify(toProblem(error, lang, traceId, ctx.base));
  return { status: error.status, contentType: 'application/problem+json; charset=utf-8', body };
}

/** Every error of the server leaves as a problem (RFC 9457). */
export function sendProblem(
  ctx: MountContext,
  e: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const error = asAppError(e, request.routeOptions.bodyLimit ?? ctx.bodyLimit);
  if (error.status >= 500) ctx.onUnexpected(error.cause ?? error, request.id);
  if (error.code === 'RATE_LIMITED') reply.header('retry-after', String(error.params.seconds));
  else if (error.retryable && error.status === 503) reply.header('retry-after', '2');
  const { status, contentType, body } = problemAnswer(
    ctx,
    error,
    languageOf(request.headers, request.query),
    request.id,
  );
  return reply
    .code(status)
    .header('content-type', contentType)
    .header('cache-control', 'no-store')
    .send(body);
}
