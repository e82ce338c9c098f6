/** The log's handlers, by the names of its contract. */
import { AppError, fromHex, type Handlers, toBase64 } from '@zhenmei/kernel';
import type { TlogApi } from '../api.ts';
import type { TransparencyLog } from '../app/log.ts';
import { parseTilePath } from '../core/tile-path.ts';

export function logHandlers(log: TransparencyLog): Handlers<TlogApi> {
  return {
    checkpoint: async () => (await log.checkpoint()).note,
    entries: async ({ params }) => {
      const { n, width } = parseTilePath(`tile/entries/${params['*']}`);
      return log.bundle(n, width);
    },
    tile: async ({ params }) => {
      const path = `tile/${params.level}/${params['*']}`;
      const { level, n, width } = parseTilePath(path);
      if (level === 'entries') throw new AppError('TLOG_TILE_PATH', { path });
      return log.tile({ level, n, width });
    },
    proof: async ({ query }) => {
      const { leafHash, index, size } = query;
      const { path, ...proof } = await log.proof(leafHash === undefined ? index! : fromHex(leafHash), size);
      return { ...proof, path: [...path] };
    },
    consistency: async ({ query: { from, to } }) => ({
      from,
      to,
      path: (await log.consistency(from, to)).map(toBase64),
    }),
  };
}
