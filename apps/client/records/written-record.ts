/** The record that a clinic writes of a treatment: what was opened for it, and how much of it went where. */
import type { VisitView } from '@zhenmei/care/api.ts';
import type { ZoneAmount } from '@zhenmei/care/core/zone-amounts.ts';
import { toIso } from '@zhenmei/kernel';

/** What was opened for a visit. */
export const openedIn = (view: VisitView) =>
  view.treatment as unknown as { unit: string; lot: string; amount: number; amountUnit: string };

export interface Written {
  readonly note: string;
  readonly zones: readonly ZoneAmount[];
}

/**
 * @param say names in the language in which the clinic keeps its records
 * @param now milliseconds since the epoch
 */
export function recordOf(
  view: VisitView,
  { note, zones }: Written,
  say: (text: { readonly zh: string; readonly en: string }) => string,
  now: number,
) {
  const { unit, lot, amountUnit } = openedIn(view);
  const { code, name } = view.service.procedure;
  return {
    at: toIso(now),
    procedure: { code, name: say(name) },
    doctor: say(view.doctor.name),
    zones,
    amountUnit,
    product: {
      gtin: view.service.gtin ?? '',
      serial: unit.split('/21/')[1] ?? '',
      lot: lot.split('/10/')[1] ?? '',
      name: say(view.service.items[0]!.name),
    },
    ...(note ? { note } : {}),
  };
}
