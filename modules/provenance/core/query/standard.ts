/** Parameters with fixed names of the simple event query. */
import { ROLE } from '../names.ts';
import { BIZ_STEP, DISPOSITION, ERROR_REASON, MEASUREMENT } from '../vocabulary.ts';
import { pathCompared, pathIn, pathThere, SECTIONS } from './paths.ts';
import { isPattern, likePatterns } from './pattern.ts';
import type { Column, Condition } from './query.ts';
import { flag, type Given, oneOf, type Reading, terms, texts, time, truth, uris, wrong } from './values.ts';

type Read = (given: Given, reading: Reading) => Condition[];

const column =
  (name: Column, read: (given: Given, reading: Reading) => string[]): Read =>
  (given, reading) => [{ on: 'column', column: name, values: read(given, reading) }];
const place =
  (name: 'read_point' | 'biz_location'): Read =>
  (given, reading) => [{ on: 'place', column: name, places: uris(given, reading) }];
const moment =
  (name: 'event_time' | 'captured_at', op: '>=' | '<'): Read =>
  (given) => [{ on: 'time', column: name, op, at: time(given) }];
/** Items at any of these paths; one is enough. */
const items =
  (paths: string, read: (given: Given, reading: Reading) => readonly (string | boolean)[]): Read =>
  (given, reading) => [pathIn(paths, read(given, reading))];
const ordered =
  (paths: string, op: '>=' | '<'): Read =>
  (given) => [pathCompared(paths, op, time(given))];
const there =
  (conditions: readonly Condition[]): Read =>
  (given) =>
    flag(given) ? [...conditions] : [];

const match =
  (...roles: number[]): Read =>
  (given, reading) => {
    const all = texts(given).map((item) => item.trim());
    const patterns = all.filter(isPattern);
    const plain = all.filter((item) => !patterns.includes(item));
    const classes = roles.some((role) => role >= ROLE.class);
    const like = classes ? [] : patterns.flatMap((one) => likePatterns(one) ?? wrong(given));
    // the pattern of a class is the class
    const named = classes ? all : plain;
    return [
      {
        on: 'names',
        roles,
        uris: named.length === 0 ? [] : uris({ name: given.name, value: named }, reading),
        like,
      },
    ];
  };

const METADATA = SECTIONS.SENSORMETADATA;
const REPORT = SECTIONS.SENSORREPORT;
/** In metadata or in a report: lax paths leave out what is not there. */
const SENSOR =
  '$.sensorElementList[*].keyvalue() ? (@.key == "sensorMetadata" || @.key == "sensorReport").value[*]';
const CORRECTION: Condition = { on: 'correction' };
const correction =
  (read: Read): Read =>
  (given, reading) => [CORRECTION, ...read(given, reading)];

const eventType = (given: Given, reading: Reading): string[] =>
  texts(given).map((item) => {
    const standard = item.trim().replace(/^(?:epcis:|https:\/\/ref\.gs1\.org\/epcis\/)/, '');
    return /^[A-Z][A-Za-z]*Event$/.test(standard) ? standard : uris({ ...given, value: item }, reading)[0]!;
  });

const within = (field: string) => ({
  [`EQ_${field}`]: items(`${SENSOR}.${field}`, uris),
  [`EQ_SENSORMETADATA_${field}`]: items(`${METADATA}.${field}`, uris),
  [`EQ_SENSORREPORT_${field}`]: items(`${REPORT}.${field}`, uris),
});
const period = (field: string, path: string) => ({
  [`GE_${field}`]: ordered(path, '>='),
  [`LT_${field}`]: ordered(path, '<'),
});

export const STANDARD: Readonly<Record<string, Read>> = {
  eventType: column('type', eventType),
  GE_eventTime: moment('event_time', '>='),
  LT_eventTime: moment('event_time', '<'),
  GE_recordTime: moment('captured_at', '>='),
  LT_recordTime: moment('captured_at', '<'),
  EQ_action: column('action', (given) => oneOf(given, ['ADD', 'OBSERVE', 'DELETE'])),
  EQ_bizStep: column('biz_step', (given, reading) => terms(given, BIZ_STEP, reading)),
  EQ_disposition: column('disposition', (given, reading) => terms(given, DISPOSITION, reading)),
  EQ_persistentDisposition_set: items('$.persistentDisposition.set[*]', (given, reading) =>
    terms(given, DISPOSITION, reading),
  ),
  EQ_persistentDisposition_unset: items('$.persistentDisposition.unset[*]', (given, reading) =>
    terms(given, DISPOSITION, reading),
  ),
  EQ_readPoint: column('read_point', uris),
  WD_readPoint: place('read_point'),
  EQ_bizLocation: column('biz_location', uris),
  WD_bizLocation: place('biz_location'),
  EQ_transformationID: items('$.transformationID', uris),
  MATCH_epc: match(ROLE.epc, ROLE.child),
  MATCH_parentID: match(ROLE.parent),
  MATCH_inputEPC: match(ROLE.input),
  MATCH_outputEPC: match(ROLE.output),
  MATCH_anyEPC: match(ROLE.epc, ROLE.child, ROLE.parent, ROLE.input, ROLE.output),
  MATCH_epcClass: match(ROLE.class),
  MATCH_inputEPCClass: match(ROLE.inputClass),
  MATCH_outputEPCClass: match(ROLE.outputClass),
  MATCH_anyEPCClass: match(ROLE.class, ROLE.inputClass, ROLE.outputClass),
  EQ_eventID: (given, reading) => [{ on: 'eventID', ids: uris(given, reading) }],
  EXISTS_errorDeclaration: there([CORRECTION]),
  ...period('errorDeclarationTime', '$.errorDeclaration.declarationTime'),
  ...period('errorDeclaration_Time', '$.errorDeclaration.declarationTime'),
  EQ_errorReason: correction(
    items('$.errorDeclaration.reason', (given, reading) => terms(given, ERROR_REASON, reading)),
  ),
  EQ_correctiveEventID: correction(items('$.errorDeclaration.correctiveEventIDs[*]', uris)),
  EXISTS_ilmd: there([pathThere('$.ilmd')]),
  EXISTS_sensorElementList: there([pathThere('$.sensorElementList[*]')]),
  EXISTS_sensorElement: there([pathThere('$.sensorElementList[*]')]),
  ...period('time', `${SENSOR}.time`),
  ...period('SENSORMETADATA_time', `${METADATA}.time`),
  ...period('SENSORREPORT_time', `${REPORT}.time`),
  ...period('startTime', `${METADATA}.startTime`),
  ...period('endTime', `${METADATA}.endTime`),
  EQ_type: items(`${REPORT}.type`, (given, reading) => terms(given, MEASUREMENT, reading)),
  ...within('deviceID'),
  ...within('deviceMetadata'),
  ...within('rawData'),
  ...within('dataProcessingMethod'),
  ...within('bizRules'),
  EQ_microorganism: items(`${REPORT}.microorganism`, uris),
  EQ_chemicalSubstance: items(`${REPORT}.chemicalSubstance`, uris),
  EQ_coordinateReferenceSystem: items(`${REPORT}.coordinateReferenceSystem`, uris),
  EQ_stringValue: items(`${REPORT}.stringValue`, texts),
  EQ_hexBinaryValue: items(`${REPORT}.hexBinaryValue`, texts),
  EQ_uriValue: items(`${REPORT}.uriValue`, uris),
  EQ_booleanValue: items(`${REPORT}.booleanValue`, (given) => [truth(given)]),
};
