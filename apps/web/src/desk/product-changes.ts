/** In which fields two versions of a product differ, and how each was written. */
import type { ProductBody } from '@zhenmei/provenance/core/product.ts';
import { t } from '../shell/words.ts';
import {
  classWord,
  content,
  howOften,
  ingredients,
  inside,
  temperature,
  usesOf,
  useWords,
} from './product-words.ts';

const FIELDS = {
  name: ({ name }: ProductBody) => `${name.zh} / ${name.en}`,
  class: (p: ProductBody) => classWord(p.class),
  registration: (p: ProductBody) => p.registration,
  approvals: (p: ProductBody) => usesOf(p).map(useWords).join('；'),
  storage: temperature,
  minutesOut: ({ storage }: ProductBody) => t('minutes', { n: storage.maxMinutesOut }),
  meanKinetic: ({ storage }: ProductBody) =>
    storage.maxMeanKineticC === undefined ? '–' : `${storage.maxMeanKineticC} °C`,
  use: howOften,
  amount: content,
  contains: inside,
  toxin: (p: ProductBody) => t(p.isToxin ? 'yes' : 'no'),
  ingredients,
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
