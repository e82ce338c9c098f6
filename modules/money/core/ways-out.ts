/** Every way that an agreement can go, from the table of moves; and how long money can be held at most. */
import { ESCROW_MOVES, type EscrowState, inTime, type Move, REBUTTAL } from './escrow-moves.ts';

/** What of the terms decides how long something takes. Times in seconds. */
export interface TermsInTime {
  readonly coolingOff: number;
  readonly arbiterWindow: number;
  readonly milestones: readonly { readonly dueBy: number; readonly window: number }[];
}

/**
 * Seconds from opening until everything is paid out, whatever the parties do or leave undone, if anybody acts as soon
 * as time allows: the last milestone claimed, or somebody reported absent, in its last second; disputed in the last
 * second of the time for that; and an arbiter who stays silent. Terms are those that the contract accepts: each
 * milestone falls due after the one before could have been released by silence.
 *
 * @param rebuttal seconds to object to a report of absence
 */
export function longestWayOut(terms: TermsInTime, openedAt: number, rebuttal = REBUTTAL): number {
  const last = terms.milestones.at(-1);
  if (!last) throw new RangeError('terms without milestones');
  return last.dueBy + Math.max(last.window, rebuttal) + terms.arbiterWindow + 1 - openedAt;
}

export interface Place {
  readonly state: EscrowState;
  readonly milestone: number;
  /** Seconds, like `time`: when the place was reached. */
  readonly deadline: number;
  readonly time: number;
}

export interface Explored {
  readonly places: number;
  /** Moves of the table that were made at least once. */
  readonly used: ReadonlySet<Move>;
  /** Live places from which nobody but a party can ever go on. */
  readonly stuck: readonly Place[];
  /** Seconds from opening to the latest closing. */
  readonly longest: number;
}

/**
 * All places that can be reached, at every second. Between two moves time may pass, but not beyond the first second in
 * which anybody may act: somebody will. Made for terms of few seconds; the number of places grows with them.
 */
export function explore(
  terms: TermsInTime,
  openedAt: number,
  moves = ESCROW_MOVES,
  rebuttal = REBUTTAL,
): Explored {
  const movesFrom = ({ state }: Place) => moves.filter((m) => m.from === state);
  const start: Place = {
    state: 'active',
    milestone: 0,
    deadline: openedAt + terms.coolingOff,
    time: openedAt,
  };
  const seen = new Set<string>();
  const used = new Set<Move>();
  const stuck: Place[] = [];
  const waiting = [start];
  let longest = 0;
  for (let place = waiting.pop(); place; place = waiting.pop()) {
    const key = `${place.state} ${place.milestone} ${place.deadline} ${place.time}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (place.state === 'closed') {
      longest = Math.max(longest, place.time - openedAt);
      continue;
    }
    const { dueBy } = terms.milestones[place.milestone]!;
    const out = movesFrom(place).filter((m) => m.by.includes('anybody'));
    // the first second at which a time-out is allowed: after both of an account's own times at the latest
    const end = Math.max(place.time, place.deadline, dueBy) + 1;
    const open = out.some((m) => inTime(m.when, end, place.deadline, dueBy));
    if (!open) stuck.push(place);
    const now = out.some((m) => inTime(m.when, place.time, place.deadline, dueBy));
    if (open && !now) waiting.push({ ...place, time: place.time + 1 });
    for (const m of movesFrom(place)) {
      if (!inTime(m.when, place.time, place.deadline, dueBy)) continue;
      used.add(m);
      waiting.push(...after(terms, place, m, rebuttal));
    }
  }
  return { places: seen.size, used, stuck, longest };
}

/** Where a move leads: one place, or two where the arbiter has the choice. */
export function after(
  terms: TermsInTime,
  { milestone, time }: Place,
  { follows }: Move,
  rebuttal = REBUTTAL,
): Place[] {
  const closed: Place = { state: 'closed', milestone, deadline: 0, time };
  const next: Place =
    milestone + 1 < terms.milestones.length
      ? { state: 'active', milestone: milestone + 1, deadline: 0, time }
      : { ...closed, milestone: milestone + 1 };
  switch (follows) {
    case 'closed':
      return [closed];
    case 'next':
      return [next];
    case 'next or closed':
      return [next, { ...closed, milestone: milestone + 1 }];
    case 'claimed':
      return [{ state: 'claimed', milestone, deadline: time + terms.milestones[milestone]!.window, time }];
    case 'patient-absent':
    case 'clinic-absent':
      return [{ state: follows, milestone, deadline: time + rebuttal, time }];
    case 'disputed':
      return [{ state: 'disputed', milestone, deadline: time + terms.arbiterWindow, time }];
  }
}
