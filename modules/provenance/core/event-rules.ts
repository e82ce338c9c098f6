/** What each type of EPCIS 2.0 event may and must say: the rules of the official JSON Schema. */
import type { Json } from '@zhenmei/kernel';
import {
  action,
  at,
  type Check,
  context,
  decimal,
  either,
  hexBinary,
  isObject,
  type JsonObject,
  list,
  object,
  offset,
  type Report,
  term,
  text,
  time,
  truth,
  URI,
  uom,
  uri,
} from './checks.ts';
import {
  ALERT,
  BIZ_STEP,
  COMPONENT,
  DISPOSITION,
  ERROR_REASON,
  MEASUREMENT,
  SOURCE_DESTINATION,
  TRANSACTION,
  type Vocabulary,
} from './vocabulary.ts';

const identified = object({ members: { id: uri }, required: ['id'], open: 'any name' });
const quantity = object({ members: { epcClass: uri, quantity: decimal, uom }, required: ['epcClass'] });
const pair = (name: string, types: Vocabulary, typed: boolean) =>
  object({ members: { type: term(types), [name]: uri }, required: typed ? ['type', name] : [name] });
const dispositions = list(term(DISPOSITION), { least: 1, unique: true });

const persistent = object(
  { members: { set: dispositions, unset: dispositions } },
  (value, pointer, report) => {
    if (isObject(value) && value.set === undefined && value.unset === undefined)
      report(pointer, 'missing', 'set');
  },
);

const sources = {
  deviceID: uri,
  deviceMetadata: uri,
  rawData: uri,
  dataProcessingMethod: uri,
  bizRules: uri,
};
const report = object({
  members: {
    ...sources,
    time,
    type: term(MEASUREMENT),
    exception: term(ALERT),
    component: term(COMPONENT),
    microorganism: uri,
    chemicalSubstance: uri,
    coordinateReferenceSystem: uri,
    value: decimal,
    minValue: decimal,
    maxValue: decimal,
    meanValue: decimal,
    sDev: decimal,
    percRank: decimal,
    percValue: decimal,
    stringValue: text,
    booleanValue: truth,
    hexBinaryValue: hexBinary,
    uriValue: uri,
    uom: text,
  },
  required: ['type'],
  open: true,
});
const sensor = object({
  members: {
    sensorMetadata: object({ members: { ...sources, time, startTime: time, endTime: time }, open: true }),
    sensorReport: list(report, { least: 1 }),
  },
  required: ['sensorReport'],
  open: true,
});

const COMMON: Readonly<Record<string, Check>> = {
  '@context': context,
  type: text,
  eventTime: time,
  recordTime: time,
  eventTimeZoneOffset: offset,
  eventID: uri,
  certificationInfo: either(uri, list(uri)),
  errorDeclaration: object({
    members: { declarationTime: time, reason: term(ERROR_REASON), correctiveEventIDs: list(uri) },
    required: ['declarationTime'],
    open: true,
  }),
};
const CONTEXT: Readonly<Record<string, Check>> = {
  bizStep: term(BIZ_STEP),
  disposition: term(DISPOSITION),
  readPoint: identified,
  bizLocation: identified,
  bizTransactionList: list(pair('bizTransaction', TRANSACTION, false)),
  sourceList: list(pair('source', SOURCE_DESTINATION, true)),
  destinationList: list(pair('destination', SOURCE_DESTINATION, true)),
  sensorElementList: list(sensor),
};
const ILMD = { ilmd: object({ members: {}, open: true }) };
const EPCS = list(uri, { unique: true });
const CHILDREN = { parentID: uri, childEPCs: list(uri), childQuantityList: list(quantity) };
const REQUIRED = ['type', 'eventTime', 'eventTimeZoneOffset'];

const filled = (value: Json | undefined): boolean => Array.isArray(value) && value.length > 0;
const eventShape = (
  own: Readonly<Record<string, Check>>,
  required: readonly string[],
  further: (event: JsonObject, pointer: string, report: Report) => void,
): Check =>
  object(
    { members: { ...COMMON, ...CONTEXT, ...own }, required: [...REQUIRED, ...required], open: true },
    (value, pointer, report) => {
      if (isObject(value)) further(value, pointer, report);
    },
  );

const children = (event: JsonObject, pointer: string, report: Report) => {
  if (!filled(event.childEPCs) && !filled(event.childQuantityList) && event.action !== 'DELETE')
    report(pointer, 'nothing-observed', 'childEPCs, childQuantityList');
};

const EVENTS: Readonly<Record<string, Check>> = {
  ObjectEvent: eventShape(
    { ...ILMD, action, epcList: EPCS, quantityList: list(quantity), persistentDisposition: persistent },
    ['action'],
    (event, pointer, report) => {
      const sensed = filled(event.sensorElementList) && event.readPoint !== undefined;
      if (event.epcList === undefined && !filled(event.quantityList) && !sensed)
        report(pointer, 'nothing-observed', 'epcList, quantityList');
      if (event.ilmd !== undefined && event.action !== 'ADD') report(at(pointer, 'ilmd'), 'ilmd-without-add');
    },
  ),
  AggregationEvent: eventShape({ ...CHILDREN, action }, ['action'], children),
  AssociationEvent: eventShape({ ...CHILDREN, action }, ['action', 'parentID'], children),
  TransactionEvent: eventShape(
    { action, parentID: uri, epcList: list(uri), quantityList: list(quantity) },
    ['bizTransactionList', 'action'],
    (event, pointer, report) => {
      if (Array.isArray(event.bizTransactionList) && event.bizTransactionList.length === 0)
        report(at(pointer, 'bizTransactionList'), 'empty');
      if (event.epcList === undefined && !filled(event.quantityList) && event.action !== 'DELETE')
        report(pointer, 'nothing-observed', 'epcList, quantityList');
    },
  ),
  TransformationEvent: eventShape(
    {
      ...ILMD,
      inputEPCList: EPCS,
      inputQuantityList: list(quantity),
      outputEPCList: EPCS,
      outputQuantityList: list(quantity),
      transformationID: uri,
      persistentDisposition: persistent,
    },
    [],
    (event, pointer, report) => {
      const input = filled(event.inputEPCList) || filled(event.inputQuantityList);
      const output = filled(event.outputEPCList) || filled(event.outputQuantityList);
      if (!(input && output) && !((input || output) && event.transformationID !== undefined))
        report(pointer, 'nothing-observed', 'inputEPCList, outputEPCList');
    },
  ),
};

const extended = object({ members: COMMON, required: REQUIRED, open: true });

export const event: Check = (value, pointer, report) => {
  if (!isObject(value)) return report(pointer, 'object');
  const type =
    typeof value.type === 'string'
      ? value.type.replace(/^(?:epcis:|https:\/\/ref\.gs1\.org\/epcis\/)/, '')
      : '';
  const known = Object.hasOwn(EVENTS, type) ? EVENTS[type] : undefined;
  if (known) return known(value, pointer, report);
  if (value.type === undefined) return report(pointer, 'missing', 'type');
  if (!URI.test(type)) return report(at(pointer, 'type'), 'event-type');
  const own = Object.keys(CONTEXT).concat(
    'action',
    'epcList',
    'quantityList',
    'ilmd',
    'parentID',
    'childEPCs',
    'childQuantityList',
    'persistentDisposition',
    'inputEPCList',
    'inputQuantityList',
    'outputEPCList',
    'outputQuantityList',
    'transformationID',
  );
  extended(
    Object.fromEntries(Object.entries(value).filter(([name]) => !own.includes(name))),
    pointer,
    report,
  );
};
