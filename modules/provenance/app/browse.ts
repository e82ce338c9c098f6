/** The top-level resources of the binding: what events there are of which types, steps, places and things. */
import { canonicalLink } from '@zhenmei/gs1';
import { AppError } from '@zhenmei/kernel';
import { isKnown, isKnownEpc, type KnownField, knownEpcs, knownValues } from '../adapters/known.ts';
import { expand, type Prefixes } from '../core/context.ts';
import { HOUSE } from '../core/document.ts';
import '../core/errors.ts';
import { BIZ_STEP, DISPOSITION, termOf, webForm } from '../core/vocabulary.ts';
import type { ProvenanceContext } from './context.ts';
import { pageAfter } from './page-tokens.ts';

export type Collection = 'eventTypes' | 'epcs' | 'bizSteps' | 'bizLocations' | 'readPoints' | 'dispositions';

const TYPES = [
  'AggregationEvent',
  'AssociationEvent',
  'ObjectEvent',
  'TransactionEvent',
  'TransformationEvent',
];

/** Field of events, and what is listed although no event has it yet. */
const FIELDS: Readonly<
  Record<Exclude<Collection, 'epcs'>, { readonly field: KnownField; readonly standard: readonly string[] }>
> = {
  eventTypes: { field: 'type', standard: TYPES },
  bizSteps: { field: 'biz_step', standard: [...BIZ_STEP.terms] },
  dispositions: { field: 'disposition', standard: [...DISPOSITION.terms] },
  bizLocations: { field: 'biz_location', standard: [] },
  readPoints: { field: 'read_point', standard: [] },
};

export interface Page {
  readonly perPage: number;
  readonly nextPageToken: string | undefined;
}
export interface Listed {
  readonly members: readonly string[];
  readonly next: { readonly token: string; readonly until: number } | null;
}

/** Throws QUERY_INVALID for a page token that is not of this list. */
export async function browse(ctx: ProvenanceContext, collection: Collection, page: Page): Promise<Listed> {
  const { perPage, nextPageToken } = page;
  const found = await pageAfter<Found>(
    ctx,
    collection,
    nextPageToken,
    perPage,
    (after, limit) =>
      collection === 'epcs' ? things(ctx, after ?? '0', limit) : values(ctx, collection, after ?? '', limit),
    (key) => collection !== 'epcs' || /^\d{1,18}$/.test(key),
  );
  return { members: found.items.map(({ value }) => value), next: found.next(({ key }) => key) };
}

interface Found {
  readonly value: string;
  readonly key: string;
}

async function things(ctx: ProvenanceContext, after: string, limit: number): Promise<Found[]> {
  return (await knownEpcs(ctx.db, after, limit)).map(({ id, uri }) => ({ value: uri, key: String(id) }));
}

async function values(
  ctx: ProvenanceContext,
  collection: Exclude<Collection, 'epcs'>,
  after: string,
  limit: number,
): Promise<Found[]> {
  const { field, standard } = FIELDS[collection];
  const used = await knownValues(ctx.db, field, after, limit);
  const all = new Set([...standard.filter((one) => one > after), ...used]);
  return [...all]
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .slice(0, limit)
    .map((value) => ({ value, key: value }));
}

/**
 * The one form of a member of a collection, as queries have it.
 * Throws RESOURCE_UNKNOWN if neither the standard nor an event knows it.
 */
export async function memberOf(
  ctx: ProvenanceContext,
  collection: Collection,
  written: string,
  extensions: Prefixes,
): Promise<string> {
  const value = written.includes('\0') ? '' : formOf(collection, written, { ...HOUSE, ...extensions });
  const known =
    collection === 'epcs'
      ? await isKnownEpc(ctx.db, value)
      : FIELDS[collection].standard.includes(value) ||
        (await isKnown(ctx.db, FIELDS[collection].field, value));
  if (!known) throw new AppError('RESOURCE_UNKNOWN', { value: written.slice(0, 200) });
  return value;
}

function formOf(collection: Collection, written: string, prefixes: Prefixes): string {
  const iri = webForm(expand(prefixes, written.trim()));
  switch (collection) {
    case 'eventTypes':
      return iri.replace('https://ref.gs1.org/epcis/', '');
    case 'bizSteps':
      return termOf(BIZ_STEP, iri);
    case 'dispositions':
      return termOf(DISPOSITION, iri);
    default:
      return canonicalLink(iri) ?? iri;
  }
}
