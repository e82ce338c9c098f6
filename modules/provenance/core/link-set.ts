/**
 * What is linked to a GS1 key here: the set of links (RFC 9264) and the link of one type, as the GS1-Conformant Resolver
 * Standard 1.2 asks. One default link for each level, which is the page itself.
 */
export interface Target {
  readonly href: string;
  readonly title: string;
  readonly type?: string;
  readonly hreflang?: readonly string[];
}

export interface LinkedLevel {
  /** Path of the key and the qualifiers up to this level, e.g. `/01/…/10/…`. */
  readonly path: string;
  /** Canonical address (id.gs1.org) of a unit, if it is one. */
  readonly unit: string | null;
}

/** Present name of the vocabulary; requests may use the older ones too. */
export const VOCABULARY = 'https://ref.gs1.org/voc/';
const NAMES = /^(?:gs1:|https?:\/\/(?:(?:ref|www)\.)?gs1\.org\/voc\/)(?=[A-Za-z])/;
export const LINKSET_TYPE = 'application/linkset+json';

/** The short name of a link type in any of its writings, or null. */
export function linkTypeOf(text: string): string | null {
  return NAMES.test(text) ? text.replace(NAMES, '') : null;
}

export function linksOf(
  home: string,
  level: LinkedLevel,
  gtin: string,
  name: string,
): Readonly<Record<string, readonly Target[]>> {
  const page = `${home}${level.path}`;
  const code = encodeURIComponent(`https://id.gs1.org${level.path}`);
  return {
    // the default has a title and nothing else
    defaultLink: [{ href: page, title: name }],
    pip: [{ href: `${home}/01/${gtin}`, title: name, type: 'text/html', hreflang: ['zh', 'en'] }],
    verificationService: [
      { href: `${home}/api/verify?code=${code}`, title: 'Verdict', type: 'application/json' },
    ],
    masterData: [{ href: `${home}/api/products/${gtin}`, title: 'Master data', type: 'application/json' }],
    recallStatus: [{ href: `${home}/recalls/head`, title: 'Recalls', type: 'application/json' }],
    ...(level.unit === null
      ? {}
      : {
          traceability: [
            {
              href: `${home}/events?MATCH_anyEPC=${encodeURIComponent(level.unit)}`,
              title: 'EPCIS events',
              type: 'application/json',
            },
          ],
          certificationInfo: [
            {
              href: `${home}/api/units/proof?unit=${encodeURIComponent(level.unit)}`,
              title: 'Proof of the unit',
              type: 'application/vnd.zhenmei.unit-proof+json',
            },
          ],
        }),
  };
}

/** @param levels from the finest to the key alone; each is an anchor of its own */
export function linkSet(
  home: string,
  levels: readonly LinkedLevel[],
  gtin: string,
  name: string,
): Record<string, unknown> {
  return {
    linkset: levels.map((level) => ({
      anchor: `${home}${level.path}`,
      itemDescription: name,
      ...Object.fromEntries(
        Object.entries(linksOf(home, level, gtin, name)).map(([type, targets]) => [
          VOCABULARY + type,
          targets,
        ]),
      ),
    })),
  };
}

/** Header `Link` of every answer: where the set of links is, what it means, and the same in other forms. */
export function linkHeader(home: string, path: string): string {
  return [
    `<${home}${path}?linkType=linkset>; rel="linkset"; type="${LINKSET_TYPE}"`,
    `<https://ref.gs1.org/standards/resolver/linkset-context>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`,
    `<${home}${path}>; rel="alternate"; type="application/json"`,
    `<https://id.gs1.org${path}>; rel="owl:sameAs"`,
  ].join(', ');
}

/** Passes the caller's own parameters on, without those that were meant for the resolver. */
export function passedOn(href: string, query: string): string {
  const more = new URLSearchParams(query);
  more.delete('linkType');
  if (more.size === 0) return href;
  const url = new URL(href);
  for (const [name, value] of more) if (!url.searchParams.has(name)) url.searchParams.append(name, value);
  return url.href;
}
