/**
 * Tries to open everything with everything: each secret that the copy holds is used as a root, a master key, a content
 * key, an unlock secret, a grantee's half and the seed of a seal. The same attack opens what it should if it is given
 * a root, so that a clean result means something.
 */
import { canonicalJson, derive, fromBase64Url, toBase64Url } from '@zhenmei/kernel';
import { type ComputeGrant, unwrapForRun } from '@zhenmei/vault/core/compute/grant.ts';
import { openContainer } from '@zhenmei/vault/core/container.ts';
import {
  COMPARTMENTS,
  type Compartment,
  compartmentKey,
  masterKey,
  openContentKey,
  wrapEpoch,
} from '@zhenmei/vault/core/content-keys.ts';
import { agreementSealKeys } from '@zhenmei/vault/core/derive.ts';
import { openSheet } from '@zhenmei/vault/core/emergency/card.ts';
import type { Grant } from '@zhenmei/vault/core/grants/grant.ts';
import { gatekeeperPart, LIST, openFileKey, openListing } from '@zhenmei/vault/core/grants/release.ts';
import { type Keyset, openKeyset } from '@zhenmei/vault/core/keyset.ts';
import { guardianKeys } from '@zhenmei/vault/core/recovery/guardians.ts';
import { sealKeys } from '@zhenmei/vault/core/seal.ts';
import { openBox } from '@zhenmei/vault/core/secret-box.ts';
import type { Rows } from './copy.ts';
import { beginsWith, fits } from './fits.ts';

type Bytes = Uint8Array<ArrayBuffer>;
const VISITS = Buffer.from('visits');

/** Everything of 32 bytes in rows that are not public, and in the file of secrets. */
export function secretsIn(rows: Rows, secretsFile: string): Bytes[] {
  const found = new Map<string, Bytes>();
  const take = (bytes: Uint8Array) => {
    if (bytes.length === 32) found.set(toBase64Url(bytes), new Uint8Array(bytes));
  };
  const scan = (text: string) => {
    for (const [hex] of text.matchAll(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/gi))
      take(Buffer.from(hex, 'hex'));
    for (const [b64] of text.matchAll(/(?<![\w-])[\w-]{43}(?![\w-])/g)) take(Buffer.from(b64, 'base64url'));
  };
  scan(secretsFile);
  for (const [table, list] of Object.entries(rows))
    if (/^(vault|identity|http|jobs)\./.test(table)) for (const row of list) scan(JSON.stringify(row));
  return [...found.values()];
}

export interface Opened {
  readonly what: string;
  readonly text: Uint8Array;
}

const attempt = async (found: Opened[], what: string, work: () => Promise<Uint8Array>) => {
  try {
    found.push({ what, text: await work() });
  } catch {
    // it stays shut
  }
};

/** @param blob reads a blob by its key @returns every ciphertext that opened */
export async function attack(
  rows: Rows,
  blob: (key: string) => Bytes,
  secrets: readonly Bytes[],
): Promise<Opened[]> {
  const opened: Opened[] = [];
  await objects(rows, blob, secrets, opened);
  for (const row of rows['vault.keyset'] ?? [])
    for (const method of (row.body as Keyset).methods)
      for (const secret of secrets)
        if (method.kind !== 'passphrase')
          await attempt(opened, `keyset ${method.kind}`, async () => {
            const { root } = await openKeyset(row.body as Keyset, {
              kind: method.kind,
              id: method.id,
              secret,
            });
            return root;
          });
  await grants(rows, secrets, opened);
  await cards(rows, secrets, opened);
  await runs(rows, secrets, opened);
  seals(rows, secrets, opened);
  return opened;
}

/** Every content with every secret as its key; each person's compartments and epochs with every secret above them. */
async function objects(
  rows: Rows,
  blob: (key: string) => Bytes,
  secrets: readonly Bytes[],
  opened: Opened[],
): Promise<void> {
  const boxes = secrets.flatMap((secret) => [secret, derive(secret, 'zhenmei/vault/visits/1')]);
  const wrapping = wrappingKeys(secrets);
  const holding = new Map<string, Set<Bytes>>();
  for (const row of rows['vault.object'] ?? []) {
    const cipher = blob(String(row.blob_key));
    const place = { object: String(row.name), version: Number(row.revision) };
    for (const secret of secrets)
      if (beginsWith(secret, cipher))
        await attempt(opened, `object ${place.object}`, () => openContainer(secret, place, cipher));
    if (!row.wrapped_key) {
      for (const key of boxes)
        if (fits(key, cipher, VISITS))
          await attempt(opened, `list ${place.object}`, () => openBox(key, cipher, 'visits'));
      continue;
    }
    const wrapped = fromBase64Url(String(row.wrapped_key));
    const epoch = wrapEpoch(wrapped);
    // what one compartment key of a person wraps in an epoch, it wraps all: one such object tells for the group
    const group = `${row.patient_id} ${row.compartment} ${epoch}`;
    const known = holding.get(group);
    if (!known) holding.set(group, new Set());
    for (const compartment of COMPARTMENTS) {
      const purpose = Buffer.from(
        canonicalJson({ use: 'content-key', suite: 1, compartment, epoch, ...place }),
      );
      for (const { key, master } of wrapping(compartment, epoch)) {
        if (known && !known.has(master)) continue;
        if (!fits(key, wrapped.subarray(5), purpose)) continue;
        holding.get(group)!.add(master);
        await attempt(opened, `object ${place.object}`, async () =>
          openContainer(await openContentKey(master, { compartment, ...place }, wrapped), place, cipher),
        );
      }
    }
  }
}

