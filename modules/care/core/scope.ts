/** The scope gate's facts: procedure × doctor × clinic × product × region, as the policy pack names them. */
import type { Procedure } from './service.ts';

export interface ScopeParties {
  readonly region: string;
  readonly clinic: { readonly licenceValid: boolean | null; readonly departments: readonly string[] | null };
  readonly doctor: {
    readonly licenceValid: boolean | null;
    readonly leadSpecialties: readonly string[] | null;
    readonly employedHere: boolean | null;
  };
  readonly product: {
    readonly approvedRegions: readonly string[];
    readonly approvedRoutes: readonly string[];
  } | null;
  readonly adult?: boolean;
  /** A certificate of age was shown; else it is the person's own word. */
  readonly ageProven?: boolean;
  /** Of somebody under age. */
  readonly guardianSigned?: boolean;
}

export type ScopeFacts = Record<string, string | number | boolean | null | readonly string[]>;

export function scopeFacts(procedure: Procedure, parties: ScopeParties): ScopeFacts {
  return {
    region: parties.region,
    'clinic.licenceValid': parties.clinic.licenceValid,
    'clinic.departments': parties.clinic.departments,
    'doctor.licenceValid': parties.doctor.licenceValid,
    'doctor.leadSpecialties': parties.doctor.leadSpecialties,
    'doctor.employedHere': parties.doctor.employedHere,
    'procedure.code': procedure.code,
    'procedure.department': procedure.department,
    'procedure.specialty': procedure.specialty,
    'procedure.needsLead': procedure.needsLead,
    'procedure.usesProduct': procedure.usesProduct,
    'procedure.route': procedure.route ?? null,
    'product.approvedRegions': parties.product?.approvedRegions ?? null,
    'product.approvedRoutes': parties.product?.approvedRoutes ?? null,
    'patient.adult': parties.adult ?? null,
    'patient.ageProven': parties.ageProven ?? null,
    'guardian.signed': parties.guardianSigned ?? null,
  };
}
