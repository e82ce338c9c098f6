/** How the event hash writes values. */
import { webForm } from './vocabulary.ts';

const NUMBER = /^[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * As the reference does: whatever looks like a number goes through a binary fraction, so leading zeros vanish and
 * long digit strings lose their end. The linter warns of such values.
 */
export function canonicalValue(text: string): string {
  const web = webForm(text);
  return NUMBER.test(web) ? asFloat(web) : web;
}

function asFloat(text: string): string {
  const number = Number(text.replaceAll('_', ''));
  if (!Number.isFinite(number)) return text;
  if (Number.isInteger(number)) return BigInt(number).toString();
  const plain = String(number);
  const size = Math.abs(number);
  if (size >= 1e-4) return plain;
  // the reference's language writes small numbers as 1e-05
  const [mantissa, exponent] = number.toExponential().split('e-') as [string, string];
  return `${mantissa}e-${exponent.padStart(2, '0')}`;
}

/** As written down in the standard: no trailing or leading zeros of decimals; identifiers of digits stay whole. */
export function specValue(text: string): string {
  const web = webForm(text);
  const match = /^([+-]?)0*(\d*)(?:\.(\d*?)0*)?$/.exec(web);
  if (!match || !/\d/.test(web) || /^[+-]?0\d/.test(web)) return web;
  const [, sign, whole, fraction] = match;
  const digits = `${whole || '0'}${fraction ? `.${fraction}` : ''}`;
  return sign === '-' && digits !== '0' ? `-${digits}` : digits;
}
