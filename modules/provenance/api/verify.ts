/** The HTTP contract of verifying: addresses of units for people and machines, typed codes, proofs, and cases. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { UNIT_PROOF_TYPE } from '../core/unit-proof.ts';

const PAGE = z.string().meta({ contentType: 'text/html; charset=utf-8' });

/** What a page may be asked beside the code itself. Other parameters belong to the code and are read from the address. */
const Reading = {
  lang: z.string().max(10).optional(),
  large: z.string().max(1).optional(),
  dose: z.string().max(60).optional(),
  ingredient: z.string().max(200).optional(),
  at: z.string().max(200).optional(),
};

export const InvestigationView = z.object({
  id: z.uuid(),
  gtin: z.string(),
  signal: z.string(),
  subject: z.string(),
  evidence: z.record(z.string(), z.json()),
  openedAt: z.iso.datetime(),
  closedAt: z.iso.datetime().nullable(),
  outcome: z.string().nullable(),
});

export const verifyApi = {
  resolve: defineRoute({
    method: 'GET',
    path: '/01/*',
    summary: {
      zh: 'GS1 Digital Link：验真页面；机器可取 JSON、链接集或跳转',
      en: 'GS1 Digital Link: the verdict as a page; JSON, link set or redirect for machines',
    },
    auth: 'public',
    perMinute: 120,
    params: z.object({ '*': z.string().max(300) }),
    query: z.looseObject({
      ...Reading,
      linkType: z.string().max(100).optional(),
      region: z.string().max(10).optional(),
    }),
    response: { 200: PAGE },
    errors: ['LINK_TYPE_UNKNOWN', 'SERIALS_GUESSED'],
  }),
  typed: defineRoute({
    method: 'GET',
    path: '/code',
    summary: {
      zh: '输入任意代码验真，不需要 JavaScript',
      en: 'Verify any code by typing it; needs no JavaScript',
    },
    auth: 'public',
    perMinute: 120,
    query: z.object({ ...Reading, text: z.string().max(400).optional() }),
    response: { 200: PAGE },
    errors: ['SERIALS_GUESSED'],
  }),
  unitProof: defineRoute({
    method: 'GET',
    path: '/api/units/proof',
    summary: {
      zh: '下载一支产品的证明：不联网、不信我们也能核对',
      en: 'Download the proof of a unit: to be checked offline and without believing us',
    },
    auth: 'public',
    perMinute: 20,
    query: z.object({ unit: z.string().min(1).max(400) }),
    response: { 200: z.string().meta({ contentType: UNIT_PROOF_TYPE }) },
    errors: ['UNIT_UNKNOWN', 'PROOF_NOT_READY', 'SERIALS_GUESSED'],
  }),
  style: defineRoute({
    method: 'GET',
    path: '/verify.css',
    summary: { zh: '验真页面的样式', en: 'How the verdict page looks' },
    auth: 'public',
    query: z.object({ v: z.string().max(20).optional() }),
    response: { 200: z.string().meta({ contentType: 'text/css; charset=utf-8' }) },
    errors: [],
  }),
  description: defineRoute({
    method: 'GET',
    path: '/.well-known/gs1resolver',
    summary: { zh: 'GS1 解析器说明文件', en: 'GS1 resolver description file' },
    auth: 'public',
    response: { 200: z.json() },
    errors: [],
  }),
};
export type VerifyApi = typeof verifyApi;

export const caseApi = {
  investigations: defineRoute({
    method: 'GET',
    path: '/api/investigations',
    summary: { zh: '待查的复制迹象', en: 'Cases opened by signals of copies' },
    auth: 'desk',
    response: { 200: z.object({ cases: z.array(InvestigationView) }) },
    errors: [],
  }),
  closeInvestigation: defineRoute({
    method: 'POST',
    path: '/api/investigations/:id/close',
    summary: { zh: '结束一个待查事项', en: 'Close a case' },
    auth: 'desk',
    params: z.object({ id: z.uuid() }),
    body: z.object({ outcome: z.string().min(1).max(500) }),
    response: { 200: z.object({ ok: z.literal(true) }) },
    errors: ['CASE_UNKNOWN'],
  }),
};
export type CaseApi = typeof caseApi;
