/** Keeps a patient's keyset: ciphertext that only the next revision, signed by the open vault, may replace. */
import { AppError } from '@zhenmei/kernel';
import type { Keyset } from '../core/keyset.ts';
import { assertKeysetSigned, type SignedKeyset } from '../core/owner.ts';
import type { VaultContext, VaultTx } from './context.ts';

/** Throws KEYSET_UNKNOWN. */
export async function readKeyset({ db }: VaultContext, patientId: string): Promise<Keyset> {
  const row = await db
    .selectFrom('vault.keyset')
    .select('body')
    .where('patient_id', '=', patientId)
    .executeTakeFirst();
  if (!row) throw new AppError('KEYSET_UNKNOWN');
  return row.body;
}

/** By the name that follows from a recovery code. Throws KEYSET_UNKNOWN. */
export async function findKeyset(ctx: VaultContext, locator: string): Promise<Keyset> {
  const row = await ctx.db
    .selectFrom('vault.locator')
    .select('patient_id')
    .where('label', '=', locator)
    .executeTakeFirst();
  if (!row) throw new AppError('KEYSET_UNKNOWN');
  return readKeyset(ctx, row.patient_id);
}

/**
 * Compare and swap: revision 1 if there is none, else the one after the stored. Repeating is no error.
 * Throws KEYSET_CONFLICT, OWNER_SIGNATURE_WRONG.
 */
export async function writeKeyset(ctx: VaultContext, patientId: string, signed: SignedKeyset): Promise<void> {
  const { keyset, next } = signed;
  await ctx.db.transaction().execute(async (tx) => {
    const stored = await tx
      .selectFrom('vault.keyset')
      .select('body')
      .where('patient_id', '=', patientId)
      .forUpdate()
      .executeTakeFirst();
    if (stored && same(stored.body, keyset)) return;
    const owner = await tx
      .selectFrom('vault.owner')
      .select('public_key')
      .where('patient_id', '=', patientId)
      .executeTakeFirst();
    if (keyset.revision !== (stored?.body.revision ?? 0) + 1) throw new AppError('KEYSET_CONFLICT');
    assertKeysetSigned(signed, owner?.public_key ?? null);
    await put(ctx, tx, patientId, keyset);
    await tx
      .insertInto('vault.owner')
      .values({ patient_id: patientId, public_key: next, since: new Date(ctx.clock.now()) })
      .onConflict((c) => c.column('patient_id').doUpdateSet({ public_key: next }))
      .execute();
    await follow(tx, patientId, keyset);
  });
}

const same = (a: Keyset, b: Keyset) => a.revision === b.revision && a.mac === b.mac;

async function put({ clock }: VaultContext, tx: VaultTx, patientId: string, keyset: Keyset): Promise<void> {
  const values = {
    revision: keyset.revision,
    body: JSON.stringify(keyset),
    updated_at: new Date(clock.now()),
  };
  if (keyset.revision > 1) {
    await tx.updateTable('vault.keyset').set(values).where('patient_id', '=', patientId).execute();
    return;
  }
  const made = await tx
    .insertInto('vault.keyset')
    .values({ patient_id: patientId, ...values })
    .onConflict((c) => c.doNothing())
    .returning('revision')
    .executeTakeFirst();
  // two devices made the first one at the same moment
  if (!made) throw new AppError('KEYSET_CONFLICT');
}

const LOCATOR = /^[A-Za-z0-9_-]{32}$/;

/** What else follows from the ways in: where recovery codes find the keyset, and whose guardians may still act. */
async function follow(tx: VaultTx, patientId: string, { methods }: Keyset): Promise<void> {
  const named = (kind: string) => methods.filter((m) => m.kind === kind).map((m) => m.id);
  const labels = named('recovery').filter((id) => LOCATOR.test(id));
  await tx.deleteFrom('vault.locator').where('patient_id', '=', patientId).execute();
  if (labels.length > 0)
    await tx
      .insertInto('vault.locator')
      .values(labels.map((label) => ({ label, patient_id: patientId })))
      .execute();
  await tx
    .deleteFrom('vault.guardianship')
    .where('patient_id', '=', patientId)
    .where('recovery', 'not in', ['', ...named('guardians')])
    .execute();
}
