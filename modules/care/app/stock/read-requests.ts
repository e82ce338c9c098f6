/** What waits for a second person at this clinic. */

import type { Bilingual } from '../../core/quote.ts';
import { unitParts } from '../../core/stock-event.ts';
import type { CareContext } from '../context.ts';
import type { RequestRow } from './requests.ts';

export async function openRequests(ctx: CareContext, clinicId: string) {
  const rows = await ctx.db
    .selectFrom('care.stock_request')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('done_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .orderBy('asked_at')
    .execute();
  return Promise.all(
    rows.map(async (row) => {
      const product = await ctx.custody.product(unitParts(row.unit)?.gtin ?? '');
      return requestView(row, product?.name ?? null, product?.amountUnit);
    }),
  );
}

export function requestView(row: RequestRow, product: Bilingual | null, amountUnit?: string) {
  return {
    id: row.id,
    kind: row.kind,
    unit: row.unit,
    serial: unitParts(row.unit)?.serial ?? '',
    product,
    amount: row.amount,
    amountUnit: amountUnit ?? null,
    reason: row.reason,
    note: row.note,
    person: row.person,
    device: row.device_key,
    askedAt: row.asked_at.toISOString(),
    secondPerson: row.second_person,
    doneAt: row.done_at?.toISOString() ?? null,
  };
}
