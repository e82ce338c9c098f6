import type { Json } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDocument, hashEvents, normalisedEvents, readDocument } from './epcis.ts';

const CONTEXT = 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld';
const EX = { example: 'https://ns.example.com/epcis/' };
type Event = Record<string, unknown>;
const EVENT: Event = {
  type: 'ObjectEvent',
  eventTime: '2026-03-04T11:00:30.000+01:00',
  eventTimeZoneOffset: '+01:00',
  epcList: ['urn:epc:id:sgtin:4012345.011111.9876', 'urn:epc:id:sscc:4012345.0000000111'],
  action: 'ADD',
  bizStep: 'commissioning',
  disposition: 'active',
  readPoint: { id: 'urn:epc:id:sgln:4012345.00011.0' },
  bizTransactionList: [{ type: 'po', bizTransaction: 'urn:epcglobal:cbv:bt:4012345000009:1' }],
  sourceList: [{ type: 'possessing_party', source: 'urn:epc:id:pgln:4012345.00000' }],
  sensorElementList: [
    {
      sensorMetadata: { time: '2026-03-04T10:00:00Z' },
      sensorReport: [{ type: 'Temperature', value: 6.5, uom: 'CEL' }],
    },
  ],
  ilmd: { 'cbvmda:lotNumber': 'L1' },
  'example:note': 'cool',
};
const document = (events: Event[], context: unknown[] = [CONTEXT, EX]): Json =>
  ({
    '@context': context,
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: '2026-03-04T12:00:00Z',
    epcisBody: { eventList: events },
  }) as Json;
const hash = (event: Event, context?: unknown[]) => hashEvents(document([event], context))[0]!.hash;
const digest = (event: Event, context?: unknown[]) => hashEvents(document([event], context))[0]!.digest;
const ZONES = ['+00:00', '+08:00', '-05:30', '+14:00'];

function inZone(time: string, zone: string): string {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(zone)!;
  const shift = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -60_000 : 60_000);
  return new Date(Date.parse(time) + shift).toISOString().replace('Z', zone);
}

/** Another writing of the same event, chosen by numbers. */
function rewritten(pick: (n: number) => number): [Event, unknown[]] {
  const one = <T>(...choices: T[]): T => choices[pick(choices.length)]!;
  const entries = Object.entries({
    ...EVENT,
    eventID: one('urn:uuid:1', undefined),
    recordTime: one('2026-03-05T00:00:00Z', undefined),
    eventTime: inZone(EVENT.eventTime as string, ZONES[pick(ZONES.length)]!),
    epcList: one([0, 1], [1, 0]).map(
      (i) =>
        [
          one(
            'urn:epc:id:sgtin:4012345.011111.9876',
            'https://example.com/x/01/04012345111118/22/V/10/LOT/21/9876?17=271231',
            'https://id.gs1.org/gtin/4012345111118/ser/9876',
          ),
          one('urn:epc:id:sscc:4012345.0000000111', 'https://id.gs1.org/00/040123450000001112'),
        ][i],
    ),
    bizStep: one(
      'commissioning',
      'cbv:BizStep-commissioning',
      'https://ref.gs1.org/cbv/BizStep-commissioning',
      'urn:epcglobal:cbv:bizstep:commissioning',
    ),
    disposition: one('active', 'urn:epcglobal:cbv:disp:active'),
    readPoint: { id: one('urn:epc:id:sgln:4012345.00011.0', 'https://example.org/414/4012345000115') },
    bizTransactionList: [
      one(
        { type: 'po', bizTransaction: 'urn:epcglobal:cbv:bt:4012345000009:1' },
        { bizTransaction: 'urn:epcglobal:cbv:bt:4012345000009:1', type: 'cbv:BTT-po' },
      ),
    ],
    sensorElementList: [
      {
        sensorReport: [
          {
            uom: 'CEL',
            type: one('Temperature', 'gs1:Temperature', 'https://gs1.org/voc/Temperature'),
            value: one(6.5, 6.5),
          },
        ],
        sensorMetadata: { time: one('2026-03-04T10:00:00Z', '2026-03-04T18:00:00.000+08:00') },
      },
    ],
  }).filter(([, value]) => value !== undefined);
  const named = entries.map(
    ([key, value]) =>
      [
        key === 'example:note' ? one('example:note', 'https://ns.example.com/epcis/note', 'other:note') : key,
        value,
      ] as const,
  );
  const turned = pick(2) === 0 ? named : [...named].reverse();
  return [Object.fromEntries(turned), [CONTEXT, { ...EX, other: EX.example }]];
}

