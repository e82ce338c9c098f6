/** The register of toxic drugs: every movement of every unit, with amount, balance and persons. */
import { parseLotLink } from '@zhenmei/gs1';
import { type RegisterRow, registerAmount } from '../../core/toxin-register.ts';
import type { CareContext } from '../context.ts';
import { clinicSite } from './clinic.ts';
import { whoDid } from './who-did.ts';

/** Oldest first. @param from and @param until RFC 3339 */
export async function readToxinRegister(
  ctx: CareContext,
  clinicId: string,
  period: { readonly from: string; readonly until: string },
): Promise<RegisterRow[]> {
  await clinicSite(ctx, clinicId);
  const rows = await ctx.db
    .selectFrom('care.stock_movement as m')
    .innerJoin('care.stock_unit as u', (join) =>
      join.onRef('u.clinic_id', '=', 'm.clinic_id').onRef('u.unit', '=', 'm.unit'),
    )
    .select(['m.unit', 'm.kind', 'm.at', 'm.amount', 'm.remaining', 'm.reason', 'm.event', 'm.sequence'])
    .select(['u.gtin', 'u.serial', 'u.lot', 'u.amount_unit'])
    .where('m.clinic_id', '=', clinicId)
    .where('u.toxin', '=', true)
    .where('m.at', '<', new Date(period.until))
    .orderBy('m.at')
    .orderBy('m.unit')
    .orderBy('m.sequence')
    .execute();
  // the balance counts from the beginning, whatever period is asked for
  const balances = new Map<string, number>();
  const counted = rows.flatMap((row) => {
    const amount = registerAmount(row);
    if (amount === null) return [];
    const balance = (balances.get(row.gtin) ?? 0) + amount;
    balances.set(row.gtin, balance);
    return [{ ...row, amount, balance }];
  });
  const from = Date.parse(period.from);
  const shown = counted.filter(({ at }) => at.getTime() >= from);
  const who = await whoDid(ctx, clinicId, [...new Set(shown.map(({ unit }) => unit))]);
  const names = new Map<string, { zh: string; en: string }>();
  for (const { gtin } of shown)
    if (!names.has(gtin)) names.set(gtin, (await ctx.custody.product(gtin))?.name ?? { zh: gtin, en: gtin });
  return shown.map((row) => ({
    at: row.at.toISOString(),
    kind: row.kind,
    product: names.get(row.gtin)!,
    lot: row.lot === null ? '' : (parseLotLink(row.lot)?.lot ?? ''),
    serial: row.serial,
    amount: row.amount,
    remaining: row.remaining,
    balance: row.balance,
    amountUnit: row.amount_unit,
    by: who.get(row.event)?.by ?? '',
    second: who.get(row.event)?.second ?? '',
    reason: row.reason ?? '',
    event: row.event,
  }));
}
