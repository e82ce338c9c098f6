import type { Hex } from '@zhenmei/kernel';
import type { AbsenceOutcome } from '../core/absence.ts';

/** A projection of the chain. */
export interface AbsenceTables {
  'money.absence': {
    agreement_id: Hex;
    milestone: number;
    reported_by: Hex;
    reported_at: Date;
    until: Date;
    outcome: AbsenceOutcome | null;
  };
}
