/**
 * Codes of issuing agencies other than GS1, told apart by how they begin. They are not invalid; they are simply
 * not ours to judge, and each has an authority that can.
 */
export type Agency = 'HIBCC' | 'ICCBBA' | 'IFA' | 'ZIIOT';

const SIGNS: readonly (readonly [Agency, RegExp])[] = [
  // ANSI/HIBC 2.6: `+`, then a labeler code that begins with a letter; or the same within ISO/IEC 15434
  ['HIBCC', /^\+[A-Z][A-Z0-9]{3}[A-Z0-9\-. $/+%]{3,}$/],
  ['HIBCC', /^\+\$\$?[A-Z0-9\-. $/+%]{2,}$/],
  // ISBT 128: `=` or `&` and a data identifier
  ['ICCBBA', /^[=&][!-/:-@<>A-Za-z0-9]/],
  // Pharmacy Product Number with its data identifier, plain or in ISO/IEC 15434 format 06
  ['IFA', /^9N1[01]\d[A-Z0-9]{3,}/],
  // Medical devices under the MA code (GB/T, used by ZIIOT and IDcode)
  ['ZIIOT', /^(?:https?:\/\/[^/]+\/)?MA\.156\.[A-Z0-9.]+/],
];

/** How a message in ISO/IEC 15434 format 06 (ASC MH10 data identifiers) begins. */
const ENVELOPE = '[)>\u001e06\u001d';

/** The agency whose sign the text begins with, or null. */
export function agencyOf(text: string): Agency | null {
  const content = text.startsWith(ENVELOPE) ? text.slice(ENVELOPE.length) : text;
  return SIGNS.find(([, sign]) => sign.test(content))?.[0] ?? null;
}
