/** A patient, a clinic and what passes between them, as their devices do it: for the tests of this folder. */
import { toBase64Url, toIso } from '@zhenmei/kernel';
import { accessLogKey } from '../core/access/entry.ts';
import { noticeFor, noticeHash } from '../core/consent/notices.ts';
import { giveConsent, receiptHash } from '../core/consent/receipt.ts';
import { signReceipt } from '../core/consent/signatures.ts';
import { granteeNonce } from '../core/grants/card.ts';
import {
  type Grant,
  keyThumb,
  type Purpose,
  signGrant,
  subjectOf,
  subjectSecret,
} from '../core/grants/grant.ts';
import {
  commitDetails,
  type GivenFile,
  type GrantDetails,
  giveFile,
  type Listing,
  openFileKey,
  openHalf,
  sealHalf,
} from '../core/grants/release.ts';
import { sealKeys } from '../core/seal.ts';
import { idOf, type Rig, random } from './rig.property.ts';

const DAY = 86_400_000;
export const clinicKeys = sealKeys(random(32));

/** The clinic's tablet registers its key; `who` is e.g. `desk:clinic`. */
export async function registerClinic(rig: Rig, who = 'desk:clinic', keys = clinicKeys): Promise<void> {
  const presentation = `${who.slice(5)} ${granteeNonce(keys.publicKey)}`;
  await rig.as('registerGranteeKey', who, { body: { publicKey: keys.publicKey, presentation } });
}

export interface Person {
  readonly name: string;
  readonly root: Uint8Array<ArrayBuffer>;
  readonly logKey: Uint8Array<ArrayBuffer>;
}

/** A vault whose access log has begun. */
export async function newPerson(rig: Rig, name: string, root = random(32)): Promise<Person> {
  const logKey = accessLogKey(root);
  await rig.as('openAccessLog', name, { body: { key: toBase64Url(logKey) } });
  return { name, root, logKey };
}

export interface Kept {
  readonly object: string;
  readonly version: number;
  readonly contentKey: Uint8Array<ArrayBuffer>;
  readonly content: Uint8Array<ArrayBuffer>;
}

/** An object in the vault; its content stands for a container here. */
export async function keep(rig: Rig, person: Person, object: string, compartment = 'label'): Promise<Kept> {
  const content = random(1_000);
  const body = { revision: 1, cipher: toBase64Url(content), compartment, wrappedKey: 'AAAA' };
  await rig.as('writeObject', person.name, { params: { name: object }, body });
  return { object, version: 1, contentKey: random(32), content };
}

const listing: Listing = {
  compartment: 'face-photos',
  kind: 'photo',
  title: '正面',
  at: '2026-11-24',
  zones: [],
  mime: 'image/jpeg',
  size: 10,
  stored: 1_000,
};

export interface Made {
  readonly grant: Grant;
  readonly signature: string;
  readonly share: string;
  readonly sealed: { key: string; sealed: string }[];
  readonly files: GivenFile[];
  readonly shares: { grantee: Uint8Array<ArrayBuffer>; gatekeeper: Uint8Array<ArrayBuffer> };
}

let count = 0;
/** What the patient's device makes and sends. */
export async function makeGrant(
  rig: Rig,
  person: Person,
  kept: readonly Kept[],
  change: Partial<Grant> = {},
): Promise<Made> {
  const organisation = change.grantee?.organisation ?? idOf('clinic');
  const purpose: Purpose = change.purpose ?? 'TREAT';
  const notice = noticeFor(purpose, rig.clock.at);
  const now = rig.clock.at;
  const until = toIso(now + 30 * DAY);
  const subject = subjectOf(person.root, organisation);
  const agreed = giveConsent({
    recordId: idOf(`r${++count}`),
    subject,
    notice,
    language: 'zh-CN',
    compartments: ['face-photos'],
    controller: { id: organisation, name: { zh: '梅园', en: 'Plum' } },
    processing: ['view'],
    region: 'CN',
    until: change.notAfter ?? until,
    at: toIso(now),
  });
  const receipt = signReceipt(agreed, subjectSecret(person.root, organisation));
  const details: GrantDetails = {
    receipt,
    compartments: ['face-photos'],
    name: person.name,
    visit: null,
    inbox: clinicKeys.publicKey,
  };
  const salt = random(16);
  const grant: Grant = {
    version: 1,
    id: idOf(`g${++count}`),
    subject,
    grantee: { organisation, person: null, keys: [keyThumb(clinicKeys.publicKey)] },
    purpose,
    actions: ['view'],
    compartments: [],
    objects: kept.map(({ object }) => object),
    notBefore: toIso(now),
    notAfter: until,
    reads: null,
    region: 'CN',
    notice: { id: notice.id, version: notice.version, hash: noticeHash(notice) },
    receipt: receiptHash(receipt),
    details: commitDetails(salt, details),
    ...change,
  };
  const shares = { grantee: random(32), gatekeeper: random(32) };
  const half = { share: shares.grantee, salt, details };
  const sealed = await sealHalf(grant, clinicKeys.publicKey, half, random);
  const files = await Promise.all(kept.map((file) => giveFile(grant, shares, file, listing, random)));
  return {
    grant,
    signature: signGrant(person.root, grant),
    share: toBase64Url(shares.gatekeeper),
    sealed: [{ key: grant.grantee.keys[0]!, sealed }],
    files,
    shares,
  };
}

export async function give(
  rig: Rig,
  person: Person,
  { grant, signature, share, sealed, files }: Made,
  more: object = {},
): Promise<string> {
  const body = { grant, signature, share, sealed, files };
  await rig.as('giveGrant', person.name, { body: { ...body, ...more } });
  return body.grant.id;
}

export const asking = (object: string, change: object = {}) => ({
  object,
  action: 'view',
  purpose: 'TREAT',
  reason: 'visit',
  person: null,
  ...change,
});

/** On the clinic's tablet: from the release to the key of the file. */
export async function openOne(
  rig: Rig,
  id: string,
  object: string,
  who = 'desk:clinic',
): Promise<{ key: Uint8Array; bytes: Uint8Array; reading: string }> {
  const { grants } = await rig.as('deskGrants', who);
  const mine = grants.find(({ grant }) => grant.id === id)!;
  const { share } = await openHalf(mine.grant, clinicKeys, mine.sealed[0]!.sealed);
  const released = await rig.as('release', who, { params: { id }, body: asking(object) });
  const part = new Uint8Array(Buffer.from(released.part, 'base64url'));
  const key = await openFileKey(mine.grant, share, part, released.files[0]!);
  const { bytes } = await rig.as('readReleased', who, { params: { id: released.reading! } });
  return { key, bytes, reading: released.reading! };
}
