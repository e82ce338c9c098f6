/** Reading what patients gave, on an organisation's device. */
import { presentSdJwt } from '@zhenmei/identity/core/sd-jwt.ts';
import { AppError, derive, fromBase64Url, toBase64Url, toSeconds } from '@zhenmei/kernel';
import { grantEvents, vaultApi } from '@zhenmei/vault/api.ts';
import type { Reason } from '@zhenmei/vault/core/access/entry.ts';
import { openContainer, openRange } from '@zhenmei/vault/core/container.ts';
import { GRANTEE_AUDIENCE, granteeNonce } from '@zhenmei/vault/core/grants/card.ts';
import {
  type Action,
  acknowledgement,
  assertGrantSigned,
  type Grant,
  keyThumb,
} from '@zhenmei/vault/core/grants/grant.ts';
import {
  type GrantDetails,
  LIST,
  type Listing,
  openFileKey,
  openHalf,
  openListing,
} from '@zhenmei/vault/core/grants/release.ts';
import { SEAL_RANDOM, type SealKeys, sealKeys, sealTo } from '@zhenmei/vault/core/seal.ts';
import { type Api, ApiError, unreached } from '../api.ts';
import type { Clinic } from '../clinic.ts';
import type { Bytes } from './io.ts';

/** The keys to which this device receives records. */
export const deskSealKeys = (clinic: Clinic): SealKeys =>
  sealKeys(derive(clinic.secret, 'zhenmei/desk/seal/v1'));

/** Shows the licence for this device's key, so that patients can give to it. */
export async function registerDeskKey(clinic: Clinic): Promise<void> {
  const { publicKey } = deskSealKeys(clinic);
  const binding = {
    audience: GRANTEE_AUDIENCE,
    nonce: granteeNonce(publicKey),
    at: toSeconds(clinic.now()),
  };
  const presentation = await presentSdJwt(
    clinic.licence,
    ['name', 'departments'],
    binding,
    clinic.desk.device.sign,
  );
  await clinic.desk.api.call(vaultApi.registerGranteeKey, { body: { publicKey, presentation } });
}

/** A grant as this device holds it. */
export interface Received {
  readonly grant: Grant;
  readonly share: Bytes;
  readonly details: GrantDetails;
  readonly used: number;
}

