/**
 * The contract of one HTTP route: what both server and web agree on. `modules/<name>/api.ts` declares them,
 * `platform/http` serves them, the OpenAPI document is generated from them.
 */
import type { ZodType } from 'zod';

/** Who may call: anybody, a signed-in patient, a signed-in desk (organisation), either, or the operator. */
export type RouteAuth = 'public' | 'patient' | 'desk' | 'signed-in' | 'operator';

export interface RouteContract<
  Params extends ZodType = ZodType,
  Query extends ZodType = ZodType,
  Body extends ZodType = ZodType,
  Reply extends ZodType = ZodType,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path with `:name` parameters, e.g. `/api/visits/:id`. */
  readonly path: string;
  readonly summary: { readonly zh: string; readonly en: string };
  readonly auth: RouteAuth;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly response: { readonly 200: Reply };
  /** Problem codes this route may answer with, beyond the general ones. */
  readonly errors: readonly string[];
  /** Largest body in bytes; the server's default is 256 kB. */
  readonly bodyLimit?: number;
  /** Calls per minute and caller; the server's default is 120. */
  readonly perMinute?: number;
}

/** Bytes `from` (included) to `to` (excluded) of a file, as `Range` asks for them. */
export interface ByteRange {
  readonly from: number;
  /** Null: to the end. */
  readonly to: number | null;
}

export function defineRoute<
  Params extends ZodType = ZodType<undefined>,
  Query extends ZodType = ZodType<undefined>,
  Body extends ZodType = ZodType<undefined>,
  Reply extends ZodType = ZodType,
>(route: RouteContract<Params, Query, Body, Reply>): RouteContract<Params, Query, Body, Reply> {
  return route;
}

type Out<T> = T extends ZodType<infer O> ? O : never;

/** What a handler is given, after validation. */
export interface RouteInput<R extends RouteContract> {
  readonly params: R extends RouteContract<infer P> ? Out<P> : never;
  readonly query: R extends RouteContract<ZodType, infer Q> ? Out<Q> : never;
  readonly body: R extends RouteContract<ZodType, ZodType, infer B> ? Out<B> : never;
  /** The signed-in caller, or null on a public route. */
  readonly caller: Caller | null;
  /** Secret from `Authorization: Bearer`, e.g. the read secret of a visit; null if none. */
  readonly bearer: string | null;
  readonly lang: 'zh-CN' | 'en';
  readonly idempotencyKey: string | null;
  /** Part of a file that is asked for; null for all of it. Only where the answer is one (`meta.ranges`). */
  readonly range?: ByteRange | null;
}

export interface Caller {
  readonly seat: 'patient' | 'desk';
  /** Account id of a patient, or of an organisation's device. */
  readonly accountId: string;
  /** The organisation a desk acts for. */
  readonly organisationId: string | null;
  readonly sessionId: string;
}

export type RouteReply<R extends RouteContract> =
  R extends RouteContract<ZodType, ZodType, ZodType, infer A> ? Out<A> : never;

export type RouteHandler<R extends RouteContract> = (input: RouteInput<R>) => Promise<RouteReply<R>>;

/** The handlers of a module's contract, one for each route, by the same names. */
export type Handlers<T extends Record<string, RouteContract>> = {
  readonly [K in keyof T]: RouteHandler<T[K]>;
};
