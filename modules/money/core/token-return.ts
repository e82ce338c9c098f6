/** A signed transfer home on its way: when it is tried again, and when it is not tried any more. */

/**
 * `sent`: it stands on the ledger. `known`: the network has it and no block does yet. `waits`: it would fail now or costs
 * something that nobody has brought. `refused`: the network took it for nothing now. `overtaken`: its number was used by
 * another transaction of the same address. `failed`: it stands on the ledger and moved nothing.
 */
export type ReturnAnswer = 'sent' | 'known' | 'waits' | 'refused' | 'overtaken' | 'failed';

/** Why it does not go. */
export const RETURN_TROUBLES = ['waits', 'refused', 'overtaken', 'failed', 'silent'] as const;
export type ReturnTrouble = (typeof RETURN_TROUBLES)[number];

export interface ReturnStanding {
  readonly state: 'signed' | 'sent' | 'refused';
  readonly trouble: ReturnTrouble | null;
  /** Times in a row that it was refused. */
  readonly tries: number;
  /** Milliseconds since the epoch; not asked about before. */
  readonly nextAt: number;
}

/** Refusals after which the house gives up: with the pauses below, somewhat more than a day. */
export const MOST_TRIES = 30;
/** Times that a return is looked at which waits for its fee or its coin, an hour apart: a month. Then it is the operator's, or signed anew. */
export const MOST_WAITS = 720;
const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 3_600_000;
/** What was taken is looked for again after this. */
const LOOK_AGAIN = 1_000;

/** What becomes of it by what the network answers. @param answer null: it did not answer @param now milliseconds since the epoch */
export function afterAnswer(
  before: ReturnStanding,
  answer: ReturnAnswer | null,
  now: number,
): ReturnStanding {
  if (answer === 'sent') return { state: 'sent', trouble: null, tries: 0, nextAt: now };
  if (answer === 'known') return { ...before, trouble: null, nextAt: now + LOOK_AGAIN };
  if (answer === 'overtaken' || answer === 'failed')
    return { state: 'refused', trouble: answer, tries: before.tries, nextAt: now };
  const pause = (tries: number) => Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(tries, 20));
  // who does not answer has refused nothing, and what waits for its fee is the operator's to send
  if (answer === null || answer === 'waits') {
    const tries = before.trouble === (answer ?? 'silent') ? before.tries + 1 : 0;
    const over = answer === 'waits' && tries >= MOST_WAITS;
    return {
      state: over ? 'refused' : 'signed',
      trouble: answer ?? 'silent',
      tries,
      nextAt: now + pause(tries),
    };
  }
  const tries = before.trouble === 'refused' ? before.tries + 1 : 1;
  return {
    state: tries >= MOST_TRIES ? 'refused' : 'signed',
    trouble: 'refused',
    tries,
    nextAt: now + pause(tries),
  };
}
