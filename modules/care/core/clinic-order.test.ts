import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankClinics } from './clinic-order.ts';

const clinic = (id: string, zh: string) => ({ id, name: { zh, en: zh } });
const LIST = [clinic('a', '梅园'), clinic('b', '松溪'), clinic('c', '梅香'), clinic('d', '云岭')];

describe('the order of clinics', () => {
  it('is that of registration', () => {
    expect(rankClinics(LIST)).toEqual(LIST);
    expect(rankClinics(LIST, ' ')).toEqual(LIST);
  });

  it('puts names that were searched for first, and leaves the rest as it is', () => {
    expect(rankClinics(LIST, '梅').map(({ id }) => id)).toEqual(['a', 'c', 'b', 'd']);
  });

  it('does not change whatever a clinic pays, bonds, or was found by a check', () => {
    const paid = fc.record({
      fee: fc.bigInt({ min: 0n }),
      bond: fc.nat(),
      check: fc.constantFrom('none', 'standing', 'rejected', 'revoked'),
      sponsored: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(paid, { minLength: 4, maxLength: 4 }),
        fc.constantFrom('', '梅', '松'),
        (more, q) => {
          const rich = LIST.map((one, i) => ({ ...one, ...more[i]! }));
          expect(rankClinics(rich, q).map(({ id }) => id)).toEqual(rankClinics(LIST, q).map(({ id }) => id));
        },
      ),
    );
  });
});
