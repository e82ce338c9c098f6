/** Published notices as they are stored. */
import { strictJson } from '@zhenmei/kernel';
import type { Selectable } from 'kysely';
import type { ProvenanceDatabase } from '../adapters/schema.ts';
import type { SignedNotice } from '../core/notice.ts';
import type { ProvenanceContext } from './context.ts';

export type NoticeRow = Selectable<ProvenanceDatabase['provenance.notice']>;

/** It was checked when it was stored. */
export const signedOf = (row: Pick<NoticeRow, 'text'>): SignedNotice => strictJson(row.text) as SignedNotice;

export async function noticesOf(ctx: ProvenanceContext, gtin: string): Promise<SignedNotice[]> {
  const rows = await ctx.db
    .selectFrom('provenance.notice')
    .select('text')
    .where('gtin', '=', gtin)
    .orderBy('seq')
    .execute();
  return rows.map(signedOf);
}
