/** What a worker publishes of one job before anybody agrees: the program, its digests, the result's shape, its key. */
import { AppError, canonicalJson, sha256, toBase64Url, utf8 } from '@zhenmei/kernel';
import { z } from 'zod';
import './errors.ts';
import { ShapeSchema, shapeDigest } from './output.ts';
import type { ProgramInfo } from './program.ts';

const Hash = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const Both = z.strictObject({ zh: z.string().max(200), en: z.string().max(200) });

/** How it is shown that this program runs and no other. `software`: by nobody but whoever runs the server. */
export const ATTESTATIONS = ['software'] as const;

export const ComputeOffer = z.strictObject({
  version: z.literal(1),
  job: z.uuid(),
  program: z.strictObject({ id: z.string().max(60), version: z.string().max(20), name: Both }),
  model: z.strictObject({ name: Both, digest: Hash }),
  /** SHA-256 over the program's source, as the worker loaded it. */
  code: Hash,
  output: ShapeSchema,
  attestation: z.enum(ATTESTATIONS),
  /** Made for this job alone, and destroyed with it. */
  publicKey: z.string().length(1_622),
  validUntil: z.iso.datetime(),
});
export type ComputeOffer = z.infer<typeof ComputeOffer>;

/** Digest of what decides the result beside the code: the tables, or the weights, of the model. */
export const modelDigest = (info: ProgramInfo): string =>
  toBase64Url(sha256(utf8(`zhenmei/compute/model/v1\n${canonicalJson({ ...info })}`)));

/** On the patient's device: the offer is the program that this app knows and shows. Throws COMPUTE_OTHER_PROGRAM. */
export function assertKnown(offer: ComputeOffer, info: ProgramInfo): void {
  const differs = (field: string): never => {
    throw new AppError('COMPUTE_OTHER_PROGRAM', { field });
  };
  if (offer.program.id !== info.id || offer.program.version !== info.version) differs('program');
  if (offer.model.digest !== modelDigest(info)) differs('model');
  if (shapeDigest(offer.output) !== shapeDigest(info.output)) differs('output');
}
