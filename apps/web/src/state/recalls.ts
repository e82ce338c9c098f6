/** Compares the public list of recalls with what was used on the person of this device. Asks for it as everybody does. */
import type { VisitView } from '@zhenmei/care/api.ts';
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
  const salt = known || toHex(random(16));
  const used = watched(salt, visit, unit, lot);
  // in a course each session opens another
  if (units.some((one) => one.visit === visit && one.unit === used.unit && one.lot === used.lot)) return;
  keep(WATCH, { salt, units: [...units, used] });
  const { trouble, checkedAt } = recalls();
  compare(trouble, checkedAt);
}

/** Everything that was opened in a visit: one unit, or in a course one for each session. */
export function unitsOf({ treatment, parts }: VisitView): readonly Opened[] {
  const now = treatment as { unit?: string; lot?: string } | null;
  return [...(parts?.list ?? []), now].flatMap((one) =>
    one?.unit && one.lot ? [{ unit: one.unit, lot: one.lot }] : [],
  );
}

interface Opened {
  readonly unit: string;
  readonly lot: string;
}
interface Visited {
  readonly id: string;
  readonly sessions?: number;
}
type UnitsIn = (id: string) => Promise<readonly Opened[]>;
let unwatched: { readonly visits: readonly Visited[]; readonly unitsIn: UnitsIn } = {
  visits: [],
  unitsIn: async () => [],
};
/** How many of them could not be read when it was tried. */
let unread = 0;

/** Reads each once; a visit that could not be read is tried again at the next look, and counted until then. */
async function readUnwatched(): Promise<void> {
  const { visits, unitsIn } = unwatched;
  const known = new Set(watch().units.map(({ visit }) => visit));
  const left: Visited[] = [];
  for (const visit of visits.filter(({ id, sessions = 1 }) => sessions > 1 || !known.has(id))) {
    try {
      for (const { unit, lot } of await unitsIn(visit.id)) watchUnit(visit.id, unit, lot);
    } catch {
      // the page of a recall says that this one was not compared
      left.push(visit);
    }
  }
  if (unwatched.visits !== visits) return;
  unwatched = { visits: left, unitsIn };
  unread = left.length;
}

/** Visits whose unit this device may not know yet: a device that is new, or was off when the unit was opened. */
export async function watchVisits(visits: readonly Visited[], unitsIn: UnitsIn): Promise<void> {
  unwatched = { visits, unitsIn };
  await readUnwatched();
  const { trouble, checkedAt } = recalls();
  compare(trouble, checkedAt);
}

/** Signing out leaves nothing of the person on this device. */
export function forgetWatched(): void {
  unwatched = { visits: [], unitsIn: async () => [] };
  unread = 0;
  localStorage.removeItem(WATCH);
  compare(recalls().trouble, recalls().checkedAt);
}
