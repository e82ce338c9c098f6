/** Handlers of reports of absence, by the names of their contract. */
import type { Caller, Handlers, Hex } from '@zhenmei/kernel';
import type { AbsenceApi } from '../absence-api.ts';
import { prepareReport, readAbsence } from '../app/absence/read-absence.ts';
import type { MoneyContext } from '../app/context.ts';

interface Asked {
  readonly params: { readonly id: Hex };
  readonly caller: Caller | null;
  readonly bearer: string | null;
}

export function absenceHandlers(ctx: MoneyContext): Handlers<AbsenceApi> {
  const reader = ({ bearer, caller }: Asked) => ({
    token: bearer,
    organisationId: caller?.organisationId ?? null,
  });
  return {
    readAbsence: (input) => readAbsence(ctx, input.params.id, reader(input)),
    prepareReport: (input) => prepareReport(ctx, input.params.id, reader(input)),
  };
}
