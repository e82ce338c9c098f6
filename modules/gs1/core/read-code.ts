/** Reads a code that must name a product, or throws the fault. */
import { faultError } from './faults.ts';
import { type ProductCode, productCode } from './product-code.ts';
import { read } from './read.ts';

export interface ReadCode extends ProductCode {
  readonly elements: Readonly<Record<string, string>>;
}

/**
 * @param year the present year, for the century of two-digit years
 * Throws the GS1 codes (one a rule) with the position of the first fault; GS1_NOT_A_CODE if no product is named.
 */
export function readCode(text: string, year: number): ReadCode {
  const result = read(text, { year });
  if (!result.ok) throw faultError(result.fault);
  const product = productCode(result.reading, year);
  if (!product) throw faultError({ rule: 'not-a-code', position: 1 });
  return {
    ...product,
    elements: Object.fromEntries(result.reading.elements.map(({ ai, value }) => [ai, value])),
  };
}
