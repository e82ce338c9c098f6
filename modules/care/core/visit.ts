/**
 * The one transition table of a visit (VISIT: quoted → … → closed). It drives the server, both apps,
 * the diagram in the documentation and the tests. Nothing else decides what may happen next.
 */
import { inPart, ONLY_PART, type PartCondition, type PresentPart } from './course.ts';
import { PART_TRANSITIONS } from './visit-parts.ts';

/** The states of a visit that goes well, in order. */
export const VISIT_COURSE = [
  'quoted',
  'offered',
  'agreed',
  'held',
  'ready',
  'checked-in',
  'unsealed',
  'performed',
  'claimed',
  'released',
  'closed',
] as const;
export const VISIT_STATES = [...VISIT_COURSE, 'cancelled', 'refused', 'disputed', 'expired'] as const;
export type VisitState = (typeof VISIT_STATES)[number];

export type Side = 'patient' | 'clinic';

/** Who sets a transition off: signatures of sides, an event on chain, or the clock. */
export type Trigger =
  | { readonly by: 'signatures'; readonly sides: readonly Side[]; readonly presence: boolean }
  | { readonly by: 'chain'; readonly event: string }
  | {
      readonly by: 'signatures-then-chain';
      readonly sides: readonly Side[];
      readonly presence: boolean;
      readonly event: string;
    }
  | { readonly by: 'clock' };

export interface Transition {
  readonly type: StepType;
  readonly from: readonly VisitState[];
  readonly to: VisitState;
  readonly trigger: Trigger;
  /** In which part of the agreement; in any if it is not said. */
  readonly only?: PartCondition;
  /** Named conditions that the server checks before it accepts. */
  readonly requires: readonly Guard[];
  readonly writes: {
    readonly chain?: string;
    readonly log?: string;
    readonly vault?: string;
    readonly database: string;
  };
  /** What happens if the side whose turn it is stays silent. */
  readonly silence: { readonly zh: string; readonly en: string };
}

export const STEP_TYPES = [
  'offer',
  'agree',
  'hold',
  'make-ready',
  'check-in',
  'unseal',
  'perform',
  'claim',
  'release',
  'close',
  'cancel',
  'cancel-held',
  'refuse',
  'dispute',
  'settle',
  'expire',
  'report-gate',
  'override',
  'claim-deposit',
  'next-part',
  'pick-time',
  'follow-up',
  'end-early',
] as const;
export type StepType = (typeof STEP_TYPES)[number];

export const GUARDS = [
  'scope-gate',
  'licence-presented',
  'consent-answered',
  'cooling-off-over',
  'appointment-near',
  'health-gate',
  'second-doctor',
  'consent-anchored',
  'product-consistent',
  'record-sealed',
  'attendance-signed',
  'deadline-passed',
  'deposit-settled',
  'session-time',
] as const;
export type Guard = (typeof GUARDS)[number];

const sign = (...sides: Side[]): Trigger => ({ by: 'signatures', sides, presence: false });
/** States in which what is known of the patient's health may still stop the treatment. */
export const GATED: readonly VisitState[] = ['offered', 'agreed', 'held', 'ready', 'checked-in'];

/** What is said about the gate leaves the visit where it is, but every later step follows it. */
const aboutTheGate = (state: VisitState): readonly Transition[] => [
  {
    type: 'report-gate',
    from: [state],
    to: state,
    trigger: sign('patient'),
    requires: [],
    writes: { database: 'outcome of the gate; its reasons as a salted commitment and sealed to the clinic' },
    silence: {
      zh: '没有新的健康情况，就按上一次的结果继续。',
      en: 'While nothing new is known the last answer of the gate stands.',
    },
  },
  {
    type: 'override',
    from: [state],
    to: state,
    trigger: sign('clinic'),
    requires: ['second-doctor'],
    writes: {
      database: 'which doctor decided, with the licence shown for it; the reason sealed to the patient',
    },
    silence: {
      zh: '没有医生决定，就不能签到，也不能开封。',
      en: 'Without a doctor’s decision there is no check-in and nothing is opened.',
    },
  },
];

