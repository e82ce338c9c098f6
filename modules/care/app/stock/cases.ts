/** What is open about stock, and how it ended. A quarantine's case ends with its release, return or waste. */
import { AppError } from '@zhenmei/kernel';
import { GOODS_IN, type GoodsInReason, goodsInWords } from '../../core/goods-in-reasons.ts';
import '../../core/stock-errors.ts';
import { unitParts } from '../../core/stock-event.ts';
import type { CareContext } from '../context.ts';
import { clinicSite } from './clinic.ts';

/** Only a difference of a stock-take can be closed by a word: everything else ends with what is done to the unit. */
const BY_WORD = { missing: ['found'], unexpected: ['set-aside', 'explained'] } as const;
export const CASE_OUTCOMES = ['found', 'set-aside', 'explained'] as const;

export async function readCases(ctx: CareContext, clinicId: string, open: boolean) {
  const rows = await ctx.db
    .selectFrom('care.stock_case')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('closed_at', open ? 'is' : 'is not', null)
    .orderBy('opened_at', 'desc')
    .limit(200)
    .execute();
  const products = new Map<string, { zh: string; en: string } | null>();
  for (const { unit } of rows) {
    const gtin = unit === null ? undefined : unitParts(unit)?.gtin;
    if (gtin !== undefined && !products.has(gtin))
      products.set(gtin, (await ctx.custody.product(gtin))?.name ?? null);
  }
  return rows.map((row) => {
    const parts = row.unit === null ? null : unitParts(row.unit);
    const words = row.kind in GOODS_IN ? goodsInWords(row.kind as GoodsInReason, {}) : null;
    return {
      id: row.id,
      kind: row.kind,
      unit: row.unit,
      serial: parts?.serial ?? null,
      product: (parts && products.get(parts.gtin)) ?? null,
      text: words?.text ?? null,
      doNow: words?.doNow ?? null,
      openedAt: row.opened_at.toISOString(),
      closedAt: row.closed_at?.toISOString() ?? null,
      outcome: row.outcome,
      note: row.note,
    };
  });
}

/** Throws STOCK_CASE_UNKNOWN, CASE_NOT_BY_WORD. */
export async function closeCase(
  ctx: CareContext,
  clinicId: string,
  close: { id: string; outcome: (typeof CASE_OUTCOMES)[number]; note: string; person: string },
): Promise<void> {
  await clinicSite(ctx, clinicId);
  const row = await ctx.db
    .selectFrom('care.stock_case')
    .select(['kind', 'closed_at'])
    .where('id', '=', close.id)
    .where('clinic_id', '=', clinicId)
    .executeTakeFirst();
  if (!row || row.closed_at) throw new AppError('STOCK_CASE_UNKNOWN');
  const allowed: readonly string[] = BY_WORD[row.kind as keyof typeof BY_WORD] ?? [];
  if (!allowed.includes(close.outcome)) throw new AppError('CASE_NOT_BY_WORD');
  await ctx.db
    .updateTable('care.stock_case')
    .set({
      closed_at: new Date(ctx.clock.now()),
      outcome: close.outcome,
      note: close.note,
      person: close.person,
    })
    .where('id', '=', close.id)
    .where('closed_at', 'is', null)
    .execute();
}
