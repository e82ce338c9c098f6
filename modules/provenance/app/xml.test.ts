/** XML 1.2 and 2.0 documents say the same as their JSON-LD writing. */
import type { Json } from '@zhenmei/kernel';
import { describe, expect, it } from 'vitest';
import { checkDocument, hashEvents, readDocument } from './epcis.ts';

const wrap = (events: string, version = '2') => `<?xml version="1.0" encoding="UTF-8"?>
<!-- a comment --><?note nothing?>
<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:${version}" xmlns:example="https://ns.example.com/epcis/"
  xmlns:bare="https://ns.example.com/bare" xmlns:cbvmda="urn:epcglobal:cbv:mda" schemaVersion="${version}.0" creationDate="2026-03-04T11:00:30Z">
  <EPCISBody><EventList>${events}</EventList></EPCISBody></epcis:EPCISDocument>`;

const json = (events: object[]): Json =>
  ({
    '@context': [
      'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
      { example: 'https://ns.example.com/epcis/', bare: 'https://ns.example.com/bare' },
    ],
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: '2026-03-04T11:00:30Z',
    epcisBody: { eventList: events },
  }) as Json;

const TIME =
  '<eventTime>2026-03-04T11:00:30.000+01:00</eventTime><eventTimeZoneOffset>+01:00</eventTimeZoneOffset>';
const common = { eventTime: '2026-03-04T10:00:30Z', eventTimeZoneOffset: '+01:00' };

const PAIRS: readonly (readonly [string, string, object])[] = [
  [
    'an object event with sensors, master data and extensions',
    `<ObjectEvent>${TIME}<recordTime>2026-03-05T00:00:00Z</recordTime><baseExtension><eventID>urn:uuid:1</eventID></baseExtension>
      <epcList><epc>urn:epc:id:sgtin:4012345.011111.98%22</epc><epc> urn:epc:id:sscc:4012345.0000000111 </epc></epcList>
      <action>ADD</action><bizStep>urn:epcglobal:cbv:bizstep:commissioning</bizStep><disposition>urn:epcglobal:cbv:disp:active</disposition>
      <readPoint><id>urn:epc:id:sgln:4012345.00011.0</id><example:dock>4</example:dock></readPoint>
      <bizTransactionList><bizTransaction type="urn:epcglobal:cbv:btt:po">urn:x:1</bizTransaction><bizTransaction>urn:x:2</bizTransaction></bizTransactionList>
      <extension>
        <quantityList><quantityElement><epcClass>urn:epc:class:lgtin:4054739.099914.A1</epcClass><quantity>200.50</quantity><uom>KGM</uom></quantityElement></quantityList>
        <sourceList><source type="urn:epcglobal:cbv:sdt:possessing_party">urn:epc:id:pgln:4012345.00000</source></sourceList>
        <destinationList><destination type="urn:epcglobal:cbv:sdt:location">urn:epc:id:sgln:4012345.00012.0</destination></destinationList>
        <ilmd><cbvmda:lotNumber>A&amp;B</cbvmda:lotNumber><example:made><example:by>x</example:by><example:by>y</example:by></example:made></ilmd>
        <extension><sensorElementList><sensorElement>
          <sensorMetadata time="2026-03-04T10:00:00Z" example:logger="7"/>
          <sensorReport type="gs1:Temperature" minValue="2" maxValue="7.50" uom="CEL" booleanValue="true"/>
          <example:note>ok</example:note></sensorElement></sensorElementList>
          <persistentDisposition><set>urn:epcglobal:cbv:disp:completeness_verified</set></persistentDisposition></extension>
      </extension>
      <example:note><![CDATA[a < b]]></example:note><bare:plain>1</bare:plain><example:partList><example:part>p</example:part><example:part>q</example:part></example:partList>
    </ObjectEvent>`,
    {
      ...common,
      type: 'ObjectEvent',
      epcList: ['https://id.gs1.org/00/040123450000001112', 'urn:epc:id:sgtin:4012345.011111.98%22'],
      action: 'ADD',
      bizStep: 'commissioning',
      disposition: 'active',
      readPoint: { id: 'https://id.gs1.org/414/4012345000115', 'example:dock': '4' },
      bizTransactionList: [{ bizTransaction: 'urn:x:2' }, { type: 'po', bizTransaction: 'urn:x:1' }],
      quantityList: [
        { epcClass: 'https://example.com/01/04054739999148/10/A1', quantity: 200.5, uom: 'KGM' },
      ],
      sourceList: [{ type: 'possessing_party', source: 'urn:epc:id:pgln:4012345.00000' }],
      destinationList: [{ type: 'location', destination: 'urn:epc:id:sgln:4012345.00012.0' }],
      ilmd: { 'cbvmda:lotNumber': 'A&B', 'example:made': { 'example:by': ['x', 'y'] } },
      sensorElementList: [
        {
          sensorMetadata: { time: '2026-03-04T10:00:00Z', 'example:logger': '7' },
          sensorReport: [{ type: 'Temperature', minValue: 2, maxValue: 7.5, uom: 'CEL', booleanValue: true }],
          'example:note': 'ok',
        },
      ],
      persistentDisposition: { set: ['completeness_verified'] },
      'example:note': 'a < b',
      'bare:plain': '1',
      'example:partList': ['p', 'q'],
    },
  ],
  [
    'an aggregation',
    `<AggregationEvent>${TIME}<parentID>urn:epc:id:sscc:4012345.0000000333</parentID><childEPCs><epc>urn:epc:id:sgtin:4012345.011111.1</epc></childEPCs>
      <action>ADD</action><extension><childQuantityList><quantityElement><epcClass>urn:epc:idpat:sgtin:4012345.011111.*</epcClass><quantity>2</quantity></quantityElement></childQuantityList></extension></AggregationEvent>`,
    {
      ...common,
      type: 'AggregationEvent',
      parentID: 'urn:epc:id:sscc:4012345.0000000333',
      childEPCs: ['urn:epc:id:sgtin:4012345.011111.1'],
      action: 'ADD',
      childQuantityList: [{ epcClass: 'urn:epc:idpat:sgtin:4012345.011111.*', quantity: 2 }],
    },
  ],
  [
    'a transformation in its extension point',
    `<extension><TransformationEvent>${TIME}<baseExtension><errorDeclaration><declarationTime>2026-03-05T00:00:00Z</declarationTime><reason>urn:epcglobal:cbv:er:incorrect_data</reason><correctiveEventIDs><correctiveEventID>urn:uuid:2</correctiveEventID></correctiveEventIDs></errorDeclaration></baseExtension>
      <inputEPCList><epc>urn:epc:id:sgtin:4012345.011111.1</epc></inputEPCList><outputEPCList><epc>urn:epc:id:sgtin:4012345.022222.1</epc></outputEPCList><transformationID>urn:x:t</transformationID></TransformationEvent></extension>`,
    {
      ...common,
      type: 'TransformationEvent',
      inputEPCList: ['urn:epc:id:sgtin:4012345.011111.1'],
      outputEPCList: ['urn:epc:id:sgtin:4012345.022222.1'],
      transformationID: 'urn:x:t',
      errorDeclaration: {
        declarationTime: '2026-03-05T00:00:00Z',
        reason: 'incorrect_data',
        correctiveEventIDs: ['urn:uuid:2'],
      },
    },
  ],
];

