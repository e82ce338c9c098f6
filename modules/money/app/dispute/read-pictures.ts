/** The four places that one assessor sees, in the order and on the sides that the house sealed before the draw. */
import { type Hex, toBase64 } from '@zhenmei/kernel';
import { type Placed, placesOf, type Shown, scaleOf } from '../../core/panel-pictures.ts';
import type { MoneyContext } from '../context.ts';
import { knownPairs, pictureMime } from './known-pairs.ts';
import { showerOf } from './read-claim.ts';

interface Asked {
  readonly panel: string;
  readonly round: number;
  readonly assessor: Hex;
  readonly cover: Hex;
  /** Of the procedure. */
  readonly code: string;
}

/** Null where no pictures are shown in this round. */
export async function readPictures(ctx: MoneyContext, { panel, round, assessor, cover, code }: Asked) {
  const laid = await ctx.db
    .selectFrom('money.picture_layout')
    .selectAll()
    .where('panel_id', '=', panel)
    .where('round', '=', round)
    .executeTakeFirst();
  const { by } = await showerOf(ctx, cover);
  if (!laid || !by) return null;
  const parcel = await ctx.db
    .selectFrom('money.picture_parcel')
    .select(['sealed', 'earlier'])
    .where('panel_id', '=', panel)
    .where('round', '=', round)
    .where('assessor', '=', assessor)
    .executeTakeFirst();
  const known = laid.known as Awaited<ReturnType<typeof knownPairs>>;
  const places = placesOf({
    layoutSecret: ctx.disputes.layoutSecret(panel, round),
    assessor,
    earlier: parcel?.earlier ?? null,
    promisedBy: by,
    known,
  });
  return {
    scale: scaleOf(code),
    promisedBy: by,
    sealed: parcel?.sealed ?? null,
    places: await Promise.all(places.map((place) => withBytes(ctx, place))),
  };
}

async function withBytes(ctx: MoneyContext, place: Placed) {
  if ('answer' in place) return { answer: place.answer };
  const [left, right] = await Promise.all([pictureOf(ctx, place.left), pictureOf(ctx, place.right)]);
  return { left, right };
}

async function pictureOf(ctx: MoneyContext, shown: Shown) {
  if ('sealed' in shown) return { sealed: shown.sealed };
  const row = await ctx.db
    .selectFrom('money.known_pair')
    .select(shown.which)
    .where('id', '=', shown.known)
    .executeTakeFirstOrThrow();
  const bytes = new Uint8Array((row as Record<string, Uint8Array>)[shown.which]!);
  return { mime: pictureMime(bytes)!, bytes: toBase64(bytes) };
}

/**
 * Decides once for a round whether pictures are shown, and from which known pairs each assessor gets one; asked again,
 * it answers the same. @returns null without an offer, or without known pairs of both kinds
 */
export async function layPictures(
  ctx: MoneyContext,
  panel: string,
  round: number,
  cover: Hex,
): Promise<Hex | null> {
  const known = await knownPairs(ctx);
  const { by } = await showerOf(ctx, cover);
  if (!by || known.better.length === 0 || known.same.length === 0) return null;
  await ctx.db
    .insertInto('money.picture_layout')
    .values({ panel_id: panel, round, known: JSON.stringify(known) as never })
    .onConflict((c) => c.doNothing())
    .execute();
  return ctx.disputes.layoutSecret(panel, round);
}
