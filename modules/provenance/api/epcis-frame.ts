/** What all routes of the EPCIS 2.0 REST binding have in common: versions, media types, names of problems. */
import { defineRoute, type RouteContract } from '@zhenmei/kernel';
import { z } from 'zod';
import { ZM } from '../core/context.ts';

const LONGEST_ADDRESS = 8_000;

const JSON_TYPES = ['application/json', 'application/ld+json'] as const;
export const DOCUMENT_TYPES = [...JSON_TYPES, 'application/xml', 'text/xml'] as const;
export const BODY_TYPES = JSON_TYPES;

export const VERSIONS: Readonly<Record<string, string>> = {
  'gs1-epcis-version': '2.0.0',
  'gs1-cbv-version': '2.0.0',
  'gs1-extensions': `zm=${ZM}`,
};

const READS = [
  'gs1-epcis-version',
  'gs1-epcis-min',
  'gs1-epcis-max',
  'gs1-cbv-version',
  'gs1-cbv-min',
  'gs1-cbv-max',
  'gs1-extensions',
  'gs1-epc-format',
];

const BY_CODE: Readonly<Record<string, string>> = {
  QUERY_INVALID: 'QueryParameterException',
  QUERY_PARAMETER_UNKNOWN: 'QueryParameterException',
  QUERY_TOO_LARGE: 'QueryTooLargeException',
  QUERY_TOO_COMPLEX: 'QueryTooComplexException',
  SUBSCRIPTION_INVALID: 'SubscriptionControlsException',
  SUBSCRIPTION_NOT_BOUNDED: 'SubscriptionControlsException',
  SUBSCRIPTION_BY_WEBHOOK: 'SubscriptionControlsException',
};
const BY_STATUS: Readonly<Record<number, string>> = {
  400: 'ValidationException',
  401: 'SecurityException',
  403: 'SecurityException',
  404: 'NoSuchNameException',
  406: 'NotAcceptableException',
  409: 'ResourceAlreadyExistsException',
  413: 'CaptureLimitExceededException',
  414: 'URITooLongException',
  415: 'UnsupportedMediaTypeException',
};

/** The standard's name of a problem. */
export const exceptionOf = (code: string, status: number): string =>
  `epcisException:${BY_CODE[code] ?? BY_STATUS[status] ?? 'ImplementationException'}`;

/** A route of the binding. */
export function epcisRoute<
  Params extends z.ZodType = z.ZodType<undefined>,
  Query extends z.ZodType = z.ZodType<undefined>,
  Body extends z.ZodType = z.ZodType<undefined>,
  Reply extends z.ZodType = z.ZodType,
>(route: RouteContract<Params, Query, Body, Reply>): RouteContract<Params, Query, Body, Reply> {
  return defineRoute({
    produces: [...JSON_TYPES],
    reads: READS,
    answerHeaders: VERSIONS,
    longestAddress: LONGEST_ADDRESS,
    problemType: exceptionOf,
    ...route,
    errors: [...route.errors, 'EPCIS_VERSION_NOT_OFFERED', 'EPCIS_HEADER_INVALID'],
  });
}

const CAPABILITIES: Readonly<Record<string, string>> = {
  ...VERSIONS,
  'gs1-epcis-min': '2.0.0',
  'gs1-epcis-max': '2.0.0',
  'gs1-cbv-min': '2.0.0',
  'gs1-cbv-max': '2.0.0',
  'gs1-epc-format': 'No_Preference',
  'gs1-cbv-xml-format': 'No_Preference',
  'gs1-vendor-version': '0.1.0',
};

/** What an address can do, by OPTIONS. */
export function discovery(path: string, allow: string, more: Readonly<Record<string, string>> = {}) {
  return defineRoute({
    method: 'OPTIONS',
    path,
    summary: { zh: `EPCIS：这个地址能做什么`, en: 'EPCIS: what this address can do' },
    auth: 'public',
    success: 204,
    response: { 200: z.null() },
    errors: [],
    answerHeaders: { ...CAPABILITIES, allow, ...more },
    problemType: exceptionOf,
  });
}

export const Paging = z.object({
  perPage: z.coerce.number().int().min(1).max(2_147_483_647).default(30),
  nextPageToken: z.string().max(2_000).optional(),
});

/** As addresses give them: `a|b`, or the same name several times. */
const Value = z.union([z.string().max(8_000), z.array(z.string().max(8_000))]);

const EVENT_PARAMETERS = [
  'eventType GE_eventTime LT_eventTime GE_recordTime LT_recordTime EQ_action EQ_bizStep EQ_disposition',
  'EQ_persistentDisposition_set EQ_persistentDisposition_unset EQ_readPoint WD_readPoint EQ_bizLocation',
  'WD_bizLocation EQ_transformationID MATCH_epc MATCH_parentID MATCH_inputEPC MATCH_outputEPC MATCH_anyEPC',
  'MATCH_epcClass MATCH_inputEPCClass MATCH_outputEPCClass MATCH_anyEPCClass EQ_quantity GT_quantity',
  'GE_quantity LT_quantity LE_quantity EQ_eventID EXISTS_errorDeclaration GE_errorDeclarationTime',
  'LT_errorDeclarationTime EQ_errorReason EQ_correctiveEventID orderBy orderDirection eventCountLimit',
  'maxEventCount GE_startTime LT_startTime GE_endTime LT_endTime EQ_type EQ_deviceID EQ_dataProcessingMethod',
  'EQ_microorganism EQ_chemicalSubstance EQ_bizRules EQ_stringValue EQ_hexBinaryValue EQ_uriValue',
  'EQ_booleanValue perPage nextPageToken',
].flatMap((line) => line.split(' '));

/** Parameters with flexible names (extensions, units, types of parties) are understood too. */
export const EventParameters = z.looseObject(
  Object.fromEntries(EVENT_PARAMETERS.map((name) => [name, Value.optional()])),
);

const Context = z.array(z.unknown());

export const QueryDocument = z.object({
  '@context': Context,
  type: z.literal('EPCISQueryDocument'),
  schemaVersion: z.literal('2.0'),
  creationDate: z.string(),
  epcisBody: z.object({
    queryResults: z.object({
      queryName: z.string(),
      resultsBody: z.object({ eventList: z.array(z.record(z.string(), z.unknown())) }),
    }),
  }),
});
export type QueryDocument = z.infer<typeof QueryDocument>;

export const Collection = z.object({
  '@context': Context,
  type: z.literal('Collection'),
  member: z.array(z.string()),
});
