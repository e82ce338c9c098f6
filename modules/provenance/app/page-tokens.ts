/** Page tokens of lists, and tokens that their holder gave back: nobody goes on with those. */
import { AppError, sha256, utf8 } from '@zhenmei/kernel';
import '../core/errors.ts';
import { type PageToken, readToken, TOKEN_LIFE, writeToken } from '../core/query/page-token.ts';
import type { ProvenanceContext } from './context.ts';

const hashOf = (token: string): Uint8Array<ArrayBuffer> => sha256(utf8(token));

/** What was never given out needs no ending. */
export async function endToken(ctx: ProvenanceContext, text: string): Promise<null> {
  let token: PageToken;
  try {
    token = readToken(text, ctx.clock.now());
  } catch {
    return null;
  }
  await ctx.db
    .insertInto('provenance.ended_token')
    .values({ hash: hashOf(text), until: new Date(token.until) })
    .onConflict((c) => c.doNothing())
    .execute();
  return null;
}

/** Throws QUERY_INVALID. */
export async function mustNotBeEnded(ctx: ProvenanceContext, text: string): Promise<void> {
  const ended = await ctx.db
    .selectFrom('provenance.ended_token')
    .select('until')
    .where('hash', '=', hashOf(text))
    .executeTakeFirst();
  if (ended) throw new AppError('QUERY_INVALID', { name: 'nextPageToken' });
}

export interface ListPage<T> {
  readonly items: readonly T[];
  /** The token of the next page, if there is one. @param keyOf what the list is ordered by */
  next(keyOf: (item: T) => string): { readonly token: string; readonly until: number } | null;
}

/**
 * A page of a list that is ordered by a key of its items.
 * @param list name of the list, which the token belongs to
 * @param read items behind a key, or from the start
 * @param fits whether a text may be such a key
 * Throws QUERY_INVALID.
 */
export async function pageAfter<T>(
  ctx: ProvenanceContext,
  list: string,
  text: string | undefined,
  size: number,
  read: (after: string | null, limit: number) => Promise<readonly T[]>,
  fits: (key: string) => boolean = () => true,
): Promise<ListPage<T>> {
  const now = ctx.clock.now();
  let after: string | null = null;
  if (text !== undefined) {
    const token = readToken(text, now);
    await mustNotBeEnded(ctx, text);
    if (token.query !== list || !fits(token.key))
      throw new AppError('QUERY_INVALID', { name: 'nextPageToken' });
    after = token.key;
  }
  const found = await read(after, size + 1);
  const items = found.slice(0, size);
  return {
    items,
    next(keyOf) {
      const last = items.at(-1);
      if (found.length <= size || last === undefined) return null;
      const until = now + TOKEN_LIFE;
      return { token: writeToken({ query: list, key: keyOf(last), no: '0', left: null, until }), until };
    },
  };
}
