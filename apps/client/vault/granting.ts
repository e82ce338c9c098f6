/** Giving and taking back, on the patient's device. */
import { p256 } from '@noble/curves/nist.js';
import {
  AppError,
  canonicalJson,
  derive,
  fromBase64Url,
  fromHex,
  fromUtf8,
  newId,
  strictJson,
  toBase64Url,
  toIso,
  utf8,
} from '@zhenmei/kernel';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { accessLogKey } from '@zhenmei/vault/core/access/entry.ts';
import { noticeFor, noticeHash, noticeOf } from '@zhenmei/vault/core/consent/notices.ts';
import {
  assertReceiptCovers,
  type ConsentReceipt,
  giveConsent,
  readReceipt,
  receiptHash,
  withdrawn,
} from '@zhenmei/vault/core/consent/receipt.ts';
import { signReceipt } from '@zhenmei/vault/core/consent/signatures.ts';
import { type Compartment, masterKey } from '@zhenmei/vault/core/content-keys.ts';
import { epochOf, type GrantNote, type Item } from '@zhenmei/vault/core/contents.ts';
import {
  type Action,
  acknowledgement,
  type Grant,
  keyThumb,
  type Purpose,
  signGrant,
  subjectOf,
  subjectSecret,
} from '@zhenmei/vault/core/grants/grant.ts';
import {
  commitDetails,
  type GivenFile,
  type GrantDetails,
  giveFile,
  sealHalf,
} from '@zhenmei/vault/core/grants/release.ts';
import { openSealed, type SealKeys, sealKeys } from '@zhenmei/vault/core/seal.ts';
import type { Bytes } from './io.ts';
import { type ProvenCard, provenCards } from './trust.ts';
import type { Vault } from './vault.ts';

const FILES_AT_ONCE = 200;

export interface Permission {
  readonly organisation: { readonly id: string; readonly name: { readonly zh: string; readonly en: string } };
  /** One doctor, or null for whoever works there. */
  readonly person: string | null;
  readonly purpose: Purpose;
  readonly actions: readonly Action[];
  readonly compartments: readonly Compartment[];
  readonly objects: readonly string[];
  /** RFC 3339. */
  readonly until: string;
  readonly reads: number | null;
  readonly region: string;
  readonly language: 'zh-CN' | 'en';
  /** The notice that was on the screen; the newest unless told. */
  readonly notice?: { readonly id: string; readonly version: string };
  /** How the person wants to be called there. */
  readonly name: string;
  readonly visit: string | null;
  /** Grant that this one renews or narrows. */
  readonly replaces?: string;
}

/** Begins the access log; doing it again changes nothing. */
export async function openAccessLog(vault: Vault): Promise<void> {
  const key = toBase64Url(logKeyOf(vault));
  await vault.io.api.call(vaultApi.openAccessLog, { body: { key } });
}

/** The log keeps the key of the first root, whatever roots come later. */
export const logKeyOf = (vault: Vault): Bytes => accessLogKey(masterKey(vault.roots[0]!));

const inboxOf = (root: Bytes, organisation: string): SealKeys =>
  sealKeys(derive(root, `zhenmei/grant/inbox/v1/${organisation}`));

export const covered = (items: readonly Item[], given: Pick<Permission, 'compartments' | 'objects'>) =>
  items.filter((i) => given.compartments.includes(i.compartment) || given.objects.includes(i.object));

/**
 * Agrees to the notice of the purpose, and gives. The receipt is kept in the vault.
 * Throws GRANTEE_UNKNOWN, GRANTEE_NOT_PROVEN, TRUST_CHANGED, CONSENT_NOTICE_UNKNOWN.
 */
export async function givePermission(vault: Vault, permission: Permission): Promise<Grant> {
  const { io, root } = vault;
  const { organisation, purpose } = permission;
  const cards = await provenCards(vault, organisation.id);
  const now = io.now();
  const id = newId(now, io.random(10));
  const subject = subjectOf(root, organisation.id);
  const notice = permission.notice
    ? noticeOf(permission.notice.id, permission.notice.version)
    : noticeFor(purpose, now);
  const files = covered(vault.contents.items, permission);
  const categories = [...new Set([...permission.compartments, ...files.map((i) => i.compartment)])];
  const agreed = giveConsent({
    recordId: newId(now, io.random(10)),
    subject,
    notice,
    language: permission.language,
    compartments: categories,
    controller: organisation,
    processing: [...permission.actions],
    region: permission.region,
    until: permission.until,
    at: toIso(now),
  });
  const receipt = signReceipt(agreed, subjectSecret(root, organisation.id));
  const details: GrantDetails = {
    compartments: [...permission.compartments],
    name: permission.name,
    visit: permission.visit,
    inbox: inboxOf(root, organisation.id).publicKey,
    receipt,
  };
  const salt = io.random(16);
  const grant: Grant = {
    version: 1,
    id,
    subject,
    grantee: {
      organisation: organisation.id,
      person: permission.person,
      keys: cards.map(({ publicKey }) => keyThumb(publicKey)),
    },
    purpose,
    actions: [...permission.actions],
    compartments: permission.compartments.map((c) => vault.label(c)),
    objects: [...permission.objects],
    notBefore: toIso(now),
    notAfter: permission.until,
    reads: permission.reads,
    region: permission.region,
    notice: { id: notice.id, version: notice.version, hash: noticeHash(notice) },
    receipt: receiptHash(receipt),
    details: commitDetails(salt, details),
  };
  assertReceiptCovers(receipt, grant, categories);
  const shares = { grantee: io.random(32), gatekeeper: io.random(32) };
  const half = { share: shares.grantee, salt, details };
  const sealed = await Promise.all(
    cards.map(async ({ publicKey }) => ({
      key: keyThumb(publicKey),
      sealed: await sealHalf(grant, publicKey, half, io.random),
    })),
  );
  const kept = await keepReceipt(vault, receipt, organisation.name);
  const note: GrantNote = {
    organisation: organisation.id,
    name: { ...organisation.name },
    shares: { grantee: toBase64Url(shares.grantee), gatekeeper: toBase64Url(shares.gatekeeper) },
    compartments: [...permission.compartments],
    objects: [...permission.objects],
    receipt: kept.object,
  };
  const wrapped = await wrapAll(vault, grant, note, files);
  await openAccessLog(vault);
  await io.api.call(vaultApi.giveGrant, {
    body: {
      grant,
      signature: signGrant(root, grant),
      share: toBase64Url(shares.gatekeeper),
      sealed,
      files: wrapped.slice(0, FILES_AT_ONCE),
      ...(permission.replaces ? { replaces: permission.replaces } : {}),
    },
  });
  await vault.update((contents) => ({ ...contents, grants: { ...contents.grants, [id]: note } }));
  await addFiles(vault, id, wrapped.slice(FILES_AT_ONCE));
  if (permission.replaces) await noteWithdrawal(vault, permission.replaces);
  return grant;
}

