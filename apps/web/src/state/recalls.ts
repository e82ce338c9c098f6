/** Compares the public list of recalls with what was used on the person of this device. Asks for it as everybody does. */
import {
  emptyFeed,
  type FeedCopy,
  type FeedIo,
  keptFeed,
  syncFeed,
  touching,
  type Watched,
  watched,
} from '@zhenmei/client/recalls.ts';
import { AppError, toHex } from '@zhenmei/kernel';
import { now, random } from './apis.ts';
import { recalls, setRecalls } from './recall-store.ts';

/** Milliseconds between two looks: a recall is known within a minute of its publication. */
const EVERY = 40_000;
const FEED = 'zm-feed';
const WATCH = 'zm-watch';

interface Watch {
  readonly salt: string;
  readonly units: readonly Watched[];
}

let copy: FeedCopy = emptyFeed();
let trust: FeedIo['trust'] | null = null;
let running: Promise<void> | null = null;

function kept<T>(name: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(name) ?? 'null') as T | null;
  } catch {
    // what cannot be read is made anew
    return null;
  }
}

function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // a full or closed store only means that more is fetched next time
  }
}

const watch = (): Watch => kept<Watch>(WATCH) ?? { salt: '', units: [] };

/** Without cookies, parameters or anything else that is of this person. */
async function get(path: string): Promise<unknown> {
  const reply = await fetch(path, {
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    cache: path.endsWith('/head') ? 'no-cache' : 'default',
  });
  if (!reply.ok) throw new Error(`HTTP ${reply.status}`);
  return reply.json();
}

async function feedTrust(): Promise<FeedIo['trust']> {
  const file = (await get('/zhenmei-trust.json')) as { logs: FeedIo['trust'][] };
  const found = file.logs.find(({ origin }) => origin.endsWith('/recalls'));
  if (!found) throw new Error('the trust file names no feed');
  return found;
}

function compare(trouble: 'away' | 'false' | null, checkedAt: number | null): void {
  const { salt, units } = watch();
  setRecalls({
    touched: touching(copy.entries, salt, units),
    checkedAt,
    trouble,
    unread,
  });
}

async function look(): Promise<void> {
  try {
    trust ??= await feedTrust();
    const next = await syncFeed(
      { trust, head: () => get('/recalls/head'), range: (from, to) => get(`/recalls/${from}/${to}`) },
      copy,
    );
    if (next !== copy) keep(FEED, next.entries);
    copy = next;
    await readUnwatched();
    compare(null, now());
  } catch (error) {
    const { checkedAt } = recalls();
    compare(error instanceof AppError ? 'false' : 'away', checkedAt);
  }
}

export function lookForRecalls(): Promise<void> {
  running ??= look().finally(() => {
    running = null;
  });
  return running;
}

/** Looks now, whenever the page is looked at again, and in between. */
export function startRecalls(): void {
  copy = keptFeed(kept(FEED));
  void lookForRecalls();
  setInterval(() => {
    if (document.visibilityState === 'visible') void lookForRecalls();
  }, EVERY);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void lookForRecalls();
  });
}

/** From now on this device knows that a unit was used in a visit: as digests under a salt of its own. */
export function watchUnit(visit: string, unit: string, lot: string): void {
  const { salt: known, units } = watch();
  if (units.some((one) => one.visit === visit)) return;
  const salt = known || toHex(random(16));
  keep(WATCH, { salt, units: [...units, watched(salt, visit, unit, lot)] });
  const { trouble, checkedAt } = recalls();
  compare(trouble, checkedAt);
}

type TreatmentOf = (id: string) => Promise<{ unit?: string; lot?: string } | null>;
let unwatched: { readonly visits: readonly { readonly id: string }[]; readonly treatmentOf: TreatmentOf } = {
  visits: [],
  treatmentOf: async () => null,
};
/** How many of them could not be read when it was tried. */
let unread = 0;

/** Reads each once; a visit that could not be read is tried again at the next look, and counted until then. */
async function readUnwatched(): Promise<void> {
  const { visits, treatmentOf } = unwatched;
  const known = new Set(watch().units.map(({ visit }) => visit));
  const left: { readonly id: string }[] = [];
  for (const visit of visits.filter(({ id }) => !known.has(id))) {
    try {
      const used = await treatmentOf(visit.id);
      if (used?.unit && used.lot) watchUnit(visit.id, used.unit, used.lot);
    } catch {
      // the page of a recall says that this one was not compared
      left.push(visit);
    }
  }
  if (unwatched.visits !== visits) return;
  unwatched = { visits: left, treatmentOf };
  unread = left.length;
}

/** Visits whose unit this device may not know yet: a device that is new, or was off when the unit was opened. */
export async function watchVisits(
  visits: readonly { readonly id: string }[],
  treatmentOf: TreatmentOf,
): Promise<void> {
  unwatched = { visits, treatmentOf };
  await readUnwatched();
  const { trouble, checkedAt } = recalls();
  compare(trouble, checkedAt);
}

/** Signing out leaves nothing of the person on this device. */
export function forgetWatched(): void {
  unwatched = { visits: [], treatmentOf: async () => null };
  unread = 0;
  localStorage.removeItem(WATCH);
  compare(recalls().trouble, recalls().checkedAt);
}
