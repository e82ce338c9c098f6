/** What a scan turns out to be: a unit, a box, or something that cannot be received. */
import { faultError, productCode, read, scannerText, unitLink } from '@zhenmei/gs1';
import type { AppError } from '@zhenmei/kernel';
import type { ScannedCode } from '../../core/goods-in.ts';

/** Serial shipping container code: the number of a box or pallet. */
const SSCC = '00';

export interface Scanned {
  /** As it was printed. */
  readonly code: string;
  readonly found: ScannedCode;
  /** What is wrong with a code that cannot be read. */
  readonly error?: AppError;
}

/** @param year the present year, for the century of two-digit years */
export function scanned(sent: string, year: number): Scanned {
  const code = scannerText(sent);
  const result = read(code, { year });
  if (!result.ok) {
    const error = faultError(result.fault);
    const detail = { zh: error.text('zh-CN'), en: error.text('en') };
    return { code, found: { kind: 'malformed', detail }, error };
  }
  const { reading } = result;
  const box = reading.elements.find(({ ai }) => ai === SSCC)?.value;
  if (box) return { code, found: { kind: 'container', container: `https://id.gs1.org/00/${box}` } };
  const product = productCode(reading, year);
  if (!product) return { code, found: { kind: 'other-code' } };
  const { gtin, serial, lot, expiry } = product;
  if (serial === undefined) return { code, found: { kind: 'no-serial' } };
  return {
    code,
    found: { kind: 'unit', unit: unitLink(gtin, serial), gtin, lot: lot ?? null, expiry: expiry ?? null },
  };
}