describe('the event hash', () => {
  it('and the leaf digest are one for every writing of an event', () => {
    const [wanted, leaf] = [hash(EVENT), digest(EVENT)];
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(60)), (stream) => {
        const numbers = stream[Symbol.iterator]();
        const [event, context] = rewritten((n) => (numbers.next().value as number) % n);
        expect(hash(event, context)).toBe(wanted);
        expect(digest(event, context)).toBe(leaf);
      }),
      { numRuns: 300 },
    );
  });

  it('and the leaf digest change with every member', () => {
    const [wanted, leaf] = [hash(EVENT), digest(EVENT)];
    for (const name of Object.keys(EVENT).filter((one) => one !== 'type' && one !== 'eventTime')) {
      const { [name]: _, ...rest } = EVENT;
      expect(hash(rest), name).not.toBe(wanted);
      expect(digest(rest), name).not.toBe(leaf);
    }
    expect(hash({ ...EVENT, type: 'TransactionEvent' })).not.toBe(wanted);
    expect(hash({ ...EVENT, eventTime: '2026-03-04T11:00:30.001+01:00' })).not.toBe(wanted);
  });

  it('is the same for a correction as for what it corrects, but the leaf is not', () => {
    const corrected = {
      ...EVENT,
      errorDeclaration: { declarationTime: '2026-03-05T00:00:00Z', reason: 'did_not_occur' },
    };
    expect(hash(corrected)).toBe(hash(EVENT));
    expect(digest(corrected)).not.toBe(digest(EVENT));
  });

  it('collides for long digit strings as the reference does; the leaf digest and profile spec do not', () => {
    const [a, b] = ['81234567890123456781', '81234567890123456790'].map((code) => ({
      ...EVENT,
      'example:code': code,
    }));
    expect(hash(a!)).toBe(hash(b!));
    expect(digest(a!)).not.toBe(digest(b!));
    expect(hashEvents(document([a!]), 'spec')[0]!.hash).not.toBe(hashEvents(document([b!]), 'spec')[0]!.hash);
  });

  it.each([
    ['007', '7'],
    ['1.50', '1.5'],
    ['+3', '3'],
    ['1e3', '1000'],
    ['0.00001', '1e-05'],
    ['1e22', '10000000000000000000000'],
    ['1e999', '1e999'],
    ['A07', 'A07'],
    [true, 'True'],
    [null, 'None'],
    ['commissioning', 'https://ref.gs1.org/cbv/BizStep-commissioning'],
  ])('writes the extension %j as the reference does', (value, text) => {
    expect(hashEvents(document([{ ...EVENT, 'example:note': value }]))[0]!.preHash).toContain(
      `{https://ns.example.com/epcis/}note=${text}`,
    );
  });

  it('follows the written rules in profile spec', () => {
    const { preHash } = hashEvents(
      document([
        {
          ...EVENT,
          eventTime: '2026-03-04T11:00:30.0005+01:00',
          'example:flag': true,
          'example:zeros': '007.50',
        },
      ]),
      'spec',
    )[0]!;
    expect(preHash).toContain('eventTime=2026-03-04T10:00:30.001Z');
    expect(preHash).toContain(
      'bizTransactionListbizTransaction=urn:epcglobal:cbv:bt:4012345000009:1type=https://ref.gs1.org/cbv/BTT-po',
    );
    expect(preHash.indexOf('bizTransactionList')).toBeLessThan(preHash.indexOf('sensorElementList'));
    expect(preHash).toContain('flag=true');
    expect(preHash).toContain('zeros=007.50');
  });

  it.each([
    ['2026-03-04T11:04:03.1415Z', '2026-03-04T11:04:03.142Z'],
    ['2026-03-04T11:04:03.1405Z', '2026-03-04T11:04:03.140Z'],
    ['2026-03-04T23:59:59.9996Z', '2026-03-05T00:00:00.000Z'],
    ['2026-03-04T00:30:00+14:00', '2026-03-03T10:30:00.000Z'],
  ])('reads the time %s as %s', (written, time) => {
    expect(hashEvents(document([{ ...EVENT, eventTime: written }]))[0]!.preHash).toContain(
      `eventTime=${time}`,
    );
  });

  it('keeps extensions with the element they are in', () => {
    const readPoint = { id: 'urn:epc:id:sgln:4012345.00011.0', 'example:dock': '4' };
    expect(hashEvents(document([{ ...EVENT, readPoint }]))[0]!.preHash).toContain(
      'readPointid=https://id.gs1.org/414/4012345000115{https://ns.example.com/epcis/}dock=4',
    );
  });
});

