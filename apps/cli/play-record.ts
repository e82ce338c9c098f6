/** The record that a played clinic writes: what was opened, spread over the procedure's places. */
import type { VisitView } from '@zhenmei/care/api.ts';
import { spread } from '@zhenmei/care/core/zone-amounts.ts';
import { toIso } from '@zhenmei/kernel';

/** @param now milliseconds since the epoch */
export function recordOf(view: VisitView, now: number) {
  const { unit, lot, amount, amountUnit } = view.treatment as unknown as {
    unit: string;
    lot: string;
    amount: number;
    amountUnit: string;
  };
  return {
    at: toIso(now),
    procedure: { code: view.service.procedure.code, name: view.service.procedure.name.zh },
    doctor: view.doctor.name.zh,
    zones: spread(view.service.procedure.zones, amount),
    amountUnit,
    product: {
      gtin: view.service.gtin!,
      serial: unit.split('/21/')[1]!,
      lot: lot.split('/10/')[1]!,
      name: view.service.items[0]!.name.zh,
    },
  };
}
