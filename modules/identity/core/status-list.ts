/** IETF Token Status List (draft-ietf-oauth-status-list): own bitset, bounded inflate, signed token. */
import { AppError, fromBase64Url, type Json, toBase64Url } from '@zhenmei/kernel';
import './errors.ts';
import type { PublicJwk } from './jwk.ts';
import { type Es256Signer, type Jws, type JwsCodes, readJws, signJws, verifyJws } from './jws.ts';

export const VALID = 0;
export const REVOKED = 1;
export const SUSPENDED = 2;

/** Bytes of an unpacked list: 32 million entries of one bit. */
const MAX_BYTES = 4 * 1024 * 1024;
/** Characters of a signed list. */
const MAX_TOKEN = 6 * 1024 * 1024;
/** Seconds for which a list that names neither `ttl` nor `exp` is believed. */
const DEFAULT_TTL = 86_400;

export type StatusWidth = 1 | 2 | 4 | 8;

/** Entries of 1, 2, 4 or 8 bits; the first stands in the lowest bits of the first byte. */
export class StatusBits {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly bits: StatusWidth;
  constructor(bytes: Uint8Array<ArrayBuffer>, bits: StatusWidth) {
    this.bytes = bytes;
    this.bits = bits;
  }
  /** All entries valid. Two bits an entry tell suspended from revoked. */
  static empty(entries: number, bits: StatusWidth = 2): StatusBits {
    return new StatusBits(new Uint8Array(Math.ceil((entries * bits) / 8)), bits);
  }
  get length(): number {
    return (this.bytes.length * 8) / this.bits;
  }
  /** Throws STATUS_INDEX. */
  get(index: number): number {
    const [at, shift] = this.place(index);
    return (this.bytes[at]! >> shift) & this.mask;
  }
  /** Throws STATUS_INDEX, or STATUS_VALUE if the value needs more bits. */
  set(index: number, value: number): void {
    const [at, shift] = this.place(index);
    if (!Number.isInteger(value) || value < 0 || value > this.mask) throw new AppError('STATUS_VALUE');
    this.bytes[at] = (this.bytes[at]! & ~(this.mask << shift)) | (value << shift);
  }
  private get mask(): number {
    return (1 << this.bits) - 1;
  }
  private place(index: number): [at: number, shift: number] {
    if (!Number.isSafeInteger(index) || index < 0 || index >= this.length) throw new AppError('STATUS_INDEX');
    const perByte = 8 / this.bits;
    return [Math.floor(index / perByte), (index % perByte) * this.bits];
  }
}

/** A signed list as it says of itself; nothing is believed or unpacked yet. */
export interface StatusList {
  /** Address under which certificates refer to it. */
  readonly uri: string;
  readonly issuer: string | null;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  /** Not to be believed before. */
  readonly begins: number;
  readonly freshUntil: number;
  readonly width: StatusWidth;
  /** zlib (RFC 1950). */
  readonly packed: Uint8Array<ArrayBuffer>;
  readonly jws: Jws;
}

export interface StatusListInput {
  readonly uri: string;
  readonly bits: StatusBits;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  /** Seconds for which a copy stays fresh. */
  readonly ttl: number;
  readonly expires: number;
  readonly issuer: string;
  readonly keyId: string;
}

/** Makes the signed token. */
export async function signStatusList(input: StatusListInput, sign: Es256Signer): Promise<string> {
  const { bits, bytes } = input.bits;
  return signJws(
    { alg: 'ES256', typ: 'statuslist+jwt', kid: input.keyId },
    {
      iss: input.issuer,
      sub: input.uri,
      iat: input.issuedAt,
      exp: input.expires,
      ttl: input.ttl,
      status_list: { bits, lst: toBase64Url(await squeeze(bytes, 'compress')) },
    },
    sign,
  );
}

const PART = {
  encoding: 'STATUS_ENCODING',
  text: 'STATUS_TEXT',
  json: 'STATUS_MALFORMED',
  twice: 'STATUS_TWICE',
  deep: 'STATUS_TOO_DEEP',
} as const;

const CODES: JwsCodes = {
  parts: 'STATUS_FORMAT',
  header: PART,
  payload: PART,
  signature: 'STATUS_SIGNATURE_ENCODING',
};