const together: Trigger = { by: 'signatures', sides: ['clinic', 'patient'], presence: true };

export const TRANSITIONS: readonly Transition[] = [
  {
    type: 'offer',
    from: ['quoted'],
    to: 'offered',
    trigger: sign('clinic'),
    requires: ['scope-gate', 'licence-presented'],
    writes: { database: 'terms, offer signature, both licence presentations, consent version' },
    silence: {
      zh: '机构 48 小时内没有报价，预约自动取消，时间释放。',
      en: 'If the clinic makes no offer within 48 hours, the booking lapses and the time is freed.',
    },
  },
  {
    type: 'agree',
    from: ['offered'],
    to: 'agreed',
    trigger: sign('patient'),
    requires: ['consent-answered'],
    writes: { log: 'consent commitment (03)', database: 'consent signature' },
    silence: {
      zh: '报价到期后自动失效，你不付任何费用。',
      en: 'The offer lapses on its date and you owe nothing.',
    },
  },
  {
    type: 'hold',
    from: ['agreed'],
    to: 'held',
    trigger: { by: 'chain', event: 'AgreementOpened' },
    requires: [],
    writes: { chain: 'CareEscrow: terms pinned by hash, amount held', database: 'projection' },
    silence: {
      zh: '报价到期后自动失效，你不付任何费用。',
      en: 'The offer lapses on its date and you owe nothing.',
    },
  },
  {
    type: 'make-ready',
    from: ['held'],
    to: 'ready',
    trigger: sign('patient'),
    requires: ['cooling-off-over', 'deposit-settled', 'session-time', 'scope-gate', 'health-gate'],
    writes: { database: 'gate statement signed by the patient; no clinical word' },
    silence: {
      zh: '到期未治疗，钱全部退回给你。',
      en: 'If no treatment happens by the due date, all money returns to you.',
    },
  },
  {
    type: 'check-in',
    from: ['ready'],
    to: 'checked-in',
    trigger: together,
    requires: ['scope-gate', 'appointment-near', 'health-gate'],
    writes: { database: 'both signatures' },
    silence: {
      zh: '到期未治疗，钱全部退回给你。',
      en: 'If no treatment happens by the due date, all money returns to you.',
    },
  },
  {
    type: 'unseal',
    from: ['checked-in'],
    to: 'unsealed',
    only: 'session',
    trigger: {
      by: 'signatures-then-chain',
      sides: ['clinic', 'patient'],
      presence: true,
      event: 'UnitOpened',
    },
    requires: ['scope-gate', 'health-gate', 'consent-anchored', 'product-consistent'],
    writes: {
      chain: 'UnitRegistry: this unit is spent once',
      log: 'custody event (01)',
      database: 'both signatures',
    },
    silence: {
      zh: '没有开封就没有治疗；到期后钱全部退回。',
      en: 'Nothing opened means nothing done: after the due date all money returns.',
    },
  },
  {
    type: 'perform',
    from: ['unsealed'],
    to: 'performed',
    trigger: together,
    requires: ['record-sealed', 'attendance-signed'],
    writes: {
      log: 'record commitment (02)',
      vault: 'record, sealed to the patient',
      database: 'both signatures',
    },
    silence: {
      zh: '没有双方确认的记录，机构无法申请收款；到期后钱全部退回。',
      en: 'Without a record that both confirmed the clinic cannot claim; after the due date all money returns.',
    },
  },
  {
    type: 'claim',
    from: ['performed'],
    to: 'claimed',
    trigger: { by: 'chain', event: 'MilestoneClaimed' },
    requires: [],
    writes: { chain: 'CareEscrow: claimed, window opens', database: 'projection' },
    silence: {
      zh: '机构逾期未申请收款，钱全部退回给你。',
      en: 'If the clinic does not claim by the due date, all money returns to you.',
    },
  },
  {
    type: 'release',
    from: ['claimed'],
    to: 'released',
    only: 'last',
    trigger: { by: 'chain', event: 'MilestoneReleased' },
    requires: [],
    writes: { chain: 'CareEscrow: credit to the clinic', database: 'projection' },
    silence: {
      zh: '确认期结束后自动放款，任何人也都可以触发。',
      en: 'After the window the money is released by itself; anybody may set that off.',
    },
  },
  {
    type: 'close',
    from: ['released'],
    to: 'closed',
    trigger: { by: 'chain', event: 'MemberAdmitted' },
    requires: [],
    writes: { chain: 'ReviewGroups: one review right', database: 'evidence for the receipt' },
    silence: { zh: '平台会自动完成。', en: 'The platform completes this by itself.' },
  },
  {
    type: 'cancel',
    from: ['quoted', 'offered', 'agreed'],
    to: 'cancelled',
    trigger: { by: 'signatures', sides: ['patient'], presence: false },
    requires: [],
    writes: { database: 'reason, time freed' },
    silence: { zh: '', en: '' },
  },
  {
    type: 'cancel-held',
    from: ['held', 'ready', 'checked-in', 'unsealed', 'performed', 'claimed'],
    to: 'cancelled',
    only: 'nothing paid',
    trigger: { by: 'chain', event: 'AgreementClosed' },
    requires: [],
    writes: { chain: 'CareEscrow: refund by the terms', database: 'projection' },
    silence: { zh: '', en: '' },
  },
  {
    type: 'refuse',
    from: ['quoted', 'offered', 'agreed'],
    to: 'refused',
    trigger: sign('clinic'),
    requires: [],
    writes: { database: 'reason, time freed' },
    silence: { zh: '', en: '' },
  },
  {
    type: 'dispute',
    from: ['claimed', 'performed', 'held', 'ready', 'checked-in', 'unsealed'],
    to: 'disputed',
    trigger: { by: 'chain', event: 'MilestoneDisputed' },
    requires: [],
    writes: { chain: 'CareEscrow: the milestone is frozen', database: 'projection' },
    silence: {
      zh: '裁决人到期未决定，按合同约定的比例分配。',
      en: 'If the arbiter stays silent, the split pinned in the terms applies.',
    },
  },
  {
    type: 'settle',
    from: ['disputed'],
    to: 'released',
    trigger: { by: 'chain', event: 'AgreementClosed' },
    requires: [],
    writes: { chain: 'CareEscrow: split by ruling or default', database: 'projection' },
    silence: { zh: '', en: '' },
  },
  {
    type: 'expire',
    from: ['quoted', 'offered', 'agreed'],
    to: 'expired',
    trigger: { by: 'clock' },
    requires: ['deadline-passed'],
    writes: { database: 'time freed' },
    silence: { zh: '', en: '' },
  },
  ...GATED.flatMap(aboutTheGate),
  ...PART_TRANSITIONS,
];

/** The transitions that leave `state` in this part. */
export const transitionsOf = (state: VisitState, part: PresentPart = ONLY_PART): readonly Transition[] =>
  TRANSITIONS.filter((t) => t.from.includes(state) && inPart(t.only, part));

/** The transition of this type that leaves `state`, or undefined. */
export function transitionFrom(
  state: VisitState,
  type: StepType,
  part: PresentPart = ONLY_PART,
): Transition | undefined {
  return transitionsOf(state, part).find((t) => t.type === type);
}

/** The transition that an event on chain sets off in `state`, or undefined. */
export function transitionOn(
  state: VisitState,
  event: string,
  part: PresentPart = ONLY_PART,
): Transition | undefined {
  return transitionsOf(state, part).find(
    ({ trigger }) =>
      (trigger.by === 'chain' || trigger.by === 'signatures-then-chain') && trigger.event === event,
  );
}

export const FINAL_STATES: readonly VisitState[] = ['closed', 'cancelled', 'refused', 'expired'];
