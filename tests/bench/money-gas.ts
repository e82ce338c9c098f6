/**
 * Gas of money beside its peers on the same operations, 21,000 base included. Neither Kleros' nor Sablier's contracts can
 * be had from npm under a licence of ours: Kleros' figures were measured before, from its public source, Sablier's are
 * those that it publishes; none is measured in this run, and each is named so.
 */
import gas from '@zhenmei/contracts/gas.json' with { type: 'json' };
import type { BenchRow } from './chain.ts';

type Act = keyof typeof gas;

const PEERS: readonly (readonly [act: Act, name: string, peer: string, value: number])[] = [
  [
    'escrow.open 3 milestones',
    'open, 3 milestones',
    'Kleros escrow v2, one amount (measured before)',
    168_300,
  ],
  [
    'escrow.open 3 milestones',
    'open, 3 milestones',
    'Kleros escrow v1, one amount (measured before)',
    85_919,
  ],
  ['escrow.open 3 milestones', 'open, 3 milestones', 'asked for at most', 100_000],
  ['escrow.open coin', 'open in an ERC-20, 3 milestones', 'Sablier Lockup Linear (published)', 132_638],
  ['escrow.accept', 'release one milestone', 'Kleros escrow v1, pay (measured before)', 86_591],
  ['escrow.withdraw coin', 'withdraw an ERC-20', 'Sablier Lockup, at the end (published)', 51_548],
  ['escrow.cancel in cooling-off', 'cancel', 'Sablier Lockup, cancel (published)', 62_980],
  ['instalments.yearly cost, 12', 'yearly cost, 12 instalments', 'asked for at most', 10_000],
  ['instalments.yearly cost, 36', 'yearly cost, 36 instalments', 'asked for at most, for 12', 10_000],
];

/** Deposit, treatment and follow-up, each claimed and accepted. */
const HAPPY_PATH: readonly Act[] = [
  'escrow.open 3 milestones',
  'escrow.claim unattended',
  'escrow.accept',
  'escrow.claim attended',
  'escrow.accept',
  'escrow.claim attended',
  'escrow.accept last',
];

export function gasRows(): BenchRow[] {
  const happy = HAPPY_PATH.reduce((sum, act) => sum + gas[act], 0);
  const asked = { name: 'asked for at most', value: 450_000 };
  return [
    ...PEERS.map(([act, name, peer, value]) => ({
      name,
      value: gas[act],
      unit: 'gas',
      floor: { name: peer, value },
    })),
    { name: 'whole happy path, 3 milestones, 7 transactions', value: happy, unit: 'gas', floor: asked },
    {
      name: 'the same with one withdrawal of its own, 8 transactions',
      value: happy + gas['escrow.withdraw unit'],
      unit: 'gas',
      floor: asked,
    },
  ];
}
