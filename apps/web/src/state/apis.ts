/** One API for each seat, and the house's own time (the demo can move it). */
import { Api } from '@zhenmei/client/api.ts';
import { newId } from '@zhenmei/kernel';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { useSyncExternalStore } from 'react';
import { language, showTimesOf } from '../shell/words.ts';
import { keepAsking } from './keep-asking.ts';
import { isReachable, reachingFetch, watchReach } from './reach.ts';

export const random = (length: number): Uint8Array<ArrayBuffer> =>
  crypto.getRandomValues(new Uint8Array(length));
export const freshId = (): string => newId(Date.now(), random(10));

const make = (seat: 'patient' | 'desk') =>
  new Api({ baseUrl: '', seat, lang: language, newKey: freshId, fetch: reachingFetch });
export const patientApi = make('patient');
export const deskApi = make('desk');

let offset = 0;
/** Milliseconds since the epoch, by the server's clock. */
export const now = (): number => Date.now() + offset;

const watchers = new Set<() => void>();
const watchClock = (watcher: () => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

let timesAsked = 0;
let answered = 0;

export async function syncClock(): Promise<void> {
  const asked = ++timesAsked;
  const { now: server, timeZone } = await patientApi.call(houseApi.readConfig);
  // an older answer that comes late would set the clock back to before the time was moved
  if (asked < answered) return;
  answered = asked;
  offset = Date.parse(server) - Date.now();
  showTimesOf(timeZone);
  for (const watcher of watchers) watcher();
}

/**
 * The time, where what is shown depends on it: drawn again whenever the clock was set: each minute while the house is
 * reached, and at once when the demo moved it. Nothing else that is shown needs to have changed.
 */
export function useNow(): number {
  useSyncExternalStore(watchClock, () => answered);
  return now();
}

/**
 * The house's time from now on: asked for each minute, sooner while nobody answers, and at once when somebody comes back to
 * the page or the network does. Until then the time known stays; before the first answer no date says how far away it is.
 */
export function keepClock(): void {
  const asking = keepAsking(async () => {
    if (document.visibilityState === 'visible') await syncClock();
  });
  document.addEventListener('visibilitychange', asking.now);
  watchReach(() => {
    if (isReachable()) asking.now();
  });
}
