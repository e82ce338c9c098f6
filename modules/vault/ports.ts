/** What the vault needs from outside. */
import type { Clock, Random } from '@zhenmei/kernel';
import type { DeadlineRule } from './core/breach/draft.ts';
import type { ComputeOffer } from './core/compute/offer.ts';
import type { JobInput, JobResult } from './core/compute/run-job.ts';
import type { KeptBefore } from './core/erasure/certificate.ts';
import type { Fund } from './core/pool/pay.ts';

/** Where ciphertext is kept; content-addressed by its own hash. */
export interface BlobPort {
  put(source: Uint8Array | AsyncIterable<Uint8Array>): Promise<string>;
  get(key: string): Promise<Uint8Array>;
  /** Bytes `from` (included) to `to` (excluded). */
  read(key: string, from: number, to: number): Promise<Uint8Array>;
  delete(key: string): Promise<void>;
}

/** A registration as a browser writes it; whoever checks it knows its shape. */
export interface PasskeyRegistration {
  readonly id: string;
  readonly response: { readonly clientDataJSON: string };
}

/** Which passkeys sign in to a patient's account. */
export interface PasskeyPort {
  /** Throws PASSKEY_REFUSED, CHALLENGE_EXPIRED. */
  add(accountId: string, registration: PasskeyRegistration): Promise<void>;
  list(accountId: string): Promise<readonly { readonly credential: string; readonly addedAt: Date }[]>;
  remove(accountId: string, credentials: readonly string[]): Promise<void>;
  /** Opens a session for the caller of the current request. */
  signIn(accountId: string): Promise<void>;
  /** Ends every session of the account but a new one for the caller of the current request. */
  signOutOthers(accountId: string): Promise<void>;
  /** Nobody signs in to it any more, and nobody is. */
  close(accountId: string): Promise<void>;
}

export type { Clock, Random };

/** The transparency log. Leaves are given inside the caller's transaction. */
export interface LogPort {
  append(tx: unknown, type: number, text: string, key: string): Promise<void>;
  /** The proof of the leaf given under a key; null if there is none, or none published yet. */
  proof(key: string): Promise<LeafProof | null>;
}

export interface LeafProof {
  readonly origin: string;
  readonly index: number;
  readonly leaf: string;
  readonly path: readonly string[];
  readonly checkpoint: string;
}

/** What the rules of a region say. */
export interface RulesPort {
  /** What must be kept although so much is erased; null where no rules are known. */
  kept(region: string, erased: 'objects' | 'everything'): readonly KeptBefore[] | null;
  /** The clocks that a breach starts; null where no rules are known. */
  breach(region: string): readonly DeadlineRule[] | null;
  /** A number of days that the region states, or the most careful one where it states none. */
  days(region: string, name: 'erasureWaitDays' | 'closingWaitDays'): number;
}

/** Signs certificates as a C2SP note, with the key of the transparency log. */
export interface SealPort {
  /** Name of the log. */
  readonly log: string;
  sign(text: string): Promise<string>;
}

/** Who an organisation is, as identity judges it now. */
export interface OrganisationPort {
  /** Whether this presentation of a licence, made for this audience and nonce, holds, and whose it is. */
  judge(
    presentation: string,
    binding: { readonly audience: string; readonly nonce: string },
  ): Promise<{ readonly proven: boolean; readonly code: string; readonly organisation: string | null }>;
  /** The same for a physician's licence, and whose it is. */
  judgeDoctor(
    presentation: string,
    binding: { readonly audience: string; readonly nonce: string },
  ): Promise<{ readonly proven: boolean; readonly code: string; readonly person: string | null }>;
  /** What kind of organisation it is, and in which region; null if there is none. */
  describe(organisation: string): Promise<{
    readonly kind: string;
    readonly region: string;
    readonly name: { readonly zh: string; readonly en: string };
  } | null>;
  /** Whether a shown certificate of death holds, and whose it is: the code by which guardians know the person. */
  death(
    presentation: string,
    binding: { readonly audience: string; readonly nonce: string },
  ): Promise<{ readonly proven: boolean; readonly code: string; readonly ward: string | null }>;
  /** Names of the purposes for which it is registered; none if it is not. */
  purposes(organisation: string): Promise<readonly string[]>;
  /** Whether this doctor works there under a valid licence. */
  employs(organisation: string, person: string): Promise<boolean>;
}

/** Names people in the data pool so that the database alone does not say who they are. */
export interface PoolPort {
  /** 32 bytes as base64url: the same for the same name, and nothing without the house's secret. */
  handle(name: string): string;
}

/** An order that pays money in for a study, as its payer reads it. */
export interface FundOrder {
  readonly reference: string;
  /** Decimal text of minor units. */
  readonly amount: string;
  readonly currency: string;
  readonly state: 'expected' | 'received' | 'minted' | 'held';
  /** The custodian's account. */
  readonly payee: { readonly zh: string; readonly en: string };
  readonly payBy: string | null;
  /** What is still to be paid. */
  readonly missing: string;
}

/** Money for studies, at the custodian. Amounts are minor units; what is given a transaction happens inside it. */
export interface FundPort {
  /** Throws RAIL_MISSING. @param until after this nothing is taken, milliseconds since the epoch */
  order(study: string, amount: bigint, currency: string, until: number): Promise<FundOrder>;
  newest(study: string): Promise<FundOrder | null>;
  balance(tx: unknown, study: string): Promise<Fund>;
  /** Asks for one payment, once under its key. @returns false if the money is not there: nothing happened then */
  pay(
    tx: unknown,
    payment: { readonly study: string; readonly key: string; readonly to: string; readonly amount: bigint },
  ): Promise<boolean>;
  /** To whoever paid it in. @returns how much goes */
  giveBack(tx: unknown, study: string, amount: bigint): Promise<bigint>;
  /** What became of payments, by key; `at` of the last change, milliseconds since the epoch. */
  states(
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, { readonly booked: boolean; readonly at: number }>>;
}

/** Keeps the gatekeeper's halves at work: gives the part for one file, and nothing from which another follows. */
export interface GatekeeperPort {
  part(share: Uint8Array, object: string, version: number): Promise<Uint8Array>;
}

/** Whoever runs programs. It has the key of a job in its memory, nobody else has it, and it is gone with the job. */
export interface WorkerPort {
  /** A key for one job and everything that is to be agreed to. Throws COMPUTE_PROGRAM_UNKNOWN, COMPUTE_BUSY. */
  offer(program: string, job: string): Promise<ComputeOffer>;
  /** What it would run under this job now; null if its key is gone. */
  current(job: string): ComputeOffer | null;
  /** Runs once; the key is destroyed, whatever comes of it. Throws COMPUTE_KEY_GONE and what `runJob` throws. */
  run(job: string, input: JobInput): Promise<JobResult>;
  /** Destroys the key of a job that will not run. */
  forget(job: string): void;
}

/** Tells whoever listens, in this process or another, that something changed. A hint, never the truth. */
export interface SignalPort {
  send(tx: unknown, topic: string): Promise<void>;
  listen(heard: (topic: string) => void): Promise<() => void>;
}
