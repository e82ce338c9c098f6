/** Queries (DCQL): this house and an independent library agree on what answers them. */
import { CREDENTIAL_TYPES } from '@zhenmei/identity/core/catalogue.ts';
import { answerQuery, type DcqlQuery, readQuery } from '@zhenmei/identity/core/dcql.ts';
import { DcqlQuery as OtherQuery } from 'dcql';
import { describe, expect, it } from 'vitest';

const AGE = CREDENTIAL_TYPES.ageOver;
const LICENCE = CREDENTIAL_TYPES.physicianLicence;

describe('queries', () => {
  const licence = {
    vct: LICENCE,
    claims: { name: { zh: '林', en: 'Lin' }, leadSpecialties: ['a', 'b'], region: 'CN' },
    bound: true,
  };
  const age = { vct: AGE, claims: { age: 18, reached: true }, bound: true };
  const one = (more: object) => ({
    credentials: [{ id: 'x', format: 'dc+sd-jwt', meta: { vct_values: [LICENCE] }, ...more }],
  });
  const claim = (path: (string | number | null)[], more: object = {}) => ({ path, ...more });
  const cases: [string, object, boolean][] = [
    ['a claim', one({ claims: [claim(['region'])] }), true],
    ['a claim inside', one({ claims: [claim(['name', 'en'])] }), true],
    ['a claim that is not there', one({ claims: [claim(['age'])] }), false],
    ['a value', one({ claims: [claim(['region'], { values: ['SG', 'CN'] })] }), true],
    ['a value that it does not have', one({ claims: [claim(['region'], { values: ['SG'] })] }), false],
    ['any element', one({ claims: [claim(['leadSpecialties', null], { values: ['b'] })] }), true],
    ['an element by its place', one({ claims: [claim(['leadSpecialties', 1], { values: ['b'] })] }), true],
    ['an element that is not there', one({ claims: [claim(['leadSpecialties', 7])] }), false],
    [
      'the second set of claims',
      one({
        claims: [claim(['age'], { id: 'a' }), claim(['region'], { id: 'r' })],
        claim_sets: [['a'], ['r']],
      }),
      true,
    ],
    ['no set of claims', one({ claims: [claim(['age'], { id: 'a' })], claim_sets: [['a']] }), false],
    [
      'another kind',
      { credentials: [{ id: 'x', format: 'dc+sd-jwt', meta: { vct_values: ['urn:x'] } }] },
      false,
    ],
    [
      'one of two',
      {
        credentials: [
          { id: 'x', format: 'dc+sd-jwt', meta: { vct_values: ['urn:x'] } },
          { id: 'y', format: 'dc+sd-jwt', meta: { vct_values: [AGE] } },
        ],
        credential_sets: [{ options: [['x'], ['y']] }],
      },
      true,
    ],
    [
      'both of two',
      {
        credentials: [
          { id: 'x', format: 'dc+sd-jwt', meta: { vct_values: ['urn:x'] } },
          { id: 'y', format: 'dc+sd-jwt', meta: { vct_values: [AGE] } },
        ],
      },
      false,
    ],
  ];

  it.each(cases)('%s: this house and an independent library agree', (_, query, fits) => {
    const ours = () => answerQuery(readQuery(query), [licence, age]);
    const parsed = OtherQuery.parse(query as never);
    OtherQuery.validate(parsed);
    const theirs = OtherQuery.query(
      parsed,
      [licence, age].map(({ vct, claims }) => ({
        credential_format: 'dc+sd-jwt' as const,
        vct,
        claims: claims as never,
        cryptographic_holder_binding: true,
      })),
    );
    expect(theirs.can_be_satisfied).toBe(fits);
    if (fits) expect(ours().length).toBeGreaterThan(0);
    else expect(ours).toThrow('NOTHING_FITS');
  });

  it.each<[string, unknown]>([
    ['nothing', {}],
    ['an id twice', { credentials: [...one({}).credentials, ...one({}).credentials] }],
    ['another format', { credentials: [{ id: 'x', format: 'mso_mdoc', meta: { doctype_value: 'a' } }] }],
    ['a kind that is not named', { credentials: [{ id: 'x', format: 'dc+sd-jwt', meta: {} }] }],
    ['sets without ids', one({ claims: [claim(['a'])], claim_sets: [['a']] })],
    ['a set of something unknown', { ...one({}), credential_sets: [{ options: [['z']] }] }],
    ['a path that is empty', one({ claims: [claim([])] })],
    ['a path with a fraction', one({ claims: [claim([0.5])] })],
    ['a path before the beginning', one({ claims: [claim([-1])] })],
  ])('refuses %s', (_, query) => {
    expect(() => readQuery(query)).toThrow('ASK_MALFORMED');
  });

  it('wants the holder unless told', () => {
    const unbound = { ...licence, bound: false };
    const free = readQuery(one({ require_cryptographic_holder_binding: false })) as DcqlQuery;
    expect(answerQuery(free, [unbound])).toHaveLength(1);
    expect(() => answerQuery(readQuery(one({})), [unbound])).toThrow('NOTHING_FITS');
  });
});
