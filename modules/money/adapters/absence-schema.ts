import type { Hex } from '@zhenmei/kernel';
import type { Generated } from 'kysely';
import type { AbsenceOutcome } from '../core/absence.ts';
import type { PledgeState } from '../core/pledge.ts';

/** Projections of the chain. */
export interface AbsenceTables {
  'money.absence': {
    agreement_id: Hex;
    milestone: number;
    reported_by: Hex;
    reported_at: Date;
    until: Date;
    outcome: AbsenceOutcome | null;
  };
  'money.pledge': {
    agreement_id: Hex;
    clinic: Hex;
    /** Minor units. */
    sum: string;
    state: PledgeState;
    pledged_block: bigint;
    payout: Hex | null;
    paid_out: Generated<boolean>;
  };
  'money.pledge_bond': {
    provider: Hex;
    /** Minor units. */
    total: string;
    locked: string;
    /** What was taken back last in this block has not left for the clinic yet; null where nothing waits. */
    back_block: bigint | null;
  };
}