describe('normalised events', () => {
  it('are their own normal form', () => {
    const [once] = normalisedEvents(document([EVENT]));
    const [twice] = normalisedEvents({
      ...(document([]) as object),
      epcisBody: { eventList: [once] },
    } as Json);
    expect(twice).toEqual(once);
    expect(once).toMatchObject({
      bizStep: 'commissioning',
      epcList: ['https://id.gs1.org/00/040123450000001112', 'https://id.gs1.org/01/04012345111118/21/9876'],
      ilmd: { 'urn:epcglobal:cbv:mda:lotNumber': 'L1' },
    });
  });
  it('are none in what is no document', () => {
    expect(() => normalisedEvents({ a: 1 })).toThrowError(
      expect.objectContaining({ code: 'EPCIS_NOT_A_DOCUMENT' }),
    );
    expect(() => normalisedEvents([])).toThrowError(
      expect.objectContaining({ code: 'EPCIS_NOT_A_DOCUMENT' }),
    );
  });
});

describe('validation', () => {
  const faults = (event: Event) =>
    checkDocument(document([event])).issues.map(
      ({ pointer, rule }) => `${rule} ${pointer.replace('/epcisBody/eventList/0', '')}`,
    );
  const without = (name: string) => Object.fromEntries(Object.entries(EVENT).filter(([key]) => key !== name));
  const base = { eventTime: EVENT.eventTime, eventTimeZoneOffset: '+01:00' };

  it('finds nothing wrong with a full event', () => {
    expect(faults(EVENT)).toEqual([]);
  });
  it.each<[string, Event]>([
    ['missing ', without('eventTime')],
    ['missing ', without('eventTimeZoneOffset')],
    ['missing ', without('action')],
    ['missing ', without('type')],
    ['nothing-observed ', { ...without('epcList'), sensorElementList: undefined }],
    ['event-type /type', { ...EVENT, type: 'Event' }],
    ['time /eventTime', { ...EVENT, eventTime: '2026-02-30T00:00:00Z' }],
    ['time /eventTime', { ...EVENT, eventTime: '2026-03-04T11:00:30' }],
    ['offset /eventTimeZoneOffset', { ...EVENT, eventTimeZoneOffset: '+15:00' }],
    ['action /action', { ...EVENT, action: 'CHANGE' }],
    ['term /bizStep', { ...EVENT, bizStep: 'selling' }],
    ['term /bizStep', { ...EVENT, bizStep: 'urn:epcglobal:cbv:bizstep:selling' }],
    ['term /disposition', { ...EVENT, disposition: 'shipping' }],
    ['uri /epcList/1', { ...EVENT, epcList: ['urn:x:1', 'not a uri'] }],
    ['duplicate /epcList/1', { ...EVENT, epcList: ['urn:x:1', 'urn:x:1'] }],
    ['array /epcList', { ...EVENT, epcList: 'urn:x:1' }],
    ['unknown-member /colour', { ...EVENT, colour: 'red' }],
    ['object /readPoint', { ...EVENT, readPoint: 'urn:x:1' }],
    ['missing /readPoint', { ...EVENT, readPoint: {} }],
    ['missing /sourceList/0', { ...EVENT, sourceList: [{ source: 'urn:x:1' }] }],
    [
      'term /bizTransactionList/0/type',
      { ...EVENT, bizTransactionList: [{ type: 'order', bizTransaction: 'urn:x:1' }] },
    ],
    ['empty /sensorElementList/0/sensorReport', { ...EVENT, sensorElementList: [{ sensorReport: [] }] }],
    [
      'number /sensorElementList/0/sensorReport/0/value',
      { ...EVENT, sensorElementList: [{ sensorReport: [{ type: 'Temperature', value: '6' }] }] },
    ],
    [
      'boolean /sensorElementList/0/sensorReport/0/booleanValue',
      { ...EVENT, sensorElementList: [{ sensorReport: [{ type: 'Temperature', booleanValue: 'true' }] }] },
    ],
    [
      'hex-binary /sensorElementList/0/sensorReport/0/hexBinaryValue',
      { ...EVENT, sensorElementList: [{ sensorReport: [{ type: 'Temperature', hexBinaryValue: 'xy' }] }] },
    ],
    [
      'string /sensorElementList/0/sensorReport/0/stringValue',
      { ...EVENT, sensorElementList: [{ sensorReport: [{ type: 'Temperature', stringValue: 1 }] }] },
    ],
    ['uom /quantityList/0/uom', { ...EVENT, quantityList: [{ epcClass: 'urn:x:1', uom: 'kilogram' }] }],
    ['ilmd-without-add /ilmd', { ...EVENT, action: 'OBSERVE' }],
    ['missing /errorDeclaration', { ...EVENT, errorDeclaration: { reason: 'incorrect_data' } }],
    ['missing /persistentDisposition', { ...EVENT, persistentDisposition: {} }],
    ['nothing-observed ', { ...base, type: 'AggregationEvent', action: 'ADD', parentID: 'urn:x:1' }],
    ['missing ', { ...base, type: 'AssociationEvent', action: 'ADD', childEPCs: ['urn:x:1'] }],
    ['missing ', { ...base, type: 'TransactionEvent', action: 'ADD', epcList: [] }],
    ['nothing-observed ', { ...base, type: 'TransformationEvent', inputEPCList: ['urn:x:1'] }],
  ])('finds %s', (fault, event) => {
    expect(faults(JSON.parse(JSON.stringify(event)))).toContain(fault);
  });

  it('knows documents, query documents and bare events', () => {
    const rules = (value: unknown) =>
      checkDocument(value as Json).issues.map(({ rule, pointer }) => `${rule} ${pointer}`);
    expect(rules({ ...EVENT, '@context': [CONTEXT, EX] })).toEqual([]);
    expect(rules(EVENT)).toEqual(['missing ']);
    expect(rules('x')).toEqual(['object ']);
    expect(rules({ ...(document([]) as object), schemaVersion: 'two' })).toEqual(['version /schemaVersion']);
    expect(rules({ '@context': CONTEXT, type: 'EPCISQueryDocument', epcisBody: {} })).toEqual([
      'missing /epcisBody',
    ]);
    expect(
      rules({
        ...(document([]) as object),
        epcisHeader: { epcisMasterData: { vocabularyList: [{ vocabularyElementList: [{}] }] } },
      }),
    ).toEqual([
      'missing /epcisHeader/epcisMasterData/vocabularyList/0',
      'missing /epcisHeader/epcisMasterData/vocabularyList/0/vocabularyElementList/0',
    ]);
  });
});

