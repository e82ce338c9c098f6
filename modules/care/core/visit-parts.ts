/** Rows of the transition table for agreements of several parts: deposit, sessions, follow-up. */

const LIVE = ['held', 'ready', 'checked-in', 'unsealed', 'performed', 'claimed'] as const;

export const PART_TRANSITIONS = [
  {
    type: 'claim-deposit',
    from: ['held'],
    to: 'claimed',
    only: 'deposit',
    trigger: { by: 'chain', event: 'MilestoneClaimed' },
    requires: ['cooling-off-over'],
    writes: { chain: 'CareEscrow: the deposit is claimed, window opens', database: 'projection' },
    silence: {
      zh: '机构到期没有申请定金，钱全部退回给你。',
      en: 'If the clinic does not claim the deposit by its date, all money returns to you.',
    },
  },
  {
    type: 'next-part',
    from: ['claimed'],
    to: 'held',
    only: 'not last',
    trigger: { by: 'chain', event: 'MilestoneReleased' },
    requires: [],
    writes: {
      chain: 'CareEscrow: this part to the clinic, the next one is due',
      database: 'the part as it was done',
    },
    silence: {
      zh: '确认期结束后，任何人都可以触发放款；后面各期仍在托管。',
      en: 'After the window anyone may release this part; the later ones stay held.',
    },
  },
  {
    type: 'next-part',
    from: ['disputed'],
    to: 'held',
    only: 'not last',
    trigger: { by: 'chain', event: 'MilestoneRuled' },
    requires: [],
    writes: {
      chain: 'CareEscrow: this part divided, the next one is due',
      database: 'the part as it was done',
    },
    silence: {
      zh: '裁决人到期未决定，按合同约定的比例分配，后面各期退回给你。',
      en: 'If the arbiter stays silent, the split pinned in the terms applies and later parts return to you.',
    },
  },
  {
    type: 'pick-time',
    from: ['held'],
    to: 'held',
    only: 'several',
    trigger: { by: 'signatures', sides: ['patient'], presence: false },
    requires: [],
    writes: { database: 'time of the next session; the one before is free again' },
    silence: {
      zh: '没有约下一次，钱仍在托管；过了期限，没有做的各期全部退回。',
      en: 'Without a time the money stays held; after the due date all that was not done returns.',
    },
  },
  {
    type: 'follow-up',
    from: ['checked-in'],
    to: 'performed',
    only: 'follow-up',
    trigger: { by: 'signatures', sides: ['clinic', 'patient'], presence: true },
    requires: ['attendance-signed'],
    writes: { database: 'both signatures' },
    silence: {
      zh: '没有复诊，留到复诊的钱到期全部退回给你。',
      en: 'Without a follow-up visit the share held back for it returns to you after its date.',
    },
  },
  {
    type: 'end-early',
    from: LIVE,
    to: 'released',
    only: 'paid before',
    trigger: { by: 'chain', event: 'AgreementClosed' },
    requires: [],
    writes: { chain: 'CareEscrow: what was not done returns', database: 'the last part that was paid' },
    silence: { zh: '', en: '' },
  },
] as const;
