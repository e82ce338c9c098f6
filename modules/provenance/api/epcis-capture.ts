/** EPCIS 2.0 REST binding: capture of documents and of single events. */
import { z } from 'zod';
import { CAPTURE_BYTES, CAPTURE_LIMIT } from '../core/limits.ts';
import { BODY_TYPES, DOCUMENT_TYPES, discovery, epcisRoute, Paging, VERSIONS } from './epcis-frame.ts';

const Said = z.object({ detail: z.string() });
const CaptureProblem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  /** Place of the event in the document, from 0; RFC 6901 pointer to it. */
  position: z.int(),
  pointer: z.string(),
  texts: z.object({ 'zh-CN': Said, en: Said }),
});

export const CaptureJob = z.object({
  captureID: z.string(),
  createdAt: z.string(),
  finishedAt: z.string().optional(),
  running: z.boolean(),
  success: z.boolean(),
  captureErrorBehaviour: z.enum(['rollback', 'proceed']),
  errors: z.array(CaptureProblem),
});

const LIMITS = {
  'gs1-epcis-capture-limit': String(CAPTURE_LIMIT),
  'gs1-epcis-capture-file-size-limit': String(CAPTURE_BYTES),
};

export const captureApi = {
  discoverCapture: discovery('/capture', 'OPTIONS, POST, GET', {
    ...LIMITS,
    // documents of EPCIS 1.2 are read too
    'gs1-epcis-min': '1.2.0',
    'gs1-cbv-min': '1.2.0',
    'gs1-capture-error-behaviour': 'all',
  }),
  capture: epcisRoute({
    method: 'POST',
    path: '/capture',
    summary: {
      zh: '提交一份 EPCIS 文档（JSON-LD，或 XML 1.2、2.0），由采集任务处理',
      en: 'Send an EPCIS document (JSON-LD, or XML 1.2 or 2.0); a capture job works on it',
    },
    auth: 'desk',
    keyScope: 'capture',
    bodyLimit: CAPTURE_BYTES,
    accepts: [...DOCUMENT_TYPES],
    reads: ['gs1-capture-error-behaviour', 'gs1-epcis-version', 'gs1-cbv-version'],
    answerHeaders: { ...VERSIONS, ...LIMITS },
    body: z.union([z.record(z.string(), z.unknown()), z.string()]),
    success: 202,
    response: { 200: z.null() },
    errors: [
      'EVENT_INVALID',
      'JSON_INVALID',
      'XML_INVALID',
      'XML_REFUSED',
      'EPCIS_NOT_A_DOCUMENT',
      'CAPTURE_TOO_MANY',
      'EVENT_NOT_YOURS',
    ],
  }),
  captureJobs: epcisRoute({
    method: 'GET',
    path: '/capture',
    summary: { zh: '本机构的采集任务', en: 'Capture jobs of this organisation' },
    auth: 'desk',
    keyScope: 'capture',
    query: Paging,
    response: { 200: z.array(CaptureJob) },
    errors: ['QUERY_INVALID', 'EVENT_NOT_YOURS'],
  }),
  discoverCaptureJob: discovery('/capture/:captureID', 'OPTIONS, GET'),
  captureJob: epcisRoute({
    method: 'GET',
    path: '/capture/:captureID',
    summary: { zh: '一个采集任务的情况', en: 'How a capture job stands' },
    auth: 'desk',
    keyScope: 'capture',
    params: z.object({ captureID: z.string().max(100) }),
    response: { 200: CaptureJob },
    errors: ['CAPTURE_JOB_UNKNOWN', 'EVENT_NOT_YOURS'],
  }),
  captureEvent: epcisRoute({
    method: 'POST',
    path: '/events',
    summary: {
      zh: '记录一个 EPCIS 事件（JSON-LD）',
      en: 'Capture one EPCIS event (JSON-LD)',
    },
    auth: 'desk',
    keyScope: 'capture',
    bodyLimit: 1_000_000,
    accepts: [...BODY_TYPES],
    body: z.looseObject({ type: z.string().max(200) }),
    success: 201,
    response: { 200: z.record(z.string(), z.unknown()) },
    errors: [
      'EVENT_INVALID',
      'JSON_INVALID',
      'EVENT_TOO_LARGE',
      'EVENT_EXISTS',
      'EVENT_NOT_YOURS',
      'EVENT_NOT_YOUR_ROLE',
    ],
  }),
};
