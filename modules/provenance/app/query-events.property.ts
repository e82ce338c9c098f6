/** Ten different events, known by names, and what a query finds of them: for the tests of the simple event query. */
import { idOf, openRepository, type Repository } from '../adapters/repository.property.ts';
import { type EpcisEvent, eventDigest } from '../core/events.ts';
import { captureEvent } from './capture-event.ts';
import { queryEvents } from './query-events.ts';
import * as s from './stories.property.ts';

export type Event = Record<string, unknown>;
export const EX = { example: 'https://ns.example.com/epcis/', bare: 'https://ns.example.com/bare' };
export const at = (hour: number) => s.day(0, hour);
const maker = (hour: number, bizStep: string, more: Event): Event =>
  s.event(at(hour), bizStep, s.MAKER, more);
const report = (more: Event, metadata: Event = {}): Event => ({
  sensorElementList: [{ sensorMetadata: metadata, sensorReport: [{ type: 'Temperature', ...more }] }],
});
const LOT = `https://id.gs1.org/01/${s.GTIN}/10/L1`;
const INNER = { 'example:deep': { 'example:inner': 'yes', 'example:list': [{ 'example:n': 7 }] } };
const WHY = { declarationTime: at(30), reason: 'incorrect_data', correctiveEventIDs: ['urn:uuid:corrected'] };

/** By a name of its own each; what a parameter finds is told by these names. */
const EVENTS: Record<string, Event> = {
  made: maker(0, 'commissioning', {
    action: 'ADD',
    epcList: [s.unit('A'), s.unit('B')],
    disposition: 'active',
    ilmd: { 'cbvmda:lotNumber': 'L1', 'example:batch': { 'example:inner': 'x' } },
    bizTransactionList: [{ type: 'po', bizTransaction: 'urn:epcglobal:cbv:bt:9521:1' }],
  }),
  packed: { ...s.pack(at(1), s.box(), [s.unit('A')]), 'example:weight': 12.5 },
  shipped: maker(2, 'shipping', {
    epcList: [s.box()],
    disposition: 'in_transit',
    sourceList: [{ type: 'possessing_party', source: s.site(s.MAKER) }],
    destinationList: [{ type: 'owning_party', destination: s.site(s.CLINIC) }],
    persistentDisposition: { set: ['completeness_verified'], unset: ['completeness_inferred'] },
    'example:note': 'cool',
    'example:when': '2026-03-01T08:00:00+08:00',
    'bare:plain': 'p',
    ...INNER,
  }),
  turned: {
    type: 'TransformationEvent',
    eventTime: at(3),
    eventTimeZoneOffset: '+08:00',
    inputEPCList: [s.unit('B')],
    inputQuantityList: [{ epcClass: LOT, quantity: 2, uom: 'KGM' }],
    outputEPCList: [s.vial('V1')],
    outputQuantityList: [{ epcClass: `https://id.gs1.org/01/${s.VIAL}/10/V`, quantity: 5 }],
    transformationID: 'urn:x:t1',
    bizLocation: { id: `${s.site(s.MAKER)}/254/hall` },
    readPoint: { id: `${s.site(s.MAKER)}/254/gate.2` },
  },
  cold: maker(4, 'sensor_reporting', {
    ...report(
      {
        value: 4,
        uom: 'CEL',
        minValue: 2,
        maxValue: 41,
        meanValue: 5,
        sDev: 0.5,
        percRank: 50,
        percValue: 5,
      },
      {
        time: at(4),
        startTime: at(3),
        endTime: at(4),
        deviceID: 'https://id.gs1.org/8004/4000001111',
        dataProcessingMethod: 'https://example.com/253/4012345000054987',
        bizRules: 'https://example.com/253/4012345000054988',
        'example:logger': '7',
      },
    ),
  }),
  warm: maker(5, 'sensor_reporting', {
    sensorElementList: [
      {
        'example:element': 1,
        sensorReport: [
          {
            type: 'Temperature',
            value: 104,
            uom: 'FAH',
            deviceID: 'urn:x:device',
            'example:grade': 'b',
            time: at(5),
          },
          { type: 'RelativeHumidity', value: 60, uom: 'P1', component: 'x', booleanValue: true },
          {
            type: 'https://ns.example.com/Smell',
            stringValue: 'sour',
            hexBinaryValue: 'f0',
            uriValue: 'urn:x:v',
          },
          { type: 'Count', microorganism: 'urn:x:m', chemicalSubstance: 'urn:x:c', value: 1, uom: 'EA' },
        ],
      },
    ],
  }),
  traded: {
    type: 'TransactionEvent',
    eventTime: at(6),
    eventTimeZoneOffset: '+08:00',
    action: 'ADD',
    parentID: s.box('7'),
    epcList: [s.unit('C')],
    bizTransactionList: [{ type: 'inv', bizTransaction: 'urn:x:inv:1' }],
    readPoint: { id: s.site(s.MAKER), 'example:dock': '4' },
    bizLocation: { id: s.site(s.MAKER), 'example:floor': 2 },
    eventID: 'urn:uuid:traded',
  },
  asset: maker(7, 'inspecting', {
    epcList: ['https://id.gs1.org/8004/9521asset', 'urn:epc:id:grai:9521000.00001.5'],
    quantityList: [{ epcClass: LOT, quantity: 3.5, uom: 'GRM' }],
    disposition: 'https://ns.example.com/dusty',
  }),
  custom: {
    type: 'https://ns.example.com/WeighingEvent',
    eventTime: at(8),
    eventTimeZoneOffset: '+08:00',
    'example:weight': 20,
  },
};
EVENTS.wrong = { ...EVENTS.asset!, errorDeclaration: { ...WHY, 'example:who': 'ann' } };
export const names = Object.keys(EVENTS);

export interface Named extends Repository {
  find(query: Event): Promise<string[]>;
  nameOf(event: EpcisEvent): string;
}

export async function openNamed(): Promise<Named> {
  const repository = await openRepository();
  const byDigest = new Map<string, string>();
  for (const [name, event] of Object.entries(EVENTS)) {
    repository.clock.at = Date.parse(at(24 + names.indexOf(name)));
    const { digest } = await captureEvent(repository.ctx, idOf(s.MAKER), { '@context': [EX], ...event });
    byDigest.set(digest, name);
  }
  const nameOf = (event: EpcisEvent) => byDigest.get(eventDigest(event))!;
  return {
    ...repository,
    nameOf,
    async find(query) {
      const { events } = await queryEvents(repository.ctx, { perPage: 100, ...query }, EX);
      return events.map(({ event }) => nameOf(event));
    },
  };
}
