/** The certificates of this device: what a person took, and what a desk holds. Keys cannot be exported. */
import {
  decline,
  held,
  openRequest,
  readOffer,
  show,
  takeOffer,
  type WalletCredential,
  type WalletIo,
  type WalletKey,
} from '@zhenmei/client/wallet.ts';
import { parseTrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { CREDENTIAL_TYPES, type CredentialName, kindOf } from '@zhenmei/identity/core/catalogue.ts';
import { webCryptoAgreement } from '@zhenmei/identity/core/jwe.ts';
import { parseJwk, pointJwk } from '@zhenmei/identity/core/jwk.ts';
import { webCryptoSigner } from '@zhenmei/identity/core/jws.ts';
import { readSdJwt } from '@zhenmei/identity/core/sd-jwt.ts';
import { statusReference } from '@zhenmei/identity/core/status-check.ts';
import type { IssuerTrust } from '@zhenmei/identity/core/verify-credential.ts';
import { trustedIssuers } from '@zhenmei/verifier/issuers.ts';
import { now, random } from './apis.ts';
import { deskStore } from './desk-store.ts';

interface Kept {
  readonly token: string;
  readonly pair: CryptoKeyPair;
}

function database(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('zhenmei-wallet', 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('certificates', { autoIncrement: true });
      request.result.createObjectStore('snapshot');
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function store<T>(
  name: 'certificates' | 'snapshot',
  mode: IDBTransactionMode,
  work: (s: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const db = await database();
  return new Promise((resolve, reject) => {
    const request = work(db.transaction(name, mode).objectStore(name));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** From the network, else as it was the last time, so that a badge is checked without one. */
async function lately(url: string): Promise<string | null> {
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(String(response.status));
    const text = await response.text();
    await store('snapshot', 'readwrite', (s) => s.put(text, url));
    return text;
  } catch {
    return (await store('snapshot', 'readonly', (s) => s.get(url) as IDBRequest<string | undefined>)) ?? null;
  }
}

export async function trustNow(): Promise<IssuerTrust[]> {
  const text = await lately('/zhenmei-trust.json');
  return text === null ? [] : trustedIssuers(parseTrustFile(text));
}

export async function listsOf(tokens: readonly string[]): Promise<Record<string, string>> {
  const uris = tokens.flatMap((token) => statusReference(readSdJwt(token).claims)?.uri ?? []);
  const found = await Promise.all([...new Set(uris)].map(async (uri) => [uri, await lately(uri)] as const));
  return Object.fromEntries(found.filter((one): one is readonly [string, string] => one[1] !== null));
}

const PAIR = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const keyOf = async (pair: CryptoKeyPair): Promise<WalletKey> => ({
  jwk: parseJwk(await crypto.subtle.exportKey('jwk', pair.publicKey)),
  sign: webCryptoSigner(pair.privateKey),
});

const made = new Map<string, CryptoKeyPair>();

const io: WalletIo = {
  fetch: (url, init) => fetch(url, init),
  now,
  newKey: async () => {
    const pair = await crypto.subtle.generateKey(PAIR, false, ['sign', 'verify']);
    const key = await keyOf(pair);
    made.set(key.jwk.x, pair);
    return key;
  },
  newAgreement: async () =>
    webCryptoAgreement(
      await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']),
    ),
  random,
  trust: async (tokens) => ({ issuers: await trustNow(), statusLists: await listsOf(tokens) }),
};

/** Everything that this device could show. */
export async function walletCredentials(): Promise<WalletCredential[]> {
  const taken = await store('certificates', 'readonly', (s) => s.getAll() as IDBRequest<Kept[]>);
  const own = await Promise.all(taken.map(async ({ token, pair }) => held(token, await keyOf(pair))));
  const desks = (await deskStore.all()).flatMap(({ licence, doctorLicences, key, point }) => {
    const device = { jwk: pointJwk(point), sign: webCryptoSigner(key.privateKey) };
    return [licence, ...Object.values(doctorLicences)].filter(Boolean).map((token) => held(token, device));
  });
  return [...own, ...desks];
}

export const offerOf = (uri: string) => readOffer(io, uri);

export async function accept(offer: Awaited<ReturnType<typeof readOffer>>, code: string): Promise<number> {
  const kind = kindOf(CREDENTIAL_TYPES[offer.kind as CredentialName]);
  const copies = Math.min(offer.batch, kind?.copies ?? 1);
  const taken = await takeOffer(io, offer, copies, offer.needsCode ? code : undefined);
  for (const { token, key } of taken)
    await store('certificates', 'readwrite', (s) => s.add({ token, pair: made.get(key.jwk.x)! }));
  return taken.length;
}

export const requestOf = async (uri: string) => openRequest(io, uri, await trustNow());
export const showTo: (
  ...args: Parameters<typeof show> extends [unknown, ...infer R] ? R : never
) => Promise<void> = (request, showings) => show(io, request, showings);
export const declineTo = (request: Parameters<typeof decline>[1]) => decline(io, request);
