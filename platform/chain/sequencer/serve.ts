/** The sequencer's HTTP server on 127.0.0.1: JSON-RPC for everybody on this machine, the clock for who has the token. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import fs from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { AppError } from '@zhenmei/kernel';
import '../errors.ts';
import { replaceFile } from './files.ts';
import { answer } from './proxy.ts';
import type { Sequencer } from './sequencer.ts';

const MAX_BODY = 2_000_000;
const MAX_WAIT_MS = 25_000;

/** The token of the admin routes: made once, in a file that only its owner may read. */
export function adminToken(folder: string): string {
  const file = path.join(folder, 'admin.token');
  if (!fs.existsSync(file)) replaceFile(file, randomBytes(32).toString('hex'));
  return fs.readFileSync(file, 'utf8').trim();
}

/**
 * `POST /` JSON-RPC · `GET /health` · `GET /head?after=N` answers when there is a later block (or after 25 s) ·
 * `POST /admin/time` with the bearer token moves the clock: `{"offset": seconds}`.
 * Throws CHAIN_PORT_TAKEN.
 */
export async function serve(
  sequencer: Sequencer,
  options: { port: number; token: string },
): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const reply = (status: number, text: string) => {
      if (response.headersSent || response.destroyed) return;
      response.writeHead(status, { 'content-type': 'application/json' }).end(text);
    };
    // a page in a browser must not reach us under a name of its own (DNS rebinding)
    if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(request.headers.host ?? ''))
      return reply(403, '{}');
    route(sequencer, options.token, request, response).then(
      ([status, text]) => reply(status, text),
      (error: unknown) => {
        const { code, params } = error instanceof AppError ? error : new AppError('CHAIN_UNAVAILABLE');
        reply(503, JSON.stringify({ code, params }));
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(cause.code === 'EADDRINUSE' ? new AppError('CHAIN_PORT_TAKEN', { port: options.port }) : cause),
    );
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function route(
  sequencer: Sequencer,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<[status: number, text: string]> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const at = `${request.method} ${url.pathname}`;
  if (at === 'GET /health')
    return [sequencer.health().failing ? 503 : 200, JSON.stringify(sequencer.health())];
  if (at === 'GET /head')
    return [200, await later(sequencer, Number(url.searchParams.get('after') ?? -1), response)];
  if (at === 'POST /admin/time' && !authorised(request, token)) return [403, '{}'];
  if (at !== 'POST /' && at !== 'POST /admin/time') return [request.method === 'POST' ? 404 : 405, '{}'];
  const body = await bodyOf(request);
  if (body === null) return [413, '{}'];
  if (at === 'POST /') {
    const text = await answer(sequencer, body);
    return [text ? 200 : 204, text];
  }
  const offset = offsetOf(body);
  if (offset === null) return [400, '{}'];
  sequencer.setClockOffset(offset);
  await sequencer.tick();
  return [200, JSON.stringify({ block: sequencer.block })];
}

function authorised(request: IncomingMessage, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(request.headers.authorization ?? ''), digest(`Bearer ${token}`));
}

function offsetOf(body: string): number | null {
  try {
    const { offset } = JSON.parse(body) as { offset?: unknown };
    // a house may begin in the past; the sequencer sees to it that time never goes back
    return Number.isSafeInteger(offset) ? (offset as number) : null;
  } catch {
    return null;
  }
}

/** null if it is too long. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function later(sequencer: Sequencer, after: number, response: ServerResponse): Promise<string> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(deadline);
      unwatch();
      resolve(JSON.stringify({ block: sequencer.block }));
    };
    const deadline = setTimeout(done, MAX_WAIT_MS);
    const unwatch = sequencer.watch((block) => block > after && done());
    response.once('close', done);
    if (sequencer.block > after) done();
  });
}
