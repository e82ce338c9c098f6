import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cn, cn130, cn140, cn150 } from '../packs/cn.ts';
import { decide, type Facts } from './decide.ts';
import { PolicyPack, packHash } from './pack.ts';

const AT = Date.parse('2026-11-24T00:00:00Z');
const LAWFUL: Facts = {
  region: 'CN',
  'clinic.licenceValid': true,
  'clinic.departments': ['aesthetic-dermatology', 'aesthetic-surgery'],
  'doctor.licenceValid': true,
  'doctor.employedHere': true,
  'doctor.leadSpecialties': ['aesthetic-dermatology'],
  'procedure.code': 'filler-nasolabial',
  'procedure.department': 'aesthetic-dermatology',
  'procedure.specialty': 'aesthetic-dermatology',
  'procedure.needsLead': true,
  'procedure.usesProduct': true,
  'procedure.route': 'intradermal-injection',
  'product.approvedRegions': ['CN'],
  'product.approvedRoutes': ['intradermal-injection'],
  'patient.adult': true,
};

/** What the catalogue of the pack knows by itself. */
const LISTED = ['department', 'specialty', 'needsLead', 'usesProduct'].map((name) => `procedure.${name}`);

describe('decide', () => {
  it('allows a treatment that meets every requirement', () => {
    expect(decide([cn], 'visit.treat', LAWFUL, AT)).toEqual({ outcome: 'allow', reasons: [] });
  });

  it.each([
    ['clinic-licence-valid', { 'clinic.licenceValid': false }],
    ['clinic-department', { 'clinic.departments': ['aesthetic-surgery'] }],
    ['procedure-listed', { 'procedure.code': 'facial-magic' }],
    ['procedure-listed', { 'procedure.code': 'constructor' }],
    ['procedure-as-listed', { 'procedure.needsLead': false }],
    ['procedure-as-listed', { 'procedure.department': 'aesthetic-surgery' }],
    ['doctor-licence-valid', { 'doctor.licenceValid': false }],
    ['doctor-lead-specialty', { 'doctor.leadSpecialties': [] }],
    ['doctor-works-here', { 'doctor.employedHere': false }],
    ['product-approved-here', { 'product.approvedRegions': ['SG'] }],
    ['product-approved-route', { 'product.approvedRoutes': ['topical'] }],
    ['patient-adult', { 'patient.adult': false, 'guardian.signed': false }],
  ])('refuses by rule %s', (rule, change) => {
    const decision = decide([cn], 'visit.treat', { ...LAWFUL, ...(change as Facts) }, AT);
    expect(decision.outcome).toBe('refuse');
    expect(decision.reasons.map((r) => r.rule)).toEqual([rule]);
  });

  it.each([
    ['allow', [], { bps: 2_000, hours: 168 }],
    ['refuse', ['cancellation-share'], { bps: 2_001, hours: 168 }],
    ['refuse', ['cancellation-hours'], { bps: 2_000, hours: 169 }],
    ['ask', ['cancellation-hours'], { bps: 100 }],
  ] as const)('answers %s %j about a cancellation rule of %j', (outcome, rules, { bps, ...rest }) => {
    const hours = 'hours' in rest ? { 'cancellation.hours': rest.hours } : {};
    const decision = decide([cn], 'price.cancellation', { 'cancellation.bps': bps, ...hours }, AT);
    expect([decision.outcome, decision.reasons.map((r) => r.rule)]).toEqual([outcome, rules]);
    // a pack that does not speak of it forbids it
    expect(decide([cn140], 'price.cancellation', { 'cancellation.bps': bps, ...hours }, AT).outcome).toBe(
      'refuse',
    );
  });

  it.each([
    ['allow', [], 'promise', undefined],
    ['allow', [], 'insurer', true],
    ['refuse', ['insurer-licensed'], 'insurer', false],
    ['ask', ['insurer-licensed'], 'insurer', undefined],
    ['refuse', ['guarantee-pool-off'], 'pool', true],
    ['refuse', ['guarantee-pool-off'], 'anything', undefined],
    ['ask', ['guarantee-pool-off', 'insurer-licensed'], undefined, true],
  ] as const)(
    'answers %s %j about a promise with %s behind it, licensed %s',
    (outcome, rules, profile, licensed) => {
      const facts = { 'cover.profile': profile, 'insurer.licensed': licensed };
      const decision = decide([cn], 'guarantee.back', facts, AT);
      expect([decision.outcome, decision.reasons.map((r) => r.rule)]).toEqual([outcome, rules]);
      // a pack that does not speak of it forbids it
      expect(decide([cn150], 'guarantee.back', facts, AT).outcome).toBe('refuse');
      expect(decide([cn, cn150], 'guarantee.back', facts, AT).outcome).toBe('refuse');
    },
  );

  it('asks, and never allows, when any fact is missing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(LAWFUL).filter((name) => !LISTED.includes(name))),
        (missing) => {
          const facts = { ...LAWFUL, [missing]: undefined };
          expect(decide([cn], 'visit.treat', facts, AT).outcome).toBe('ask');
        },
      ),
    );
  });

  it('refuses an action that no rule mentions, no pack at all, and a pack out of force', () => {
    expect(decide([cn], 'anything.else', LAWFUL, AT).outcome).toBe('refuse');
    expect(decide([], 'visit.treat', LAWFUL, AT).outcome).toBe('refuse');
    expect(decide([cn], 'visit.treat', LAWFUL, Date.parse('2020-01-01T00:00:00Z')).outcome).toBe('refuse');
  });

  it('lets a minor be treated with a guardian’s signature, and asks while none is known', () => {
    const minor = { ...LAWFUL, 'patient.adult': false };
    expect(decide([cn], 'visit.book', { ...minor, 'guardian.signed': true }, AT).outcome).toBe('allow');
    expect(decide([cn], 'visit.book', minor, AT).outcome).toBe('ask');
  });

  it('asks for a certificate of age where the grade of the operation is 2 or higher', () => {
    const surgery = {
      ...LAWFUL,
      'procedure.code': 'liposuction',
      'procedure.department': 'aesthetic-surgery',
      'procedure.specialty': 'aesthetic-surgery',
      'procedure.usesProduct': false,
      'doctor.leadSpecialties': ['aesthetic-surgery'],
    };
    const rules = (facts: Facts) => decide([cn], 'visit.book', facts, AT).reasons.map(({ rule }) => rule);
    expect(rules(LAWFUL)).toEqual([]);
    expect(rules({ ...surgery, 'patient.ageProven': false })).toEqual(['patient-age-shown']);
    expect(rules({ ...surgery, 'patient.ageProven': true })).toEqual([]);
    expect(decide([cn], 'visit.book', surgery, AT).outcome).toBe('ask');
    // a guardian's signature is the other way
    expect(rules({ ...surgery, 'patient.adult': false, 'guardian.signed': true })).toEqual([]);
    expect(decide([cn130], 'visit.book', surgery, AT).outcome).toBe('allow');
  });

  it('lets a guardian look until the child is of age, and nobody else', () => {
    const look = (facts: Facts) => decide([cn], 'guardian.view', facts, AT).outcome;
    expect(look({ 'guardian.proven': true, 'patient.adult': false })).toBe('allow');
    expect(look({ 'guardian.proven': false, 'patient.adult': false })).toBe('refuse');
    expect(look({ 'guardian.proven': true, 'patient.adult': true })).toBe('refuse');
    expect(look({ 'guardian.proven': true })).toBe('ask');
    expect(look({})).toBe('ask');
    expect(
      decide([cn130], 'guardian.view', { 'guardian.proven': true, 'patient.adult': false }, AT).outcome,
    ).toBe('refuse');
  });

  it('combines packs by the stricter answer', () => {
    const stricter: PolicyPack = {
      ...cn,
      id: 'xx',
      requirements: [
        { ...cn.requirements[0]!, id: 'never', require: { is: 'equal', fact: 'region', value: 'XX' } },
      ],
    };
    expect(decide([cn, stricter], 'visit.treat', LAWFUL, AT).outcome).toBe('refuse');
  });

  it('does not need the lead filing where the procedure does not', () => {
    const light = { ...cn.procedures!['skin-booster']!, needsLead: false };
    const pack = { ...cn, procedures: { 'filler-nasolabial': light } };
    const facts = { ...LAWFUL, 'procedure.needsLead': false, 'doctor.leadSpecialties': [] };
    expect(decide([pack], 'visit.treat', facts, AT).outcome).toBe('allow');
  });

  it('goes by the catalogue where a clinic says nothing, and by the clinic where a region has no catalogue', () => {
    const { 'procedure.department': _, 'procedure.needsLead': __, ...silent } = LAWFUL;
    expect(decide([cn], 'visit.treat', silent, AT).outcome).toBe('allow');
    const { procedures: ___, ...bare } = cn;
    expect(decide([bare], 'visit.treat', { ...LAWFUL, 'procedure.code': 'anything' }, AT).outcome).toBe(
      'allow',
    );
    expect(decide([bare], 'visit.treat', silent, AT).outcome).toBe('ask');
  });

  it('a clinic of nurses cannot list a rhinoplasty, whatever it calls it', () => {
    const nurses: Facts = {
      ...LAWFUL,
      'clinic.departments': ['aesthetic-dermatology'],
      'doctor.licenceValid': false,
      'doctor.leadSpecialties': [],
      'procedure.code': 'rhinoplasty',
    };
    const surgery = {
      'procedure.department': 'aesthetic-surgery',
      'procedure.specialty': 'aesthetic-surgery',
    };
    const rules = (facts: Facts) =>
      decide([cn], 'service.publish', facts, AT).reasons.map(({ pack, rule }) => `${pack} ${rule}`);
    const always = ['cn clinic-department', 'cn doctor-licence-valid', 'cn doctor-lead-specialty'];
    expect(rules({ ...nurses, ...surgery })).toEqual(always);
    expect(rules(nurses)).toEqual(['cn procedure-as-listed', ...always]);
    expect(rules({ ...nurses, 'procedure.needsLead': false })).toEqual(['cn procedure-as-listed', ...always]);
    for (const { reason, next } of decide([cn], 'service.publish', nurses, AT).reasons)
      for (const text of [reason.zh, reason.en, next.zh, next.en]) expect(text).not.toBe('');
  });
});

describe('the pack', () => {
  it('is valid against its own schema and changes its hash with any change', () => {
    expect(PolicyPack.parse(cn)).toEqual(cn);
    expect(packHash({ ...cn, version: '1.0.1' })).not.toBe(packHash(cn));
  });
});
