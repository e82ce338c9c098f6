/** Everything a person keeps, in one encrypted file that needs nobody else to be opened. */
import { writeAge } from '@zhenmei/client/vault/age-file.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { canonicalJson, toIso, utf8 } from '@zhenmei/kernel';
import { vaultApi } from '@zhenmei/vault/api.ts';
import type { Item } from '@zhenmei/vault/core/contents.ts';
import { writeZip, type ZipFile } from '@zhenmei/vault/core/export/zip.ts';
import { now } from './apis.ts';

const ENDINGS: Record<string, string> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'application/json': 'json',
  'application/fhir+json': 'json',
  'application/pdf': 'pdf',
  'text/plain': 'txt',
  'text/csv': 'csv',
};

const nameOf = ({ object, compartment, mime }: Item) =>
  `files/${compartment}/x${object}.${ENDINGS[mime] ?? 'bin'}`;

const entryOf = (item: Item) => {
  const { compartment, kind, title, at, zones, mime, size, digest, source, version } = item;
  return { compartment, kind, title, at, zones, mime, size, digest, source, version, file: nameOf(item) };
};

/** Throws PASSPHRASE_SHORT, PASSPHRASE_PREDICTABLE, VAULT_DAMAGED. */
export async function exportAll(vault: Vault, passphrase: string): Promise<Uint8Array<ArrayBuffer>> {
  const { items } = vault.contents;
  const files: ZipFile[] = [];
  for (const item of items) files.push({ name: nameOf(item), bytes: await vault.read(item) });
  const { grants } = await vault.io.api.call(vaultApi.listGrants);
  const index = {
    schema: 'https://zhenmei.example/export/v1',
    at: toIso(now()),
    items: items.map(entryOf),
    grants: grants.map(({ grant, madeAt, revokedAt }) => ({ grant, madeAt, revokedAt })),
    visits: vault.visits,
  };
  const zip = writeZip([{ name: 'index.json', bytes: utf8(canonicalJson(index)) }, ...files], now());
  return writeAge(zip, { passphrase });
}
