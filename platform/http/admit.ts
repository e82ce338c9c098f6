/** Who may call a route, how often and with what: everything that is settled before a handler runs. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { AppError, type ByteRange, type Caller, type RouteContract, type RouteInput } from '@zhenmei/kernel';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Idempotency } from './idempotency.ts';
import { languageOf } from './language.ts';
import { type Limiter, nameOfNetwork, networkOf } from './limiter.ts';
import { mediaType } from './negotiate.ts';
import { ValidationError } from './problem.ts';
import { type Answer, SEATS, type Seat, type Sessions } from './sessions.ts';
import { acceptedBy, check, type FieldError, metaOf } from './validate.ts';

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
  readonly keyOf: KeyFinder;
  /** Whether there are pages of an app. */
  readonly pages: boolean;
  readonly databaseFull: () => boolean;
  /** Header in which the operator's proxy names the caller's region; null if there is none. */
  readonly regionHeader: string | null;
  /** An error that nobody expected, with its trace id. */
  readonly onUnexpected: (error: unknown, traceId: string) => void;
}

/** Whose API key a secret is and what it is for; null if it is none, or none any more. */
export type KeyFinder = (
  secret: string,
) => Promise<{ readonly caller: Caller; readonly scopes: readonly string[] } | null>;

/** What a request brought, once it may be answered. */
export interface Admitted {
  readonly input: RouteInput<RouteContract>;
  readonly answer: Answer;
  /** What the handler adds to the answer. */
  readonly headers: Readonly<Record<string, string>>;
}

const NETWORK_SHARE = 10;

/** Origin, rate, seat and shape, in this order. Throws the general problems. */
export async function admit(
  ctx: MountContext,
  route: RouteContract,
  request: FastifyRequest,
): Promise<Admitted> {
  const { headers } = request;
  const { longestAddress } = route;
  if (longestAddress !== undefined && request.url.length > longestAddress)
    throw new AppError('ADDRESS_TOO_LONG', { limit: longestAddress });
  const changes = route.method !== 'GET' && route.method !== 'OPTIONS';
  if (changes && headers.origin !== undefined && !ctx.origins.has(headers.origin))
    throw new AppError('ORIGIN_REFUSED');
  const perMinute = route.perMinute ?? ctx.perMinute;
  const from = networkOf(request.ip);
  const name = `${route.method} ${route.path}`;
  // Many people share one network: it may do more than each of them, and strangers share what one of them may do.
  throttle(ctx, `${name} network ${from}`, perMinute * NETWORK_SHARE);
  const cookies: string[] = [];
  const seat = seatOf(headers['zm-seat']);
  const bearer = bearerOf(headers.authorization);
  const caller = seat
    ? await ctx.sessions.find(seat, headers.cookie, cookies)
    : await byKey(ctx, route, request, bearer);
  throttle(ctx, `${name} ${caller?.sessionId ?? from}`, perMinute);
  allow(ctx, route, caller, seat, bearer);
  mustBeReadable(route, request);
  const lang = languageOf(headers, request.query);
  const { params, query, body } = validate(route, request);
  const key = headers['idempotency-key'];
  const idempotencyKey = typeof key === 'string' ? key : null;
  const given: Record<string, string> = {};
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
    again: false,
    network: nameOfNetwork(request.ip),
    region: regionOf(ctx.regionHeader === null ? undefined : headers[ctx.regionHeader]),
    http: {
      headers: headersFor(route, headers),
      header: (name: string, value: string) => {
        given[name] = value;
      },
    },
  } as RouteInput<RouteContract>;
  return { input, answer: { caller, cookies }, headers: given };
}

/** ISO 3166-1 or -2; anything else is nobody's region. */
function regionOf(header: string | string[] | undefined): string | null {
  return typeof header === 'string' && /^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$/.test(header) ? header : null;
}

function throttle(ctx: MountContext, key: string, perMinute: number): void {
  const seconds = ctx.limiter.take(key, perMinute);
  if (seconds > 0) throw new AppError('RATE_LIMITED', { seconds });
}

/** Who the key of a request speaks for, on a route that keys may call. Throws KEY_NOT_ALLOWED. */
async function byKey(
  ctx: MountContext,
  route: RouteContract,
  request: FastifyRequest,
  bearer: string | null,
): Promise<Caller | null> {
  const { keyScope } = route;
  const found = keyScope === undefined || bearer === null ? null : await ctx.keyOf(bearer);
  if (found && !found.scopes.includes(keyScope!)) throw new AppError('KEY_NOT_ALLOWED', { scope: keyScope! });
  if (found) usedKeys.set(request, found.caller.accountId);
  return found?.caller ?? null;
}

const usedKeys = new WeakMap<FastifyRequest, string>();

/** Id of the API key that a request was admitted with. */
export const keyIn = (request: FastifyRequest): string | undefined => usedKeys.get(request);

/** One range from a place on (RFC 9110, 14.2); what is not understood is ignored, as the standard asks. */
function rangeOf(header: string | undefined): ByteRange | null {
  const [, from, last] = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (from === undefined) return null;
  const range = { from: Number(from), to: last ? Number(last) + 1 : null };
  return range.to !== null && range.to <= range.from ? null : range;
}

function mustBeReadable(route: RouteContract, { headers }: FastifyRequest): void {
  const accepts = acceptedBy(route);
  const type = headers['content-type'];
  if (route.body && type !== undefined && !accepts.includes(mediaType(type)))
    throw new AppError('MEDIA_TYPE_UNSUPPORTED', { types: accepts.join(', ') });
}

function headersFor(
  { reads = [] }: RouteContract,
  given: FastifyRequest['headers'],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    reads.flatMap((name) => (given[name] === undefined ? [] : [[name, String(given[name])]])),
  );
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
