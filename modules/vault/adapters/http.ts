/** The vault's handlers: it stores and returns, it never reads. */
import { AppError, type Clock, fromUtf8, type Handlers, utf8 } from '@zhenmei/kernel';
import type { JSONColumnType, Kysely } from 'kysely';
import type { VaultApi } from '../api.ts';
import '../core/errors.ts';
import type { Keyset } from '../core/keyset.ts';
import type { BlobPort } from '../ports.ts';

export interface VaultDatabase {
  'vault.keyset': {
    patient_id: string;
    revision: number;
    body: JSONColumnType<Keyset, string, string>;
    updated_at: Date;
  };
  'vault.object': {
    patient_id: string;
    name: string;
    revision: number;
    blob_key: string;
    size: bigint;
    updated_at: Date;
  };
  'vault.mailbox': { label: string; blob_key: string; size: bigint; left_at: Date };
}

export interface VaultContext {
  readonly db: Kysely<VaultDatabase>;
  readonly blobs: BlobPort;
  readonly clock: Clock;
}

export function vaultHandlers(ctx: VaultContext): Handlers<VaultApi> {
  const now = () => new Date(ctx.clock.now());
  return {
    readKeyset: async ({ caller }) => {
      const row = await ctx.db
        .selectFrom('vault.keyset')
        .select('body')
        .where('patient_id', '=', caller!.accountId)
        .executeTakeFirst();
      if (!row) throw new AppError('KEYSET_UNKNOWN');
      return row.body;
    },
    writeKeyset: async ({ caller, body }) => {
      const values = { revision: body.revision, body: JSON.stringify(body), updated_at: now() };
      const row = await ctx.db
        .insertInto('vault.keyset')
        .values({ patient_id: caller!.accountId, ...values })
        .onConflict((c) =>
          c
            .column('patient_id')
            .doUpdateSet(values)
            .where('vault.keyset.revision', '=', body.revision - 1),
        )
        .returning('revision')
        .executeTakeFirst();
      if (!row) throw new AppError('KEYSET_CONFLICT');
      return { ok: true };
    },
    readObject: async ({ caller, params }) => {
      const row = await ctx.db
        .selectFrom('vault.object')
        .selectAll()
        .where('patient_id', '=', caller!.accountId)
        .where('name', '=', params.name)
        .executeTakeFirst();
      if (!row) throw new AppError('OBJECT_UNKNOWN');
      return { revision: row.revision, cipher: fromUtf8(await ctx.blobs.get(row.blob_key)) };
    },
    writeObject: async ({ caller, params, body }) => {
      const values = {
        revision: body.revision,
        blob_key: await ctx.blobs.put(utf8(body.cipher)),
        size: BigInt(body.cipher.length),
        updated_at: now(),
      };
      const row = await ctx.db
        .insertInto('vault.object')
        .values({ patient_id: caller!.accountId, name: params.name, ...values })
        .onConflict((c) =>
          c
            .columns(['patient_id', 'name'])
            .doUpdateSet(values)
            .where('vault.object.revision', '=', body.revision - 1),
        )
        .returning('revision')
        .executeTakeFirst();
      if (!row) throw new AppError('KEYSET_CONFLICT');
      return { ok: true };
    },
    leave: async ({ params, body }) => {
      const values = {
        blob_key: await ctx.blobs.put(utf8(body.sealed)),
        size: BigInt(body.sealed.length),
        left_at: now(),
      };
      await ctx.db
        .insertInto('vault.mailbox')
        .values({ label: params.label, ...values })
        .onConflict((c) => c.column('label').doUpdateSet(values))
        .execute();
      return { ok: true };
    },
    collect: async ({ params }) => {
      const row = await ctx.db
        .selectFrom('vault.mailbox')
        .select('blob_key')
        .where('label', '=', params.label)
        .executeTakeFirst();
      if (!row) throw new AppError('OBJECT_UNKNOWN');
      return { sealed: fromUtf8(await ctx.blobs.get(row.blob_key)) };
    },
  };
}
