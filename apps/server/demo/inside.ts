/** Requests made inside the process. */
import type { HttpServer } from '@zhenmei/http';

/**
 * As if they came from that address: who sends many of them uses up nobody else's share of the rate.
 * @param remoteAddress one that no visitor can have
 */
export const insideFetch =
  ({ app }: Pick<HttpServer, 'app'>, remoteAddress: string): typeof fetch =>
  async (input, init) => {
    const body = init?.body as string | Uint8Array | undefined;
    const reply = await app.inject({
      method: (init?.method ?? 'GET') as 'GET',
      url: String(input),
      headers: Object.fromEntries(new Headers(init?.headers)),
      remoteAddress,
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : Buffer.from(body) }),
    });
    const headers = new Headers();
    for (const [name, value] of Object.entries(reply.headers))
      for (const one of [value].flat()) headers.append(name, String(one));
    const content = reply.rawPayload.length > 0 ? new Uint8Array(reply.rawPayload) : null;
    return new Response(content, { status: reply.statusCode, headers });
  };
