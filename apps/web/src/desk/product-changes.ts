/** In which fields two versions of a product differ, and how each was written. */
import { approvalsOf } from '@zhenmei/provenance/core/approvals.ts';
import type { ProductBody } from '@zhenmei/provenance/core/product.ts';

const FIELDS = {
  name: ({ name }: ProductBody) => `${name.zh} / ${name.en}`,
  class: (p: ProductBody) => p.class,
  registration: (p: ProductBody) => p.registration,
  approvals: (p: ProductBody) =>
    approvalsOf(p)
      .map((use) =>
        [use.region, use.class, use.routes.join('+'), use.indications.join('+'), use.number, use.until]
          .filter(Boolean)
          .join(' '),
      )
      .join('; ') || `${p.approvedRegions.join(' ')} ${p.approvedRoutes.join('+')}`,
  storage: ({ storage }: ProductBody) => `${storage.minC}–${storage.maxC} °C`,
  minutesOut: ({ storage }: ProductBody) => String(storage.maxMinutesOut),
  meanKinetic: ({ storage }: ProductBody) =>
    storage.maxMeanKineticC === undefined ? '–' : `${storage.maxMeanKineticC} °C`,
  use: (p: ProductBody) => (p.singleUse ? '1' : `${p.useWithinHours ?? '–'} h`),
  amount: (p: ProductBody) => `${p.maxAmountPerUnit} ${p.amountUnit}`,
  contains: ({ contains }: ProductBody) => (contains ? `${contains.count} × ${contains.gtin}` : '–'),
  toxin: (p: ProductBody) => (p.isToxin ? '✓' : '–'),
  ingredients: (p: ProductBody) => p.ingredients.join(' ') || '–',
} as const;

export interface Change {
  readonly field: keyof typeof FIELDS;
  readonly from: string;
  readonly to: string;
}

export function changesBetween(before: ProductBody, after: ProductBody): Change[] {
  return (Object.keys(FIELDS) as (keyof typeof FIELDS)[]).flatMap((field) => {
    const [from, to] = [FIELDS[field](before), FIELDS[field](after)];
    return from === to ? [] : [{ field, from, to }];
  });
}