/** What was given and sealed to this device; a grant whose signature or seal does not fit is left out. */
export async function receivedGrants(clinic: Clinic): Promise<{ open: Received[]; elsewhere: number }> {
  const keys = deskSealKeys(clinic);
  const thumb = keyThumb(keys.publicKey);
  const { grants } = await clinic.desk.api.call(vaultApi.deskGrants);
  const open: Received[] = [];
  let elsewhere = 0;
  for (const { grant, signature, sealed, used } of grants) {
    const mine = sealed.find(({ key }) => key === thumb);
    if (!mine) {
      elsewhere++;
      continue;
    }
    try {
      assertGrantSigned(grant, signature);
      open.push({ grant, used, ...(await openHalf(grant, keys, mine.sealed)) });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }
  return { open, elsewhere };
}

export interface Asked {
  readonly reason: Reason;
  /** Doctor for whom it is opened. */
  readonly person: string | null;
  readonly action?: Exclude<Action, 'write'>;
}

async function release(clinic: Clinic, { grant }: Received, object: string, asked: Asked) {
  const key = keyThumb(deskSealKeys(clinic).publicKey);
  const signature = toBase64Url(await clinic.desk.device.sign(acknowledgement(grant)));
  return clinic.desk.api.call(vaultApi.release, {
    params: { id: grant.id },
    body: {
      object,
      action: asked.action ?? 'view',
      purpose: grant.purpose,
      reason: asked.reason,
      person: asked.person,
      acknowledgement: { key, signature },
    },
  });
}

export interface ListedFile extends Listing {
  readonly object: string;
  readonly version: number;
}

/** The list of everything given; opening it stands in the patient's log. Throws the GRANT codes, VAULT_DAMAGED. */
export async function openList(clinic: Clinic, received: Received, asked: Asked): Promise<ListedFile[]> {
  const { part, files } = await release(clinic, received, LIST, { ...asked, action: 'view' });
  const key = fromBase64Url(part);
  return Promise.all(
    files.map(async (file) => ({
      object: file.object,
      version: file.version,
      ...(await openListing(received.grant, received.share, key, file)),
    })),
  );
}

export interface OpenFile {
  readonly read: () => Promise<Bytes>;
  readonly readRange: (from: number, to: number) => Promise<Bytes>;
}

/** One file; opening it stands in the patient's log before its key is here. Throws the GRANT codes, VAULT_DAMAGED. */
export async function openFile(
  clinic: Clinic,
  received: Received,
  { object, version, stored }: ListedFile,
  asked: Asked,
): Promise<OpenFile> {
  const { part, reading, files } = await release(clinic, received, object, asked);
  const file = files.find((f) => f.object === object && f.version === version);
  if (!file || !reading) throw new AppError('GRANT_OBJECT');
  const key = await openFileKey(received.grant, received.share, fromBase64Url(part), file);
  const params = { id: reading };
  const bytes = async (range?: { from: number; to: number }) =>
    (await clinic.desk.api.call(vaultApi.readReleased, { params, ...(range ? { range } : {}) })).bytes;
  const name = { object, version };
  return {
    read: async () => openContainer(key, name, await bytes()),
    readRange: (from, to) => openRange(key, name, stored, (a, b) => bytes({ from: a, to: b }), from, to),
  };
}

/** Puts a file into the patient's vault, sealed to her. Throws the GRANT codes. */
export async function leaveFile(
  clinic: Clinic,
  { grant, details }: Received,
  content: Bytes,
  { reason, person }: Asked,
): Promise<void> {
  const sealed = await sealTo(details.inbox, content, `grant/${grant.id}`, clinic.random(SEAL_RANDOM));
  const body = { sealed, purpose: grant.purpose, reason, person };
  await clinic.desk.api.call(vaultApi.leaveUnder, { params: { id: grant.id }, body });
}

/**
 * Waits until a grant has ended, while something of it is on the screen.
 * @param heard called with each sign that the server still knows
 * Throws ApiError with the server's code, or NETWORK. @returns false if only the connection ended
 */
export async function untilEnded(
  api: Api,
  id: string,
  signal: AbortSignal,
  heard: () => void = () => undefined,
): Promise<boolean> {
  let text = '';
  for await (const part of api.stream(grantEvents.path.replace(':id', id), signal)) {
    // a state, or a heartbeat; that the connection was made says nothing yet
    if (/^(data)?:/m.test(part)) heard();
    text = (text + part).slice(-1_000);
    if (/^data: .*"ended"/m.test(text)) return true;
  }
  return false;
}

export interface Waits {
  /** Before a lost connection is made again. */
  pause(): Promise<unknown>;
  /** Ends when nothing may have been heard for longer than this; its signal says that something was. */
  silence(signal: AbortSignal): Promise<unknown>;
}

/**
 * The same, with a lost connection made again after a pause; also if the server is away for a moment.
 * Throws ApiError if the server refuses, or is not heard for too long: then nobody here learns of the end.
 * @returns false if the signal ended it
 */
export async function watchEnd(
  api: Api,
  id: string,
  signal: AbortSignal,
  { pause, silence }: Waits,
): Promise<boolean> {
  const stop = new AbortController();
  let why: unknown = unreached(null);
  let quiet = new AbortController();
  const heard = () => {
    quiet.abort();
    const mine = new AbortController();
    quiet = mine;
    void silence(mine.signal).then(() => {
      if (!mine.signal.aborted) stop.abort();
    });
  };
  const leave = () => stop.abort();
  signal.addEventListener('abort', leave);
  heard();
  try {
    while (!signal.aborted && !stop.signal.aborted) {
      try {
        if (await untilEnded(api, id, stop.signal, heard)) return true;
      } catch (error) {
        if (!stop.signal.aborted) {
          if (!(error instanceof ApiError && error.retryable)) throw error;
          why = error;
        }
      }
      if (!stop.signal.aborted) await pause();
    }
    if (signal.aborted) return false;
    throw why;
  } finally {
    signal.removeEventListener('abort', leave);
    quiet.abort();
  }
}
