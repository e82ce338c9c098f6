/** What the vault's core does in a browser, timed there: opening, a photo, a permission, and a thousand keys wrapped anew. */
import { toBase64Url } from '@zhenmei/kernel';
import { sealContainer } from '@zhenmei/vault/core/container.ts';
import { masterKey, openContentKey, wrapContentKey } from '@zhenmei/vault/core/content-keys.ts';
import { type Grant, keyThumb, signGrant, subjectOf } from '@zhenmei/vault/core/grants/grant.ts';
import {
  commitDetails,
  type GrantDetails,
  giveFile,
  type Listing,
  sealHalf,
} from '@zhenmei/vault/core/grants/release.ts';
import { createKeyset, type Unlock, unlockKeyset } from '@zhenmei/vault/core/keyset.ts';
import { sealKeys } from '@zhenmei/vault/core/seal.ts';

const random = (length: number) => {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes;
};

/** Milliseconds of the middle of `runs`. */
async function middle(runs: number, work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)]!;
}

export interface BrowserTimes {
  readonly unlock: number;
  readonly photo: number;
  readonly plainPhoto: number;
  readonly grant: number;
  readonly rewrap: number;
}

const PLACE = { compartment: 'face-photos', epoch: 1, object: 'photo', version: 1 } as const;
const ID = '0198f0a0-0000-7000-8000-000000000001';

/** A permission for ten photos, as the patient's device makes it. */
function granting(root: Uint8Array<ArrayBuffer>): () => Promise<void> {
  const clinic = sealKeys(random(32));
  const details: GrantDetails = {
    compartments: ['face-photos'],
    name: 'An',
    visit: null,
    inbox: clinic.publicKey,
  };
  const objects = Array.from({ length: 10 }, (_, i) => `photo-${i}`);
  const listing: Listing = {
    compartment: 'face-photos',
    kind: 'photo',
    title: 'x',
    at: '2026-11-24',
    zones: [],
    mime: 'image/jpeg',
    size: 10,
    stored: 1_000,
  };
  return async () => {
    const salt = random(16);
    const grant: Grant = {
      version: 1,
      id: ID,
      subject: subjectOf(root, ID),
      grantee: { organisation: ID, person: null, keys: [keyThumb(clinic.publicKey)] },
      purpose: 'TREAT',
      actions: ['view'],
      compartments: [],
      objects,
      notBefore: '2026-11-24T00:00:00.000Z',
      notAfter: '2026-12-24T00:00:00.000Z',
      reads: null,
      region: 'CN',
      notice: { id: 'treat', version: '1', hash: toBase64Url(random(32)) },
      receipt: toBase64Url(random(32)),
      details: commitDetails(salt, details),
    };
    const shares = { grantee: random(32), gatekeeper: random(32) };
    await sealHalf(grant, clinic.publicKey, { share: shares.grantee, salt, details }, random);
    for (const object of objects)
      await giveFile(grant, shares, { object, version: 1, contentKey: random(32) }, listing, random);
    signGrant(root, grant);
  };
}

export async function times(): Promise<BrowserTimes> {
  const passkey: Unlock = { kind: 'passkey', id: 'cred', secret: random(32) };
  const { keyset, root } = await createKeyset(passkey, random);
  const photo = random(5_000_000);
  const key = random(32);
  const bare = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']);
  const master = masterKey(root);
  const wrapped = await wrapContentKey(master, PLACE, key, random(12));
  const grant = granting(root);
  await grant();
  return {
    unlock: await middle(15, () => unlockKeyset(keyset, passkey)),
    photo: await middle(15, () => sealContainer(key, PLACE, photo)),
    plainPhoto: await middle(15, () =>
      crypto.subtle.encrypt({ name: 'AES-GCM', iv: random(12) }, bare, photo),
    ),
    grant: await middle(15, grant),
    rewrap: await middle(3, async () => {
      for (let i = 0; i < 1_000; i++) {
        const opened = await openContentKey(master, PLACE, wrapped);
        await wrapContentKey(master, { ...PLACE, epoch: 2 }, opened, random(12));
      }
    }),
  };
}
