/** What is stated of a product, in the reader's words. Codes that this house has no word for stay as their maker wrote them. */
import { type ApprovedUse, approvalsOf } from '@zhenmei/provenance/core/approvals.ts';
import type { ProductBody } from '@zhenmei/provenance/core/product.ts';
import { SUBSTANCES, substanceName } from '@zhenmei/vault/core/substances.ts';
import { amountOf, type Key, say, t } from '../shell/words.ts';

export const CLASSES = ['I', 'II', 'III', 'drug'] as const;
export const REGIONS = ['CN', 'HK', 'SG', 'EU', 'US'] as const;
export const ROUTES = [
  'intradermal-injection',
  'subcutaneous-injection',
  'intramuscular-injection',
  'topical',
  'energy-device',
] as const;

const word = (known: readonly string[], kind: 'class' | 'region' | 'route', code: string): string =>
  known.includes(code) ? t(`${kind}.${code}` as Key) : code;

export const classWord = (code: string): string => word(CLASSES, 'class', code);
export const regionWord = (code: string): string => word(REGIONS, 'region', code);
export const routeWords = (codes: readonly string[]): string =>
  codes.map((code) => word(ROUTES, 'route', code)).join(t('list.comma'));
export const ingredientWord = (code: string): string => say(substanceName(code));

export const content = (p: ProductBody): string => amountOf(p.maxAmountPerUnit, p.amountUnit);
export const howOften = (p: ProductBody): string =>
  p.singleUse
    ? t('use.single')
    : p.useWithinHours === undefined
      ? t('use.splitVial')
      : t('use.split', { hours: p.useWithinHours });
export const temperature = ({ storage }: ProductBody): string => `${storage.minC}–${storage.maxC} °C`;
export const inside = ({ contains }: ProductBody): string =>
  contains ? `${t('units', { n: contains.count })} · ${contains.gtin}` : '–';
export const ingredients = (p: ProductBody): string =>
  p.ingredients.map(ingredientWord).join(t('list.comma')) || '–';

/** What was approved in each region; a product of the first version has only regions and routes. */
export function usesOf(p: ProductBody): readonly ApprovedUse[] {
  const uses = approvalsOf(p);
  if (uses.length > 0) return uses;
  const { class: of, approvedRegions, approvedRoutes: routes } = p;
  return approvedRegions.map((region) => ({
    region,
    class: of,
    routes,
    indications: [],
    number: '',
    until: null,
  }));
}

export const useWords = (use: ApprovedUse): string =>
  [
    regionWord(use.region),
    classWord(use.class),
    routeWords(use.routes),
    use.indications.join(t('list.comma')),
    use.number,
    use.until ? t('products.until', { day: use.until }) : '',
  ]
    .filter(Boolean)
    .join(' · ');

/** Without what stands in brackets, in one case. */
const plain = (text: string): string =>
  text
    .replace(/\s*[（(].*[）)]$/, '')
    .trim()
    .toLowerCase();

/** The code of a substance that was written by its name in either language; anything else stays as it is. */
export function ingredientCode(text: string): string {
  const written = plain(text);
  const found = Object.entries(SUBSTANCES).find(([code, { zh, en }]) =>
    [code, plain(zh), plain(en)].includes(written),
  );
  return found?.[0] ?? text;
}
