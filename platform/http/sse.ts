/** Server-sent events (HTML Living Standard, 9.2): one direction, text, resumed by id. */
import type { FastifyReply, FastifyRequest } from 'fastify';

export interface ServerEvent {
  /** JSON-serialisable. */
  readonly data: unknown;
  readonly event?: string;
  /** Sent back by the browser as Last-Event-ID when it reconnects. */
  readonly id?: string;
}

const HEARTBEAT_MS = 15_000;

/**
 * Streams events until the source ends, the client leaves or the server closes.
 * @param open   makes the source; its signal says that nobody listens any more
 * @param streams open streams of the server, ended when it drains
 */
export async function sse(
  request: FastifyRequest,
  reply: FastifyReply,
  open: (signal: AbortSignal) => AsyncIterable<ServerEvent>,
  streams: Set<() => void>,
  heartbeatMs = HEARTBEAT_MS,
): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  const headers = { ...reply.getHeaders() } as Record<string, string>;
  raw.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    connection: 'keep-alive',
  });
  raw.write('retry: 2000\n\n');
  const abort = new AbortController();
  const iterator = open(abort.signal)[Symbol.asyncIterator]();
  let ended = false;
  let finish!: () => void;
  const left = new Promise<{ done: true; value: undefined }>((resolve) => {
    finish = () => {
      ended = true;
      resolve({ done: true, value: undefined });
    };
  });
  streams.add(finish);
  request.raw.once('close', finish);
  raw.once('close', finish);
  const beat = setInterval(() => raw.write(':\n\n'), heartbeatMs);
  try {
    while (!ended) {
      const next = await Promise.race([iterator.next(), left]);
      if (next.done) break;
      const flowing = raw.write(frame(next.value));
      if (!flowing) await Promise.race([new Promise((resolve) => raw.once('drain', resolve)), left]);
    }
  } finally {
    clearInterval(beat);
    streams.delete(finish);
    raw.end();
    abort.abort();
    // The source may be waiting inside next(); it is told, not waited for.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

function frame({ id, event, data }: ServerEvent): string {
  const oneLine = (text: string): string => text.replace(/[\r\n]/g, ' ');
  return [
    ...(id === undefined ? [] : [`id: ${oneLine(id)}`]),
    ...(event === undefined ? [] : [`event: ${oneLine(event)}`]),
    `data: ${JSON.stringify(data)}`,
    '\n',
  ].join('\n');
}
