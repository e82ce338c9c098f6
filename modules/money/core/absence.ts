/**
 * Appointments that one side did not keep. The contract knows no appointment, so that a report is a claim which the
 * other side may answer for two days; what may be offered to report, and what follows in money, is decided here.
 */
import { AppError, defineErrors, MINUTE, toIso } from '@zhenmei/kernel';
import { moment } from './plain-values.ts';

export type Side = 'patient' | 'clinic';
/** `objected`: it became a dispute. `settled`: nobody objected. `ended`: the agreement ended otherwise. */
export type AbsenceOutcome = 'objected' | 'settled' | 'ended';

/** Nobody is called absent before so much of the appointment is over. */
export const PATIENCE = 30 * MINUTE;

/** Milliseconds since the epoch: from when on either side may say so, if nothing else stands against it. */
export const reportableFrom = ({
  startsAt,
  coolingEndsAt,
}: Pick<AbsenceFacts, 'startsAt' | 'coolingEndsAt'>): number => Math.max(startsAt + PATIENCE, coolingEndsAt);

/** What of the terms says how much the clinic keeps; amounts in minor units, times in seconds. */
export interface KeptBy {
  readonly feeBps: number;
  readonly schedule: readonly { readonly before: number; readonly bps: number }[];
  readonly milestones: readonly {
    readonly amount: string;
    readonly dueBy: number;
    readonly performed: boolean;
  }[];
}

/** Milliseconds since the epoch. */
export interface AbsenceFacts {
  /** The contract of this ledger knows reports of absence. */
  readonly known: boolean;
  readonly state: string;
  /** The present milestone is one that the patient attends. */
  readonly attended: boolean;
  readonly startsAt: number;
  /** The present milestone has no appointment yet, which nobody can miss. */
  readonly needsTime: boolean;
  readonly coolingEndsAt: number;
  readonly dueBy: number;
  /** The visit says that the patient came, or was treated. */
  readonly came: boolean;
  readonly treated: boolean;
}

/** Why `by` may not report the other side absent at `now`; null if it may. */
export function whyNotReport(
  facts: AbsenceFacts,
  by: Side,
  now: number,
): 'ABSENCE_NOT_KNOWN' | 'ABSENCE_NOT_OPEN' | 'ABSENCE_TOO_EARLY' | null {
  if (!facts.known) return 'ABSENCE_NOT_KNOWN';
  if (facts.state !== 'active' || !facts.attended || facts.treated || now > facts.dueBy)
    return 'ABSENCE_NOT_OPEN';
  if (facts.needsTime) return 'ABSENCE_NOT_OPEN';
  if (by === 'clinic' && facts.came) return 'ABSENCE_NOT_OPEN';
  return now < reportableFrom(facts) ? 'ABSENCE_TOO_EARLY' : null;
}

/** The refusal with the time from which a report is possible. */
export function refusedReport(
  code: NonNullable<ReturnType<typeof whyNotReport>>,
  facts: Pick<AbsenceFacts, 'startsAt' | 'coolingEndsAt'>,
): AppError {
  const from = reportableFrom(facts);
  const second = Math.ceil(from / 1000);
  return new AppError(code, {
    from: toIso(from),
    fromZh: moment['zh-CN'].write(second),
    fromEn: moment.en.write(second),
  });
}

/** What the clinic keeps of the milestone for a cancellation or a report at `at`, as the contract's `retained`. */
export function keptAt(terms: KeptBy, milestone: number, at: number): bigint {
  const { amount, dueBy } = terms.milestones[milestone]!;
  const left = Math.max(0, dueBy - at);
  let bps = 0;
  for (const step of terms.schedule) {
    if (left >= step.before) break;
    bps = step.bps;
  }
  return (BigInt(amount) * BigInt(bps)) / 10_000n;
}

export interface Division {
  /** Less the fee. */
  readonly toClinic: bigint;
  readonly fee: bigint;
  readonly toPatient: bigint;
}

/** Where `held` goes if nobody objects to a report at `at` (seconds) that `absent` did not come. */
export function whatFollows(
  terms: KeptBy,
  { absent, milestone, at, held }: { absent: Side; milestone: number; at: number; held: bigint },
): Division {
  const kept = absent === 'patient' ? keptAt(terms, milestone, at) : 0n;
  const fee = (kept * BigInt(terms.feeBps)) / 10_000n;
  return { toClinic: kept - fee, fee, toPatient: held - kept };
}

defineErrors({
  ABSENCE_UNKNOWN: {
    status: 404,
    retryable: false,
    zh: '没有这份合同。请从就诊页面重新打开。',
    en: 'There is no such agreement. Open it again from the visit.',
  },
  ABSENCE_NOT_KNOWN: {
    status: 409,
    retryable: false,
    zh: '这份合同签得较早，不能登记对方未到。请提出异议，或等到最后期限自动退款。',
    en: 'This agreement is of an earlier kind that cannot take a report of absence. Raise an objection, or wait for its last day, when the money returns by itself.',
  },
  ABSENCE_NOT_OPEN: {
    status: 409,
    retryable: false,
    zh: '现在不能登记对方未到。请刷新页面，看这次就诊到了哪一步。',
    en: 'A report of absence is not open now. Reload the page to see where this visit stands.',
  },
  ABSENCE_TOO_EARLY: {
    status: 409,
    retryable: false,
    zh: '最早{fromZh}才能登记对方未到：要等预约时间过了半小时，冷静期也已经结束。请到时再来。',
    en: 'Absence can be reported from {fromEn} on: half an hour after the appointment began, and once the cooling-off is over. Please come back then.',
  },
});
