/** Reads a house over HTTP as any stranger can: with limits, patience, and no trust. */
import { AppError, defineErrors } from '@zhenmei/kernel';

defineErrors({
  AUDIT_UNREACHABLE: {
    status: 503,
    retryable: true,
    zh: '无法从 {url} 取得内容：{reason}。',
    en: 'Nothing could be fetched from {url}: {reason}.',
  },
});

/** Bytes; the largest bundle of entries is 256 times 65,537. */
const LIMIT = 20_000_000;
const WAIT_MS = 30_000;
const TRIES = 4;

export interface Reply {
  readonly bytes: Uint8Array;
  readonly headers: Headers;
  readonly url: URL;
}

export interface Source {
  /** Null if the house says that it has no such thing. Throws AUDIT_UNREACHABLE. */
  get(path: string | URL): Promise<Reply | null>;
  /** An address as it is written below that of the house. */
  relative(url: URL): string;
}

/** @param base address of the house @param pause waits before another try */
export function httpSource(base: string, pause: (ms: number) => Promise<void>): Source {
  const root = new URL(base.endsWith('/') ? base : `${base}/`);
  return {
    relative: ({ href }) => (href.startsWith(root.href) ? href.slice(root.href.length) : href),
    async get(path) {
      const url = new URL(path, root);
      for (let tries = 1; ; tries++) {
        const reply = await fetch(url, { signal: AbortSignal.timeout(WAIT_MS) }).catch((error: unknown) => {
          const cause = (error as Error).cause as Error | undefined;
          return unreachable(url, cause?.message ?? (error as Error).message, error);
        });
        // a page for people, as many houses give for whatever they do not have
        const page = reply.ok && (reply.headers.get('content-type') ?? '').startsWith('text/html');
        if (reply.ok && !page) return { bytes: await bytesOf(reply, url), headers: reply.headers, url };
        await reply.body?.cancel();
        if (page || reply.status === 404) return null;
        const mayTryAgain = reply.status === 429 || reply.status === 503;
        if (!mayTryAgain || tries === TRIES) return unreachable(url, `HTTP ${reply.status}`);
        await pause(Math.min(60, Number(reply.headers.get('retry-after')) || 2 ** tries) * 1000);
      }
    },
  };
}

function unreachable(url: URL, reason: string, cause?: unknown): never {
  throw new AppError('AUDIT_UNREACHABLE', { url: url.href.slice(0, 200), reason }, { cause });
}

async function bytesOf(reply: Response, url: URL): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of reply.body ?? []) {
      size += part.length;
      if (size > LIMIT) return unreachable(url, `> ${LIMIT} bytes`);
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    return unreachable(url, (error as Error).message, error);
  }
  return new Uint8Array(Buffer.concat(parts));
}
