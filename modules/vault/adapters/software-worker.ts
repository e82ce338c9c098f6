/**
 * Runs programs in this process. A job's key lives in its memory alone and is overwritten when the job is over; a
 * restart loses it, and with it the consent. Nothing of hardware protects it, and its offers say so.
 */
import { readFileSync } from 'node:fs';
import { AppError, type Clock, MINUTE, type Random, sha256, toBase64Url, toIso } from '@zhenmei/kernel';
import { PROGRAMS, programOf } from '../core/compute/catalogue.ts';
import { type ComputeOffer, modelDigest } from '../core/compute/offer.ts';
import type { Program } from '../core/compute/program.ts';
import { runJob } from '../core/compute/run-job.ts';
import { type SealKeys, sealKeys } from '../core/seal.ts';
import type { WorkerPort } from '../ports.ts';

/** For how long an offer waits for its consent, and its consent for its run. */
export const OFFER_LIFE = 15 * MINUTE;
const MOST_WAITING = 200;

/** What decides a result: the programs and how records are read. */
const SOURCES = [
  'compute/catalogue.ts',
  'compute/output.ts',
  'compute/program.ts',
  'compute/programs/treatment-totals.ts',
  'compute/run-job.ts',
  'record.ts',
  'record-parts.ts',
];

/** SHA-256 over the source of the programs as it lies here, file by file in order. */
export function codeDigest(): string {
  const text = SOURCES.map((file) => {
    const source = readFileSync(new URL(`../core/${file}`, import.meta.url));
    return `${file} ${toBase64Url(sha256(new Uint8Array(source)))}`;
  }).join('\n');
  return toBase64Url(sha256(new TextEncoder().encode(text)));
}

interface Waiting {
  readonly keys: SealKeys;
  readonly program: Program;
  readonly offer: ComputeOffer;
  readonly until: number;
}

export function softwareWorker(
  { clock, random }: { readonly clock: Clock; readonly random: Random },
  programs: readonly Program[] = PROGRAMS,
  code: string = codeDigest(),
): WorkerPort {
  const waiting = new Map<string, Waiting>();
  const forget = (job: string) => {
    waiting.get(job)?.keys.secretKey.fill(0);
    waiting.delete(job);
  };
  const sweep = () => {
    for (const [job, { until }] of waiting) if (until <= clock.now()) forget(job);
  };
  return {
    async offer(id, job) {
      sweep();
      if (waiting.size >= MOST_WAITING) throw new AppError('COMPUTE_BUSY');
      const program = programOf(id, programs);
      const { info } = program;
      const keys = sealKeys(random.bytes(32));
      const until = clock.now() + OFFER_LIFE;
      const offer: ComputeOffer = {
        version: 1,
        job,
        program: { id: info.id, version: info.version, name: info.name },
        model: { name: info.model, digest: modelDigest(info) },
        code,
        output: info.output,
        attestation: 'software',
        publicKey: keys.publicKey,
        validUntil: toIso(until),
      };
      waiting.set(job, { keys, program, offer, until });
      return offer;
    },

    current(job) {
      sweep();
      return waiting.get(job)?.offer ?? null;
    },

    async run(job, input) {
      const held = waiting.get(job);
      if (!held) throw new AppError('COMPUTE_KEY_GONE');
      // no second run can find the key, not even one that comes while this one works
      waiting.delete(job);
      try {
        return await runJob(held.offer, held.keys, held.program, input, clock.now(), (n) => random.bytes(n));
      } finally {
        held.keys.secretKey.fill(0);
      }
    },

    forget,
  };
}
