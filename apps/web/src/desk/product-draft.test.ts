import type { ProductBody } from '@zhenmei/provenance/core/product.ts';
import { SUBSTANCES, substanceName } from '@zhenmei/vault/core/substances.ts';
import { describe, expect, it } from 'vitest';
import { bodyOf, draftOf, EMPTY, EMPTY_APPROVAL, type ProductDraft } from './product-draft.ts';

const GOOD: ProductDraft = {
  ...EMPTY,
  gtin: '9521 2341 00015',
  zh: '澄润',
  en: 'Chengrun',
  registration: 'R1',
  approvals: [{ ...EMPTY_APPROVAL, routes: ['intradermal-injection'], indications: '法令纹\n\n 唇 ' }],
  amount: '1000',
  ingredients: 'hyaluronic-acid，lidocaine、 x',
};
const body = (draft: ProductDraft): ProductBody => {
  const made = bodyOf(draft);
  if (!('body' in made)) throw new Error(`wrong: ${made.wrong}`);
  return made.body;
};

describe('a draft', () => {
  it('makes a product', () => {
    expect(body(GOOD)).toMatchObject({
      gtin: '09521234100015',
      approvals: [
        { region: 'CN', class: 'III', routes: ['intradermal-injection'], indications: ['法令纹', '唇'] },
      ],
      storage: { minC: 2, maxC: 25, maxMinutesOut: 0 },
      ingredients: ['hyaluronic-acid', 'lidocaine', 'x'],
    });
    expect(body(GOOD)).not.toHaveProperty('contains');
    expect(body(GOOD).storage).not.toHaveProperty('maxMeanKineticC');
  });

  it('of a product makes the same product', () => {
    const full = body({
      ...GOOD,
      singleUse: false,
      withinHours: '24',
      meanKinetic: '7.5',
      minC: '-20',
      innerGtin: '09521234100022',
      innerCount: '2',
      approvals: [{ ...GOOD.approvals[0]!, number: 'N1', until: '2030-01-31' }],
    });
    expect(body(draftOf(full, String))).toEqual(full);
  });

  it.each(['zh', 'en'] as const)('takes every substance by its name in %s', (lang) => {
    const codes = Object.keys(SUBSTANCES);
    const drawn = draftOf({ ...body(GOOD), ingredients: codes }, (code) => substanceName(code)[lang]);
    expect(body(drawn).ingredients).toEqual(codes);
    const short = body({ ...GOOD, ingredients: '玻尿酸, 透明质酸, LIDOCAINE, 利多卡因' }).ingredients;
    expect(short).toEqual(['玻尿酸', 'hyaluronic-acid', 'lidocaine', 'lidocaine']);
  });

  it('of a product of the first version has an approval for each region', () => {
    const { approvals: _, ...old } = {
      ...body(GOOD),
      approvedRegions: ['CN', 'SG'],
      approvedRoutes: ['topical'],
    };
    expect(draftOf(old, String).approvals.map(({ region, routes }) => [region, routes])).toEqual([
      ['CN', ['topical']],
      ['SG', ['topical']],
    ]);
    const rows = { ...old, approvals: [{ region: 'CN', route: 'topical', indication: 'face' }] };
    expect(draftOf(rows, String).approvals[0]).toMatchObject({ routes: ['topical'], indications: 'face' });
  });

  it.each([
    [{ gtin: 'x' }, ['gtin']],
    [{ zh: ' ' }, ['zh']],
    [{ registration: '' }, ['registration']],
    [{ approvals: [] }, ['approvals']],
    [{ approvals: [EMPTY_APPROVAL] }, ['approvals']],
    [{ minC: 'cold' }, ['minC']],
    [{ minutesOut: '-1' }, ['minutesOut']],
    [{ meanKinetic: 'eight' }, ['meanKinetic']],
    [{ amount: '0' }, ['amount']],
    [{ amount: '1.5' }, ['amount']],
    [{ singleUse: false, withinHours: '0' }, ['withinHours']],
    [{ innerGtin: '', innerCount: '3' }, ['innerGtin']],
    [{ innerGtin: '09521234100022', innerCount: '' }, ['innerCount']],
  ] as [Partial<ProductDraft>, string[]][])('with %o names %o', (more, wrong) => {
    const made = bodyOf({ ...GOOD, ...more });
    expect('wrong' in made && made.wrong).toEqual(wrong);
  });
});
