/** Standard parameters of the simple event query over a real PostgreSQL: what each finds. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../adapters/repository.property.ts';
import { at, type Event, type Named, names, openNamed } from './query-events.property.ts';
import { queryEvents } from './query-events.ts';
import * as s from './stories.property.ts';

let named: Named;
beforeAll(async () => {
  named = await openNamed();
});
afterAll(() => named.close());
const find = (query: Event) => named.find(query);

const LOT = `https://id.gs1.org/01/${s.GTIN}/10/L1`;
const all = names.filter((name) => name !== 'wrong');

describe('the simple event query', () => {
  it('finds everything without parameters, by event time', async () => {
    expect(new Set(await find({}))).toEqual(new Set(names));
    expect((await find({})).filter((name) => name !== 'wrong')).toEqual(all);
  });

  it.each<[Event, string[]]>([
    [{ eventType: 'TransformationEvent' }, ['turned']],
    [{ eventType: 'TransactionEvent|AggregationEvent' }, ['packed', 'traded']],
    [{ eventType: ['example2:none'] }, []],
    [{ eventType: 'https://ns.example.com/WeighingEvent' }, ['custom']],
    [{ GE_eventTime: at(7), LT_eventTime: at(8) }, ['asset', 'wrong']],
    [{ LT_eventTime: '2026-03-01T08:30:00+08:00' }, ['made']],
    [{ GE_recordTime: at(32) }, ['custom', 'wrong']],
    [{ LT_recordTime: at(25) }, ['made']],
    [{ EQ_action: 'ADD' }, ['made', 'packed', 'traded']],
    [{ EQ_action: ['DELETE'] }, []],
    [{ EQ_bizStep: 'shipping' }, ['shipped']],
    [{ EQ_bizStep: 'cbv:BizStep-shipping|urn:epcglobal:cbv:bizstep:packing' }, ['packed', 'shipped']],
    [{ EQ_disposition: 'in_transit' }, ['shipped']],
    [{ EQ_disposition: 'example:other' }, []],
    [{ EQ_disposition: 'https://ns.example.com/dusty' }, ['asset', 'wrong']],
    [{ EQ_persistentDisposition_set: 'completeness_verified' }, ['shipped']],
    [{ EQ_persistentDisposition_set: 'completeness_inferred' }, []],
    [{ EQ_persistentDisposition_unset: ['completeness_inferred', 'recalled'] }, ['shipped']],
    [{ EQ_readPoint: `${s.site(s.MAKER)}/254/gate.2` }, ['turned']],
    [{ EQ_readPoint: `https://example.com/gln/${s.MAKER}`, EQ_action: 'ADD' }, ['made', 'packed', 'traded']],
    [{ WD_readPoint: s.site(s.MAKER), eventType: 'TransformationEvent' }, ['turned']],
    [{ WD_readPoint: `${s.site(s.MAKER)}/254/gate` }, []],
    [{ EQ_bizLocation: s.site(s.MAKER), EQ_action: 'ADD' }, ['made', 'traded']],
    [{ EQ_bizLocation: s.site(s.CLINIC) }, []],
    [{ WD_bizLocation: s.site(s.MAKER), eventType: 'TransformationEvent' }, ['turned']],
    [{ EQ_transformationID: 'urn:x:t1' }, ['turned']],
    [{ EQ_transformationID: 'urn:x:t2' }, []],
    [{ MATCH_epc: s.unit('A') }, ['made', 'packed']],
    [{ MATCH_epc: 'urn:epc:id:sgtin:9521000.000001.A' }, ['made', 'packed']],
    [{ MATCH_epc: 'urn:epc:id:sgtin:9521000.000002.A' }, []],
    [{ MATCH_epc: s.box() }, ['shipped']],
    [{ MATCH_parentID: s.box() }, ['packed']],
    [{ MATCH_parentID: [s.box(), s.box('7')] }, ['packed', 'traded']],
    [{ MATCH_inputEPC: s.unit('B') }, ['turned']],
    [{ MATCH_outputEPC: s.vial('V1') }, ['turned']],
    [{ MATCH_outputEPC: s.unit('B') }, []],
    [{ MATCH_anyEPC: s.unit('B') }, ['made', 'turned']],
    [{ MATCH_anyEPC: s.box() }, ['packed', 'shipped']],
    [{ MATCH_anyEPC: s.unit('A'), MATCH_parentID: s.box() }, ['packed']],
    [{ MATCH_anyEPC: s.unit('nobody') }, []],
    [{ MATCH_epcClass: LOT }, ['asset', 'wrong']],
    [{ MATCH_inputEPCClass: LOT }, ['turned']],
    [{ MATCH_outputEPCClass: LOT }, []],
    [{ MATCH_anyEPCClass: LOT }, ['turned', 'asset', 'wrong']],
    [{ EQ_quantity: 3.5 }, ['asset', 'wrong']],
    [{ GT_quantity: '3.5' }, ['turned']],
    [{ GE_quantity: 5 }, ['turned']],
    [{ LT_quantity: 2 }, []],
    [{ LE_quantity: 2 }, ['turned']],
    [{ EQ_quantity_KGM: 0.0035 }, ['asset', 'wrong']],
    [{ GE_quantity_GRM: 3.5 }, ['turned', 'asset', 'wrong']],
    [{ GT_quantity_GRM: 3.5 }, ['turned']],
    [{ EQ_eventID: 'urn:uuid:traded' }, ['traded']],
    [{ EQ_eventID: 'urn:uuid:nobody' }, []],
    [{ EXISTS_errorDeclaration: true }, ['wrong']],
    [{ EXISTS_errorDeclaration: 'false' }, names],
    [{ GE_errorDeclarationTime: at(30) }, ['wrong']],
    [{ LT_errorDeclarationTime: at(30) }, []],
    [{ GE_errorDeclaration_Time: at(29), LT_errorDeclaration_Time: at(31) }, ['wrong']],
    [{ EQ_errorReason: 'incorrect_data' }, ['wrong']],
    [{ EQ_errorReason: 'did_not_occur' }, []],
    [{ EQ_correctiveEventID: 'urn:uuid:corrected' }, ['wrong']],
    [{ EQ_correctiveEventID: 'urn:uuid:other' }, []],
    [{ EQ_bizTransaction_po: 'urn:epcglobal:cbv:bt:9521:1' }, ['made']],
    [{ 'EQ_bizTransaction_urn:epcglobal:cbv:btt:inv': ['urn:x:inv:1'] }, ['traded']],
    [{ EQ_bizTransaction_inv: 'urn:epcglobal:cbv:bt:9521:1' }, []],
    [{ EQ_source_possessing_party: s.site(s.MAKER) }, ['shipped']],
    [{ EQ_source_owning_party: s.site(s.MAKER) }, []],
    [
      { EQ_destination_owning_party: `urn:epc:id:sgln:${s.CLINIC.slice(0, 7)}.${s.CLINIC.slice(7, 12)}.0` },
      ['shipped'],
    ],
  ])('%j finds %j', async (query, wanted) => {
    expect((await find(query)).sort()).toEqual([...wanted].sort());
  });

  it('finds by patterns of identifiers', async () => {
    const gtin = s.GTIN;
    const [prefix, reference] = [gtin.slice(1, 8), gtin[0]! + gtin.slice(8, 13)];
    const find1 = (pattern: string) => find({ MATCH_anyEPC: `urn:epc:idpat:${pattern}` });
    expect(await find1(`sgtin:${prefix}.${reference}.*`)).toEqual(['made', 'packed', 'turned', 'traded']);
    expect(await find1(`sgtin:${prefix}.*.*`)).toEqual(['made', 'packed', 'turned', 'traded']);
    expect(await find1('sgtin:*.*.*')).toEqual(['made', 'packed', 'turned', 'traded']);
    expect(await find1(`sgtin:4012345.${reference}.*`)).toEqual([]);
    expect(await find1('sscc:9521000.*')).toEqual(['packed', 'shipped', 'traded']);
    expect(await find1('sscc:4012345.*')).toEqual([]);
    expect(await find1('giai:9521.*')).toEqual(['asset', 'wrong']);
    expect(await find1('grai:9521000.00001.*')).toEqual(['asset', 'wrong']);
    expect(await find1('grai:9521000.*.*')).toEqual(['asset', 'wrong']);
    expect(await find({ MATCH_epcClass: `urn:epc:class:lgtin:${prefix}.${reference}.L1` })).toEqual([
      'asset',
      'wrong',
    ]);
    for (const bad of [
      'sgtin:x.*.*',
      'sgtin:*.012345.*',
      'sgtin:9521000.*.5',
      'upui:9521000.0.*',
      'sscc:1.*',
      'sgtin:9521000.*',
    ])
      expect(await codeOf(() => find1(bad))).toBe('QUERY_INVALID');
  });

  it('knows an event by the hash of its content if its sender gave it no name', async () => {
    const { events } = await queryEvents(named.ctx, { EQ_bizStep: 'shipping' });
    const [shipped] = events;
    expect(shipped!.eventID).toMatch(/^ni:\/\/\/sha-256;[0-9a-f]{64}\?ver=CBV2\.0$/);
    expect(await find({ EQ_eventID: shipped!.eventID })).toEqual(['shipped']);
    expect(await find({ EQ_eventID: shipped!.eventID.replace(/[0-9a-f]\?/, 'x?') })).toEqual([]);
  });
});
