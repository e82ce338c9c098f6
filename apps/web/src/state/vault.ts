/** The open vault of the person at this screen: its roots stay in memory only. */
import { ApiError } from '@zhenmei/client/api.ts';
import { type PatientIo, type PatientVisit, readVisit } from '@zhenmei/client/patient.ts';
import { addUnlock, joinAccount } from '@zhenmei/client/vault/devices.ts';
import type { VaultIo } from '@zhenmei/client/vault/io.ts';
import { Vault } from '@zhenmei/client/vault/vault.ts';
import { type VisitNote, visitOf } from '@zhenmei/client/vault/visits.ts';
import { identityApi } from '@zhenmei/identity/api.ts';
import { toIso, utf8 } from '@zhenmei/kernel';
import { vaultApi } from '@zhenmei/vault/api.ts';
import type { DeviceSeen } from '@zhenmei/vault/core/contents.ts';
import { assertNotOlder, type Unlock } from '@zhenmei/vault/core/keyset.ts';
import { freshId, now, patientApi, random } from './apis.ts';
import { browserPasskey, signInAssertion } from './browser-passkey.ts';

let open: Vault | null = null;
let stop: () => void = () => undefined;
/** A new value whenever something in the vault changed, so that pages notice. */
let view: { readonly vault: Vault } | null = null;
const watchers = new Set<() => void>();
const changed = () => {
  view = open && { vault: open };
  for (const watcher of watchers) watcher();
};
export const watchVault = (watcher: () => void): (() => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};
export const vaultView = (): { readonly vault: Vault } | null => view;
export const vault = (): Vault | null => open;
export const io: PatientIo = { api: patientApi, now, newId: freshId };
export const vaultIo: VaultIo = { api: patientApi, now, random };

export class NeedsPassphrase extends Error {
  readonly credentialId: string;
  constructor(credentialId: string) {
    super('passphrase needed');
    this.credentialId = credentialId;
  }
}

/** Credential of the passkey with which this page was opened. */
let credential: string | null = null;
export const thisCredential = (): string | null => credential;

/** One prompt. Throws NeedsPassphrase if the passkey has no PRF; call `finish` with a passphrase then. */
export async function createAccount(): Promise<void> {
  const passkey = browserPasskey();
  const { challenge, rpId } = await patientApi.call(identityApi.challenge, { body: { purpose: 'patient' } });
  const { json, prf } = await passkey.register({ challenge, rpId, userName: 'Zhenmei' });
  await patientApi.call(identityApi.registerPatient, { body: { registration: json } });
  credential = json.id;
  if (!prf) throw new NeedsPassphrase(json.id);
  await finish({ kind: 'passkey', id: json.id, secret: prf });
}

/** Makes the vault, or opens it if there is one. */
export async function finish(unlock: Unlock): Promise<void> {
  const known = await patientApi.call(vaultApi.readKeyset).catch((error: unknown) => {
    if (error instanceof ApiError && error.code === 'KEYSET_UNKNOWN') return null;
    throw error;
  });
  if (known) assertNotOlder(known, await seenRevision());
  await show(known ? await Vault.open(vaultIo, known, unlock) : await Vault.create(vaultIo, unlock));
}

const seenKey = async () => `zm-keyset/${(await patientApi.call(identityApi.me)).accountId}`;
async function seenRevision(): Promise<number> {
  return Number(localStorage.getItem(await seenKey()) ?? 0);
}

/** What a person recognises a device by, until another name is given. */
const deviceName = (): string =>
  /iPhone|iPad|Android|Macintosh|Windows|Linux/.exec(navigator.userAgent)?.[0] ?? navigator.platform;

function deviceForm(): DeviceSeen['form'] {
  const agent = navigator.userAgent;
  if (/iPad|Tablet/.test(agent) || (/Android/.test(agent) && !/Mobile/.test(agent))) return 'tablet';
  return /iPhone|Mobile/.test(agent) ? 'phone' : 'computer';
}

/** What this device is and that it was used today, for the person's own list; written once a day. */
async function noteDevice(next: Vault, id: string): Promise<void> {
  const seen: DeviceSeen = { form: deviceForm(), system: deviceName(), on: toIso(now()).slice(0, 10) };
  const { devices, seen: before } = next.contents;
  if (devices[id] && before[id]?.on === seen.on) return;
  await next.update((contents) => ({
    ...contents,
    devices: { [id]: seen.system, ...contents.devices },
    seen: { ...contents.seen, [id]: seen },
  }));
}

async function show(next: Vault): Promise<void> {
  stop();
  open = next;
  if (credential) await noteDevice(next, credential).catch(() => undefined);
  const key = await seenKey();
  const remember = () => {
    localStorage.setItem(key, String(next.keyset.revision));
    changed();
  };
  const unwatch = next.watch(remember);
  remember();
  const stopAnswering = (await import('./pool.ts')).startAnswering(next);
  stop = () => {
    unwatch();
    stopAnswering();
  };
  const { unitsOf, watchVisits } = await import('./recalls.ts');
  void watchVisits(next.visits, async (id) => {
    const visit = patientVisit(id);
    return visit ? unitsOf(await readVisit(io, visit)) : [];
  });
}

/** Signs in and opens the vault with the same prompt where PRF is there. */
export async function signIn(): Promise<void> {
  const { challenge, rpId } = await patientApi.call(identityApi.challenge, { body: { purpose: 'sign-in' } });
  const { json, credentialId, prf } = await signInAssertion(challenge, rpId);
  await patientApi.call(identityApi.signIn, { body: { assertion: json } });
  credential = credentialId;
  if (!prf) throw new NeedsPassphrase(credentialId);
  await finish({ kind: 'passkey', id: credentialId, secret: prf });
}

export const passphraseUnlock = (text: string): Unlock => ({
  kind: 'passphrase',
  id: 'passphrase',
  secret: utf8(text),
});

/**
 * This device joins the account whose root it was given: one prompt.
 * @returns false if its passkey cannot open the vault by itself: then a passphrase is to be set
 */
export async function joinWithRoot(root: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const joined = await joinAccount(vaultIo, browserPasskey(), root);
  credential = joined.credential;
  await show(joined.vault);
  return joined.unlock !== null;
}

/** A passphrase as a further way in. */
export async function setPassphrase(text: string): Promise<void> {
  if (open) await addUnlock(open, passphraseUnlock(text));
}

export async function signOut(): Promise<void> {
  await patientApi.call(identityApi.signOut).catch(() => undefined);
  (await import('./recalls.ts')).forgetWatched();
  stop();
  open = null;
  credential = null;
  changed();
}

/** Index of the next visit: one more than any before. */
export const nextIndex = (): number => 1 + Math.max(-1, ...(open?.visits ?? []).map(({ index }) => index));

export async function rememberVisit(note: Omit<VisitNote, 'generation'>): Promise<void> {
  await open?.rememberVisit({ ...note, generation: open.keyset.generation });
}

/** The visit's keys, or null while the vault is locked or does not know it. */
export function patientVisit(id: string): PatientVisit | null {
  return open && visitOf(open, id);
}
