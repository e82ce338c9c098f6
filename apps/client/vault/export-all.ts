/** Everything a person keeps, in one encrypted file that needs nobody else to be opened. */
import { SealedRecord } from '@zhenmei/care/core/sealed-record.ts';
import { canonicalJson, fromUtf8, strictJson, toIso, utf8 } from '@zhenmei/kernel';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { AllergyList } from '@zhenmei/vault/core/allergy-list.ts';
import { readReceipt } from '@zhenmei/vault/core/consent/receipt.ts';
import type { Item } from '@zhenmei/vault/core/contents.ts';
import { type Told, vaultBundle } from '@zhenmei/vault/core/export/fhir-bundle.ts';
import { EXPORT_SCHEMA, exportItem, fileNameOf } from '@zhenmei/vault/core/export/index-file.ts';
import { writeZip, type ZipFile } from '@zhenmei/vault/core/export/zip.ts';
import { type Grant, signGrant, subjectOf } from '@zhenmei/vault/core/grants/grant.ts';
import { HealthFacts } from '@zhenmei/vault/core/health/facts.ts';
import { readRecord } from '@zhenmei/vault/core/record.ts';
import { readRecordDocument } from '@zhenmei/vault/core/record-document.ts';
import { type AgeKey, writeAge } from './age-file.ts';
import type { Bytes } from './io.ts';
import type { Vault } from './vault.ts';

/** What goes on while something long is done. @returns false to stop */
export type Going = (done: number, of: number) => boolean;

/** The grant's signature again: it follows from the root under which it was made. */
function signatureOf(vault: Vault, grant: Grant): string | undefined {
  const root = vault.roots.find((one) => subjectOf(one, grant.grantee.organisation) === grant.subject);
  return root && signGrant(root, grant);
}

const json = (bytes: Bytes): unknown => JSON.parse(JSON.stringify(strictJson(fromUtf8(bytes), 44)));

/** What FHIR can say of an item beyond its name. */
function told(item: Item, bytes: Bytes): Told | null {
  switch (item.kind) {
    case 'allergies':
      return { item, allergies: AllergyList.parse(json(bytes)) };
    case 'health-facts':
      return { item, facts: HealthFacts.parse(json(bytes)) };
    case 'record':
      return { item, record: readRecord(json(bytes)) };
    case 'receipt':
      return { item, consent: readReceipt(json(bytes)) };
    case 'sealed-record':
      return {
        item,
        sealed: SealedRecord.parse(json(bytes)).versions.map(({ statement, signature, content }) => ({
          at: statement.at,
          author: readRecordDocument(content).author.name,
          signature,
        })),
      };
    case 'trust':
      return null;
    default:
      return { item };
  }
}

/** Throws PASSPHRASE_SHORT, PASSPHRASE_PREDICTABLE, AGE_RECIPIENT_WRONG, VAULT_DAMAGED. */
export async function exportAll(vault: Vault, key: AgeKey, going: Going = () => true): Promise<Bytes | null> {
  const { items } = vault.contents;
  const files: ZipFile[] = [];
  const bundle: Told[] = [];
  for (const [i, item] of items.entries()) {
    if (!going(i, items.length)) return null;
    const bytes = await vault.read(item);
    files.push({ name: fileNameOf(item), bytes });
    const said = told(item, bytes);
    if (said) bundle.push(said);
  }
  const { grants } = await vault.io.api.call(vaultApi.listGrants);
  const trust = canonicalJson(await vault.io.api.call(houseApi.readTrust));
  const index = {
    schema: EXPORT_SCHEMA,
    at: toIso(vault.io.now()),
    items: items.map(exportItem),
    grants: grants.map(({ grant, madeAt, revokedAt }) => ({
      grant,
      signature: signatureOf(vault, grant),
      madeAt,
      revokedAt,
    })),
    visits: vault.visits,
  };
  const zip = writeZip(
    [
      { name: 'index.json', bytes: utf8(canonicalJson(index)) },
      { name: 'trust.json', bytes: utf8(trust) },
      { name: 'fhir.json', bytes: utf8(canonicalJson(vaultBundle(bundle))) },
      ...files,
    ],
    vault.io.now(),
  );
  going(items.length, items.length);
  return writeAge(zip, key);
}
