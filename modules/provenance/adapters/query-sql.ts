/** A simple event query as SQL over the stored events. */
import { type RawBuilder, sql } from 'kysely';
import type { Comparison, Condition, EventQuery, OrderBy, ValueTest } from '../core/query/query.ts';
import { hashWithin } from '../core/record.ts';

/** What a page goes on behind: the key of the order and the number of its last event. */
export interface After {
  readonly key: string;
  readonly no: string;
}

const OPS: Readonly<Record<Comparison, RawBuilder<unknown>>> = {
  '=': sql`=`,
  '>': sql`>`,
  '>=': sql`>=`,
  '<': sql`<`,
  '<=': sql`<=`,
};

export const orderKey = (by: OrderBy): RawBuilder<unknown> =>
  by === 'eventTime'
    ? sql`e.event_time`
    : by === 'recordTime'
      ? sql`e.captured_at`
      : sql`provenance.sort_key(jsonb_path_query_first(e.body, ${by.path}::jsonpath, '{}', true)) collate "C"`;

/** `with … select <columns> from … where …`, without order and limit. */
export function selectEvents(
  columns: RawBuilder<unknown>,
  { conditions, orderBy, descending }: Pick<EventQuery, 'conditions' | 'orderBy' | 'descending'>,
  after: After | null,
  more: readonly RawBuilder<unknown>[] = [],
): RawBuilder<unknown> {
  const times = conditions.flatMap((one) =>
    one.on === 'time' && one.column === 'event_time'
      ? [sql`x.event_time ${OPS[one.op]} ${one.at}::timestamptz`]
      : [],
  );
  // looked up first and kept: the planner cannot know how few there are
  const named = conditions.filter((one) => one.on === 'names');
  const keys = named.map(
    (one, i) => sql`${sql.raw(`k${i}`)} as materialized (
      select distinct x.event_time, x.event from provenance.event_epc x
      where x.role = any(${[...one.roles]}::smallint[]) and x.epc in (${identifiers(one)})
      ${times.length > 0 ? sql`and ${sql.join(times, sql` and `)}` : sql``})`,
  );
  const joins = named.map(
    (_, i) =>
      sql`join ${sql.raw(`k${i}`)} on e.event_time = ${sql.raw(`k${i}`)}.event_time and e.no = ${sql.raw(`k${i}`)}.event`,
  );
  const tests = [
    ...conditions.flatMap((one) => (one.on === 'names' ? [] : [conditionSql(one)])),
    ...(after ? [behind(orderBy, descending, after)] : []),
    ...more,
  ];
  return sql`${keys.length > 0 ? sql`with ${sql.join(keys, sql`, `)} ` : sql``}select ${columns}
    from provenance.event e ${sql.join(joins, sql` `)}
    ${tests.length > 0 ? sql`where ${sql.join(tests, sql` and `)}` : sql``}`;
}

/** In the query's order; the number decides between equals. */
export function ordered({ orderBy, descending }: EventQuery): RawBuilder<unknown> {
  const direction = descending ? sql`desc` : sql`asc`;
  return sql`order by ${orderKey(orderBy)} ${direction}, e.no ${direction}`;
}

function behind(by: OrderBy, descending: boolean, { key, no }: After): RawBuilder<unknown> {
  const type = typeof by === 'string' ? sql`timestamptz` : sql`text`;
  return sql`(${orderKey(by)}, e.no) ${descending ? sql`<` : sql`>`} (${key}::${type}, ${no}::bigint)`;
}

function identifiers({ uris, like }: Extract<Condition, { on: 'names' }>): RawBuilder<unknown> {
  const equal = sql`select id from provenance.identifier where uri = any(${[...uris]}::text[])`;
  const alike = like.map((one) => sql`select id from provenance.identifier where uri like ${one}`);
  return sql.join([equal, ...alike], sql` union `);
}

function conditionSql(condition: Exclude<Condition, { on: 'names' }>): RawBuilder<unknown> {
  switch (condition.on) {
    case 'column': {
      const { column, values } = condition;
      const equals = sql`${sql.ref(`e.${column}`)} = any(${[...values]}::text[])`;
      // every bizLocation is a site, and those have the index
      return column === 'biz_location' ? sql`(${equals} and e.site = any(${[...values]}::text[]))` : equals;
    }
    case 'place': {
      const at = sql.ref(condition.column === 'biz_location' ? 'e.site' : 'e.read_point');
      const inside = condition.places.map(
        (place) => sql`(${at} >= ${`${place}/254/`} and ${at} < ${`${place}/2540`})`,
      );
      const any = sql.join([sql`${at} = any(${[...condition.places]}::text[])`, ...inside], sql` or `);
      return condition.column === 'biz_location'
        ? sql`(e.biz_location is not null and (${any}))`
        : sql`(${any})`;
    }
    case 'time':
      return sql`${sql.ref(`e.${condition.column}`)} ${OPS[condition.op]} ${condition.at}::timestamptz`;
    case 'eventID':
      return eventIdSql(condition.ids);
    case 'correction':
      return sql`(e.event_time, e.no) in (select event_time, event from provenance.correction)`;
    case 'path':
      return sql`jsonb_path_exists(e.body, ${condition.path}::jsonpath, ${JSON.stringify(condition.variables)}::jsonb, true)`;
    case 'field':
      return sql`exists (select 1 from jsonb_path_query(e.body, ${condition.path}::jsonpath, '{}', true) as found (value)
        where ${testSql(condition.test)})`;
  }
}

/** By the name the sender chose; an event without one is named by its hash. */
function eventIdSql(ids: readonly string[]): RawBuilder<unknown> {
  const hashes = ids.map(hashWithin).filter((hash) => hash !== null);
  return sql`(e.event_time, e.no) in (
    select event_time, event from provenance.event_name where event_id = any(${[...ids]}::text[])
    union select event_time, no from provenance.event
    where event_id is null and hash = any(${hashes.map((hash) => Buffer.from(hash, 'hex'))}::bytea[]))`;
}

function testSql(test: ValueTest): RawBuilder<unknown> {
  switch (test.is) {
    case 'there':
      return sql`true`;
    case 'one of':
      return sql`(found.value #>> '{}' = any(${[...test.texts]}::text[])
        or jsonb_typeof(found.value) = 'number' and provenance.number_of(found.value) = any(${test.numbers.map(String)}::numeric[]))`;
    case 'number':
      return sql`provenance.number_of(found.value) ${OPS[test.op]} ${String(test.value)}::numeric`;
    case 'time':
      return sql`provenance.time_of(found.value) ${OPS[test.op]} ${test.at}::timestamptz`;
  }
}
