/** Where a device keeps what it joined with; private keys cannot be exported. */
import type { Desk } from '@zhenmei/client/desk.ts';

export type OrganisationKind =
  | 'clinic'
  | 'maker'
  | 'distributor'
  | 'lender'
  | 'insurer'
  | 'regulator'
  | 'assessor';

export interface Organisation {
  readonly id: string;
  readonly kind: OrganisationKind;
  readonly name: { readonly zh: string; readonly en: string };
  readonly gln: string;
}

export interface StoredDesk {
  readonly credentialId: string;
  readonly key: CryptoKeyPair;
  readonly point: Uint8Array;
  readonly secret: Uint8Array;
  readonly desk: Pick<Desk, 'organisationId' | 'deviceId' | 'account' | 'signer' | 'rpId' | 'chainId'>;
  readonly gln: string;
  readonly licence: string;
  readonly doctorLicences: Record<string, string>;
  /** Absent where a tablet joined before organisations other than clinics had desks. */
  readonly organisation?: Organisation;
}

/** Key under which the first version kept its only desk. */
const ONLY = 'desk';

function database(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('zhenmei-desk', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('desk');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function store<T>(mode: IDBTransactionMode, work: (s: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await database();
  return new Promise((resolve, reject) => {
    const request = work(db.transaction('desk', mode).objectStore('desk'));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function all(): Promise<StoredDesk[]> {
  return store('readonly', (s) => s.getAll() as IDBRequest<StoredDesk[]>);
}

export const deskStore = {
  all,
  async get(organisationId: string): Promise<StoredDesk | undefined> {
    return (await all()).find(({ desk }) => desk.organisationId === organisationId);
  },
  async put(kept: StoredDesk): Promise<void> {
    const { organisationId } = kept.desk;
    const only = await store('readonly', (s) => s.get(ONLY) as IDBRequest<StoredDesk | undefined>);
    if (only?.desk.organisationId === organisationId) await store('readwrite', (s) => s.delete(ONLY));
    await store('readwrite', (s) => s.put(kept, organisationId));
  },
};
