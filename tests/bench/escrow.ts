/** Gas of the escrow beside its peers' published or measured figures for the same operation (21,000 base included). */
import gas from '@zhenmei/contracts/gas.json' with { type: 'json' };
import type { BenchRow } from './chain.ts';

const PEERS: readonly [operation: keyof typeof gas, name: string, peer: string, value: number][] = [
  [
    'escrow.open 3 milestones',
    'open and fund, 3 milestones',
    'Kleros escrow, create with one amount',
    85_919,
  ],
  ['escrow.accept', 'release one milestone', 'Kleros escrow, pay', 86_591],
  ['escrow.withdraw unit', 'withdraw', 'Sablier Lockup, withdraw at the end', 51_548],
  ['escrow.open coin', 'open and fund in an ERC-20, 3 milestones', 'Sablier Lockup Linear, create', 132_638],
  ['anchors.anchor', 'anchor a checkpoint of any size', 'EAS, one attestation of 96 bytes', 249_230],
];

export async function run(): Promise<BenchRow[]> {
  return PEERS.map(([operation, name, peer, value]) => ({
    name,
    value: gas[operation],
    unit: 'gas',
    floor: { name: peer, value },
  }));
}
