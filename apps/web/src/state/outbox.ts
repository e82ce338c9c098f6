/** Scans on their way to the server: kept in the browser's own database, delivered in order, also after a day without network. */

import type { GoodsInView } from '@zhenmei/care/core/stock-views.ts';
import { Api, ApiError } from '@zhenmei/client/api.ts';
import type { Desk } from '@zhenmei/client/desk.ts';
import { type SignedScan, sendScan } from '@zhenmei/client/stock.ts';

interface Kept {
  readonly organisationId: string;
  readonly scan: SignedScan;
}

function database(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('zhenmei-outbox', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('scans', { autoIncrement: true });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function store<T>(mode: IDBTransactionMode, work: (s: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await database();
  try {
    return await new Promise((resolve, reject) => {
      const request = work(db.transaction('scans', mode).objectStore('scans'));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } finally {
    db.close();
  }
}

export const keepScan = (organisationId: string, scan: SignedScan): Promise<IDBValidKey> =>
  store('readwrite', (s) => s.add({ organisationId, scan } satisfies Kept));

export interface Waiting {
  readonly key: IDBValidKey;
  readonly scan: SignedScan;
}

/** In the order in which they were made. */
export async function waitingScans(organisationId: string): Promise<Waiting[]> {
  const [keys, all] = [
    await store('readonly', (s) => s.getAllKeys()),
    await store('readonly', (s) => s.getAll() as IDBRequest<Kept[]>),
  ];
  return all.flatMap((kept, i) =>
    kept.organisationId === organisationId ? [{ key: keys[i]!, scan: kept.scan }] : [],
  );
}

export const dropScan = (key: IDBValidKey): Promise<undefined> =>
  store('readwrite', (s) => s.delete(key)) as Promise<undefined>;

export interface Delivery {
  onAnswer(answers: readonly GoodsInView[]): void;
}

/** Away for a moment, or signed out: the scan itself is not at fault. */
const LATER = new Set([0, 401, 408, 425, 429, 500, 502, 503, 504]);

/**
 * Delivers what waits, the oldest first; stops at the first that cannot be delivered now.
 * @returns what keeps it, or null when nothing waits any more. Throws the refusal of a scan that will never be taken.
 */
export async function deliver(desk: Desk, { onAnswer }: Delivery): Promise<ApiError | null> {
  const quick = { ...desk, api: new Api({ ...desk.api.options, patience: 0 }) };
  for (const { key, scan } of await waitingScans(desk.organisationId)) {
    try {
      const answers = await sendScan(quick, scan);
      await dropScan(key);
      onAnswer(answers);
    } catch (error) {
      if (error instanceof ApiError && LATER.has(error.status)) return error;
      throw error;
    }
  }
  return null;
}
