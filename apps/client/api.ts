/** Calls a route by its contract: checks what comes back, turns problem details into errors with both texts. */
import type { Lang, RouteContract, RouteInput, RouteReply } from '@zhenmei/kernel';
import { safeParse } from 'zod/v4/core';

export interface ApiOptions {
  readonly baseUrl: string;
  readonly seat: 'patient' | 'desk';
  lang(): Lang;
  /** A new Idempotency-Key for each change. */
  newKey(): string;
  readonly fetch?: typeof fetch;
  /** Seconds for which a call that may succeed later is made again, with the same key; 15 by default. */
  readonly patience?: number;
}

type Given<R extends RouteContract> = Partial<Pick<RouteInput<R>, 'params' | 'query' | 'body'>> & {
  bearer?: string;
  key?: string;
  /** Part of a file: from this byte to before that one. */
  range?: { readonly from: number; readonly to: number };
};

const OCTETS = 'application/octet-stream';
const FIRST_WAIT_MS = 250;
const LAST_WAIT_MS = 2_000;
/** No answer, or a part of the server is away for a moment. A refusal is final, also one that ends by itself. */
const AWAY = new Set([0, 500, 502, 503, 504, 507]);

export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly retryable: boolean;
  readonly texts: { readonly zh: string; readonly en: string };
  /** What the texts leave to machines: rules, versions, limits. */
  readonly params: Readonly<Record<string, string | number | boolean>>;
  constructor(
    code: string,
    status: number,
    retryable: boolean,
    texts: { zh: string; en: string },
    params: ApiError['params'] = {},
  ) {
    super(`${code}: ${texts.en}`);
    this.code = code;
    this.status = status;
    this.retryable = retryable;
    this.texts = texts;
    this.params = params;
  }
}

export class Api {
  readonly options: ApiOptions;
  constructor(options: ApiOptions) {
    this.options = options;
  }

  /** Throws ApiError with the server's code, or NETWORK when nothing answered. */
  async call<R extends RouteContract>(route: R, given: Given<R> = {}): Promise<RouteReply<R>> {
    const path = route.path.replace(/:(\w+)/g, (_, name: string) =>
      encodeURIComponent(String((given.params as Record<string, unknown>)?.[name])),
    );
    const query = new URLSearchParams(
      Object.entries((given.query as Record<string, unknown>) ?? {}).flatMap(([k, v]) =>
        v === undefined ? [] : [[k, String(v)]],
      ),
    );
    const url = `${this.options.baseUrl}${path}${query.size > 0 ? `?${query}` : ''}`;
    const headers: Record<string, string> = {
      'zm-seat': this.options.seat,
      'accept-language': this.options.lang(),
    };
    if (given.bearer) headers.authorization = `Bearer ${given.bearer}`;
    const raw = given.body instanceof Uint8Array;
    if (given.body !== undefined) headers['content-type'] = raw ? OCTETS : 'application/json';
    if (given.range) headers.range = `bytes=${given.range.from}-${given.range.to - 1}`;
    if (route.method === 'POST') headers['idempotency-key'] = given.key ?? this.options.newKey();
    const request = {
      method: route.method,
      headers,
      credentials: 'same-origin',
      ...(given.body === undefined
        ? {}
        : { body: raw ? (given.body as BodyInit) : JSON.stringify(given.body) }),
    } as const;
    const until = performance.now() + (this.options.patience ?? 15) * 1000;
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LAST_WAIT_MS)) {
      try {
        return await this.once(route, url, request);
      } catch (error) {
        const later =
          error instanceof ApiError &&
          error.retryable &&
          (AWAY.has(error.status) || error.code === 'IDEMPOTENCY_IN_PROGRESS');
        if (!later || performance.now() + wait > until) throw error;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }

  /**
   * The text of a stream of events, as it comes. Throws ApiError with the server's code, or NETWORK when the connection
   * is lost; once the signal has ended it, whatever the connection says.
   */
  async *stream(path: string, signal: AbortSignal): AsyncGenerator<string> {
    const { baseUrl, seat, lang, fetch: send = fetch } = this.options;
    const headers = { 'zm-seat': seat, 'accept-language': lang() };
    try {
      const reply = await send(baseUrl + path, { headers, signal, credentials: 'same-origin' });
      if (!reply.ok) throw problem(reply.status, await reply.json().catch(() => null));
      const reader = reply.body!.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
    } catch (error) {
      throw error instanceof ApiError || signal.aborted ? error : unreached(error);
    }
  }

  private async once<R extends RouteContract>(
    route: R,
    url: string,
    request: RequestInit,
  ): Promise<RouteReply<R>> {
    let reply: Response;
    try {
      reply = await (this.options.fetch ?? fetch)(url, request);
    } catch (cause) {
      throw unreached(cause);
    }
    if (!reply.ok) throw problem(reply.status, await reply.json().catch(() => null));
    const parsed = safeParse(route.response[200], await contentOf(reply));
    if (!parsed.success)
      throw new ApiError('REPLY_UNEXPECTED', reply.status, true, {
        zh: '服务器的回答无法读懂，请刷新页面。',
        en: 'The server’s answer cannot be read. Reload the page.',
      });
    return parsed.data as RouteReply<R>;
  }
}

/** Nothing answered. */
export const unreached = (cause: unknown): ApiError =>
  Object.assign(
    new ApiError('NETWORK', 0, true, {
      zh: '网络不通，请检查后重试。',
      en: 'The network is not reachable. Check it and try again.',
    }),
    { cause },
  );

async function contentOf(reply: Response): Promise<unknown> {
  const type = reply.headers.get('content-type') ?? '';
  if (type === OCTETS) return partOf(reply);
  return /^application\/json\b/.test(type) ? reply.json().catch(() => null) : reply.text();
}

/** Bytes, and where they stand in the file. */
async function partOf(reply: Response): Promise<{ bytes: Uint8Array; from: number; total: number }> {
  const bytes = new Uint8Array(await reply.arrayBuffer());
  const [, from, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(reply.headers.get('content-range') ?? '') ?? [];
  return { bytes, from: Number(from ?? 0), total: Number(total ?? bytes.length) };
}

function problem(status: number, json: unknown): ApiError {
  const p = (json ?? {}) as {
    code?: string;
    retryable?: boolean;
    title?: string;
    detail?: string;
    texts?: Record<string, unknown>;
    params?: ApiError['params'];
  };
  const read = (lang: string) => {
    const text = p.texts?.[lang];
    return typeof text === 'string'
      ? text
      : typeof text === 'object' && text !== null
        ? String(
            (text as { detail?: string; title?: string }).detail ?? (text as { title?: string }).title ?? '',
          )
        : (p.detail ?? p.title ?? '');
  };
  const texts = { zh: read('zh-CN') || read('zh'), en: read('en') };
  return new ApiError(p.code ?? `HTTP_${status}`, status, p.retryable ?? status >= 500, texts, p.params);
}

/** A cookie jar for places without a browser. */
export function cookieFetch(origin: string, send: typeof fetch = fetch): typeof fetch {
  const jar = new Map<string, string>();
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    if (jar.size > 0) headers.set('cookie', [...jar].map(([k, v]) => `${k}=${v}`).join('; '));
    headers.set('origin', origin);
    const reply = await send(input, { ...init, headers });
    for (const line of reply.headers.getSetCookie()) {
      const [pair] = line.split(';');
      const at = pair!.indexOf('=');
      const [name, value] = [pair!.slice(0, at), pair!.slice(at + 1)];
      if (value === '' || /max-age=0/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return reply;
  };
}
