/** The open vault of the person at this screen: its root stays in memory only. */
import { ApiError } from '@zhenmei/client/api.ts';
import { type PatientIo, type PatientVisit, readVisit } from '@zhenmei/client/patient.ts';
import { identityApi } from '@zhenmei/identity/api.ts';
import { derive, fromBase64Url, fromUtf8, toBase64Url, utf8 } from '@zhenmei/kernel';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { createKeyset, type Unlock, unlockKeyset } from '@zhenmei/vault/core/keyset.ts';
import { openBox, sealBox } from '@zhenmei/vault/core/secret-box.ts';
import { freshId, now, patientApi, random } from './apis.ts';
import { browserPasskey, signInAssertion } from './browser-passkey.ts';

export interface VisitNote {
  readonly id: string;
  readonly index: number;
  readonly clinic: { zh: string; en: string };
  /** Absent in notes of earlier versions. */
  readonly clinicId?: string;
  readonly service: { zh: string; en: string };
  readonly at: string;
}

interface Open {
  readonly root: Uint8Array<ArrayBuffer>;
  visits: VisitNote[];
  revision: number;
}

let open: Open | null = null;
const watchers = new Set<() => void>();
const changed = () => {
  for (const watcher of watchers) watcher();
};
export const watchVault = (watcher: () => void): (() => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};
export const vault = (): Open | null => open;
export const io: PatientIo = { api: patientApi, now, newId: freshId };

export class NeedsPassphrase extends Error {
  readonly credentialId: string;
  constructor(credentialId: string) {
    super('passphrase needed');
    this.credentialId = credentialId;
  }
}

/** One prompt. Throws NeedsPassphrase if the passkey has no PRF; call `finish` with a passphrase then. */
export async function createAccount(): Promise<void> {
  const passkey = browserPasskey();
  const { challenge, rpId } = await patientApi.call(identityApi.challenge, { body: { purpose: 'patient' } });
  const { json, prf } = await passkey.register({ challenge, rpId, userName: 'Zhenmei' });
  await patientApi.call(identityApi.registerPatient, { body: { registration: json } });
  if (!prf) throw new NeedsPassphrase(json.id);
  await finish({ kind: 'passkey', id: json.id, secret: prf });
}

/** Makes the vault, or opens it if there is one. */
export async function finish(unlock: Unlock): Promise<void> {
  const known = await patientApi.call(vaultApi.readKeyset).catch((error: unknown) => {
    if (error instanceof ApiError && error.code === 'KEYSET_UNKNOWN') return null;
    throw error;
  });
  if (known) {
    await openWith(await unlockKeyset(known, unlock));
    return;
  }
  const { keyset, root } = await createKeyset(unlock, random);
  await patientApi.call(vaultApi.writeKeyset, { body: keyset });
  await openWith(root);
}

/** Signs in and opens the vault with the same prompt where PRF is there. */
export async function signIn(): Promise<void> {
  const { challenge, rpId } = await patientApi.call(identityApi.challenge, { body: { purpose: 'sign-in' } });
  const { json, credentialId, prf } = await signInAssertion(challenge, rpId);
  await patientApi.call(identityApi.signIn, { body: { assertion: json } });
  if (!prf) throw new NeedsPassphrase(credentialId);
  await finish({ kind: 'passkey', id: credentialId, secret: prf });
}

export const passphraseUnlock = (text: string): Unlock => ({
  kind: 'passphrase',
  id: 'passphrase',
  secret: utf8(text),
});

export async function signOut(): Promise<void> {
  await patientApi.call(identityApi.signOut).catch(() => undefined);
  (await import('./recalls.ts')).forgetWatched();
  open = null;
  changed();
}

const listKey = (root: Uint8Array) => derive(root, 'zhenmei/vault/visits/1');
const listName = (root: Uint8Array) => toBase64Url(derive(root, 'zhenmei/vault/name/visits', 24));

async function openWith(root: Uint8Array<ArrayBuffer>): Promise<void> {
  const stored = await patientApi
    .call(vaultApi.readObject, { params: { name: listName(root) } })
    .catch((error: unknown) => {
      if (error instanceof ApiError && error.code === 'OBJECT_UNKNOWN') return null;
      throw error;
    });
  const visits = stored
    ? (JSON.parse(
        fromUtf8(await openBox(listKey(root), fromBase64Url(stored.cipher), 'visits')),
      ) as VisitNote[])
    : [];
  open = { root, visits, revision: stored?.revision ?? 0 };
  changed();
  const { watchVisits } = await import('./recalls.ts');
  void watchVisits(visits, async (id) => {
    const visit = patientVisit(id);
    return visit && ((await readVisit(io, visit)).treatment as { unit?: string; lot?: string } | null);
  });
}

/** Index of the next visit: the number of those that were ever made. */
export const nextIndex = (): number => open?.visits.length ?? 0;

export async function rememberVisit(note: VisitNote): Promise<void> {
  if (!open) return;
  const visits = [...open.visits, note];
  const cipher = toBase64Url(
    await sealBox(listKey(open.root), random(12), utf8(JSON.stringify(visits)), 'visits'),
  );
  await patientApi.call(vaultApi.writeObject, {
    params: { name: listName(open.root) },
    body: { revision: open.revision + 1, cipher },
  });
  open = { ...open, visits, revision: open.revision + 1 };
  changed();
}

/** The visit's keys, or null while the vault is locked or does not know it. */
export function patientVisit(id: string): PatientVisit | null {
  const note = open?.visits.find((v) => v.id === id);
  return open && note ? { id, index: note.index, root: open.root } : null;
}
