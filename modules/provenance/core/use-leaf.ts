/**
 * The leaf of a use, in few bytes: the statement that a clinic opened one unit for one visit, as our own clients write
 * it. What does not follow that pattern exactly is not packed, so that unpacking always gives the leaf's own bytes.
 */
import { concat, fromHex, fromUtf8, toHex0x, utf8 } from '@zhenmei/kernel';
import { type EpcisEvent, eventLeafText } from './events.ts';

const UNITS = ['uL', 'U', 'mg', 'pulse', 'mL', 'g'];
const UNIT = /^https:\/\/id\.gs1\.org\/01\/(\d{14})\/21\/([!-~]{1,60})$/;
const SITE = /^https:\/\/id\.gs1\.org\/414\/(\d{13})$/;
const MINUTE = 60_000;

/** What such a leaf says. */
export interface UseStatement {
  /** Canonical address. */
  readonly unit: string;
  readonly gln: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly offsetMinutes: number;
  /** The whole unit; otherwise a part of a vial. */
  readonly whole: boolean;
  readonly amount: number;
  readonly amountUnit: string;
  readonly commitment: string;
}

const two = (n: number): string => String(n).padStart(2, '0');

function eventOf(s: UseStatement): EpcisEvent {
  const site = { id: `https://id.gs1.org/414/${s.gln}` };
  const offset = Math.abs(s.offsetMinutes);
  return {
    type: 'ObjectEvent',
    eventTime: new Date(s.at).toISOString(),
    eventTimeZoneOffset: `${s.offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(offset / 60))}:${two(offset % 60)}`,
    action: s.whole ? 'DELETE' : 'OBSERVE',
    epcList: [s.unit],
    bizStep: 'dispensing',
    disposition: s.whole ? 'dispensed' : 'partially_dispensed',
    readPoint: site,
    bizLocation: site,
    'zm:procedureCommitment': s.commitment,
    'zm:amountUsed': s.amount,
    'zm:amountUnit': s.amountUnit,
  };
}

/** The leaf that says this: type byte, then canonical JSON. */
export const useLeaf = (statement: UseStatement): Uint8Array<ArrayBuffer> =>
  concat(Uint8Array.of(0x01), utf8(eventLeafText(eventOf(statement))));

/** Null if the leaf does not follow the pattern. */
export function packUseLeaf(leaf: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const statement = readUseLeaf(leaf);
  if (!statement) return null;
  const { unit, gln, at, offsetMinutes, whole, amount, amountUnit, commitment } = statement;
  const [, gtin, serial] = UNIT.exec(unit)!;
  const written = utf8(serial!);
  return concat(
    integer(Number(gtin), 6),
    Uint8Array.of(written.length),
    written,
    integer(Number(gln), 6),
    integer(at, 6),
    integer(offsetMinutes + 1_440, 2),
    Uint8Array.of((whole ? 0x80 : 0) + UNITS.indexOf(amountUnit)),
    integer(amount, 4),
    fromHex(commitment),
  );
}

/** @returns the statement and how many bytes it took; null if the bytes are none */
export function unpackUse(bytes: Uint8Array): { statement: UseStatement; length: number } | null {
  const serialLength = bytes[6] ?? 0;
  const length = 7 + serialLength + 6 + 6 + 2 + 1 + 4 + 32;
  if (serialLength === 0 || bytes.length < length) return null;
  const number = (from: number, size: number) =>
    bytes.subarray(from, from + size).reduce((sum, byte) => sum * 256 + byte, 0);
  const at = 7 + serialLength;
  const kind = bytes[at + 14]!;
  const amountUnit = UNITS[kind % 128];
  const serial = bytes.subarray(7, at).every((byte) => byte > 32 && byte < 127)
    ? fromUtf8(bytes.subarray(7, at))
    : null;
  if (amountUnit === undefined || serial === null) return null;
  const statement: UseStatement = {
    unit: `https://id.gs1.org/01/${String(number(0, 6)).padStart(14, '0')}/21/${serial}`,
    gln: String(number(at, 6)).padStart(13, '0'),
    at: number(at + 6, 6),
    offsetMinutes: number(at + 12, 2) - 1_440,
    whole: kind >= 128,
    amount: number(at + 15, 4),
    amountUnit,
    commitment: toHex0x(bytes.subarray(at + 19, length)),
  };
  return { statement, length };
}

/** What a leaf says, if it is the leaf of a use in our own writing; null otherwise. */
export function readUseLeaf(leaf: Uint8Array): UseStatement | null {
  if (leaf[0] !== 0x01) return null;
  let event: EpcisEvent;
  try {
    event = JSON.parse(fromUtf8(leaf.subarray(1))) as EpcisEvent;
  } catch {
    return null;
  }
  const [unit = ''] = event.epcList ?? [];
  const gln = SITE.exec(event.bizLocation?.id ?? '')?.[1];
  const offset = /^([+-])(\d{2}):(\d{2})$/.exec(event.eventTimeZoneOffset ?? '');
  const amount = event['zm:amountUsed'];
  const amountUnit = event['zm:amountUnit'] ?? '';
  const commitment = event['zm:procedureCommitment'] ?? '';
  const fits =
    UNIT.test(unit) &&
    gln !== undefined &&
    offset !== null &&
    Number.isInteger(amount) &&
    amount! >= 0 &&
    amount! < 2 ** 32 &&
    UNITS.includes(amountUnit) &&
    /^0x[0-9a-f]{64}$/.test(commitment);
  if (!fits) return null;
  const statement: UseStatement = {
    unit,
    gln,
    at: Date.parse(event.eventTime),
    offsetMinutes: (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])),
    whole: event.action === 'DELETE',
    amount: amount!,
    amountUnit,
    commitment,
  };
  if (!(statement.at >= 0) || Math.abs(statement.offsetMinutes) * MINUTE > 24 * 60 * MINUTE) return null;
  const again = useLeaf(statement);
  return again.length === leaf.length && again.every((byte, i) => byte === leaf[i]) ? statement : null;
}

function integer(value: number, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** (bytes - 1 - i)) % 256);
}
