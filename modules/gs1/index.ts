export { type Agency, agencyOf } from './core/agencies.ts';
export { canonicalLink } from './core/canonical-link.ts';
export { checkDigit, checkPair, hasCheckDigit, toGtin14 } from './core/check-digit.ts';
export { buildDigitalLink } from './core/digital-link.ts';
export type { Element } from './core/element.ts';
export { linkToUrn, urnToLink } from './core/epc-urn.ts';
export { codeOf, type Fault, faultError, RULES, type Rule } from './core/faults.ts';
export {
  lotLink,
  parseLotLink,
  parseSiteLink,
  parseUnitLink,
  productLink,
  siteLink,
  unitLink,
} from './core/links.ts';
export {
  type DeviceIdentification,
  deviceIdentification,
  type ProductCode,
  productCode,
} from './core/product-code.ts';
export { type Kind, type Reading, type ReadOptions, type ReadResult, read } from './core/read.ts';
export { type ReadCode, readCode } from './core/read-code.ts';
export { scannerText } from './core/scanner-text.ts';
export { IDENTIFIERS, type Identifier } from './core/table.ts';
