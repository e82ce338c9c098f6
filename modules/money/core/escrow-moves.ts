/**
 * The escrow's transitions as data: who may do what, from which state, when, and what follows. The contract, the
 * server's projection, the model of ways out and the documentation are all tested against this table.
 */
/** `patient-absent`, `clinic-absent`: the other side says so, and whoever it is about may object. */
export type EscrowState =
  | 'none'
  | 'active'
  | 'claimed'
  | 'disputed'
  | 'closed'
  | 'patient-absent'
  | 'clinic-absent';

/** `both`: patient and clinic sign, anybody sends. */
export type Mover = 'patient' | 'clinic' | 'arbiter' | 'anybody' | 'both';

/**
 * Seconds; every border belongs to the earlier side. `deadline` is the account's own: the end of the cooling-off
 * period, of the acceptance window, of the time to object, or of the arbiter's time. `dueBy` is the present milestone's.
 */
export type When =
  | 'always'
  | 'before deadline'
  | 'from deadline'
  | 'from deadline until dueBy'
  | 'until deadline'
  | 'after deadline'
  | 'after dueBy';

/** `next`: the milestone is settled; the next one is active, or the agreement closed if it was the last. `next or closed`: as the arbiter says. */
export type Follows =
  | 'claimed'
  | 'patient-absent'
  | 'clinic-absent'
  | 'disputed'
  | 'next'
  | 'next or closed'
  | 'closed';

/** Who gets what is no longer held. */
export type Pays =
  | 'nobody'
  | 'clinic'
  | 'patient'
  | 'schedule, rest patient'
  | 'divided'
  | 'divided, rest patient';

export interface Move {
  /** The contract's function. */
  readonly act: EscrowAct;
  readonly from: Exclude<EscrowState, 'none' | 'closed'>;
  readonly by: readonly Mover[];
  readonly when: When;
  readonly follows: Follows;
  readonly pays: Pays;
}

export const ESCROW_ACTS = [
  'cancel',
  'providerCancel',
  'claim',
  'accept',
  'release',
  'expire',
  'clinicAbsent',
  'patientAbsent',
  'settleAbsence',
  'dispute',
  'rule',
  'settleSilent',
  'split',
] as const;
export type EscrowAct = (typeof ESCROW_ACTS)[number];

const move = (
  act: EscrowAct,
  from: Move['from'],
  by: Mover | readonly Mover[],
  when: When,
  follows: Follows,
  pays: Pays,
): Move => ({ act, from, by: typeof by === 'string' ? [by] : by, when, follows, pays });

export const ESCROW_MOVES: readonly Move[] = [
  move('cancel', 'active', 'patient', 'before deadline', 'closed', 'patient'),
  move('cancel', 'active', 'patient', 'from deadline', 'closed', 'schedule, rest patient'),
  move('providerCancel', 'active', 'clinic', 'always', 'closed', 'patient'),
  move('claim', 'active', 'clinic', 'from deadline until dueBy', 'claimed', 'nobody'),
  move('dispute', 'active', ['patient', 'clinic'], 'from deadline until dueBy', 'disputed', 'nobody'),
  move('clinicAbsent', 'active', 'patient', 'from deadline until dueBy', 'clinic-absent', 'nobody'),
  move('patientAbsent', 'active', 'clinic', 'from deadline until dueBy', 'patient-absent', 'nobody'),
  move('expire', 'active', 'anybody', 'after dueBy', 'closed', 'patient'),
  move('split', 'active', 'both', 'always', 'closed', 'divided'),
  move('accept', 'claimed', 'patient', 'always', 'next', 'clinic'),
  move('release', 'claimed', 'anybody', 'after deadline', 'next', 'clinic'),
  move('dispute', 'claimed', ['patient', 'clinic'], 'until deadline', 'disputed', 'nobody'),
  move('providerCancel', 'claimed', 'clinic', 'always', 'closed', 'patient'),
  move('split', 'claimed', 'both', 'always', 'closed', 'divided'),
  move('dispute', 'clinic-absent', 'clinic', 'until deadline', 'disputed', 'nobody'),
  move('settleAbsence', 'clinic-absent', 'anybody', 'after deadline', 'closed', 'patient'),
  move('providerCancel', 'clinic-absent', 'clinic', 'always', 'closed', 'patient'),
  move('split', 'clinic-absent', 'both', 'always', 'closed', 'divided'),
  move('dispute', 'patient-absent', 'patient', 'until deadline', 'disputed', 'nobody'),
  move('settleAbsence', 'patient-absent', 'anybody', 'after deadline', 'closed', 'schedule, rest patient'),
  move('providerCancel', 'patient-absent', 'clinic', 'always', 'closed', 'patient'),
  move('split', 'patient-absent', 'both', 'always', 'closed', 'divided'),
  move('rule', 'disputed', 'arbiter', 'until deadline', 'next or closed', 'divided'),
  move('settleSilent', 'disputed', 'anybody', 'after deadline', 'closed', 'divided, rest patient'),
  move('split', 'disputed', 'both', 'always', 'closed', 'divided'),
];

/** Seconds in which whoever is said to have been absent may object. */
export const REBUTTAL = 48 * 3_600;

/** @param time, deadline, dueBy seconds */
export function inTime(when: When, time: number, deadline: number, dueBy: number): boolean {
  switch (when) {
    case 'always':
      return true;
    case 'before deadline':
      return time < deadline;
    case 'from deadline':
      return time >= deadline;
    case 'from deadline until dueBy':
      return time >= deadline && time <= dueBy;
    case 'until deadline':
      return time <= deadline;
    case 'after deadline':
      return time > deadline;
    case 'after dueBy':
      return time > dueBy;
  }
}

/** The table as Markdown, as it stands in docs/contracts.md. */
export function escrowMovesTable(): string {
  const rows = ESCROW_MOVES.map((m) => [
    m.from,
    `\`${m.act}\``,
    m.by.join(' or '),
    m.when,
    m.follows,
    m.pays,
  ]);
  const all = [['from', 'act', 'by', 'when', 'follows', 'pays'], ...rows];
  const widths = all[0]!.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
  const line = (row: readonly string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  return [
    line(all[0]!),
    `| ${widths.map((w) => '-'.repeat(w)).join(' | ')} |`,
    ...all.slice(1).map(line),
  ].join('\n');
}
