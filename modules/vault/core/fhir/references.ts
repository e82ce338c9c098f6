/** References: literal, absolute, contained or logical (hl7.org/fhir/R4/references.html). */
import type { Json } from '@zhenmei/kernel';
import { isResourceType } from './schema.ts';

const RELATIVE =
  /^(?:https?:\/\/[^\s?#]+\/)?([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?(?:#\S+)?$/;
const ABSOLUTE =
  /^(?:https?:\/\/\S+|urn:(?:uuid:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|oid:[0-2](?:\.\d+)+|[a-z0-9][a-z0-9-]{1,30}:\S+))$/;
/** A search that finds one resource, as transactions use it. */
const CONDITIONAL = /^([A-Z][A-Za-z]+)\?\S+$/;

/** @param targets types it may lead to; empty if any @param contained ids of what the resource holds inside */
export function referenceFault(
  value: { readonly [key: string]: Json },
  targets: readonly string[],
  contained: ReadonlySet<string>,
): 'reference' | 'reference-target' | 'reference-nowhere' | null {
  const { reference, type } = value;
  if (typeof type === 'string' && isResourceType(type) && targets.length > 0 && !targets.includes(type))
    return 'reference-target';
  if (typeof reference !== 'string') return null;
  if (reference === '#') return null;
  if (reference.startsWith('#')) return contained.has(reference.slice(1)) ? null : 'reference-nowhere';
  const named = RELATIVE.exec(reference)?.[1] ?? CONDITIONAL.exec(reference)?.[1];
  if (named !== undefined && isResourceType(named))
    return targets.length === 0 || targets.includes(named) ? null : 'reference-target';
  return ABSOLUTE.test(reference) ? null : 'reference';
}
