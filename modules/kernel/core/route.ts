/**
 * The contract of one HTTP route: what both server and web agree on. `modules/<name>/api.ts` declares them,
 * `platform/http` serves them, the OpenAPI document is generated from them.
 */
import type { $ZodType, output } from 'zod/v4/core';

/** Who may call: anybody, a signed-in patient, a signed-in desk (organisation), either, or the operator. */
export type RouteAuth = 'public' | 'patient' | 'desk' | 'signed-in' | 'operator';

export interface RouteContract<
  Params extends $ZodType = $ZodType,
  Query extends $ZodType = $ZodType,
  Body extends $ZodType = $ZodType,
  Reply extends $ZodType = $ZodType,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS';
  /** Path with `:name` parameters, e.g. `/api/visits/:id`. */
  readonly path: string;
  readonly summary: { readonly zh: string; readonly en: string };
  readonly auth: RouteAuth;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly response: { readonly 200: Reply };
  /**
   * Status of success, if it is another: made (201), accepted (202), nothing to say (204). The shape stays that of 200;
   * null is an answer without a body.
   */
  readonly success?: 201 | 202 | 204;
  /** Problem codes this route may answer with, beyond the general ones. */
  readonly errors: readonly string[];
  /** Largest body in bytes; the server's default is 256 kB. */
  readonly bodyLimit?: number;
  /** Calls per minute and caller; the server's default is 120. */
  readonly perMinute?: number;
  /** Scope of an organisation's API key that may call it in place of a signed-in desk. */
  readonly keyScope?: string;
  /** Media types of the body, if it is not JSON alone; what is not JSON is given as text. */
  readonly accepts?: readonly string[];
  /** Media types of the answer; whoever wants none of them is refused. Without this everybody gets JSON. */
  readonly produces?: readonly string[];
  /** Names of headers that the handler is given, in lower case. */
  readonly reads?: readonly string[];
  /** Headers of every answer, refusals included. */
  readonly answerHeaders?: Readonly<Record<string, string>>;
  /** Longest address in characters, query included. */
  readonly longestAddress?: number;
  /** A page of the app has the same address: browsers get that. */
  readonly page?: true;
  /** The `type` of a problem, where a standard names it. */
  readonly problemType?: (code: string, status: number) => string;
}

/** Bytes `from` (included) to `to` (excluded) of a file, as `Range` asks for them. */
export interface ByteRange {
  readonly from: number;
  /** Null: to the end. */
  readonly to: number | null;
}

export function defineRoute<
  Params extends $ZodType = $ZodType<undefined>,
  Query extends $ZodType = $ZodType<undefined>,
  Body extends $ZodType = $ZodType<undefined>,
  Reply extends $ZodType = $ZodType,
>(route: RouteContract<Params, Query, Body, Reply>): RouteContract<Params, Query, Body, Reply> {
  return route;
}

/** Read from the property, not inferred from the whole contract: comparing zod's types is most of the compiler's work. */
type Out<T> = output<NonNullable<T>>;

/** What a handler is given, after validation. */
export interface RouteInput<R extends RouteContract> {
  readonly params: Out<R['params']>;
  readonly query: Out<R['query']>;
  readonly body: Out<R['body']>;
  /** The signed-in caller, or null on a public route. */
  readonly caller: Caller | null;
  /** Secret from `Authorization: Bearer`, e.g. the read secret of a visit; null if none. */
  readonly bearer: string | null;
  readonly lang: 'zh-CN' | 'en';
  readonly idempotencyKey: string | null;
  /** Part of a file that is asked for; null for all of it. Only where the answer is one (`meta.ranges`). */
  readonly range?: ByteRange | null;
  /** The same request came before and nobody knows what became of it: what it asks for may be done already. */
  readonly again: boolean;
  /** A name for the caller's part of the network; says nothing about the address, and is another after each start. */
  readonly network: string;
  /** Country or region of the caller by the operator's own proxy, e.g. `CN-31`; null if it does not tell. */
  readonly region: string | null;
  /** There whenever the route is served over HTTP. */
  readonly http?: RouteHttp;
}

export interface RouteHttp {
  /** Those of the headers the route reads that were sent, by lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Adds a header to the answer, if it succeeds. */
  header(name: string, value: string): void;
}

export interface Caller {
  readonly seat: 'patient' | 'desk';
  /** Account id of a patient, or of an organisation's device or API key. */
  readonly accountId: string;
  /** The organisation a desk acts for. */
  readonly organisationId: string | null;
  readonly sessionId: string;
}

export type RouteReply<R extends RouteContract> = Out<R['response'][200]>;

export type RouteHandler<R extends RouteContract> = (input: RouteInput<R>) => Promise<RouteReply<R>>;

/** The handlers of a module's contract, one for each route, by the same names. */
export type Handlers<T extends Record<string, RouteContract>> = {
  readonly [K in keyof T]: RouteHandler<T[K]>;
};
