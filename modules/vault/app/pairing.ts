/** Carries the messages of a pairing between two devices. Each is written once, in order, within ten minutes. */
import { AppError, equalBytes, MINUTE, sha256, toBase64Url, toIso, utf8 } from '@zhenmei/kernel';
import type { Updateable } from 'kysely';
import type { VaultDatabase } from '../adapters/schema.ts';
import { readShortCode, shortCode } from '../core/devices/code.ts';
import type { Revealed } from '../core/devices/pairing.ts';
import type { VaultContext } from './context.ts';

const LIFE = 10 * MINUTE;

export async function startPairing({ db, clock, random }: VaultContext, commitment: string) {
  const now = clock.now();
  await db.deleteFrom('vault.pairing').where('expires_at', '<=', new Date(now)).execute();
  const code = shortCode(random.bytes(5), 8);
  const token = toBase64Url(random.bytes(32));
  const expires = now + LIFE;
  await db
    .insertInto('vault.pairing')
    .values({ code, commitment, token_hash: sha256(utf8(token)), expires_at: new Date(expires) })
    .execute();
  return { code, token, expiresAt: toIso(expires) };
}

async function rowOf({ db, clock }: VaultContext, code: string) {
  const row = await db
    .selectFrom('vault.pairing')
    .selectAll()
    .where('code', '=', readShortCode(code))
    .where('expires_at', '>', new Date(clock.now()))
    .executeTakeFirst();
  if (!row) throw new AppError('PAIRING_UNKNOWN');
  return row;
}

/** Throws PAIRING_UNKNOWN. */
export async function readPairing(ctx: VaultContext, code: string) {
  const { commitment, nonce, revealed, sealed } = await rowOf(ctx, code);
  return { commitment, nonce, revealed, sealed };
}

/** Writes one message if it is the next. Throws PAIRING_OUT_OF_ORDER. */
async function write(
  { db }: VaultContext,
  code: string,
  after: 'commitment' | 'nonce' | 'revealed',
  message: Updateable<VaultDatabase['vault.pairing']>,
  by?: string,
): Promise<void> {
  const column = Object.keys(message)[0] as 'nonce' | 'revealed' | 'sealed';
  let update = db
    .updateTable('vault.pairing')
    .set(message)
    .where('code', '=', code)
    .where(column, 'is', null)
    .where(after, 'is not', null);
  if (by) update = update.where('patient_id', '=', by);
  const { numUpdatedRows } = await update.executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new AppError('PAIRING_OUT_OF_ORDER');
}

/** By the old device; from here on only the same account may go on. Throws PAIRING_UNKNOWN, PAIRING_OUT_OF_ORDER. */
export async function answerPairing(ctx: VaultContext, patientId: string, code: string, nonce: string) {
  const row = await rowOf(ctx, code);
  await write(ctx, row.code, 'commitment', { nonce, patient_id: patientId });
}

/** By the new device, which has the token. Throws PAIRING_UNKNOWN, PAIRING_OUT_OF_ORDER. */
export async function revealPairing(
  ctx: VaultContext,
  token: string | null,
  code: string,
  revealed: Revealed,
) {
  const row = await rowOf(ctx, code);
  if (!equalBytes(sha256(utf8(token ?? '')), new Uint8Array(row.token_hash)))
    throw new AppError('PAIRING_UNKNOWN');
  await write(ctx, row.code, 'nonce', { revealed: JSON.stringify(revealed) });
}

/** By the old device, once a person compared the digits. Throws PAIRING_UNKNOWN, PAIRING_OUT_OF_ORDER. */
export async function completePairing(ctx: VaultContext, patientId: string, code: string, sealed: string) {
  const row = await rowOf(ctx, code);
  await write(ctx, row.code, 'revealed', { sealed }, patientId);
}
