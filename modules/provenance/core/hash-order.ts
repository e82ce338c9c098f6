/** The order in which the event hash writes the parts of an event. */
/** `ref` is what the public reference implementation does, `spec` what the standard writes. */
export type HashProfile = 'ref' | 'spec';

export type Order = readonly (readonly [name: string, below: Order | null])[];

const plain = (...names: string[]): Order => names.map((name) => [name, null]);
const EPC = plain('epc');
const QUANTITY: Order = [['quantityElement', plain('epcClass', 'quantity', 'uom')]];
const SENSOR: Order = [
  [
    'sensorElement',
    [
      [
        'sensorMetadata',
        plain(
          'time',
          'startTime',
          'endTime',
          'deviceID',
          'deviceMetadata',
          'rawData',
          'dataProcessingMethod',
          'bizRules',
        ),
      ],
      [
        'sensorReport',
        plain(
          'type',
          'exception',
          'deviceID',
          'deviceMetadata',
          'rawData',
          'dataProcessingMethod',
          'time',
          'microorganism',
          'chemicalSubstance',
          'value',
          'component',
          'stringValue',
          'booleanValue',
          'hexBinaryValue',
          'uriValue',
          'minValue',
          'maxValue',
          'meanValue',
          'sDev',
          'percRank',
          'percValue',
          'uom',
          'coordinateReferenceSystem',
        ),
      ],
    ],
  ],
];
const LISTS: Order = [
  ['epcList', EPC],
  ['inputEPCList', EPC],
  ['childEPCs', EPC],
  ['quantityList', QUANTITY],
  ['childQuantityList', QUANTITY],
  ['inputQuantityList', QUANTITY],
  ['outputEPCList', EPC],
  ['outputQuantityList', QUANTITY],
];
const MIDDLE: Order = [
  ...plain('action', 'transformationID', 'bizStep', 'disposition'),
  ['persistentDisposition', plain('set', 'unset')],
  ['readPoint', plain('id')],
  ['bizLocation', plain('id')],
];
const START = plain('eventTime', 'eventTimeZoneOffset');

/** As the reference implementation does it: transactions, sources, destinations and ILMD follow the sensors. */
export const REF_ORDER: Order = [
  ...START,
  ...plain('certificationInfo', 'parentID'),
  ...LISTS,
  ...MIDDLE,
  ['sensorElementList', SENSOR],
];

/** As CBV 2.0 writes it down. */
export const SPEC_ORDER: Order = [
  ...START,
  ['epcList', EPC],
  ...plain('parentID'),
  ...LISTS.slice(1),
  ...MIDDLE,
  ['bizTransactionList', [['bizTransaction', plain('type')]]],
  ['sourceList', [['source', plain('type')]]],
  ['destinationList', [['destination', plain('type')]]],
  ['sensorElementList', SENSOR],
  ...plain('certificationInfo'),
];
