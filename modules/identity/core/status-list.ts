/** IETF Token Status List: own bitset, bounded inflate, signed token. */
import { AppError, fromBase64Url, toBase64Url } from '@zhenmei/kernel';
import './errors.ts';
import type { PublicJwk } from './jwk.ts';
import { type Es256Signer, type Jws, readJws, signJws, verifyJws } from './jws.ts';

export const VALID = 0;
export const REVOKED = 1;
export const SUSPENDED = 2;

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_TOKEN = 6 * 1024 * 1024;

/** Two bits an entry: valid, revoked, suspended. */
export class StatusBits {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly bits: 1 | 2 | 4 | 8;
  constructor(bytes: Uint8Array<ArrayBuffer>, bits: 1 | 2 | 4 | 8) {
    this.bytes = bytes;
    this.bits = bits;
  }
  static empty(entries: number): StatusBits {
    return new StatusBits(new Uint8Array(Math.ceil(entries / 4)), 2);
  }
  get length(): number {
    return (this.bytes.length * 8) / this.bits;
  }
  /** Throws STATUS_INDEX. */
  get(index: number): number {
    if (!Number.isSafeInteger(index) || index < 0 || index >= this.length) throw new AppError('STATUS_INDEX');
    const perByte = 8 / this.bits;
    return (
      (this.bytes[Math.floor(index / perByte)]! >> ((index % perByte) * this.bits)) & ((1 << this.bits) - 1)
    );
  }
  set(index: number, value: number): void {
    this.get(index);
    const perByte = 8 / this.bits;
    const shift = (index % perByte) * this.bits;
    const at = Math.floor(index / perByte);
    this.bytes[at] = (this.bytes[at]! & ~(((1 << this.bits) - 1) << shift)) | (value << shift);
  }
}

export interface StatusList {
  readonly uri: string;
  readonly bits: StatusBits;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  readonly freshUntil: number;
  readonly jws: Jws;
}

/** Makes the signed token. @param ttl seconds for which a copy stays fresh */
export async function signStatusList(
  input: {
    uri: string;
    bits: StatusBits;
    issuedAt: number;
    ttl: number;
    expires: number;
    issuer: string;
    keyId: string;
  },
  sign: Es256Signer,
): Promise<string> {
  const lst = toBase64Url(await squeeze(input.bits.bytes, 'compress'));
  return signJws(
    { alg: 'ES256', typ: 'statuslist+jwt', kid: input.keyId },
    {
      iss: input.issuer,
      sub: input.uri,
      iat: input.issuedAt,
      exp: input.expires,
      ttl: input.ttl,
      status_list: { bits: input.bits.bits, lst },
    },
    sign,
  );
}

/** Reads a token without verifying its signature. Throws STATUS_FORMAT or STATUS_TOO_LARGE. */
export async function readStatusList(token: string): Promise<StatusList> {
  if (token.length > MAX_TOKEN) throw new AppError('STATUS_TOO_LARGE');
  const jws = readJws(token, 'STATUS_FORMAT');
  if (jws.header.typ !== 'statuslist+jwt') throw new AppError('STATUS_FORMAT', { reason: 'typ' });
  if (jws.header.alg !== 'ES256' || 'crit' in jws.header)
    throw new AppError('STATUS_FORMAT', { reason: 'alg' });
  const { sub, iat, exp, ttl, status_list: list } = jws.payload;
  if (typeof sub !== 'string') throw new AppError('STATUS_FORMAT', { reason: 'sub' });
  if (!Number.isSafeInteger(iat)) throw new AppError('STATUS_FORMAT', { reason: 'iat' });
  if (exp !== undefined && !Number.isSafeInteger(exp)) throw new AppError('STATUS_FORMAT', { reason: 'exp' });
  if (ttl !== undefined && (!Number.isSafeInteger(ttl) || (ttl as number) <= 0))
    throw new AppError('STATUS_FORMAT', { reason: 'ttl' });
  if (typeof list !== 'object' || list === null || Array.isArray(list))
    throw new AppError('STATUS_FORMAT', { reason: 'status_list' });
  const { bits, lst } = list;
  if (bits !== 1 && bits !== 2 && bits !== 4 && bits !== 8)
    throw new AppError('STATUS_FORMAT', { reason: 'bits' });
  if (typeof lst !== 'string') throw new AppError('STATUS_FORMAT', { reason: 'lst' });
  let packed: Uint8Array<ArrayBuffer>;
  try {
    packed = fromBase64Url(lst);
  } catch (cause) {
    throw new AppError('STATUS_FORMAT', { reason: 'lst' }, { cause });
  }
  const bytes = await squeeze(packed, 'expand');
  const until = [
    exp as number | undefined,
    ttl === undefined ? undefined : (iat as number) + (ttl as number),
  ].filter((t): t is number => t !== undefined);
  return {
    uri: sub,
    bits: new StatusBits(bytes, bits),
    issuedAt: iat as number,
    freshUntil: Math.min(...until, (iat as number) + 30 * 86_400),
    jws,
  };
}

export async function statusListSigned(list: StatusList, key: PublicJwk): Promise<boolean> {
  return verifyJws(list.jws, key);
}

/** zlib through the platform's stream, counting what comes out: a bomb is refused after 4 MB. */
async function squeeze(
  bytes: Uint8Array<ArrayBuffer>,
  way: 'compress' | 'expand',
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = way === 'compress' ? new CompressionStream('deflate') : new DecompressionStream('deflate');
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > MAX_BYTES) {
        await reader.cancel();
        throw new AppError('STATUS_TOO_LARGE');
      }
      chunks.push(value);
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('STATUS_FORMAT', { reason: 'lst' }, { cause });
  }
  const out = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}
