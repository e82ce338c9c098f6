/** Claims of certificates as a person reads them: names instead of codes, and nothing that only a machine reads. */
import { kindOf } from '@zhenmei/identity/core/catalogue.ts';
import {
  codeName,
  MACHINE_CLAIMS,
  ORGANISATION_CLAIMS,
  REGION_CLAIMS,
} from '@zhenmei/identity/core/catalogue-words.ts';
import { dateFormat } from '@zhenmei/kernel/core/formats.ts';
import { amountOf, isChinese, language, say, t } from '../shell/words.ts';

/** Name under which answers about the register are kept. */
export const REGISTER = 'register';

type Bilingual = { readonly zh: string; readonly en: string };
type Claims = Readonly<Record<string, unknown>>;
/** Names of organisations by identifier. */
export type Names = Readonly<Record<string, Bilingual>>;

const isText = (value: object): value is Bilingual => 'zh' in value && 'en' in value;

/** A name that comes in both languages. */
export const shown = (value: unknown): string =>
  typeof value === 'object' && value !== null && isText(value) ? say(value) : String(value ?? '');

/** Identifiers of organisations that these claims name. */
export const organisationsIn = (claims: Claims): string[] =>
  ORGANISATION_CLAIMS.flatMap((name) => (typeof claims[name] === 'string' ? [claims[name]] : []));

/** What is said of this claim, or null where a person could read nothing from it. */
function textOf(claim: string, value: unknown, names: Names): string | null {
  if (MACHINE_CLAIMS.includes(claim) || value === null || value === undefined) return null;
  if (Array.isArray(value)) {
    const parts = value.map((one) => textOf(claim, one, names)).filter((one) => one !== null);
    return parts.length > 0 ? [...new Set(parts)].join(isChinese() ? '、' : ', ') : t('claims.none');
  }
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
  if (typeof value === 'object') return objectText(value as Claims);
  const text = String(value);
  if (ORGANISATION_CLAIMS.includes(claim)) return names[text] ? say(names[text]) : null;
  if (REGION_CLAIMS.includes(claim)) return regionName(text);
  const named = codeName(claim, text);
  if (named) return say(named);
  return /^\d{4}-\d\d(-\d\d)?$/.test(text) ? dayText(text) : text;
}

/** A day or a month of the calendar. */
function dayText(text: string): string {
  const day = text.length > 7 ? ({ day: 'numeric' } as const) : {};
  const format = { year: 'numeric', month: isChinese() ? 'long' : 'short', timeZone: 'UTC', ...day } as const;
  return dateFormat(isChinese() ? 'zh-CN' : 'en-GB', format).format(new Date(text));
}

function objectText(value: Claims): string | null {
  if (isText(value)) return say(value);
  const { minC, maxC, route, region } = value as Record<string, unknown>;
  if (typeof minC === 'number' && typeof maxC === 'number')
    return t('claims.storage', { from: minC, to: maxC });
  if (typeof route === 'string' && typeof region === 'string')
    return `${regionName(region)} ${say(codeName('approvedRoutes', route) ?? { zh: route, en: route })}`;
  return null;
}

/** A country by its name; a part of it (ISO 3166-2) by the country's. */
export function regionName(region: string): string {
  const names = new Intl.DisplayNames(language(), { type: 'region' });
  try {
    return names.of(region.split('-')[0]!) ?? region;
  } catch {
    return region;
  }
}

export function claimRows(vct: string, claims: Claims, names: Names): [string, string][] {
  const labels = kindOf(vct)?.labels ?? {};
  const unit = claims.amountUnit;
  // always in the order of the kind, whatever was disclosed first
  return Object.entries(labels).flatMap(([name, label]): [string, string][] => {
    const value = claims[name];
    if (value === undefined || name === 'amountUnit') return [];
    const text =
      name === 'maxAmountPerUnit' && typeof unit === 'string'
        ? amountOf(Number(value), unit)
        : textOf(name, value, names);
    return text === null ? [] : [[say(label), text]];
  });
}
