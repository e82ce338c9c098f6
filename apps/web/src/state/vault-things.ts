/** What a person keeps: put in, taken out, and collected from clinics. Everything is encrypted on this device. */

import { sessionSecret } from '@zhenmei/care/core/course.ts';
import { ApiError } from '@zhenmei/client/api.ts';
import { mailboxLabel } from '@zhenmei/client/clinic.ts';
import { readVisit, visitSecret } from '@zhenmei/client/patient.ts';
import { collectLeft, shareNewItem } from '@zhenmei/client/vault/granting.ts';
import { keepProofs } from '@zhenmei/client/vault/proofs.ts';
import type { NewItem, Vault } from '@zhenmei/client/vault/vault.ts';
import { visitOf } from '@zhenmei/client/vault/visits.ts';
import { fromUtf8, strictJson, toIso } from '@zhenmei/kernel';
import { vaultApi } from '@zhenmei/vault/api.ts';
import type { Compartment } from '@zhenmei/vault/core/content-keys.ts';
import type { Item } from '@zhenmei/vault/core/contents.ts';
import { agreementSealKeys, visitValue } from '@zhenmei/vault/core/derive.ts';
import { barePhoto } from '@zhenmei/vault/core/photos/bare-photo.ts';
import { readRecord, summariseRecord, type TreatmentSummary } from '@zhenmei/vault/core/record.ts';
import { openSealed } from '@zhenmei/vault/core/seal.ts';
import { say } from '../shell/words.ts';
import { now } from './apis.ts';
import { io } from './vault.ts';

/** Keeps something new, for whoever may already see its compartment too. */
export async function keep(
  vault: Vault,
  facts: NewItem,
  content: Uint8Array<ArrayBuffer>,
  known?: Item,
  sent?: (done: number, of: number) => void,
) {
  const item = await vault.put(facts, content, known, sent);
  await shareNewItem(vault, item);
  return item;
}

/** A file from this device. A photo loses everything but the picture. Throws the PHOTO codes, QUOTA_EXCEEDED. */
export async function keepFile(
  vault: Vault,
  file: File,
  compartment: Compartment,
  title: string,
): Promise<Item> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const photo = file.type.startsWith('image/') ? barePhoto(bytes) : null;
  const facts: NewItem = {
    compartment,
    kind: photo ? 'photo' : 'document',
    title: title.trim() || file.name.slice(0, 300),
    at: toIso(now()),
    mime: photo?.kind ?? (file.type.slice(0, 100) || 'application/octet-stream'),
  };
  return keep(vault, facts, photo?.bytes ?? bytes);
}

/** Collects what clinics left after visits and under permissions, and keeps it. */
export async function collectAll(vault: Vault, leftTitle: (name: string) => string): Promise<void> {
  await collectRecords(vault);
  for (const note of vault.visits)
    await keepProofs(vault, io, note, say(note.service), (...given) => keep(vault, ...given));
  const { grants } = await vault.io.api.call(vaultApi.listGrants);
  for (const { grant } of grants) {
    const note = vault.contents.grants[grant.id];
    if (!note || !grant.actions.includes('write')) continue;
    for (const [n, content] of (await collectLeft(vault, grant)).entries()) {
      const source = `left:${grant.id}:${n + 1}`;
      if (vault.contents.items.some((item) => item.source === source)) continue;
      const name = document.documentElement.lang === 'en' ? note.name.en : note.name.zh;
      const facts = {
        kind: 'document',
        title: leftTitle(name),
        at: toIso(now()),
        mime: 'text/plain',
      } as const;
      await keep(vault, { ...facts, compartment: 'messages', source }, content);
    }
  }
}

async function collectRecords(vault: Vault): Promise<void> {
  const wanted = vault.visits.flatMap(({ id, sessions = 1 }) =>
    Array.from({ length: sessions }, (_, i) => ({
      id,
      session: i + 1,
      source: i === 0 ? `clinic:${id}` : `clinic:${id}/${i + 1}`,
    })),
  );
  const none = new Set<string>();
  for (const { id, session, source } of wanted) {
    if (none.has(id) || vault.contents.items.some((item) => item.source === source)) continue;
    const text = await recordOf(vault, id, session);
    if (!text) {
      // what comes after it was not done yet either
      none.add(id);
      continue;
    }
    const { at, procedure, amounts } = summariseRecord(readRecord(strictJson(fromUtf8(text))));
    const zones = amounts.map(({ zone }) => zone as Item['zones'][number]);
    const facts = { kind: 'record', title: procedure, at, zones, mime: 'application/fhir+json' } as const;
    await keep(vault, { ...facts, compartment: 'treatments', source }, text);
  }
}

/** The sealed record of a visit, opened; null if there is none yet. */
async function recordOf(vault: Vault, id: string, session: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const visit = visitOf(vault, id);
  const view = visit && (await readVisit(io, visit));
  if (!visit || !view?.sealedSecret) return null;
  const secret = await visitSecret(visit, view);
  try {
    const params = { label: mailboxLabel(sessionSecret(secret, session)) };
    const { sealed } = await vault.io.api.call(vaultApi.collect, { params });
    const { secretKey } = agreementSealKeys(visit.root, visit.index);
    return await openSealed(secretKey, sealed, `record/${id}`, { psk: visitValue.sealSecret(secret) });
  } catch (error) {
    if (error instanceof ApiError && error.code === 'OBJECT_UNKNOWN') return null;
    throw error;
  }
}

/** Treatment records that are kept, newest first. Throws VAULT_DAMAGED. */
export async function keptRecords(vault: Vault): Promise<TreatmentSummary[]> {
  const items = vault.contents.items.filter(({ kind }) => kind === 'record');
  const read = items.map(async (item) =>
    summariseRecord(readRecord(strictJson(fromUtf8(await vault.read(item))))),
  );
  return (await Promise.all(read)).sort((a, b) => b.at.localeCompare(a.at));
}
