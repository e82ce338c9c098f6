/** What a code says about a product: its number, unit, lot and dates, as UDI names them (UDI-DI and UDI-PI). */
import { isoDate } from './dates.ts';
import type { Element } from './element.ts';
import type { Reading } from './read.ts';

export interface ProductCode {
  readonly gtin: string;
  readonly serial?: string;
  readonly lot?: string;
  /** RFC 3339 date; a day of 00 means the end of the month. */
  readonly expiry?: string;
  readonly produced?: string;
}

/** Null if the code names no product. */
export function productCode({ elements }: Pick<Reading, 'elements'>, year: number): ProductCode | null {
  const find = (ai: string) => elements.find((element) => element.ai === ai)?.value;
  const gtin = find('01');
  if (!gtin) return null;
  const date = (ai: string) => {
    const value = find(ai);
    return value === undefined ? undefined : isoDate(value, year);
  };
  const [serial, lot, expiry, produced] = [find('21'), find('10'), date('17') ?? date('7003'), date('11')];
  return {
    gtin,
    ...(serial === undefined ? {} : { serial }),
    ...(lot === undefined ? {} : { lot }),
    ...(expiry === undefined ? {} : { expiry }),
    ...(produced === undefined ? {} : { produced }),
  };
}

export interface DeviceIdentification {
  readonly agency: 'GS1';
  /** UDI-DI: the GTIN. */
  readonly di: string;
  /** UDI-PI: lot, serial number and dates, in the order of the code. */
  readonly pi: readonly Element[];
  /** Master UDI-DI, if stated. */
  readonly masterDi?: string;
}

const PRODUCTION = ['10', '11', '17', '21', '7003'];

/** The code as a unique device identification, or null if it names no product. */
export function deviceIdentification({ elements }: Pick<Reading, 'elements'>): DeviceIdentification | null {
  const di = elements.find(({ ai }) => ai === '01')?.value;
  if (!di) return null;
  const masterDi = elements.find(({ ai }) => ai === '8014')?.value;
  return {
    agency: 'GS1',
    di,
    pi: elements.filter(({ ai }) => PRODUCTION.includes(ai)),
    ...(masterDi ? { masterDi } : {}),
  };
}
