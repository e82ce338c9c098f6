/** What was called back, stolen or destroyed, and who may say so. */
import { type Custody, isEnd } from './custody.ts';
import { type EpcisEvent, saysGone, saysRecalled, saysStolen, siteOf, timeOf } from './events.ts';
import { type Facts, isMaker, roleOf } from './facts.ts';

type Caller = 'maker' | 'authority' | 'unlisted';

function caller(role: string): Caller | null {
  if (isMaker(role)) return 'maker';
  if (/^(?:regulator|authority)$/i.test(role)) return 'authority';
  return role === '' ? 'unlisted' : null;
}

/**
 * The recall in force. Makers and authorities recall; each lifts its own, and an authority also that of a maker.
 * @param about statements about the unit, its lot or its product
 */
export function recallInForce(about: readonly EpcisEvent[], facts: Facts): EpcisEvent | undefined {
  const open = new Map<Caller, EpcisEvent>();
  for (const event of [...about].sort((a, b) => timeOf(a) - timeOf(b))) {
    const who = caller(roleOf(facts, event));
    if (who === null) continue;
    if (saysRecalled(event)) open.set(who, open.get(who) ?? event);
    else if (event.persistentDisposition?.unset?.includes('recalled')) {
      if (who === 'authority') open.clear();
      else open.delete(who);
    }
  }
  return [...open.values()].sort((a, b) => timeOf(a) - timeOf(b))[0];
}

/** The statement by which the unit is gone, unless it was used before. What was stolen may be found again. */
export function goneBefore(
  use: EpcisEvent | undefined,
  own: readonly EpcisEvent[],
  facts: Facts,
  custody: Custody,
): EpcisEvent | undefined {
  let gone: EpcisEvent | undefined;
  for (const event of own) {
    if (isRival(event, facts, custody)) continue;
    if (saysGone(event) && (!use || timeOf(event) < timeOf(use))) gone ??= event;
    else if (gone && saysStolen(gone) && event.persistentDisposition?.unset?.includes('stolen'))
      gone = undefined;
  }
  return gone;
}

/** A clinic that never had the unit, and was never to get it, cannot lose it while another clinic has it. */
export function isRival(event: EpcisEvent, facts: Facts, { stays, bound }: Custody): boolean {
  const site = siteOf(event);
  if (site === undefined || !isEnd(roleOf(facts, event))) return false;
  const hadIt = bound.includes(site) || stays.some((stay) => stay.site === site);
  const another = stays.some(
    (stay) => isEnd(facts.parties.find(({ gln }) => gln === stay.site)?.role ?? '') && stay.site !== site,
  );
  return !hadIt && another;
}
