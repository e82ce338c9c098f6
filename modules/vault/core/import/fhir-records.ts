/** What of a FHIR file is understood, resource by resource; the file itself is kept whole whatever is not. */
import type { Issue } from '../fhir/issue.ts';
import { type Resource, readResource, validateResource } from '../fhir/validate.ts';

export interface FhirRecords {
  /** Valid resources of the types that the timeline knows. */
  readonly understood: readonly Resource[];
  /** Resources of types that the table of definitions does not have: whoever reads one checks it. */
  readonly unchecked: readonly Resource[];
  /** Faults, each with its path in the file. */
  readonly faults: readonly Issue[];
}

/** Throws FHIR_INVALID if it is no FHIR at all, JSON_INVALID, BYTES_NOT_UTF8. */
export function readFhir(bytes: Uint8Array): FhirRecords {
  const { resource, issues } = readResource(bytes);
  if (resource.resourceType !== 'Bundle') {
    const unchecked = isUnchecked(issues) ? [resource] : [];
    return { understood: issues.length > 0 ? [] : [resource], unchecked, faults: issues };
  }
  const entries = Array.isArray(resource.entry) ? (resource.entry as { resource?: Resource }[]) : [];
  return {
    unchecked: entries.flatMap((entry) => {
      const inner = entry?.resource;
      return inner && isUnchecked(validateResource(inner)) ? [inner] : [];
    }),
    understood: entries.flatMap((entry) => {
      const inner = entry?.resource;
      // by itself, so that a fault in one entry takes nothing from the others
      return inner && validateResource(inner).length === 0 ? [inner] : [];
    }),
    faults: issues,
  };
}

const isUnchecked = (issues: readonly Issue[]): boolean =>
  issues.length > 0 && issues.every(({ code }) => code === 'not-checked');
