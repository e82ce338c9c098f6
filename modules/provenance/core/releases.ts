/** What the maker has judged: readings out of range after which a unit, or its lot, may be used all the same. */
import { signedBySite } from './custody.ts';
import { type EpcisEvent, siteOf } from './events.ts';
import { type Facts, isMaker, type Story } from './facts.ts';

export const releasesOf = (event: EpcisEvent): readonly string[] => [event['zm:releases'] ?? []].flat();

/** Digests of the events whose readings are released. Only a maker releases; where signatures are given, it must sign. */
export function releasedBy(
  story: Pick<Story, 'own' | 'ofLot'>,
  { parties, signatures }: Pick<Facts, 'parties' | 'signatures'>,
): ReadonlySet<string> {
  const role = (event: EpcisEvent) => parties.find(({ gln }) => gln === siteOf(event))?.role ?? '';
  const valid = [...story.own, ...story.ofLot].filter(
    (event) =>
      releasesOf(event).length > 0 &&
      (isMaker(role(event)) || (role(event) === '' && parties.length === 0)) &&
      (!signatures || signedBySite(event, parties, signatures)),
  );
  return new Set(valid.flatMap(releasesOf));
}