async function addFiles(vault: Vault, id: string, files: readonly GivenFile[]): Promise<void> {
  for (let at = 0; at < files.length; at += FILES_AT_ONCE)
    await vault.io.api.call(vaultApi.addToGrant, {
      params: { id },
      body: { files: files.slice(at, at + FILES_AT_ONCE) },
    });
}

async function wrapAll(
  vault: Vault,
  grant: Grant,
  note: GrantNote,
  items: readonly Item[],
): Promise<GivenFile[]> {
  const shares = {
    grantee: fromBase64Url(note.shares.grantee),
    gatekeeper: fromBase64Url(note.shares.gatekeeper),
  };
  const wrapped: GivenFile[] = [];
  for (const item of items) {
    const { object, version, compartment, kind, title, at, zones, mime, size, stored } = item;
    const file = { object, version, contentKey: await vault.contentKey(item) };
    const listing = { compartment, kind, title, at, zones, mime, size, stored };
    wrapped.push(await giveFile(grant, shares, file, listing, vault.io.random));
  }
  return wrapped;
}

export async function keepReceipt(
  vault: Vault,
  receipt: ConsentReceipt,
  name: { readonly zh: string; readonly en: string },
  known?: Item,
): Promise<Item> {
  const facts = {
    compartment: 'identity',
    kind: 'receipt',
    title: receipt.notice.language === 'en' ? name.en : name.zh,
    at: receipt.events[0]!.at,
    mime: 'application/json',
  } as const;
  return vault.put(facts, utf8(canonicalJson(receipt)), known);
}

/** What came into a compartment since, or was changed, for every grant that covers it and still holds. */
export async function shareNewItem(vault: Vault, item: Item): Promise<void> {
  const { grants } = await vault.io.api.call(vaultApi.listGrants);
  for (const { grant, revokedAt } of grants) {
    const note = vault.contents.grants[grant.id];
    const holds = !revokedAt && Date.parse(grant.notAfter) > vault.io.now();
    if (!note || !holds || covered([item], note).length === 0) continue;
    await addFiles(vault, grant.id, await wrapAll(vault, grant, note, [item]));
  }
}

/** Takes a permission back: at once, in one step. */
export async function takeBack(vault: Vault, id: string): Promise<void> {
  await vault.io.api.call(vaultApi.revokeGrant, { params: { id } });
  await noteWithdrawal(vault, id);
}

/** The receipt tells that the consent ended; new content of the compartments gets keys of a new epoch. */
export async function noteWithdrawal(vault: Vault, id: string): Promise<void> {
  const note = vault.contents.grants[id];
  if (!note) return;
  const item = vault.contents.items.find(({ object }) => object === note.receipt);
  if (item) {
    const receipt = readReceipt(strictJson(fromUtf8(await vault.read(item))));
    await keepReceipt(vault, withdrawn(receipt, toIso(vault.io.now())), note.name, item);
  }
  await vault.update((contents) => ({
    ...contents,
    epochs: {
      ...contents.epochs,
      ...Object.fromEntries(note.compartments.map((c) => [c, epochOf(contents, c) + 1])),
    },
  }));
}

/** What the organisation put in under a permission. Throws VAULT_DAMAGED. */
export async function collectLeft(vault: Vault, grant: Grant): Promise<Bytes[]> {
  const { files } = await vault.io.api.call(vaultApi.collectLeft, { params: { id: grant.id } });
  const found: Bytes[] = [];
  for (const { sealed } of files) found.push(await openLeft(vault, grant, sealed));
  return found;
}

async function openLeft(vault: Vault, { id, grantee }: Grant, sealed: string): Promise<Bytes> {
  for (const [i, root] of [...vault.roots].reverse().entries())
    try {
      return await openSealed(inboxOf(root, grantee.organisation).secretKey, sealed, `grant/${id}`);
    } catch (error) {
      if (i === vault.roots.length - 1) throw error;
    }
  throw new AppError('VAULT_DAMAGED');
}

/** Whether the organisation signed for the consent, by the holder of its licence. */
export function isAcknowledged(
  card: ProvenCard,
  grant: Grant,
  given: { readonly key: string; readonly signature: string },
): boolean {
  if (given.key !== keyThumb(card.publicKey)) return false;
  const signature = fromBase64Url(given.signature);
  const options = { prehash: true, lowS: false };
  return p256.verify(signature, acknowledgement(grant), fromHex(card.holder), options);
}
