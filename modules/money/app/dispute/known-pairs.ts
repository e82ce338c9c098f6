/** Pairs of pictures whose answer is known: without both kinds no panel is shown pictures. */
import { AppError, fromBase64, type Hex } from '@zhenmei/kernel';
import { PICTURE_BYTES } from '../../core/panel-pictures.ts';
import type { MoneyContext } from '../context.ts';

export type KnownKind = 'better' | 'same';

export async function knownPairs(ctx: MoneyContext): Promise<Record<KnownKind, string[]>> {
  const rows = await ctx.db.selectFrom('money.known_pair').select(['id', 'kind']).execute();
  const of = (kind: KnownKind) => rows.filter((row) => row.kind === kind).map(({ id }) => id);
  return { better: of('better'), same: of('same') };
}

export async function countKnownPairs(ctx: MoneyContext): Promise<Record<KnownKind, number>> {
  const { better, same } = await knownPairs(ctx);
  return { better: better.length, same: same.length };
}

/** JPEG or PNG by its first bytes, or null. */
export function pictureMime(bytes: Uint8Array): 'image/jpeg' | 'image/png' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'image/jpeg';
  return bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47
    ? 'image/png'
    : null;
}

/** Throws KNOWN_PAIR_WRONG. */
export async function addKnownPair(
  ctx: MoneyContext,
  by: Hex,
  pair: { readonly kind: KnownKind; readonly first: string; readonly second: string },
): Promise<void> {
  const [first, second] = [fromBase64(pair.first), fromBase64(pair.second)];
  for (const one of [first, second])
    if (one.length > PICTURE_BYTES || !pictureMime(one)) throw new AppError('KNOWN_PAIR_WRONG');
  const bytes = ctx.random.bytes(16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  await ctx.db
    .insertInto('money.known_pair')
    .values({ id, kind: pair.kind, first, second, added_by: by, at: new Date(ctx.clock.now()) })
    .execute();
}