/** The keys of a compartment in an epoch, if a secret is a root or a master key. */
function wrappingKeys(secrets: readonly Bytes[]) {
  const masters = secrets.flatMap((secret) => [secret, masterKey(secret)]);
  const made = new Map<string, { key: Bytes; master: Bytes }[]>();
  return (compartment: Compartment, epoch: number) => {
    const name = `${compartment} ${epoch}`;
    const known = made.get(name);
    if (known) return known;
    const keys = masters.map((master) => ({ key: compartmentKey(master, compartment, epoch), master }));
    made.set(name, keys);
    return keys;
  };
}

/** Each gatekeeper's half that is still there, with every secret in place of the grantee's; of an ended grant none is. */
async function grants(rows: Rows, secrets: readonly Bytes[], opened: Opened[]): Promise<void> {
  for (const row of rows['vault.permission'] ?? []) {
    if (!row.share) continue;
    const grant = row.body as Grant;
    const half = Buffer.from(String(row.share).slice(2), 'hex');
    for (const file of (rows['vault.permission_file'] ?? []).filter((f) => f.permission_id === row.id)) {
      const given = {
        object: String(file.object),
        version: Number(file.version),
        wrapped: String(file.wrapped),
        listed: String(file.listed),
      };
      const part = gatekeeperPart(half, given.object, given.version);
      const list = gatekeeperPart(half, LIST, 1);
      for (const share of secrets) {
        await attempt(opened, `grant ${grant.id}`, () => openFileKey(grant, share, part, given));
        await attempt(opened, `listing ${grant.id}`, async () =>
          Buffer.from(JSON.stringify(await openListing(grant, share, list, given))),
        );
      }
    }
  }
}

const half = (value: unknown) => new Uint8Array(Buffer.from(String(value).slice(2), 'hex'));

/** Each emergency card that is on: the gatekeeper's half with every secret in place of the card's. */
async function cards(rows: Rows, secrets: readonly Bytes[], opened: Opened[]): Promise<void> {
  for (const row of rows['vault.emergency_card'] ?? []) {
    if (!row.share) continue;
    const [name, of] = [String(row.name), Number(row.of)];
    const part = gatekeeperPart(half(row.share), name, of);
    for (const secret of secrets)
      for (const mine of [secret, derive(secret, 'zhenmei/emergency/half/v1')])
        await attempt(opened, `card ${name}`, async () =>
          Buffer.from(JSON.stringify(await openSheet({ name, half: mine }, part, of, String(row.sheet)))),
        );
  }
}

/** Each run that was agreed to and has not begun: the gatekeeper's half with every secret in place of the worker's. */
async function runs(rows: Rows, secrets: readonly Bytes[], opened: Opened[]): Promise<void> {
  for (const row of rows['vault.compute_job'] ?? []) {
    if (!row.share) continue;
    const grant = row.consent as ComputeGrant;
    for (const file of row.files as { object: string; version: number; wrapped: string }[]) {
      const part = gatekeeperPart(half(row.share), file.object, file.version);
      for (const share of secrets)
        await attempt(opened, `run ${grant.id}`, () => unwrapForRun(grant, share, { ...file, part }));
    }
  }
}

/** A seal opens with the key of its recipient alone: so it is enough to see whether any secret leads to such a key. */
function seals(rows: Rows, secrets: readonly Bytes[], opened: Opened[]): void {
  const named = new Set(JSON.stringify(rows).match(/(?<![\w-])[\w-]{1622}(?![\w-])/g) ?? []);
  for (const secret of secrets) {
    const unlock = derive(secret, 'zhenmei/unlock/seal/v1');
    const desk = derive(secret, 'zhenmei/desk/seal/v1');
    const made = [sealKeys(secret), sealKeys(unlock), sealKeys(desk), guardianKeys(secret)];
    for (const keys of [...made, ...[0, 1, 2].map((index) => agreementSealKeys(secret, index))])
      if (named.has(keys.publicKey))
        opened.push({ what: 'a key to which something is sealed', text: secret });
  }
}
