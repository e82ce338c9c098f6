/** Where a verifier's money is: what a seat locks of the bond, and what of its pay comes once the result's year is over. */
import { firstHalf, seatLock } from './verification-math.ts';
import type { CheckPhase } from './verification-moves.ts';

/** One seat. Amounts are minor units. */
export interface SeatFacts {
  /** Of the task. */
  readonly phase: CheckPhase;
  /** Of the seat: 0 one of two, 1 the third, 2 one of the jury. */
  readonly round: number;
  /** Pinned when the check was asked for. */
  readonly pay: bigint;
  /** Lost of the lock: the seat was silent, or overruled. */
  readonly slashed: bigint;
}

const LIVE: readonly CheckPhase[] = ['answering', 'revealing', 'challengeable', 'challenged', 'unsealing'];
const OPENED: readonly CheckPhase[] = ['standing', 'rejected', 'revoked'];

/** What the seat locks now. A jury's locks are free once it is counted, the others' once the result is confirmed. */
export function lockedIn({ phase, round, pay, slashed }: SeatFacts): bigint {
  const over = round === 2 && phase === 'unsealing';
  return slashed === 0n && !over && LIVE.includes(phase) ? seatLock(pay) : 0n;
}

/** What is paid when the result's year is over. A jury is paid whole, and who was overruled gets nothing. */
export function waitingIn({ phase, round, pay, slashed }: SeatFacts): bigint {
  return slashed === 0n && round < 2 && OPENED.includes(phase) ? pay - firstHalf(pay) : 0n;
}