/** Reads a token; verifies and unpacks nothing. Throws STATUS_TOO_LARGE and the other codes of its form. */
export function readStatusList(token: string): StatusList {
  if (token.length > MAX_TOKEN) throw new AppError('STATUS_TOO_LARGE');
  const jws = readJws(token, CODES);
  const { header, payload } = jws;
  if (header.typ !== 'statuslist+jwt') throw new AppError('STATUS_TYPE');
  if (header.alg !== 'ES256') throw new AppError('STATUS_ALGORITHM');
  if ('crit' in header || 'b64' in header) throw new AppError('STATUS_CRITICAL');
  if ('jku' in header || 'x5u' in header) throw new AppError('STATUS_HEADER_KEY');
  const { sub, iss, iat, nbf, exp, ttl, status_list: list } = payload;
  const issuedAt = whole(iat, 'iat');
  if (exp !== undefined && whole(exp, 'exp') <= issuedAt) throw new AppError('STATUS_PERIOD');
  const until = [
    ...(exp === undefined ? [] : [whole(exp, 'exp')]),
    ...(ttl === undefined ? [] : [issuedAt + positive(ttl)]),
  ];
  if (typeof sub !== 'string' || sub === '') throw new AppError('STATUS_CLAIM', { name: 'sub' });
  if (iss !== undefined && typeof iss !== 'string') throw new AppError('STATUS_CLAIM', { name: 'iss' });
  if (typeof list !== 'object' || list === null || Array.isArray(list))
    throw new AppError('STATUS_CLAIM', { name: 'status_list' });
  const { bits, lst, aggregation_uri: more } = list;
  if (more !== undefined && typeof more !== 'string')
    throw new AppError('STATUS_CLAIM', { name: 'aggregation_uri' });
  if (bits !== 1 && bits !== 2 && bits !== 4 && bits !== 8) throw new AppError('STATUS_BITS');
  if (typeof lst !== 'string' || lst === '') throw new AppError('STATUS_CLAIM', { name: 'lst' });
  return {
    uri: sub,
    issuer: iss ?? null,
    issuedAt,
    begins: nbf === undefined ? issuedAt : Math.max(issuedAt, whole(nbf, 'nbf')),
    freshUntil: until.length > 0 ? Math.min(...until) : issuedAt + DEFAULT_TTL,
    width: bits,
    packed: bytesOf(lst),
    jws,
  };
}

function whole(value: Json | undefined, name: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new AppError('STATUS_CLAIM', { name });
  return value as number;
}

function positive(value: Json): number {
  const seconds = whole(value, 'ttl');
  if (seconds === 0) throw new AppError('STATUS_CLAIM', { name: 'ttl' });
  return seconds;
}

function bytesOf(lst: string): Uint8Array<ArrayBuffer> {
  try {
    return fromBase64Url(lst);
  } catch (cause) {
    throw new AppError('STATUS_CLAIM', { name: 'lst' }, { cause });
  }
}

export async function statusListSigned(list: StatusList, key: PublicJwk): Promise<boolean> {
  return verifyJws(list.jws, key);
}

/** Unpacks the entries. Throws STATUS_COMPRESSION, or STATUS_TOO_LARGE as soon as 4 MB are exceeded. */
export async function unpackStatusList(list: StatusList): Promise<StatusBits> {
  return new StatusBits(await squeeze(list.packed, 'expand'), list.width);
}

/** zlib through the platform's stream, counting what comes out: a bomb is refused before it unfolds. */
async function squeeze(
  bytes: Uint8Array<ArrayBuffer>,
  way: 'compress' | 'expand',
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = way === 'compress' ? new CompressionStream('deflate') : new DecompressionStream('deflate');
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await next(reader);
    if (done) break;
    size += value.length;
    if (size > MAX_BYTES) {
      await reader.cancel();
      throw new AppError('STATUS_TOO_LARGE');
    }
    chunks.push(value);
  }
  const out = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

async function next(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    return await reader.read();
  } catch (cause) {
    throw new AppError('STATUS_COMPRESSION', {}, { cause });
  }
}
