/** Storage slots that evidence is read from (`generated/layout.json`), and how to read the packed words. */
import { concat, type Hex, keccak256, numberToHex, pad } from 'viem';
import layout from '../generated/layout.json' with { type: 'json' };

const word = (value: Hex | bigint | number): Hex =>
  typeof value === 'string' ? pad(value, { size: 32 }) : numberToHex(value, { size: 32 });
const mapping = (key: Hex, slot: Hex | number): Hex => keccak256(concat([word(key), word(slot)]));
const next = (slot: Hex): Hex => numberToHex((BigInt(slot) + 1n) % 2n ** 256n, { size: 32 });

export const issuerEntrySlot = (issuer: Hex, subject: Hex): Hex =>
  mapping(subject, mapping(issuer, layout.IssuerRegistry._entries));
export const anchorRootSlot = (origin: Hex): Hex => mapping(origin, layout.LogAnchor._anchors);
export const anchorSizeSlot = (origin: Hex): Hex => next(anchorRootSlot(origin));
export const lotSlot = (lot: Hex): Hex => mapping(lot, layout.UnitRegistry._lots);
export const lotRootSlot = (lot: Hex): Hex => mapping(lot, layout.UnitRegistry.root);
export const unitSlot = (unit: Hex): Hex => mapping(unit, layout.UnitRegistry._units);
export const useSlot = (unit: Hex, use: number): Hex =>
  mapping(keccak256(concat([unit, word(use)])), layout.UnitRegistry._commitments);
export const accountSlot = (agreement: Hex): Hex => mapping(agreement, layout.CareEscrow._accounts);
export const groupRootSlot = (group: bigint): Hex => mapping(word(group), layout.ReviewGroups.rootOf);

const bits = (value: bigint, from: number, width: number): bigint =>
  (value >> BigInt(from)) & ((1n << BigInt(width)) - 1n);

export const ESCROW_STATES = [
  'none',
  'active',
  'claimed',
  'disputed',
  'closed',
  'patient-absent',
  'clinic-absent',
] as const;

/** `ICareEscrow.Account` from its one word; `released` has bit i set once milestone i was paid. */
export function readAccount(value: bigint) {
  return {
    state: ESCROW_STATES[Number(bits(value, 0, 8))] ?? 'none',
    milestone: Number(bits(value, 8, 8)),
    released: Number(bits(value, 16, 16)),
    claimed: bits(value, 32, 8) === 1n,
    deadline: Number(bits(value, 40, 40)),
    held: bits(value, 80, 88),
    refunded: bits(value, 168, 88),
  };
}

/** `IIssuerRegistry.Entry` from its one word; times in seconds. */
export function readIssuerEntry(value: bigint) {
  return {
    validFrom: Number(bits(value, 0, 64)),
    validTo: Number(bits(value, 64, 64)),
    withdrawnAt: Number(bits(value, 128, 64)),
  };
}

/** Size and time of `ILogAnchor.Anchor` from its second word. */
export function readAnchor(value: bigint) {
  return { size: Number(bits(value, 0, 64)), time: Number(bits(value, 64, 64)) };
}

/** `IUnitRegistry.Unit` from its one word. */
export function readUnit(value: bigint) {
  return {
    used: Number(bits(value, 0, 64)),
    openings: Number(bits(value, 64, 32)),
    lot: numberToHex(bits(value, 96, 160), { size: 20 }),
  };
}

/** `IUnitRegistry.Lot` from its one word. */
export function readLot(value: bigint) {
  return {
    maker: numberToHex(bits(value, 0, 160), { size: 20 }),
    amountPerUnit: Number(bits(value, 160, 64)),
    singleUse: bits(value, 224, 8) === 1n,
    blocked: bits(value, 232, 8) === 1n,
  };
}
