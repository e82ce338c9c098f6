/** What `nextPageToken` holds: where a result goes on, for this query only, and until when. It tells nothing else. */
import { AppError, DAY, fromBase64Url, fromUtf8, toBase64Url, utf8 } from '@zhenmei/kernel';
import '../errors.ts';

export interface PageToken {
  /** Fingerprint of the query it belongs to. */
  readonly query: string;
  readonly key: string;
  readonly no: string;
  /** Events that may still follow, or null for any number. */
  readonly left: number | null;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

export const TOKEN_LIFE = DAY;

export function writeToken({ query, key, no, left, until }: PageToken): string {
  return toBase64Url(utf8(JSON.stringify([1, query, key, no, left, until])));
}

/** Throws QUERY_INVALID for what was never given out, and for a token whose time is over. */
export function readToken(text: string, now: number): PageToken {
  const token = parse(text);
  if (!token || token.until <= now || token.until > now + TOKEN_LIFE)
    throw new AppError('QUERY_INVALID', { name: 'nextPageToken' });
  return token;
}

function parse(text: string): PageToken | null {
  let parts: unknown;
  try {
    parts = JSON.parse(fromUtf8(fromBase64Url(text)));
  } catch {
    return null;
  }
  if (!Array.isArray(parts) || parts.length !== 6) return null;
  const [version, query, key, no, left, until] = parts as unknown[];
  const right =
    version === 1 &&
    typeof query === 'string' &&
    typeof key === 'string' &&
    !key.includes('\0') &&
    typeof no === 'string' &&
    /^\d{1,18}$/.test(no) &&
    (left === null || (Number.isSafeInteger(left) && (left as number) > 0)) &&
    Number.isSafeInteger(until);
  return right ? { query, key, no, left: left as number | null, until: until as number } : null;
}
