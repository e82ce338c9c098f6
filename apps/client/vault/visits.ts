/** The list of a person's visits: one small object under the root, as the first version of the app wrote it. */
import { derive, fromBase64Url, fromUtf8, toBase64Url, utf8 } from '@zhenmei/kernel';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { openBox, sealBox } from '@zhenmei/vault/core/secret-box.ts';
import type { PatientVisit } from '../patient.ts';
import type { Bytes, VaultIo } from './io.ts';
import { orNull } from './objects.ts';

export interface VisitNote {
  readonly id: string;
  readonly index: number;
  readonly clinic: { zh: string; en: string };
  /** Absent in notes of earlier versions. */
  readonly clinicId?: string;
  readonly service: { zh: string; en: string };
  readonly at: string;
  /** Sessions of a course; absent where there is one. */
  readonly sessions?: number;
  /** Generation of the root from which its keys follow; 1 unless named. */
  readonly generation?: number;
}

interface VisitList {
  readonly notes: readonly VisitNote[];
  readonly revision: number;
}

const listKey = (root: Uint8Array) => derive(root, 'zhenmei/vault/visits/1');
const listName = (root: Uint8Array) => toBase64Url(derive(root, 'zhenmei/vault/name/visits', 24));

/** Under the newest root that has a list. @param roots oldest first. Throws VAULT_DAMAGED. */
export async function loadVisits(io: VaultIo, roots: readonly Bytes[]): Promise<VisitList> {
  for (const [i, root] of [...roots].reverse().entries()) {
    const params = { name: listName(root) };
    const stored = await orNull(io.api.call(vaultApi.readObject, { params }), 'OBJECT_UNKNOWN');
    if (!stored) continue;
    const text = fromUtf8(await openBox(listKey(root), fromBase64Url(stored.cipher), 'visits'));
    const notes = JSON.parse(text) as VisitNote[];
    return i === 0 ? { notes, revision: stored.revision } : saveVisits(io, roots.at(-1)!, notes, 0);
  }
  return { notes: [], revision: 0 };
}

export async function saveVisits(
  io: VaultIo,
  root: Bytes,
  notes: readonly VisitNote[],
  revision: number,
): Promise<VisitList> {
  const box = await sealBox(listKey(root), io.random(12), utf8(JSON.stringify(notes)), 'visits');
  await io.api.call(vaultApi.writeObject, {
    params: { name: listName(root) },
    body: { revision: revision + 1, cipher: toBase64Url(box) },
  });
  return { notes, revision: revision + 1 };
}

/** The keys of a visit come back with the vault: from the root of the generation in which it was booked. */
export function visitOf(
  vault: { readonly roots: readonly Bytes[]; readonly visits: readonly VisitNote[] },
  id: string,
): PatientVisit | null {
  const note = vault.visits.find((visit) => visit.id === id);
  const root = note && vault.roots[(note.generation ?? 1) - 1];
  return note && root ? { id, index: note.index, root } : null;
}
