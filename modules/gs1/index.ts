export { checkDigit, hasCheckDigit, toGtin14 } from './core/check-digit.ts';
export { lotLink, parseSiteLink, parseUnitLink, siteLink, unitLink } from './core/digital-link.ts';
export { type ReadCode, readCode } from './core/read-code.ts';
