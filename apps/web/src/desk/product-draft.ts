/** A product as it is being written: texts of fields, and what they make. */
import type { Approval, ProductBody } from '@zhenmei/provenance/core/product.ts';
import { ingredientCode } from './product-words.ts';

export interface ApprovalDraft {
  /** Tells rows apart on the screen. */
  readonly id: number;
  readonly region: string;
  readonly class: string;
  readonly routes: readonly string[];
  /** One a line. */
  readonly indications: string;
  readonly number: string;
  readonly until: string;
}

export interface ProductDraft {
  readonly gtin: string;
  readonly zh: string;
  readonly en: string;
  readonly class: string;
  readonly registration: string;
  readonly approvals: readonly ApprovalDraft[];
  readonly minC: string;
  readonly maxC: string;
  readonly minutesOut: string;
  readonly meanKinetic: string;
  readonly singleUse: boolean;
  readonly withinHours: string;
  readonly amount: string;
  readonly unit: string;
  readonly isToxin: boolean;
  readonly innerGtin: string;
  readonly innerCount: string;
  /** Separated by commas. */
  readonly ingredients: string;
}

export type DraftField = keyof ProductDraft;

export const EMPTY_APPROVAL: ApprovalDraft = {
  id: 0,
  region: 'CN',
  class: 'III',
  routes: [],
  indications: '',
  number: '',
  until: '',
};

export const EMPTY: ProductDraft = {
  gtin: '',
  zh: '',
  en: '',
  class: 'III',
  registration: '',
  approvals: [EMPTY_APPROVAL],
  minC: '2',
  maxC: '25',
  minutesOut: '0',
  meanKinetic: '',
  singleUse: true,
  withinHours: '',
  amount: '',
  unit: 'uL',
  isToxin: false,
  innerGtin: '',
  innerCount: '',
  ingredients: '',
};

/** @param nameOf an ingredient as it is read and written here */
export function draftOf(body: ProductBody, nameOf: (code: string) => string): ProductDraft {
  const { storage, contains, name } = body;
  const approvals =
    body.approvals ??
    body.approvedRegions.map((region): Approval => ({ region, routes: body.approvedRoutes }));
  return {
    gtin: body.gtin,
    zh: name.zh,
    en: name.en,
    class: body.class,
    registration: body.registration,
    approvals: approvals.map((one, id) => ({
      id,
      region: one.region,
      class: one.class ?? body.class,
      routes: [...(one.routes ?? []), ...(one.route ? [one.route] : [])],
      indications: [...(one.indications ?? []), ...(one.indication ? [one.indication] : [])].join('\n'),
      number: one.number ?? '',
      until: one.until ?? '',
    })),
    minC: String(storage.minC),
    maxC: String(storage.maxC),
    minutesOut: String(storage.maxMinutesOut),
    meanKinetic: storage.maxMeanKineticC === undefined ? '' : String(storage.maxMeanKineticC),
    singleUse: body.singleUse,
    withinHours: body.useWithinHours === undefined ? '' : String(body.useWithinHours),
    amount: String(body.maxAmountPerUnit),
    unit: body.amountUnit,
    isToxin: body.isToxin,
    innerGtin: contains?.gtin ?? '',
    innerCount: contains ? String(contains.count) : '',
    ingredients: body.ingredients.map(nameOf).join(', '),
  };
}

const numeric = (text: string): number | null => {
  const plain = text.trim().replace('−', '-');
  return /^-?\d+(?:\.\d+)?$/.test(plain) ? Number(plain) : null;
};

/** 8, 12, 13 or 14 digits; spaces are how people group them. Anything else stays as it is. */
function gtin14(text: string): string {
  const digits = text.replaceAll(/\s/g, '');
  return /^(?:\d{8}|\d{12,13})$/.test(digits) ? digits.padStart(14, '0') : digits;
}

/** @returns the product, or the fields that cannot be so */
export function bodyOf(draft: ProductDraft): { body: ProductBody } | { wrong: DraftField[] } {
  const wrong = new Set<DraftField>();
  const need = (field: DraftField, value: number | null, fits: (n: number) => boolean = () => true) => {
    if (value === null || !fits(value)) wrong.add(field);
    return value ?? 0;
  };
  const text = (field: 'zh' | 'en' | 'registration' | 'unit') => {
    const value = draft[field].trim();
    if (value === '') wrong.add(field);
    return value;
  };
  const gtin = gtin14(draft.gtin);
  if (!/^\d{14}$/.test(gtin)) wrong.add('gtin');
  if (draft.approvals.length === 0 || draft.approvals.some(({ routes }) => routes.length === 0))
    wrong.add('approvals');
  const contains = draft.innerGtin.trim() !== '' || draft.innerCount.trim() !== '';
  const whole = (n: number) => Number.isInteger(n) && n > 0;
  if (contains && !/^\d{14}$/.test(gtin14(draft.innerGtin))) wrong.add('innerGtin');
  const body: ProductBody = {
    gtin,
    name: { zh: text('zh'), en: text('en') },
    class: draft.class,
    registration: text('registration'),
    approvedRoutes: [],
    approvedRegions: [],
    approvals: draft.approvals.map(approvalOf),
    storage: {
      minC: need('minC', numeric(draft.minC)),
      maxC: need('maxC', numeric(draft.maxC)),
      maxMinutesOut: need('minutesOut', numeric(draft.minutesOut), (n) => n >= 0),
      ...(draft.meanKinetic.trim() === ''
        ? {}
        : { maxMeanKineticC: need('meanKinetic', numeric(draft.meanKinetic)) }),
    },
    singleUse: draft.singleUse,
    isToxin: draft.isToxin,
    maxAmountPerUnit: need('amount', numeric(draft.amount), whole),
    amountUnit: text('unit'),
    ...(draft.singleUse || draft.withinHours.trim() === ''
      ? {}
      : { useWithinHours: need('withinHours', numeric(draft.withinHours), (n) => n > 0) }),
    ...(contains
      ? {
          contains: {
            gtin: gtin14(draft.innerGtin),
            count: need('innerCount', numeric(draft.innerCount), whole),
          },
        }
      : {}),
    ingredients: draft.ingredients
      .split(/[,，、;；\n]/)
      .map((one) => one.trim())
      .filter(Boolean)
      .map(ingredientCode),
  };
  return wrong.size > 0 ? { wrong: [...wrong] } : { body };
}

function approvalOf(draft: ApprovalDraft): Approval {
  const indications = draft.indications
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return {
    region: draft.region,
    class: draft.class,
    routes: [...draft.routes],
    ...(indications.length > 0 ? { indications } : {}),
    ...(draft.number.trim() ? { number: draft.number.trim() } : {}),
    ...(draft.until ? { until: draft.until } : {}),
  };
}