describe('the linter', () => {
  const rules = (more: Event) =>
    checkDocument(document([{ ...EVENT, ...more }])).lints.map(
      ({ rule, pointer }) => `${rule} ${pointer.replace('/epcisBody/eventList/0/', '')}`,
    );
  it.each<[string[], Event]>([
    [[], {}],
    [['long-digits example:code'], { 'example:code': '81234567890123456781' }],
    [['leading-zero example:code'], { 'example:code': '007' }],
    [['number-like example:code'], { 'example:code': '1.50' }],
    [['number-like example:code'], { 'example:code': '1e3' }],
    [['time-precision eventTime'], { eventTime: '2026-03-04T11:00:30.1234Z' }],
    [['time-lost eventTime'], { eventTime: '2026-03-04T11:00:59.9996Z' }],
    [['boolean example:flag/0'], { 'example:flag': [true] }],
    [['member-order sourceList/0'], { sourceList: [{ source: 'urn:x:1', type: 'location' }] }],
    [['certification-info certificationInfo'], { certificationInfo: 'urn:x:1' }],
  ])('finds %j', (wanted, more) => {
    expect(rules(more)).toEqual(wanted);
  });
});

describe('reading a document', () => {
  const code = (text: string) => {
    try {
      readDocument(text);
      return 'none';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  it.each([
    ['{', 'JSON_INVALID'],
    ['{"__proto__": 1}', 'JSON_INVALID'],
    ['['.repeat(100) + ']'.repeat(100), 'JSON_INVALID'],
    ['<a/>', 'EPCIS_NOT_A_DOCUMENT'],
    ['<a', 'XML_INVALID'],
    ['<a><b></a>', 'XML_INVALID'],
    ['<a x="1" x="2"/>', 'XML_INVALID'],
    ['<p:a/>', 'XML_INVALID'],
    ['<a>&lt</a>', 'XML_INVALID'],
    ['<!DOCTYPE a><a/>', 'XML_REFUSED'],
    ['<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', 'XML_REFUSED'],
    ['<a>&x;</a>', 'XML_REFUSED'],
    ['<a>'.repeat(100), 'XML_REFUSED'],
    ['\ufeff{"type":"x"}', 'none'],
  ])('%j gives %s', (text, wanted) => {
    expect(code(text)).toBe(wanted);
  });
});
