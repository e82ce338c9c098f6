/** This tablet: its keys and licences, kept in the browser's own database; private keys cannot be exported. */
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { type Desk, joinDesk } from '@zhenmei/client/desk.ts';
import { identityApi } from '@zhenmei/identity/api.ts';
import { webCryptoSigner } from '@zhenmei/identity/core/jws.ts';
import { demoApi } from '@zhenmei/server/api/contract.ts';
import { deskApi, now, random } from './apis.ts';
import { browserPasskey } from './browser-passkey.ts';

interface Stored {
  readonly credentialId: string;
  readonly key: CryptoKeyPair;
  readonly point: Uint8Array;
  readonly secret: Uint8Array;
  readonly desk: Pick<Desk, 'organisationId' | 'deviceId' | 'account' | 'signer' | 'rpId' | 'chainId'>;
  readonly gln: string;
  readonly licence: string;
  readonly doctorLicences: Record<string, string>;
}

export interface StockItem {
  readonly unit: string;
  readonly lot: string;
  readonly gtin: string;
}

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

function clinicOf(kept: Stored): Clinic {
  const desk: Desk = {
    ...kept.desk,
    api: deskApi,
    device: { point: kept.point, sign: webCryptoSigner(kept.key.privateKey) },
    authenticator: browserPasskey(kept.credentialId),
  };
  return {
    desk,
    secret: kept.secret,
    licence: kept.licence,
    doctorLicences: kept.doctorLicences,
    gln: kept.gln,
    now,
    random,
  };
}

/** The clinic this tablet belongs to, or null: not joined, or its session has ended. */
export async function currentClinic(): Promise<Clinic | null> {
  const kept = await store<Stored | undefined>(
    'readonly',
    (s) => s.get('desk') as IDBRequest<Stored | undefined>,
  );
  if (!kept) return null;
  const me = await deskApi.call(identityApi.me).catch(() => null);
  return me ? clinicOf(kept) : null;
}

/** Joins the demo clinic: one passkey prompt, then licences for this tablet's key. */
export async function joinDemoClinic(): Promise<Clinic> {
  const { invitation } = await deskApi.call(demoApi.inviteDesk);
  const key = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', key.publicKey));
  const authenticator = browserPasskey();
  const desk = await joinDesk(
    deskApi,
    authenticator,
    { point, sign: webCryptoSigner(key.privateKey) },
    invitation,
    'Zhenmei desk',
  );
  const { clinicLicence, doctors } = await deskApi.call(demoApi.equipDesk);
  const me = await deskApi.call(identityApi.me);
  const { organisationId, deviceId, account, signer, rpId, chainId } = desk;
  const kept: Stored = {
    credentialId: authenticator.credentialId() ?? '',
    key,
    point,
    secret: random(32),
    desk: { organisationId, deviceId, account, signer, rpId, chainId },
    gln: me.organisation?.gln ?? '',
    licence: clinicLicence,
    doctorLicences: Object.fromEntries(doctors.map((d) => [d.id, d.licence])),
  };
  await store('readwrite', (s) => s.put(kept, 'desk'));
  return clinicOf(kept);
}

export async function stock(): Promise<StockItem[]> {
  return (await deskApi.call(demoApi.equipDesk)).stock;
}
