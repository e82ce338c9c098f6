/** Serves the built web app: compressed once, cached for ever where the name carries a hash, one page for all routes. */
import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.wasm': 'application/wasm',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.glb': 'model/gltf-binary',
  '.pdf': 'application/pdf',
};
const WORTH_PACKING = new Set([
  '.html',
  '.js',
  '.mjs',
  '.css',
  '.json',
  '.webmanifest',
  '.svg',
  '.txt',
  '.map',
  '.wasm',
]);
const HASHED = /[-.][A-Za-z0-9_-]{8,}\.\w+$/;
const IN_MEMORY = 4 * 1024 * 1024;
const br = promisify(brotliCompress);
const gz = promisify(gzip);

interface Packed {
  readonly tag: string;
  readonly plain: Buffer;
  readonly br?: Buffer;
  readonly gzip?: Buffer;
}

export interface StaticFiles {
  /** Answers a GET with a file, or with `index.html` for a page address; false if neither fits. */
  serve(request: FastifyRequest, reply: FastifyReply): Promise<boolean>;
}

export async function staticFiles(folder: string): Promise<StaticFiles> {
  const root = await realpath(folder);
  const cache = new Map<string, Promise<Packed>>();

  const find = async (path: string): Promise<{ file: string; tag: string; size: number } | null> => {
    const file = join(root, path);
    const real = await realpath(file).catch(() => null);
    if (!real || !(real === root || real.startsWith(root + sep))) return null;
    const facts = await stat(real);
    if (!facts.isFile()) return null;
    return {
      file: real,
      tag: `"${facts.size.toString(36)}-${Math.floor(facts.mtimeMs).toString(36)}"`,
      size: facts.size,
    };
  };

  const pack = async (file: string, tag: string): Promise<Packed> => {
    const plain = await readFile(file);
    if (!WORTH_PACKING.has(extname(file)) || plain.length < 1024) return { tag, plain };
    const params = { [constants.BROTLI_PARAM_QUALITY]: 7 };
    const [brotli, zipped] = await Promise.all([br(plain, { params }), gz(plain, { level: 9 })]);
    return { tag, plain, br: brotli, gzip: zipped };
  };

  const packed = async (file: string, tag: string): Promise<Packed> => {
    const known = await cache.get(file);
    if (known?.tag === tag) return known;
    const fresh = pack(file, tag);
    cache.set(file, fresh);
    // what could not be read once is tried again
    fresh.catch(() => cache.delete(file));
    return fresh;
  };

  return {
    async serve(request, reply) {
      const path = pathOf(request.url);
      if (path === null) return false;
      let found = await find(path.endsWith('/') ? `${path}index.html` : path);
      const isPage =
        !found && !extname(path) && (request.headers.accept ?? '*/*').match(/text\/html|\*\/\*/) !== null;
      if (isPage) found = await find('/index.html');
      if (!found) return false;
      const { file, tag, size } = found;
      const hashed = HASHED.test(file) && path.includes('/assets/');
      reply.header('content-type', TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream');
      reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      reply.header('etag', tag);
      reply.header('vary', 'accept-encoding');
      if (request.headers['if-none-match'] === tag) {
        await reply.code(304).send();
      } else if (size > IN_MEMORY) {
        await reply
          .header('content-length', size)
          .send(request.method === 'HEAD' ? '' : createReadStream(file));
      } else {
        const bytes = choose(await packed(file, tag), request.headers['accept-encoding'], reply);
        await reply.send(bytes);
      }
      return true;
    },
  };
}

function choose(from: Packed, accepted: string | string[] | undefined, reply: FastifyReply): Buffer {
  const accepts = String(accepted ?? '');
  for (const encoding of ['br', 'gzip'] as const) {
    const bytes = from[encoding];
    if (bytes && new RegExp(`\\b${encoding}\\b(?!\\s*;\\s*q=0(?:\\.0+)?\\b)`).test(accepts)) {
      reply.header('content-encoding', encoding);
      return bytes;
    }
  }
  return from.plain;
}

/** The decoded path, or null if it is none that a file could have. */
function pathOf(url: string): string | null {
  try {
    const path = decodeURIComponent(url.split(/[?#]/, 1)[0]!);
    const parts = path.split('/');
    return path.includes('\0') || path.includes('\\') || parts.some((part) => part.startsWith('.'))
      ? null
      : path;
  } catch {
    return null;
  }
}
