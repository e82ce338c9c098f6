/** What the EPCIS binding needs from the platform: durable jobs, calls to subscribers, sealed tokens, API keys. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createWebhooks, type KeyFinder } from '@zhenmei/http';
import { findApiKey, type IdentityContext } from '@zhenmei/identity';
import { enqueue, type JobHandler } from '@zhenmei/jobs';
import { derive, fromBase64Url, toBase64Url } from '@zhenmei/kernel';
import { type EpcisContext, runCaptureJob } from '@zhenmei/provenance';
import type { ModuleDeps } from './deps.ts';

export const CAPTURE_JOB = 'epcis-capture';
/** As many tries as the worker makes. */
const TRIES = 12;

export function epcisPorts({
  config,
  secrets,
}: ModuleDeps): Pick<EpcisContext, 'jobs' | 'webhooks' | 'seal'> {
  return {
    jobs: {
      captureLater: async (tx, jobId, dueAt) => {
        await enqueue(tx as never, {
          kind: CAPTURE_JOB,
          key: `capture/${jobId}`,
          payload: { jobId },
          dueAt,
        });
      },
    },
    webhooks: createWebhooks({ allowPrivate: config.webhooksPrivate }),
    seal: sealWith(derive(secrets.logSeed, 'zhenmei/provenance/webhook-token')),
  };
}

export function captureJob(ctx: EpcisContext): JobHandler {
  return async ({ payload, attempt }) => {
    const { jobId } = payload as { jobId: string };
    await runCaptureJob(ctx, jobId, attempt >= TRIES);
  };
}

/** AES-256-GCM: nonce, ciphertext, tag. */
function sealWith(key: Uint8Array): EpcisContext['seal'] {
  return {
    seal(text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return toBase64Url(Buffer.concat([nonce, sealed, cipher.getAuthTag()]));
    },
    open(sealed) {
      try {
        const bytes = fromBase64Url(sealed);
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 });
        decipher.setAuthTag(bytes.subarray(-16));
        return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8');
      } catch {
        // sealed under another installation's key, or changed
        return null;
      }
    },
  };
}

/** @param identity once it is composed; before that there are no keys */
export function keyFinder(identity: () => IdentityContext | undefined): KeyFinder {
  return async (secret) => {
    const ctx = identity();
    const holder = ctx ? await findApiKey(ctx, secret) : null;
    if (!holder) return null;
    const { id, organisationId, scopes } = holder;
    return {
      caller: { seat: 'desk', accountId: id, organisationId, sessionId: `key/${id}` },
      scopes,
    };
  };
}
