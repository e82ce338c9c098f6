/** The HTTP contract of the log: the C2SP tlog-tiles files under the prefix `/log`, and proofs ready made. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';

const Count = z
  .string()
  .regex(/^(0|[1-9]\d{0,15})$/)
  .transform(Number);
const Size = z
  .string()
  .regex(/^[1-9]\d{0,15}$/)
  .transform(Number);
const Base64 = z.base64();
const FOREVER = 'public, max-age=31536000, immutable';

/** Served as these bytes, not as JSON; `contentType` and `cacheControl` are response headers. */
const Bytes = z
  .instanceof(Uint8Array)
  .meta({ contentType: 'application/octet-stream', cacheControl: FOREVER });

export const LogProofView = z.object({
  origin: z.string(),
  index: z.int().min(0),
  leaf: Base64,
  path: z.array(Base64),
  checkpoint: z.string(),
});

export const ConsistencyView = z.object({ from: z.int().min(1), to: z.int().min(1), path: z.array(Base64) });

export const tlogApi = {
  checkpoint: defineRoute({
    method: 'GET',
    path: '/log/checkpoint',
    summary: { zh: '最新的已签名检查点', en: 'The newest signed checkpoint' },
    auth: 'public',
    response: {
      200: z.string().meta({ contentType: 'text/plain; charset=utf-8', cacheControl: 'public, max-age=2' }),
    },
    errors: ['TLOG_NOT_PUBLISHED'],
  }),
  entries: defineRoute({
    method: 'GET',
    path: '/log/tile/entries/*',
    summary: { zh: '一包日志条目', en: 'A bundle of log entries' },
    auth: 'public',
    params: z.object({ '*': z.string().max(80) }),
    response: { 200: Bytes },
    errors: ['TLOG_TILE_PATH', 'TLOG_NOT_FOUND', 'TLOG_NOT_PUBLISHED'],
    perMinute: 6000,
  }),
  tile: defineRoute({
    method: 'GET',
    path: '/log/tile/:level/*',
    summary: { zh: '一块树哈希', en: 'A tile of tree hashes' },
    auth: 'public',
    params: z.object({ level: z.string().max(2), '*': z.string().max(80) }),
    response: { 200: Bytes },
    errors: ['TLOG_TILE_PATH', 'TLOG_NOT_FOUND', 'TLOG_NOT_PUBLISHED'],
    perMinute: 6000,
  }),
  proof: defineRoute({
    method: 'GET',
    path: '/log/proof',
    summary: { zh: '某一条在日志里的证明', en: 'Proof that an entry is in the log' },
    auth: 'public',
    query: z
      .object({
        /** 64 hex digits. */
        leafHash: z
          .string()
          .regex(/^[0-9a-f]{64}$/)
          .optional(),
        index: Count.optional(),
        /** Size of an earlier checkpoint; the newest by default. */
        size: Size.optional(),
      })
      .refine(
        ({ leafHash, index }) => (leafHash === undefined) !== (index === undefined),
        'leafHash or index, not both',
      ),
    response: { 200: LogProofView },
    errors: ['TLOG_NOT_FOUND', 'TLOG_NOT_PUBLISHED'],
  }),
  consistency: defineRoute({
    method: 'GET',
    path: '/log/consistency',
    summary: { zh: '日志只增不改的证明', en: 'Proof that the log only grew' },
    auth: 'public',
    query: z.object({ from: Size, to: Size }),
    response: { 200: ConsistencyView },
    errors: ['TLOG_NOT_FOUND', 'TLOG_NOT_PUBLISHED', 'TLOG_INDEX_OUT_OF_RANGE'],
  }),
};

export type TlogApi = typeof tlogApi;
