import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { approvalsOf, derivedLists, isApproved, neverThisWay, routesIn } from './approvals.ts';
import { Approval } from './product.ts';

const AT = Date.parse('2026-06-01T00:00:00Z');
const body = (approvals: Approval[], more = {}) => ({ class: 'III', registration: 'R1', approvals, ...more });
const product = (approvals: Approval[], more = {}) => ({
  ...body(approvals, more),
  ...derivedLists(body(approvals, more)),
  approvals: approvalsOf(body(approvals, more)),
});
const CN: Approval = {
  region: 'CN',
  routes: ['intradermal-injection'],
  indications: ['法令纹'],
  number: 'N1',
};
const SG: Approval = { region: 'SG', routes: ['subcutaneous-injection'] };

describe('approvals', () => {
  it('have one form, also for rows that name one route each', () => {
    const old: Approval[] = [
      { region: 'CN', route: 'intradermal-injection', indication: 'folds', number: 'N1' },
      { region: 'CN', route: 'subcutaneous-injection', indication: 'folds', number: 'N1' },
    ];
    expect(approvalsOf(body(old))).toEqual([
      {
        region: 'CN',
        class: 'III',
        routes: ['intradermal-injection', 'subcutaneous-injection'],
        indications: ['folds'],
        number: 'N1',
        until: null,
      },
    ]);
    expect(approvalsOf(body([SG]))[0]).toMatchObject({ number: 'R1', class: 'III' });
    expect(approvalsOf({ class: 'III', registration: 'R1' })).toEqual([]);
  });

  it('give the lists of the first version', () => {
    expect(derivedLists(body([SG, CN]))).toEqual({
      approvedRegions: ['CN', 'SG'],
      approvedRoutes: ['intradermal-injection', 'subcutaneous-injection'],
    });
  });

  it('are never wider by their lists than one by one', () => {
    const approval = fc.record({
      region: fc.constantFrom('CN', 'SG', 'EU'),
      class: fc.constantFrom('II', 'III'),
      routes: fc.subarray(['topical', 'intradermal-injection', 'intramuscular-injection']),
      until: fc.option(fc.constantFrom('2026-05-31', '2026-06-01', '2027-01-01'), { nil: undefined }),
    });
    fc.assert(
      fc.property(
        fc.array(approval, { minLength: 1, maxLength: 5 }),
        fc.constantFrom('CN', 'SG', 'EU', 'US'),
        fc.constantFrom('topical', 'intradermal-injection', 'intramuscular-injection'),
        (given, region, route) => {
          const one = product(given.map((a) => Approval.parse(JSON.parse(JSON.stringify(a)))));
          const wanted = given.some(
            (a) =>
              a.region === region &&
              a.routes.includes(route) &&
              (a.until === undefined || a.until >= '2026-06-01') &&
              !(a.class === 'II' && route !== 'topical'),
          );
          expect(isApproved(one, { region, route }, AT)).toBe(wanted);
          if (wanted) {
            expect(one.approvedRegions).toContain(region);
            expect(one.approvedRoutes).toContain(route);
          }
        },
      ),
    );
  });
});

describe('a use', () => {
  const both = product([CN, SG]);
  it.each([
    ['as approved', both, { region: 'CN', route: 'intradermal-injection' }, true],
    ['as approved, region in small letters', both, { region: 'cn' }, true],
    ['by a route of another region', both, { region: 'CN', route: 'subcutaneous-injection' }, false],
    ['in a region without approval', both, { region: 'US' }, false],
    ['by a route approved anywhere', both, { route: 'subcutaneous-injection' }, true],
    ['by a route approved nowhere', both, { route: 'intramuscular-injection' }, false],
    ['on the last day of the approval', product([{ ...CN, until: '2026-06-01' }]), { region: 'CN' }, true],
    ['after the last day', product([{ ...CN, until: '2026-05-31' }]), { region: 'CN' }, false],
    [
      'injected, by an approval of class II',
      product([{ ...CN, class: 'II' }]),
      { region: 'CN', route: 'intradermal-injection' },
      false,
    ],
    [
      'injected, class III here though class II elsewhere',
      product([CN, { ...SG, class: 'II' }], { class: 'II' }),
      { region: 'CN', route: 'intradermal-injection' },
      false,
    ],
    ['not asked about', both, {}, true],
  ])('%s', (_name, one, use, wanted) => {
    expect(isApproved(one, use, AT)).toBe(wanted);
  });

  it('of a product with lists only is judged by its lists', () => {
    const plain = { class: 'III', approvedRegions: ['CN'], approvedRoutes: ['intradermal-injection'] };
    expect(isApproved(plain, { region: 'CN', route: 'intradermal-injection' }, AT)).toBe(true);
    expect(isApproved({ ...plain, approvals: [] }, { region: 'SG' }, AT)).toBe(false);
    expect(isApproved({ ...plain, class: 'II' }, { route: 'intradermal-injection' }, AT)).toBe(false);
    expect(routesIn(plain, 'SG', AT)).toBeNull();
  });
});

describe('a lower class', () => {
  it.each(['II', 'ii', 'class II', 'Class-1', '二类', '类别二', 'I'])('%s is never injected', (name) => {
    expect(neverThisWay(name, 'intradermal-injection')).toBe(true);
    expect(neverThisWay(name, '皮内注射')).toBe(true);
    expect(neverThisWay(name, 'topical')).toBe(false);
    expect(neverThisWay(name, 'transdermal-patch')).toBe(false);
  });
  it.each(['III', 'drug', '三类', '', undefined])('is not %s', (name) => {
    expect(neverThisWay(name, 'intradermal-injection')).toBe(false);
  });
});
