/** Parameters about extensions and sensors, and all that is refused. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../adapters/repository.property.ts';
import { at, type Event, type Named, names, openNamed } from './query-events.property.ts';
import { patiently } from './query-events.ts';

let named: Named;
beforeAll(async () => {
  named = await openNamed();
});
afterAll(() => named.close());
const find = (query: Event) => named.find(query);

describe('the simple event query', () => {
  it.each<[Event, string[]]>([
    [{ 'EQ_example:note': 'cool' }, ['shipped']],
    [{ 'EQ_https://ns.example.com/epcis/note': ['warm', 'cool'] }, ['shipped']],
    [{ 'EQ_https://ns.example.com/bare#plain': 'p' }, ['shipped']],
    [{ 'EQ_bare:plain': 'p' }, ['shipped']],
    [{ 'EQ_example:note': 'COOL' }, []],
    [{ 'EQ_example:weight': 12.5 }, ['packed']],
    [{ 'GT_example:weight': 12.5 }, ['custom']],
    [{ 'GE_example:weight': '12.5' }, ['packed', 'custom']],
    [{ 'LT_example:weight': 12.5 }, []],
    [{ 'LE_example:weight': 12.5 }, ['packed']],
    [{ 'GE_example:when': '2026-03-01T00:00:00Z' }, ['shipped']],
    [{ 'LT_example:when': '2026-03-01T00:00:00Z' }, []],
    [{ 'GE_example:note': 3 }, []],
    [{ 'GE_example:note': at(1) }, []],
    [{ 'EXISTS_example:note': null }, ['shipped']],
    [{ 'EXISTS_example:inner': true }, []],
    [{ 'EXISTS_INNER_example:inner': '' }, ['shipped']],
    [{ 'EQ_INNER_example:inner': 'yes' }, ['shipped']],
    [{ 'GE_INNER_example:n': 7 }, ['shipped']],
    [{ 'EQ_INNER_example:note': 'cool' }, []],
    [{ 'EQ_ILMD_cbvmda:lotNumber': 'L1' }, ['made']],
    [{ 'EQ_ILMD_urn:epcglobal:cbv:mda#lotNumber': 'L2' }, []],
    [{ 'EXISTS_ILMD_cbvmda:lotNumber': true }, ['made']],
    [{ 'EXISTS_ILMD_example:inner': true }, []],
    [{ 'EQ_INNER_ILMD_example:inner': 'x' }, ['made']],
    [{ EXISTS_ilmd: true }, ['made']],
    [{ 'EQ_ERROR_DECLARATION_example:who': 'ann' }, ['wrong']],
    [{ 'EXISTS_ERROR_DECLARATION_example:other': 1 }, []],
    [{ 'EQ_readPoint_example:dock': '4' }, ['traded']],
    [{ 'GE_bizLocation_example:floor': 2 }, ['traded']],
    [{ 'GT_bizLocation_example:floor': 2 }, []],
  ])('%j finds %j', async (query, wanted) => {
    expect((await find(query)).sort()).toEqual([...wanted].sort());
  });

  it.each<[Event, string[]]>([
    [{ EXISTS_sensorElementList: true }, ['cold', 'warm']],
    [{ EQ_type: 'Temperature' }, ['cold', 'warm']],
    [{ EQ_type: 'gs1:RelativeHumidity|Speed' }, ['warm']],
    [{ EQ_type: 'https://ns.example.com/Smell' }, ['warm']],
    [{ EQ_value_CEL: 4 }, ['cold']],
    [{ EQ_value_CEL: 40 }, ['warm']],
    [{ EQ_value_FAH: 39.2 }, ['cold']],
    [{ EQ_value_KEL: 277.15 }, ['cold']],
    [{ GE_value_CEL: 40 }, ['warm']],
    [{ GT_value_CEL: 40 }, []],
    [{ LE_value_FAH: 104 }, ['cold', 'warm']],
    [{ LT_value_KEL: 313.15 }, ['cold']],
    [{ EQ_value_P1: 60 }, ['warm']],
    [{ EQ_value_EA: 1 }, ['warm']],
    [{ EQ_value_KGM: 4 }, []],
    [{ GE_minValue_CEL: 2, LE_maxValue_FAH: 105.8, EQ_meanValue_CEL: 5 }, ['cold']],
    [{ LT_minValue_CEL: 2 }, []],
    [{ GE_sDev_CEL: 0.5, EQ_percValue_CEL: 5, GE_percRank: 50 }, ['cold']],
    [{ GT_percRank: 50 }, []],
    [{ GE_startTime: at(3), LT_endTime: at(5) }, ['cold']],
    [{ LT_startTime: at(3) }, []],
    [{ GE_time: at(5) }, ['warm']],
    [{ GE_SENSORMETADATA_time: at(4) }, ['cold']],
    [{ GE_SENSORREPORT_time: at(4) }, ['warm']],
    [{ EQ_deviceID: 'urn:x:device' }, ['warm']],
    [{ EQ_deviceID: 'https://example.com/8004/4000001111' }, ['cold']],
    [{ EQ_SENSORMETADATA_deviceID: 'urn:x:device' }, []],
    [{ EQ_SENSORREPORT_deviceID: 'urn:x:device' }, ['warm']],
    [{ EQ_dataProcessingMethod: 'https://id.gs1.org/253/4012345000054987' }, ['cold']],
    [{ EQ_bizRules: 'https://id.gs1.org/253/4012345000054987' }, []],
    [{ EQ_microorganism: 'urn:x:m', EQ_chemicalSubstance: 'urn:x:c' }, ['warm']],
    [{ EQ_stringValue: 'sour|sweet' }, ['warm']],
    [{ EQ_hexBinaryValue: 'f0' }, ['warm']],
    [{ EQ_uriValue: 'urn:x:v' }, ['warm']],
    [{ EQ_booleanValue: 'true' }, ['warm']],
    [{ EQ_booleanValue: false }, []],
    [{ 'EQ_SENSORELEMENT_example:element': 1 }, ['warm']],
    [{ 'EXISTS_SENSORMETADATA_example:logger': true }, ['cold']],
    [{ 'EQ_SENSORREPORT_example:grade': 'b' }, ['warm']],
    [{ 'EXISTS_SENSORREPORT_example:logger': true }, []],
  ])('%j finds %j', async (query, wanted) => {
    expect((await find(query)).sort()).toEqual([...wanted].sort());
  });

  it.each<[Event, string]>([
    [{ EQ_colour: 'red' }, 'QUERY_PARAMETER_UNKNOWN'],
    [{ eq_bizStep: 'shipping' }, 'QUERY_PARAMETER_UNKNOWN'],
    [{ GE_bizStep: 'shipping' }, 'QUERY_PARAMETER_UNKNOWN'],
    [{ 'EQ_unknown:name': 'x' }, 'QUERY_PARAMETER_UNKNOWN'],
    [{ 'EQ_example:': 'x' }, 'QUERY_PARAMETER_UNKNOWN'],
    [{ 'MATCH_example:note': 'x' }, 'QUERY_PARAMETER_UNKNOWN'],
    [{ GE_value: 3 }, 'QUERY_PARAMETER_UNKNOWN'],
    [{ GE_percRank_CEL: 3 }, 'QUERY_PARAMETER_UNKNOWN'],
    [{ EQ_source_seller: 'urn:x:1' }, 'QUERY_PARAMETER_UNKNOWN'],
    [{ HASATTR_bizLocation: 'x' }, 'QUERY_PARAMETER_UNKNOWN'],
    [{ __proto__x: '1' }, 'QUERY_PARAMETER_UNKNOWN'],
    [{ constructor: '1' }, 'QUERY_PARAMETER_UNKNOWN'],
    [{ EQ_bizStep: 'selling' }, 'QUERY_INVALID'],
    [{ EQ_bizStep: '' }, 'QUERY_INVALID'],
    [{ EQ_bizStep: [] }, 'QUERY_INVALID'],
    [{ EQ_bizStep: { a: 1 } }, 'QUERY_INVALID'],
    [{ EQ_action: 'CHANGE' }, 'QUERY_INVALID'],
    [{ eventType: 'SellingEvents' }, 'QUERY_INVALID'],
    [{ GE_eventTime: 'yesterday' }, 'QUERY_INVALID'],
    [{ GE_eventTime: '2026-02-30T00:00:00Z' }, 'QUERY_INVALID'],
    [{ GE_eventTime: '2026-02-01T00:00:00' }, 'QUERY_INVALID'],
    [{ MATCH_epc: 'not a uri' }, 'QUERY_INVALID'],
    [{ EQ_quantity: 'many' }, 'QUERY_INVALID'],
    [{ GT_quantity: '1|2' }, 'QUERY_INVALID'],
    [{ 'GE_example:weight': 'heavy' }, 'QUERY_INVALID'],
    [{ 'EXISTS_example:weight': 'perhaps' }, 'QUERY_INVALID'],
    [{ EQ_booleanValue: 'yes' }, 'QUERY_INVALID'],
    [{ EQ_stringValue: 'a\0b' }, 'QUERY_INVALID'],
    [{ orderBy: 'colour' }, 'QUERY_INVALID'],
    [{ orderBy: 'eventTime', orderDirection: 'UP' }, 'QUERY_INVALID'],
    [{ eventCountLimit: 2 }, 'QUERY_INVALID'],
    [{ orderBy: 'eventTime', eventCountLimit: 2, maxEventCount: 3 }, 'QUERY_INVALID'],
    [{ orderBy: 'eventTime', eventCountLimit: 0 }, 'QUERY_INVALID'],
    [{ maxEventCount: -1 }, 'QUERY_INVALID'],
    [{ maxEventCount: 2 }, 'QUERY_TOO_LARGE'],
    [{ perPage: 0 }, 'QUERY_INVALID'],
    [{ perPage: 'all' }, 'QUERY_INVALID'],
    [{ nextPageToken: 'x' }, 'QUERY_INVALID'],
    [{ nextPageToken: ['a', 'b'] }, 'QUERY_INVALID'],
  ])('%j is refused as %s', async (query, code) => {
    expect(await codeOf(() => find(query))).toBe(code);
  });

  it('names the parameter that is wrong', async () => {
    await expect(find({ EQ_colour: 'red' })).rejects.toMatchObject({ params: { name: 'EQ_colour' } });
  });

  it('lets no value out of its quotes', async () => {
    for (const value of [
      `'`,
      `"`,
      `\\`,
      `") || (1 == 1`,
      `'; drop table provenance.event; --`,
      '$',
      '%',
      '\u2028',
    ])
      for (const query of [
        { EQ_stringValue: value },
        { 'EQ_example:note': value },
        { [`EQ_example:${value}`]: 'x' },
      ])
        expect(await find(query).catch((e: { code: string }) => e.code)).toSatisfy((answer: unknown) =>
          Array.isArray(answer) ? answer.length === 0 : String(answer).startsWith('QUERY_'),
        );
    expect(await find({})).toHaveLength(names.length);
  });

  it('gives up after a while, by name', async () => {
    await sql`create function provenance.slow(jsonb) returns text language sql as 'select pg_sleep(60)::text'`.execute(
      named.database.db,
    );
    await expect(
      patiently(named.ctx.db, async (tx) => {
        await sql`select set_config('statement_timeout', '50ms', true)`.execute(tx);
        return sql`select provenance.slow('{}')`.execute(tx);
      }),
    ).rejects.toMatchObject({ code: 'QUERY_TOO_COMPLEX', status: 413 });
  });
});