describe('XML and JSON-LD', () => {
  it.each(PAIRS)('of %s have one hash, by both profiles', (_what, xml, event) => {
    for (const version of ['1', '2'])
      for (const profile of ['ref', 'spec'] as const)
        expect(hashEvents(readDocument(wrap(xml, version)), profile).map(({ preHash }) => preHash)).toEqual(
          hashEvents(json([event]), profile).map(({ preHash }) => preHash),
        );
  });
  it.each(PAIRS)('of %s are both valid', (_what, xml, event) => {
    expect(checkDocument(readDocument(wrap(xml))).issues).toEqual([]);
    expect(checkDocument(json([event])).issues).toEqual([]);
  });
  it('keep the order of events, and differ when an event does', () => {
    const all = readDocument(wrap(PAIRS.map(([, xml]) => xml).join('\n')));
    const wanted = hashEvents(json(PAIRS.map(([, , event]) => event))).map(({ hash }) => hash);
    expect(hashEvents(all).map(({ hash }) => hash)).toEqual(wanted);
    expect(new Set(wanted).size).toBe(PAIRS.length);
  });
  it('finds what is wrong in XML too', () => {
    const rules = checkDocument(
      readDocument(
        wrap(
          `<ObjectEvent>${TIME}<epcList/><action>CHANGE</action><bizStep>urn:epcglobal:cbv:bizstep:selling</bizStep></ObjectEvent>`,
        ),
      ),
    ).issues.map(({ rule }) => rule);
    expect(rules).toEqual(['action', 'term']);
  });
});
