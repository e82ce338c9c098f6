/** What a clinic put aside for the case that it does not come: where it stands, and what anybody may do about it. */
import type { EscrowAccount } from './escrow-account.ts';

/** As the contract says it: it stands, a report of the clinic's absence was seen, the patient has it, the clinic has it. */
export const PLEDGE_STATES = ['standing', 'reported', 'paid', 'freed'] as const;
export type PledgeState = (typeof PLEDGE_STATES)[number];

export interface PledgeFacts {
  readonly state: PledgeState;
  /** Of the agreement. */
  readonly agreement: EscrowAccount['state'];
  /** Milliseconds since the epoch: the last second to object to a report that nobody answered; null without one. */
  readonly until: number | null;
  readonly paidOut: boolean;
}

/**
 * What anybody may do now: see a report or an objection, end the pledge, or pay out what is owed. Null if nothing is due.
 * A report is to be seen while it stands: whoever ends the agreement then cannot end what it owes.
 */
export function pledgeDue(facts: PledgeFacts, now: number): 'witness' | 'settle' | 'pay' | null {
  const { state, agreement, until, paidOut } = facts;
  if (state === 'paid') return paidOut ? null : 'pay';
  if (state === 'freed') return null;
  if (agreement === 'closed') return 'settle';
  const absent = agreement === 'clinic-absent';
  // the second of the deadline still belongs to the clinic
  if (absent && until !== null && now - 1000 > until) return 'settle';
  return absent === (state === 'reported') ? null : 'witness';
}
