import { sql } from 'kysely';
import type { Executor } from './event-store.ts';
import { held } from './trace.ts';

export interface SiteOfLot {
  /** Address of the site. */
  readonly site: string;
  /** Units that were ever there. */
  readonly seen: number;
  /** Units whose last statement is from there, and does not send or use them. */
  readonly held: number;
  /** Units that were last sent from there. */
  readonly sent: number;
  /** Units that were used there. */
  readonly used: number;
}

const step = (term: string) => sql`(select id from provenance.identifier where uri = ${term})`;

/** Where the units of a lot went, themselves or in their containers, from what lies beside identifiers alone. */
export async function sitesOfLot(db: Executor, lot: string): Promise<SiteOfLot[]> {
  const { rows } = await sql<SiteOfLot>`
    with recursive ${held(sql`
      select distinct x.epc as id from provenance.identifier l join provenance.event_epc x on x.lot = l.id
      where l.uri = ${lot} and not x.void`)},
    stops as (
      select h.item, x.site, x.event_time, x.rank, x.event, x.step
      from held h
      join provenance.event_epc x on x.epc = h.holder and x.event_time between h.since and h.until
        and x.site is not null and not x.void),
    last as (select distinct on (item) item, site, step from stops order by item, event_time desc, rank desc, event desc),
    places as (
      select site, count(distinct item) as seen, count(distinct item) filter (where step = ${step('dispensing')}) as used
      from stops group by site),
    ends as (
      select site, count(*) filter (where step in (${step('shipping')}, ${step('departing')})) as sent,
        count(*) filter (where step = ${step('dispensing')}) as used, count(*) as ended
      from last group by site)
    select i.uri as site, p.seen::int, coalesce(e.ended - e.sent - e.used, 0)::int as held,
      coalesce(e.sent, 0)::int as sent, p.used::int
    from places p join provenance.identifier i on i.id = p.site left join ends e on e.site = p.site
    order by i.uri`.execute(db);
  return rows;
}
