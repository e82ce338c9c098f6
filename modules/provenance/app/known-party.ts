/** A site as a verdict knows it. */
import type { KnownParty } from '../core/party.ts';
import type { Site } from '../ports.ts';

/** A signature is kept only if its device was in use when it came, so those of devices that ended since count. */
export const knownParty = ({ gln, kind, licensedForToxin, keys, pastKeys }: Site): KnownParty => ({
  gln,
  role: kind,
  licensedForToxin,
  keys: keys && [...keys, ...(pastKeys ?? [])],
});
