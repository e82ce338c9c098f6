import type { Hex } from '@zhenmei/kernel';
import type { CoverView } from '../../guarantee-api.ts';
import type { MoneyContext } from '../context.ts';
import { coverRows, coverView } from './views.ts';

/** What is promised about an agreement's outcome; null if nothing is. */
export async function readCover(ctx: MoneyContext, agreement: Hex): Promise<{ cover: CoverView | null }> {
  const [row] = await coverRows(ctx.db, { agreement });
  return { cover: row ? coverView(row, ctx.guarantee.panel) : null };
}
