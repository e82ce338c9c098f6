/** Whether each clinic's bond keeps exactly what stands for its coming: the bond's own events against those of the pledges. */
import { type Kysely, sql } from 'kysely';
import type { MoneyDatabase } from '../../adapters/schema.ts';
import type { Difference } from '../../core/reconcile.ts';

/** Clinics that an alarm names. */
const NAMED = 20;

/** Named by the clinic's account; minor units. */
export async function wrongPledges(db: Kysely<MoneyDatabase>): Promise<Difference[]> {
  const { rows } = await sql<{ clinic: string; stands: string; keeps: string }>`
    with p as (select clinic, sum(sum) as stands from money.pledge
      where state in ('standing', 'reported') group by 1),
      -- nothing is kept that is not there
      b as (select provider, least(locked, total) as keeps from money.pledge_bond)
    select coalesce(p.clinic, b.provider) as clinic, coalesce(p.stands, 0)::text as stands,
      coalesce(b.keeps, 0)::text as keeps
    from p full join b on b.provider = p.clinic
    where coalesce(p.stands, 0) <> coalesce(b.keeps, 0)
    order by 1 limit ${NAMED}`.execute(db);
  return rows.map(({ clinic, stands, keeps }) => ({
    kind: 'pledges',
    expected: stands,
    found: keeps,
    where: clinic,
  }));
}
