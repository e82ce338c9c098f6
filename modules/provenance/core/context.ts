/** JSON-LD contexts of EPCIS, as far as events need them: prefixes for names and values. No context is ever fetched. */

/** Namespace of this house's own extensions (`zm:`). */
export const ZM = 'https://zhenmei.example/epcis/';

export type Prefixes = Readonly<Record<string, string>>;

/** What the official EPCIS 2.0 context declares. */
export const STANDARD: Prefixes = {
  epcis: 'https://ref.gs1.org/epcis/',
  cbv: 'https://ref.gs1.org/cbv/',
  cbvmda: 'urn:epcglobal:cbv:mda:',
  gs1: 'https://gs1.org/voc/',
  rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
  owl: 'http://www.w3.org/2002/07/owl#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
  dcterms: 'http://purl.org/dc/terms/',
};

/** The prefixes that a context adds to those already known. Addresses of contexts add nothing. */
export function withContext(known: Prefixes, context: unknown): Prefixes {
  const objects = (Array.isArray(context) ? context : [context]).filter(
    (part) => typeof part === 'object' && part !== null,
  ) as object[];
  const own = objects
    .flatMap((part) => Object.entries(part))
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string' && !entry[0].startsWith('@'));
  return own.length === 0 ? known : { ...known, ...Object.fromEntries(own) };
}

/** Expands the name of a member. A namespace that ends in no separator is kept apart as `{namespace}local`. */
export function expandName(prefixes: Prefixes, name: string): string {
  const colon = name.indexOf(':');
  const prefix = name.slice(0, Math.max(colon, 0));
  if (colon <= 0 || name.startsWith('{') || !Object.hasOwn(prefixes, prefix)) return name;
  const namespace = prefixes[prefix]!;
  return /[/#:]$/.test(namespace)
    ? namespace + name.slice(colon + 1)
    : `{${namespace}}${name.slice(colon + 1)}`;
}

/** Expands `prefix:local` if the prefix is declared; other texts as they are. */
export function expand(prefixes: Prefixes, text: string): string {
  const colon = text.indexOf(':');
  if (colon <= 0) return text;
  const prefix = text.slice(0, colon);
  return Object.hasOwn(prefixes, prefix) ? prefixes[prefix]! + text.slice(colon + 1) : text;
}

/** Splits an expanded name into namespace and local name, as XML and the event hash write it. */
export function splitName(name: string): { readonly namespace: string; readonly local: string } | null {
  if (!name.includes(':')) return null;
  if (name.startsWith('{'))
    return { namespace: name.slice(1, name.indexOf('}')), local: name.slice(name.indexOf('}') + 1) };
  const at = Math.max(name.lastIndexOf('/'), name.lastIndexOf('#'), name.lastIndexOf(':')) + 1;
  return at < name.length ? { namespace: name.slice(0, at), local: name.slice(at) } : null;
}
