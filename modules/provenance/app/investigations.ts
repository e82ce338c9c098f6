/** Cases that signals of copies opened: the maker sees those of its products, a regulator all. */
import { AppError } from '@zhenmei/kernel';
import '../core/errors.ts';
import type { Selectable } from 'kysely';
import type { ProvenanceDatabase } from '../adapters/schema.ts';
import type { ProvenanceContext } from './context.ts';

export type Investigation = Selectable<ProvenanceDatabase['provenance.investigation']>;

export async function investigations(
  ctx: ProvenanceContext,
  organisationId: string,
): Promise<Investigation[]> {
  const party = await ctx.parties.byId(organisationId);
  let rows = ctx.db.selectFrom('provenance.investigation as i').selectAll('i');
  if (party?.kind !== 'regulator')
    rows = rows
      .innerJoin('provenance.product as p', 'p.gtin', 'i.gtin')
      .where('p.maker_id', '=', organisationId);
  return rows
    .orderBy('i.closed_at', (o) => o.desc().nullsFirst())
    .orderBy('i.opened_at', 'desc')
    .limit(200)
    .execute();
}

/** Throws CASE_UNKNOWN for one that is not there, not theirs, or closed already. */
export async function closeInvestigation(
  ctx: ProvenanceContext,
  organisationId: string,
  id: string,
  outcome: string,
): Promise<void> {
  const open = (await investigations(ctx, organisationId)).find(
    (one) => one.id === id && one.closed_at === null,
  );
  if (!open) throw new AppError('CASE_UNKNOWN');
  await ctx.db
    .updateTable('provenance.investigation')
    .set({ closed_at: new Date(ctx.clock.now()), closed_by: organisationId, outcome })
    .where('id', '=', id)
    .execute();
}
