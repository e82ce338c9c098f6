/** One API for each seat, and the house's own time (the demo can move it). */
import { Api } from '@zhenmei/client/api.ts';
import { newId } from '@zhenmei/kernel';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { language, showTimesOf } from '../shell/words.ts';
import { reachingFetch } from './reach.ts';

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

export async function syncClock(): Promise<void> {
  const { now: server, timeZone } = await patientApi.call(houseApi.readConfig);
  offset = Date.parse(server) - Date.now();
  showTimesOf(timeZone);
}

const CLOCK_MS = 60_000;

/** The house's time from now on: asked for each minute, and when somebody comes back to the page. Without a network the time known stays. */
export function keepClock(): void {
  const ask = () => {
    if (document.visibilityState === 'visible') void syncClock().catch(() => undefined);
  };
  ask();
  setInterval(ask, CLOCK_MS);
  document.addEventListener('visibilitychange', ask);
}
