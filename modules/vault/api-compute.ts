/** Routes around programs: what there is, an offer for one run, the consent, the run, and what became of it. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { Ok } from './api-devices.ts';
import { Cipher, MB } from './api-objects.ts';
import { ComputeGrant } from './core/compute/grant.ts';
import { ComputeOffer } from './core/compute/offer.ts';

const Hash = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const Signature = z.string().regex(/^[A-Za-z0-9_-]{86}$/);
const Id = z.object({ id: z.uuid() });
const RESULT = 40_000;

export const computeRoutes = {
  offerRun: defineRoute({
    method: 'POST',
    path: '/api/vault/compute/jobs',
    summary: {
      zh: '为一次运行准备一把新钥匙，并公布程序、模型、代码与结果的范围',
      en: 'A fresh key for one run, with the digests of program, model and code and the shape of the result',
    },
    auth: 'patient',
    perMinute: 20,
    body: z.strictObject({ program: z.string().max(60) }),
    response: { 200: ComputeOffer },
    errors: ['COMPUTE_PROGRAM_UNKNOWN', 'COMPUTE_BUSY'],
  }),
  agreeToRun: defineRoute({
    method: 'PUT',
    path: '/api/vault/compute/jobs/:id/consent',
    summary: { zh: '同意运行一次', en: 'Agree to one run' },
    auth: 'patient',
    params: Id,
    bodyLimit: 0.5 * MB,
    body: z.strictObject({
      grant: ComputeGrant,
      signature: Signature,
      /** The gatekeeper's half. */
      share: Hash,
      /** The worker's half, sealed to the job's key. */
      sealed: Cipher(30_000),
      files: z
        .array(
          z.strictObject({
            object: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
            version: z.int().min(1),
            wrapped: Cipher(200),
          }),
        )
        .min(1)
        .max(50),
    }),
    response: { 200: Ok },
    errors: [
      'COMPUTE_JOB_UNKNOWN',
      'COMPUTE_GRANT_INVALID',
      'COMPUTE_OTHER_PROGRAM',
      'COMPUTE_EXPIRED',
      'COMPUTE_USED_UP',
    ],
  }),
  withdrawRun: defineRoute({
    method: 'DELETE',
    path: '/api/vault/compute/jobs/:id/consent',
    summary: { zh: '运行之前收回同意', en: 'Take the consent back before it has run' },
    auth: 'patient',
    params: Id,
    response: { 200: Ok },
    errors: ['COMPUTE_JOB_UNKNOWN'],
  }),
  runOnce: defineRoute({
    method: 'POST',
    path: '/api/vault/compute/jobs/:id/run',
    summary: { zh: '运行一次：先记录，再打开', en: 'Run once: logged first, opened then' },
    auth: 'patient',
    perMinute: 20,
    params: Id,
    response: { 200: z.object({ sealed: Cipher(RESULT), output: Hash }) },
    errors: [
      'COMPUTE_JOB_UNKNOWN',
      'COMPUTE_NOT_GRANTED',
      'COMPUTE_USED_UP',
      'COMPUTE_EXPIRED',
      'COMPUTE_KEY_GONE',
      'COMPUTE_OTHER_PROGRAM',
      'COMPUTE_GRANT_INVALID',
      'COMPUTE_INPUT',
      'COMPUTE_RESULT_OUTSIDE',
      'VAULT_DAMAGED',
      'ACCESS_LOG_CLOSED',
    ],
  }),
  ownRuns: defineRoute({
    method: 'GET',
    path: '/api/vault/compute/jobs',
    summary: { zh: '我同意过的运行', en: 'Runs I agreed to' },
    auth: 'patient',
    response: {
      200: z.object({
        runs: z.array(
          z.object({
            job: z.uuid(),
            offer: ComputeOffer,
            grant: ComputeGrant.nullable(),
            state: z.enum(['agreed', 'withdrawn', 'begun', 'done', 'failed']),
            failed: z.string().nullable(),
            sealed: z.string().nullable(),
            output: z.string().nullable(),
            at: z.iso.datetime(),
          }),
        ),
      }),
    },
    errors: [],
  }),
};
