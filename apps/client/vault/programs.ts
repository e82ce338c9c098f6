/** Programs that run once over chosen files, on the patient's device: what is agreed to, the run, and its result. */
import {
  AppError,
  canonicalJson,
  fromBase64Url,
  fromUtf8,
  newId,
  strictJson,
  toBase64Url,
  toIso,
  utf8,
} from '@zhenmei/kernel';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { programOf } from '@zhenmei/vault/core/compute/catalogue.ts';
import {
  boundOf,
  type ComputeGrant,
  type ComputeInput,
  computeInbox,
  computeSubject,
  digestOf,
  sealToWorker,
  signComputeGrant,
  wrapForRun,
} from '@zhenmei/vault/core/compute/grant.ts';
import { assertKnown, ComputeOffer } from '@zhenmei/vault/core/compute/offer.ts';
import { type JobResult, openResult } from '@zhenmei/vault/core/compute/run-job.ts';
import type { Item } from '@zhenmei/vault/core/contents.ts';
import { z } from 'zod';
import { openAccessLog } from './granting.ts';
import type { Vault } from './vault.ts';

/** An offer for one run, which is the program that this device knows. Throws COMPUTE_OTHER_PROGRAM, COMPUTE_BUSY. */
export async function askForRun(vault: Vault, program: string): Promise<ComputeOffer> {
  const offer = await vault.io.api.call(vaultApi.offerRun, { body: { program } });
  assertKnown(offer, programOf(program).info);
  return offer;
}

/** Files that a program can take. */
export const takenBy = (vault: Vault, program: string): Item[] =>
  vault.contents.items.filter(({ kind }) => programOf(program).info.accepts.includes(kind));

/** What is kept of a consent: with it the result can be opened and compared with the log, by any device. */
export interface Agreed {
  readonly grant: ComputeGrant;
  /** base64url; what makes the log's digests say nothing to others. */
  readonly salt: string;
}

/** Agrees to exactly this offer for exactly these files, for one run. Throws COMPUTE_OTHER_PROGRAM, COMPUTE_EXPIRED. */
export async function agreeToRun(vault: Vault, offer: ComputeOffer, items: readonly Item[]): Promise<Agreed> {
  const { io, root } = vault;
  const now = io.now();
  const salt = io.random(16);
  const inputs = items.map(
    ({ object, version, kind, digest }): ComputeInput => ({ object, version, kind, digest }),
  );
  const grant: ComputeGrant = {
    version: 1,
    id: newId(now, io.random(10)),
    subject: computeSubject(root, offer.job),
    action: 'compute',
    ...boundOf(offer),
    objects: items.map(({ object, version }) => ({ object, version })),
    input: digestOf(salt, inputs),
    inbox: computeInbox(root, offer.job).publicKey,
    runs: 1,
    notBefore: toIso(now),
    notAfter: offer.validUntil,
  };
  const shares = { worker: io.random(32), gatekeeper: io.random(32) };
  const sealed = await sealToWorker(
    grant,
    offer.publicKey,
    { share: shares.worker, salt, inputs },
    io.random,
  );
  const files = [];
  for (const item of items) {
    const { object, version } = item;
    const file = { object, version, contentKey: await vault.contentKey(item) };
    files.push({ object, version, wrapped: await wrapForRun(grant, shares, file, io.random) });
  }
  await openAccessLog(vault);
  await io.api.call(vaultApi.agreeToRun, {
    params: { id: offer.job },
    body: {
      grant,
      signature: signComputeGrant(root, grant),
      share: toBase64Url(shares.gatekeeper),
      sealed,
      files,
    },
  });
  return { grant, salt: toBase64Url(salt) };
}

const Kept = z.object({
  version: z.literal(1),
  offer: ComputeOffer,
  salt: z.string(),
  output: z.string(),
  at: z.iso.datetime(),
  result: z.json(),
});
/** A result as the vault keeps it: with what ran, and what the log says of it. */
export type KeptResult = z.infer<typeof Kept>;

/** Throws VAULT_DAMAGED. */
export function readResult(bytes: Uint8Array): KeptResult {
  const parsed = Kept.safeParse(strictJson(fromUtf8(bytes)));
  if (!parsed.success) throw new AppError('VAULT_DAMAGED', {}, { cause: parsed.error });
  return parsed.data;
}

/**
 * Runs it, checks the result against what was agreed and what was logged, and keeps it. A second time it is refused.
 * @param title what the person reads in the list of her vault
 * Throws COMPUTE_USED_UP, COMPUTE_EXPIRED, COMPUTE_KEY_GONE, COMPUTE_OTHER_PROGRAM, COMPUTE_INPUT, COMPUTE_RESULT_OUTSIDE, VAULT_DAMAGED.
 */
export async function runOnce(
  vault: Vault,
  offer: ComputeOffer,
  { grant, salt }: Agreed,
  title: string,
): Promise<Item> {
  const given: JobResult = await vault.io.api.call(vaultApi.runOnce, { params: { id: offer.job } });
  const result = await openResult(vault.root, grant, offer.output, fromBase64Url(salt), given);
  const at = toIso(vault.io.now());
  const kept = { version: 1, offer, salt, output: given.output, at, result } as KeptResult;
  const facts = { compartment: 'treatments', kind: 'result', title, at, mime: 'application/json' } as const;
  return vault.put({ ...facts, source: `program:${offer.job}` }, utf8(canonicalJson(kept as never)));
}
