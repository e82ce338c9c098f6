/** From what was read to what is shown. */
import { toIso } from '@zhenmei/kernel';
import type {
  ExceptionLineView,
  ExceptionView,
  HandoverView,
  LotView,
  PartyView,
} from '../api/supply-views.ts';
import type { LotLine } from '../app/supply/lots.ts';
import type { ExceptionDetail, ExceptionLine } from '../app/supply/read-exceptions.ts';
import type { HandoverLine } from '../app/supply/read-handovers.ts';
import type { GivenSignature } from '../app/supply/signatures-of.ts';
import { EXCEPTIONS } from '../core/exceptions.ts';
import type { Site } from '../ports.ts';

const iso = (date: Date): string => toIso(date.getTime());

export const partyView = (site: Site | null | undefined): PartyView | null =>
  site
    ? {
        id: site.id,
        gln: site.gln,
        kind: site.kind,
        name: site.name,
        city: site.city,
        licensedForToxin: site.licensedForToxin,
      }
    : null;

export function signatureView(
  { key, signature, organisation, signedAt }: GivenSignature,
  sites: readonly Site[],
) {
  const site = sites.find(({ id }) => id === organisation);
  return {
    by: site?.name ?? { zh: '', en: '' },
    gln: site?.gln ?? '',
    key,
    signature,
    signedAt: iso(signedAt),
  };
}

export const lotView = ({ plannedAt, root, ...lot }: LotLine): LotView => ({
  ...lot,
  plannedAt: iso(plannedAt),
  root: root && { ...root, at: iso(root.at) },
});

export const handoverView = ({ row, from, to, arrived, signed }: HandoverLine): HandoverView => ({
  digest: row.digest,
  kind: row.kind,
  from: partyView(from),
  to: partyView(to),
  at: iso(row.at),
  units: row.units,
  arrived,
  carrier: row.carrier,
  reference: row.reference,
  signed,
  void: row.void,
});

export function exceptionLine({
  row,
  part,
  units,
  owner,
  other,
  productName,
}: ExceptionLine): ExceptionLineView {
  const { title, todo, locks } = EXCEPTIONS[row.kind];
  return {
    id: row.id,
    kind: row.kind,
    title,
    todo,
    state: row.state,
    locks: locks || row.state === 'quarantined',
    part,
    owner: partyView(owner),
    other: partyView(other),
    product: productName,
    gtin: row.gtin,
    units,
    openedAt: iso(row.opened_at),
    dueAt: iso(row.due_at),
    resolvedAt: row.resolved_at && iso(row.resolved_at),
  };
}

export function exceptionView(detail: ExceptionDetail, sites: readonly Site[]): ExceptionView {
  const by = (gln: string | null) => partyView(sites.find((site) => site.gln === gln));
  const { event, entries, epcs, lots, cold } = detail;
  return {
    ...exceptionLine(detail),
    epcs: [...epcs],
    lots: [...lots],
    event: event && {
      digest: event.digest,
      body: event.body as never,
      step: event.body.bizStep ?? event.body.type,
      at: event.body.eventTime,
      site: by(event.site),
      from: by(event.source),
      to: by(event.destination),
    },
    entries: entries.map(({ what, at, organisation_id, note, event: cause }) => ({
      what,
      at: iso(at),
      by: sites.find(({ id }) => id === organisation_id)?.name ?? null,
      note,
      event: cause,
    })),
    cold: cold && { ...cold, reports: [...cold.reports] },
  };
}
