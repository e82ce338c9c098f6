import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cn } from '../packs/cn.ts';
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
  'procedure.department': 'aesthetic-dermatology',
  'procedure.specialty': 'aesthetic-dermatology',
  'procedure.needsLead': true,
  'procedure.usesProduct': true,
  'procedure.route': 'intradermal-injection',
  'product.approvedRegions': ['CN'],
  'product.approvedRoutes': ['intradermal-injection'],
  'patient.adult': true,
};

describe('decide', () => {
  it('allows a treatment that meets every requirement', () => {
    expect(decide([cn], 'visit.treat', LAWFUL, AT)).toEqual({ outcome: 'allow', reasons: [] });
  });

  it.each([
    ['clinic-licence-valid', { 'clinic.licenceValid': false }],
    ['clinic-department', { 'procedure.department': 'aesthetic-surgery-4' }],
    ['doctor-licence-valid', { 'doctor.licenceValid': false }],
    ['doctor-lead-specialty', { 'doctor.leadSpecialties': [] }],
    ['doctor-works-here', { 'doctor.employedHere': false }],
    ['product-approved-here', { 'product.approvedRegions': ['SG'] }],
    ['product-approved-route', { 'product.approvedRoutes': ['topical'] }],
    ['patient-adult', { 'patient.adult': false }],
  ])('refuses by rule %s', (rule, change) => {
    const decision = decide([cn], 'visit.treat', { ...LAWFUL, ...(change as Facts) }, AT);
    expect(decision.outcome).toBe('refuse');
    expect(decision.reasons.map((r) => r.rule)).toEqual([rule]);
  });

  it('asks, and never allows, when any fact is missing', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(LAWFUL)), (missing) => {
        const facts = { ...LAWFUL, [missing]: undefined };
        expect(decide([cn], 'visit.treat', facts, AT).outcome).toBe('ask');
      }),
    );
  });

  it('refuses an action that no rule mentions, no pack at all, and a pack out of force', () => {
    expect(decide([cn], 'anything.else', LAWFUL, AT).outcome).toBe('refuse');
    expect(decide([], 'visit.treat', LAWFUL, AT).outcome).toBe('refuse');
    expect(decide([cn], 'visit.treat', LAWFUL, Date.parse('2020-01-01T00:00:00Z')).outcome).toBe('refuse');
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
    const facts = { ...LAWFUL, 'procedure.needsLead': false, 'doctor.leadSpecialties': [] };
    expect(decide([cn], 'visit.treat', facts, AT).outcome).toBe('allow');
  });
});

describe('the pack', () => {
  it('is valid against its own schema and changes its hash with any change', () => {
    expect(PolicyPack.parse(cn)).toEqual(cn);
    expect(packHash({ ...cn, version: '1.0.1' })).not.toBe(packHash(cn));
  });
});
