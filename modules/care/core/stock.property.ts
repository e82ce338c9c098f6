/** A clinic's shelf in events, for tests. */
import { canonicalJson, type Hex, sha256, toHex0x, utf8 } from '@zhenmei/kernel';
import type { StockEvent } from './stock-event.ts';

export const CLINIC = '9521234000310';
export const OTHER = '9521234000327';
export const TRADER = '9521234000211';
export const GTIN = '09521234100010';
export const UNIT = `https://id.gs1.org/01/${GTIN}/21/S1`;
export const BOX = 'https://id.gs1.org/00/095212340000000017';

const START = Date.parse('2026-11-01T00:00:00Z');
const site = (gln: string) => ({ id: `https://id.gs1.org/414/${gln}` });

/** @param hour since the first of November */
export function told(hour: number, at: string, bizStep: string | undefined, more: object = {}): StockEvent {
  const event = {
    type: 'ObjectEvent',
    eventTime: new Date(START + hour * 3_600_000).toISOString(),
    eventTimeZoneOffset: '+08:00',
    action: 'OBSERVE',
    epcList: [UNIT],
    ...(bizStep ? { bizStep } : {}),
    bizLocation: site(at),
    readPoint: site(at),
    ...more,
  };
  return { ...event, digest: toHex0x(sha256(utf8(canonicalJson(event)))) as Hex };
}

export const hours = (n: number): number => START + n * 3_600_000;
export const sent = (hour: number, to = CLINIC, more: object = {}) =>
  told(hour, TRADER, 'shipping', {
    disposition: 'in_transit',
    destinationList: [{ type: 'possessing_party', destination: site(to).id }],
    ...more,
  });
export const received = (hour: number, at = CLINIC, more: object = {}) =>
  told(hour, at, 'receiving', { disposition: 'in_progress', ...more });
export const usedUp = (hour: number, amount: number, at = CLINIC) =>
  told(hour, at, 'dispensing', {
    'zm:amountUsed': amount,
    'zm:procedureCommitment': `0x${String(hour).padStart(64, '0')}`,
  });
