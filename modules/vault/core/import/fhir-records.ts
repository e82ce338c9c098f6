/** What of a FHIR file is understood, resource by resource; the file itself is kept whole whatever is not. */
import type { Issue } from '../fhir/issue.ts';
import { type Resource, readResource, validateResource } from '../fhir/validate.ts';

export interface FhirRecords {
  /** Valid resources of the types that the table of definitions has. */
  readonly understood: readonly Resource[];
  /** Faults, each with its path in the file. */
  readonly faults: readonly Issue[];
}

/** Throws FHIR_INVALID if it is no FHIR at all, JSON_INVALID, BYTES_NOT_UTF8. */
export function readFhir(bytes: Uint8Array): FhirRecords {
  const { resource, issues } = readResource(bytes);
  if (resource.resourceType !== 'Bundle')
    return { understood: issues.length > 0 ? [] : [resource], faults: issues };
  const entries = Array.isArray(resource.entry) ? (resource.entry as { resource?: Resource }[]) : [];
  return {
    understood: entries.flatMap((entry) => {
      const inner = entry?.resource;
      // by itself, so that a fault in one entry takes nothing from the others
      return inner && validateResource(inner).length === 0 ? [inner] : [];
    }),
    faults: issues,
  };
}
