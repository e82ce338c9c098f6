/** When a paid check may go on and to where, as `VerificationMoves` has it on chain. Times are seconds, inclusive. */
import { AppError, defineErrors } from '@zhenmei/kernel';

defineErrors({
  CHECK_MOVE: {
    status: 409,
    retryable: false,
    zh: '这项核验现在不能这样做。请刷新页面，看看进行到哪一步。',
    en: 'This cannot be done with the check now. Load the page again to see where it stands.',
  },
});

/** In the contract's order. */
export const CHECK_PHASES = [
  'none',
  'asked',
  'opening',
  'drawing',
  'answering',
  'revealing',
  'challengeable',
  'challenged',
  'unsealing',
  'standing',
  'rejected',
  'revoked',
  'ended',
  'exposed',
  'failed',
] as const;
export type CheckPhase = (typeof CHECK_PHASES)[number];

const DAY = 86_400;
export const TIMES = {
  house: 2 * DAY,
  clinic: 3 * DAY,
  answer: 7 * DAY,
  reveal: 2 * DAY,
  challenge: 14 * DAY,
  unseal: 7 * DAY,
  valid: 365 * DAY,
} as const;

export interface Check {
  readonly phase: CheckPhase;
  /** 0 two verifiers, 1 a third, 2 a jury of three. */
  readonly round: number;
  readonly size: number;
  readonly committed: number;
  readonly revealed: number;
  readonly accepts: number;
  readonly accepted: boolean;
  readonly overruled: boolean;
  readonly deadline: number;
}

export type CheckAct =
  | { readonly act: 'prepare' | 'openSecret' | 'commitAnswer' | 'challenge' | 'revoke' | 'expire' | 'lapse' }
  | { readonly act: 'draw' | 'convene' | 'tally'; readonly seats: number }
  | { readonly act: 'attest'; readonly accepts: boolean }
  | { readonly act: 'unseal'; readonly fake: boolean };

export const asked = (time: number): Check => ({
  phase: 'asked',
  round: 0,
  size: 0,
  committed: 0,
  revealed: 0,
  accepts: 0,
  accepted: false,
  overruled: false,
  deadline: time + TIMES.house,
});

/** What time alone does. */
export function roll(c: Check, time: number): Check {
  if (time <= c.deadline) return c;
  if (c.phase === 'answering') return to(c, 'revealing', c.deadline + TIMES.reveal);
  if (c.phase === 'challengeable') return to(c, 'unsealing', c.deadline + TIMES.unseal);
  return c;
}

/** The two verifiers contradict each other: a third is needed. */
export const split = (c: Check): boolean => c.round === 0 && c.revealed === 2 && c.accepts === 1;

/** The check after one act. Throws CHECK_MOVE where the contract reverts. */
export function move(before: Check, act: CheckAct, time: number): Check {
  switch (act.act) {
    case 'prepare':
      return to(expect(before, 'asked', time), 'opening', time + TIMES.clinic);
    case 'openSecret':
      return to(expect(before, 'opening', time), 'drawing', time + TIMES.house);
    case 'draw':
      return seat(expect(before, 'drawing', time), time, 0, 2, act.seats);
    case 'commitAnswer': {
      const c = { ...expect(before, 'answering', time), committed: before.committed + 1 };
      return c.committed < c.size ? c : to(c, 'revealing', time + TIMES.reveal);
    }
    case 'attest': {
      const c = expect(roll(before, time), 'revealing', time);
      return { ...c, revealed: c.revealed + 1, accepts: c.accepts + (act.accepts ? 1 : 0) };
    }
    case 'tally':
      return tally(roll(before, time), time, act.seats);
    case 'challenge':
      return to(expect(before, 'challengeable', time), 'challenged', time + TIMES.house);
    case 'convene':
      return seat(expect(before, 'challenged', time), time, 2, 3, act.seats);
    case 'unseal': {
      const c = expect(roll(before, time), 'unsealing', time);
      if (act.fake) return to(c, 'exposed', 0);
      return to(c, c.accepted ? 'standing' : 'rejected', time + TIMES.valid);
    }
    case 'revoke':
      return to(expect(before, 'standing', time), 'revoked', before.deadline);
    case 'expire':
      return to(late(before, ['standing', 'rejected', 'revoked'], time), 'ended', 0);
    case 'lapse': {
      const waits: CheckPhase[] = ['asked', 'opening', 'drawing', 'challenged', 'unsealing'];
      return to(late(roll(before, time), waits, time), 'failed', 0);
    }
  }
}

function tally(c: Check, time: number, seats: number): Check {
  if (c.phase !== 'revealing' || (c.revealed < c.size && time <= c.deadline))
    throw new AppError('CHECK_MOVE');
  if (c.round === 2) return verdict(c, time);
  if (c.revealed < c.size) return to(c, 'failed', 0);
  if (split(c)) return seat(c, time, 1, 1, seats);
  return to({ ...c, accepted: c.accepts === 2 - c.round }, 'challengeable', time + TIMES.challenge);
}

function verdict(c: Check, time: number): Check {
  if (c.accepts < 2 && c.revealed - c.accepts < 2) return to(c, 'failed', 0);
  const accepted = c.accepts >= 2;
  return to({ ...c, accepted, overruled: accepted !== c.accepted }, 'unsealing', time + TIMES.unseal);
}

function seat(c: Check, time: number, round: number, wanted: number, seats: number): Check {
  if (seats !== wanted) return to(c, 'failed', 0);
  const fresh = { round, size: wanted, committed: 0, revealed: 0, accepts: 0 };
  return to({ ...c, ...fresh }, 'answering', time + TIMES.answer);
}

const to = (c: Check, phase: CheckPhase, deadline: number): Check => ({ ...c, phase, deadline });

function expect(c: Check, phase: CheckPhase, time: number): Check {
  if (c.phase !== phase || time > c.deadline) throw new AppError('CHECK_MOVE');
  return c;
}

function late(c: Check, phases: readonly CheckPhase[], time: number): Check {
  if (!phases.includes(c.phase) || time <= c.deadline) throw new AppError('CHECK_MOVE');
  return c;
}
