/** Where the official JSON Schema is stricter or laxer than one would think, so are we. */
import type { Json } from '@zhenmei/kernel';
import { describe, expect, it } from 'vitest';
import { checkDocument } from './epcis.ts';

const CONTEXT = 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld';
const event = {
  type: 'ObjectEvent',
  eventTime: '2026-03-04T11:00:30+01:00',
  eventTimeZoneOffset: '+01:00',
  action: 'OBSERVE',
  epcList: ['urn:epc:id:sgtin:4012345.011111.9876'],
  readPoint: { id: 'urn:epc:id:sgln:4012345.00011.0' },
};
const document = (more: object, events: object[] = [event]) => ({
  '@context': [CONTEXT],
  type: 'EPCISDocument',
  schemaVersion: '2.0',
  creationDate: '2026-03-04T12:00:00Z',
  epcisBody: { eventList: events },
  ...more,
});
const faults = (value: object) =>
  checkDocument(value as Json).issues.map(({ rule, pointer }) => `${rule} ${pointer}`);
const inEvent = (more: object) =>
  faults(document({}, [{ ...event, ...more }])).map((fault) => fault.replace('/epcisBody/eventList/0', ''));

describe('a context', () => {
  it.each([CONTEXT, { example: 'https://ns.example.com/' }, [], [CONTEXT, { a: 'urn:a:' }, { b: 'urn:b:' }]])(
    'may be %j',
    (context) => {
      expect(faults(document({ '@context': context }))).toEqual([]);
      expect(inEvent({ '@context': context })).toEqual([]);
    },
  );
  it.each([
    ['uri /@context', 'epcis'],
    ['uri /@context', ''],
    ['object /@context', 7],
    ['object /@context', null],
    ['uri /@context/1', [CONTEXT, 'zm']],
    ['object /@context/1', [CONTEXT, true]],
    ['object /@context/0', [[CONTEXT]]],
    ['duplicate /@context/1', [CONTEXT, CONTEXT]],
    [
      'duplicate /@context/1',
      [
        { a: 'urn:a:', b: 'urn:b:' },
        { b: 'urn:b:', a: 'urn:a:' },
      ],
    ],
  ])('gives %s for %j', (fault, context) => {
    expect(faults(document({ '@context': context }))).toEqual([fault]);
  });
});

describe('extension points', () => {
  it('of places and of the body take any name', () => {
    expect(inEvent({ readPoint: { ...event.readPoint, dock: '4' } })).toEqual([]);
    expect(inEvent({ bizLocation: { ...event.readPoint, floor: 2 } })).toEqual([]);
    expect(faults(document({ epcisBody: { eventList: [event], note: 'x' } }))).toEqual([]);
  });
  it('of events, documents and sensors ask for a prefix', () => {
    expect(inEvent({ dock: '4' })).toEqual(['unknown-member /dock']);
    expect(faults(document({ note: 'x' }))).toEqual(['unknown-member /note']);
    expect(inEvent({ sensorElementList: [{ sensorReport: [{ type: 'Temperature', note: 1 }] }] })).toEqual([
      'unknown-member /sensorElementList/0/sensorReport/0/note',
    ]);
  });
  it('of an own type of event take what any type of event has', () => {
    const own = {
      ...event,
      type: 'example:Blending',
      inputEPCList: ['urn:x:1'],
      transformationID: 'urn:x:2',
    };
    expect(faults(document({}, [own]))).toEqual([]);
    expect(faults(document({}, [{ ...own, blender: 1 }]))).toEqual([
      'unknown-member /epcisBody/eventList/0/blender',
    ]);
  });
});

describe('a term', () => {
  it('of somebody else’s vocabulary is theirs to define', () => {
    expect(
      inEvent({ bizStep: 'https://gs1.org/voc/shipping', disposition: 'https://example.com/d' }),
    ).toEqual([]);
    expect(
      inEvent({ sensorElementList: [{ sensorReport: [{ type: 'example:colour', stringValue: 'red' }] }] }),
    ).toEqual([]);
  });
  it('of the standard’s own vocabulary must be one of its terms', () => {
    expect(inEvent({ bizStep: 'https://ns.gs1.org/cbv/BizStep-shipping' })).toEqual(['term /bizStep']);
    expect(inEvent({ disposition: 'urn:epcglobal:cbv:disp:shipping' })).toEqual(['term /disposition']);
    expect(
      inEvent({ sensorElementList: [{ sensorReport: [{ type: 'https://gs1.org/voc/Colour' }] }] }),
    ).toEqual(['term /sensorElementList/0/sensorReport/0/type']);
  });
});
