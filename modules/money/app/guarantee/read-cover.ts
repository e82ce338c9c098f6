import type { Hex } from '@zhenmei/kernel';
import { type CoverJson, profileOf } from '../../core/guarantee-cover.ts';
import type { CoverView } from '../../guarantee-api.ts';
import type { MoneyContext } from '../context.ts';
import { backerName, coverRows, coverView } from './views.ts';

/** What is promised about an agreement's outcome; null if nothing is, and while an insurer or the pool is only asked. */
export async function readCover(ctx: MoneyContext, agreement: Hex): Promise<{ cover: CoverView | null }> {
  const [row] = await coverRows(ctx.db, { agreement });
  if (row && !row.cover && profileOf(row.offer.cover as CoverJson) !== 'promise') return { cover: null };
  return { cover: row ? coverView(row, ctx.guarantee.panel, await backerName(ctx, row)) : null };
}
