/** What a worker does with one job once its files are released: open, compute, check, seal back. */
import {
  AppError,
  canonicalJson,
  equalBytes,
  fromUtf8,
  sha256,
  strictJson,
  toHex,
  utf8,
} from '@zhenmei/kernel';
import { openContainer } from '../container.ts';
import type { RandomBytes } from '../keyset.ts';
import { openSealed, SEAL_RANDOM, type SealKeys, sealTo } from '../seal.ts';
import './errors.ts';
import {
  assertBinds,
  assertComputeSigned,
  type ComputeGrant,
  computeInbox,
  digestOf,
  openByWorker,
  unwrapForRun,
} from './grant.ts';
import type { ComputeOffer } from './offer.ts';
import { assertWithinShape, type Shape } from './output.ts';
import type { Program, ProgramInput } from './program.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface ReleasedFile {
  readonly object: string;
  readonly version: number;
  readonly wrapped: string;
  readonly part: Bytes;
  readonly container: Bytes;
}

export interface JobInput {
  readonly grant: ComputeGrant;
  readonly signature: string;
  readonly sealed: string;
  readonly files: readonly ReleasedFile[];
}

export interface JobResult {
  /** Result, sealed to the patient. */
  readonly sealed: string;
  /** Salted digest of the result, for the log. */
  readonly output: string;
}

export const resultPurpose = (grant: Pick<ComputeGrant, 'id'>): string => `compute/${grant.id}`;

/**
 * The worker believes nobody: it checks signature, offer and contents by itself.
 * Throws COMPUTE_GRANT_INVALID, COMPUTE_OTHER_PROGRAM, COMPUTE_EXPIRED, COMPUTE_INPUT, COMPUTE_RESULT_OUTSIDE, VAULT_DAMAGED.
 */
export async function runJob(
  offer: ComputeOffer,
  keys: SealKeys,
  program: Program,
  { grant, signature, sealed, files }: JobInput,
  now: number,
  random: RandomBytes,
): Promise<JobResult> {
  assertComputeSigned(grant, signature);
  assertBinds(grant, offer, now);
  const { share, salt, inputs } = await openByWorker(grant, keys.secretKey, sealed);
  if (digestOf(salt, inputs) !== grant.input) throw new AppError('COMPUTE_GRANT_INVALID', { field: 'input' });
  const opened: ProgramInput[] = [];
  for (const { object, version } of grant.objects) {
    const file = files.find((one) => one.object === object && one.version === version);
    const told = inputs.find((one) => one.object === object && one.version === version);
    if (!file || !told) throw new AppError('COMPUTE_GRANT_INVALID', { field: 'objects' });
    const bytes = await openContainer(
      await unwrapForRun(grant, share, file),
      { object, version },
      file.container,
    );
    if (toHex(sha256(bytes)) !== told.digest) throw new AppError('VAULT_DAMAGED');
    opened.push({ kind: told.kind, bytes });
  }
  const result = program.run(opened);
  assertWithinShape(offer.output, result);
  const text = canonicalJson(result as never);
  return {
    sealed: await sealTo(grant.inbox, utf8(text), resultPurpose(grant), random(SEAL_RANDOM)),
    output: digestOf(salt, result),
  };
}

/** On the patient's device: the result, if it is within what was agreed and is what the log names. Throws VAULT_DAMAGED, COMPUTE_RESULT_OUTSIDE. */
export async function openResult(
  root: Uint8Array,
  grant: ComputeGrant,
  shape: Shape,
  salt: Uint8Array,
  { sealed, output }: JobResult,
): Promise<unknown> {
  const text = await openSealed(computeInbox(root, grant.job).secretKey, sealed, resultPurpose(grant));
  const result = strictJson(fromUtf8(text));
  assertWithinShape(shape, result);
  if (!equalBytes(utf8(digestOf(salt, result)), utf8(output))) throw new AppError('VAULT_DAMAGED');
  return result;
}
